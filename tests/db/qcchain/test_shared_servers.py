"""Several test runs at once, over one cluster and one Valkey, and perhaps over several states of the tree."""

import redis
from django.core.cache import cache

from tests import harness
from tests.own import OwnNumbers


def test_two_test_processes_have_no_database_of_valkey_in_common(servers):
    mine, other = servers.own, OwnNumbers(servers.valkey)
    try:
        cache.set("wrong-tries", 6)
        with redis.Redis.from_url(other.cache) as client:
            client.flushdb()

        assert len({mine.cache, mine.programs, other.cache, other.programs, servers.valkey.url()}) == 5
        assert cache.get("wrong-tries") == 6
    finally:
        other.drop()


def test_a_number_begins_empty_whatever_a_killed_run_left_there(servers):
    killed = OwnNumbers(servers.valkey)
    with redis.Redis.from_url(killed.programs) as queue, redis.Redis.from_url(killed.cache) as counts:
        queue.set("celery", "a message")
        counts.set("wrong-tries", 6)
        killed.drop()
        heir = OwnNumbers(servers.valkey)
        heir.drop()

        assert (heir.programs, heir.cache) == (killed.programs, killed.cache)
        assert (queue.dbsize(), counts.dbsize()) == (0, 0)


def test_a_template_that_another_run_clones_from_stays_until_that_run_ends(servers):
    old = "qcc_tpl_of_another_tree"
    users = harness._users_of(servers, old)
    with harness._alone(servers), servers.superuser() as connection:
        connection.execute(f"create database {old}")
        users.take(shared=True)
        harness._drop_unless_used(servers, connection, old)
        stood = harness.template_stands(connection, old)
        users.drop()
        harness._drop_unless_used(servers, connection, old)

        assert (stood, harness.template_stands(connection, old)) == (True, False)
