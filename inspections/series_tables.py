"""Series as tables: the lots of one, and the list of many; the same rows on the page and in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from agreements.documents import Table
from agreements.forms import in_language
from agreements.models import Characteristic
from foundation.actor import Actor, Hat
from inspections.charts import grade_words, sparkline
from inspections.charts.canvas import number
from inspections.models import WatchedSeries
from inspections.selectors.series import Key, key_of
from inspections.series import COLOUR, GRADED, MEASURED, Series
from inspections.series_asked import address_of
from inspections.series_cards import Shown, headline_of, missing_words
from inspections.series_words import ORIGINS
from jobs.exports import Value

HUSH = timedelta(hours=24)  # how long a supplier has before its customer is shown a signal


def hushed(actor: Actor, series: Series, now: datetime) -> frozenset[int]:
    """Lots whose signals this reader does not see yet: the supplier looks first."""
    if actor.hat is not Hat.OWNER:
        return frozenset()
    since = (now - HUSH).timestamp()
    return frozenset(place for place, at in enumerate(series.received) if at > since)


def reading_words(series: Series, lot: int) -> str:
    """The readings of a lot as they were filed."""
    if series.kind == COLOUR:
        return "; ".join(" ".join(number(part, series.decimals) for part in reading) for reading in series.readings[lot])
    signs = series.qualifiers[lot] or ("=",) * len(series.readings[lot])
    said = []
    for value, sign in zip(series.readings[lot].tolist(), signs, strict=True):
        words = grade_words(value) if series.kind == GRADED else number(value, series.decimals)
        said.append(words if sign == "=" else f"{sign}{words}")
    return ", ".join(said)


def lot_lines(series: Series, shown: Shown) -> list[dict[str, Any]]:
    """The lots, newest first."""
    lines = []
    for lot in reversed(range(len(series))):
        values = series.readings[lot]
        lines.append(
            {
                "place": lot + 1, "id": series.lots[lot], "no": series.lot_nos[lot], "day": series.made_on[lot], "n": len(values),
                "readings": reading_words(series, lot), "mean": number(float(values.mean()), series.decimals + 1) if series.kind == MEASURED else "",
                "spread": number(float(values.std(ddof=1)), series.decimals + 1) if series.kind == MEASURED and len(values) > 1 else "",
                "marks": shown.marks.get(lot, []),
            }
        )  # fmt: skip
    return lines


def lots_table(series: Series, shown: Shown, *, name: str, edition: str) -> Table:
    """The lots of one series as they leave: numbers as numbers, readings as text. The heads are known to the reader of files of results."""
    heads = [
        _("No."),
        _("Lot"),
        _("Made on"),
        _("Readings"),
        "n",
        _("Mean"),
        _("Standard deviation"),
        _("Unit"),
        _("Lower limit"),
        _("Upper limit"),
        _("To look at"),
        _("Characteristic"),
        _("Method edition"),
    ]
    rows: list[list[Value]] = []
    for lot in range(len(series)):
        values, bounds = series.readings[lot], series.bounds[lot]
        mean = round(float(values.mean()), series.decimals + 2) if series.kind == MEASURED else None
        spread = round(float(values.std(ddof=1)), series.decimals + 2) if series.kind == MEASURED and len(values) > 1 else None
        rows.append([
            lot + 1, series.lot_nos[lot], series.made_on[lot], reading_words(series, lot), len(values), mean, spread, series.unit,
            bounds.lower, bounds.upper, "; ".join(shown.marks.get(lot, [])), name, edition,
        ])  # fmt: skip
    return heads, rows


def other_name(actor: Actor, series: Series) -> str:
    """The firm on the other side; of own lots there is none."""
    name = in_language(*(series.supplier if actor.hat is Hat.OWNER else series.owner))
    return name or _("own lots, no customer")


def series_lines(
    actor: Actor, rows: Sequence[WatchedSeries], series: Mapping[Key, Series], names: Mapping[str, Characteristic], now: datetime
) -> list[dict[str, Any]]:
    """Series as rows of a list, each with its course at a glance."""
    lines = []
    for row in rows:
        one = series.get(key_of(row))
        if one is None or not len(one):
            continue
        head, quiet = headline_of(one), hushed(actor, one, now)
        signals = head.signals - quiet
        what = names[row.characteristic_code]
        name = in_language(what.name_zh, what.name_en)
        agreed = one.agreed if one.kind in (MEASURED, COLOUR) else None
        lines.append({
            "name": name, "code": row.characteristic_code, "query": address_of(row), "firm": other_name(actor, one), "product": one.product,
            "product_code": row.product_code, "edition": row.edition_code, "origin": ORIGINS[row.origin], "lots": len(one), "value": head.value,
            "spark": sparkline(head.points, lower=agreed.lower if agreed else None, upper=agreed.upper if agreed else None, signals=head.dots - quiet),
            "missing": missing_words(one, dated=False) if one.missing else "", "signals": len(signals),
            "day": one.made_on[-1],
        })  # fmt: skip
    return lines


def list_table(lines: Sequence[Mapping[str, Any]]) -> Table:
    """The same list as it leaves."""
    heads = [
        _("Characteristic"),
        _("Code"),
        _("Firm"),
        _("Product"),
        _("Method edition"),
        _("Tested by"),
        _("Lots"),
        _("Newest"),
        _("Newest lot made on"),
        _("Signals to look at"),
        _("What is missing"),
    ]
    rows = [
        [
            line["name"], line["code"], line["firm"], line["product"], line["edition"], str(line["origin"]), line["lots"], line["value"],
            line["day"], line["signals"], line["missing"],
        ]
        for line in lines
    ]  # fmt: skip
    return heads, rows
