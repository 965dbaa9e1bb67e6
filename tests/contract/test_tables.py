"""Every table stands in the register, and the catalogue says the same as the register."""

import tomllib
from pathlib import Path

import pytest

from tests.contract.catalogue import catalogue, in_words

REGISTER = Path(__file__).resolve().parents[2] / "foundation" / "tables.toml"
KINDS = {"scoped", "reference", "plumbing"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def register() -> dict[str, dict[str, str]]:
    return tomllib.loads(REGISTER.read_text(encoding="utf-8"))


def test_register_and_database_name_the_same_tables(register):
    assert sorted(register) == sorted(catalogue())


def test_every_table_has_one_of_three_kinds_and_plumbing_says_why(register):
    assert {entry["kind"] for entry in register.values()} <= KINDS
    assert [name for name, entry in register.items() if entry["kind"] == "plumbing" and not entry.get("why")] == []
    assert [name for name, entry in register.items() if entry["kind"] == "reference" and not entry.get("written_by")] == []


def test_rights_of_every_hat_are_those_of_the_register(register):
    held = {name: in_words(entry) for name, entry in catalogue().items()}
    told = {name: {k: v for k, v in entry.items() if k not in ("kind", "why", "written_by")} for name, entry in register.items()}

    assert {n: v for n, v in held.items() if v != told[n]} == {}


def test_scoped_tables_are_enabled_forced_and_pass_the_migrator(register):
    state = catalogue()
    scoped = [name for name, entry in register.items() if entry["kind"] == "scoped"]

    assert len(scoped) > 25
    assert [n for n in scoped if not (state[n]["row_security"] and state[n]["forced"] and state[n]["migrator"])] == []


def test_every_grant_on_a_scoped_table_has_its_policy(register):
    state = catalogue()

    for name, entry in register.items():
        if entry["kind"] == "scoped":
            granted = {(hat, verb) for hat, verbs in state[name].get("grants", {}).items() for verb in verbs}
            covered = {(hat, verb) for hat, rules in state[name]["rules"].items() for verb in rules}
            assert granted == covered, name


def test_reference_tables_are_read_by_all_and_written_by_none(register):
    state = catalogue()

    for name, entry in register.items():
        if entry["kind"] == "reference":
            assert {v for verbs in state[name]["grants"].values() for v in verbs} == {"select"}, name


def test_the_login_role_has_no_right_of_its_own():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_class c, aclexplode(c.relacl) where grantee in ('qcc_login'::regrole, 0) and relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        assert cursor.fetchone()[0] == 0
        cursor.execute("select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = session_user")
        assert cursor.fetchone() == (False, False, False)


def test_models_name_the_same_viewers_as_the_policies():
    from django.apps import apps

    from foundation.scope import EVERY

    state, checked = catalogue(), 0
    for model in apps.get_models():
        if not hasattr(model, "seen_by"):
            continue
        rules = state[model._meta.db_table]["rules"]
        for hat, field in model.seen_by.items():
            column = field if field == EVERY else model._meta.get_field(model._meta.pk.name if field == "pk" else field).column
            if "select" in rules.get(hat.value, {}):
                assert rules[hat.value]["select"] == column, (model.__name__, hat)
                checked += 1
            else:
                raise AssertionError(f"{model.__name__}: {hat} is named in seen_by but has no select policy")
    assert checked > 60


def test_no_definer_is_open_to_everybody_and_each_has_its_search_path():
    """A function is everybody's until somebody says otherwise; a trigger's cannot be called."""
    from django.db import connection

    ours = "from pg_proc p where pronamespace = 'public'::regnamespace and prosecdef"
    with connection.cursor() as cursor:
        cursor.execute(f"select proname {ours} and prorettype <> 'trigger'::regtype and has_function_privilege('public', p.oid, 'execute')")
        assert cursor.fetchall() == []
        cursor.execute(f"select proname {ours} and not coalesce('search_path=public, pg_temp' = any(proconfig), false)")
        assert cursor.fetchall() == []
        cursor.execute(f"select count(*) {ours}")
        assert cursor.fetchone()[0] > 20
