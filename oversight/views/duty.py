"""Duty cases: the list, a new one with its reason, one with what it is about, and each look at contents, which the database notes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import text_of
from foundation.errors import RuleBroken
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from oversight import selectors
from oversight.faces import duty as faces
from oversight.filters import cursor_of, cursor_text
from oversight.forms_duty import CaseForm, CloseForm, ScopedCaseForm
from oversight.models import DutyCase
from oversight.selectors import duty as questions
from oversight.services.duty import CaseSaid, close_case, look, open_case, widen_case
from oversight.views.tools import table_response
from oversight.words_duty import CASE_CHIPS
from records.files import file_response, through_the_gate

MOST_ROWS = 5_000


@wearing(Hat.BUREAU)
@require_safe
def case_list(request: ActorRequest) -> HttpResponse:
    """Newest first; `?view=open|closed`."""
    found = questions.cases(request.actor, view=_view(request), after=cursor_of(request.GET.get("after", "")))
    page = found[: questions.PAGE]
    context = faces.cases_face(page, view=_view(request), now=timezone.now())
    if len(found) > questions.PAGE:
        context["more_url"] = changed_query(request.GET, {"after": cursor_text(page[-1].opened_at, page[-1].pk)})
    piece = "parts/_more_rows.html" if request.GET.get("after") else "oversight/_cases.html"
    return fragment(request, piece, context, page="oversight/cases.html")


@wearing(Hat.BUREAU)
@require_safe
def case_export(request: ActorRequest) -> HttpResponse:
    """The same as a table: who looked for which reason at what."""
    rows = questions.cases(request.actor, view=_view(request), limit=MOST_ROWS)[:MOST_ROWS]
    return table_response(request, _("Duty cases"), "duty-cases", faces.cases_table(rows, now=timezone.now()))


@wearing(Hat.BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def new_case(request: ActorRequest) -> HttpResponse:
    """About a firm of the registry, found by a part of its name."""
    words = text_of(request, "q", most=60)
    firms = [(str(firm.pk), faces.firm_name(firm)) for firm in questions.firms_named(request.actor, words)]
    form = ScopedCaseForm(firms, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _opened(request, form, (("firm", UUID(form.cleaned_data["firm"])),), {"q": words, "firms": firms})
    return _new_page(request, form, {"q": words, "firms": firms, "picks_firm": True})


@wearing(Hat.BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def new_case_of_agreement(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """About an agreement, from the page on which its state stands."""
    found = selectors.agreement_for(request.actor, agreement_id)
    return _about(request, [("agreement", found.pk)], faces.agreement_words(found))


@wearing(Hat.BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def new_case_of_finding(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    """About a finding; one of a lot opens the lot's results too."""
    found = questions.finding_state_for(request.actor, finding_id)
    scopes = [("finding", found.pk)] + ([("lot", found.lot_id)] if found.lot_id else [])
    return _about(request, scopes, faces.finding_words(found))


def _about(request: ActorRequest, scopes: list[tuple[str, UUID]], words: str) -> HttpResponse:
    form = CaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _opened(request, form, tuple(scopes), {"about": words})
    return _new_page(request, form, {"about": words})


def _opened(request: ActorRequest, form: CaseForm, scopes: tuple[tuple[str, UUID], ...], context: dict[str, Any]) -> HttpResponse:
    sent = form.cleaned_data
    said = CaseSaid(sent["reason"], sent["why"], scopes, sent["flagged"], sent["flagged_why"])
    try:
        case = open_case(actor=request.actor, said=said, client_id=sent["client_id"], now=timezone.now())
    except RuleBroken as broken:
        form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        return _new_page(request, form, context)
    told = _("Open. The firms are told at its close.") if case.flagged else _("Open. The firms have been told, with your reason.")
    messages.success(request, told)
    return redirect("oversight:case", case.pk)


def _new_page(request: ActorRequest, form: CaseForm, context: dict[str, Any]) -> HttpResponse:
    crumbs = [{"url": reverse("oversight:cases"), "label": _("Duty cases")}, {"url": "", "label": _("New case")}]
    return render(request, "oversight/case_new.html", {**context, "form": form, "crumbs": crumbs}, status=422 if form.errors else 200)


@wearing(Hat.BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: ActorRequest, case_id: UUID) -> HttpResponse:
    """One case: its reason, what it opens, every look so far; POST takes one more thing in, or closes it."""
    found, now = questions.case_for(request.actor, case_id), timezone.now()
    form = CloseForm(request.POST if request.POST.get("do") == "close" else None)
    if request.method == "POST" and request.POST.get("do") == "widen":
        widen_case(actor=request.actor, case=found, kind="firm", subject_id=_id(request.POST.get("firm", "")), now=now)
        return redirect("oversight:case", case_id)
    if form.is_bound and form.is_valid():
        try:
            close_case(actor=request.actor, case=found, outcome=form.cleaned_data["outcome"], now=now)
        except RuleBroken as broken:
            form.add_error("outcome", broken.words())
        else:
            messages.success(request, _("Closed. Everybody whose things were looked at knows by now."))
            return redirect("oversight:case", case_id)
    scopes = questions.scopes_of(request.actor, found)
    held = [(scope, questions.within(request.actor, scope)) for scope in scopes]
    context = faces.case_face(found, held, questions.looks_of(request.actor, found), now=now)
    return render(request, "oversight/case.html", {**context, "form": form, "now": now}, status=422 if form.errors else 200)


def _id(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)


def _looked(request: ActorRequest, case_id: UUID, what: str, subject_id: UUID) -> tuple[DutyCase, datetime]:
    """The look first: until it is noted, there is nothing to see."""
    found, now = questions.case_for(request.actor, case_id), timezone.now()
    look(actor=request.actor, case=found, what=what, subject_id=subject_id, now=now)
    return found, now


@wearing(Hat.BUREAU)
@require_safe
def look_at_clauses(request: ActorRequest, case_id: UUID, agreement_id: UUID) -> HttpResponse:
    of, now = _looked(request, case_id, "clauses", agreement_id)
    agreement = selectors.agreement_for(request.actor, agreement_id)
    version, clauses = questions.clauses_opened(request.actor, agreement_id)
    face = faces.clauses_face(of, agreement, version, clauses)
    return render(request, "oversight/case_clauses.html", {**face, "now": now})


@wearing(Hat.BUREAU)
@require_safe
def look_at_finding(request: ActorRequest, case_id: UUID, finding_id: UUID) -> HttpResponse:
    of, now = _looked(request, case_id, "finding", finding_id)
    finding = questions.finding_state_for(request.actor, finding_id)
    face = faces.finding_face(of, finding, questions.finding_opened(request.actor, finding_id))
    return render(request, "oversight/case_finding.html", {**face, "now": now})


@wearing(Hat.BUREAU)
@require_safe
def look_at_results(request: ActorRequest, case_id: UUID, lot_id: UUID) -> HttpResponse:
    of, now = _looked(request, case_id, "results", lot_id)
    lot, results = questions.lot_opened(request.actor, lot_id)
    return render(request, "oversight/case_results.html", {**faces.results_face(of, lot, results), "now": now})


@wearing(Hat.BUREAU)
@require_safe
def look_at_lots(request: ActorRequest, case_id: UUID, firm_id: UUID) -> HttpResponse:
    of, now = _looked(request, case_id, "lots", firm_id)
    firm = questions.firm_for(request.actor, firm_id)
    return render(
        request, "oversight/case_lots.html", {**faces.lots_face(of, firm, questions.lots_opened(request.actor, firm_id)), "now": now}
    )


@wearing(Hat.BUREAU)
@require_safe
def look_at_files(request: ActorRequest, case_id: UUID, firm_id: UUID) -> HttpResponse:
    of, now = _looked(request, case_id, "files", firm_id)
    firm = questions.firm_for(request.actor, firm_id)
    return render(
        request, "oversight/case_files.html", {**faces.files_face(of, firm, questions.files_opened(request.actor, firm_id)), "now": now}
    )


@wearing(Hat.BUREAU)
@require_safe
def look_at_file(request: ActorRequest, case_id: UUID, evidence_id: UUID) -> HttpResponseBase:
    """The clean copy, as others are shown it; the look is noted when the file leaves, not when the link is made."""
    questions.case_for(request.actor, case_id)
    not_yet = through_the_gate(request, "duty", evidence_id, "shared")
    if not_yet is not None:
        return not_yet
    _looked(request, case_id, "file", evidence_id)
    row = questions.file_opened(request.actor, evidence_id)
    return file_response(row.shared_path, row)


def _view(request: ActorRequest) -> str:
    view = request.GET.get("view", "")
    return view if view in CASE_CHIPS else ""
