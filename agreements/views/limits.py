"""The platform's desk for limits: what waits for a second person, one revision with who is affected, a file of many."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.library_words import FIELDS, FILES, OTHER_FILE, OUTCOMES, STATES, VERIFIED, in_language
from agreements.limit_files import Line, judged, kept, read_limits
from agreements.limit_forms import LimitFileForm, LimitForm, WhyForm, as_typed
from agreements.limits import VALUES, LimitSaid
from agreements.models import SpecLimit
from agreements.selectors.library import (
    FEWEST,
    PAGE,
    affected_by,
    characteristics,
    editions,
    history_of,
    known_limits,
    limit_one,
    limit_revisions,
    products,
    shelf,
    waiting_places,
)
from agreements.services.library import propose_limit, propose_limits, release_limit, withdraw_limit
from agreements.views.library import limit_line, tabs
from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import moment_of, text_of
from foundation.errors import Absent, RuleBroken
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from suppliers.imports.shapes import FileRefused

COMPARED = (*VALUES, "source_zh", "source_en", "read_in")


@wearing(Hat.PLATFORM)
@require_safe
def limits(request: ActorRequest) -> HttpResponse:
    """Revisions, newest first; `?state=` (what waits, by default) and `?q=` filter, `?after=` goes on."""
    state, q = request.GET.get("state", "draft"), text_of(request, "q", most=60)
    state = state if state in STATES or state == "all" else "draft"
    found = limit_revisions(request.actor, state="" if state == "all" else state, q=q, after=_after(request))
    page, more = found[:PAGE], len(found) > PAGE
    options = [
        *({"value": code, "label": label} for code, (_tone, _icon, label) in STATES.items()),
        {"value": "all", "label": _("All states")},
    ]
    heads = (_("Characteristic"), _("Limit"), _("Method edition"), _("Revision"), _("Proposed"), _("State"))
    context = {
        "lines": [limit_line(one, one.characteristic) | {"name": in_language(one.characteristic.name_zh, one.characteristic.name_en)} for one in page],
        "heads": [{"label": label} for label in heads], "chips": STATES, "tabs": tabs(request, "library_limits"),
        "find": {"name": "q", "label": _("Name or code"), "value": q},
        "selects": [{"name": "state", "label": _("State"), "options": options, "value": state}], "state": state, "asked": q, "shown": len(page),
        "more_url": changed_query(request.GET, {"after": f"{page[-1].proposed_at.isoformat()}_{page[-1].pk}"}) if more else "",
        "now": timezone.now(),
    }  # fmt: skip
    return fragment(request, "agreements/_more_limits.html", context, page="agreements/library_limits.html")


def _after(request: ActorRequest) -> tuple[Any, UUID] | None:
    at, _mark, pk = request.GET.get("after", "").partition("_")
    try:
        moment, last = moment_of(at.replace(" ", "+")), UUID(pk)
    except ValueError:
        return None
    return (moment, last) if moment else None


@wearing(Hat.PLATFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def limit_new(request: ActorRequest) -> HttpResponse:
    """Propose a limit; `?of=` starts from one that stands, `?characteristic=` from a characteristic."""
    former = _former(request)
    initial = as_typed(former) if former else {"characteristic": text_of(request, "characteristic", most=20)}
    form = LimitForm((characteristics(), editions(), products()), request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            one = propose_limit(actor=request.actor, said=form.said(), why=form.cleaned_data["why"], now=timezone.now())
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        else:
            messages.success(request, _("Proposed. A colleague releases it."))
            return redirect("agreements:library_limit", one.pk)
    context = {"form": form, "former": former, "tabs": tabs(request, "library_limits")}
    return render(request, "agreements/library_limit_new.html", context, status=422 if form.errors else 200)


def _former(request: ActorRequest) -> SpecLimit | None:
    try:
        return limit_one(request.actor, UUID(request.GET.get("of", "")))
    except (ValueError, Absent):
        return None


@wearing(Hat.PLATFORM)
@require_safe
def limit(request: ActorRequest, limit_id: UUID) -> HttpResponse:
    return _limit_page(request, limit_one(request.actor, limit_id))


def _limit_page(request: ActorRequest, one: SpecLimit, *, refused: str = "", why: WhyForm | None = None) -> HttpResponse:
    """One revision: what changes, who is affected, and what the reader may do with it."""
    affected = affected_by(request.actor, one)
    mine = one.proposed_by_id == request.actor.person_id
    context = {
        "one": limit_line(one, one.characteristic), "row": one, "name": in_language(one.characteristic.name_zh, one.characteristic.name_en),
        "changes": _changes(one), "affected": affected, "fewest": FEWEST, "templates": [(t, in_language(t.name_zh, t.name_en)) for t in affected.templates],
        "history": [(each, limit_line(each, one.characteristic)) for each in history_of(request.actor, one)], "chips": STATES, "verified_chips": VERIFIED,
        "may_release": one.state == "draft" and not mine, "may_withdraw": one.state == "draft" or (one.state == "released" and not mine),
        "mine": mine, "refused": refused, "why": why or WhyForm(), "now": timezone.now(),
    }  # fmt: skip
    return render(request, "agreements/library_limit.html", context, status=422 if refused or (why and why.errors) else 200)


def _changes(one: SpecLimit) -> list[tuple[Any, str, str]]:
    """(field, what stood, what is proposed) against the revision whose place it takes."""
    before = one.supersedes
    found = [(FIELDS[name], getattr(before, name) if before else "", getattr(one, name)) for name in COMPARED]
    return [change for change in found if change[1] != change[2]]


@wearing(Hat.PLATFORM)
@require_POST
def limit_release(request: ActorRequest, limit_id: UUID) -> HttpResponse:
    one = limit_one(request.actor, limit_id)
    try:
        release_limit(actor=request.actor, limit_id=one.pk, now=timezone.now())
    except RuleBroken as broken:
        return _limit_page(request, limit_one(request.actor, limit_id), refused=broken.words())
    messages.success(request, _("Released. Texts that are signed stay as they were signed."))
    return redirect("agreements:library_limit", one.pk)


@wearing(Hat.PLATFORM)
@require_POST
def limit_withdraw(request: ActorRequest, limit_id: UUID) -> HttpResponse:
    one, form = limit_one(request.actor, limit_id), WhyForm(request.POST)
    if not form.is_valid():
        return _limit_page(request, one, why=form)
    try:
        withdraw_limit(actor=request.actor, limit_id=one.pk, why=form.cleaned_data["why"], now=timezone.now())
    except RuleBroken as broken:
        return _limit_page(request, limit_one(request.actor, limit_id), refused=broken.words())
    messages.success(request, _("Withdrawn."))
    return redirect("agreements:library_limit", one.pk)


@wearing(Hat.PLATFORM)
@require_http_methods(["GET", "HEAD", "POST"])
def limits_import(request: ActorRequest) -> HttpResponse:
    """A file of limits: first a preview, where nothing is written; then its good rows become proposals."""
    if "rows" in request.POST:
        return _propose_rows(request)
    form = LimitFileForm(request.POST or None, request.FILES or None)
    lines: list[Line] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            lines = judged(
                read_limits(file.name, file.read()),
                shelf(),
                known_limits(request.actor),
                waiting_places(request.actor),
                on=timezone.localdate(),
            )
        except FileRefused as refusal:
            form.add_error("file", file_words(refusal))
    context = {"form": form, "tabs": tabs(request, "library_import"), **(_preview(lines) if lines else {})}
    return render(request, "agreements/library_import.html", context, status=422 if form.errors else 200)


def file_words(refusal: FileRefused) -> str:
    """Why a whole file is not read."""
    message = refusal.message
    return str(FILES.get(message.code, OTHER_FILE)) % {"found": message.found, **message.facts}


def _preview(lines: list[Line]) -> dict[str, Any]:
    counts = {name: sum(line.outcome == name for line in lines) for name in OUTCOMES}
    return {
        "lines": [
            {
                "line": line,
                "faults": [(FIELDS[fault.field], RuleBroken(fault.code, **fault.facts).words()) for fault in line.faults],
                "changes": [(FIELDS[name], before, after) for name, before, after in line.changes],
            }
            for line in lines
        ],
        "counts": [(OUTCOMES[name], n) for name, n in counts.items() if n], "good": counts["new"] + counts["changed"], "rows": kept(lines),
        "chips": OUTCOMES, "heads": [{"label": label} for label in (_("Row"), _("Limit"), _("What happens"), _("What to mend, or what changes"))],
    }  # fmt: skip


def _propose_rows(request: ActorRequest) -> HttpResponse:
    """The rows of a preview, judged again: the library may have moved meanwhile."""
    form, why = LimitFileForm(), request.POST.get("why", "")
    try:
        made = propose_limits(actor=request.actor, rows=said_rows(request.POST["rows"]), why=why, now=timezone.now())
    except RuleBroken as broken:
        lines = _again(request)
        words = broken.words() if broken.code == "limit_why_missing" else str(RuleBroken("limits_rows_changed").words())
        context = {
            "form": form,
            "tabs": tabs(request, "library_import"),
            "refused": words,
            "typed_why": why,
            **(_preview(lines) if lines else {}),
        }
        return render(request, "agreements/library_import.html", context, status=422)
    messages.success(request, ngettext("%(n)s limit proposed.", "%(n)s limits proposed.", len(made)) % {"n": len(made)})
    return redirect("agreements:library_limits")


def said_rows(text: str) -> list[LimitSaid]:
    """The rows that a preview handed on. Raises RuleBroken("limits_rows_changed") for anything else."""
    try:
        return [line.said for line in read_limits("rows.json", text.encode("utf-8", "replace")) if not line.faults]
    except FileRefused:
        raise RuleBroken("limits_rows_changed") from None


def _again(request: ActorRequest) -> list[Line]:
    try:
        lines = read_limits("rows.json", request.POST["rows"].encode("utf-8", "replace"))
    except FileRefused:
        return []
    return judged(lines, shelf(), known_limits(request.actor), waiting_places(request.actor), on=timezone.localdate())
