"""The common record as pages: the relations, one stream, one entry, and what a side says of it."""

from __future__ import annotations

from itertools import islice
from tempfile import TemporaryFile
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import text_of
from foundation.errors import RuleBroken
from foundation.htmx import fragment
from jobs.exports import csv_bytes, xlsx_bytes
from records import exports, selectors
from records.forms import DisputeForm
from records.models import RecordEntry, RecordStream
from records.paging import cursor_of, more_of
from records.services.acks import agree_with, dispute
from records.timeline import firm_of, lines_of, other_side, said_by, told, word_of
from records.words import kind_name

TABLE_LIMIT = 20_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def streams(request: ActorRequest) -> HttpResponse:
    """The actor's relations, newest activity first."""
    found = selectors.streams(request.actor, after=cursor_of(request))
    page, more = found[: selectors.PAGE], len(found) > selectors.PAGE
    side, first = other_side(request.actor), selectors.first_entries(request.actor, [stream.pk for stream in page])
    heads = [pgettext("record", "Firm"), _("It began with"), _("Newest entry"), _("Record since")]
    context = {
        "streams": [{"stream": stream, "name": firm_of(stream, side), "first": told(first[stream.pk])} for stream in page],
        "heads": [{"label": label} for label in heads],
        **more_of(request, page[-1].last_at if more else None, page[-1].pk if more else None, len(page)),
    }
    return fragment(request, "records/_more_streams.html", context, page="records/streams.html")


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def stream(request: ActorRequest, stream_id: UUID) -> HttpResponse:
    """One stream, newest first; `?kind=` filters, `?after=` goes on."""
    of = selectors.stream_for(request.actor, stream_id)
    kind = text_of(request, "kind", most=40)
    found = selectors.entries(request.actor, stream_id=stream_id, kind=kind, after=cursor_of(request))
    page, more = found[: selectors.PAGE], len(found) > selectors.PAGE
    context = {
        "stream": of,
        "name": firm_of(of, other_side(request.actor)),
        "lines": lines_of(request.actor, page),
        "selects": [_kind_select(request, stream_id, kind)],
        "kind": kind,
        "exports": {form: _export_url(f"records:stream_{form}", of, kind) for form in ("csv", "xlsx", "jsonl")},
        **more_of(request, page[-1].at if more else None, page[-1].pk if more else None, len(page)),
    }
    return fragment(request, "records/_more_entries.html", context, page="records/stream.html")


def _kind_select(request: ActorRequest, stream_id: UUID, kind: str) -> dict[str, Any]:
    kinds = [{"value": "", "label": _("All kinds")}]
    kinds += [{"value": each, "label": kind_name(each)} for each in selectors.kinds_in(request.actor, stream_id)]
    return {"name": "kind", "label": _("Kind of entry"), "options": kinds, "value": kind}


def _export_url(name: str, of: RecordStream, kind: str) -> str:
    return reverse(name, args=[of.pk]) + (f"?{urlencode({'kind': kind})}" if kind else "")


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def entry(request: ActorRequest, entry_id: UUID) -> HttpResponse:
    """One entry with everything said of it."""
    return _entry_page(request, selectors.entry_for(request.actor, entry_id), DisputeForm())


def _entry_page(request: ActorRequest, of: RecordEntry, form: DisputeForm, *, status: int = 200) -> HttpResponse:
    acks = selectors.words_on(request.actor, of)
    latest = {ack.side: ack for ack in acks}  # oldest first: the last one stays
    side = request.actor.hat.value
    payload = getattr(of, "payload", None)
    context = {
        "line": lines_of(request.actor, [of])[0],
        "entry": of,
        "payload": payload.text if payload else "",
        "name": firm_of(of.stream, other_side(request.actor)),
        "acks": [{"ack": ack, "chip": said_by(ack.side, ack.word), "firm": firm_of(of.stream, ack.side)} for ack in acks],
        "my_word": word_of(of, latest, side),
        "form": form,
        "corrects": lines_of(request.actor, [of.corrects]) if of.corrects else [],
        "corrected_by": lines_of(request.actor, selectors.corrections_of(request.actor, of)),
        "now": timezone.now(),
    }
    return render(request, "records/entry.html", context, status=status)


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_POST
def agree(request: ActorRequest, entry_id: UUID) -> HttpResponse:
    """This side agrees, or settles its own dispute."""
    of = selectors.entry_for(request.actor, entry_id)
    agree_with(actor=request.actor, entry=of, now=timezone.now())
    return redirect("records:entry", entry_id=of.pk)


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_POST
def dispute_entry(request: ActorRequest, entry_id: UUID) -> HttpResponse:
    """This side disputes, with a reason."""
    of = selectors.entry_for(request.actor, entry_id)
    form = DisputeForm(request.POST)
    if form.is_valid():
        try:
            dispute(actor=request.actor, entry=of, reason=form.cleaned_data["reason"], now=timezone.now())
            return redirect("records:entry", entry_id=of.pk)
        except RuleBroken as broken:
            form.add_error(broken.field, broken.words())
    return _entry_page(request, of, form, status=422)


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def export_csv(request: ActorRequest, stream_id: UUID) -> HttpResponse:
    """The stream as a table for Excel and WPS."""
    return _saved(csv_bytes(exports.heads(), _table(request, stream_id)), "text/csv; charset=utf-8", "record.csv")


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def export_xlsx(request: ActorRequest, stream_id: UUID) -> HttpResponse:
    """The stream as a workbook."""
    return _saved(xlsx_bytes(_("Common record"), exports.heads(), _table(request, stream_id)), XLSX, "record.xlsx")


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def export_jsonl(request: ActorRequest, stream_id: UUID) -> HttpResponse:
    """All that a verifier needs, written to a file first: its length is known, so that a cut line shows."""
    entries = _exported(request, stream_id)
    file = TemporaryFile()  # noqa: SIM115 - the response closes it
    exports.write_json_lines(entries, file)
    file.seek(0)
    answer: Any = FileResponse(file, as_attachment=True, filename="record.jsonl", content_type="application/jsonl; charset=utf-8")
    return answer  # type: ignore[no-any-return]


def _exported(request: ActorRequest, stream_id: UUID) -> Any:
    of = selectors.stream_for(request.actor, stream_id)
    return selectors.whole_stream(request.actor, of.pk, kind=text_of(request, "kind", most=40))


def _table(request: ActorRequest, stream_id: UUID) -> list[Any]:
    """Complete or not at all: a table that stops in the middle would be believed."""
    found = list(exports.rows(islice(_exported(request, stream_id), TABLE_LIMIT + 1)))
    if len(found) > TABLE_LIMIT:
        raise RuleBroken("export_too_long", limit=TABLE_LIMIT)
    return found


def _saved(body: bytes, kind: str, name: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type=kind, headers=disposition)
