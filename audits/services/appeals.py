"""An appeal: a third party of neither side reads the words of both and decides. It learns no name of theirs."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from agreements.models import Agreement, Obligation
from agreements.selectors.obligations import OPEN
from agreements.services.obligations import void_from
from audits.models import Finding, FindingAppeal, FindingContest
from audits.selectors.corrective import contests_of, third_parties
from audits.services.contesting import reasoned
from audits.services.findings import note, stepped
from audits.services.scores import score_after_appeal
from audits.services.sides import finding_held, for_owner, for_supplier, must_file
from audits.status import FINDING_MOVES, moved
from foundation.actor import CLOCK, Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from notices.services import close_todo, put_todo, tell
from records.services.entries import append_entry

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
State, Outcome = FindingAppeal.State, FindingAppeal.Outcome
DECIDERS = ("org_admin", "signatory", "cqo", "quality")


@transaction.atomic
def appeal_finding(*, actor: Actor, finding_id: UUID, arbiter_org_id: UUID, why: str, client_id: str, now: datetime) -> FindingAppeal:
    """A finding that was upheld, or reworded, goes to a third party; until it decides, the finding does not count. Once only.

    Raises RuleBroken("appeal_not_from_here"), ("third_party_unknown"), ("finding_reason_missing").
    """
    finding = finding_held(actor, finding_id)
    must_file(actor, finding.supplier_org_id)
    before: FindingAppeal | None = FindingAppeal.objects.visible_to(actor).filter(finding=finding, client_id=client_id).first()
    if before is not None:
        return before
    said, contest = reasoned(why), _decided_contest(actor, finding)
    if finding.state != Finding.State.ACCEPTED or contest is None:
        raise RuleBroken("appeal_not_from_here")
    party = next((one for one in third_parties(actor, finding) if one.pk == arbiter_org_id), None)
    if party is None:
        raise RuleBroken("third_party_unknown", field="arbiter")
    text = finding.text
    appeal = FindingAppeal(
        finding=finding, owner_org_id=finding.owner_org_id, supplier_org_id=finding.supplier_org_id, arbiter_org_id=party.pk,
        arbiter_name_zh=party.name_zh, arbiter_name_en=party.name_en, code=f"FA-{''.join(secrets.choice(LETTERS) for _ in range(8))}",
        grade=finding.grade, requirement=text.requirement, observed=text.observed, gap=text.gap, contested_because=contest.reason,
        upheld_because=contest.decision_reason, why=said, asked_by=actor.person_name, asked_at=now, client_id=client_id,
    )  # fmt: skip
    appeal.save(force_insert=True)
    stepped(finding, "appeal", actor.hat)
    note(actor, finding, "finding_appealed", {"reason": said, "party": party.name_zh}, now)
    close_todo(kind="finding_raised", subject_id=finding.pk, now=now)
    tell(**for_owner(finding.agreement), kind="finding_appealed", subject_id=finding.pk, now=now)
    line: dict[str, Any] = {"org_id": party.pk, "hat": Hat.LAB, "kind": "appeal_to_decide", "subject_id": appeal.pk}
    facts = {"other_zh": appeal.code, "other_en": appeal.code}
    put_todo(**line, facts=facts, now=now)
    tell(**line, facts=facts, now=now)
    return appeal


def _decided_contest(actor: Actor, finding: Finding) -> FindingContest | None:
    rows = [row for row in contests_of(actor, finding) if row.decision in ("upheld", "reworded")]
    taken = FindingAppeal.objects.visible_to(actor).filter(finding=finding).exclude(state=State.DECLINED).exists()
    return rows[-1] if rows and not taken else None


@transaction.atomic
def decide_appeal(*, actor: Actor, appeal_id: UUID, outcome: str, words: str, now: datetime) -> FindingAppeal:
    """The third party's word binds both: the finding stands, or it is withdrawn. The first word stands.

    Raises RuleBroken("outcome_unknown"), ("finding_reason_missing"), ("appeal_is_over").
    """
    appeal, said = _held(actor, appeal_id), reasoned(words)
    if appeal.state == State.DECIDED and appeal.outcome == outcome:
        return appeal
    if outcome not in Outcome.values:
        raise RuleBroken("outcome_unknown", field="outcome")
    return _ended(appeal, State.DECIDED, outcome, said, now)


@transaction.atomic
def decline_appeal(*, actor: Actor, appeal_id: UUID, words: str, now: datetime) -> FindingAppeal:
    """The third party cannot decide and says why; the finding stands as it was decided, and the supplier may ask another."""
    appeal, said = _held(actor, appeal_id), reasoned(words)
    return appeal if appeal.state == State.DECLINED else _ended(appeal, State.DECLINED, "", said, now)


def _held(actor: Actor, appeal_id: UUID) -> FindingAppeal:
    actor.must_wear(Hat.LAB)
    if not FindingAppeal.objects.visible_to(actor).filter(pk=appeal_id).exists():
        raise Absent
    actor.must_hold(*DECIDERS)
    with acting_as(Hat.CLOCK):
        row: FindingAppeal = FindingAppeal.objects.select_for_update(of=("self",)).select_related("finding__agreement").get(pk=appeal_id)
    return row


def _ended(appeal: FindingAppeal, state: str, outcome: str, words: str, now: datetime) -> FindingAppeal:
    if appeal.state != State.ASKED:
        raise RuleBroken("appeal_is_over")
    appeal.state, appeal.outcome, appeal.words, appeal.decided_at = state, outcome, words, now
    with acting_as(Hat.CLOCK):
        appeal.save(update_fields=["state", "outcome", "words", "decided_at"])
        finding = Finding.objects.select_for_update(of=("self",)).select_related("agreement").get(pk=appeal.finding_id)
        lifted = outcome == Outcome.WITHDRAWN
        finding.state = moved(FINDING_MOVES, finding.state, "lift" if lifted else "settle", Hat.CLOCK)
        finding.closed_at = now if lifted else None
        finding.save(update_fields=["state", "closed_at"])
        if lifted:
            _owed_no_more(finding, now)
        facts = {
            "grade": appeal.grade,
            "title": appeal.requirement[:60],
            "party": appeal.arbiter_name_zh,
            "outcome": outcome,
            "reason": words,
        }
        append_entry(actor=CLOCK, stream=finding.agreement, kind="finding_appeal_ended", subject_id=finding.pk, now=now, payload=facts)
    close_todo(kind="appeal_to_decide", subject_id=appeal.pk, now=now)
    if finding.audit_id is not None:
        score_after_appeal(audit_id=finding.audit_id, owner_org_id=finding.owner_org_id, now=now)
    _tell_both(finding, finding.agreement, lifted, now)
    return appeal


def _owed_no_more(finding: Finding, now: datetime) -> None:
    for duty in Obligation.objects.filter(OPEN, subject_id=finding.pk, side="supplier"):
        void_from(clause_ids=[duty.clause_id], on=duty.due_on, keys=[duty.key], now=now)


def _tell_both(finding: Finding, agreement: Agreement, lifted: bool, now: datetime) -> None:
    for told in (for_owner(agreement), for_supplier(agreement)):
        tell(**told, kind="finding_appeal_ended", subject_id=finding.pk, now=now)
    if not lifted:
        put_todo(**for_supplier(agreement), kind="finding_raised", subject_id=finding.pk, due_on=finding.due_on, now=now)
