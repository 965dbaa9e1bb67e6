"""What a side says of an entry stands beside it, for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from notices.models import Notification, Todo
from records.models import Ack, RecordEntry
from records.services.acks import agree_with, dispute
from tests.cast import BY_NAME, actor
from tests.db.records.conftest import NOW

REASON = "The second lot was never sent."
LATER = NOW + timedelta(hours=1)


def words() -> list[tuple[str, str, str]]:
    with acting_as(Hat.CLOCK):
        return list(Ack.objects.order_by("at", "id").values_list("side", "word", "reason"))


def open_todos() -> list[tuple[object, str]]:
    with acting_as(Hat.CLOCK):
        return list(Todo.objects.filter(kind="entry_disputed", done_at=None).values_list("org_id", "hat"))


def test_dispute_is_put_on_the_other_sides_list_and_settled_by_agreeing(write: Callable[..., RecordEntry]) -> None:
    entry = write("chen")

    with as_actor(actor("lin")):
        dispute(actor=actor("lin"), entry=entry, reason=f"  {REASON} ", now=NOW)
    assert words() == [("supplier", "disputed", REASON)]
    assert open_todos() == [(BY_NAME["chen"].org_id, "owner")]
    with acting_as(Hat.CLOCK):
        told = Notification.objects.filter(kind="entry_disputed").values_list("org_id", "subject_id", "facts")
        assert list(told) == [
            (BY_NAME["chen"].org_id, entry.pk,
             {"other_zh": BY_NAME["lin"].org_zh, "other_en": BY_NAME["lin"].org_en, "entry_kind": "agreement_sent"})
        ]  # fmt: skip

    with as_actor(actor("lin")):
        agree_with(actor=actor("lin"), entry=entry, now=LATER)
    assert words() == [("supplier", "disputed", REASON), ("supplier", "settled", "")]
    assert open_todos() == []


def test_word_said_twice_is_kept_and_told_once(write: Callable[..., RecordEntry]) -> None:
    entry = write("chen")

    with as_actor(actor("lin")):
        for now in (NOW, LATER):
            dispute(actor=actor("lin"), entry=entry, reason=REASON, now=now)

    assert words() == [("supplier", "disputed", REASON)]
    with acting_as(Hat.CLOCK):
        assert Notification.objects.filter(kind="entry_disputed").count() == 1


def test_dispute_without_a_reason_is_refused_and_nothing_is_kept(write: Callable[..., RecordEntry]) -> None:
    entry = write("chen")

    with as_actor(actor("lin")), pytest.raises(RuleBroken) as broken:
        dispute(actor=actor("lin"), entry=entry, reason="  no ", now=NOW)

    assert (broken.value.code, broken.value.field) == ("dispute_needs_a_reason", "reason")
    assert (words(), open_todos()) == ([], [])


def test_third_firm_has_no_word(write: Callable[..., RecordEntry]) -> None:
    entry = write("chen")

    for who in ("wu", "fang"):
        with as_actor(actor(who)), pytest.raises(NotYours):
            agree_with(actor=actor(who), entry=entry, now=NOW)

    assert words() == []
