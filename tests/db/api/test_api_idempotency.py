"""A write with an Idempotency-Key is done once, whoever sends it how often."""

from threading import Barrier, Thread

import pytest
from django.db import connections

from foundation.actor import as_actor
from jobs.models import IdempotencyKey
from suppliers.models import SupplierImport, SupplyLink
from tests.cast import PASSWORD, actor
from tests.clients import with_token
from tests.db.api.conftest import Caller

FIRM = {"name_zh": "宁波青纬织造有限公司（示例）", "uscc": "0DEM0X1000000000AG"}
LIST = {"list": "企业名称,统一社会信用代码\n宁波青纬织造有限公司（示例）,0DEM0X1000000000AG\n"}


def lists_of(who):
    with as_actor(actor(who)):
        return SupplierImport.objects.visible_to(actor(who)).count()


def test_the_same_key_with_the_same_body_gets_the_same_answer_and_is_done_once(world):
    before = lists_of("chen")
    first = world("chen", "POST", "suppliers/imports/", LIST, idempotency_key="k1")
    second = world("chen", "POST", "suppliers/imports/", LIST, idempotency_key="k1")

    assert (first.status, second.status) == (201, 201)
    assert second.raw == first.raw
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert lists_of("chen") == before + 1


def test_the_same_key_with_another_body_is_refused_and_nothing_changes(world):
    world("chen", "POST", "suppliers/imports/", LIST, idempotency_key="k1")
    before = lists_of("chen")
    bodies = [world("chen", "POST", "suppliers/imports/", {"list": "x,y"}, idempotency_key="k1"), world("chen", "POST", "suppliers/", LIST, idempotency_key="k1")]

    assert [(answer.status, answer.body["code"]) for answer in bodies] == [(422, "idempotency_key_reused")] * 2
    assert lists_of("chen") == before


def test_a_key_belongs_to_one_firm_and_one_hat(world):
    world("chen", "POST", "suppliers/imports/", LIST, idempotency_key="k1")
    other = world("fang", "POST", "suppliers/imports/", LIST, idempotency_key="k1")

    assert (other.status, "Idempotency-Replayed" in other.headers) == (201, False)


def test_a_refused_write_may_be_tried_again_under_its_key(world):
    refused = world("chen", "POST", "suppliers/", {**FIRM, "uscc": "0DEM0X1000000000AH"}, idempotency_key="k2")
    mended = world("chen", "POST", "suppliers/", FIRM, idempotency_key="k2")

    assert (refused.status, mended.status) == (422, 201)


def test_a_form_with_a_file_counts_as_the_same_when_its_parts_are(world, tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(LIST["list"], encoding="utf-8")
    answers = []
    for _ in range(2):
        with path.open("rb") as file:
            answers.append(world.callers["chen"].form("suppliers/imports/", {"file": file}, idempotency_key="k3"))
    path.write_text(LIST["list"] + "\n", encoding="utf-8")
    with path.open("rb") as file:
        other = world.callers["chen"].form("suppliers/imports/", {"file": file}, idempotency_key="k3")

    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].body == answers[1].body
    assert other.body["code"] == "idempotency_key_reused"


@pytest.mark.parametrize("key", ["", "x" * 256, "é"])
def test_a_key_that_is_none_is_refused(world, key):
    answer = world("chen", "POST", "suppliers/", FIRM, idempotency_key=key)

    assert (answer.status, answer.body["code"]) == (422, "idempotency_key_invalid")


def test_neither_password_nor_way_in_is_kept_with_an_answer(world):
    made = world("chen", "POST", "suppliers/", FIRM, idempotency_key="k4").body
    world("chen", "POST", f"suppliers/{made['id']}/invitation/", idempotency_key="k5")
    signing = {"sha256": "0" * 64, "password": PASSWORD}
    world("chen", "POST", f"agreements/{world.lin.ids['agreement_id']}/sign/", signing, idempotency_key="k6")

    with as_actor(actor("chen")):
        kept = [str(row) for row in IdempotencyKey.objects.visible_to(actor("chen")).values()]
    assert len(kept) == 2
    assert not any("join/" in row or PASSWORD in row for row in kept)


@pytest.mark.usefixtures("fresh_database")
def test_two_at_once_are_done_once_and_both_get_the_answer(django_db_blocker):
    with django_db_blocker.unblock():
        caller, start, answers = Caller(with_token("chen")), Barrier(4), []

        def send():
            start.wait()
            answers.append(caller("POST", "suppliers/", FIRM, idempotency_key="at-once"))
            connections.close_all()

        threads = [Thread(target=send) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with as_actor(actor("chen")):
            listed = SupplyLink.objects.visible_to(actor("chen")).filter(uscc=FIRM["uscc"]).count()

    assert [answer.status for answer in answers] == [201] * 4
    assert len({answer.raw for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 3
    assert listed == 1
