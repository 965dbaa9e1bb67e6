"""Checklists to read: the list, one version, what a version changed, sheets to take away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agreements.clause_words import TYPES
from audits.checklist_body import HEAD, QUESTION, SECTION, Difference, differences, head_differences, whole
from audits.checklist_sheet import COLUMNS, head_of, rows_of
from audits.checklist_text import conditions_text, options_text
from audits.models import ChecklistVersion
from audits.questions import POINTS
from audits.selectors.checklists import body_of, checklist_for, checklists, drafts, questions_of, rhythms_on, versions_of
from audits.services.checklists import begin_draft, retire_checklist
from audits.services.sides import MAY_JUDGE, MAY_WRITE
from audits.views.tools import examples, in_language
from audits.words_checklists import CHIPS, DIFFERENCES, ENTRIES, KINDS, PHOTOS, PROPOSES, SCORINGS
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.asked import typed
from jobs.exports import xlsx_book
from parties.selectors import chain_nodes, names_of

SIDES = (Hat.OWNER, Hat.SUPPLIER)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# How the cells of the template are written, one example of each kind.
EXAMPLES: tuple[dict[str, Any], ...] = (
    {"section": "A", "code": "A-1", "text_zh": "在用的原料都有批号标识吗？", "text_en": "Is every material in use marked with its lot number?", "photo": "always", "is_critical": True},
    {"section": "A", "code": "A-2", "text_zh": "仓库的相对湿度是多少？", "text_en": "What is the relative humidity of the store?", "kind": "number", "unit": "%", "lowest": "55", "highest": "75", "show_if": [{"code": "A-1", "is_not": ["na"]}]},
    {"section": "A", "code": "A-3", "text_zh": "原料怎样发放？", "text_en": "How is material issued?", "kind": "choice", "options": [{"code": "fifo", "zh": "先进先出", "en": "First in, first out", "share": 100}, {"code": "free", "zh": "随意", "en": "As it comes", "share": 0}]},
)  # fmt: skip


def may_build(actor: Actor) -> bool:
    return actor.hat is Hat.OWNER and bool(actor.roles.intersection(MAY_JUDGE))


def may_publish(actor: Actor) -> bool:
    return actor.hat is Hat.OWNER and bool(actor.roles.intersection(MAY_WRITE))


@wearing(*SIDES)
@require_safe
def listing(request: ActorRequest) -> HttpResponse:
    """The firm's own drafts and checklists, then the library."""
    retired = request.GET.get("view") == "retired"
    found = checklists(request.actor, retired=retired)
    on_desk = drafts(request.actor) if request.actor.hat is Hat.OWNER and not retired else []
    nodes = names_of(chain_nodes(), get_language() or "")
    context = {
        "own": [_line(row, nodes) for row in found if row.owner_org_id], "library": [_line(row, nodes) for row in found if not row.owner_org_id],
        "drafts": [{"row": row, "name": in_language(row.body["name_zh"], row.body["name_en"]), "n": len(row.body["questions"])} for row in on_desk],
        "chips": CHIPS, "may_build": may_build(request.actor), "retired": retired, "mine": request.actor.hat is Hat.OWNER,
        "tabs": [
            {"url": reverse("audits:checklists"), "label": _("In use"), "current": not retired},
            {"url": f"{reverse('audits:checklists')}?view=retired", "label": pgettext("checklists", "Retired"), "current": retired},
        ],
    }  # fmt: skip
    return render(request, "audits/checklists.html", context)


def _line(row: ChecklistVersion, nodes: Mapping[str, str]) -> dict[str, Any]:
    return {"row": row, "name": in_language(row.name_zh, row.name_en), "nodes": [nodes.get(code, code) for code in row.node_codes]}


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: ActorRequest, checklist_code: str) -> HttpResponse:
    """One version with all its questions; its firm makes the next draft from it here, or retires it."""
    version = checklist_for(request.actor, checklist_code)
    if request.method == "POST":
        return _act(request, version)
    body = body_of(version, questions_of(request.actor, version))
    own = request.actor.hat is Hat.OWNER and version.owner_org_id == request.actor.org_id
    context = {
        **sheet_context(request.actor, body), "version": version, "chips": CHIPS, "own": own, "client_id": uuid4().hex,
        "versions": versions_of(request.actor, version), "may_build": may_build(request.actor),
        "may_retire": own and may_publish(request.actor) and not version.retired_at, "rhythms": rhythms_on(request.actor, version),
    }  # fmt: skip
    return render(request, "audits/checklist.html", context)


def _act(request: ActorRequest, version: ChecklistVersion) -> HttpResponse:
    now = timezone.now()
    if request.POST.get("do") == "retire":
        retire_checklist(actor=request.actor, code=version.pk, now=now)
        messages.success(request, _("It is offered no more. Audits that go by it go on."))
        return redirect("audits:checklist", version.pk)
    client_id = typed(request, "client_id")[:60] or uuid4().hex
    draft = begin_draft(actor=request.actor, client_id=client_id, based_on=version.pk, now=now)
    return redirect("audits:checklist_draft", draft.pk)


def sheet_context(actor: Actor, body: Mapping[str, Any]) -> dict[str, Any]:
    """A body for the page: its head, and its questions under their sections."""
    shown = examples(actor, [question["example_id"] for question in body["questions"]])
    numbered = list(enumerate(body["questions"], start=1))
    nodes = names_of(chain_nodes(), get_language() or "")
    parts: list[dict[str, Any]] = [{"section": None, "lines": [line_of(n, q, nodes) for n, q in numbered if not q["section"]]}]
    for place, section in enumerate(body["sections"], start=1):
        lines = [line_of(n, q, nodes) for n, q in numbered if q["section"] == section["code"]]
        parts.append({"section": section, "place": place, "name": in_language(section["name_zh"], section["name_en"]), "lines": lines})
    known = {section["code"] for section in body["sections"]} | {""}
    for line in (line for part in parts for line in part["lines"]):
        line["example"] = shown.get(line["question"]["example_id"] or "")
    parts[0]["lines"] += [line_of(n, q, nodes) for n, q in numbered if q["section"] not in known]
    return {
        "name": in_language(body["name_zh"], body["name_en"]), "body": body, "total": len(numbered), "scoring": SCORINGS.get(body["scoring"], ""),
        "parts": [part for part in parts if part["section"] or part["lines"]], "source": in_language(body["source_zh"], body["source_en"]),
        "nodes": [nodes.get(code, code) for code in body["node_codes"]],
    }  # fmt: skip


def line_of(number: int, question: Mapping[str, Any], nodes: Mapping[str, str]) -> dict[str, Any]:
    """One question for the page."""
    return {
        "number": number, "question": question, "text": in_language(question["text_zh"], question["text_en"]),
        "help": in_language(question["help_zh"], question["help_en"]), "answers": _answers(question),
        "photo": _photo(question), "show_if": conditions_text(question["show_if"]).replace("\n", " · "),
        "nodes": [nodes.get(code, code) for code in question["node_codes"]], "clause": TYPES.get(question["clause_type"], ""),
        "proposes": PROPOSES.get(question["proposes"], "") if question["proposes"] else "",
    }  # fmt: skip


def _answers(question: Mapping[str, Any]) -> str:
    kind = question["kind"]
    if kind == "number":
        return " ".join(each for each in (str(KINDS[kind]), _range(question), question["unit"]) if each)
    if kind == "choice" and question["options"]:
        return " / ".join(in_language(option.get("zh", ""), option.get("en", "")) for option in question["options"])
    if kind == "scale":
        points = [str(option.get("points", "")) for option in question["options"]] or [str(each) for each in POINTS]
        return f"{KINDS[kind]} {' · '.join(points)}"
    return str(KINDS.get(kind, kind))


def _range(question: Mapping[str, Any]) -> str:
    lowest, highest = question["lowest"], question["highest"]
    if lowest and highest:
        return f"{lowest} – {highest}"
    return f"≥ {lowest}" if lowest else f"≤ {highest}" if highest else ""


def _photo(question: Mapping[str, Any]) -> str:
    if question["kind"] == "photo" or question["photo"] == "none":
        return ""
    many = question["photos_least"] if question["photo"] in ("on_no", "always") else 1
    words = str(PHOTOS.get(question["photo"], question["photo"]))
    return words if many == 1 else f"{words} × {many}"


@wearing(*SIDES)
@require_safe
def changes(request: ActorRequest, checklist_code: str) -> HttpResponse:
    """What this version changed against the one before it."""
    version = checklist_for(request.actor, checklist_code)
    others = [row for row in versions_of(request.actor, version) if row.number < version.number]
    before = others[0] if others else None
    now = body_of(version, questions_of(request.actor, version))
    was = body_of(before, questions_of(request.actor, before)) if before else whole({})
    context = {**difference_context(was, now), "version": version, "before": before, "name": in_language(version.name_zh, version.name_en)}
    return render(request, "audits/checklist_changes.html", context)


def difference_context(was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Two bodies held against each other, for the page."""
    head = [_entry(name, pair) for name, pair in head_differences(was, now).items()]
    return {"head": head, "lines": [_difference(each) for each in differences(was, now)], "marks": DIFFERENCES}


def _difference(found: Difference) -> dict[str, Any]:
    question = found.now or found.was or QUESTION
    return {
        "what": found.what, "code": found.code, "text": in_language(question["text_zh"], question["text_en"]),
        "entries": [_entry(name, pair) for name, pair in found.entries.items()],
    }  # fmt: skip


def _entry(name: str, pair: tuple[Any, Any]) -> dict[str, Any]:
    return {"label": ENTRIES.get(name, name), "diff": {"was": _said(name, pair[0]), "now": _said(name, pair[1])}}


def _said(name: str, value: Any) -> str:
    """An entry as words; – for nothing."""
    chosen: dict[str, Mapping[str, Any]] = {"kind": KINDS, "photo": PHOTOS, "scoring": SCORINGS, "proposes": PROPOSES, "clause_type": TYPES}
    if name == "show_if":
        said = conditions_text(value)
    elif name == "options":
        said = options_text("scale" if value and "points" in value[0] else "choice", value)
    elif name == "sections":
        said = " · ".join(f"{each['code']} {in_language(each['name_zh'], each['name_en'])}" for each in value)
    elif isinstance(value, bool):
        said = _("yes") if value else _("no")
    elif isinstance(value, list):
        names = names_of(chain_nodes(), get_language() or "")
        said = ", ".join(names.get(each, str(each)) for each in value)
    else:
        said = str(chosen[name].get(value, value)) if name in chosen and value else str(value or "")
    return said or "–"


@wearing(*SIDES)
@require_safe
def download(request: ActorRequest, checklist_code: str) -> HttpResponse:
    """A version as the sheet that comes back in as a draft."""
    version = checklist_for(request.actor, checklist_code)
    return sheet_response(version.pk, body_of(version, questions_of(request.actor, version)))


@wearing(Hat.OWNER)
@require_safe
def template(request: ActorRequest) -> HttpResponse:
    """The right columns with three examples, and what may stand in each."""
    section = {**SECTION, "code": "A", "name_zh": "原料仓", "name_en": "Raw material store"}
    return sheet_response("template", whole({**HEAD, "sections": [section], "questions": list(EXAMPLES)}))


def sheet_response(name: str, body: Mapping[str, Any]) -> HttpResponse:
    heads = [head_of(entry) for entry in COLUMNS]
    book = xlsx_book(
        [(_("Questions"), heads, rows_of(body)), (_("How to fill it in"), [_("Column"), _("What may stand there")], _manual())]
    )
    return HttpResponse(book, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="checklist-{name}.xlsx"'})


def _manual() -> Iterable[tuple[str, str]]:
    said = {
        "section": _("A short code. Questions of one section belong together; the name needs to stand only once."),
        "code": _("A code of the question's own: up to 20 letters, digits, dots and hyphens."),
        "text_zh": _("Chinese, English or both."),
        "kind": " / ".join(map(str, KINDS.values())),
        "options": _("One in a line: code | Chinese | English | share of fulfilment in percent."),
        "lowest": _("For numbers: the range that is good. Empty: no limit on this side."),
        "weight": _("A whole number; empty is 1, 0 is not scored."),
        "is_critical": _("1 or yes; empty is no."),
        "photo": " / ".join(map(str, PHOTOS.values())),
        "photos_least": _("A whole number; empty is 1."),
        "show_if": _("One in a line: A-1 = no, na · A-1 != yes · A-2 > 75 · A-2 < 55."),
        "node_codes": ", ".join(f"{node.code} {in_language(node.name_zh, node.name_en)}" for node in chain_nodes()),
        "clause_type": ", ".join(TYPES),
        "element": _("For a VDA 6.3-shaped audit: P2 to P7."),
        "sub_element": _("For questions of P6: EU1 to EU6."),
        "proposes": " / ".join(str(words) for code, words in PROPOSES.items() if code),
    }
    return [(head_of(entry), words) for entry, words in said.items()]
