"""Working a closed round out: each indicator once, from the sheets that were released in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from foundation.actor import Actor
from oversight.comparison import METHOD, Readings, Rule, inputs_hash, worked_out
from oversight.models import ComparisonRound, RoundAnalysis, RoundMeasure, RoundParticipant, RoundReading, RoundSheet
from oversight.selectors.comparison import measures_of


def analyse(actor: Actor, found: ComparisonRound, *, now: datetime) -> list[RoundAnalysis]:
    """Write what was worked out of each indicator. It is kept as it is: another method is another round."""
    counted = RoundSheet.objects.filter(
        round=found, state=RoundSheet.State.RELEASED, participant__state=RoundParticipant.State.JOINED
    )  # fmt: skip
    codes = dict(counted.values_list("pk", "blind_code"))
    out = RoundParticipant.objects.filter(round=found, state=RoundParticipant.State.EXCLUDED).count()
    by_measure: dict[UUID, list[RoundReading]] = defaultdict(list)
    for row in RoundReading.objects.filter(sheet__in=codes):
        by_measure[row.measure_id].append(row)
    made = []
    for measure in measures_of(actor, found):
        # Editions never mix: what was read by another one is kept on its sheet, and not counted here.
        counted_rows = [row for row in by_measure[measure.pk] if row.edition_code == measure.edition_code]
        rule, rows = rule_of(found, measure), readings(counted_rows, codes)
        outcome = worked_out(rows, rule)
        old = len({row.sheet_id for row in counted_rows if row.is_old_edition})
        other = len({row.sheet_id for row in by_measure[measure.pk]} - {row.sheet_id for row in counted_rows})
        made.append(
            RoundAnalysis(
                round=found, measure=measure, method=METHOD, outcome=outcome.outcome, crowd=outcome.crowd, inputs_sha256=inputs_hash(rows, rule),
                figures={**outcome.figures, "left_out": out, "old_editions": old, "other_editions": other}, analysed_at=now,
            )
        )  # fmt: skip
    return RoundAnalysis.objects.bulk_create(made)


def rule_of(found: ComparisonRound, measure: RoundMeasure) -> Rule:
    """By what an indicator is worked out."""
    return Rule(
        kind=measure.kind, is_interlab=found.kind == ComparisonRound.Kind.INTERLAB, reference=_number(measure.reference_value),
        reference_expanded=float(measure.reference_expanded or 0), reference_k=float(measure.reference_k), sigma_pt=_number(measure.sigma_pt),
        lower=_number(measure.benchmark_lower), upper=_number(measure.benchmark_upper),
    )  # fmt: skip


def readings(rows: Iterable[RoundReading], codes: dict[UUID, str]) -> list[Readings]:
    """The rows of one indicator, gathered by code."""
    gathered: dict[UUID, list[RoundReading]] = defaultdict(list)
    for row in rows:
        gathered[row.sheet_id].append(row)
    found = []
    for sheet, own in gathered.items():
        own.sort(key=lambda row: row.rater)
        with_u = next((row for row in own if row.expanded is not None), None)
        found.append(
            Readings(
                codes[sheet], {row.rater: [float(value) for value in row.values] for row in own},
                below=any(sign != "=" for row in own for sign in row.qualifiers or ()),
                expanded=_number(with_u.expanded) if with_u else None, k=float(with_u.k or 2) if with_u else 2.0,
            )
        )  # fmt: skip
    return found


def _number(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]
