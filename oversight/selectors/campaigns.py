"""Whom a campaign is for, what a firm was told, how many took it up."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from agreements.models import Agreement
from audits.models import Finding
from foundation.actor import CLOCK, Actor, Hat, acting_as
from foundation.errors import Absent
from oversight.campaign_rules import Crowd, Rule, crowd, funnel
from oversight.models import Campaign, CampaignReach
from oversight.selectors.counting import FINDING_OPEN
from parties.models import Organisation, OrgRole
from suppliers.models import Paper

CHAIN_HATS = (Hat.OWNER, Hat.SUPPLIER)


def firms_of(rule: Rule, *, today: date, closer: bool) -> QuerySet[Any]:
    """The firms that a rule names, each with the hat in which it is told. Clock only.

    `closer` asks what only the clock may look at: papers, findings, agreements.
    """
    rows: QuerySet[Any] = Organisation.objects.visible_to(CLOCK).exclude(state=Organisation.State.CLOSED).exclude(node_codes=[])
    same = {"region_id__in": rule.regions, "town_id__in": rule.towns, "node_codes__overlap": list(rule.nodes), "size__in": rule.sizes}
    rows = rows.filter(**{column: value for column, value in same.items() if value})
    if rule.above_scale:
        rows = rows.filter(above_scale=True)
    hats = OrgRole.objects.filter(org_id=OuterRef("pk"))
    supplies = Exists(hats.filter(hat=Hat.SUPPLIER))
    rows = rows.filter(Exists(hats.filter(hat__in=CHAIN_HATS)))
    if closer:
        rows = _looked_closer(rows, rule, today)
    return rows.annotate(told_as=Case(When(supplies, then=Value(Hat.SUPPLIER.value)), default=Value(Hat.OWNER.value)))


def _looked_closer(rows: QuerySet[Any], rule: Rule, today: date) -> QuerySet[Any]:
    if rule.lacks_certificate:
        valid = Paper.objects.filter(org_id=OuterRef("pk"), kind="certificate", standard=rule.lacks_certificate, retired_at=None)
        rows = rows.exclude(Exists(valid.exclude(state="rejected").filter(Q(expires_on=None) | Q(expires_on__gte=today))))
    if rule.open_findings:
        open_ones = Finding.objects.filter(FINDING_OPEN, supplier_org_id=OuterRef("pk"), grade__in=("critical", "major"))
        rows = rows.filter(Exists(open_ones.exclude(state="draft")))
    if rule.no_agreement:
        signed = Agreement.objects.filter(state=Agreement.State.IN_FORCE)
        rows = rows.exclude(Exists(signed.filter(supplier_org_id=OuterRef("pk")))).exclude(
            Exists(signed.filter(owner_org_id=OuterRef("pk")))
        )
    return rows


def preview(rule: Rule, *, today: date) -> Crowd:
    """How many firms fit the registry's part. What a rule asks beyond it is never counted before it is sent."""
    return crowd(count_of(rule, today=today))


def count_of(rule: Rule, *, today: date) -> int:
    """The exact number, for the verb that refuses a campaign to a few. Never for a page."""
    with acting_as(Hat.CLOCK):
        return firms_of(rule, today=today, closer=False).count()


def campaigns(actor: Actor, *, state: str = "", after: tuple[datetime, UUID] | None = None, size: int = 25) -> tuple[list[Campaign], bool]:
    """The bureau's campaigns, newest first, with their uptake. One query."""
    rows = Campaign.objects.visible_to(actor).filter(org_id=actor.org_id).select_related("uptake", "policy")
    if state:
        rows = rows.filter(state=state)
    if after:
        rows = rows.filter(created_at__lte=after[0]).filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], pk__lt=after[1]))
    found = list(rows.order_by("-created_at", "-id")[: size + 1])
    return found[:size], len(found) > size


def campaign_for(actor: Actor, campaign_id: UUID) -> Campaign:
    """One campaign of the bureau, or Absent."""
    found = Campaign.objects.visible_to(actor).filter(pk=campaign_id, org_id=actor.org_id).select_related("uptake", "policy").first()
    if found is None:
        raise Absent
    return found


def uptake_of(campaign: Campaign) -> dict[str, Crowd]:
    """told, seen, done, passed: as they may be told. A kind of no row is of nobody yet."""
    kept = getattr(campaign, "uptake", None)
    counts = [getattr(kept, name, 0) for name in ("told", "seen", "done", "passed")]
    out_of = (campaign.fits or 0) if Rule.of(campaign.rule).looks_closer else None
    return dict(zip(("told", "seen", "done", "passed"), funnel(counts, out_of=out_of), strict=True))


def told_to(actor: Actor, *, after: tuple[datetime, UUID] | None = None, size: int = 25) -> tuple[list[CampaignReach], bool]:
    """What the bureau asked of this firm, newest first."""
    rows = CampaignReach.objects.visible_to(actor).select_related("campaign")
    if after:
        rows = rows.filter(told_at__lte=after[0]).filter(Q(told_at__lt=after[0]) | Q(told_at=after[0], pk__lt=after[1]))
    found = list(rows.order_by("-told_at", "-id")[: size + 1])
    return found[:size], len(found) > size


def reach_for(actor: Actor, campaign_id: UUID) -> CampaignReach:
    """What this firm was told in one campaign, or Absent."""
    found = CampaignReach.objects.visible_to(actor).filter(campaign_id=campaign_id).select_related("campaign__policy").first()
    if found is None:
        raise Absent
    return found


def reach_state(reach: CampaignReach) -> str:
    """As it is shown to the firm."""
    if reach.done_at:
        return "done"
    if reach.passed_at:
        return "passed"
    return "stopped" if reach.campaign.state == Campaign.State.STOPPED else "open"
