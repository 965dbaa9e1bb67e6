"""The list to take away: at once while it is short, else from the background."""

from __future__ import annotations

from itertools import islice
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from foundation.htmx import fragment
from jobs.models import Job
from suppliers.documents import MIMES
from suppliers.filters import Wanted, wanted, wanted_of_query
from suppliers.list_documents import export_rows, list_document
from suppliers.list_page import ids_said
from suppliers.list_words import EXPORT_STATES, filters_said
from suppliers.models import ExportFile
from suppliers.selectors import all_links, export_file_for, export_files, export_for, exports
from suppliers.services.exports import AT_ONCE, ask_export

KINDS = ("csv", "xlsx")


@require_safe
@wearing(Hat.OWNER)
def export(request: ActorRequest, kind: str) -> HttpResponse:
    """The list under the filters of the page it was asked from; a long one is asked for on the page of exports."""
    asked = wanted(request.GET)
    links = list(islice(all_links(request.actor, **asked.chosen()), AT_ONCE + 1))
    if len(links) > AT_ONCE:
        return HttpResponseRedirect(f"{reverse('suppliers:exports')}?{asked.as_query()}")
    return _file(list_document(kind, export_rows(links, request.actor)), f"suppliers.{kind}", kind)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.OWNER)
def listing(request: ActorRequest) -> HttpResponse:
    """The firm's exports, and a new one of what the filters show."""
    if request.method == "POST":
        return _ask(request)
    now, jobs = timezone.now(), exports(request.actor)
    files = export_files(request.actor, jobs, now=now)
    asked = wanted(request.GET)
    context = {
        "rows": [_row(job, files.get(job.pk)) for job in jobs], "query": asked.as_query(), "said": _said(asked), "client_id": uuid4(),
        "chips": EXPORT_STATES, "now": now, "at_once": AT_ONCE,
    }  # fmt: skip
    return render(request, "suppliers/exports.html", context)


@require_safe
@wearing(Hat.OWNER)
def show(request: ActorRequest, export_id: UUID) -> HttpResponse:
    """How far one export is; asks again by itself until it has ended."""
    job = export_for(request.actor, export_id)
    file = export_files(request.actor, [job], now=timezone.now()).get(job.pk)
    shown = {
        "id": job.pk, "url": request.path, "title": _("Export"), "done": job.done, "total": job.total, "ended": job.state == "done",
        "note": str(EXPORT_STATES[job.state][2]),
    }  # fmt: skip
    context = {"job": shown, "row": _row(job, file), "chips": EXPORT_STATES, "now": timezone.now()}
    return fragment(request, "suppliers/_export.html", context, page="suppliers/export.html")


@require_safe
@wearing(Hat.OWNER)
def download(request: ActorRequest, export_id: UUID) -> HttpResponse:
    file = export_file_for(request.actor, export_id, now=timezone.now())
    return _file(bytes(file.content), file.name, file.kind)


def _ask(request: ActorRequest) -> HttpResponse:
    asked, kind = wanted_of_query(request.POST.get("query", "")), request.POST.get("kind", "xlsx")
    ids = ids_said([request.POST.get("client_id", "")]) or [uuid4()]
    try:
        job = ask_export(
            actor=request.actor, job_id=ids[0], wanted=asked, kind=kind if kind in KINDS else "xlsx", language=get_language() or "en",
            now=timezone.now(),
        )  # fmt: skip
    except RuleBroken as broken:
        messages.warning(request, broken.words())
        return redirect("suppliers:exports")
    return redirect("suppliers:export", job.pk)


def _row(job: Job, file: ExportFile | None) -> dict[str, object]:
    gone = job.state == "done" and file is None
    return {"job": job, "file": file, "state": "gone" if gone else job.state, "said": _said(Wanted(**job.facts["filters"]))}


def _said(asked: Wanted) -> list[str]:
    return [words for _name, words in filters_said(asked.chosen())]


def _file(body: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(body, content_type=MIMES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})
