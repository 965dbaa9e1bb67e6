"""Arbitration: a laboratory of neither side tests a blind sample, and what it finds binds both."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from agreements.services.facts import meet_obligation, owe_since
from agreements.services.sides import OTHER
from foundation.actor import CLOCK, Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from inspections.deciding import ASKS_ARBITRATION, DECIDERS
from inspections.models import Arbitration, ArbitrationSample, Lot
from inspections.selectors.decisions import blind_bounds, clause_of_day, is_by_arbitration, laboratories, limits_of_day
from inspections.services.decisions import held_row, said_words
from inspections.services.holds import close_hold, free_what_came_of, line_for, open_holds, tell_across, write_decision
from inspections.services.lots import move_lot, note_lot
from notices.services import close_todo, put_todo, tell

State, Verdict = Arbitration.State, Arbitration.Verdict
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
OPEN = (State.ASKED, State.ACCEPTED)


@dataclass(frozen=True, slots=True)
class ArbitrationSaid:
    """What is asked of whom. `lab_org_id` None: the laboratory that the agreement names in words."""

    characteristic: str
    why: str
    edition: str = ""
    lab_org_id: UUID | None = None


@transaction.atomic
def ask_arbitration(*, actor: Actor, lot: Lot, said: ArbitrationSaid, client_id: UUID, now: datetime) -> Arbitration:
    """Either side asks a laboratory about a lot that is held or not accepted. The same `client_id` asks once.

    Raises RuleBroken("arbitration_not_from_here"), ("arbitration_asked_already"), ("laboratory_unknown"), ("words_needed").
    """
    row, side = held_row(actor, lot)
    actor.must_hold(*DECIDERS)
    before: Arbitration | None = Arbitration.objects.visible_to(actor).filter(lot=row, client_id=client_id).first()
    if before is not None:
        return before
    if row.owner_org_id is None or row.state not in ASKS_ARBITRATION:
        raise RuleBroken("arbitration_not_from_here")
    if Arbitration.objects.visible_to(actor).filter(lot=row, state__in=OPEN).exists():
        raise RuleBroken("arbitration_asked_already")
    if is_by_arbitration(actor, row):
        raise RuleBroken("arbitration_is_over")
    words = said_words(said.why)
    asked = Arbitration(
        lot=row, owner_org_id=row.owner_org_id, supplier_org_id=row.supplier_org_id, **_laboratory(actor, row, said.lab_org_id), asked_side=side,
        characteristic_code=said.characteristic, edition_code=said.edition, sample_code=f"AR-{''.join(secrets.choice(LETTERS) for _ in range(8))}",
        why=words, asked_by=actor.person_name, asked_at=now, client_id=client_id,
    )  # fmt: skip
    asked.save(force_insert=True)
    if asked.lab_org_id is not None:
        _send_sample(actor, row, asked, asked.lab_org_id, now)
    dispute = clause_of_day(actor, row, "dispute")
    if dispute is not None:
        owe_since(clause_id=dispute.pk, event=f"arbitration:{asked.pk}", on=timezone.localdate(now), now=now, subject_id=row.pk)
    note_lot(
        actor, row, "arbitration_asked", now, laboratory=asked.lab_name_zh, sample=asked.sample_code, why=words, about=said.characteristic
    )
    tell_across(row, side, "arbitration_asked", now, subject_id=asked.pk)
    return asked


def _laboratory(actor: Actor, row: Lot, lab_org_id: UUID | None) -> dict[str, Any]:
    if lab_org_id is not None:
        found = next((lab for lab in laboratories(actor, row) if lab.pk == lab_org_id), None)
        if found is None:
            raise RuleBroken("laboratory_unknown", field="laboratory")
        return {"lab_org_id": found.pk, "lab_name_zh": found.name_zh, "lab_name_en": found.name_en}
    clause = clause_of_day(actor, row, "dispute")
    if clause is None:
        raise RuleBroken("laboratory_unknown", field="laboratory")
    return {"lab_name_zh": clause.params["lab_zh"][:120], "lab_name_en": clause.params.get("lab_en", "")[:160]}


def _send_sample(actor: Actor, row: Lot, asked: Arbitration, lab_org_id: UUID, now: datetime) -> None:
    limit = next((each for each in limits_of_day(actor, row) if each.params["characteristic"] == asked.characteristic_code), None)
    with acting_as(Hat.CLOCK):
        ArbitrationSample(
            arbitration_id=asked.pk, lab_org_id=lab_org_id, sample_code=asked.sample_code, product=row.product,
            characteristic_code=asked.characteristic_code, edition_code=asked.edition_code, bounds=blind_bounds(limit) if limit else {}, asked_at=now,
        ).save(force_insert=True)  # fmt: skip
    facts = {"other_zh": asked.sample_code, "other_en": asked.sample_code}
    line: dict[str, Any] = {
        "org_id": asked.lab_org_id,
        "hat": Hat.LAB,
        "kind": "arbitration_to_test",
        "subject_id": asked.pk,
        "facts": facts,
    }
    put_todo(**line, now=now)
    tell(**line, now=now)


@transaction.atomic
def take_sample(*, actor: Actor, sample: ArbitrationSample, now: datetime) -> ArbitrationSample:
    """The laboratory has the sample and will test it. Taken twice is taken once."""
    lot, asked = _held_by_lab(actor, sample)
    if asked.state == State.ASKED:
        _moved(asked, now, state=State.ACCEPTED)
        _duty_met(lot, asked, now)
        _note(lot, "arbitration_taken", now, laboratory=asked.lab_name_zh, sample=asked.sample_code)
        _tell_both(lot, asked, "arbitration_moved", now)
    return _sample_now(asked)


@transaction.atomic
def decline_sample(*, actor: Actor, sample: ArbitrationSample, why: str, now: datetime) -> ArbitrationSample:
    """The laboratory cannot do it; the sides choose another. Declined twice is declined once."""
    lot, asked = _held_by_lab(actor, sample)
    if asked.state == State.DECLINED:
        return _sample_now(asked)
    if asked.state not in OPEN:
        raise RuleBroken("arbitration_is_over")
    _moved(asked, now, state=State.DECLINED, verdict_reason=said_words(why))
    _note(lot, "arbitration_declined", now, laboratory=asked.lab_name_zh, why=asked.verdict_reason)
    _over(lot, asked, now)
    return _sample_now(asked)


@transaction.atomic
def decide_sample(*, actor: Actor, sample: ArbitrationSample, verdict: str, why: str, now: datetime) -> ArbitrationSample:
    """What the laboratory found binds both sides: the lot is released, or not accepted. The first verdict stands."""
    lot, asked = _held_by_lab(actor, sample)
    if asked.state == State.DECIDED and asked.verdict == verdict:
        return _sample_now(asked)
    if asked.state == State.ASKED:
        raise RuleBroken("arbitration_not_taken")
    if asked.state != State.ACCEPTED:
        raise RuleBroken("arbitration_is_over")
    if verdict not in Verdict.values:
        raise RuleBroken("verdict_unknown", field="verdict")
    _decide(lot, asked, verdict, said_words(why), now)
    return _sample_now(asked)


@transaction.atomic
def say_verdict(*, actor: Actor, arbitration: Arbitration, verdict: str, now: datetime) -> Arbitration:
    """What the laboratory named in words found, as a side reports it. Once both say the same, it binds; until then a side may mend its word."""
    lot, side = held_row(actor, arbitration.lot)
    actor.must_hold(*DECIDERS)
    asked = _locked(arbitration.pk)
    if asked.lab_org_id is not None:
        raise RuleBroken("verdict_is_the_laboratorys")
    if verdict not in Verdict.values:
        raise RuleBroken("verdict_unknown", field="verdict")
    if asked.state == State.DECIDED and asked.verdict == verdict:
        return asked
    if asked.state not in OPEN:
        raise RuleBroken("arbitration_is_over")
    _moved(asked, now, **{f"{side}_said": verdict})
    if getattr(asked, f"{OTHER[side]}_said") == verdict:
        _decide(lot, asked, verdict, "", now)
    else:
        tell_across(lot, side, "arbitration_moved", now, subject_id=asked.pk)
    return asked


@transaction.atomic
def withdraw_arbitration(*, actor: Actor, arbitration: Arbitration, now: datetime) -> Arbitration:
    """The side that asked takes it back, as long as no laboratory has taken the sample."""
    lot, side = held_row(actor, arbitration.lot)
    actor.must_hold(*DECIDERS)
    asked = _locked(arbitration.pk)
    if asked.state == State.WITHDRAWN:
        return asked
    if asked.state != State.ASKED or asked.asked_side != side:
        raise RuleBroken("arbitration_is_over")
    _moved(asked, now, state=State.WITHDRAWN)
    note_lot(actor, lot, "arbitration_withdrawn", now)
    _over(lot, asked, now)
    return asked


def _held_by_lab(actor: Actor, sample: ArbitrationSample) -> tuple[Lot, Arbitration]:
    actor.must_act_for(sample.lab_org_id, Hat.LAB)
    actor.must_hold("org_admin", *DECIDERS)
    with acting_as(Hat.CLOCK):
        found = Arbitration.objects.filter(pk=sample.pk, lab_org_id=actor.org_id).first()
        if found is None:
            raise Absent
        lot: Lot = Lot.objects.select_for_update().get(pk=found.lot_id)
    return lot, _locked(sample.pk)


def _locked(pk: UUID) -> Arbitration:
    with acting_as(Hat.CLOCK):
        row: Arbitration = Arbitration.objects.select_for_update().get(pk=pk)
    return row


def _moved(asked: Arbitration, now: datetime, **columns: Any) -> None:
    """Both rows of an arbitration move together; the laboratory's carries no word of the sides."""
    shared = {name: value for name, value in columns.items() if name in ("state", "verdict", "verdict_reason")}
    with acting_as(Hat.CLOCK):
        Arbitration.objects.filter(pk=asked.pk).update(**columns)
        if shared and asked.lab_org_id is not None:
            ArbitrationSample.objects.filter(pk=asked.pk).update(**shared, answered_at=now)
    for name, value in columns.items():
        setattr(asked, name, value)


def _sample_now(asked: Arbitration) -> ArbitrationSample:
    with acting_as(Hat.CLOCK):
        row: ArbitrationSample = ArbitrationSample.objects.get(pk=asked.pk)
    return row


def _decide(lot: Lot, asked: Arbitration, verdict: str, why: str, now: datetime) -> None:
    """The verdict ends every hold and moves the lot. A lot that has gone on meanwhile (scrapped, reworked) stays where it is.

    One that meets is free, and so are its parts; one that fails is kept back with what it was held with.
    """
    _moved(asked, now, state=State.DECIDED, verdict=verdict, verdict_reason=why, decided_at=now)
    wanted = Lot.State.RELEASED if verdict == Verdict.MEETS else Lot.State.NOT_ACCEPTED
    if lot.state in ASKS_ARBITRATION:
        holds = [hold for hold in open_holds(lot) if verdict == Verdict.MEETS or hold.held_with is None]
        for hold in holds:
            close_hold(hold, "arbitration", CLOCK, now)
        facts = {"why": why, "client_id": uuid5(asked.pk, "decided")}
        laboratory = Actor(hat=Hat.LAB, person_name=asked.lab_name_zh[:60])  # the firm, never its person: the sides know no more
        decision = write_decision(laboratory, lot, "arbitration", wanted, now, **facts)
        if lot.state != wanted:
            move_lot(lot, wanted, now=now)
        if verdict == Verdict.MEETS:
            free_what_came_of(laboratory, lot, holds, decision)
    _duty_met(lot, asked, now)
    _note(lot, "arbitration_decided", now, laboratory=asked.lab_name_zh, verdict=verdict, why=why, sample=asked.sample_code)
    if lot.state != Lot.State.NOT_ACCEPTED:
        close_todo(kind="lot_not_accepted", subject_id=lot.pk, now=now)
    _over(lot, asked, now)


def _note(lot: Lot, kind: str, now: datetime, **more: Any) -> None:
    """A laboratory is no side of the record: what it does is entered by the clock, with its name."""
    with acting_as(Hat.CLOCK):
        note_lot(CLOCK, lot, kind, now, **more)


def _duty_met(lot: Lot, asked: Arbitration, now: datetime) -> None:
    """The sample is at the laboratory: what the clause on disputes asks is done."""
    with acting_as(Hat.CLOCK):
        clause = clause_of_day(CLOCK, lot, "dispute")
    if clause is not None:
        meet_obligation(clause_id=clause.pk, side="supplier", key=f"dispute_sample:arbitration:{asked.pk}"[:80], now=now, subject_id=lot.pk)


def _over(lot: Lot, asked: Arbitration, now: datetime) -> None:
    close_todo(kind="arbitration_to_test", subject_id=asked.pk, now=now)
    _tell_both(lot, asked, "arbitration_moved" if asked.state != State.DECIDED else "arbitration_decided", now)


def _tell_both(lot: Lot, asked: Arbitration, kind: str, now: datetime) -> None:
    """Both sides at once, with the same words."""
    for side in ("owner", "supplier"):
        tell(**line_for(lot, side, kind, asked.pk), now=now)
