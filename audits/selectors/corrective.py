"""Questions about the steps of a corrective action: what was contained, planned, hung under it, and what still has to show."""

from __future__ import annotations

from agreements.models import Obligation
from agreements.selectors.obligations import OPEN
from audits.models import (
    ActionPlan,
    Containment,
    EffectCheck,
    Finding,
    FindingAppeal,
    FindingContest,
    FindingEscalation,
    FindingEvidence,
    FindingWording,
)
from audits.status import FINDING_MOVES, may
from foundation.actor import Actor, Hat, acting_as
from inspections.models import Lot
from parties.models import Organisation


def containments_of(actor: Actor, finding: Finding) -> list[Containment]:
    """What was done at once, oldest first."""
    return list(Containment.objects.visible_to(actor).filter(finding=finding).order_by("contained_at", "id"))


def plans_of(actor: Actor, finding: Finding) -> list[ActionPlan]:
    """Every plan, oldest first."""
    return list(ActionPlan.objects.visible_to(actor).filter(finding=finding).order_by("planned_at", "id"))


def waiting_plan(actor: Actor, finding: Finding) -> ActionPlan | None:
    """The plan that waits for the chain owner's word."""
    row: ActionPlan | None = ActionPlan.objects.visible_to(actor).filter(finding=finding, state=ActionPlan.State.PROPOSED).first()
    return row


def accepted_plan(actor: Actor, finding: Finding) -> ActionPlan | None:
    """The plan that is carried out: the last one, if it was accepted."""
    row: ActionPlan | None = ActionPlan.objects.visible_to(actor).filter(finding=finding).order_by("-planned_at", "-id").first()
    return row if row is not None and row.state == ActionPlan.State.ACCEPTED else None


def steps_of_supplier(actor: Actor, finding: Finding) -> list[str]:
    """What the supplier may say next, by the kinds of a phone's operations. What was found before goes step by step only."""
    verbs = {"answer_finding": "answer", "contain": "contain", "plan": "plan", "carry_out": "done"}
    able = [kind for kind, verb in verbs.items() if may(FINDING_MOVES, finding.state, verb, Hat.SUPPLIER)]
    shut = {"answer_finding"} if finding.nth > 1 else set()
    if "carry_out" in able and accepted_plan(actor, finding) is None:
        shut.add("carry_out")
    return [kind for kind in able if kind not in shut]


def evidence_under(actor: Actor, finding: Finding) -> list[FindingEvidence]:
    """Photos and papers under the steps, oldest first."""
    return list(FindingEvidence.objects.visible_to(actor).filter(finding=finding).order_by("added_at", "id"))


def duties_of(actor: Actor, finding: Finding) -> list[Obligation]:
    """What the supplier still owes for it."""
    return list(Obligation.objects.visible_to(actor).filter(OPEN, subject_id=finding.pk, side="supplier").order_by("due_on", "id"))


def effect_checks_of(actor: Actor, finding: Finding) -> list[EffectCheck]:
    """Whether it works, as it was looked at, oldest first."""
    return list(EffectCheck.objects.visible_to(actor).filter(finding=finding).order_by("asked_at", "id"))


def open_effect_check(actor: Actor, finding: Finding) -> EffectCheck | None:
    """The check that is under way."""
    row: EffectCheck | None = EffectCheck.objects.visible_to(actor).filter(finding=finding, judged_at=None).first()
    return row


def lots_since(actor: Actor, check: EffectCheck) -> list[Lot]:
    """The lots of this relation made since the action was carried out, oldest first, no more than are asked for."""
    rows = Lot.objects.visible_to(actor).filter(owner_org_id=check.owner_org_id, supplier_org_id=check.supplier_org_id)
    return list(rows.filter(made_on__gt=check.since_on).order_by("made_on", "id")[: check.lots_wanted])


def contests_of(actor: Actor, finding: Finding) -> list[FindingContest]:
    """Every contest with its decision, oldest first."""
    return list(FindingContest.objects.visible_to(actor).filter(finding=finding).order_by("contested_at", "id"))


def wordings_of(actor: Actor, finding: Finding) -> list[FindingWording]:
    """What it said before, oldest first."""
    return list(FindingWording.objects.visible_to(actor).filter(finding=finding).order_by("number"))


def appeals_of(actor: Actor, finding: Finding) -> list[FindingAppeal]:
    """Appeals to a third party, oldest first."""
    return list(FindingAppeal.objects.visible_to(actor).filter(finding=finding).order_by("asked_at", "id"))


def was_brought_up(actor: Actor, finding: Finding) -> bool:
    """Whether its past day was brought up with both sides."""
    return FindingEscalation.objects.visible_to(actor).filter(finding=finding).exists()


def third_parties(actor: Actor, finding: Finding) -> list[Organisation]:
    """The laboratories and institutes here that are neither side's own; demo firms are among themselves."""
    with acting_as(Hat.CLOCK):
        rows = Organisation.objects.filter(hats__hat=Hat.LAB.value, state="verified", is_demo=actor.is_demo)
        return list(rows.exclude(pk__in=[finding.owner_org_id, finding.supplier_org_id]).order_by("pinyin_key", "id"))
