"""The signing room: check, read, sign with the password; or send it back with a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from agreements.cards import clause_cards, firm_name, gist_cards, last_day, other_of, signers
from agreements.documents import public_address
from agreements.forms import ReasonForm, SignForm, in_language
from agreements.models import Agreement, AgreementVersion
from agreements.selectors import agreement_for, clauses_of, current_version, may_sign, signatories, signatures_of
from agreements.selectors.negotiation import open_proposals
from agreements.selectors.papers import has_kept_text
from agreements.services import return_agreement, sign_agreement
from agreements.services.ca import begin_certificate, provider, sign_with_certificate
from agreements.services.drafting import OPEN_TO_SIGN
from agreements.services.signing import ask_signatories
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import RuleBroken


@sensitive_post_parameters("password")
@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """Check answers, then the password: the hash that the form carries is the one that was shown."""
    actor, now = request.actor, timezone.now()
    agreement = agreement_for(actor, agreement_id)
    version = current_version(actor, agreement)
    form = SignForm(request.POST or None, initial={"sha256": version.sha256})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            sign_agreement(
                actor=actor, agreement=agreement, sha256=said["sha256"], password=said["password"], now=now,
                ip=request.META.get("REMOTE_ADDR") or None,
            )  # fmt: skip
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        else:
            return _signed(request, agreement)
    return render(request, "agreements/sign.html", _room(actor, agreement, version, form), status=422 if form.errors else 200)


def _signed(request: ActorRequest, agreement: Agreement) -> HttpResponse:
    messages.success(request, _("Signed. Both sides see it in the common record."))
    return redirect("agreements:show", agreement.pk)


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_POST
def ask(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """Somebody who may only read asks the firm's signatories, once."""
    agreement = agreement_for(request.actor, agreement_id)
    if ask_signatories(actor=request.actor, agreement=agreement, now=timezone.now()):
        messages.success(request, _("Your firm's signatories have it on their list and were told."))
    else:
        messages.info(request, _("Your firm's signatories were asked already; it is on their list."))
    return redirect("agreements:sign", agreement.pk)


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_POST
def certificate(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """The way to the certificate authority: a link, because a form of ours posts to nobody else."""
    agreement, back = agreement_for(request.actor, agreement_id), reverse("agreements:sign_certificate_back", args=[agreement_id])
    onward = begin_certificate(
        actor=request.actor, agreement=agreement, sha256=request.POST.get("sha256", ""), now=timezone.now(),
        back_url=public_address(back),
    )  # fmt: skip
    return render(request, "agreements/certificate.html", {"agreement": agreement, "onward": onward, "authority": _authority()})


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_back(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """Back from the authority: one more press takes its answer. A link alone writes nothing."""
    agreement = agreement_for(request.actor, agreement_id)
    if request.method != "POST":
        if provider() is None:
            raise RuleBroken("ca_is_off")
        context = {"agreement": agreement, "answer": request.GET.items(), "authority": _authority()}
        return render(request, "agreements/certificate_back.html", context)
    answer = {name: str(value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
    sign_with_certificate(actor=request.actor, agreement=agreement, state=answer.pop("state", ""), answer=answer, now=timezone.now())
    return _signed(request, agreement)


def _authority() -> str:
    """What the certificate authority of this installation is called; empty without one."""
    ca = provider()
    return in_language(ca.name_zh, ca.name_en) if ca else ""


def _room(actor: Actor, agreement: Agreement, version: AgreementVersion, form: SignForm) -> dict[str, Any]:
    """What the signing room shows."""
    today = timezone.localdate()
    clauses, signatures = clauses_of(actor, version), signatures_of(actor, version)
    mine = signatures.get(actor.hat.value)
    return {
        "mine": mine, "mine_is_own": mine is not None and mine.person_id == actor.person_id, "authority": _authority(),
        "talks": version.state in OPEN_TO_SIGN and bool(open_proposals(actor, version)), "has_paper": has_kept_text(version),
        "agreement": agreement, "version": version, "form": form, "may_sign": may_sign(actor, on=today),
        "is_open": version.state in OPEN_TO_SIGN and mine is None,
        "signatories": signatories(actor, on=today), "gist": gist_cards(actor, clauses), "clauses": clause_cards(clauses),
        "signers": signers(agreement, version, signatures), "last_day": last_day(version.effective_to),
        "owner_name": firm_name(agreement, "owner"), "supplier_name": firm_name(agreement, "supplier"), "person": actor.person_name,
    }  # fmt: skip


@wearing(Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """Say what should change; the chain owner gets a new draft."""
    agreement = agreement_for(request.actor, agreement_id)
    if request.method != "POST" and current_version(request.actor, agreement).state not in OPEN_TO_SIGN:
        return redirect("agreements:show", agreement.pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return_agreement(actor=request.actor, agreement=agreement, reason=form.cleaned_data["reason"], now=timezone.now())
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        else:
            messages.success(request, _("Returned. The chain owner has your reason."))
            return redirect("agreements:show", agreement.pk)
    context = {"form": form, "agreement": agreement, "name": firm_name(agreement, other_of(request.actor))}
    return render(request, "agreements/return.html", context, status=422 if form.errors else 200)
