"""The plan of a year, as numbers: rules kept, the bound below every plan, reasons said, little touched after a sick day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from audits.planning import Auditor, Booking, Problem, Visit, moved_by_hand, plan_year, why_left_out, without, would_take
from audits.planning.changes import standing
from audits.planning.laying import lay
from audits.planning.solve import laid_out
from benchmarks.anchors.greedy_plan import greedy
from benchmarks.plan_year.benchmark import faults
from benchmarks.plan_year.years import year

DAYS = [day for day in (date(2027, 3, 1) + timedelta(n) for n in range(26)) if day.weekday() < 5]  # twenty
LEGS = [[10.0, 40.0], [40.0, 10.0]]


def visit(key: str, district: int = 0, first: int = 0, last: int = 19, **more: object) -> Visit:
    return Visit(key, district, first, last, **more)  # type: ignore[arg-type]


def test_two_visits_of_one_district_share_one_way() -> None:
    problem = Problem(DAYS, LEGS, [visit("a", 1), visit("b", 1)], [Auditor("x", 0)])

    plan = plan_year(problem, seconds=2)

    assert plan.cost == plan.bound == 90.0  # out, from one to the other, and back
    assert plan.bookings[0].day == plan.bookings[1].day
    assert plan.gap == 0


def test_the_plan_of_a_tiny_year_is_the_best_of_all() -> None:
    visits = [visit("a", 0, 0, 1), visit("b", 1, 0, 1), visit("c", 1, 1, 2, weight=90.0), visit("d", 0, 0, 0, halves=2, weight=700.0)]
    problem = Problem(DAYS[:3], LEGS, visits, [Auditor("x", 0), Auditor("y", 1, away=frozenset({(1, 0), (1, 1)}))])

    plan = plan_year(problem, seconds=5)

    assert plan.cost == pytest.approx(best_of_all(problem))
    assert plan.bound <= plan.cost


def best_of_all(problem: Problem) -> float:
    places = [None, *product(range(len(problem.auditors)), range(len(problem.days)), (0, 1))]
    best = sum(v.weight for v in problem.visits)
    for choice in product(places, repeat=len(problem.visits)):
        bookings = {n: Booking(n, *place) for n, place in enumerate(choice) if place is not None}
        slots = [(b.auditor, b.day, h) for b in bookings.values() for h in ((0, 1) if problem.visits[b.visit].halves == 2 else (b.half,))]
        away = any((day, half) in problem.auditors[a].away for a, day, half in slots)
        inside = all(problem.visits[b.visit].first <= b.day <= problem.visits[b.visit].last for b in bookings.values())
        if inside and not away and len(set(slots)) == len(slots):
            best = min(best, standing(problem, bookings).cost())
    return best


def test_trips_of_a_week_give_way_to_one_that_has_a_single_day() -> None:
    visits = [visit("a", 0, 0, 1), visit("b", 1, 0, 1), visit("c", 0, 0, 2), visit("d", 1, 0, 0), visit("e", 1, 0, 2, halves=2)]
    board, _ = laid_out(Problem(DAYS[:3], LEGS, visits, [Auditor("x", 0)]))

    lay(board, [(0, 1), (2, 3), (4,)], 0, (0, 2))

    assert {number: booking.day for number, booking in board.at.items()} == {0: 1, 1: 1, 2: 0, 3: 0, 4: 2}
    assert board.cost() == 3 * (10 + 40 + 40) - 10  # two days of two firms, and one alone there and back


@pytest.mark.parametrize(("suppliers", "auditors", "a_month"), [(40, 2, 12), (300, 2, 20), (450, 1, 62)])
def test_a_plan_keeps_every_rule_and_no_plan_is_below_the_bound(suppliers: int, auditors: int, a_month: int) -> None:
    problem = year(suppliers, auditors, halves_per_month=a_month)

    plan = plan_year(problem, seconds=3)

    faults(problem, plan.bookings, "ours")
    assert plan.bound <= plan.cost <= standing(problem, greedy(problem)).cost()
    assert plan.cost == pytest.approx(standing(problem, plan.bookings).cost())
    for month in range(12):
        for auditor in range(auditors):
            mine = [b for b in plan.bookings.values() if b.auditor == auditor and problem.months[b.day] == month]
            assert sum(problem.visits[b.visit].halves for b in mine) <= a_month


def test_what_is_agreed_stays_where_it_is() -> None:
    agreed = Booking(0, 0, 7, 1)
    problem = Problem(DAYS, LEGS, [visit("a", 1), visit("b", 1)], [Auditor("x", 0)], fixed={0: agreed})

    plan = plan_year(problem, seconds=2)

    assert plan.bookings == {0: agreed, 1: Booking(1, 0, 7, 0)}


def test_a_shut_firm_is_not_visited() -> None:
    problem = Problem(DAYS, LEGS, [visit("a", closed=((0, 18),))], [Auditor("x", 0)])

    plan = plan_year(problem, seconds=2)

    assert plan.bookings[0].day == 19


def test_the_reason_for_what_is_left_out_is_said() -> None:
    visits = [
        visit("no skill", needs=frozenset({"dyeing"})),
        visit("own firm", needs=frozenset({"yarn"}), barred=frozenset({0})),
        visit("no day", first=3, last=4, closed=((3, 4),)),
        visit("away", first=5, last=5),
        visit("heavier", first=6, last=6, halves=2, weight=900.0),
        visit("lighter", first=6, last=6, weight=50.0),
    ]
    problem = Problem(DAYS, LEGS, visits, [Auditor("x", 0, frozenset({"yarn"}), frozenset({(5, 0), (5, 1)}))])

    plan = plan_year(problem, seconds=2)
    left = why_left_out(problem, plan.bookings, plan.uncovered)

    assert [(one.visit, one.reason) for one in left] == [(0, "no_skill"), (1, "barred"), (2, "no_day"), (3, "away"), (5, "full")]
    assert would_take(problem, left) == {frozenset(): 2, frozenset({"dyeing"}): 1, frozenset({"yarn"}): 1}


def test_after_a_sick_day_only_what_stood_there_moves() -> None:
    problem = year(120, 3)
    plan = plan_year(problem, seconds=2)
    sick = next(b for b in plan.bookings.values() if problem.visits[b.visit].halves == 1)
    hit = {b.visit for b in plan.bookings.values() if (b.auditor, b.day) == (sick.auditor, sick.day)}

    after = without(problem, plan.bookings, auditor=sick.auditor, slots=[(sick.day, 0), (sick.day, 1)])

    assert {change.visit for change in after.changes} == hit
    assert after.left_out == []
    moved = {**plan.bookings, **{c.visit: c.after for c in after.changes if c.after is not None}}
    faults(problem, moved, "after")
    assert all((b.auditor, b.day) != (sick.auditor, sick.day) for b in moved.values())


def test_where_nothing_is_free_one_other_makes_room() -> None:
    visits = [visit("sick", first=0, last=0), visit("can wait", first=0, last=1)]
    team = [Auditor("x", 0, away=frozenset({(1, 0), (1, 1)})), Auditor("y", 0, away=frozenset({(0, 1)}))]
    problem = Problem(DAYS[:2], LEGS, visits, team)

    after = without(problem, {0: Booking(0, 0, 0, 0), 1: Booking(1, 1, 0, 0)}, auditor=0, slots=[(0, 0), (0, 1)])

    assert [(c.visit, c.after and c.after.auditor, c.after and c.after.day) for c in after.changes] == [(0, 1, 0), (1, 1, 1)]


def test_moving_by_hand_says_what_it_breaks_and_what_it_costs() -> None:
    visits = [visit("a", 1, needs=frozenset({"yarn"})), visit("b", 1), visit("c", 0, first=2, last=3)]
    problem = Problem(DAYS, LEGS, visits, [Auditor("x", 0, frozenset({"yarn"})), Auditor("y", 0, away=frozenset({(1, 0)}))])
    bookings = {0: Booking(0, 0, 0, 0), 1: Booking(1, 0, 0, 1), 2: Booking(2, 0, 2, 0)}

    fine = moved_by_hand(problem, bookings, Booking(1, 0, 5, 0))
    taken = moved_by_hand(problem, bookings, Booking(1, 0, 2, 0))
    wrong = moved_by_hand(problem, bookings, Booking(0, 1, 1, 0))
    late = moved_by_hand(problem, bookings, Booking(2, 0, 9, 0))

    assert (fine.against, fine.in_the_way, fine.travel) == ([], [], 70.0)  # a way out and back instead of a hop
    assert (taken.against, taken.in_the_way) == (["taken"], [2])
    assert wrong.against == ["no_skill", "away"]
    assert late.against == ["outside_window"]


def test_legs_that_would_break_the_bound_are_refused() -> None:
    with pytest.raises(ValueError, match="no shorter between two districts"):
        Problem(DAYS, [[50.0, 40.0], [40.0, 10.0]], [visit("a")], [Auditor("x", 0)])


def test_a_plan_is_the_same_twice() -> None:
    problem = replace(year(60, 2, halves_per_month=20))

    assert plan_year(problem, seconds=20).bookings == plan_year(problem, seconds=20).bookings


def test_without_auditors_or_visits_there_is_a_plan_all_the_same() -> None:
    nobody = plan_year(Problem(DAYS, LEGS, [visit("a")], []), seconds=1)
    nothing = plan_year(Problem(DAYS, LEGS, [], [Auditor("x", 0)]), seconds=1)

    assert (nobody.uncovered, nobody.gap, nothing.uncovered, nothing.cost) == ([0], 0, [], 0)


def test_a_visit_that_has_to_move_goes_to_a_day_close_by() -> None:
    problem = Problem(DAYS, LEGS, [visit("a"), visit("b", first=0, last=0)], [Auditor("x", 0)])

    after = without(problem, {0: Booking(0, 0, 10, 0), 1: Booking(1, 0, 0, 0)}, auditor=0, slots=[(10, 0), (10, 1)])

    assert [c.after and c.after.day for c in after.changes] in ([9], [11])
