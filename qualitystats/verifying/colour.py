"""Checkers of 03_colour: published pairs, grey scale steps, mean hues."""

from __future__ import annotations

from typing import Any

import numpy as np

from qualitystats.colour import cie76, ciede2000, cmc, grey_scale_change_grade, mean_hue
from qualitystats.textile_types import GRADES
from qualitystats.verifying import Document, Report, Tally, checks


@checks("ciede2000_sharma.csv", columns=("L1", "a1", "b1", "L2", "a2", "b2", "dE00"))
def ciede2000_pairs(document: Document) -> Report:
    """Every pair in both directions: the formula is symmetric, and the paper's table has four decimals."""
    tally = Tally(document.name)
    for row in document.rows:
        first, second = _lab(row, "L1", "a1", "b1"), _lab(row, "L2", "a2", "b2")
        for label, pair in (("pair", (first, second)), ("reversed pair", (second, first))):
            tally.number(f"{label} {row.get('pair', '')}", ciede2000(*pair), float(row["dE00"]), tol=5.1e-5)
    return tally.report()


@checks("cmc.csv", columns=("L_ref", "a_ref", "b_ref", "L_smp", "a_smp", "b_smp", "l", "c", "dE_CMC"))
def cmc_pairs(document: Document) -> Report:
    """The first colour is the reference; an exchange of the two would show."""
    tally = Tally(document.name)
    for number, row in enumerate(document.rows, start=1):
        reference, sample = _lab(row, "L_ref", "a_ref", "b_ref"), _lab(row, "L_smp", "a_smp", "b_smp")
        found = cmc(reference=reference, sample=sample, lightness=float(row["l"]), chroma=float(row["c"]))
        tally.number(f"row {number}", found, float(row["dE_CMC"]), tol=_half_unit(row["dE_CMC"]))
    return tally.report()


@checks("cie76.csv", columns=("L1", "a1", "b1", "L2", "a2", "b2", "dE76"))
def cie76_pairs(document: Document) -> Report:
    """Distances in CIELAB."""
    tally = Tally(document.name)
    for number, row in enumerate(document.rows, start=1):
        found = cie76(_lab(row, "L1", "a1", "b1"), _lab(row, "L2", "a2", "b2"))
        tally.number(f"row {number}", found, float(row["dE76"]), tol=_half_unit(row["dE76"]))
    return tally.report()


@checks("grey_scale.json", keys=("iso105_a02", "cases"))
def grey_scale(document: Document) -> Report:
    """A05 grade from the difference, the nine grades of the scale, and the mean hues that the difference would need."""
    tally, data = Tally(document.name), document.data
    for case in data["cases"]:
        found = grey_scale_change_grade(case["dE_F"])
        tally.number(f"GSc of {case['dE_F']}", found.gsc, case["GSc"], tol=5.1e-5)
        tally.equal(f"half step of {case['dE_F']}", found.half_step, case["half_step"])
    tally.equal("grades of A02", sorted(step["grade"] for step in data["iso105_a02"]), sorted(GRADES))
    for case in data.get("hue_mean", []):
        tally.number(f"mean of hues {case['h1']} and {case['h2']}", mean_hue(case["h1"], case["h2"]), case["hM"], tol=1e-9)
    tally.note(f"not sourced, so not included: {data.get('not_sourced', '')}")
    return tally.report()


def _lab(row: dict[str, str], *names: str) -> Any:
    return np.array([float(row[name]) for name in names])


def _half_unit(text: str) -> float:
    """Half a unit of the last decimal that is printed, and a hair for the printing itself."""
    decimals = len(text.partition(".")[2])
    return 0.51 * 10.0**-decimals
