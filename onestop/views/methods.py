"""The platform's desk for the method of the scores: versions, a draft with its dry run, and the second person's approval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.paging import table_file
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from onestop.forms_portraits import MethodForm
from onestop.portrait_cards import percent
from onestop.scoring import BANDS, PARTS
from onestop.selectors.scores import firms_named, method_for, method_in_force, methods, trial_of
from onestop.services.methods import approve_method, draft_method, movers_shown, propose_method, try_method, withdraw_method
from onestop.words_portraits import METHOD_STATES
from onestop.words_portraits import PARTS as NAMES
from records.models import ScoreMethod, ScoreTrial

ONE = "onestop:score_method"
Verb = Callable[..., Any]


@wearing(Hat.PLATFORM)
@require_safe
def method_list(request: ActorRequest) -> HttpResponse:
    """The versions, newest first."""
    context = {
        "versions": methods(request.actor), "chips": METHOD_STATES, "now": timezone.now(),
        "heads": [{"label": pgettext("score method", "Version")}, {"label": _("State")}, {"label": _("Why it changes")}, {"label": _("Written")}],
    }  # fmt: skip
    return render(request, "onestop/methods.html", context)


@wearing(Hat.PLATFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActorRequest) -> HttpResponse:
    """A draft that begins as the method in force."""
    stands = method_in_force(request.actor)
    form = MethodForm(request.POST or None, initial={**_said_of(stands), "client_id": uuid4().hex})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        try:
            made = draft_method(actor=request.actor, said=said, why=said["why"], client_id=said["client_id"], now=timezone.now())
            try_method(actor=request.actor, method_id=made.pk, now=timezone.now())
            return redirect(ONE, made.pk)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
    context = {"form": form, "stands": stands, "crumbs": _crumbs(_("Draft a method"))}
    return render(request, "onestop/method_new.html", context, status=422 if form.errors else 200)


def _said_of(method: ScoreMethod) -> dict[str, Any]:
    body = method.body
    said = {f"weight_{name}": body["parts"][name]["weight"] for name in PARTS} | {
        f"least_{name}": body["parts"][name]["least"] for name in PARTS
    }
    return {**said, "least_parts": body["least_parts"], **{f"floor_{band}": body["floors"][band] for band in BANDS[:-1]}}


def _crumbs(label: str) -> list[dict[str, Any]]:
    return [{"url": reverse("onestop:score_methods"), "label": _("Score methods")}, {"label": label}]


@wearing(Hat.PLATFORM)
@require_safe
def one(request: ActorRequest, method_id: UUID) -> HttpResponse:
    """A version beside the one in force, with who moves and why."""
    return _page(request, method_for(request.actor, method_id))


def _page(request: ActorRequest, row: ScoreMethod, *, refused: str = "") -> HttpResponse:
    actor = request.actor
    stands, trial = method_in_force(actor), trial_of(actor, row)
    title = pgettext("score method", "Version %(n)s") % {"n": row.number}
    context = {
        "row": row, "title": title, "stands": stands, "chips": METHOD_STATES, "now": timezone.now(), "refused": refused, "crumbs": _crumbs(title),
        "lines": _lines(stands.body, row.body), "trial": trial, **(_tried(request, trial) if trial else {}),
        "heads": [{"label": pgettext("part of a score", "Part")}, {"label": _("Weight"), "end": True}, {"label": _("Least number"), "end": True}],
        "is_open": row.state in ("draft", "proposed"), "may_approve": row.state == "proposed" and row.proposed_by_id != actor.person_id,
        "mine": row.state == "proposed" and row.proposed_by_id == actor.person_id,
        "csv_url": reverse("onestop:score_method_csv", args=[row.pk]), "xlsx_url": reverse("onestop:score_method_xlsx", args=[row.pk]),
    }  # fmt: skip
    return render(request, "onestop/method.html", context, status=422 if refused else 200)


def _lines(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    pairs = [(NAMES[part], before["parts"][part], after["parts"][part]) for part in PARTS]
    return [{"name": name, "weight": (old["weight"], new["weight"]), "least": (old["least"], new["least"])} for name, old, new in pairs]


def _tried(request: ActorRequest, trial: ScoreTrial) -> dict[str, Any]:
    movers = movers_shown(actor=request.actor, trial=trial, now=timezone.now())
    names = firms_named(request.actor, [UUID(each["org"]) for each in movers])
    none = _("no score")
    bands = [{"band": band if band != "none" else none, "before": old, "after": new} for band, (old, new) in trial.summary["bands"].items()]
    return {
        "summary": trial.summary, "bands": bands, "movers": [_mover(each, names) for each in movers],
        "band_heads": [{"label": pgettext("score", "Band")}, {"label": _("Now"), "end": True}, {"label": _("By this version"), "end": True}],
        "mover_heads": [{"label": _("Firm")}, {"label": _("Now"), "end": True}, {"label": _("By this version"), "end": True}, {"label": _("Because of")}],
    }  # fmt: skip


def _mover(each: dict[str, Any], names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "name": names.get(UUID(each["org"]), "–"), "before": f"{each['band_before']} {percent(each['before'])}".strip(),
        "after": f"{each['band_after']} {percent(each['after'])}".strip(), "part": NAMES[each["part"]],
    }  # fmt: skip


@wearing(Hat.PLATFORM)
@require_safe
def export(request: ActorRequest, method_id: UUID, kind: str) -> HttpResponse:
    """The firms that move most, as the newest dry run says."""
    row = method_for(request.actor, method_id)
    trial = trial_of(request.actor, row)
    tried = _tried(request, trial) if trial else {"movers": []}
    rows = [[each["name"], each["before"], each["after"], str(each["part"])] for each in tried["movers"]]
    return table_file("score-method", kind, ([_("Firm"), _("Now"), _("By this version"), _("Because of")], rows))


@wearing(Hat.PLATFORM)
@require_POST
def run(request: ActorRequest, method_id: UUID) -> HttpResponse:
    return _done(request, method_id, try_method, _("Tried again with today's facts."))


@wearing(Hat.PLATFORM)
@require_POST
def propose(request: ActorRequest, method_id: UUID) -> HttpResponse:
    return _done(request, method_id, propose_method, _("It waits for a second person."))


@wearing(Hat.PLATFORM)
@require_POST
def approve(request: ActorRequest, method_id: UUID) -> HttpResponse:
    return _done(request, method_id, approve_method, _("In force: tonight's scores are made by it. Former scores stay as they are."))


@wearing(Hat.PLATFORM)
@require_POST
def withdraw(request: ActorRequest, method_id: UUID) -> HttpResponse:
    return _done(request, method_id, withdraw_method, _("Withdrawn."))


def _done(request: ActorRequest, method_id: UUID, verb: Verb, words: str) -> HttpResponse:
    row = method_for(request.actor, method_id)
    try:
        verb(actor=request.actor, method_id=row.pk, now=timezone.now())
    except RuleBroken as broken:
        return _page(request, row, refused=broken.words())
    messages.success(request, words)
    return redirect(ONE, row.pk)
