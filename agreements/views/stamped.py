"""The stamped copy: sent in by one firm, compared by both, page beside text."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from agreements.cards import clause_cards
from agreements.forms import DiffersForm, MatchForm, OwnMatchForm, StampForm
from agreements.models import Agreement, StampedCopy
from agreements.selectors import agreement_for, clauses_of, current_version, may_sign, signatures_of
from agreements.selectors.papers import stamped_for, waits
from agreements.services.stamped import file_stamped, say_it_differs, say_it_matches
from agreements.stamped_cards import copy_card
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from parties.limits import address_of
from parties.roles import MAY_WRITE


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def stamp(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """Print, stamp, photograph, send: three steps and one form."""
    actor, agreement = request.actor, agreement_for(request.actor, agreement_id)
    version = current_version(actor, agreement)
    form = StampForm(request.POST or None, request.FILES or None, initial={"sha256": version.sha256})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            copy = file_stamped(
                actor=actor, agreement=agreement, sha256=said["sha256"], files=said["file"], client_id=said["client_id"],
                now=timezone.now(),
            )  # fmt: skip
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        else:
            messages.success(request, _("Kept. Both sides now compare it with the text."))
            return redirect("agreements:stamped", agreement.pk, copy.pk)
    return render(request, "agreements/stamp.html", {"agreement": agreement, "version": version, "form": form}, status=_status(form))


@sensitive_post_parameters("password")
@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: ActorRequest, agreement_id: UUID, stamped_id: UUID) -> HttpResponse:
    """The stamped pages beside the text; the answer is that they are the same."""
    agreement = agreement_for(request.actor, agreement_id)
    copy = stamped_for(request.actor, agreement, stamped_id)
    is_own = copy.side == request.actor.hat.value
    form = (OwnMatchForm if is_own else MatchForm)(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            say_it_matches(
                actor=request.actor, agreement=agreement, stamped=copy, password=form.cleaned_data.get("password", ""), now=timezone.now(),
                ip=address_of(request) or None,
            )  # fmt: skip
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        else:
            messages.success(request, _("Noted: it matches. It counts as the signature once both sides have said so."))
            return redirect("agreements:stamped", agreement.pk, copy.pk)
    return _room(request, agreement, copy, {"form": form, "differs": DiffersForm()})


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_POST
def differs(request: ActorRequest, agreement_id: UUID, stamped_id: UUID) -> HttpResponse:
    """The answer is that something is different; why is told to the other side."""
    agreement = agreement_for(request.actor, agreement_id)
    copy, form = stamped_for(request.actor, agreement, stamped_id), DiffersForm(request.POST)
    if form.is_valid():
        try:
            say_it_differs(actor=request.actor, agreement=agreement, stamped=copy, reason=form.cleaned_data["reason"], now=timezone.now())
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        else:
            messages.success(request, _("Noted: it does not match. Both sides see your reason."))
            return redirect("agreements:stamped", agreement.pk, copy.pk)
    is_own = copy.side == request.actor.hat.value
    return _room(request, agreement, copy, {"form": OwnMatchForm() if is_own else MatchForm(), "differs": form})


def _room(request: ActorRequest, agreement: Agreement, copy: StampedCopy, forms: dict[str, Any]) -> HttpResponse:
    actor, version = request.actor, copy.version
    signatures, card = signatures_of(actor, version), copy_card(copy, signatures_of(actor, version))
    is_own, has_said = copy.side == actor.hat.value, actor.hat.value in card["words"]
    open_to_me = waits(copy, signatures) and not has_said
    allowed = may_sign(actor, on=timezone.localdate()) if is_own else bool(actor.roles.intersection(MAY_WRITE))
    context = {
        "agreement": agreement, "version": version, "card": card, "is_own": is_own, "clauses": clause_cards(clauses_of(actor, version)),
        "can_say": open_to_me and allowed, "may_not": open_to_me and not allowed,
        "can_refuse": open_to_me and bool(actor.roles.intersection(MAY_WRITE)), **forms,
    }  # fmt: skip
    return render(request, "agreements/stamped.html", context, status=_status(*forms.values()))


def _status(*forms: Any) -> int:
    return 422 if any(form.is_bound and form.errors for form in forms) else 200
