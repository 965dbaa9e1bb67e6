"""The day of a visit and who goes: the firm agrees or asks for another day, the chain owner answers, moves, calls off, sends its team."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from agreements.services.obligations import void_from
from audits.models import Audit, AuditTeam, DateAsk
from audits.models.talks import MOST_ASKS
from audits.selectors.visits import auditors
from audits.services.announcing import VISIT_DUTY, VISITS, visit_key
from audits.services.letting_go import let_go
from audits.services.sides import audit_held, must_file, must_judge
from audits.services.telling import asked_for_day, asked_no_more, asked_to_accept, called_off, told_supplier, told_team
from audits.status import AHEAD, VISIT_MOVES, moved
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from parties.models import Membership
from parties.selectors import working_calendar
from records.services.entries import append_entry

LONGEST_WORDS = 500
FURTHEST = timedelta(days=366)
MOST_ON_A_TEAM = 8
HALVES = ("", "am", "pm")


@dataclass(frozen=True, slots=True)
class Moved:
    """Another day for a visit, and why. `half` is the part of the day, where somebody is booked."""

    on: date
    words: str = ""
    half: str = ""


def _visit_held(actor: Actor, audit_id: UUID) -> Audit:
    audit = audit_held(actor, audit_id)
    if audit.kind not in VISITS:
        raise Absent
    return audit


def _note(actor: Actor, audit: Audit, kind: str, now: datetime, **facts: Any) -> None:
    """In the common record, once the firm knows of the visit at all."""
    if audit.announced:
        payload = {"checklist": audit.checklist_id, "period": audit.period, **facts}
        append_entry(
            actor=actor, stream=audit.agreement, kind=kind, subject_id=audit.pk, payload=payload, effective_on=audit.visit_on, now=now
        )  # fmt: skip


@transaction.atomic
def accept_day(*, actor: Actor, audit_id: UUID, now: datetime) -> Audit:
    """The firm agrees to the day. Agreed twice, it is agreed once."""
    audit = _visit_held(actor, audit_id)
    must_file(actor, audit.supplier_org_id)
    if audit.state == Audit.State.ACCEPTED:
        return audit
    audit.state, audit.accepted_at = moved(VISIT_MOVES, audit.state, "accept", Hat.SUPPLIER), now
    audit.save(update_fields=["state", "accepted_at"])
    _note(actor, audit, "visit_accepted", now, visit_on=audit.visit_on.isoformat())
    asked_no_more(audit, now=now)
    told_team(audit, "visit_accepted", now=now)
    return audit


@transaction.atomic
def ask_for_day(*, actor: Actor, audit_id: UUID, wanted_on: date, reason: str, now: datetime) -> DateAsk:
    """The firm asks for another day and says why: twice at most, then it is time to talk. Asked the same again, it is asked once."""
    audit = _visit_held(actor, audit_id)
    must_file(actor, audit.supplier_org_id)
    reason = _words(reason, "reason")
    newest = DateAsk.objects.visible_to(actor).filter(audit=audit).order_by("-number").first()
    if audit.state == Audit.State.RESCHEDULE_ASKED and newest is not None and newest.wanted_on == wanted_on:
        return newest
    state = moved(VISIT_MOVES, audit.state, "ask_date", Hat.SUPPLIER)
    if audit.dates_asked >= MOST_ASKS:
        raise RuleBroken("day_asked_twice")
    _sound_day(wanted_on, now, "wanted_on")
    if wanted_on == audit.visit_on:
        raise RuleBroken("day_is_the_same", field="wanted_on")
    ask = DateAsk.objects.create(
        audit=audit, owner_org_id=audit.owner_org_id, supplier_org_id=audit.supplier_org_id, number=audit.dates_asked + 1,
        was_on=audit.visit_on, wanted_on=wanted_on, reason=reason, asked_by=actor.person_name, asked_at=now,
    )  # fmt: skip
    audit.state, audit.dates_asked = state, audit.dates_asked + 1
    audit.save(update_fields=["state", "dates_asked"])
    _note(actor, audit, "visit_day_asked", now, visit_on=ask.was_on.isoformat(), wanted_on=wanted_on.isoformat(), reason=reason)
    asked_no_more(audit, now=now)
    asked_for_day(audit, now=now)
    return ask


@transaction.atomic
def give_day(*, actor: Actor, audit_id: UUID, now: datetime) -> Audit:
    """The chain owner comes on the day that the firm asked for: agreed by both."""
    audit, ask = _asked(actor, audit_id)
    _sound_day(ask.wanted_on, now, "wanted_on")
    state = moved(VISIT_MOVES, audit.state, "give_date", Hat.OWNER)
    _answered(actor, ask, DateAsk.Answer.GIVEN, "", now)
    _put_day(audit, Moved(ask.wanted_on), state)
    _note(actor, audit, "visit_moved", now, was_on=ask.was_on.isoformat(), visit_on=audit.visit_on.isoformat())
    asked_no_more(audit, now=now)
    told_supplier(audit, "visit_moved", now=now)
    return audit


@transaction.atomic
def keep_day(*, actor: Actor, audit_id: UUID, words: str, now: datetime) -> Audit:
    """The chain owner keeps its day and says why; the firm is asked again."""
    audit, ask = _asked(actor, audit_id)
    words = _words(words, "words")
    audit.state = moved(VISIT_MOVES, audit.state, "keep_date", Hat.OWNER)
    _answered(actor, ask, DateAsk.Answer.KEPT, words, now)
    audit.save(update_fields=["state"])
    _note(actor, audit, "visit_day_kept", now, visit_on=audit.visit_on.isoformat(), reason=words)
    asked_no_more(audit, now=now)
    asked_to_accept(audit, now=now)
    told_supplier(audit, "visit_day_kept", now=now)
    return audit


@transaction.atomic
def move_visit(*, actor: Actor, audit_id: UUID, to: Moved, now: datetime) -> Audit:
    """The chain owner moves a visit. A firm that was told is told again and asked again; what was asked is answered by it."""
    audit = _visit_held(actor, audit_id)
    must_judge(actor, audit.owner_org_id)
    _sound_day(to.on, now, "on")
    if to.half not in HALVES:
        raise RuleBroken("half_unknown", field="half")
    if to.on == audit.visit_on and to.half == audit.half:
        return audit
    told, was_on = audit.state != Audit.State.PLANNED and audit.announced, audit.visit_on
    words = _words(to.words, "words") if told else to.words.strip()[:LONGEST_WORDS]
    state = moved(VISIT_MOVES, audit.state, "move", Hat.OWNER) if audit.announced else Audit.State.PLANNED.value
    if audit.state not in AHEAD:
        raise RuleBroken("finding_not_in_this_state")
    if audit.state == Audit.State.RESCHEDULE_ASKED:
        _answered(actor, _waiting(actor, audit), DateAsk.Answer.GIVEN, words, now, given_on=to.on)
    _put_day(audit, to, state)
    if told:
        _note(actor, audit, "visit_moved", now, was_on=was_on.isoformat(), visit_on=to.on.isoformat(), reason=words)
        asked_no_more(audit, now=now)
        asked_to_accept(audit, now=now)
        told_supplier(audit, "visit_moved", now=now)
    return audit


@transaction.atomic
def call_off(*, actor: Actor, audit_id: UUID, words: str, now: datetime) -> Audit:
    """The visit does not take place. Called off twice, it is called off once."""
    audit = _visit_held(actor, audit_id)
    must_judge(actor, audit.owner_org_id)
    if audit.state == Audit.State.CANCELLED:
        return audit
    words, told = _words(words, "words"), audit.state != Audit.State.PLANNED
    audit.state = moved(VISIT_MOVES, audit.state, "call_off", Hat.OWNER)
    audit.save(update_fields=["state"])
    let_go(audit)
    if audit.programme is not None and audit.programme.clause_id is not None:
        void_from(clause_ids=[audit.programme.clause_id], on=date.min, now=now, kinds=[VISIT_DUTY], keys=[visit_key(audit)])
    if told:
        _note(actor, audit, "visit_called_off", now, visit_on=audit.visit_on.isoformat(), reason=words)
        called_off(audit, now=now)
    return audit


@transaction.atomic
def join_team(*, actor: Actor, audit_id: UUID, person_id: UUID, lead: bool = False, now: datetime) -> AuditTeam:
    """Send somebody of the firm. The first who is sent leads; nobody audits a firm of which he is a member."""
    audit = _visit_held(actor, audit_id)
    must_judge(actor, audit.owner_org_id)
    _still_ahead(audit)
    who = next((one for one in auditors(actor) if one.person_id == person_id), None)
    if who is None:
        raise RuleBroken("not_an_auditor", field="person_id")
    with acting_as(Hat.CLOCK):
        own = Membership.objects.filter(org_id=audit.supplier_org_id, person_id=person_id).exists()
    if own:
        raise RuleBroken("auditor_of_own_firm", field="person_id")
    team = list(AuditTeam.objects.visible_to(actor).filter(audit=audit))
    if len(team) >= MOST_ON_A_TEAM and person_id not in {one.person_id for one in team}:
        raise RuleBroken("team_is_full", most=MOST_ON_A_TEAM)
    lead = lead or not any(one.is_lead and one.person_id != person_id for one in team)
    if lead:
        AuditTeam.objects.filter(audit=audit, is_lead=True).exclude(person_id=person_id).update(is_lead=False)
    sides = {"owner_org_id": audit.owner_org_id, "supplier_org_id": audit.supplier_org_id}
    row = AuditTeam(audit=audit, **sides, person_id=person_id, person_name=who.name, joined_at=now)
    AuditTeam.objects.bulk_create([row], ignore_conflicts=True)
    AuditTeam.objects.filter(audit=audit, person_id=person_id).update(is_lead=lead)
    return AuditTeam.objects.get(audit=audit, person_id=person_id)


@transaction.atomic
def leave_team(*, actor: Actor, audit_id: UUID, team_id: UUID) -> None:
    """Take somebody off before the visit begins; who joined first of the others leads then."""
    audit = _visit_held(actor, audit_id)
    must_judge(actor, audit.owner_org_id)
    _still_ahead(audit)
    mine = AuditTeam.objects.visible_to(actor).filter(audit=audit)
    gone = mine.filter(pk=team_id).first()
    if gone is None:
        return
    gone.delete()
    let_go(audit, person_id=gone.person_id)
    next_one = mine.order_by("joined_at", "id").first()
    if gone.is_lead and next_one is not None:
        AuditTeam.objects.filter(pk=next_one.pk).update(is_lead=True)


def _still_ahead(audit: Audit) -> None:
    if audit.state not in AHEAD and audit.state != Audit.State.IN_PROGRESS:
        raise RuleBroken("finding_not_in_this_state")


def _asked(actor: Actor, audit_id: UUID) -> tuple[Audit, DateAsk]:
    audit = _visit_held(actor, audit_id)
    must_judge(actor, audit.owner_org_id)
    return audit, _waiting(actor, audit)


def _waiting(actor: Actor, audit: Audit) -> DateAsk:
    ask = DateAsk.objects.visible_to(actor).filter(audit=audit, answer=DateAsk.Answer.WAITING).order_by("-number").first()
    if ask is None:
        raise RuleBroken("finding_not_in_this_state")
    return ask


def _answered(actor: Actor, ask: DateAsk, answer: DateAsk.Answer, words: str, now: datetime, *, given_on: date | None = None) -> None:
    ask.answer, ask.words, ask.answered_by, ask.answered_at = answer, words, actor.person_name, now
    ask.given_on = given_on or (ask.wanted_on if answer == DateAsk.Answer.GIVEN else None)
    ask.save(update_fields=["answer", "words", "given_on", "answered_by", "answered_at"])


def _put_day(audit: Audit, to: Moved, state: str) -> None:
    """The notice counts back from the new day; the window follows where the day lies outside of it."""
    notice = (audit.visit_on - audit.notice_on).days
    audit.state, audit.visit_on, audit.half, audit.notice_on = state, to.on, to.half, to.on - timedelta(days=notice)
    if audit.window_from is not None and audit.window_to is not None:
        audit.window_from, audit.window_to = min(audit.window_from, to.on), max(audit.window_to, to.on)
    audit.save(update_fields=["state", "visit_on", "half", "notice_on", "window_from", "window_to"])
    let_go(audit)  # an auditor was booked for the day before; who moves a visit by its booking books anew


def _sound_day(day: date, now: datetime, field: str) -> None:
    today = timezone.localdate(now)
    if not today < day <= today + FURTHEST:
        raise RuleBroken("day_out_of_reach", field=field)
    if not working_calendar().is_working(day):
        raise RuleBroken("day_is_not_worked", field=field)


def _words(words: str, field: str) -> str:
    words = " ".join(words.split())
    if not words or len(words) > LONGEST_WORDS:
        raise RuleBroken("visit_needs_words", field=field, most=LONGEST_WORDS)
    return words
