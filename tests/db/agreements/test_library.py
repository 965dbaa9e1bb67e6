"""The library's limits: proposed by one person, released by another, never changed, and loaded once."""

import os
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import Error, transaction
from django.utils import timezone

from agreements.limits import LimitSaid
from agreements.models import Characteristic, SpecLimit
from agreements.selectors.library import (
    affected_by,
    characteristics,
    is_superseded,
    limit_for,
    limit_one,
    limit_revisions,
    limits_of,
    own_agreements_quoting,
    templates_quoting,
)
from agreements.services.library import propose_limit, propose_limits, release_limit, withdraw_limit
from agreements.services.library_files import load_files
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from tests.cast import actor
from tests.world import agree

pytestmark = pytest.mark.django_db
NOW = timezone.now()
PAN = actor("pan")
OTHER = replace(PAN, person_id=uuid4(), person_name="何台")
TIGHTER = LimitSaid(
    "PH",
    "GB/T 7573-2009",
    safety_class="B",
    lower="4.0",
    upper="8.0",
    source_zh="GB 18401-2010，B 类",
    source_en="GB 18401-2010, class B",
    verified=True,
)
WHY = "标准更新"


def by(who, verb, **said):
    with as_actor(who):
        return verb(actor=who, now=said.pop("now", NOW), **said)


def proposed(said=TIGHTER, who=PAN):
    return by(who, propose_limit, said=said, why=WHY)


def rows(**asked):
    with acting_as(Hat.CLOCK):
        return list(SpecLimit.objects.filter(**asked).order_by("revision").values_list("revision", "state", "upper"))


def test_loaded_limits_stand_and_are_found_by_exactly_what_they_are_for():
    with as_actor(actor("lin")):
        found = limit_for("PH", "GB/T 7573-2009", safety_class="B")
        assert (found.lower, found.upper, found.source_en, found.verified, found.state) == (
            "4.0",
            "8.5",
            "GB 18401-2010, class B",
            True,
            "released",
        )
        assert limit_for("PH", "GB/T 7573-2009") is None
        assert limit_for("BST", "GB/T 7742.1", product="cashmere-knit-worsted").lower == "225"
        assert [row.code for row in characteristics(kind="binary")] == ["ODO"]
        assert [row.code for row in characteristics(node="fibre", q="fib")] == ["FIB-DIA", "FIB-CON"]
        assert is_superseded("GB/T 7573-2009", NOW.date()) is False


def test_a_second_person_releases_and_the_former_revision_is_superseded():
    draft = proposed()
    assert (draft.revision, draft.state, draft.supersedes.upper, rows(characteristic="PH", safety_class="B")) == (
        2, "draft", "8.5", [(1, "released", "8.5"), (2, "draft", "8.0")],
    )  # fmt: skip

    one = by(OTHER, release_limit, limit_id=draft.pk)

    assert (one.proposed_by, one.released_by) == ("潘台", "何台")
    assert rows(characteristic="PH", safety_class="B") == [(1, "superseded", "8.5"), (2, "released", "8.0")]
    assert by(OTHER, release_limit, limit_id=draft.pk).released_at == NOW
    with as_actor(actor("chen")):
        assert limit_for("PH", "GB/T 7573-2009", safety_class="B").upper == "8.0"


def test_who_proposed_a_limit_cannot_release_it():
    draft = proposed()

    with pytest.raises(RuleBroken, match="limit_needs_a_second_person"):
        by(PAN, release_limit, limit_id=draft.pk)

    assert rows(characteristic="PH", safety_class="B") == [(1, "released", "8.5"), (2, "draft", "8.0")]


@pytest.mark.parametrize("signs_as", [PAN.person_id, OTHER.person_id])
def test_the_database_itself_refuses_one_person_for_both(signs_as):
    draft = proposed()

    with pytest.raises(Error, match="second person"), as_actor(PAN), transaction.atomic():
        SpecLimit.objects.filter(pk=draft.pk).update(state="released", released_at=NOW, released_by_id=signs_as, released_by="x")

    assert rows(pk=draft.pk) == [(2, "draft", "8.0")]


def test_a_draft_in_another_name_is_refused_by_the_database():
    with pytest.raises(Error, match="by the person who proposes it"), as_actor(PAN), transaction.atomic():
        SpecLimit.objects.create(
            characteristic_id="PH", edition_id="GB/T 7573-2009", upper="8", source_zh="一", source_en="a", verified=True, proposed_at=NOW,
            proposed_by_id=OTHER.person_id,
        )  # fmt: skip

    assert len(rows(characteristic="PH")) == 4


def test_a_released_limit_is_not_changed_by_anybody():
    one = proposed()
    by(OTHER, release_limit, limit_id=one.pk)

    for change in ({"upper": "9.9"}, {"verified": False}, {"source_en": "mine"}, {"revision": 7}):
        with pytest.raises(Error), as_actor(PAN), transaction.atomic():
            SpecLimit.objects.filter(pk=one.pk).update(**change)
    with pytest.raises(Error, match="draft to released"), as_actor(PAN), transaction.atomic():
        SpecLimit.objects.filter(pk=one.pk).update(state="draft")
    with pytest.raises(Error), as_actor(PAN), transaction.atomic():
        SpecLimit.objects.filter(pk=one.pk).delete()
    assert rows(pk=one.pk) == [(2, "released", "8.0")]


def test_not_even_the_owner_of_the_database_changes_a_limit_or_what_a_characteristic_means():
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        for statement, words in (
            ("update agreements_speclimit set upper = '9' where characteristic_id = 'PH'", "not changed"),
            ("delete from agreements_speclimit", "append"),
            ("truncate agreements_speclimit", "append"),
            ("update agreements_characteristic set unit = 'ppm' where code = 'FOR'", "new meaning is a new code"),
        ):
            with pytest.raises(psycopg.Error, match=words):
                owner.execute(statement)

    with acting_as(Hat.CLOCK):
        assert Characteristic.objects.get(pk="FOR").unit == "mg/kg"


@pytest.mark.parametrize("who", ["chen", "lin", "zhou", "mei"])
def test_no_other_hat_proposes_releases_withdraws_or_sees_a_draft(who):
    draft = proposed()
    stranger = actor(who)

    for verb, said in (
        (propose_limit, {"said": TIGHTER, "why": WHY}),
        (release_limit, {"limit_id": draft.pk}),
        (withdraw_limit, {"limit_id": draft.pk, "why": WHY}),
    ):
        with pytest.raises(NotYours):
            by(stranger, verb, **said)
    with as_actor(stranger):
        assert {row.state for row in limit_revisions(stranger, limit=100)} == {"released"}
        with pytest.raises(Absent):
            limit_one(stranger, draft.pk)
        with pytest.raises(NotYours):
            affected_by(stranger, draft)
    with pytest.raises(Error), as_actor(stranger), transaction.atomic():
        SpecLimit.objects.create(
            characteristic_id="PH", edition_id="GB/T 7573-2009", upper="8", source_zh="一", source_en="a", verified=True, proposed_at=NOW
        )
    assert rows(pk=draft.pk) == [(2, "draft", "8.0")]


def test_a_withdrawn_draft_stays_the_platforms_own():
    draft = proposed()
    by(PAN, withdraw_limit, limit_id=draft.pk, why="看错了")

    with as_actor(actor("lin")), pytest.raises(Absent):
        limit_one(actor("lin"), draft.pk)
    assert by(PAN, withdraw_limit, limit_id=draft.pk, why="再一次").ended_why == "看错了"
    with pytest.raises(RuleBroken, match="limit_is_over"):
        by(OTHER, release_limit, limit_id=draft.pk)


def test_a_released_limit_is_withdrawn_by_another_than_its_proposer_and_with_a_reason():
    one = proposed()
    by(OTHER, release_limit, limit_id=one.pk)

    with pytest.raises(RuleBroken, match="limit_needs_a_second_person"):
        by(PAN, withdraw_limit, limit_id=one.pk, why=WHY)
    with pytest.raises(RuleBroken, match="limit_why_missing"):
        by(OTHER, withdraw_limit, limit_id=one.pk, why=" ")
    assert rows(pk=one.pk) == [(2, "released", "8.0")]

    by(OTHER, withdraw_limit, limit_id=one.pk, why="来源撤回")
    with as_actor(PAN):
        assert limit_for("PH", "GB/T 7573-2009", safety_class="B") is None


def test_proposing_twice_is_one_draft_and_a_second_proposal_waits_its_turn():
    draft = proposed()

    assert proposed().pk == draft.pk
    with pytest.raises(RuleBroken, match="limit_waits_already"):
        proposed(replace(TIGHTER, upper="8.1"), who=OTHER)
    assert rows(characteristic="PH", safety_class="B", state="draft") == [(2, "draft", "8.0")]


@pytest.mark.parametrize(
    ("said", "why", "code"),
    [
        (replace(TIGHTER, upper="3"), WHY, "limit_bounds_cross"),
        (replace(TIGHTER, source_zh=""), WHY, "limit_source_missing"),
        (replace(TIGHTER, edition="GB/T 3920"), WHY, "limit_edition_measures_other"),
        (TIGHTER, " ", "limit_why_missing"),
        (replace(TIGHTER, upper="8.5", read_in="tamuclc.com; m.baijiantest.com"), WHY, "limit_changes_nothing"),
    ],
)
def test_a_limit_that_breaks_a_rule_is_not_proposed(said, why, code):
    with pytest.raises(RuleBroken, match=code):
        by(PAN, propose_limit, said=said, why=why)

    assert rows(state="draft") == []


def test_a_draft_whose_base_has_moved_is_not_released():
    draft = proposed()
    with as_actor(PAN):
        stands = limit_for("PH", "GB/T 7573-2009", safety_class="B")
    by(OTHER, withdraw_limit, limit_id=stands.pk, why="来源撤回")

    with pytest.raises(RuleBroken, match="limit_base_moved"):
        by(OTHER, release_limit, limit_id=draft.pk)
    assert rows(pk=draft.pk) == [(2, "draft", "8.0")]


def test_many_are_proposed_all_or_none():
    loose = replace(TIGHTER, safety_class="C", upper="8.9")

    with pytest.raises(RuleBroken, match="limit_bounds_cross"):
        by(PAN, propose_limits, rows=[TIGHTER, replace(loose, upper="1")], why=WHY)
    assert rows(state="draft") == []
    assert len(by(PAN, propose_limits, rows=[TIGHTER, loose], why=WHY)) == 2


def test_who_is_affected_is_a_number_from_five_on_and_own_agreements_by_name():
    agreement = agree("chen", "lin", now=NOW, template="garment-1")
    with as_actor(PAN):
        stands = limit_for("PH", "GB/T 7573-2009", safety_class="B")
    draft = proposed()

    with as_actor(PAN):
        assert affected_by(PAN, draft).agreements is None
        assert {"dyeing-1", "garment-1", "cashmere-yarn-1"} <= {row.code for row in templates_quoting(draft)}
        assert affected_by(PAN, limit_one(PAN, draft.pk)).templates == templates_quoting(stands)
    for who in ("chen", "lin"):
        with as_actor(actor(who)):
            assert own_agreements_quoting(actor(who), limits_of("PH")) == [agreement]
            assert own_agreements_quoting(actor(who), limits_of("FOR")) == []
    with as_actor(actor("wu")):
        assert own_agreements_quoting(actor("wu"), limits_of("PH")) == []


def test_five_agreements_are_counted(monkeypatch):
    monkeypatch.setattr("agreements.selectors.library.FEWEST", 2)
    agree("chen", "lin", now=NOW, template="garment-1")
    agree("fang", "wu", now=NOW, template="garment-1")
    with as_actor(PAN):
        assert affected_by(PAN, limit_for("PH", "GB/T 7573-2009", safety_class="B")).agreements == 2
        assert affected_by(PAN, limit_for("FOR", "GB/T 2912.1-2009", safety_class="B")).agreements is None


def test_who_does_not_own_the_database_may_not_load_files():
    with pytest.raises(Error), as_actor(PAN), transaction.atomic():
        load_files(now=NOW + timedelta(days=1))

    with acting_as(Hat.CLOCK):
        assert set(SpecLimit.objects.values_list("origin", "state", "revision")) == {("library", "released", 1)}
