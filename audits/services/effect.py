"""Whether a corrective action works shows on the next lots: ask for so many, look at them, close or open again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from audits.models import CorrectiveAction, EffectCheck, Finding
from audits.selectors import deadline_clause
from audits.selectors.corrective import lots_since, open_effect_check
from audits.services.findings import ask_supplier, days_of, note, owe, stepped
from audits.services.review import close_if_done
from audits.services.sides import audit_held, finding_held, for_owner, for_supplier, must_judge
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from inspections.models import Lot
from notices.services import close_todo, put_todo, tell

MOST_LOTS = 50


def watch_effect(actor: Actor, finding: Finding, action: CorrectiveAction, lots_wanted: int, now: datetime) -> None:
    """The action is verified; the lots made after it show whether it works. The finding is held by the caller."""
    EffectCheck(
        finding=finding, owner_org_id=finding.owner_org_id, supplier_org_id=finding.supplier_org_id, lots_wanted=lots_wanted,
        since_on=timezone.localdate(action.answered_at), asked_by=actor.person_name, asked_at=now,
    ).save(force_insert=True)  # fmt: skip
    note(actor, finding, "finding_watched", {"lots": lots_wanted}, now)
    close_todo(kind="finding_answered", subject_id=finding.pk, now=now)
    tell(**for_supplier(finding.agreement), kind="finding_watched", subject_id=finding.pk, now=now)


def closed(actor: Actor, finding: Finding, now: datetime) -> None:
    """What goes with the end of a finding: the record, the lists, the supplier, and the audit it was of."""
    note(actor, finding, "finding_closed", {}, now)
    for kind in ("finding_answered", "finding_effect", "finding_late"):
        close_todo(kind=kind, subject_id=finding.pk, now=now)
    tell(**for_supplier(finding.agreement), kind="finding_closed", subject_id=finding.pk, now=now)
    if finding.audit_id is not None:
        close_if_done(actor, audit_held(actor, finding.audit_id), now)


@transaction.atomic
def judge_effect(*, actor: Actor, finding_id: UUID, works: bool, words: str, now: datetime) -> Finding:
    """Say whether it works, once the lots are there. Where it does not, the finding is open again with a new day from the clause.

    Raises RuleBroken("finding_reason_missing"), ("lots_not_there_yet") where it is said to work too early.
    """
    finding = finding_held(actor, finding_id)
    must_judge(actor, finding.owner_org_id)
    check = open_effect_check(actor, finding)
    if check is None:
        if finding.state == (Finding.State.CLOSED if works else Finding.State.REOPENED):
            return finding
        raise RuleBroken("finding_not_in_this_state")
    if not words.strip():
        raise RuleBroken("finding_reason_missing", field="words")
    missing = check.lots_wanted - len(lots_since(actor, check))
    if works and missing > 0:
        raise RuleBroken("lots_not_there_yet", field="works", missing=missing)
    check.effective, check.words, check.judged_by, check.judged_at = works, words.strip(), actor.person_name, now
    check.save(update_fields=["effective", "words", "judged_by", "judged_at"])
    if works:
        stepped(finding, "works", actor.hat, closed_at=now)
        closed(actor, finding, now)
    else:
        _reopened(actor, finding, check, now)
    return finding


def _reopened(actor: Actor, finding: Finding, check: EffectCheck, now: datetime) -> None:
    clause = deadline_clause(actor, finding.agreement_id)
    if clause is None:
        raise RuleBroken("no_deadline_clause")
    due_on, contain_by = days_of(clause, finding.grade, now)
    stepped(finding, "reopen", actor.hat, due_on=due_on, contain_by=contain_by)
    again = EffectCheck.objects.visible_to(actor).filter(finding=finding, effective=False).count()
    owe(finding, clause, now, again=again)
    note(actor, finding, "finding_reopened", {"reason": check.words, "due_on": due_on.isoformat()}, now)
    close_todo(kind="finding_effect", subject_id=finding.pk, now=now)
    ask_supplier(finding, "finding_reopened", due_on, now)


def ripe_checks(now: datetime) -> list[EffectCheck]:
    """The checks whose lots are there and nobody was asked to look. Clock only."""
    made = Lot.objects.filter(
        owner_org_id=OuterRef("owner_org_id"), supplier_org_id=OuterRef("supplier_org_id"), made_on__gt=OuterRef("since_on")
    )
    waiting = EffectCheck.objects.filter(Exists(made), judged_at=None, ripe_at=None, asked_at__lte=now).select_related("finding__agreement")
    counts = made.order_by().values("owner_org_id").annotate(n=Count("id")).values("n")
    return list(waiting.alias(lots=counts).filter(Q(lots__gte=F("lots_wanted"))).order_by("asked_at", "id"))


@transaction.atomic
def ask_to_look(check: EffectCheck, *, now: datetime) -> None:
    """The lots are there: the chain owner is asked to look, once."""
    with acting_as(Hat.CLOCK):
        won = EffectCheck.objects.filter(pk=check.pk, ripe_at=None, judged_at=None).update(ripe_at=now)
    if won:
        told = for_owner(check.finding.agreement)
        put_todo(**told, kind="finding_effect", subject_id=check.finding_id, now=now)
        tell(**told, kind="finding_effect", subject_id=check.finding_id, now=now)
