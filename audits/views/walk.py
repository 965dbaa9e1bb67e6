"""A visit at a desk, for a team without its phone: every step is a plain form, and each is the operation that a phone would send."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audits.forms_walk import ClosingForm, OnSiteFindingForm, StartForm, WalkAnswerForm, choices_of
from audits.models import Audit, Question, VisitAnswer, VisitOp
from audits.selectors.running import Standing, said_by, standing_of, visit_for
from audits.services.handing_in import hand_in, review_visit
from audits.services.running_desk import hang_photo, say
from audits.status import AHEAD, GRADE_CHIPS
from audits.views.tools import asked, home_crumb, in_language, is_zh, other_of, tried, uploaded_photo
from audits.words import ANSWERS, PHRASES
from audits.words_running import AUDITEE, LACKS
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken


@wearing(Hat.OWNER)
@require_safe
def walk(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """Everything of one visit: what is answered, what lacks, and the next step."""
    return _walk(request, visit_for(request.actor, audit_id))


def _walk(request: ActorRequest, audit: Audit, *, status: int = 200, **forms: Any) -> HttpResponse:
    standing = standing_of(request.actor, audit)
    lacks = {question.pk: lack for question, lack in standing.lacks()}
    rows = [
        {
            "question": question, "asked": asked(question), "said": words_of(standing, question), "lacks": LACKS.get(lacks.get(question.pk, ""), ""),
            "photos": len(standing.photos_under(question)), "url": reverse("audits:walk_question", args=[audit.pk, question.order]),
        }
        for question in standing.asked()
    ]  # fmt: skip
    context = {
        "audit": audit, "rows": rows, "standing": standing, "done": len(rows) - len(lacks), "total": len(rows), "grades": GRADE_CHIPS,
        "ahead": audit.state in AHEAD, "running": audit.state == Audit.State.IN_PROGRESS, "complete": standing.complete(),
        "name": other_of(request.actor, audit.agreement), "title": in_language(audit.checklist.name_zh, audit.checklist.name_en),
        "words": AUDITEE, "unsorted": [standing.filed.get(photo.photo) for photo in standing.unsorted()],
        "crumbs": [*home_crumb(), {"url": reverse("audits:audit", args=[audit.pk]), "label": other_of(request.actor, audit.agreement)}],
        "start_form": forms.get("start_form") or StartForm(), "closing_form": forms.get("closing_form") or ClosingForm(),
        "finding_form": forms.get("finding_form") or OnSiteFindingForm(_choices(standing)), "refused": forms.get("refused", ""),
        "now": timezone.now(),
    }  # fmt: skip
    return render(request, "audits/walk.html", context, status=status)


def _choices(standing: Standing) -> list[tuple[str, str]]:
    return [(question.code, f"{question.order} · {asked(question)}") for question in standing.asked()]


def words_of(standing: Standing, question: Question) -> str:
    """An answer in the reader's words; "" for none."""
    row = standing.by_question.get(question.pk)
    return said_words(question, {"value": row.value, "na": row.na}) if row is not None else ""


def said_words(question: Question, said: dict[str, Any]) -> str:
    """A value in the reader's words."""
    value = said.get("value")
    if said.get("na"):
        return str(ANSWERS["na"][2])
    if value is None:
        return ""
    if question.kind == "yes_no":
        return str(ANSWERS[value][2])
    if question.kind == "signature":
        return str(value["name"])
    named = dict(choices_of(question, is_zh())) if question.kind in ("scale", "choice") else {}
    return named.get(str(value)) or f"{value} {question.unit}".strip()


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def walk_question(request: ActorRequest, audit_id: UUID, number: int) -> HttpResponse:
    """One question; what is sent is kept, then the next one, or the same again where two answers wait."""
    audit = visit_for(request.actor, audit_id)
    standing = standing_of(request.actor, audit)
    question = next((each for each in standing.questions if each.order == number), None)
    if question is None:
        raise Absent
    if audit.state != Audit.State.IN_PROGRESS:
        return redirect("audits:audit" if audit.state not in AHEAD else "audits:walk", audit_id)
    if request.method != "POST":
        return _question(request, standing, question, None)
    form = WalkAnswerForm(request.POST, request.FILES)
    if not form.is_valid() or not tried(form, lambda: _keep(request, audit, question, form.cleaned_data)):
        return _question(request, standing, question, form, status=422)
    return redirect(_onward(request, audit, number))


def _keep(request: ActorRequest, audit: Audit, question: Question, sent: dict[str, Any]) -> None:
    now = timezone.now()
    na = sent["na"] or sent["value"] == "na"
    result = say(
        actor=request.actor, audit_id=audit.pk, kind="answer", client_id=sent["client_id"], now=now, question=question.code,
        base_version=sent["base_version"], value=None if na else sent["value"] or None, na=na, note=sent["note"],
    )  # fmt: skip
    for evidence in uploaded_photo(request, client_id=str(sent["client_id"]), now=now):
        hang_photo(actor=request.actor, audit_id=audit.pk, evidence=evidence, question=question.code, now=now)
    if result.status == "conflict":
        messages.warning(request, _("Somebody has answered this otherwise meanwhile. Both answers are kept: choose one."))


def _onward(request: ActorRequest, audit: Audit, number: int) -> str:
    standing = standing_of(request.actor, audit)
    here = next(question for question in standing.questions if question.order == number)
    row = standing.by_question.get(here.pk)
    if request.POST.get("go") != "next" or (row and row.rivals):
        return reverse("audits:walk_question", args=[audit.pk, number])
    later = [question for question in standing.asked() if question.order > number]
    return reverse("audits:walk_question", args=[audit.pk, later[0].order]) if later else reverse("audits:walk", args=[audit.pk])


def _question(
    request: ActorRequest, standing: Standing, question: Question, form: WalkAnswerForm | None, *, status: int = 200
) -> HttpResponse:
    row = standing.by_question.get(question.pk)
    rivals = [standing.rivals[op] for op in row.rivals if op in standing.rivals] if row else []
    both: list[VisitAnswer | VisitOp] = [row, *rivals] if row and rivals else []
    said = [said_by(each) for each in both]
    waiting = [{"said": said_words(question, each), **each} for each in said]
    orders = [each.order for each in standing.asked()]
    here = orders.index(question.order) if question.order in orders else 0
    value = (
        "na"
        if row and row.na
        else ""
        if row is None or row.value is None
        else row.value["name"]
        if question.kind == "signature"
        else str(row.value)
    )
    context = {
        "audit": standing.audit, "question": question, "asked": asked(question), "help": in_language(question.help_zh, question.help_en),
        "options": _options(question), "value": form.data.get("value", value) if form else value, "na": row.na if row else False,
        "note": form.data.get("note", "") if form else row.note if row else "", "version": row.version if row else 0, "waiting": waiting,
        "photos": [standing.filed[each.photo] for each in standing.photos_under(question) if each.photo in standing.filed],
        "position": here + 1, "total": len(orders), "client_id": form.data.get("client_id") if form else uuid4(), "resolve_id": uuid4(),
        "form": form or WalkAnswerForm(), "name": other_of(request.actor, standing.audit.agreement), "phrases": PHRASES,
        "previous": orders[here - 1] if here else None, "photo_rule": _photo_rule(question),
    }  # fmt: skip
    return render(request, "audits/walk_question.html", context, status=status)


def _photo_rule(question: Question) -> str:
    if question.kind == "photo" or question.photo == "always":
        return ngettext("%(n)s needed", "%(n)s needed", question.photos_least) % {"n": question.photos_least}
    return pgettext("photo", "needed for “no”") if question.photo == "on_no" else pgettext("photo", "as you like")


def _options(question: Question) -> list[dict[str, Any]]:
    last = {"value": "na", "label": str(ANSWERS["na"][2]), "icon": "minus", "tone": ""}
    if question.kind == "yes_no":
        return [{"value": key, "label": ANSWERS[key][2], "icon": ANSWERS[key][1], "tone": ANSWERS[key][0]} for key in ("yes", "no")] + [
            last
        ]
    if question.kind in ("scale", "choice"):
        return [{"value": key, "label": label, "icon": "", "tone": ""} for key, label in choices_of(question, is_zh())] + [last]
    return []


@wearing(Hat.OWNER)
@require_POST
def resolve(request: ActorRequest, audit_id: UUID, number: int) -> HttpResponse:
    """Keep one of two answers; the other stays in the history."""
    visit_for(request.actor, audit_id)
    question = next(
        (each for each in standing_of(request.actor, visit_for(request.actor, audit_id)).questions if each.order == number), None
    )
    if question is None:
        raise Absent
    said = {"question": question.code, "keep": request.POST.get("keep", ""), "base_version": request.POST.get("base_version", "")}
    say(actor=request.actor, audit_id=audit_id, kind="resolve", client_id=uuid4(), now=timezone.now(), **said)
    return redirect("audits:walk_question", audit_id, number)


@wearing(Hat.OWNER)
@require_POST
def start(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """The team stands in the yard."""
    audit, form = visit_for(request.actor, audit_id), StartForm(request.POST)
    if not form.is_valid() or not tried(form, lambda: _say(request, audit, "start", form, names=form.said())):
        return _walk(request, audit, status=422, start_form=form)
    return redirect("audits:walk", audit_id)


@wearing(Hat.OWNER)
@require_POST
def finding(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """A finding in the making."""
    audit = visit_for(request.actor, audit_id)
    form = OnSiteFindingForm(_choices(standing_of(request.actor, audit)), request.POST)
    if not form.is_valid():
        return _walk(request, audit, status=422, finding_form=form)
    said = {name: form.cleaned_data[name] for name in ("grade", "question", "requirement", "observed", "gap", "clause_ref")}
    if not tried(form, lambda: _say(request, audit, "finding", form, finding=str(form.cleaned_data["client_id"]), **said)):
        return _walk(request, audit, status=422, finding_form=form)
    return redirect("audits:walk", audit_id)


@wearing(Hat.OWNER)
@require_POST
def drop_finding(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """Take a finding in the making away."""
    visit_for(request.actor, audit_id)
    key = request.POST.get("finding", "")
    say(actor=request.actor, audit_id=audit_id, kind="drop_finding", client_id=uuid4(), now=timezone.now(), finding=key)
    return redirect("audits:walk", audit_id)


@wearing(Hat.OWNER)
@require_POST
def close(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """The closing meeting: what is on the page is what was shown."""
    audit, form = visit_for(request.actor, audit_id), ClosingForm(request.POST)
    if not form.is_valid():
        return _walk(request, audit, status=422, closing_form=form)
    sent = form.cleaned_data
    said = {
        "name": sent["name"], "role": sent["role"], "word": sent["word"], "remark": sent["remark"],
        "signature": {"name": sent["signed"], "strokes": []} if sent["signed"] else None,
        "shown": [{"finding": str(row.key), "grade": row.grade} for row in standing_of(request.actor, audit).findings],
    }  # fmt: skip
    if not tried(form, lambda: _say(request, audit, "closing", form, **said)):
        return _walk(request, audit, status=422, closing_form=form)
    return redirect("audits:walk", audit_id)


def _say(request: ActorRequest, audit: Audit, kind: str, form: Any, **said: Any) -> None:
    say(actor=request.actor, audit_id=audit.pk, kind=kind, client_id=form.cleaned_data["client_id"], now=timezone.now(), **said)


@wearing(Hat.OWNER)
@require_POST
def send(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """Hand the visit in."""
    audit = visit_for(request.actor, audit_id)
    try:
        hand_in(actor=request.actor, audit_id=audit_id, sha256=None, now=timezone.now())
    except RuleBroken as broken:
        return _walk(request, audit, status=422, refused=broken.words())
    messages.success(request, _("Handed in. The supplier reads it from now on."))
    return redirect("audits:audit", audit_id)


@wearing(Hat.OWNER)
@require_POST
def review(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """Close the review of a visit: its score is computed."""
    review_visit(actor=request.actor, audit_id=audit_id, now=timezone.now())
    return redirect("audits:audit", audit_id)
