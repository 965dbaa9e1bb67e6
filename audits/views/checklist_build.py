"""Writing a checklist: plain forms and buttons, one step at a time. Every page works without script and by the keyboard alone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agreements.clause_words import TYPES
from audits.checklist_body import Fault, faults_of, whole
from audits.checklist_edits import (
    free_code,
    moved,
    section_moved,
    with_copy,
    with_head,
    with_question,
    with_section,
    without_question,
    without_section,
)
from audits.checklist_forms import FileForm, HeadForm, NewForm, QuestionForm, SectionForm, typed
from audits.checklist_sheet import CellFault, Sheet, head_of, read_sheet
from audits.models import ChecklistDraft
from audits.selectors.checklists import body_of, draft_for, known, questions_of
from audits.services.checklists import begin_draft, drop_draft, publish_draft, save_draft
from audits.views.checklists import difference_context, may_publish, sheet_context
from audits.views.tools import in_language, tried
from audits.words_checklists import CHIPS, ENTRIES, FAULTS
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from parties.selectors import chain_nodes
from records.services.evidence import PHOTOS, take_evidence
from suppliers.imports import FileRefused

LARGEST_MB = 5
METHODS = ["GET", "HEAD", "POST"]
FAULTS_SHOWN = 50


@wearing(Hat.OWNER)
@require_http_methods(METHODS)
def new(request: ActorRequest) -> HttpResponse:
    """A name, and a sheet where there is one."""
    form = NewForm(request.POST or None, request.FILES or None) if request.method == "POST" else NewForm()
    told: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        body = whole({"name_zh": said["name_zh"], "name_en": said["name_en"]})
        sheet = _read(form, said["file"], told) if said["file"] else None
        if sheet is not None:
            body = whole({**body, "sections": sheet.sections, "questions": sheet.questions})
        if not form.errors and not told:
            made: list[ChecklistDraft] = []
            begun = lambda: made.append(begin_draft(actor=request.actor, client_id=said["client_id"], body=body, now=timezone.now()))
            if tried(form, begun):
                return redirect("audits:checklist_draft", made[0].pk)
    context = {"form": form, "told": told[:FAULTS_SHOWN], "more": max(0, len(told) - FAULTS_SHOWN)}
    return render(request, "audits/checklist_new.html", context, status=422 if form.errors or told else 200)


def _read(form: Any, file: UploadedFile, told: list[dict[str, Any]]) -> Sheet | None:
    """The sheet, with every fault of it in `told` by row and column; nothing and an error on the form for what is no sheet."""
    if (file.size or 0) > LARGEST_MB * 1024 * 1024:
        form.add_error("file", RuleBroken("checklist_file_too_large", most=LARGEST_MB).words())
        return None
    try:
        sheet = read_sheet(file.name or "", file.read())
    except FileRefused:
        form.add_error("file", RuleBroken("checklist_file_refused").words())
        return None
    found = [*sheet.faults]
    if not any(fault.code == "column_missing" for fault in found):
        body = whole({"name_zh": "–", "sections": sheet.sections, "questions": sheet.questions})
        found += [sheet.at(fault) for fault in faults_of(body, known())]
    told += [_cell_words(fault) for fault in sorted(found, key=lambda fault: (fault.row, fault.column))]
    return sheet


def _cell_words(fault: CellFault) -> dict[str, Any]:
    return {
        "row": fault.row, "column": fault.column, "entry": ENTRIES.get(fault.entry, head_of(fault.entry)),
        "words": str(FAULTS[fault.code]) % fault.facts,
    }  # fmt: skip


@wearing(Hat.OWNER)
@require_http_methods(METHODS)
def draft(request: ActorRequest, draft_checklist_id: UUID) -> HttpResponse:
    """The builder's page: what stands, with a button for each step; what is to be mended; the way to publish."""
    row = draft_for(request.actor, draft_checklist_id)
    if request.method == "POST":
        return _step(request, row)
    if row.published_id:
        return redirect("audits:checklist", row.published_id)
    body = whole(row.body)
    context = {
        **sheet_context(request.actor, body), "draft": row, "chips": CHIPS, "faults": [_fault_words(row, fault) for fault in faults_of(body, known())][:FAULTS_SHOWN],
        "may_publish": may_publish(request.actor),
    }  # fmt: skip
    return render(request, "audits/checklist_draft.html", context)


def _fault_words(row: ChecklistDraft, fault: Fault) -> dict[str, Any]:
    name = "audits:checklist_question" if fault.number else "audits:checklist_head"
    url = reverse(name, args=[row.pk, fault.number] if fault.number else [row.pk])
    if fault.entry in ("questions", "sections"):
        url = ""
    return {
        "number": fault.number, "entry": ENTRIES.get(fault.entry, fault.entry), "words": str(FAULTS[fault.code]) % fault.facts, "url": url,
    }  # fmt: skip


def _step(request: ActorRequest, row: ChecklistDraft) -> HttpResponse:
    what, number, body = request.POST.get("do", ""), _whole(request.POST.get("number")), whole(row.body)
    if what == "drop":
        drop_draft(actor=request.actor, draft_id=row.pk)
        messages.success(request, _("The draft is gone. What was published stays."))
        return redirect("audits:checklists")
    many = len(body["sections"] if what.startswith("section") else body["questions"])
    if not 1 <= number <= many:
        raise Absent
    steps: dict[str, Any] = {
        "up": lambda: moved(body, number, up=True), "down": lambda: moved(body, number, up=False), "copy": lambda: with_copy(body, number),
        "remove": lambda: without_question(body, number), "section_up": lambda: section_moved(body, number, up=True),
        "section_down": lambda: section_moved(body, number, up=False), "section_remove": lambda: without_section(body, number),
    }  # fmt: skip
    if what not in steps:
        raise Absent
    save_draft(actor=request.actor, draft_id=row.pk, revision=_whole(request.POST.get("revision")), body=steps[what](), now=timezone.now())
    return redirect(f"{reverse('audits:checklist_draft', args=[row.pk])}#{'sections' if what.startswith('section') else 'questions'}")


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 7 else 0


def _nodes() -> list[tuple[str, str]]:
    return [(node.code, in_language(node.name_zh, node.name_en)) for node in chain_nodes()]


@wearing(Hat.OWNER)
@require_http_methods(METHODS)
def head(request: ActorRequest, draft_checklist_id: UUID) -> HttpResponse:
    """Name, minutes, scoring, where it comes from."""
    row = draft_for(request.actor, draft_checklist_id)
    body = whole(row.body)
    form = HeadForm(_nodes(), request.POST or None, initial={**body, "revision": row.revision})
    if request.method == "POST" and form.is_valid():
        said = {name: value for name, value in form.cleaned_data.items() if name != "revision"}
        if _saved(request, row, form, with_head(body, said)):
            return redirect("audits:checklist_draft", row.pk)
    return _form_page(request, row, form, _("Name and scoring"))


def _saved(request: ActorRequest, row: ChecklistDraft, form: Any, body: dict[str, Any]) -> bool:
    revision = form.cleaned_data["revision"]
    return tried(form, lambda: save_draft(actor=request.actor, draft_id=row.pk, revision=revision, body=body, now=timezone.now()))


def _form_page(request: ActorRequest, row: ChecklistDraft, form: Any, title: str, **more: Any) -> HttpResponse:
    name = in_language(row.body["name_zh"], row.body["name_en"])
    context = {"draft": row, "form": form, "title": title, "name": name, **more}
    return render(request, "audits/checklist_form.html", context, status=422 if form.errors else 200)


@wearing(Hat.OWNER)
@require_http_methods(METHODS)
def section(request: ActorRequest, draft_checklist_id: UUID, number: int | None = None) -> HttpResponse:
    """A section: new, or said anew."""
    row = draft_for(request.actor, draft_checklist_id)
    body = whole(row.body)
    if number is not None and not 1 <= number <= len(body["sections"]):
        raise Absent
    stands = body["sections"][number - 1] if number else {}
    form = SectionForm(request.POST or None, initial={**stands, "revision": row.revision})
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("code", "name_zh", "name_en")}
        if any(each["code"] == said["code"] for at, each in enumerate(body["sections"], start=1) if at != number):
            form.add_error("code", _("Another section has this code."))
        elif _saved(request, row, form, with_section(body, said, number)):
            return redirect("audits:checklist_draft", row.pk)
    return _form_page(request, row, form, _("Section") if number else _("New section"))


@wearing(Hat.OWNER)
@require_http_methods(METHODS)
def question(request: ActorRequest, draft_checklist_id: UUID, number: int | None = None) -> HttpResponse:
    """A question: new, or said anew. What keeps it from being published is told at once, and it is kept all the same."""
    row = draft_for(request.actor, draft_checklist_id)
    body = whole(row.body)
    if number is not None and not 1 <= number <= len(body["questions"]):
        raise Absent
    form = QuestionForm(_choices(body), request.POST or None, request.FILES or None, initial=_initial(request, row, body, number))
    if request.method == "POST" and form.is_valid():
        stands = body["questions"][number - 1]["example_id"] if number else None
        example: list[str | None] = []
        if tried(form, lambda: example.append(_example(request, form, stands))):
            said = {**form.question(), "example_id": example[0]}
            if any(each["code"] == said["code"] for at, each in enumerate(body["questions"], start=1) if at != number):
                form.add_error("code", _("Another question has this code."))
            elif _saved(request, row, form, with_question(body, said, number)):
                if request.POST.get("go") == "another":
                    return redirect(f"{reverse('audits:checklist_question_new', args=[row.pk])}?section={said['section']}")
                return redirect(f"{reverse('audits:checklist_draft', args=[row.pk])}#questions")
    found = [fault for fault in faults_of(body, known()) if number and fault.number == number]
    told = [] if form.is_bound else [_fault_words(row, fault) for fault in found]
    return _form_page(request, row, form, _("Question") if number else _("New question"), told=told, another=number is None)


def _choices(body: dict[str, Any]) -> dict[str, list[tuple[str, Any]]]:
    sections = [(each["code"], f"{each['code']} {in_language(each['name_zh'], each['name_en'])}") for each in body["sections"]]
    return {"section": [("", _("none")), *sections], "node_codes": list(_nodes()), "clause_type": [("", _("none")), *TYPES.items()]}


def _initial(request: ActorRequest, row: ChecklistDraft, body: dict[str, Any], number: int | None) -> dict[str, Any]:
    if number:
        return {**typed(body["questions"][number - 1]), "revision": row.revision}
    asked = request.GET.get("section", "")
    section = asked if any(each["code"] == asked for each in body["sections"]) else ""
    return {
        "section": section, "code": free_code(body, section), "kind": "scale" if body["scoring"] == "vda63" else "yes_no", "weight": 1, "photo": "optional",
        "photos_least": 1, "element": section if section in ("P2", "P3", "P4", "P5", "P6", "P7") else "", "revision": row.revision,
    }  # fmt: skip


def _example(request: ActorRequest, form: QuestionForm, stands: str | None) -> str | None:
    """The example photo's id: what stands, a new one, or none."""
    file = form.cleaned_data["example"]
    if file:
        client_id = f"example-{request.POST.get('csrfmiddlewaretoken', '')[:12]}-{file.size}-{timezone.now():%Y%m%d%H%M%S%f}"
        try:
            return str(take_evidence(actor=request.actor, now=timezone.now(), client_id=client_id[:60], file=file, allowed=PHOTOS).pk)
        except RuleBroken as broken:
            broken.field = "example"
            raise
    return None if form.cleaned_data["drop_example"] else stands


@wearing(Hat.OWNER)
@require_http_methods(METHODS)
def file(request: ActorRequest, draft_checklist_id: UUID) -> HttpResponse:
    """A sheet takes the place of all questions, once nothing in it is to be mended."""
    row = draft_for(request.actor, draft_checklist_id)
    form = FileForm(request.POST or None, request.FILES or None, initial={"revision": row.revision})
    told: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        sheet = _read(form, form.cleaned_data["file"], told)
        if sheet is not None and not told:
            body = whole({**row.body, "sections": sheet.sections, "questions": sheet.questions})
            if _saved(request, row, form, body):
                messages.success(request, _("The questions of the file are in the draft."))
                return redirect("audits:checklist_draft", row.pk)
    context = {
        "draft": row, "form": form, "told": told[:FAULTS_SHOWN], "more": max(0, len(told) - FAULTS_SHOWN),
        "name": in_language(row.body["name_zh"], row.body["name_en"]), "n": len(row.body["questions"]),
    }  # fmt: skip
    return render(request, "audits/checklist_file.html", context, status=422 if form.errors or told else 200)


@wearing(Hat.OWNER)
@require_http_methods(METHODS)
def publish(request: ActorRequest, draft_checklist_id: UUID) -> HttpResponse:
    """What will be different, and the one button."""
    row = draft_for(request.actor, draft_checklist_id)
    if request.method == "POST":
        version = publish_draft(actor=request.actor, draft_id=row.pk, revision=_whole(request.POST.get("revision")), now=timezone.now())
        messages.success(request, _("Published. New audits may go by it; those already planned keep their version."))
        return redirect("audits:checklist", version.pk)
    if row.published_id:
        return redirect("audits:checklist", row.published_id)
    body, base = whole(row.body), row.based_on
    was = body_of(base, questions_of(request.actor, base)) if base else whole({})
    context = {
        **difference_context(was, body), **({} if base else {"head": []}), "draft": row, "base": base, "name": in_language(body["name_zh"], body["name_en"]), "total": len(body["questions"]),
        "faults": [_fault_words(row, fault) for fault in faults_of(body, known())][:FAULTS_SHOWN], "may_publish": may_publish(request.actor),
    }  # fmt: skip
    return render(request, "audits/checklist_publish.html", context)
