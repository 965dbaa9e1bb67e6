"""Reports as data: the frozen figures with their hash, and the files."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from oversight.models import Report
from oversight.report_files import file_name
from oversight.report_parts import PARTS
from oversight.selectors.reports import file_for, files_of, report_for, reports
from oversight.services.reports import ReportSaid, make_report
from oversight.words_campaigns import LANGUAGES
from parties.endpoints import Asked, Endpoint, Page, Said, Shape, verb

BUREAU = (Hat.BUREAU,)


class ReportShape(Shape):
    id = serializers.UUIDField()
    period = serializers.CharField(help_text="2026-10 for a month, 2026-Q3 for a quarter.")
    language = serializers.CharField()
    as_of = serializers.DateTimeField(help_text="The moment of the figures.")
    made_by = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the frozen figures as canonical JSON (RFC 8785).")


class ReportPartShape(Shape):
    code = serializers.CharField()
    title = serializers.CharField()
    heads = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField())
    notes = serializers.ListField(child=serializers.CharField())


class ReportFileShape(Shape):
    extension = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()


class ReportWholeShape(ReportShape):
    words = serializers.CharField(allow_blank=True)
    parts = ReportPartShape(many=True)
    files = ReportFileShape(many=True, source="kept")


class ReportGiven(Said):
    period = serializers.CharField(max_length=7, help_text="2026-10 for a month, 2026-Q3 for a quarter.")
    parts = serializers.ListField(child=serializers.ChoiceField(list(PARTS)), max_length=40)
    words = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    language = serializers.ChoiceField(list(LANGUAGES), required=False, help_text="In which it is written; else that of the request.")
    client_id = serializers.CharField(max_length=60, required=False, help_text="The same client_id is made once.")


def _whole(actor: Actor, report_id: UUID) -> Report:
    row = report_for(actor, report_id)
    row.kept = files_of(actor, row)  # type: ignore[attr-defined]
    return row


class Reports(Endpoint):
    hats = BUREAU

    @verb("The archive of reports, newest first", gives=ReportShape, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        rows, _more = reports(actor, after=asked.after, size=asked.size + 1)
        return Page(rows, lambda row: (row.as_of, row.pk))

    @verb("Make a report: the figures are read now and do not change any more", takes=ReportGiven, gives=ReportWholeShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Report:
        client_id = said.pop("client_id", "") or str(uuid4())
        return _whole(actor, make_report(actor=actor, said=ReportSaid(**said), client_id=client_id, now=timezone.now()).pk)


class ReportOne(Endpoint):
    hats = BUREAU

    @verb("One report with its figures and files", gives=ReportWholeShape)
    def get(self, actor: Actor, report_id: UUID) -> Report:
        return _whole(actor, report_id)


class ReportFileOne(Endpoint):
    hats = BUREAU

    @verb("A file of a report: pdf, xlsx or docx")
    def get(self, actor: Actor, report_id: UUID, extension: str) -> HttpResponse:
        row = report_for(actor, report_id)
        kept = file_for(actor, report_id, extension[:4])
        response = HttpResponse(bytes(kept.content), content_type="application/octet-stream")
        response["Content-Disposition"] = f'attachment; filename="{file_name(row)}.{kept.extension}"'
        return response
