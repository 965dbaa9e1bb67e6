"""Campaigns: at the bureau the draft, whom it is for, its uptake; at a firm what is asked of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.templatetags.qc import changed_query
from oversight.campaign_rules import Rule
from oversight.forms_campaigns import CampaignForm, asked_beforehand, initial_of
from oversight.models import Campaign
from oversight.papers_campaigns import campaigns_table
from oversight.selectors.campaigns import campaign_for, campaigns, preview, reach_state, told_to, uptake_of
from oversight.selectors.policies import policy_for, published_policies
from oversight.selectors.problems import problem_for
from oversight.services.campaigns import (
    answer_campaign,
    change_campaign,
    draft_campaign,
    drop_campaign,
    note_seen,
    send_campaign,
    stop_campaign,
)
from oversight.views.tools import after_of, after_text, may_write, place_names, rule_choices, table_response, tried
from oversight.words_campaigns import CAMPAIGN_CHIPS, REACH_CHIPS, crowd_words, rule_sentence, rule_words, text_of
from parties.roles import MAY_FILE, MAY_WRITE
from suppliers.words import node_names

PAGE, MOST = 25, 500
FIRMS = (Hat.OWNER, Hat.SUPPLIER)


@require_safe
@wearing(Hat.BUREAU)
def campaign_list(request: ActorRequest) -> HttpResponse:
    """The bureau's campaigns, newest first."""
    state = _state(request)
    found, more = campaigns(request.actor, state=state, after=after_of(request), size=PAGE)
    places, nodes = place_names(), node_names()
    options = [("", _("All states")), *((key, chip[2]) for key, chip in CAMPAIGN_CHIPS.items())]
    export = reverse("oversight:campaigns_export")
    context = {
        "lines": [_line(row, places, nodes) for row in found], "chips": CAMPAIGN_CHIPS, "shown": len(found), "may_write": may_write(request),
        "heads": [{"label": label} for label in (_("Campaign"), _("State"), _("Meant for firms"), _("Told"), _("Done"), _("Until"))],
        "selects": [{"name": "state", "label": _("State"), "value": state, "options": [{"value": v, "label": label} for v, label in options]}],
        "more_url": changed_query(request.GET, {"after": after_text(found[-1].created_at, found[-1].pk)}) if more else "", "state": state,
        **{f"{kind}_url": export + changed_query(request.GET, {"as": kind, "after": None}) for kind in ("csv", "xlsx")},
    }  # fmt: skip
    return render(request, "oversight/campaigns.html", context)


def _state(request: ActorRequest) -> str:
    state = request.GET.get("state", "")
    return state if state in CAMPAIGN_CHIPS else ""


def _line(row: Campaign, places: dict[str, str], nodes: dict[str, str]) -> dict[str, Any]:
    taken = uptake_of(row)
    return {
        "row": row, "title": text_of(row, "title"), "rule": rule_words(Rule.of(row.rule), places, nodes),
        **{name: crowd_words(said) for name, said in taken.items()},
    }  # fmt: skip


@require_safe
@wearing(Hat.BUREAU)
def campaigns_export(request: ActorRequest) -> HttpResponse:
    """The same rows to take away."""
    rows, _more = campaigns(request.actor, state=_state(request), size=MOST)
    return table_response(request, _("Campaigns"), "campaigns", campaigns_table(rows, place_names(), node_names()))


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.BUREAU)
def campaign_new(request: ActorRequest) -> HttpResponse:
    """Draft one; an address may fill in for whom: ?region= &town= &node= &problem= &policy=."""
    request.actor.must_hold(*MAY_WRITE)
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.BUREAU)
def campaign_edit(request: ActorRequest, campaign_id: UUID) -> HttpResponse:
    """Say a draft anew."""
    row = campaign_for(request.actor, campaign_id)
    request.actor.must_hold(*MAY_WRITE)
    if row.state != Campaign.State.DRAFT:
        return redirect("oversight:campaign", row.pk)
    return _edit(request, row)


def _edit(request: ActorRequest, row: Campaign | None) -> HttpResponse:
    offered = [(str(each.pk), text_of(each, "title")) for each in published_policies(request.actor, today=timezone.localdate())]
    initial = initial_of(row) if row else {**_whom_it_fits(request), **asked_beforehand(request.GET)}
    form = CampaignForm(rule_choices(), request.POST or None, initial=initial, policies=offered)
    saved: list[Campaign] = []

    def save() -> None:
        said = form.said()
        if row is None:
            saved.append(draft_campaign(actor=request.actor, said=said, client_id=form.cleaned_data["client_id"], now=timezone.now()))
        else:
            saved.append(change_campaign(actor=request.actor, campaign_id=row.pk, said=said))

    if request.method == "POST" and form.is_valid() and tried(form, save):
        return redirect("oversight:campaign", saved[0].pk)
    back = reverse("oversight:campaign", args=[row.pk]) if row else reverse("oversight:campaigns")
    return render(request, "oversight/campaign_form.html", {"form": form, "row": row, "back": back}, status=422 if form.errors else 200)


def _whom_it_fits(request: ActorRequest) -> dict[str, Any]:
    """Whom the measure fits, or whom the problem is about, from which the officer comes."""
    said = asked_beforehand(request.GET)
    if "policy_id" in said:
        return Rule.of(policy_for(request.actor, UUID(said["policy_id"])).rule).as_json()
    if "problem_id" in said:
        about = problem_for(request.actor, UUID(said["problem_id"]))
        return Rule(regions=tuple(about.region_codes), nodes=(about.node_code,) if about.node_code else ()).as_json()
    return {}


@require_safe
@wearing(Hat.BUREAU)
def campaign(request: ActorRequest, campaign_id: UUID) -> HttpResponse:
    """One campaign: as a draft whom it would reach, later how it was taken up."""
    row = campaign_for(request.actor, campaign_id)
    rule, is_draft = Rule.of(row.rule), row.state == Campaign.State.DRAFT
    line = _line(row, place_names(), node_names())
    steps = [{"label": label, "count": line[name]} for name, label in (("told", _("Told")), ("seen", _("Seen")), ("done", _("Done")))]
    context = {
        **line, "chips": CAMPAIGN_CHIPS, "message": text_of(row, "message"), "task": text_of(row, "task"), "is_draft": is_draft,
        "reaches": crowd_words(preview(rule, today=timezone.localdate())) if is_draft else "", "looks_closer": rule.looks_closer,
        "steps": [] if is_draft else steps, "may_write": may_write(request), "policy_title": text_of(row.policy, "title") if row.policy else "",
    }  # fmt: skip
    return render(request, "oversight/campaign.html", context)


@require_POST
@wearing(Hat.BUREAU)
def campaign_send(request: ActorRequest, campaign_id: UUID) -> HttpResponse:
    send_campaign(actor=request.actor, campaign_id=campaign_id, now=timezone.now())
    messages.success(request, _("It is being sent. This page shows how far it has come."))
    return redirect("oversight:campaign", campaign_id)


@require_POST
@wearing(Hat.BUREAU)
def campaign_stop(request: ActorRequest, campaign_id: UUID) -> HttpResponse:
    stop_campaign(actor=request.actor, campaign_id=campaign_id, now=timezone.now())
    messages.success(request, _("Stopped. The task has left every list."))
    return redirect("oversight:campaign", campaign_id)


@require_POST
@wearing(Hat.BUREAU)
def campaign_drop(request: ActorRequest, campaign_id: UUID) -> HttpResponse:
    drop_campaign(actor=request.actor, campaign_id=campaign_id)
    messages.success(request, _("The draft is gone."))
    return redirect("oversight:campaigns")


@require_safe
@wearing(*FIRMS)
def told_list(request: ActorRequest) -> HttpResponse:
    """What the bureau asked of the firm, newest first."""
    found, more = told_to(request.actor, after=after_of(request), size=PAGE)
    lines = [{"reach": each, "row": each.campaign, "title": text_of(each.campaign, "title"), "state": reach_state(each)} for each in found]
    context = {
        "lines": lines, "chips": REACH_CHIPS, "shown": len(found), "heads": [{"label": label} for label in (_("Campaign"), _("State"), _("Until"))],
        "more_url": changed_query(request.GET, {"after": after_text(found[-1].told_at, found[-1].pk)}) if more else "",
    }  # fmt: skip
    return render(request, "oversight/campaigns_told.html", context)


@require_safe
@wearing(*FIRMS)
def told(request: ActorRequest, campaign_id: UUID) -> HttpResponse:
    """The message, the task, why this firm; opening it counts as seen, for all firms together."""
    reach = note_seen(actor=request.actor, campaign_id=campaign_id, now=timezone.now())
    row = reach.campaign
    context = {
        "reach": reach, "row": row, "title": text_of(row, "title"), "message": text_of(row, "message"), "task": text_of(row, "task"),
        "state": reach_state(reach), "chips": REACH_CHIPS, "whom": rule_sentence(Rule.of(row.rule), place_names(), node_names()),
        "sender": text_of(row, "org_name"), "may_answer": row.state != Campaign.State.STOPPED and bool(request.actor.roles.intersection(MAY_FILE)),
        "policy_title": text_of(row.policy, "title") if row.policy else "",
    }  # fmt: skip
    return render(request, "oversight/campaign_told.html", context)


@require_POST
@wearing(*FIRMS)
def told_answer(request: ActorRequest, campaign_id: UUID, *, done: bool) -> HttpResponse:
    """The task is done, or not for this firm."""
    answer_campaign(actor=request.actor, campaign_id=campaign_id, done=done, now=timezone.now())
    messages.success(request, _("Thank you. The bureau sees how many firms have done it, not which."))
    return redirect("oversight:campaign_told", campaign_id)
