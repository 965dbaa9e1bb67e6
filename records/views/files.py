"""A firm's own files: what it holds, what it held on a day, what took whose place, and which pictures look alike."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import text_of
from foundation.errors import RuleBroken
from foundation.htmx import fragment
from records import selectors
from records.forms import RevisionForm
from records.models import Evidence
from records.paging import cursor_of, more_of
from records.services.evidence import PHOTOS, PHOTOS_AND_PDF, TABLES, About, take_evidence
from records.words import FILE_KINDS

FILERS = (Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER)


@wearing(*FILERS)
@require_safe
def files(request: ActorRequest) -> HttpResponse:
    """Newest first; `?day=` as they were known that evening, `?kind=`, `?q=`."""
    day, kind, query = _day(request), text_of(request, "kind", most=12), text_of(request, "q", most=60)
    found = selectors.files(request.actor, day=day, kind=kind, query=query, after=cursor_of(request))
    page, more = found[: selectors.PAGE], len(found) > selectors.PAGE
    heads = [_("File"), pgettext("file", "Counts from"), pgettext("file", "Came"), pgettext("file", "By"), _("State")]
    context = {
        "files": [{"row": row, "kind": _kind(row)} for row in page],
        "heads": [{"label": label} for label in heads],
        "day": day,
        "day_said": text_of(request, "day", most=10),
        "kind": kind,
        "query": query,
        "kinds": [("", _("every kind")), *FILE_KINDS.items()],
        **more_of(request, page[-1].received_at if more else None, page[-1].pk if more else None, len(page)),
    }
    return fragment(request, "records/_more_files.html", context, page="records/files.html")


def _day(request: ActorRequest) -> date | None:
    try:
        day = date.fromisoformat(text_of(request, "day", most=10))
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2200 else None


def _kind(row: Evidence) -> Any:
    return FILE_KINDS.get("photo" if row.kind in PHOTOS else row.kind, row.kind)


@wearing(*FILERS)
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: ActorRequest, evidence_id: UUID) -> HttpResponse:
    """One file: its days, its fingerprint, what stood in its place before and after, and what looks like it."""
    row = selectors.evidence_for(request.actor, evidence_id)
    form = RevisionForm(request.POST or None, request.FILES or None, initial={"counts_from": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            newer = take_evidence(
                actor=request.actor, now=timezone.now(), client_id=str(said["client_id"]), file=said["file"],
                allowed=PHOTOS_AND_PDF | TABLES, about=About(said["counts_from"], row),
            )  # fmt: skip
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        else:
            messages.success(request, _("Filed in its place. The older file stays, and everybody can see which one stood when."))
            return redirect(reverse("records:file", args=[newer.pk]))
    chain = selectors.revisions_of(request.actor, row)
    context = {
        "row": row, "kind": _kind(row), "is_photo": row.kind in PHOTOS, "chain": chain, "newest": chain[-1], "form": form,
        "alike": selectors.alike_to(request.actor, row),
    }  # fmt: skip
    return render(request, "records/file.html", context, status=422 if form.errors else 200)
