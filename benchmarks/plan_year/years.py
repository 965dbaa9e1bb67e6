"""A year made by chance, the same each time: suppliers in twelve districts, one, two or four visits by their risk."""

from __future__ import annotations

import random
from datetime import date, timedelta
from math import hypot

from audits.planning.problem import Auditor, Problem, Visit

SKILLS = ("spinning", "knitting", "dyeing", "making-up", "finishing")
# Where the districts lie, in minutes by car; six are close together, six are not.
PLACES = ((0, 0), (12, 4), (-10, 6), (4, -14), (18, -8), (-16, -6), (40, 10), (52, -18), (-38, 30), (-62, 44), (20, 62), (70, 40))
CROWD = (5, 9, 6, 4, 4, 4, 3, 3, 6, 5, 2, 2)  # how many of a hundred firms and auditors live there, doubled
FIRST, LAST = date(2027, 1, 4), date(2027, 12, 31)
HOLIDAYS = ((date(2027, 2, 1), date(2027, 2, 12)), (date(2027, 5, 1), date(2027, 5, 5)), (date(2027, 10, 1), date(2027, 10, 7)))
# visits a year -> how many of a hundred firms, weeks that the window reaches to each side, minutes that leaving it out weighs
RISKS = ((1, 62, 4, 300.0), (2, 26, 3, 600.0), (4, 12, 2, 1200.0))
WHOLE_DAYS = 0.08  # visits that take both halves


def year(suppliers: int, auditors: int, *, halves_per_month: int = 62, seed: int = 7) -> Problem:
    """About 1.75 half-days a supplier against about 494 an auditor, less leave."""
    rng = random.Random(seed)
    days = [d for d in (FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)) if d.weekday() < 5 and not off(d)]
    legs = [[12.0 + hypot(x - u, y - v) for u, v in PLACES] for x, y in PLACES]
    team = [_auditor(rng, f"a{n}", len(days), halves_per_month) for n in range(auditors)]
    visits = [visit for n in range(suppliers) for visit in _visits(rng, n, days, auditors)]
    return Problem(days, legs, visits, team)


def off(day: date) -> bool:
    return any(begins <= day <= ends for begins, ends in HOLIDAYS)


def _auditor(rng: random.Random, key: str, days: int, halves_per_month: int) -> Auditor:
    away = set()
    for length in (5, 5, 1, 1, 1):
        begins = rng.randrange(days - length)
        away |= {(day, half) for day in range(begins, begins + length) for half in (0, 1)}
    skills = frozenset(rng.sample(SKILLS, rng.choice((3, 4, 5))))
    return Auditor(key, rng.choices(range(len(PLACES)), CROWD)[0], skills, frozenset(away), halves_per_month)


def _visits(rng: random.Random, number: int, days: list[date], auditors: int) -> list[Visit]:
    times, _, weeks, weight = rng.choices(RISKS, [share for _, share, _, _ in RISKS])[0]
    district, skill, phase = rng.choices(range(len(PLACES)), CROWD)[0], rng.choice(SKILLS), rng.random()
    barred = frozenset({rng.randrange(auditors)} if rng.random() < 0.05 and auditors > 3 else ())
    made = []
    for turn in range(times):
        middle = int((turn + phase) / times * len(days))
        halves = 2 if rng.random() < WHOLE_DAYS else 1
        first, last = max(middle - 5 * weeks, 0), min(middle + 5 * weeks, len(days) - 1)
        made.append(Visit(f"s{number}-{turn}", district, first, last, halves, weight * halves, frozenset({skill}), barred))
    return made
