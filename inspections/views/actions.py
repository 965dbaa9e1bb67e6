"""Joint actions: opened from the comparison, answered by the supplier, closed by the chain owner."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agreements.forms import in_language, refuse
from agreements.models import Characteristic
from agreements.paging import cursor_of, more_of
from agreements.selectors.library import characteristic_for
from agreements.services.sides import OTHER
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from foundation.templatetags.qc import changed_query
from inspections.action_forms import ActionForm, AnswerForm, OutcomeForm
from inspections.consistency import compare
from inspections.consistency_words import ACTION_CHIPS, figures_in_words
from inspections.models import JointAction
from inspections.selectors.actions import PAGE, action_for, actions, figures_of, links_chosen
from inspections.selectors.consistency import groups_of, pool_of
from inspections.services.actions import ActionSaid, answer_action, close_action, open_actions
from inspections.views.windows import chosen_group, window_of
from records.models import RecordEntry
from records.timeline import lines_of
from suppliers.models import SupplyLink

SIDES = (Hat.OWNER, Hat.SUPPLIER)


def _names(codes: set[str]) -> dict[str, str]:
    return {row.pk: in_language(row.name_zh, row.name_en) for row in Characteristic.objects.filter(pk__in=codes)}


def _other(actor: Actor, row: JointAction) -> str:
    other = OTHER[actor.hat.value]
    return in_language(getattr(row, f"{other}_name_zh"), getattr(row, f"{other}_name_en"))


@wearing(*SIDES)
@require_safe
def actions_list(request: ActorRequest) -> HttpResponse:
    """Newest first; `?state=` filters, `?after=` goes on."""
    state = request.GET.get("state", "")
    found = actions(request.actor, state=state, after=cursor_of(request, datetime.fromisoformat))
    page, more = found[:PAGE], len(found) > PAGE
    names = _names({row.characteristic_code for row in page})
    views = (("", _("All")), *((value, label[2]) for value, label in ACTION_CHIPS.items()))
    context = {
        "lines": [{"row": row, "what": names.get(row.characteristic_code, row.characteristic_code), "name": _other(request.actor, row)} for row in page],
        "chips": ACTION_CHIPS, "heads": [{"label": label} for label in (_("Joint action"), _("With"), _("State"), _("Due"))], "asked": state,
        "tabs": [
            {"label": label, "url": changed_query(request.GET, {"state": value, "after": None, "seen": None}), "current": state == value} for value, label in views
        ],
        **more_of(request, (page[-1].opened_at, page[-1].pk) if more else None, len(page)),
    }  # fmt: skip
    return render(request, "inspections/actions.html", context)


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def action_new(request: ActorRequest, characteristic: str) -> HttpResponse:
    """For the suppliers picked in the comparison: each gets its own figures."""
    what = characteristic_for(characteristic)
    asked = request.POST if request.method == "POST" else request.GET
    links = links_chosen(request.actor, _ids(asked.getlist("link")))
    form = ActionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = _open(request, what, links, form)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Opened. Each supplier sees its own figures and nothing of the others."))
            return redirect("inspections:action", opened[0].pk) if len(opened) == 1 else redirect("inspections:actions")
    names = [{"id": link.pk, "name": in_language(link.name_zh, link.name_en)} for link in links]
    context = {"what": what, "name": in_language(what.name_zh, what.name_en), "links": names, "form": form}
    return render(request, "inspections/action_new.html", context, status=422 if form.errors else 200)


def _ids(said: list[str]) -> list[UUID]:
    found = []
    for each in said:
        try:
            found.append(UUID(each))
        except ValueError:
            continue
    return found


def _open(request: ActorRequest, what: Characteristic, links: list[SupplyLink], form: ActionForm) -> list[JointAction]:
    window, _months = window_of(request)
    group = chosen_group(request, groups_of(request.actor, what.code, window))
    facts: dict[UUID, dict[str, Any]] = {}
    if group is not None:
        pool = pool_of(request.actor, what.code, what.kind, window, group)
        firms = {firm.supplier_org_id: firm for firm in compare(pool)}
        facts = {link.pk: figures_of(firms[link.supplier_org_id], pool, group, window) for link in links if link.supplier_org_id in firms}
    said = ActionSaid(
        what.code, group.edition if group else "", group.unit if group else "", form.cleaned_data["aim"], form.cleaned_data["due_on"]
    )
    return open_actions(
        actor=request.actor, links=links, said=said, facts=facts, client_id=UUID(form.cleaned_data["client_id"]), now=timezone.now()
    )  # fmt: skip


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def action(request: ActorRequest, action_id: UUID) -> HttpResponse:
    """One action; the supplier answers here, the owner closes."""
    row = action_for(request.actor, action_id)
    mine = request.actor.hat == Hat.SUPPLIER
    form = (AnswerForm if mine else OutcomeForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if mine:
                answer_action(actor=request.actor, action=row, answer=form.cleaned_data["answer"], now=timezone.now())
            else:
                close_action(actor=request.actor, action=row, outcome=form.cleaned_data["outcome"], now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("inspections:action", row.pk)
    entries = RecordEntry.objects.visible_to(request.actor).filter(stream_id=row.stream_id, subject_id=row.pk).select_related("payload")
    context = {
        "row": row, "chips": ACTION_CHIPS, "form": form, "other": _other(request.actor, row), "mine": mine,
        "what": _names({row.characteristic_code}).get(row.characteristic_code, row.characteristic_code), "figures": figures_in_words(row.facts),
        "can_answer": mine and row.state == "open", "can_close": not mine and row.state != "closed",
        "lines": lines_of(request.actor, list(entries.order_by("-at", "-id"))),
    }  # fmt: skip
    return render(request, "inspections/action.html", context, status=422 if form.errors else 200)
