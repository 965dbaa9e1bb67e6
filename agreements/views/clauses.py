"""The clauses of a draft: change, add, take out, put in another order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agreements.checklist_links import checklists_offered
from agreements.clause_forms import DraftClauseForm, NewClauseForm, TypeForm
from agreements.clause_types import DUTIES_BY_EVENT, DUTIES_BY_PERIOD, SCHEMAS
from agreements.clause_words import CHOICES, TYPES
from agreements.forms import in_language, refuse
from agreements.gist import named
from agreements.library_picks import library_picks, picked_params
from agreements.life_cards import working_url
from agreements.models import AgreementVersion, Clause
from agreements.proposing import clause_sha
from agreements.selectors import agreement_for, clauses_of, current_version
from agreements.services import add_clause, change_clause, keep_late_edit, move_clause, remove_clause
from agreements.words import clause_title
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken

# What a new clause of a type begins with.
BEGINS = {"audit_frequency": {"checklist": "mill-walk-1"}, "sampling_plan": {"method": "GB/T 2828.1 (ISO 2859-1)"}}


def _checklists(request: ActorRequest, clause_type: str) -> list[tuple[str, str]]:
    """What a clause about audits may name, in the reader's language."""
    if "checklist" not in SCHEMAS[clause_type]:
        return []
    return [(code, in_language(zh, en)) for code, zh, en in checklists_offered(request.actor)]


def _version(request: ActorRequest, agreement_id: UUID) -> AgreementVersion:
    agreement = agreement_for(request.actor, agreement_id)
    version = current_version(request.actor, agreement)
    version.agreement = agreement
    return version


def _clause(request: ActorRequest, agreement_id: UUID, number: int) -> Clause:
    version = _version(request, agreement_id)
    for clause in clauses_of(request.actor, version):
        if clause.order == number:
            clause.version = version
            return clause
    raise Absent


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: ActorRequest, agreement_id: UUID, number: int) -> HttpResponse:
    """What one clause of a draft allows to be changed."""
    found = _clause(request, agreement_id, number)
    if request.method != "POST" and found.version.state != AgreementVersion.State.DRAFT:
        return redirect("agreements:show", agreement_id)
    form, late = DraftClauseForm(found.type, found.params, request.POST or None, checklists=_checklists(request, found.type)), None
    form.initial["seen"] = clause_sha(found)
    if request.method == "POST" and form.is_valid():
        try:
            change_clause(actor=request.actor, clause=found, params=form.params(), seen=form.cleaned_data["seen"], now=timezone.now())
        except RuleBroken as broken:
            late = _keep(request, found, form, broken) if broken.code == "clause_changed_meanwhile" else None
            refuse(form, broken)
        else:
            messages.success(request, _("Clause %(n)s changed.") % {"n": number})
            return redirect(working_url(request.actor, found.version.agreement))
    last = len(clauses_of(request.actor, found.version))
    context = {
        "form": form, "clause": found, "title": clause_title(found), "agreement": found.version.agreement, "late": late, "last": last,
        "seen": clause_sha(found), "places": [n for n in range(1, last + 1) if n != number],
    }  # fmt: skip
    return render(request, "agreements/clause.html", context, status=422 if form.errors else 200)


def _keep(request: ActorRequest, found: Clause, form: DraftClauseForm, broken: RuleBroken) -> Any:
    """The later of two edits, as a proposal; and the form over the words that stand now, so that it may be sent again."""
    said = form.cleaned_data
    kept = keep_late_edit(
        actor=request.actor, clause=found, params=form.params(), client_id=said["client_id"], now=timezone.now(), note=broken.words()
    )
    form.seen_again(clause_sha(found))
    return kept


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """One more clause: first its kind, then (for a limit) what the library knows, then its parameters."""
    version = _version(request, agreement_id)
    if version.state != AgreementVersion.State.DRAFT:
        return redirect("agreements:show", agreement_id)
    clause_type = request.GET.get("type", "")
    context: dict[str, Any] = {"agreement": version.agreement}
    if clause_type not in SCHEMAS:
        return render(request, "agreements/clause_add.html", {**context, "form": TypeForm(), "types": list(TYPES.items())})
    context |= {"type": clause_type, "title": TYPES[clause_type]}
    given = _given(request, clause_type)
    if given is None:
        picks = _picks(clause_type)
        return render(request, "agreements/clause_add.html", {**context, "picks": picks})
    clauses = clauses_of(request.actor, version)
    places = [(0, _("As the first"))] + [
        (each.order, _("After clause %(n)s · %(title)s") % {"n": each.order, "title": clause_title(each)}) for each in clauses
    ]
    form = NewClauseForm(clause_type, given, request.POST or None, places=places, checklists=_checklists(request, clause_type))
    if request.method == "POST" and form.is_valid():
        try:
            new = add_clause(
                actor=request.actor, agreement=version.agreement, clause_type=clause_type, params=form.params(), now=timezone.now(),
                side=form.cleaned_data.get("side", ""), after=form.cleaned_data["after"],
            )  # fmt: skip
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Clause %(n)s added.") % {"n": new.order})
            return redirect(working_url(request.actor, version.agreement))
    return render(request, "agreements/clause_add.html", {**context, "form": form, "given": given}, status=422 if form.errors else 200)


def _given(request: ActorRequest, clause_type: str) -> dict[str, Any] | None:
    """What a new clause begins with; None where something is to be picked first."""
    pick = request.GET.get("pick", "")
    if clause_type == "characteristic_limit":
        return picked_params(pick)
    if clause_type == "owner_duty":
        return {"duty": pick} if pick in (*DUTIES_BY_PERIOD, *DUTIES_BY_EVENT) else None
    return dict(BEGINS.get(clause_type, {}))


def _picks(clause_type: str) -> list[tuple[str, str]]:
    if clause_type == "owner_duty":
        return [(duty, str(words)) for duty, words in CHOICES["duty"].items()]
    return [(pick, named(names)) for pick, names in library_picks()]


@wearing(Hat.OWNER)
@require_POST
def remove(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """Take a clause out of a draft."""
    agreement = agreement_for(request.actor, agreement_id)
    if remove_clause(actor=request.actor, agreement=agreement, seen=request.POST.get("seen", ""), now=timezone.now()):
        messages.success(request, _("The clause is taken out."))
    else:
        messages.warning(request, _("Nothing was taken out: the clause is gone already, or somebody changed it meanwhile."))
    return redirect(working_url(request.actor, agreement))


@wearing(Hat.OWNER)
@require_POST
def move(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """Put a clause of a draft at another number."""
    agreement, to = agreement_for(request.actor, agreement_id), request.POST.get("to", "")
    if not (to.isascii() and to.isdecimal() and len(to) < 5):
        raise RuleBroken("place_missing")
    try:
        moved = move_clause(actor=request.actor, agreement=agreement, seen=request.POST.get("seen", ""), to=int(to), now=timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
    else:
        messages.success(request, _("It is clause %(n)s now.") % {"n": moved.order})
    return redirect(working_url(request.actor, agreement))
