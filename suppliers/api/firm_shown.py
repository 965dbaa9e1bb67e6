"""What a firm shows to a chain owner of its own free will."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from foundation.actor import Actor, Hat
from parties.endpoints import PROBLEM, Endpoint, Problem, Said, Shape, verb
from records.files import file_response
from records.models import Evidence
from records.services.evidence import note_looks
from suppliers.api.firm import GrantShape
from suppliers.firm_words import SHARES
from suppliers.models import SharedThing
from suppliers.selectors import link_for, who_sees_what
from suppliers.selectors.firm_shared import shown_by, shown_paper
from suppliers.services.firm_sharing import show_to_owner


class ShowSaid(Said):
    link = serializers.UUIDField(help_text="The link to a chain owner that the firm joined.")
    what = serializers.ListField(child=serializers.ChoiceField(sorted(SHARES)), min_length=1, max_length=len(SHARES))


class ShownShape(Shape):
    id = serializers.UUIDField(source="thing_id")
    what = serializers.CharField(help_text="certificates, instruments or products")
    facts = serializers.DictField()
    has_file = serializers.SerializerMethodField()

    def get_has_file(self, row: SharedThing) -> bool:
        return row.file is not None


class Showing(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Show classes of the firm's things to one of its chain owners", takes=ShowSaid, gives=GrantShape(many=True))
    def post(self, actor: Actor, said: dict[str, Any]) -> Any:
        show_to_owner(actor=actor, link=link_for(actor, said["link"]), what=said["what"], now=timezone.now())
        return [seen.grant for seen in who_sees_what(actor)]


class ShownFirm(Endpoint):
    hats = (Hat.OWNER,)

    @verb("What a supplier shows to us; it learns of the look", gives=ShownShape(many=True))
    def get(self, actor: Actor, link_id: UUID) -> list[SharedThing]:
        link = link_for(actor, link_id)
        shown = shown_by(actor, link)
        for what, rows in shown.items():
            note_looks(actor=actor, org_ids=[rows[0].org_id], what=what, subject_id=link.pk, now=timezone.now())
        return [row for rows in shown.values() for row in rows]


class ShownPaper(Endpoint):
    hats = (Hat.OWNER,)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, ("4XX", PROBLEM): Problem})
    @verb("The file of a certificate that a supplier shows to us; it learns of the look")
    def get(self, actor: Actor, link_id: UUID, paper_id: UUID) -> HttpResponseBase:
        shown = shown_paper(actor, link_for(actor, link_id), paper_id)
        note_looks(actor=actor, org_ids=[shown.org_id], what="certificates", subject_id=shown.thing_id, now=timezone.now())
        file = shown.file or {}
        return file_response(file["path"], Evidence(name=file["name"], kind=file["kind"], mime=file["mime"]))
