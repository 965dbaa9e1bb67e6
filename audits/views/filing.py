"""The supplier's phone: one question per screen, a photo from the camera, check, submit. Every form works without script."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits import services
from audits.forms import AnswerForm
from audits.forms_walk import choices_of
from audits.models import Audit, Question
from audits.selectors import Sheet, audit_for, photos_of, sheet_of
from audits.views.tools import asked, examples, in_language, is_zh, other_of, pictures, said_of, tried, uploaded_photo
from audits.words import ANSWERS, MISSING, PHRASES
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from foundation.htmx import fragment
from records.selectors import alike_among


@wearing(Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: ActorRequest, audit_id: UUID, number: int) -> HttpResponse:
    """One question; what is sent is kept, then the next one, or the same again after a photo."""
    audit = audit_for(request.actor, audit_id)
    if request.method != "POST":
        if not audit.is_answered_by_site:
            return redirect("audits:audit", audit_id)
        return _page(request, audit, number, AnswerForm())
    form = AnswerForm(request.POST, request.FILES)
    if not _kept(request, audit, number, form, timezone.now()):
        return _page(request, audit, number, form, status=422)
    return redirect(_onward(request, audit, number))


def _kept(request: ActorRequest, audit: Audit, number: int, form: AnswerForm, now: datetime) -> bool:
    if not form.is_valid():
        return False
    sent = form.cleaned_data
    values: dict[str, Any] = {"actor": request.actor, "audit_id": audit.pk, "number": number, "now": now}

    def act() -> None:
        services.save_answer(**values, answer=sent["answer"], value=sent["value"], note=sent["note"])
        for evidence in uploaded_photo(request, client_id=sent["client_id"], now=now):
            services.add_photo(**values, evidence=evidence)

    return tried(form, act)


def _onward(request: ActorRequest, audit: Audit, number: int) -> str:
    orders = [of.order for of in sheet_of(request.actor, audit).asked()]
    onward = next((order for order in orders if order > number), None)
    to_check = reverse("audits:check", args=[audit.pk])
    if request.POST.get("go") == "next":
        if request.POST.get("back") == "check" or onward is None:
            return to_check
        return reverse("audits:question", args=[audit.pk, onward])
    here = reverse("audits:question", args=[audit.pk, number])
    return f"{here}?back=check" if request.POST.get("back") == "check" else here


def _page(request: ActorRequest, audit: Audit, number: int, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    sheet = sheet_of(request.actor, audit)
    of = sheet.question(number)
    stands = sheet.answered(of)
    rule = {"always": pgettext("photo", "1 needed"), "on_no": pgettext("photo", "needed for “no”")}.get(
        of.photo, pgettext("photo", "as you like")
    )
    if of.photo in ("always", "on_no") and of.photos_least > 1:
        rule = _("%(n)s photos needed") % {"n": of.photos_least}
    orders = [each.order for each in sheet.asked()]
    before, after = [order for order in orders if order < number], [order for order in orders if order > number]
    context = {
        "audit": audit, "question": of, "number": len(before) + 1, "total": len(orders), "done": sheet.done(), "form": form, "last": not after,
        "name": other_of(request.actor, audit.agreement), "asked": asked(of), "help": in_language(of.help_zh, of.help_en), "example": examples(request.actor, [of.example_id]).get(str(of.example_id)),
        "options": _options(of), **_stands(sheet, of, form), "answer": form.data.get("answer", stands.answer) if form.is_bound else stands.answer,
        "note": form.data.get("note", stands.note) if form.is_bound else stands.note, "photo_rule": rule,
        "photos": _photos(request, sheet, of), "saved_at": _saved_at(sheet, of), "phrases": PHRASES,
        "previous_url": reverse("audits:question", args=[audit.pk, before[-1]]) if before else reverse("audits:audit", args=[audit.pk]),
        "back": request.POST.get("back") or request.GET.get("back", ""), "now": timezone.now(), "client_id": form["client_id"].value(),
    }  # fmt: skip
    return render(request, "audits/question.html", context, status=status)


def _stands(sheet: Sheet, question: Question, form: AnswerForm) -> dict[str, Any]:
    """The value of a question that is not of yes and no, as its field shows it."""
    said = sheet.said(question)
    kept = said.value["name"] if isinstance(said.value, dict) else "" if said.value is None else str(said.value)
    return {"value": form.data.get("value", kept) if form.is_bound else kept, "chosen": question.kind in ("scale", "choice")}


def _options(question: Question) -> list[dict[str, Any]]:
    if question.kind != Question.Kind.YES_NO:
        return [{"value": key, "label": label} for key, label in choices_of(question, is_zh())]
    short = {"na": pgettext("answer", "N/A")}  # three answers share one row of a phone
    return [
        {"value": key, "label": short.get(key, ANSWERS[key][2]), "icon": ANSWERS[key][1], "tone": ANSWERS[key][0]}
        for key in ("yes", "no", "na")
    ]


def _photos(request: ActorRequest, sheet: Sheet, question: Any) -> list[dict[str, Any]]:
    rows = sheet.photos_under(question)
    found = pictures(request.actor, [row.evidence_id for row in rows], _("Your photo"))
    return [{"photo": found[row.evidence_id], "evidence_id": row.evidence_id} for row in rows if row.evidence_id in found]


def _saved_at(sheet: Sheet, question: Any) -> datetime | None:
    response = sheet.responses.get(question.pk)
    return response.answered_at if response else None


@wearing(Hat.SUPPLIER)
@require_POST
def answer(request: ActorRequest, audit_id: UUID, number: int) -> HttpResponse:
    """Autosave of one answer: htmx gets the line that says where the work is, others the question again."""
    audit = audit_for(request.actor, audit_id)
    form = AnswerForm(request.POST)
    if not _kept(request, audit, number, form, timezone.now()):
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return fragment(request, "parts/_saved.html", {"saved_local": said}, status=422)
    sheet = sheet_of(request.actor, audit)
    context = {"saved_at": timezone.now(), "done": sheet.done(), "total": len(sheet.asked())}
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(_onward(request, audit, number))
    return render(request, "audits/_answer_saved.html", context)


@wearing(Hat.SUPPLIER)
@require_POST
def photos(request: ActorRequest, audit_id: UUID, number: int) -> HttpResponse:
    """A photo with whatever else stands in the form; the same form sent again files it once."""
    audit = audit_for(request.actor, audit_id)
    form = AnswerForm(request.POST, request.FILES)
    if not _kept(request, audit, number, form, timezone.now()):
        return _page(request, audit, number, form, status=422)
    return redirect(_onward(request, audit, number))


@wearing(Hat.SUPPLIER)
@require_POST
def photo_away(request: ActorRequest, audit_id: UUID, number: int, evidence_id: UUID) -> HttpResponse:
    """Take a photo from an answer before it is submitted; what else was typed is kept."""
    audit = audit_for(request.actor, audit_id)
    form = AnswerForm(request.POST)
    if not _kept(request, audit, number, form, timezone.now()):
        return _page(request, audit, number, form, status=422)
    services.remove_photo(actor=request.actor, audit_id=audit_id, number=number, evidence_id=evidence_id)
    return redirect(_onward(request, audit, number))


@wearing(Hat.SUPPLIER)
@require_safe
def check(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """Every answer once more, each with its way back; then submit."""
    return _check_page(request, audit_for(request.actor, audit_id))


def _check_page(request: ActorRequest, audit: Audit, *, refused: str = "", status: int = 200) -> HttpResponse:
    if not audit.is_answered_by_site:
        return redirect("audits:audit", audit.pk)
    sheet = sheet_of(request.actor, audit)
    alike = alike_among(request.actor, photos_of(sheet))
    rows = [_check_row(audit, sheet, of, alike) for of in sheet.asked()]
    context = {
        "audit": audit, "rows": rows, "done": sheet.done(), "total": len(rows), "last": rows[-1]["number"] if rows else 1, "chips": ANSWERS, "refused": refused, "now": timezone.now(),
        "name": other_of(request.actor, audit.agreement), "ready": not any(row["missing"] for row in rows),
        "review_days": audit.asked_by.review_days,
    }  # fmt: skip
    return render(request, "audits/check.html", context, status=status)


def _check_row(audit: Audit, sheet: Sheet, of: Any, alike: dict[UUID, tuple[str, datetime]]) -> dict[str, Any]:
    stands = sheet.answered(of)
    return {
        "number": of.order,
        "asked": asked(of),
        "answer": stands.answer,
        "said": said_of(sheet, of),
        "note": stands.note,
        "photos": stands.photos,
        "alike": [alike[photo.evidence_id] for photo in sheet.photos_under(of) if photo.evidence_id in alike],
        "missing": MISSING.get(sheet.lacks(of), ""),
        "url": reverse("audits:question", args=[audit.pk, of.order]) + "?back=check",
    }


@wearing(Hat.SUPPLIER)
@require_POST
def submit(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """Hand it over, once."""
    audit = audit_for(request.actor, audit_id)
    try:
        services.submit_audit(actor=request.actor, audit_id=audit_id, now=timezone.now())
    except RuleBroken as broken:
        if not audit.is_answered_by_site:
            raise
        return _check_page(request, audit, refused=broken.words(), status=422)
    if audit.is_answered_by_site:
        messages.success(
            request, _("Submitted. Your customer answers within %(days)s working days.") % {"days": audit.asked_by.review_days}
        )
    return redirect("audits:audit", audit_id)
