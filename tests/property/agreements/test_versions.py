"""Texts one after the other: every day has one text, and what comes round goes on coming round as if nothing had been amended."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from agreements.lineage import Lines, continued
from agreements.schedule import Span, add_months, dated_duties
from agreements.services.amending import next_period
from agreements.services.ending_soon import AHEAD_DAYS, step_of

STARTS = date(2026, 3, 2)
DAYS = st.dates(date(2026, 3, 3), date(2028, 12, 31))


class EveryDay:
    """A calendar without a day off: holidays are tried elsewhere."""

    def is_working(self, day: date) -> bool:
        return True

    def next_working(self, day: date) -> date:
        return day

    def add_working_days(self, day: date, n: int) -> date:
        return day + timedelta(days=n)


@dataclass
class Stood:
    """A clause as the pure rules read it."""

    type: str
    params: dict
    pk: UUID = field(default_factory=uuid4)


CLAUSES = st.lists(
    st.one_of(
        st.builds(lambda m, w: Stood("document_required", {"document": "certificate", "name_zh": "证", "every_months": m, "within_days": w}),
                  st.integers(1, 12), st.integers(1, 60)),
        st.builds(lambda m, o: Stood("owner_duty", {"duty": "share_results", "every_months": m, "due_day_offset": o}),
                  st.integers(1, 12), st.integers(0, 28)),
        st.builds(lambda v: Stood("characteristic_limit", {"upper": v}), st.sampled_from(["8.5", "9.0"])),
    ),
    min_size=1, max_size=4,
)  # fmt: skip


def copies(clauses):
    return [Stood(clause.type, dict(clause.params)) for clause in clauses]


def asked(versions, ends):
    """(key of the line, day) of all that the texts ask for, each in its own days."""
    lines, found, names = Lines(versions), [], {}
    for number, (starts_on, clauses) in enumerate(versions):
        until = versions[number + 1][0] if number + 1 < len(versions) else ends
        for clause in clauses:
            names[clause.pk] = names[lines.before[clause.pk][0]] if lines.before[clause.pk] else clause.pk
            span = Span(lines.began_on[clause.pk], until, ends)
            found += [
                (names[clause.pk], duty.key, duty.due_on)
                for duty in dated_duties(clause.type, clause.params, span=span, days=EveryDay())
                if duty.due_on >= starts_on
            ]
    return found


@given(CLAUSES, st.sets(DAYS, max_size=5))
def test_amendments_that_keep_a_rhythm_neither_lose_nor_double_a_duty(clauses, days):
    ends = date(2029, 1, 1)
    whole = asked([(STARTS, clauses)], ends)
    versions = [(STARTS, clauses), *[(day, copies(clauses)) for day in sorted(days)]]

    assert sorted(asked(versions, ends), key=str) == sorted(whole, key=str)


@given(CLAUSES, CLAUSES)
def test_a_clause_goes_on_with_at_most_one_and_is_gone_on_with_at_most_once(former, later):
    found = continued(former, later)

    assert set(found) <= {clause.pk for clause in later}
    assert len({old.pk for old in found.values()}) == len(found)
    assert all(old.type == next(c for c in later if c.pk == pk).type for pk, old in found.items())


@given(DAYS, st.integers(1, 400))
def test_the_next_period_begins_where_this_one_ends_and_is_as_long(starts, length):
    begins, ends = next_period(starts, starts + timedelta(days=length))

    assert begins == starts + timedelta(days=length)
    assert ends > begins
    assert abs((ends - begins).days - length) <= 3 * (1 + length // 28)


@given(DAYS, st.integers(1, 36))
def test_whole_months_are_renewed_by_whole_months(starts, months):
    starts = starts.replace(day=min(starts.day, 28))

    assert next_period(starts, add_months(starts, months)) == (add_months(starts, months), add_months(starts, 2 * months))


@given(DAYS, st.integers(0, 100))
def test_an_end_is_told_at_the_nearest_step_that_was_reached(ends, left):
    today = ends - timedelta(days=left + 1)
    step = step_of(ends, today)

    assert step == next((days for days in sorted(AHEAD_DAYS) if left <= days), None)
