"""The problem map as data: one published quarter and category; a merged cell has no number here either."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from foundation.errors import Absent
from oversight.categories import CATEGORIES
from oversight.faces.problem_map import Seen
from oversight.faces.problem_map_seen import seen_cell, seen_map
from oversight.models import WeakLinkFigure, WeakLinkNote
from oversight.selectors.problem_map import cell_over_time, notes_of, published_quarters
from oversight.services.problem_map import MOST_WORDS, note_cell
from oversight.words_problem_map import quarter_code
from parties.endpoints import Asked, Endpoint, Filters, Said, Shape, verb

COUNTS = ("firms", "minor", "major", "critical", "share", "lower", "upper", "shrunken")
QUARTER = re.compile(r"^20[0-9]{2}Q[1-4]$")


class WeakLinkShape(Shape):
    quarter = serializers.CharField()
    place = serializers.CharField()
    node = serializers.CharField(help_text="“*”: all steps of the chain.")
    merged = serializers.BooleanField(help_text="Under five firms, or merged so that nobody can work such a cell out.")
    firms = serializers.IntegerField(allow_null=True, help_text="Looked at.")
    minor = serializers.IntegerField(allow_null=True, help_text="Firms whose worst nonconformity was minor.")
    major = serializers.IntegerField(allow_null=True)
    critical = serializers.IntegerField(allow_null=True)
    share = serializers.IntegerField(allow_null=True, help_text="Weighed by severity, in ten-thousandths.")
    lower = serializers.IntegerField(allow_null=True, help_text="The weak-link index: lower end of the 95 per cent Wilson interval.")
    upper = serializers.IntegerField(allow_null=True)
    shrunken = serializers.IntegerField(allow_null=True, help_text="What to expect: drawn towards all others.")
    standing = serializers.CharField(
        allow_blank=True, help_text="far_above, above, within, below, far_below; empty: nothing to stand beside."
    )


class WeakLinkNoteShape(Shape):
    id = serializers.UUIDField()
    words = serializers.CharField()
    noted_by = serializers.CharField()
    noted_at = serializers.DateTimeField()


class ProblemMapShape(Shape):
    category = serializers.CharField()
    quarter = serializers.CharField()
    quarters = serializers.ListField(child=serializers.CharField(), help_text="All that are published, newest first.")
    cells = WeakLinkShape(many=True, help_text="A cell that is missing: nobody was looked at.")


class WeakLinkCellShape(Shape):
    category = serializers.CharField()
    course = WeakLinkShape(many=True, help_text="The cell in each published quarter, oldest first.")
    notes = WeakLinkNoteShape(many=True, help_text="Why it was not taken up as a problem.")


class ProblemMapFilters(Filters):
    category = serializers.ChoiceField(list(CATEGORIES), required=False, help_text="Without it, the city's weakest.")
    quarter = serializers.RegexField(QUARTER, required=False, help_text="2026Q3; without it, the latest.")
    place = serializers.CharField(required=False, max_length=12, help_text="A district, for its towns; without it, the city.")


class WeakLinkCellFilters(ProblemMapFilters):
    node = serializers.CharField(required=False, max_length=12, help_text="A step of the chain; without it, all.")


class WeakLinkNoteSaid(Said):
    category = serializers.ChoiceField(list(CATEGORIES))
    quarter = serializers.RegexField(QUARTER)
    place = serializers.CharField(max_length=12)
    node = serializers.CharField(max_length=12, required=False, default="*")
    words = serializers.CharField(max_length=MOST_WORDS)
    client_id = serializers.UUIDField(required=False, help_text="The same client_id is kept once.")


class BureauProblemMap(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("Weak links by place and step of the chain in one published quarter", gives=ProblemMapShape, asks=ProblemMapFilters)
    def get(self, actor: Actor, asked: Asked) -> dict[str, Any]:
        seen = seen_map(actor, asked.filters)
        if seen is None:
            raise Absent
        cells = [_cell(row) for _key, row in sorted(seen.figures.items())]
        quarters = [quarter_code(cut.period_on) for cut in published_quarters(actor)]
        return {"category": seen.asked.category, "quarter": quarter_code(seen.period), "quarters": quarters, "cells": cells}


class BureauProblemMapCell(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("One cell of the problem map over the quarters, with the bureau's notes", gives=WeakLinkCellShape, asks=WeakLinkCellFilters)
    def get(self, actor: Actor, asked: Asked) -> dict[str, Any]:
        seen = seen_cell(actor, asked.filters)
        figure = _figure(seen)
        course = cell_over_time(actor, category=seen.asked.category, place=seen.asked.place, node=seen.asked.node)
        return {
            "category": seen.asked.category,
            "course": [_cell(row) for row in course],
            "notes": notes_of(actor, figure) if figure else [],
        }

    @verb("Say why a cell is not taken up as a problem", takes=WeakLinkNoteSaid, gives=WeakLinkNoteShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> WeakLinkNote:
        seen = seen_cell(actor, said)
        if quarter_code(seen.period) != said["quarter"] or seen.asked.node != said["node"]:
            raise Absent
        key = said.get("client_id") or uuid4()
        return note_cell(actor=actor, figure=_figure(seen), words=said["words"], client_id=key, now=timezone.now())


def _figure(seen: Seen) -> WeakLinkFigure | None:
    return seen.figures.get((seen.asked.place, seen.asked.node))


def _cell(row: WeakLinkFigure) -> dict[str, Any]:
    where = {"quarter": quarter_code(row.cut_id), "place": row.place_code, "node": row.node_code, "merged": row.is_hidden}
    return {**where, **{name: getattr(row, name) for name in COUNTS}, "standing": row.standing}
