"""The people of a firm: who does what since when, who comes in, who stands in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.actor import BUSINESS_HATS, Actor, ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from parties.forms import CqoForm, DeputyForm, EndForm, InviteForm, RoleForm
from parties.qr import qr_svg
from parties.roles import MAY_ADMINISTER
from parties.selectors import (
    colleague_invitation_for,
    colleagues,
    cqo_facts_for,
    cqo_today,
    membership_for,
    open_colleague_invitations,
)
from parties.services import (
    ColleagueSaid,
    CqoSaid,
    appoint_cqo,
    colleague_url,
    end_deputy,
    end_role,
    give_role,
    invite_colleague,
    name_deputy,
    revoke_colleague,
)
from parties.words import EDUCATIONS, ROLES, in_language

APPOINTING = (Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER)
FORM = ["GET", "HEAD", "POST"]


@require_safe
@wearing(*BUSINESS_HATS)
def people(request: ActorRequest) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    today = timezone.localdate(now)
    context = {
        "people": [_shown(one, actor, today) for one in colleagues(actor, on=today)],
        "invitations": [(row, _roles(row.roles)) for row in open_colleague_invitations(actor, now=now)] if _administers(actor) else [],
        "cqo": cqo_today(actor, on=today),
        "appoints": actor.hat in APPOINTING,
        "may_appoint": actor.hat in APPOINTING and "signatory" in actor.roles,
        "may_administer": _administers(actor),
        "me": actor.person_id,
        "now": now,
        "educations": EDUCATIONS,
    }
    return render(request, "parties/people.html", context)


@require_http_methods(FORM)
@wearing(*BUSINESS_HATS)
def invite(request: ActorRequest) -> HttpResponse:
    form = InviteForm([], request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = invite_colleague(actor=request.actor, said=ColleagueSaid(**form.cleaned_data), now=timezone.now())
        except RuleBroken as broken:
            _put(form, broken)
        else:
            return redirect("parties:invitation", row.pk)
    return _form_page(request, form, title=_("Add a colleague"), submit=_("Make the invitation"))


@require_safe
@wearing(*BUSINESS_HATS)
def invitation(request: ActorRequest, colleague_invitation_id: UUID) -> HttpResponse:
    """The link and the code to hand over, as long as nobody has used it."""
    request.actor.must_hold(*MAY_ADMINISTER)
    row, now = colleague_invitation_for(request.actor, colleague_invitation_id), timezone.now()
    is_open = row.used_at is None and row.revoked_at is None and row.expires_at > now
    url = colleague_url(row.pk) if is_open else ""
    context = {"row": row, "roles": _roles(row.roles), "url": url, "qr": qr_svg(url) if url else "", "now": now}
    return render(request, "parties/invitation.html", context)


@require_POST
@wearing(*BUSINESS_HATS)
def revoke(request: ActorRequest, colleague_invitation_id: UUID) -> HttpResponse:
    revoke_colleague(actor=request.actor, invitation_id=colleague_invitation_id, now=timezone.now())
    messages.success(request, _("The invitation is closed."))
    return redirect("parties:people")


@require_http_methods(FORM)
@wearing(*BUSINESS_HATS)
def role_new(request: ActorRequest) -> HttpResponse:
    today = timezone.localdate()
    form = RoleForm(_choices(request.actor), request.POST or None, initial={"valid_from": today, "person": request.GET.get("person", "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            give_role(
                actor=request.actor, person_id=UUID(said["person"]), role=said["role"], valid_from=said["valid_from"],
                valid_to=said["valid_to"], now=timezone.now(),
            )  # fmt: skip
        except RuleBroken as broken:
            _put(form, broken)
        else:
            messages.success(request, _("The role is given."))
            return redirect("parties:people")
    return _form_page(request, form, title=_("Give a role"), submit=_("Give the role"))


@require_http_methods(FORM)
@wearing(*BUSINESS_HATS)
def role_end(request: ActorRequest, membership_id: UUID) -> HttpResponse:
    row = membership_for(request.actor, membership_id)
    form = EndForm(request.POST or None, initial={"last_day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            end_role(actor=request.actor, membership_id=row.pk, last_day=form.cleaned_data["last_day"], now=timezone.now())
        except RuleBroken as broken:
            _put(form, broken)
        else:
            messages.success(request, _("The role ends on that day. What was done in it stays."))
            return redirect("parties:people")
    title = _("End the role %(role)s of %(name)s") % {"role": ROLES[row.role], "name": row.person_name}
    return _form_page(request, form, title=title, submit=_("End the role"))


@require_http_methods(FORM)
@wearing(*APPOINTING)
def cqo(request: ActorRequest) -> HttpResponse:
    form = CqoForm(_choices(request.actor), request.POST or None, initial={"appointed_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        person_id = UUID(said.pop("person"))
        try:
            facts = appoint_cqo(actor=request.actor, person_id=person_id, said=CqoSaid(**said), now=timezone.now())
        except RuleBroken as broken:
            _put(form, broken)
        else:
            return redirect("parties:appointment", facts.pk)
    sub = _("By a signatory. Whoever was it before hands over on that day.")
    return _form_page(request, form, title=_("Appoint the chief quality officer"), submit=_("Appoint"), sub=sub)


@require_safe
@wearing(*APPOINTING)
def appointment(request: ActorRequest, membership_id: UUID) -> HttpResponse:
    """The appointment as a paper to print, sign and hang up."""
    facts = cqo_facts_for(request.actor, membership_id)
    context = {"facts": facts, "education": EDUCATIONS[facts.education], "now": timezone.now()}
    return render(request, "parties/appointment.html", context)


@require_http_methods(FORM)
@wearing(*BUSINESS_HATS)
def deputy_new(request: ActorRequest) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    initial = {"valid_from": today, "stands_for": request.GET.get("stands_for") or str(actor.person_id)}
    form = DeputyForm(_choices(actor), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            name_deputy(
                actor=actor, person_id=UUID(said["person"]), stands_for_id=UUID(said["stands_for"]), roles=said["roles"],
                days=(said["valid_from"], said["valid_to"]), now=timezone.now(),
            )  # fmt: skip
        except RuleBroken as broken:
            _put(form, broken)
        else:
            messages.success(request, _("The deputy is named. Both see it here."))
            return redirect("parties:people")
    sub = _("Signing and administering are not lent: for those days give the role itself.")
    return _form_page(request, form, title=_("Name a deputy"), submit=_("Name the deputy"), sub=sub)


@require_POST
@wearing(*BUSINESS_HATS)
def deputy_end(request: ActorRequest, deputy_id: UUID) -> HttpResponse:
    end_deputy(actor=request.actor, deputy_id=deputy_id, now=timezone.now())
    messages.success(request, _("Nobody stands in any more."))
    return redirect("parties:people")


def _administers(actor: Actor) -> bool:
    return bool(actor.roles.intersection(MAY_ADMINISTER))


def _roles(names: list[str]) -> list[str]:
    return [str(ROLES[name]) for name in names]


def _choices(actor: Actor) -> list[tuple[str, str]]:
    return [(str(one.person_id), one.name) for one in colleagues(actor, on=timezone.localdate()) if one.is_here]


def _shown(one: Any, actor: Actor, today: Any) -> dict[str, Any]:
    return {
        "one": one,
        "roles": [{"row": row, "words": ROLES[row.role], "later": row.valid_from > today} for row in one.roles],
        "past": [{"row": row, "words": ROLES[row.role]} for row in one.past],
        "stands_in": [{"row": row, "words": _roles(row.roles), "later": row.valid_from > today} for row in one.stands_in],
        "covered_by": [
            {
                "row": row,
                "words": _roles(row.roles),
                "may_end": _administers(actor) or actor.person_id in (row.person_id, row.stands_for_id),
            }
            for row in one.covered_by
        ],
        "is_me": one.person_id == actor.person_id,
    }


def _put(form: Any, broken: RuleBroken) -> None:
    form.add_error(broken.field if broken.field in form.fields else None, broken.words())


def _form_page(request: ActorRequest, form: Any, *, title: str, submit: str, sub: str = "") -> HttpResponse:
    org = in_language(request.actor.org_name_zh, request.actor.org_name_en)
    context = {"form": form, "title": title, "submit": submit, "sub": sub or org}
    return render(request, "parties/form.html", context, status=422 if form.errors else 200)
