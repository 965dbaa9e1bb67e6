"""The bureau's balcony: the morning, the table, the map. It reads states and counts; contents are closed to it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements.words import AGREEMENT_CHIPS
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from oversight import documents, faces
from oversight.filters import MEASURES, Asked, cursor_of, cursor_text, worst_cursor
from oversight.selectors import (
    agreement_for,
    chain_owners,
    compliance_by_owner,
    compliance_page,
    notices_of,
    obligations_of,
    place_counts,
    places,
    work_states,
)
from oversight.selectors.places import CITY
from oversight.selectors.trend import worst_page
from parties.selectors import chain_nodes, names_of, regions
from records.services.evidence import note_looks

PAGE = 25
MOST_OBLIGATIONS = 200


@require_safe
@wearing(Hat.BUREAU)
def today(request: ActorRequest) -> HttpResponse:
    return render(request, "oversight/morning.html", faces.morning_face(request.actor, now=timezone.now()))


@require_safe
@wearing(Hat.BUREAU)
def compliance(request: ActorRequest) -> HttpResponse:
    asked, day = Asked.of(request.GET), timezone.localdate()
    if request.GET.get("by") == "worst":
        return _worst(request, asked)
    by_owner = request.GET.get("by") == "owner"
    known = regions()
    face = faces.filter_face(request.GET, asked, owners=chain_owners(request.actor), regions=known, nodes=chain_nodes())
    sides = documents.sides_of(asked)
    context: dict[str, Any] = {**face, "by_owner": by_owner, "heads": faces.heads_face(sides, by_owner=by_owner), "chips": AGREEMENT_CHIPS}
    if by_owner:
        context["lines"] = faces.owners_face(compliance_by_owner(request.actor, asked, today=day), sides)
        return fragment(request, "oversight/_owner_rows.html", context, page="oversight/compliance.html")
    found, more = compliance_page(request.actor, asked, today=day, after=cursor_of(request.GET.get("after", "")), size=PAGE)
    context |= {"lines": faces.rows_face(found, sides, names_of(known, get_language() or "")), "shown": len(found)}
    if more:
        last = found[-1].agreement
        context["more_url"] = changed_query(request.GET, {"after": cursor_text(last.created_at, last.pk)})
    piece = "oversight/_more_agreements.html" if request.GET.get("after") else "oversight/_compliance_list.html"
    return fragment(request, piece, context, page="oversight/compliance.html")


def _worst(request: ActorRequest, asked: Asked) -> HttpResponse:
    """What is overdue, the most of it first, to pick from and remind of."""
    known, sides = regions(), documents.sides_of(asked)
    face = faces.filter_face(request.GET, asked, owners=chain_owners(request.actor), regions=known, nodes=chain_nodes())
    found, last = worst_page(request.actor, asked, today=timezone.localdate(), after=worst_cursor(request.GET.get("after", "")), size=PAGE)
    context: dict[str, Any] = {
        **face, "worst": True, "heads": faces.heads_face(sides, by_owner=False), "chips": AGREEMENT_CHIPS, "shown": len(found),
        "lines": faces.rows_face(found, sides, names_of(known, get_language() or "")), "query": urlencode(asked.as_query()),
    }  # fmt: skip
    if last:
        context["more_url"] = changed_query(request.GET, {"after": "~".join(str(part) for part in last)})
    return render(request, "oversight/compliance.html", context)


@require_safe
@wearing(Hat.BUREAU)
def compliance_export(request: ActorRequest) -> HttpResponse:
    asked, day = Asked.of(request.GET), timezone.localdate()
    if request.GET.get("by") == "owner":
        table = documents.owners_table(request.actor, asked, today=day)
    else:
        table = documents.agreements_table(request.actor, asked, today=day, places=names_of(regions(), get_language() or ""))
    return _file(request, _("Compliance"), f"compliance-{day}", table)


def _file(request: ActorRequest, title: str, name: str, table: documents.Table) -> HttpResponse:
    # The bytes are made here: a streamed body would be written after the hat is off.
    kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    response = HttpResponse(documents.file_of(kind, title, table), content_type=documents.TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


@require_safe
@wearing(Hat.BUREAU)
def agreement(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    found = agreement_for(request.actor, agreement_id)
    both = (found.owner_org_id, found.supplier_org_id)
    note_looks(actor=request.actor, org_ids=both, what="agreement_state", subject_id=found.pk, now=timezone.now())
    owed = obligations_of(request.actor, found.pk, size=MOST_OBLIGATIONS)
    context = faces.agreement_face(found, owed, work_states(request.actor, found.pk), today=timezone.localdate())
    context["notices"] = faces.notice_days(notices_of(request.actor, found.pk))
    return render(request, "oversight/agreement.html", {**context, "most": MOST_OBLIGATIONS, "now": timezone.now()})


@require_safe
@wearing(Hat.BUREAU)
def place_map(request: ActorRequest) -> HttpResponse:
    parent, here = _parent(request)
    counts = place_counts(request.actor, parent=parent, today=timezone.localdate())
    measure = request.GET.get("measure", "")
    face = faces.map_face(here, counts, measure=measure if measure in MEASURES else "overdue", parent=parent)
    return render(request, "oversight/map.html", {**face, "now": timezone.now()})


@require_safe
@wearing(Hat.BUREAU)
def map_export(request: ActorRequest) -> HttpResponse:
    parent, here = _parent(request)
    counts = place_counts(request.actor, parent=parent, today=timezone.localdate())
    return _file(request, _("Map"), f"map-{parent}-{timezone.localdate()}", documents.places_table(here, counts))


def _parent(request: ActorRequest) -> tuple[str, Any]:
    parent = request.GET.get("region", "")[:12].replace("\x00", "") or CITY
    here = places(parent)
    if not here:
        raise Absent
    return parent, here
