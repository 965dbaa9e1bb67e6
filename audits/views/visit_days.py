"""What both sides do about the day of a visit, and who goes: each a small form on the page of the visit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audits.forms_programmes import AskDayForm, CallOffForm, KeepDayForm, MoveForm, TeamForm
from audits.models import Audit
from audits.selectors import audit_for
from audits.selectors.visits import VISITS, auditors
from audits.services import Moved, accept_day, ask_for_day, call_off, give_day, join_team, keep_day, leave_team, move_visit
from audits.views.tools import tried
from audits.views.visits import visit_page
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent


def _visit(request: ActorRequest, audit_id: UUID) -> Audit:
    audit = audit_for(request.actor, audit_id)
    if audit.kind not in VISITS:
        raise Absent
    return audit


def _done(request: ActorRequest, audit_id: UUID, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("audits:audit", audit_id)


def _again(request: ActorRequest, audit: Audit, verb: str, form: Any) -> HttpResponse:
    """The same page, with what was typed and why it is refused."""
    response = visit_page(request, audit, forms={verb: form}, refused_verb=verb)
    response.status_code = 422
    return response


@wearing(Hat.SUPPLIER)
@require_POST
def accept(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """The day suits the firm."""
    accept_day(actor=request.actor, audit_id=_visit(request, audit_id).pk, now=timezone.now())
    return _done(request, audit_id, _("Agreed. You will be reminded three days before."))


@wearing(Hat.SUPPLIER)
@require_POST
def ask(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """The firm asks for another day."""
    audit, form = _visit(request, audit_id), AskDayForm(request.POST)
    if form.is_valid() and tried(
        form, lambda: ask_for_day(actor=request.actor, audit_id=audit.pk, now=timezone.now(), **form.cleaned_data)
    ):
        return _done(request, audit_id, _("Sent. The chain owner answers; until then the day stands as it is."))
    return _again(request, audit, "ask", form)


@wearing(Hat.OWNER)
@require_POST
def give(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """The chain owner comes on the day that was asked for."""
    give_day(actor=request.actor, audit_id=_visit(request, audit_id).pk, now=timezone.now())
    return _done(request, audit_id, _("The visit is on the day that the supplier asked for."))


@wearing(Hat.OWNER)
@require_POST
def keep(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """The chain owner keeps its day."""
    audit, form = _visit(request, audit_id), KeepDayForm(request.POST)
    if form.is_valid() and tried(form, lambda: keep_day(actor=request.actor, audit_id=audit.pk, now=timezone.now(), **form.cleaned_data)):
        return _done(request, audit_id, _("The day stays. The supplier is asked again."))
    return _again(request, audit, "keep", form)


@wearing(Hat.OWNER)
@require_POST
def move(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """The chain owner moves the visit."""
    audit, form = _visit(request, audit_id), MoveForm(request.POST)
    if form.is_valid() and tried(
        form, lambda: move_visit(actor=request.actor, audit_id=audit.pk, to=Moved(**form.cleaned_data), now=timezone.now())
    ):
        return _done(request, audit_id, _("Moved."))
    return _again(request, audit, "move", form)


@wearing(Hat.OWNER)
@require_POST
def off(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """The visit does not take place."""
    audit, form = _visit(request, audit_id), CallOffForm(request.POST)
    if form.is_valid() and tried(form, lambda: call_off(actor=request.actor, audit_id=audit.pk, now=timezone.now(), **form.cleaned_data)):
        return _done(request, audit_id, _("Called off."))
    return _again(request, audit, "off", form)


@wearing(Hat.OWNER)
@require_POST
def join(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """Send a colleague."""
    audit = _visit(request, audit_id)
    form = TeamForm([(str(one.person_id), one.name) for one in auditors(request.actor)], request.POST)
    if form.is_valid() and tried(
        form,
        lambda: join_team(
            actor=request.actor, audit_id=audit.pk, person_id=UUID(form.cleaned_data["person_id"]), lead=form.cleaned_data["lead"],
            now=timezone.now(),
        ),
    ):  # fmt: skip
        return _done(request, audit_id, _("On the team."))
    return _again(request, audit, "team", form)


@wearing(Hat.OWNER)
@require_POST
def leave(request: ActorRequest, audit_id: UUID, team_id: UUID) -> HttpResponse:
    """Take a colleague off."""
    leave_team(actor=request.actor, audit_id=_visit(request, audit_id).pk, team_id=team_id)
    return _done(request, audit_id, _("Off the team."))
