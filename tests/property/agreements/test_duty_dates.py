"""Promises of the date logic, for any day, clause, calendar and pause."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from agreements.compliance import PERIODS, counted, period_of, periods_to_look_at, state_of
from agreements.schedule import Pause, Span, add_months, after_pause, dated_duties, working_days_between
from parties.working_days import WorkingCalendar

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
CLAUSES = st.one_of(
    st.builds(
        lambda every, within, grace: ("document_required", {"document": "permit", "every_months": every, "within_days": within, "grace_days": grace}),
        st.one_of(st.none(), st.integers(1, 36)), st.integers(1, 365), st.integers(0, 30),
    ),
    st.builds(
        lambda every, offset: ("owner_duty", {"duty": "share_results", "every_months": every, "due_day_offset": offset}),
        st.integers(1, 36), st.integers(0, 90),
    ),
    st.builds(lambda frequency: ("process_requirement", {"frequency": frequency}), st.sampled_from(["weekly", "monthly", "each_lot"])),
    st.builds(lambda months: ("sealed_sample", {"valid_months": months}), st.integers(1, 36)),
)  # fmt: skip
CALENDARS = st.builds(
    lambda holidays, workdays: WorkingCalendar(frozenset(holidays), frozenset(workdays - holidays), date(2032, 1, 1)),
    st.sets(DAYS, max_size=20), st.sets(DAYS, max_size=5),
)  # fmt: skip


@st.composite
def pauses(draw, *, start: date):
    found, day = [], start
    for _ in range(draw(st.integers(0, 3))):
        day += timedelta(days=draw(st.integers(1, 200)))
        resumed = day + timedelta(days=draw(st.integers(0, 150)))
        found.append(Pause(day, resumed))
        day = resumed
    return found


@given(CLAUSES, DAYS, st.integers(1, 800), st.integers(1, 800), CALENDARS, st.data())
def test_a_longer_look_never_changes_a_key_or_a_day(clause, start, short, more, days, data):
    stopped = data.draw(pauses(start=start))

    def look(length):
        return dated_duties(*clause, span=Span(start, None, start + timedelta(days=length)), days=days, pauses=stopped)

    near, far = look(short), look(short + more)

    assert far[: len(near)] == near
    assert len({(duty.side, duty.key) for duty in far}) == len(far)


@given(CLAUSES, DAYS, st.integers(1, 900), CALENDARS, st.data())
def test_the_same_clauses_and_pauses_give_the_same_duties_again(clause, start, length, days, data):
    """Made ahead and then moved by each pause as it ends, a duty stands where a replay of all of it puts it."""
    stopped = data.draw(pauses(start=start))
    span = Span(start, None, start + timedelta(days=length))
    stored = dated_duties(*clause, span=span, days=days)
    moved = []
    for duty in stored:
        due_on = duty.due_on
        for pause in stopped:
            due_on = after_pause(due_on, pause, days=days, grace_days=duty.grace_days)
        moved.append((duty.side, duty.key, due_on))

    assert moved == [(duty.side, duty.key, duty.due_on) for duty in dated_duties(*clause, span=span, days=days, pauses=stopped)]


@given(CLAUSES, DAYS, st.integers(1, 700), CALENDARS, st.data())
def test_duties_fall_on_worked_days_and_inside_the_days_of_their_version(clause, start, length, days, data):
    ends = start + timedelta(days=length)
    stopped = data.draw(pauses(start=start))

    for duty in dated_duties(*clause, span=Span(start, ends, date(2035, 1, 1)), days=days, pauses=stopped):
        assert start <= duty.due_on < ends
        assert days.is_working(duty.due_on)


@given(CLAUSES, DAYS, st.integers(1, 400), st.integers(1, 400), CALENDARS)
def test_two_versions_of_one_line_ask_for_every_duty_once(clause, start, first, second, days):
    """The same clause under two texts, one ending on the other's first day: no duty falls between them, none is asked twice."""
    change, until = start + timedelta(days=first), start + timedelta(days=first + second)
    whole = dated_duties(*clause, span=Span(start, None, until), days=days)
    before = dated_duties(*clause, span=Span(start, change, until), days=days)
    after = [duty for duty in whole if duty.due_on >= change]

    assert [*before, *after] == whole


@given(DAYS, st.integers(0, 60), st.integers(0, 100), st.integers(0, 200), CALENDARS)
def test_a_pause_keeps_the_working_days_that_were_left_and_makes_nothing_overdue(paused, grace, ahead, length, days):
    due_on = days.next_working(paused + timedelta(days=ahead))
    pause = Pause(paused, paused + timedelta(days=length))

    moved = after_pause(due_on, pause, days=days, grace_days=grace)

    assert moved >= max(due_on, pause.resumed_on) if length else moved == due_on
    assert state_of(moved, None, False, False, pause.resumed_on, grace_days=grace) != "overdue"
    left = working_days_between(paused, due_on, days=days)
    if length and left:
        assert working_days_between(pause.resumed_on, moved, days=days) == left


@given(DAYS, DAYS, st.integers(1, 30))
def test_what_was_overdue_before_a_pause_stays_where_it_was(due_on, resumed, late):
    paused = due_on + timedelta(days=late)

    assert (
        after_pause(due_on, Pause(paused, max(paused, resumed)), days=WorkingCalendar(frozenset(), frozenset(), date(2032, 1, 1))) == due_on
    )


@given(DAYS)
def test_periods_hold_their_day_and_follow_on_each_other(day):
    for kind in PERIODS:
        period = period_of(kind, day)
        assert period.holds(day)
        if kind != "12m":
            assert period_of(kind, period.ends_on).starts_on == period.ends_on
        assert period.ends_on == add_months(period.starts_on, {"month": 1, "quarter": 3, "12m": 12}[kind])
    assert period_of("month", day) in periods_to_look_at(day)


@given(
    st.lists(st.tuples(DAYS, st.one_of(st.none(), DAYS), st.booleans(), st.booleans(), st.integers(0, 20), st.booleans()), max_size=30),
    DAYS,
)
def test_every_duty_is_counted_once_and_once_only(rows, today):
    total = counted(
        state_of(due, met, waived, void, today, grace_days=grace, paused=paused) for due, met, waived, void, grace, paused in rows
    )

    assert total.met + total.met_late + total.overdue + total.open + total.waived + total.void == len(rows)


@given(DAYS, DAYS, st.integers(0, 20))
def test_time_alone_moves_an_open_duty_one_way(due_on, today, grace):
    order = ["scheduled", "due_soon", "due", "overdue"]
    states = [state_of(due_on, None, False, False, today + timedelta(days=n), grace_days=grace) for n in (0, 1, 7, 40)]

    assert [order.index(state) for state in states] == sorted(order.index(state) for state in states)
