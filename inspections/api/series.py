"""Characteristics lot by lot: the same figures as the pages, and change points with the same verbs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import numpy as np
from django.utils import timezone
from rest_framework import serializers

from agreements.selectors.library import characteristic_for
from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from inspections.control_limits import FIRST_FIT
from inspections.models import ChangePoint
from inspections.selectors.series import key_of, known_series, series_by_key, standard_of
from inspections.series import COLOUR, GRADED, MEASURED, Series, chart_of
from inspections.series_asked import PARTS, chosen
from inspections.series_figures import capability_found, colour_found, share_chart
from inspections.series_tables import hushed
from inspections.services.changes import LONGEST_NOTE, mark_change, undo_change
from parties.endpoints import Asked, Endpoint, Filters, Page, PageFilters, Said, Shape, verb

SIDES = (Hat.OWNER, Hat.SUPPLIER)


class SeriesShape(Shape):
    supplier = serializers.UUIDField(source="supplier_org_id")
    customer = serializers.UUIDField(source="owner_org_id", allow_null=True, help_text="Null for a supplier's own lots.")
    product = serializers.CharField(source="product_code", allow_blank=True)
    characteristic = serializers.CharField(source="characteristic_code")
    edition = serializers.CharField(source="edition_code", allow_blank=True)
    unit = serializers.CharField(allow_blank=True)
    origin = serializers.CharField(help_text="self, customer, lab or instrument")


class SeriesFilters(PageFilters):
    characteristic = serializers.CharField(required=False, max_length=20)
    supplier = serializers.UUIDField(required=False)
    customer = serializers.UUIDField(required=False)


class CourseFilters(Filters):
    supplier = serializers.CharField(required=False, max_length=36)
    customer = serializers.CharField(required=False, max_length=36, help_text='"-" for a supplier\'s own lots.')
    product = serializers.CharField(required=False, max_length=40, help_text='The product\'s code; "-" where it has none.')
    edition = serializers.CharField(required=False, max_length=40, help_text='"-" where none was named.')
    origin = serializers.CharField(required=False, max_length=10)
    colour = serializers.CharField(required=False, max_length=60, help_text="Of colours: else that of the newest lot.")


class CourseLotShape(Shape):
    lot = serializers.UUIDField()
    lot_no = serializers.CharField()
    made_on = serializers.DateField()
    readings = serializers.ListField(
        child=serializers.CharField(), help_text='As they were filed: "<20" is below 20, "3.5" of grades is 3-4.'
    )
    value = serializers.FloatField(
        allow_null=True, help_text="What is charted: a mean, a share, a number per piece, or ΔE from the standard."
    )
    lower_agreed = serializers.FloatField(allow_null=True)
    upper_agreed = serializers.FloatField(allow_null=True)
    centre = serializers.FloatField(allow_null=True)
    lcl = serializers.FloatField(allow_null=True)
    ucl = serializers.FloatField(allow_null=True)
    average = serializers.FloatField(allow_null=True, help_text="Moving average (EWMA) of measured values.")
    signals = serializers.ListField(child=serializers.CharField(), help_text="beyond, moved (EWMA) or even: things to look at.")


class ChangePointShape(Shape):
    id = serializers.UUIDField()
    lot = serializers.UUIDField(source="lot_id")
    characteristic = serializers.CharField(source="characteristic_code")
    cause = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    said_by = serializers.CharField()
    at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)


class CourseShape(Shape):
    characteristic = serializers.CharField()
    kind = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    lots_missing = serializers.IntegerField(help_text="How many more lots until there are control limits; 0 where there are.")
    ppk = serializers.FloatField(allow_null=True)
    ppk_low = serializers.FloatField(allow_null=True, help_text="90 % interval; the lower bound is what is judged.")
    ppk_high = serializers.FloatField(allow_null=True)
    worst_pair = serializers.ListField(
        child=serializers.CharField(), allow_null=True, help_text="Of colours: the two lot numbers furthest apart."
    )
    worst_delta_e = serializers.FloatField(allow_null=True)
    lots = CourseLotShape(many=True, help_text="The newest 400, oldest first.")


class ChangeSaid(Said):
    characteristic = serializers.CharField(max_length=20)
    cause = serializers.ChoiceField(ChangePoint.Cause.values)
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)


class AllSeries(Endpoint):
    hats = SIDES

    @verb("Series: a characteristic of a product by one edition and one tester", gives=SeriesShape, asks=SeriesFilters, page=(str, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        columns = {"supplier": "supplier_org_id", "customer": "owner_org_id"}
        of = {columns[name]: value for name, value in asked.filters.items() if name in columns}
        rows = known_series(actor, characteristic=asked.filters.get("characteristic", ""), after=asked.after, limit=asked.size + 1, **of)
        return Page(rows, lambda row: (row.characteristic_code, row.pk))


class Course(Endpoint):
    hats = SIDES

    @verb("One series lot by lot, with its limits and what to look at", gives=CourseShape, asks=CourseFilters)
    def get(self, actor: Actor, asked: Asked, characteristic: str) -> dict[str, Any]:
        what = characteristic_for(characteristic)
        choice = chosen(known_series(actor, characteristic=what.code), {name: asked.filters.get(name, "") for name in PARTS})
        if choice.rows and not choice.is_one:
            raise RuleBroken("series_are_several")
        if not choice.rows:
            return {
                "characteristic": what.code,
                "kind": what.kind,
                "unit": what.unit,
                "lots_missing": FIRST_FIT,
                "lots": [],
                **dict.fromkeys(_FIGURES),
            }
        key = key_of(choice.rows[0])
        series = series_by_key(actor, [key])[key]
        if series.kind == COLOUR and len(series):
            colour = asked.filters.get("colour", series.colours[-1])
            series = series.of_colour(colour if colour in series.colours else series.colours[-1])
            series = series.against(standard_of(actor, key, series))
        return _course(series, hushed(actor, series, timezone.now()))


_FIGURES = ("ppk", "ppk_low", "ppk_high", "worst_pair", "worst_delta_e")


def _course(series: Series, quiet: frozenset[int]) -> dict[str, Any]:
    lines, signals = _lines(series)
    figures: dict[str, Any] = dict.fromkeys(_FIGURES)
    found = capability_found(series).ppk
    if found is not None and found.cpk_interval is not None:
        figures |= {"ppk": found.cpk, "ppk_low": found.cpk_interval[0], "ppk_high": found.cpk_interval[1]}
    colours = colour_found(series)
    if colours is not None and colours.worst is not None:
        figures |= {"worst_pair": [series.lot_nos[lot] for lot in colours.worst.pair], "worst_delta_e": colours.worst.difference}
    lots = [
        {
            "lot": series.lots[lot], "lot_no": series.lot_nos[lot], "made_on": series.made_on[lot], "readings": _readings(series, lot),
            "lower_agreed": series.bounds[lot].lower, "upper_agreed": series.bounds[lot].upper,
            **{name: _told(values[lot]) for name, values in lines.items()},
            "signals": [name for name, flags in signals.items() if flags[lot] and lot not in quiet],
        }
        for lot in range(len(series))
    ]  # fmt: skip
    return {
        "characteristic": series.characteristic, "kind": series.kind, "unit": series.unit, "lots_missing": series.missing, "lots": lots, **figures
    }  # fmt: skip


def _lines(series: Series) -> tuple[dict[str, Any], dict[str, Any]]:
    nothing = np.full(len(series), np.nan)
    if series.kind == MEASURED:
        chart = chart_of(series)
        lines = {"value": chart.points, "centre": chart.centre, "lcl": chart.lcl, "ucl": chart.ucl, "average": chart.average}
        return lines, {"beyond": chart.beyond, "moved": chart.moved, "even": chart.even}
    shares, colours = share_chart(series), colour_found(series)
    lines = dict.fromkeys(("value", "centre", "lcl", "ucl", "average"), nothing)
    if shares is not None:
        lines |= {"value": shares.points, "centre": shares.centre, "lcl": shares.lcl, "ucl": shares.ucl}
        return lines, {"beyond": [lot in shares.beyond for lot in range(len(series))]}
    if colours is None:
        return lines, {}
    lines["value"] = colours.to_standard
    flags = {name: np.any([getattr(axis, name) for axis in colours.axes], axis=0) for name in ("beyond", "moved")}
    return lines, flags


def _told(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _readings(series: Series, lot: int) -> list[str]:
    if series.kind == COLOUR:
        return [" ".join(f"{part:.{series.decimals}f}" for part in reading) for reading in series.readings[lot]]
    places = 1 if series.kind == GRADED else series.decimals
    signs = series.qualifiers[lot] or ("=",) * len(series.readings[lot])
    return [f"{'' if sign == '=' else sign}{value:.{places}f}" for value, sign in zip(series.readings[lot], signs, strict=True)]


class LotChanges(Endpoint):
    hats = SIDES

    @verb(
        "Mark that a characteristic runs differently from this lot on; limits are made anew",
        takes=ChangeSaid,
        gives=ChangePointShape,
        status=201,
    )
    def post(self, actor: Actor, said: dict[str, Any], lot_id: UUID) -> ChangePoint:
        return mark_change(
            actor=actor,
            lot_id=lot_id,
            characteristic=said["characteristic"],
            cause=said["cause"],
            note=said.get("note", ""),
            now=timezone.now(),
        )


class ChangeUndo(Endpoint):
    hats = SIDES

    @verb("Take a marked change back", gives=ChangePointShape)
    def post(self, actor: Actor, point_id: UUID) -> ChangePoint:
        return undo_change(actor=actor, point_id=point_id, now=timezone.now())
