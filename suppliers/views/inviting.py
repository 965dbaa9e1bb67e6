"""Inviting many: who is meant, one press, the progress, and what to print or send by hand."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from foundation.htmx import fragment
from jobs.models import Job
from notices.quiet import send_after
from suppliers.filters import wanted, wanted_of_query
from suppliers.list_page import ids_said
from suppliers.list_words import filters_said
from suppliers.posters import LABELS, LINKS, POSTERS, labels_pdf, links_xlsx, on_paper, posters_pdf
from suppliers.selectors import links_by_id
from suppliers.selectors.invitations import (
    INVITE,
    REMIND,
    inviting_counts,
    inviting_job,
    inviting_jobs,
    open_invitations,
    waiting_lines,
)
from suppliers.services.inviting import start_inviting

VERBS = {"invite": INVITE, "remind": REMIND}
PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAPERS = {
    "posters": (POSTERS, posters_pdf, "invitations.pdf", PDF),
    "labels": (LABELS, labels_pdf, "labels.pdf", PDF),
    "links": (LINKS, links_xlsx, "invitations.xlsx", XLSX),
}


@require_safe
@wearing(Hat.OWNER)
def overview(request: ActorRequest) -> HttpResponse:
    """Who of the list (or of what the filters show) may be invited, waits, has run out or said no."""
    asked, now = wanted(request.GET), timezone.now()
    counts = inviting_counts(request.actor, asked.chosen(), now=now)
    context = {
        "counts": counts, "said": [words for _name, words in filters_said(asked.chosen())], "query": asked.as_query(), "job_ids": [uuid4(), uuid4()],
        "papers": _papers(counts["waiting"], asked.as_query()), "rounds": [_round(job) for job in inviting_jobs(request.actor)],
        "later": send_after(now) if send_after(now) > now else None,
    }  # fmt: skip
    return render(request, "suppliers/invitations.html", context)


@require_POST
@wearing(Hat.OWNER)
def start(request: ActorRequest) -> HttpResponse:
    """Invite or remind what was picked, or all that fit. One alone goes on to its link and code."""
    said, actor = request.POST, request.actor
    ids = ids_said(said.getlist("link"))
    do = VERBS.get(said.get("do", ""), INVITE)
    everything = wanted_of_query(said.get("query", "")) if "all" in said else None
    if everything is None and len(ids) == 1 and do == INVITE and links_by_id(actor, ids):
        return _one(request, ids[0])
    try:
        job = start_inviting(actor=actor, job_id=_uuid(said.get("job_id", "")), do=do, wanted=everything, ids=ids, now=timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
        return redirect("suppliers:invitations" if everything is not None else "suppliers:list")
    return redirect("suppliers:inviting", job.pk)


def _one(request: ActorRequest, link_id: UUID) -> HttpResponse:
    with suppress(RuleBroken):  # it has joined, or its invitation is open: its page says so
        start_inviting(actor=request.actor, job_id=uuid4(), do=INVITE, ids=[link_id], now=timezone.now())
    return redirect("suppliers:invitation", link_id)


@require_safe
@wearing(Hat.OWNER)
def progress(request: ActorRequest, inviting_id: UUID) -> HttpResponse:
    """One round of invitations; asks again while it runs."""
    job = inviting_job(request.actor, inviting_id)
    at = {**_round(job), "id": job.pk, "url": request.path, "done": job.done, "total": job.total, "ended": job.state in ("done", "failed")}
    waiting = waiting_lines(request.actor, now=timezone.now(), **_meant(job)).order_by().count() if at["ended"] else 0
    context = {"job": at, "papers": _papers(waiting, urlencode({"round": str(job.pk)})), "later": _later(job)}
    return fragment(request, "suppliers/_inviting.html", context, page="suppliers/inviting.html")


@require_safe
@wearing(Hat.OWNER)
def paper(request: ActorRequest, kind: str) -> HttpResponse:
    """Sheets, labels or the list of links, of open invitations; long ones in parts."""
    most, make, name, mime = PAPERS[kind]
    meant = (
        _meant(inviting_job(request.actor, _uuid(request.GET["round"])))
        if "round" in request.GET
        else {"filters": wanted(request.GET).chosen()}
    )
    now, part = timezone.now(), _part(request.GET.get("part", ""))
    lines = list(waiting_lines(request.actor, now=now, **meant)[(part - 1) * most : part * most])
    opened = open_invitations(request.actor, lines, now=now)
    pairs = [(line, opened[line.pk]) for line in lines if line.pk in opened]
    if not pairs:
        raise Absent
    body = make(on_paper(pairs))
    return HttpResponse(body, content_type=mime, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _meant(job: Job) -> dict[str, Any]:
    return {"ids": [UUID(each) for each in job.facts["ids"]]} if "ids" in job.facts else {"filters": job.facts["filters"]}


def _papers(waiting: int, query: str) -> list[dict[str, Any]]:
    """The files that may be taken, each with its parts."""
    if not waiting:
        return []
    words = {
        "posters": (_("Sheets for the gate, one a firm"), "print"), "labels": (_("Labels, 24 codes a sheet"), "qr"),
        "links": (_("List of links and codes"), "download"),
    }  # fmt: skip
    out = []
    for kind, (label, icon) in words.items():
        most, parts = PAPERS[kind][0], []
        for part in range(1, -(-waiting // most) + 1):
            address = f"{reverse(f'suppliers:invitation_{kind}')}?{query}{'&' if query else ''}part={part}"
            parts.append({"url": address, "label": f"{(part - 1) * most + 1}–{min(part * most, waiting)}"})
        out.append({"label": label, "icon": icon, "parts": parts})
    return out


def _round(job: Job) -> dict[str, Any]:
    facts, reminds = job.facts, job.kind == REMIND
    sent = facts["sent"]
    words = ngettext("%(n)s firm is reminded.", "%(n)s firms are reminded.", sent) if reminds else ngettext(
        "%(n)s firm is invited.", "%(n)s firms are invited.", sent
    )  # fmt: skip
    return {
        "job": job, "title": _("Reminders") if reminds else _("Invitations"), "words": words % {"n": sent}, "no_phone": facts["no_phone"],
        "said": [words for _name, words in filters_said(facts.get("filters", {}))], "failed": job.state == "failed",
    }  # fmt: skip


def _later(job: Job) -> Any:
    """When the messages ring, if not at once."""
    first = send_after(job.created_at)
    return first if first > job.created_at else None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _part(text: str) -> int:
    return min(int(text), 10_000) if text.isascii() and text.isdecimal() and len(text) < 6 and int(text) else 1
