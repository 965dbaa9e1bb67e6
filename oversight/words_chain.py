"""The words of the chain map: measures, size classes, output bands, and what is wrong in a file of statistics."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oversight.chain import BANDS

MEASURES: dict[str, Any] = {
    "firms": _("Firms"),
    "above_scale": _("Above scale"),
    "certified": _("Certified"),
    "signed": _("Signed an agreement"),
}
SHARES: dict[str, Any] = {
    "firms": _("Firms"),
    "above_scale": _("Above scale, % of the firms"),
    "certified": _("Certified, % of the firms"),
    "signed": _("Signed an agreement, % of the firms"),
}
SIZES: dict[str, Any] = {
    "micro": pgettext_lazy("size of a firm", "micro"),
    "small": pgettext_lazy("size of a firm", "small"),
    "medium": pgettext_lazy("size of a firm", "medium"),
    "large": pgettext_lazy("size of a firm", "large"),
    "unsaid": pgettext_lazy("size of a firm", "not said"),
}
ORIGINS: dict[str, Any] = {"file": _("City statistics"), "platform": _("Firms on the platform")}
MAPS: dict[str, Any] = {"chain": _("Industry chain"), "problems": _("Quality problems"), "agreements": _("Agreements and duties")}
FAULTS: dict[str, Any] = {
    "chain_column_place_missing": _("There is no column for the place. Name it “region_code”, “地区” or “town”."),
    "chain_column_firms_missing": _("There is no column for the number of firms. Name it “firms” or “企业数”."),
    "chain_file_without_lines": _("The file holds no line under its heads. Add one line for each place."),
    "chain_line_twice": _("“%(place)s” stands in the file twice with the same node and size. Add the two lines up."),
    "chain_place_unknown": _("“%(place)s” is no district, zone or town of the city. Write its code or its full name."),
    "chain_node_unknown": _("“%(node)s” is no step of the chain. Write its name as on the map, or leave it empty for all steps."),
    "chain_size_unknown": _("“%(size)s” is no size class. Write micro, small, medium or large, or leave it empty for all."),
    "chain_count_unreadable": _("“%(found)s” is no number of firms. Write whole numbers only."),
    "chain_part_above_firms": _("%(n)s is more than the %(firms)s firms of this line. Check both numbers."),
    "chain_band_unknown": _("“%(found)s” is no output band. Write a number from 1 to %(most)s."),
}
RULES: dict[str, Any] = {
    "chain_quarter_ahead": _("%(quarter)s or the day of its figures lies ahead. Choose a quarter that has begun and a day that is past."),
    "chain_file_unreadable": _("This file could not be read. Send it as .xlsx or .csv."),
    "chain_file_to_mend": _("Nothing was taken: %(n)s lines need mending. They are named below."),
}


def band_words(band: int | None) -> str:
    """An output band as people say it, in million yuan a year."""
    if band is None:
        return ""
    upper, lower = BANDS[band - 1], BANDS[band - 2] if band > 1 else None
    if lower is None:
        return str(_("under ¥%(upper)s million") % {"upper": upper})
    if upper is None:
        return str(_("¥%(lower)s million and more") % {"lower": lower})
    return str(_("¥%(lower)s–%(upper)s million") % {"lower": lower, "upper": upper})


def fault_words(code: str, facts: dict[str, Any]) -> str:
    return str(FAULTS[code]) % facts
