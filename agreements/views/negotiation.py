"""Clause by clause: propose, counter, comment, settle."""

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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.cards import clause_cards, firm_name, other_of
from agreements.models import Agreement, AgreementVersion, Clause, Comment, Proposal
from agreements.on_page import OnPage
from agreements.proposing import clause_sha
from agreements.selectors import agreement_for, clauses_of, working_version
from agreements.selectors.negotiation import comment_for, open_proposals, places_of, proposal_for, talked_about
from agreements.services.answers import accept, decline, take_back, withdraw
from agreements.services.negotiation import Wish, agree, propose
from agreements.services.talk import comment, find_fine, resolve
from agreements.talk_cards import proposal_card, talk_of, talk_of_draft, text_changes
from agreements.talk_forms import AddForm, ChangeForm, RemoveForm
from agreements.turns import TALKED_ABOUT
from agreements.words import AGREEMENT_CHIPS, clause_title
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.asked import typed
from foundation.errors import Absent, RuleBroken

FORMS: dict[str, type[Any]] = {"change": ChangeForm, "add": AddForm, "remove": RemoveForm}
VERBS: dict[str, Callable[..., Proposal]] = {"accept": accept, "decline": decline, "withdraw": withdraw, "take-back": take_back}


def piece(page: OnPage) -> dict[str, Any]:
    """What the agreement's page shows of it."""
    actor, agreement, version, later = page.actor, page.agreement, page.version, page.at_work
    if version.state == AgreementVersion.State.DRAFT:
        return talk_of_draft(actor, version) if actor.hat == Hat.OWNER else {}
    if version.state in TALKED_ABOUT:
        return talk_of(actor, agreement, version)
    if agreement.state not in (Agreement.State.IN_FORCE, Agreement.State.SUSPENDED) or later is None or later.state not in TALKED_ABOUT:
        return {}
    return {**talk_of(actor, agreement, later), "by_clause": {}}


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def talk(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """The text that was sent, card by card: fine, or to be changed; what is open, and what changed since the last text."""
    agreement = agreement_for(request.actor, agreement_id)
    try:
        version = talked_about(request.actor, agreement)
    except Absent:
        return redirect("agreements:show", agreement.pk)
    return _room(request, agreement, version)


def _room(request: ActorRequest, agreement: Agreement, version: AgreementVersion, broken: str = "") -> HttpResponse:
    actor = request.actor
    clauses, said = clauses_of(actor, version), talk_of(actor, agreement, version)
    cards = clause_cards(clauses)
    for card in cards:
        card["talk"] = said["by_clause"][card["clause"].order]
    changed = text_changes(actor, version, clauses)
    context = {
        "agreement": agreement, "version": version, "clauses": cards, "talk": said, "changed": changed, "broken": broken,
        "other_name": firm_name(agreement, other_of(actor)), "chips": AGREEMENT_CHIPS, "in_room": True,
    }  # fmt: skip
    return render(request, "agreements/talk.html", context, status=422 if broken else 200)


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def propose_words(request: ActorRequest, agreement_id: UUID, number: int) -> HttpResponse:
    """Other words for one clause; what was typed stays when the clause, or what is open on it, has changed meanwhile."""
    actor = request.actor
    agreement = agreement_for(actor, agreement_id)
    asked = request.POST or request.GET
    kind = asked.get("kind", "change")
    try:
        version = working_version(actor, agreement)
    except Absent:
        return redirect("agreements:show", agreement.pk)
    clause = _clause(actor, version, number)
    if kind not in FORMS or (clause is None and (kind != "add" or number)):
        raise Absent
    if request.method != "POST" and version.state not in TALKED_ABOUT:
        return redirect("agreements:show", agreement.pk)
    standing = next((each for each in open_proposals(actor, version) if each.clause_order == number and each.kind != "add"), None)
    start = {"client_id": uuid4(), "kind": kind, "base": clause_sha(clause) if clause else "", "seen": standing.pk if standing else ""}
    if clause is not None and kind == "change":
        start["places"] = places_of(agreement, clause)
    form = FORMS[kind](clause, standing, request.POST or None, start)
    if request.method == "POST" and form.is_valid():
        try:
            propose(actor=actor, agreement=agreement, wish=Wish(clause=number, **form.wish()), now=timezone.now())
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
            form = form.seen_again(start)
        else:
            messages.success(request, _("Proposed. The other side answers next."))
            return redirect(_back(agreement.pk, number))
    context = {
        "form": form, "agreement": agreement, "clause": clause, "number": number, "kind": kind, "title": clause_title(clause) if clause else "",
        "standing": proposal_card(actor, standing, clause) if standing else None, "back": _back(agreement.pk, number),
        "other_name": firm_name(agreement, other_of(actor)),
    }  # fmt: skip
    return render(request, "agreements/propose.html", context, status=422 if form.errors else 200)


def _clause(actor: Actor, version: AgreementVersion, number: int) -> Clause | None:
    return next((each for each in clauses_of(actor, version) if each.order == number), None)


def _back(agreement_id: UUID, number: int) -> str:
    return reverse("agreements:talk", args=[agreement_id]) + f"#clause-{number}"


def _done(request: ActorRequest, agreement: Agreement, number: int, do: Callable[[], Any]) -> HttpResponse:
    """Do it and go back to the clause; a rule that refuses is said above the text as it stands now."""
    try:
        do()
    except RuleBroken as broken:
        try:
            version = talked_about(request.actor, agreement)
        except Absent:
            raise broken from None
        return _room(request, agreement, version, broken.words())
    return redirect(_back(agreement.pk, number))


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_POST
def answer(request: ActorRequest, proposal_id: UUID, verb: str) -> HttpResponse:
    """Accept, decline, withdraw, or take an answer back."""
    actor = request.actor
    proposal = proposal_for(actor, proposal_id)
    if proposal.in_draft:
        VERBS[verb](actor=actor, proposal=proposal, now=timezone.now())
        return redirect(reverse("agreements:show", args=[proposal.agreement_id]) + f"#clause-{proposal.clause_order}")
    said = {"reply": typed(request, "reply")} if verb == "decline" else {}
    number = proposal.clause_order
    return _done(request, proposal.agreement, number, lambda: VERBS[verb](actor=actor, proposal=proposal, now=timezone.now(), **said))


@wearing(Hat.SUPPLIER)
@require_POST
def agree_all(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """The supplier has nothing to change."""
    agreement = agreement_for(request.actor, agreement_id)
    try:
        agree(actor=request.actor, agreement=agreement, sha256=request.POST.get("sha256", ""), now=timezone.now())
    except RuleBroken as broken:
        try:
            return _room(request, agreement, talked_about(request.actor, agreement), broken.words())
        except Absent:
            raise broken from None
    messages.success(request, _("Agreed. Both sides can sign it now."))
    return redirect("agreements:show", agreement.pk)


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_POST
def fine(request: ActorRequest, agreement_id: UUID, number: int) -> HttpResponse:
    """This clause is fine as it stands."""
    agreement = agreement_for(request.actor, agreement_id)
    return _done(request, agreement, number, lambda: find_fine(actor=request.actor, agreement=agreement, clause=number, now=timezone.now()))


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_POST
def say(request: ActorRequest, agreement_id: UUID, number: int) -> HttpResponse:
    """A word on one clause."""
    agreement = agreement_for(request.actor, agreement_id)
    said: dict[str, Any] = {"text": typed(request, "text"), "client_id": _uuid(request.POST.get("client_id"))}
    return _done(
        request, agreement, number, lambda: comment(actor=request.actor, agreement=agreement, clause=number, now=timezone.now(), **said)
    )


def _uuid(said: str | None) -> UUID:
    try:
        return UUID(said or "")
    except ValueError:
        return uuid4()


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_POST
def settle_comment(request: ActorRequest, comment_id: UUID) -> HttpResponse:
    """Talk about it is over; or a mark is taken off again."""
    found: Comment = comment_for(request.actor, comment_id)
    return _done(request, found.agreement, found.clause_order, lambda: resolve(actor=request.actor, comment=found, now=timezone.now()))
