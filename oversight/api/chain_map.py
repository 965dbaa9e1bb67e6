"""The chain map as data: what may be shown of it, and where it comes from; statistics come in by the same verb as on the page."""

from __future__ import annotations

import re
from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from foundation.actor import Actor, Hat
from oversight.chain import MEASURES, SIZES
from oversight.forms_chain import LARGEST, TOO_LARGE
from oversight.models import ChainImport
from oversight.selectors.chain_map import imports_so_far
from oversight.selectors.chain_page import ORIGINS, ChainAsked, ChainLook, chain_look
from oversight.services.chain_map import StatSaid, import_chain_counts
from parties.endpoints import Asked, Endpoint, Filters, Said, Shape, verb

COUNTED = ("firms", "above_scale", "certified", "signed", "output_band")
BATCH = ("id", "origin", "quarter", "parent_code", "source", "as_of", "file_name", "sha256", "lines", "firms", "at", "superseded_at")
QUARTER = re.compile(r"^20[0-9]{2}Q[1-4]$")


class ChainSourceShape(Shape):
    origin = serializers.ChoiceField(ORIGINS, help_text="file: statistics that were handed in; platform: the platform's own firms.")
    quarter = serializers.CharField(allow_blank=True, help_text="Empty: now.")
    as_of = serializers.DateField(allow_null=True)
    sources = serializers.ListField(child=serializers.CharField())
    quarters = serializers.ListField(child=serializers.CharField(), help_text="The quarters that this origin has, newest first.")


class ChainCellShape(Shape):
    place = serializers.CharField()
    node = serializers.CharField(allow_blank=True, help_text="Empty: all steps.")
    size = serializers.CharField(allow_blank=True, help_text="Empty: all sizes.")
    merged = serializers.BooleanField(help_text="Under five firms, or merged so that nobody can work such a cell out.")
    firms = serializers.IntegerField(allow_null=True, help_text="Null: merged, or the statistics do not speak of this step.")
    above_scale = serializers.IntegerField(allow_null=True)
    certified = serializers.IntegerField(allow_null=True)
    signed = serializers.IntegerField(allow_null=True)
    output_band = serializers.IntegerField(allow_null=True)


class ChainMapShape(Shape):
    source = ChainSourceShape()  # type: ignore[assignment]
    cells = ChainCellShape(many=True)


class ChainMapFilters(Filters):
    of = serializers.ChoiceField(ORIGINS, required=False)
    quarter = serializers.RegexField(QUARTER, required=False)
    region = serializers.CharField(required=False, max_length=12, help_text="A district, for its towns; without it, the city.")


class ChainImportShape(Shape):
    id = serializers.UUIDField()
    origin = serializers.CharField()
    quarter = serializers.CharField()
    parent_code = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    as_of = serializers.DateField()
    file_name = serializers.CharField(allow_blank=True)
    sha256 = serializers.CharField(allow_blank=True, help_text="Of the file, for the office that handed it in.")
    lines = serializers.IntegerField()
    firms = serializers.IntegerField(allow_null=True, help_text="The sum, for the office that handed it in.")
    at = serializers.DateTimeField()
    superseded_at = serializers.DateTimeField(allow_null=True)


class ChainImportSaid(Said):
    quarter = serializers.RegexField(QUARTER)
    source = serializers.CharField(max_length=120)  # type: ignore[assignment]
    as_of = serializers.DateField()
    file = serializers.FileField(max_length=120, help_text="csv or xlsx, up to 5 MB; heads as on the page.")

    def validate_file(self, file: Any) -> Any:
        if file.size > LARGEST:
            raise serializers.ValidationError(TOO_LARGE, code="chain_file_too_large")
        return file


class BureauChain(Endpoint):
    hats = (Hat.BUREAU, Hat.PLATFORM)

    @verb("The industry chain: firms by place, step and size, with what is merged", gives=ChainMapShape, asks=ChainMapFilters)
    def get(self, actor: Actor, asked: Asked) -> dict[str, Any]:
        said = asked.filters
        look = chain_look(
            actor, ChainAsked(str(said.get("of", "")), str(said.get("quarter", "")), str(said.get("region", "")), "", MEASURES[0])
        )
        return {"source": _source(look), "cells": _cells(look)}


class BureauChainCounts(Endpoint):
    hats = (Hat.BUREAU, Hat.PLATFORM)
    parser_classes = [MultiPartParser]

    @verb("Statistics that were handed in, newest first", gives=ChainImportShape(many=True))
    def get(self, actor: Actor) -> list[Any]:
        return [_batch(batch, actor) for batch in imports_so_far(actor)]

    @verb("Hand in statistics of a quarter", takes=ChainImportSaid, gives=ChainImportShape(many=True), status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> list[Any]:
        file, facts = said["file"], StatSaid(said["quarter"], said["source"], said["as_of"])
        kept = import_chain_counts(actor=actor, said=facts, file_name=file.name, data=file.read(), now=timezone.now())
        return [_batch(batch, actor) for batch in kept]


def _batch(batch: ChainImport, actor: Actor) -> dict[str, Any]:
    facts = {name: getattr(batch, name) for name in BATCH}
    return facts if batch.is_of(actor.org_id) else {**facts, "firms": None, "sha256": ""}


def _source(look: ChainLook) -> dict[str, Any]:
    own = [batch for batch in look.sources if batch.origin == look.source.origin]
    return {
        "origin": look.source.origin, "quarter": look.source.quarter, "as_of": look.source.as_of,
        "sources": list(dict.fromkeys(batch.source for batch in look.source.batches)), "quarters": list(dict.fromkeys(batch.quarter for batch in own)),
    }  # fmt: skip


def _cells(look: ChainLook) -> list[dict[str, Any]]:
    """Places × steps, then the size classes of the whole."""
    steps = ["", *(node.code for node in look.nodes)]
    keys = [(place, step, "") for place in [*(p.code for p in look.places), look.parent.code] for step in steps]
    if any(size and place == look.parent.code for place, _node, size in look.shown.cells):
        keys += [(look.parent.code, step, size) for step in steps for size in SIZES]
    out = []
    for place, node, size in keys:
        counts = look.shown.at(place, node, size)
        told = counts if look.is_told(place, node) else None
        values = {name: getattr(told, name) if told else None for name in COUNTED}
        out.append({"place": place, "node": node, "size": size, "merged": counts is None, **values})
    return out
