"""Appeals: the bureau's list of every kind; of a score's one timeline for both sides and the bureau, which asks a laboratory and decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from oversight.faces import appeals as faces
from oversight.filters import cursor_of, cursor_text
from oversight.forms_duty import AskLabForm, DecideAppealForm, OpinionForm, SayForm
from oversight.selectors.appeals import AppealLine, appeals, score_lines
from oversight.selectors.duty import file_opened
from oversight.views.tools import table_response, tried
from oversight.words import name_of
from records import appeal_questions as questions
from records.files import file_response, through_the_gate
from records.services import appeals as verbs
from records.services.evidence import note_looks

VIEWS = ("open", "decided")
MOST_ROWS = 5_000


@wearing(Hat.BUREAU)
@require_safe
def appeal_list(request: ActorRequest) -> HttpResponse:
    """Every kind on one timeline, newest first; `?view=open|decided`."""
    return _list(request, appeals(request.actor, state=_view(request), after=cursor_of(request.GET.get("after", ""))))


@wearing(Hat.SUPPLIER, Hat.OWNER)
@require_safe
def own_list(request: ActorRequest) -> HttpResponse:
    """A firm's own appeals, and for a chain owner those that concern it."""
    found = questions.score_appeals(request.actor, state=_view(request), after=cursor_of(request.GET.get("after", "")))
    return _list(request, score_lines(request.actor, found))


def _list(request: ActorRequest, found: list[AppealLine]) -> HttpResponse:
    page = found[: questions.PAGE]
    context = {**faces.appeals_face(page, request.actor, view=_view(request)), "now": timezone.now()}
    if len(found) > questions.PAGE:
        context["more_url"] = changed_query(request.GET, {"after": cursor_text(page[-1].filed_at, page[-1].id)})
    piece = "parts/_more_rows.html" if request.GET.get("after") else "oversight/_appeals.html"
    return fragment(request, piece, context, page="oversight/appeals.html")


@wearing(Hat.BUREAU)
@require_safe
def appeal_export(request: ActorRequest) -> HttpResponse:
    rows = appeals(request.actor, state=_view(request), limit=MOST_ROWS)[:MOST_ROWS]
    return table_response(request, _("Appeals"), "appeals", faces.appeals_table(rows))


def _view(request: ActorRequest) -> str:
    view = request.GET.get("view", "")
    return view if view in VIEWS else ""


@wearing(Hat.BUREAU)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: ActorRequest, score_appeal_id: UUID) -> HttpResponse:
    """The bureau's page: say something, ask a laboratory, decide."""
    row = questions.score_appeal_for(request.actor, score_appeal_id)
    sent, verb, now = request.POST or None, request.POST.get("do", ""), timezone.now()
    labs = [(str(lab.pk), name_of(lab)) for lab in verbs.arbitration_labs() if lab.pk not in (row.org_id, row.respondent_org_id)]
    say = SayForm(sent if verb == "say" else None, auto_id="id_say_%s")
    ask = AskLabForm(labs, sent if verb == "lab" else None, auto_id="id_lab_%s")
    judge = DecideAppealForm(sent if verb == "decide" else None)
    given: dict[str, Any] = {"actor": request.actor, "appeal": row, "now": now}
    if say.is_bound and say.is_valid() and tried(say, lambda: verbs.say_on_appeal(**given, **say.cleaned_data)):
        return redirect("oversight:bureau_appeal", row.pk)
    if ask.is_bound and ask.is_valid() and tried(
        ask, lambda: verbs.ask_lab(**given, lab_org_id=UUID(ask.cleaned_data["lab"]), question=ask.cleaned_data["question"])
    ):  # fmt: skip
        messages.success(request, _("Asked. Both sides see that it is."))
        return redirect("oversight:bureau_appeal", row.pk)
    if judge.is_bound and judge.is_valid() and tried(judge, lambda: verbs.decide_score_appeal(**given, **judge.cleaned_data)):
        messages.success(request, _("Decided. Both sides read your reasons."))
        return redirect("oversight:bureau_appeal", row.pk)
    return _page(request, row, {"say": say, "ask": ask, "judge": judge})


@wearing(Hat.BUREAU)
@require_safe
def laid_file(request: ActorRequest, score_appeal_id: UUID, evidence_id: UUID) -> HttpResponseBase:
    """A file that a side laid before the bureau in this appeal; its firm reads that it was opened."""
    row = questions.score_appeal_for(request.actor, score_appeal_id)
    if evidence_id not in {entry.evidence_id for entry in questions.entries_of_appeal(request.actor, row)}:
        raise Absent
    not_yet = through_the_gate(request, "appeal", evidence_id, "shared")
    if not_yet is not None:
        return not_yet
    file = file_opened(request.actor, evidence_id)
    note_looks(actor=request.actor, org_ids=[file.org_id], what="evidence", subject_id=file.pk, now=timezone.now())
    return file_response(file.shared_path, file)


@wearing(Hat.SUPPLIER, Hat.OWNER, Hat.LAB)
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: ActorRequest, score_appeal_id: UUID) -> HttpResponse:
    """A side's page: the timeline, and a word of one's own. A laboratory sees the question it was asked and nothing else."""
    if request.actor.hat == Hat.LAB:
        return _opinion(request, score_appeal_id)
    row, now = questions.score_appeal_for(request.actor, score_appeal_id), timezone.now()
    if request.POST.get("do") == "withdraw":
        verbs.withdraw_score_appeal(actor=request.actor, appeal=row, now=now)
        return redirect("oversight:score_appeal", row.pk)
    say = SayForm(request.POST if request.method == "POST" else None, auto_id="id_say_%s")
    if say.is_bound and say.is_valid() and tried(
        say, lambda: verbs.say_on_appeal(actor=request.actor, appeal=row, now=now, **say.cleaned_data)
    ):  # fmt: skip
        return redirect("oversight:score_appeal", row.pk)
    return _page(request, row, {"say": say})


def _opinion(request: ActorRequest, appeal_id: UUID) -> HttpResponse:
    opinion = questions.opinion_for(request.actor, appeal_id)
    form = OpinionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and tried(
        form,
        lambda: verbs.give_opinion(
            actor=request.actor, opinion=opinion, words=form.cleaned_data["words"], declined="decline" in request.POST, now=timezone.now()
        ),
    ):  # fmt: skip
        return redirect("oversight:score_appeal", appeal_id)
    context = {"opinion": opinion, "open": opinion.state == "asked", "form": form, "now": timezone.now()}
    return render(request, "oversight/appeal_opinion.html", context, status=422 if form.errors else 200)


def _page(request: ActorRequest, row: Any, forms: dict[str, Any]) -> HttpResponse:
    entries, opinions = questions.entries_of_appeal(request.actor, row), questions.opinions_of_appeal(request.actor, row)
    context = {**faces.appeal_face(request.actor, row, entries, opinions), **forms, "now": timezone.now()}
    return render(request, "oversight/appeal.html", context, status=422 if any(form.errors for form in forms.values()) else 200)
