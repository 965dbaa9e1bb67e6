"""The laboratory's own steps: the sample comes, results are filed, a second person releases them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from agreements.models import Characteristic
from agreements.selectors.library import is_superseded
from foundation.actor import Actor, Hat
from foundation.errors import Absent, FieldsToMend, RuleBroken, in_both_languages
from inspections.selectors.result_terms import what_of
from inspections.typed import SetSaid, read_set
from notices.services import close_todo, put_todo
from oversight.models import ComparisonRound, RoundMeasure, RoundReading, RoundSheet
from oversight.round_lines import SheetLine
from oversight.selectors.comparison import TO_FILL
from oversight.services.comparison import facts_of
from oversight.services.round_order import hold_round
from parties.roles import MAY_FILE, MAY_WRITE

MOST_LINES, MOST_VALUES = 200, 30
SHEET = RoundSheet.State
IN_HAND = (ComparisonRound.State.SAMPLES_SENT, ComparisonRound.State.COLLECTING)


@dataclass(frozen=True, slots=True)
class LineSaid:
    """What one rater read of one indicator, as typed. `edition` empty: the one that the round asks for."""

    measure_id: UUID
    values: Sequence[str]
    rater: str = ""
    edition: str = ""
    expanded: Decimal | None = None
    k: Decimal | None = None


@transaction.atomic
def receive_sample(*, actor: Actor, participant_id: UUID, condition: str, note: str = "", now: datetime) -> RoundSheet:
    """The sample is there, and in what condition. What is not good goes back to the bureau, who sends another.

    Raises RuleBroken("sample_condition_unknown"), ("round_note_needed"), ("sample_not_on_its_way").
    """
    sheet = _held(actor, participant_id)
    if condition not in RoundSheet.Condition.values:
        raise RuleBroken("sample_condition_unknown", field="condition")
    if condition != RoundSheet.Condition.GOOD and not note.strip():
        raise RuleBroken("round_note_needed", field="note")
    if sheet.state == SHEET.RECEIVED and sheet.condition == condition:
        return sheet
    if sheet.state not in (SHEET.SENT, SHEET.RECEIVED) or sheet.round.state not in IN_HAND:
        raise RuleBroken("sample_not_on_its_way")
    sheet.state, sheet.received_on = SHEET.RECEIVED, timezone.localdate(now)
    sheet.condition, sheet.condition_note = condition, note.strip()[:200]
    sheet.save(update_fields=["state", "received_on", "condition", "condition_note"])
    return sheet


@transaction.atomic
def file_sheet(
    *, actor: Actor, participant_id: UUID, lines: Sequence[LineSaid], via: str, conditioning: str = "", now: datetime
) -> RoundSheet:
    """The whole sheet anew, as long as results are collected: what stood there before is replaced, and a release is taken back.

    Raises RuleBroken("results_not_asked"), ("sheet_is_empty"), FieldsToMend with the place of each reading that cannot be kept.
    """
    sheet = _held(actor, participant_id)
    actor.must_hold(*MAY_FILE)
    if sheet.round.state != ComparisonRound.State.COLLECTING:
        raise RuleBroken("results_not_asked")
    told = [line for line in lines if any(value.strip() for value in line.values)]
    if not told:
        raise RuleBroken("sheet_is_empty")
    if len(told) > MOST_LINES:
        raise RuleBroken("sheet_too_long", most=MOST_LINES)
    rows = _read(sheet, lines, via, now)
    RoundReading.objects.visible_to(actor).filter(sheet=sheet).delete()
    RoundReading.objects.bulk_create(rows)
    sheet.state, sheet.conditioning = SHEET.ENTERED, conditioning.strip()[:120]
    sheet.entered_at, sheet.entered_by_id, sheet.entered_by = now, actor.person_id, actor.person_name
    sheet.released_at, sheet.released_by_id, sheet.released_by = None, None, ""
    sheet.save()
    put_todo(
        org_id=sheet.tester_org_id, hat=Hat.LAB, kind="round_to_release", subject_id=sheet.round_id, facts=facts_of(sheet.round),
        due_on=sheet.round.results_on, now=now,
    )  # fmt: skip
    return sheet


def _read(sheet: RoundSheet, lines: Sequence[LineSaid], via: str, now: datetime) -> list[RoundReading]:
    """The rows as they are kept, or every fault of every line at its place."""
    asked = {row.pk: row for row in RoundMeasure.objects.filter(round_id=sheet.round_id)}
    whats = {row.code: row for row in Characteristic.objects.filter(pk__in={row.characteristic_code for row in asked.values()})}
    today, rows, errors, seen = timezone.localdate(now), list[RoundReading](), list[dict[str, Any]](), set[tuple[UUID, str]]()
    for place, line in enumerate(lines):
        if not any(value.strip() for value in line.values):
            continue
        measure, rater = asked.get(line.measure_id), line.rater.strip()[:40]
        if measure is None or (line.measure_id, rater) in seen:
            errors.append(_error(place, "measure", "indicator_not_asked" if measure is None else "rater_twice"))
            continue
        seen.add((line.measure_id, rater))
        said = SetSaid(measure.characteristic_code, [value for value in line.values if value.strip()][: MOST_VALUES + 1])
        read, faults = read_set(said, what_of(whats[measure.characteristic_code]))
        if len(said.values) > MOST_VALUES:
            errors.append(_error(place, "values", "too_many_readings", most=MOST_VALUES))
        errors += [_error(place, "values", fault.code, **(fault.facts or {})) for fault in faults]
        if any(value is not None and value <= 0 for value in (line.expanded, line.k)):
            errors.append(_error(place, "expanded", "uncertainty_above_nothing"))
        if read is None:
            continue
        edition = line.edition.strip()[:40] or measure.edition_code
        rows.append(
            RoundReading(
                sheet=sheet, round_id=sheet.round_id, measure=measure, tester_org_id=sheet.tester_org_id, rater=rater, values=list(read.readings),
                qualifiers=list(read.qualifiers) if read.qualifiers else None, edition_code=edition, is_old_edition=is_superseded(edition, today),
                expanded=line.expanded, k=(line.k or Decimal(2)) if line.expanded is not None else None, entered_via=via,
            )
        )  # fmt: skip
    if errors:
        raise FieldsToMend(errors)
    return rows


def _error(place: int, name: str, code: str, **facts: Any) -> dict[str, Any]:
    return {"pointer": f"/lines/{place}/{name}", "code": code, "message": in_both_languages(code, facts)}


@transaction.atomic
def file_lines(
    *, actor: Actor, sheets: Sequence[RoundSheet], measures: Sequence[RoundMeasure], lines: Sequence[SheetLine], now: datetime
) -> int:
    """A file with the sheets of several samples: all of it, or nothing. Returns how many sheets it filled.

    Raises RuleBroken("sheet_line_to_mend") with the line and its words, and all that file_sheet() raises.
    """
    by_code = {each.blind_code: each for each in sheets}
    by_word = {row.word.upper(): row for row in measures}
    by_method = {(row.word.upper(), row.edition_code): row for row in measures}
    filled: dict[UUID, list[tuple[SheetLine, LineSaid]]] = {}
    for line in lines:
        sheet, measure = by_code.get(line.sample), by_method.get((line.indicator, line.method)) or by_word.get(line.indicator)
        if sheet is None or measure is None:
            raise RuleBroken("sheet_line_unknown", field="file", line=line.number)
        said = LineSaid(measure.pk, line.values, line.rater, line.method, line.expanded, line.k)
        filled.setdefault(sheet.pk, []).append((line, said))
    if not filled:
        raise RuleBroken("sheet_is_empty", field="file")
    for participant_id, told in filled.items():
        try:
            file_sheet(actor=actor, participant_id=participant_id, lines=[said for _line, said in told], via="csv", now=now)
        except FieldsToMend as broken:
            error = broken.errors[0]
            words = error["message"]["zh" if (get_language() or "").startswith("zh") else "en"]
            raise RuleBroken(
                "sheet_line_to_mend", field="file", line=told[int(error["pointer"].split("/")[2])][0].number, words=words
            ) from None
    return len(filled)


@transaction.atomic
def release_sheet(*, actor: Actor, participant_id: UUID, now: datetime) -> RoundSheet:
    """A second person stands for the results of a sheet. Released twice is released once.

    Raises RuleBroken("second_person_needed"), ("results_not_asked"), ("sheet_is_empty").
    """
    sheet = _held(actor, participant_id)
    actor.must_hold(*MAY_WRITE)
    if sheet.state == SHEET.RELEASED:
        return sheet
    if sheet.round.state != ComparisonRound.State.COLLECTING:
        raise RuleBroken("results_not_asked")
    if sheet.state != SHEET.ENTERED:
        raise RuleBroken("sheet_is_empty")
    if sheet.entered_by_id == actor.person_id:
        raise RuleBroken("second_person_needed", name=sheet.entered_by)
    sheet.state, sheet.released_at = SHEET.RELEASED, now
    sheet.released_by_id, sheet.released_by = actor.person_id, actor.person_name
    sheet.save(update_fields=["state", "released_at", "released_by_id", "released_by"])
    waiting = RoundSheet.objects.visible_to(actor).filter(round_id=sheet.round_id, state__in=TO_FILL).exclude(state=SHEET.RELEASED)
    if not waiting.filter(state=SHEET.ENTERED).exists():
        close_todo(kind="round_to_release", subject_id=sheet.round_id, org_id=actor.org_id, now=now)
    if not waiting.exists():
        close_todo(kind="round_results_due", subject_id=sheet.round_id, org_id=actor.org_id, now=now)
    return sheet


def _held(actor: Actor, participant_id: UUID) -> RoundSheet:
    actor.must_wear(Hat.LAB)
    mine = RoundSheet.objects.visible_to(actor).filter(pk=participant_id, state__in=TO_FILL)
    its_round = mine.values_list("round_id", flat=True).first()
    if its_round is None:
        raise Absent
    hold_round(its_round)
    found: RoundSheet | None = mine.select_related("round").select_for_update(of=("self",)).first()
    if found is None:  # left out meanwhile
        raise Absent
    actor.must_act_for(found.tester_org_id, Hat.LAB)
    return found
