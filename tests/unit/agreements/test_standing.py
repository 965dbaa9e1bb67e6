"""Where a clause stands: judged from readings and duties, never guessed."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from agreements.standing import Bounds, bounds_of, held_against, standing_of

TODAY = date(2026, 6, 10)
LIMIT = {"kind": "variable", "lower": "200", "upper": "", "unit": "cN"}


@dataclass
class Row:
    due_on: date
    met_on: date | None = None
    grace_days: int = 0
    paused_on: date | None = None
    waived_at: Any = None
    void_at: Any = None
    pk: UUID = field(default_factory=uuid4)


@dataclass
class Reading:
    value: str
    n: int = 12
    as_of: date = TODAY
    window: Any = field(default_factory=lambda: {"from": "2026-05-01", "to": "2026-05-31"})
    refs: Any = ()


def on(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("value", "bounds", "state"),
    [
        ("210", Bounds("200"), "at_risk"),  # within a tenth of the limit
        ("260", Bounds("200"), "met"),
        ("199.9", Bounds("200"), "breached"),
        ("6.6", Bounds("4.0", "8.5"), "met"),
        ("8.3", Bounds("4.0", "8.5"), "at_risk"),
        ("8.9", Bounds("4.0", "8.5"), "breached"),
        ("-3.5", Bounds("-3", "1.5"), "breached"),
        ("\u22122", Bounds("-3", "1.5"), "met"),
        ("<20", Bounds(upper="75"), "met"),
        ("<20", Bounds(upper="10"), "not_enough_data"),
        ("<20", Bounds(lower="25"), "breached"),
        (">300", Bounds(lower="200"), "met"),
        ("3-4", Bounds("3", kind="ordinal"), "met"),
        ("2-3", Bounds("3", kind="ordinal"), "breached"),
        ("3.5", Bounds("3", kind="ordinal"), "not_enough_data"),  # a grade is no decimal
        ("pass", Bounds(kind="binary"), "met"),
        ("fail", Bounds(kind="binary"), "breached"),
        ("未检出", Bounds(upper="20"), "not_enough_data"),
    ],
)
def test_a_value_is_held_against_the_limit_as_its_kind_asks(value, bounds, state):
    assert held_against(value, bounds) == state


def test_words_are_not_computed_and_what_the_system_keeps_neither():
    assert standing_of("free_text", {}, [], [], TODAY).state == "not_computed"
    assert standing_of("data_sharing", {"what": ["firm"]}, [Reading("1")], [], TODAY).why == "kept_by_product"


def test_a_limit_without_lots_says_not_enough_data():
    standing = standing_of("characteristic_limit", LIMIT, [], [], TODAY)

    assert (standing.state, standing.why, standing.n) == ("not_enough_data", "nothing_reported", 0)


def test_the_latest_reading_stands_with_its_window_and_rows():
    early, late = Reading("150", as_of=on(-40)), Reading("260", as_of=on(-2), refs=[{"kind": "lot", "id": "1"}])

    standing = standing_of("characteristic_limit", LIMIT, [late, early], [], TODAY)

    assert (standing.state, standing.value, standing.n) == ("met", "260", 12)
    assert standing.window == (date(2026, 5, 1), date(2026, 5, 31))
    assert standing.refs == ({"kind": "lot", "id": "1"},)


def test_too_few_lots_give_no_verdict_but_a_breach_is_one():
    params = {**LIMIT, "window_lots": 20, "cv_max": "5"}

    assert standing_of("characteristic_limit", params, [Reading("260")], [], TODAY).why == "too_few_lots"
    assert standing_of("characteristic_limit", params, [Reading("150")], [], TODAY).state == "breached"


def test_variation_is_judged_beside_the_value():
    params = {**LIMIT, "window_lots": 10, "cv_max": "5", "ppk_min": "1.33"}
    reading = Reading("260", window={"from": "2026-05-01", "to": "2026-05-31", "measures": {"cv": "6.1", "ppk": "1.6"}})

    standing = standing_of("characteristic_limit", params, [reading], [], TODAY)

    assert (standing.state, standing.facts["what"], standing.facts["value"]) == ("breached", "cv", "6.1")


def test_an_old_reading_no_longer_says_how_things_are():
    assert standing_of("characteristic_limit", LIMIT, [Reading("260", as_of=date(2025, 6, 10))], [], TODAY).why == "reading_is_old"


@pytest.mark.parametrize(
    ("rows", "state", "why", "value"),
    [
        ([Row(on(90))], "not_enough_data", "first_duty_ahead", ""),
        ([Row(on(-30), on(-31)), Row(on(60))], "met", "duties_kept", "1/1"),
        ([Row(on(-30), on(-31)), Row(on(3))], "at_risk", "duty_near", "1/1"),
        ([Row(on(-30), on(-29)), Row(on(-60), on(-60))], "at_risk", "duty_was_late", "1/2"),
        ([Row(on(-30), on(-31)), Row(on(-1))], "breached", "duty_overdue", "1/2"),
        ([Row(on(-1), grace_days=3)], "at_risk", "first_duty_near", ""),
        ([Row(on(-1), paused_on=on(-5))], "not_enough_data", "first_duty_ahead", ""),
        ([Row(on(-1), waived_at=TODAY)], "not_enough_data", "nothing_due_yet", ""),
        ([Row(on(-700), on(-690))], "not_enough_data", "nothing_due_yet", ""),  # beyond twelve months
        ([Row(on(-700))], "breached", "duty_overdue", "0/1"),  # what is still owed is never too old
    ],
)
def test_duties_say_where_their_clause_stands(rows, state, why, value):
    standing = standing_of("document_required", {}, [], rows, TODAY)

    assert (standing.state, standing.why, standing.value) == (state, why, value)


def test_a_clause_is_no_better_than_its_worst_part():
    params = {"delta_e_max": "1.0"}

    assert standing_of("sealed_sample", params, [Reading("0.4")], [Row(on(-1))], TODAY).state == "breached"
    assert standing_of("sealed_sample", params, [Reading("1.4")], [Row(on(90))], TODAY).state == "breached"
    assert standing_of("sealed_sample", params, [Reading("0.4")], [Row(on(90))], TODAY).state == "met"


def test_lots_not_accepted_break_a_sampling_plan():
    assert bounds_of("sampling_plan", {}).upper == "0"
    assert standing_of("sampling_plan", {}, [Reading("0")], [], TODAY).state == "met"
    assert standing_of("sampling_plan", {}, [Reading("1")], [], TODAY).state == "breached"
