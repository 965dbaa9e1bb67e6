"""Comparison rounds as the bureau leads them, and how a firm or a laboratory answers. Each step goes forward, and only one at a time."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agreements.models import Characteristic, MethodEdition
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from inspections.selectors.result_terms import what_of
from notices.services import close_todo, put_todo, tell
from oversight.comparison import LEAST
from oversight.models import ComparisonRound, RoundMeasure, RoundParticipant, RoundSheet
from oversight.selectors.comparison import candidates, may_lead
from oversight.services.comparison_analysis import analyse
from oversight.services.round_order import hold_round
from oversight.two_samples import SAMPLES, is_lonely
from parties.roles import MAY_WRITE

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
MOST_INDICATORS, MOST_TAKERS, AT_ONCE = 30, 400, 20
STEPS = list(ComparisonRound.State.values)
State, Kind, Part = ComparisonRound.State, ComparisonRound.Kind, RoundParticipant.Part
PEOPLE, SHEET = RoundParticipant.State, RoundSheet.State
BEFORE_SAMPLES = (State.DRAFT, State.OPEN)
LATE = "late"
Step = Callable[[Actor, ComparisonRound, datetime], None]


@dataclass(frozen=True, slots=True)
class RoundSaid:
    """What the bureau says of a round. `tester_org_id` is the laboratory that tests the products of all."""

    kind: str
    name_zh: str
    product_zh: str
    samples_on: date
    results_on: date
    more: dict[str, str] = field(
        default_factory=dict
    )  # name_en, product_en, node_code, benchmark_zh, benchmark_en, series_code, instructions
    tester_org_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class MeasureSaid:
    """One indicator as it is said; the numbers may be missing. `sample`: A or B, where a round sends two."""

    characteristic: str
    edition: str
    sample: str = ""
    reference_value: Decimal | None = None
    reference_expanded: Decimal | None = None
    sigma_pt: Decimal | None = None
    benchmark_lower: Decimal | None = None
    benchmark_upper: Decimal | None = None


@transaction.atomic
def create_round(*, actor: Actor, said: RoundSaid, client_id: str, now: datetime) -> ComparisonRound:
    """A draft, which nobody but the bureau sees. The same `client_id` makes one round.

    Raises RuleBroken("round_days_turned"), ("round_kind_unknown"), ("tester_needed"), ("participant_unknown").
    """
    may_lead(actor)
    before = ComparisonRound.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return before
    if said.kind not in Kind.values:
        raise RuleBroken("round_kind_unknown", field="kind")
    if said.results_on < said.samples_on:
        raise RuleBroken("round_days_turned", field="results_on")
    of_products = said.kind != Kind.INTERLAB
    if of_products and said.tester_org_id is None:
        raise RuleBroken("tester_needed", field="tester")
    made = ComparisonRound(
        number=f"CR{timezone.localdate(now):%y}-{_letters(5)}", kind=said.kind, name_zh=said.name_zh, product_zh=said.product_zh,
        samples_on=said.samples_on, results_on=said.results_on, has_tester=of_products, client_id=client_id, created_at=now,
        created_by=actor.person_name, is_demo=actor.is_demo, **said.more,
    )  # fmt: skip
    made.save(force_insert=True)
    if of_products and said.tester_org_id is not None:
        lab = next(iter(candidates(actor, Kind.INTERLAB, ids=[said.tester_org_id])), None)
        if lab is None:
            raise RuleBroken("participant_unknown", field="tester")
        RoundParticipant(
            round=made, org_id=lab.pk, hat=Hat.LAB.value, org_name_zh=lab.name_zh, org_name_en=lab.name_en, part=Part.TESTER
        ).save(force_insert=True)
    return made


@transaction.atomic
def add_measure(*, actor: Actor, round_id: UUID, said: MeasureSaid) -> RoundMeasure:
    """One more indicator of a draft. Named again it is replaced.

    Raises RuleBroken("round_is_open"), ("indicator_unknown"), ("edition_not_of_it"), ("colour_not_compared"), ("benchmark_turned"), ("too_many_indicators"), ("sample_unknown").
    """
    found = _held(actor, round_id, State.DRAFT, code="round_is_open")
    if said.sample not in ("", *SAMPLES):
        raise RuleBroken("sample_unknown", field="sample")
    what = Characteristic.objects.filter(pk=said.characteristic).first()
    edition = MethodEdition.objects.select_related("method").filter(pk=said.edition).first()
    if what is None:
        raise RuleBroken("indicator_unknown", field="characteristic")
    if what_of(what).width != 1:
        raise RuleBroken("colour_not_compared", field="characteristic")
    if edition is None or what.pk not in edition.method.characteristic_codes:
        raise RuleBroken("edition_not_of_it", field="edition")
    if said.benchmark_lower is not None and said.benchmark_upper is not None and said.benchmark_lower > said.benchmark_upper:
        raise RuleBroken("benchmark_turned", field="benchmark_upper")
    there = RoundMeasure.objects.filter(round=found)
    there.filter(characteristic_code=what.pk, edition_code=edition.pk, sample=said.sample).delete()
    if there.count() >= MOST_INDICATORS:
        raise RuleBroken("too_many_indicators", most=MOST_INDICATORS)
    last = there.order_by("-order").values_list("order", flat=True).first() or 0
    known = said.reference_value is not None
    made = RoundMeasure(
        round=found, order=last + 1, characteristic_code=what.pk, edition_code=edition.pk, sample=said.sample, kind=what.kind, unit=what.unit, decimals=what.decimals,
        assigned=RoundMeasure.Assigned.REFERENCE if known else RoundMeasure.Assigned.CONSENSUS, reference_value=said.reference_value,
        reference_expanded=said.reference_expanded if known else None, sigma_pt=said.sigma_pt, benchmark_lower=said.benchmark_lower,
        benchmark_upper=said.benchmark_upper,
    )  # fmt: skip
    made.save(force_insert=True)
    return made


@transaction.atomic
def drop_measure(*, actor: Actor, round_id: UUID, measure_id: UUID) -> None:
    """Take an indicator out of a draft; what is not there is gone already."""
    found = _held(actor, round_id, State.DRAFT, code="round_is_open")
    RoundMeasure.objects.filter(round=found, pk=measure_id).delete()


@transaction.atomic
def invite_to_round(*, actor: Actor, round_id: UUID, org_ids: Collection[UUID], now: datetime) -> int:
    """Ask firms or laboratories to take part; each gets a code of its own. Who is asked already is left as it is. Returns how many are new.

    Raises RuleBroken("round_is_under_way"), ("participant_unknown"), ("too_many_takers").
    """
    found = _held(actor, round_id, *BEFORE_SAMPLES, code="round_is_under_way")
    there = dict(RoundParticipant.objects.filter(round=found).values_list("org_id", "part"))
    wanted = [pk for pk in dict.fromkeys(org_ids) if pk not in there]
    known = {each.pk: each for each in candidates(actor, found.kind, ids=wanted)}
    if any(pk not in known for pk in wanted):
        raise RuleBroken("participant_unknown", field="org")
    if len(there) + len(wanted) > MOST_TAKERS:
        raise RuleBroken("too_many_takers", most=MOST_TAKERS)
    tester = next((pk for pk, part in there.items() if part == Part.TESTER), None)
    taken = set(RoundParticipant.objects.filter(round=found).values_list("blind_code", flat=True))
    for pk in wanted:
        org, code = known[pk], _fresh(taken)
        row = RoundParticipant(
            round=found, org_id=pk, hat=org.hat.value, org_name_zh=org.name_zh,
            org_name_en=org.name_en, blind_code=code,
        )  # fmt: skip
        row.save(force_insert=True)
        RoundSheet(participant=row, round=found, tester_org_id=tester or pk, blind_code=code).save(force_insert=True)
    if found.state == State.OPEN:
        _ask(found, now)
    return len(wanted)


@transaction.atomic
def move_round(*, actor: Actor, round_id: UUID, to: str, now: datetime) -> ComparisonRound:
    """The next step of a round, with all that it asks and sets off. A step that is taken is taken once.

    Raises RuleBroken("round_step_skipped"), ("round_has_no_indicator"), ("round_needs_takers").
    """
    may_lead(actor)
    found = _locked(actor, round_id)
    if to not in STEPS or STEPS.index(to) > STEPS.index(found.state) + 1:
        raise RuleBroken("round_step_skipped")
    if STEPS.index(to) <= STEPS.index(found.state):
        return found
    _BEFORE[to](actor, found, now)
    found.state = to
    found.save(update_fields=["state", "opened_at", "closed_at", "published_at"])
    _AFTER.get(to, _nothing)(actor, found, now)
    return found


def _nothing(actor: Actor, found: ComparisonRound, now: datetime) -> None:
    """Most steps set nothing off."""


def _may_open(_actor: Actor, found: ComparisonRound, now: datetime) -> None:
    asked = list(RoundMeasure.objects.filter(round=found))
    if not asked:
        raise RuleBroken("round_has_no_indicator")
    if is_lonely(asked):
        raise RuleBroken("sample_without_other")
    _enough(found, {})
    found.opened_at = now


def _enough(found: ComparisonRound, among: dict[str, Any]) -> None:
    if RoundParticipant.objects.filter(round=found, part=Part.TAKER, **among).count() < LEAST:
        raise RuleBroken("round_needs_takers", least=LEAST)


def _may_send(_actor: Actor, found: ComparisonRound, now: datetime) -> None:
    _enough(found, {"state": PEOPLE.JOINED})
    RoundSheet.objects.filter(round=found, state=SHEET.JOINED).update(state=SHEET.SENT, sent_on=timezone.localdate(now))
    close_todo(kind="round_invited", subject_id=found.pk, now=now)


def _may_close(_actor: Actor, found: ComparisonRound, now: datetime) -> None:
    leave_out_late(found, now=now)


def leave_out_late(found: ComparisonRound, *, now: datetime) -> None:
    """Who has not released by now is left out with a note, and not waited for. Before the round is closed: after it nothing moves."""
    found.closed_at = now
    late = list(RoundSheet.objects.filter(round=found).exclude(state__in=[SHEET.RELEASED, SHEET.LEFT_OUT]))
    rows = RoundParticipant.objects.filter(pk__in=[each.pk for each in late], state=PEOPLE.JOINED)
    told = list(rows)
    rows.update(state=PEOPLE.EXCLUDED, excluded_because=LATE)
    RoundSheet.objects.filter(pk__in=[each.pk for each in late]).update(state=SHEET.LEFT_OUT)
    for row in told:
        tell(org_id=row.org_id, hat=Hat(row.hat), kind="round_left_out", subject_id=found.pk, facts=facts_of(found), now=now)
    close_todo(kind="round_results_due", subject_id=found.pk, now=now)
    close_todo(kind="round_to_release", subject_id=found.pk, now=now)


def _may_publish(_actor: Actor, found: ComparisonRound, now: datetime) -> None:
    found.published_at = now


def _may_analyse(actor: Actor, found: ComparisonRound, now: datetime) -> None:
    analyse(actor, found, now=now)


def _opened(_actor: Actor, found: ComparisonRound, now: datetime) -> None:
    _ask(found, now)


def _ask(found: ComparisonRound, now: datetime) -> None:
    for row in RoundParticipant.objects.filter(round=found, invited_at=None):
        row.invited_at = now
        row.save(update_fields=["invited_at"])
        line: dict[str, Any] = {"org_id": row.org_id, "hat": Hat(row.hat), "kind": "round_invited", "subject_id": found.pk, "facts": facts_of(found)}
        put_todo(**line, due_on=found.samples_on, now=now)
        tell(**line, now=now)


def _collecting(_actor: Actor, found: ComparisonRound, now: datetime) -> None:
    testers = set(RoundSheet.objects.filter(round=found, state__in=[SHEET.SENT, SHEET.RECEIVED]).values_list("tester_org_id", flat=True))
    for org_id in sorted(testers):
        line: dict[str, Any] = {"org_id": org_id, "hat": Hat.LAB, "kind": "round_results_due", "subject_id": found.pk, "facts": facts_of(found)}
        put_todo(**line, due_on=found.results_on, now=now)
        tell(**line, now=now)


def _published(_actor: Actor, found: ComparisonRound, now: datetime) -> None:
    for row in RoundParticipant.objects.filter(round=found, state=PEOPLE.JOINED):
        tell(org_id=row.org_id, hat=Hat(row.hat), kind="round_published", subject_id=found.pk, facts=facts_of(found), now=now)


_BEFORE: dict[str, Step] = {
    State.OPEN: _may_open, State.SAMPLES_SENT: _may_send, State.COLLECTING: _nothing, State.CLOSED: _may_close, State.ANALYSED: _may_analyse,
    State.PUBLISHED: _may_publish,
}  # fmt: skip
_AFTER: dict[str, Step] = {State.OPEN: _opened, State.COLLECTING: _collecting, State.PUBLISHED: _published}


def close_run_out(now: datetime) -> int:
    """The clock closes every round whose last day for results is over. Safe twice, and in two workers at once."""
    today, closed = timezone.localdate(now), 0
    with acting_as(Hat.CLOCK):
        due = list(
            ComparisonRound.objects.filter(state=State.COLLECTING, results_on__lt=today)
            .order_by("results_on", "id")
            .values_list("pk", flat=True)[:AT_ONCE]
        )
    for pk in due:
        with acting_as(Hat.CLOCK):
            found = ComparisonRound.objects.select_for_update(skip_locked=True).filter(pk=pk, state=State.COLLECTING).first()
            if found is not None:
                leave_out_late(found, now=now)
                found.state = State.CLOSED
                found.save(update_fields=["state", "closed_at"])
                closed += 1
    return closed


@transaction.atomic
def answer_round(*, actor: Actor, participant_id: UUID, joins: bool, now: datetime) -> RoundParticipant:
    """A firm or a laboratory says whether it takes part; until samples are sent it may think again.

    Raises RuleBroken("round_is_under_way").
    """
    row = RoundParticipant.objects.visible_to(actor).filter(pk=participant_id).first()
    if row is None or actor.hat not in (Hat.OWNER, Hat.SUPPLIER, Hat.LAB):
        raise Absent
    actor.must_act_for(row.org_id, actor.hat)
    actor.must_hold(*MAY_WRITE)
    state = hold_round(row.round_id).state
    row.refresh_from_db()
    wanted = PEOPLE.JOINED if joins else PEOPLE.DECLINED
    if row.state == wanted:
        return row
    if state != State.OPEN:
        raise RuleBroken("round_is_under_way")
    row.state, row.answered_at, row.answered_by = wanted, now, actor.person_name
    row.save(update_fields=["state", "answered_at", "answered_by"])
    with acting_as(Hat.CLOCK):  # whose sample it is, a tester never reads; so the firm itself writes nothing there
        RoundSheet.objects.filter(pk=row.pk).update(state=SHEET.JOINED if joins else SHEET.WAITING)
    close_todo(kind="round_invited", subject_id=row.round_id, org_id=row.org_id, now=now)
    return row


@transaction.atomic
def leave_out(*, actor: Actor, participant_id: UUID, because: str, now: datetime) -> RoundParticipant:
    """The bureau leaves a participant out, with a note that it reads. Raises RuleBroken("round_is_closed"), ("round_note_needed")."""
    may_lead(actor)
    row = RoundParticipant.objects.visible_to(actor).filter(pk=participant_id, part=Part.TAKER).first()
    if row is None:
        raise Absent
    found = _locked(actor, row.round_id)
    row.refresh_from_db()
    if STEPS.index(found.state) >= STEPS.index(State.CLOSED):
        raise RuleBroken("round_is_closed")
    if not because.strip():
        raise RuleBroken("round_note_needed", field="because")
    if row.state == PEOPLE.EXCLUDED:
        return row
    row.state, row.excluded_because = PEOPLE.EXCLUDED, because.strip()[:300]
    row.save(update_fields=["state", "excluded_because"])
    RoundSheet.objects.filter(pk=row.pk).update(state=SHEET.LEFT_OUT)
    if row.invited_at is not None:
        tell(org_id=row.org_id, hat=Hat(row.hat), kind="round_left_out", subject_id=found.pk, facts=facts_of(found), now=now)
    return row


@transaction.atomic
def send_again(*, actor: Actor, participant_id: UUID, now: datetime) -> RoundSheet:
    """Another sample for one that came damaged or wrong. Raises RuleBroken("sample_came_well")."""
    may_lead(actor)
    sheet = RoundSheet.objects.visible_to(actor).filter(pk=participant_id).first()
    if sheet is None:
        raise Absent
    _locked(actor, sheet.round_id)
    sheet.refresh_from_db()
    if sheet.state == SHEET.SENT:
        return sheet
    if sheet.state != SHEET.RECEIVED or sheet.condition in ("", RoundSheet.Condition.GOOD):
        raise RuleBroken("sample_came_well")
    sheet.state, sheet.sent_on, sheet.received_on = SHEET.SENT, timezone.localdate(now), None
    sheet.condition = sheet.condition_note = ""
    sheet.save(update_fields=["state", "sent_on", "received_on", "condition", "condition_note"])
    return sheet


def facts_of(found: ComparisonRound) -> dict[str, str]:
    """What a line in an inbox says of a round: its name, never a figure."""
    return {"other_zh": found.name_zh, "other_en": found.name_en or found.name_zh, "number": found.number}


def _held(actor: Actor, round_id: UUID, *states: str, code: str) -> ComparisonRound:
    may_lead(actor)
    found = _locked(actor, round_id)
    if found.state not in states:
        raise RuleBroken(code)
    return found


def _locked(actor: Actor, round_id: UUID) -> ComparisonRound:
    found: ComparisonRound | None = ComparisonRound.objects.visible_to(actor).select_for_update().filter(pk=round_id).first()
    if found is None:
        raise Absent
    return found


def _letters(n: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(n))


def _fresh(taken: set[str]) -> str:
    code = next(each for each in iter(lambda: _letters(4), None) if each not in taken)
    taken.add(code)
    return code
