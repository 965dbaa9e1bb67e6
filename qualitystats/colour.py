"""Colour difference between what was agreed and what came, and between lots: each formula by its own name, its weights spelt out.

A lot may pass against the standard while the worst pair of lots does not: compare lots with each other (``shades.py`` does).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from qualitystats.colour_formulas import cie76_of, ciede2000_of, cmc_of
from qualitystats.readings import FloatArray, finite, finite_array
from qualitystats.shades import ShadeGroup, ShadeGroups, WorstPair, lot_to_lot_worst_pair, shade_groups
from qualitystats.textile_types import Grade

__all__ = [
    "ColourChangeGrade",
    "Metamerism",
    "ShadeGroup",
    "ShadeGroups",
    "WorstPair",
    "cie76",
    "ciede2000",
    "cmc",
    "grey_scale_change_grade",
    "lot_to_lot_worst_pair",
    "mean_hue",
    "metamerism_index",
    "shade_groups",
]

# Where the two branches of the A05 formula meet, and what they are made of.
_A05_JOIN, _A05_SLOPE, _A05_BASE = 3.4, 1.7, 0.85


@dataclass(frozen=True)
class ColourChangeGrade:
    """Grey scale grade for change in colour: ``gsc`` as calculated, 1 to 5, and ``grade``, the half step that is reported."""

    gsc: float
    grade: Grade

    @property
    def half_step(self) -> str:
        """The reported grade as text, such as ``4-5``."""
        return str(self.grade)


@dataclass(frozen=True)
class Metamerism:
    """``index`` under the test illuminant, None with a ``reason`` when the pair does not match under the reference illuminant."""

    index: float | None
    difference_under_reference: float
    reason: str = ""


def ciede2000(reference: Any, sample: Any, *, k_lightness: float = 1.0, k_chroma: float = 1.0, k_hue: float = 1.0) -> Any:
    """Colour difference by CIEDE2000; the same in both directions.

    Args:
        reference: CIELAB colours, shape (3,) or (..., 3): L*, a*, b*, all of one illuminant and observer.
        sample: The same, of a shape that broadcasts with ``reference``.
        k_lightness: k_L, 1 under reference conditions; textile practice also uses 2: state it.
        k_chroma: k_C, 1 under reference conditions.
        k_hue: k_H, 1 under reference conditions.
    Returns:
        Delta E_00, dimensionless: a float for two single colours, else an array of the broadcast shape without its last axis.
    Raises:
        ValueError: not finite, last axis not 3, shapes that do not broadcast, a weight not above 0.
    Source: G. Sharma, W. Wu, E. Dalal, Color Research and Application 30 (2005), the pairs of its table as carried by
        colour-science 0.4.7; ISO/CIE 11664-6:2014 (clause unread).

    >>> round(ciede2000([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485]), 4)
    2.0425
    """
    first, second = _two_labs(reference, sample)
    weights = {
        "k_lightness": finite("k_lightness", k_lightness, above=0),
        "k_chroma": finite("k_chroma", k_chroma, above=0),
        "k_hue": finite("k_hue", k_hue, above=0),
    }
    return _as_given(ciede2000_of(first, second, **weights))


def cmc(*, reference: Any, sample: Any, lightness: float, chroma: float) -> Any:
    """Colour difference by CMC(l:c). Not symmetric: every weight is taken at the reference, so exchanging the two gives another number.

    Args:
        reference: CIELAB colours of the standard, shape (3,) or (..., 3), all of one illuminant and observer.
        sample: The same of the specimen, of a shape that broadcasts with ``reference``.
        lightness: l, dimensionless, above 0: 2 for acceptability of textiles, 1 for perceptibility. Never implied.
        chroma: c, dimensionless, above 0; usually 1.
    Returns:
        Delta E_CMC(l:c), dimensionless: a float for two single colours, else an array of the broadcast shape without its last axis.
    Raises:
        ValueError: not finite, last axis not 3, shapes that do not broadcast, a weight not above 0.
    Source: the formula as in colour-science 0.4.7 with its test values; ISO 105-J03 and GB/T 8424.3 (clause unread, annex not held).

    >>> round(cmc(reference=[50, 20, 10], sample=[51, 21, 9], lightness=2, chroma=1), 6)
    1.48197
    >>> round(cmc(reference=[51, 21, 9], sample=[50, 20, 10], lightness=2, chroma=1), 6)
    1.421767
    """
    first, second = _two_labs(reference, sample)
    weights = {"lightness": finite("lightness", lightness, above=0), "chroma": finite("chroma", chroma, above=0)}
    return _as_given(cmc_of(first, second, **weights))


def cie76(reference: Any, sample: Any) -> Any:
    """Colour difference CIE 1976: the distance in CIELAB; the same in both directions.

    Args:
        reference: CIELAB colours, shape (3,) or (..., 3): L*, a*, b*, all of one illuminant and observer.
        sample: The same, of a shape that broadcasts with ``reference``.
    Returns:
        Delta E*_ab, dimensionless: a float for two single colours, else an array of the broadcast shape without its last axis.
    Raises:
        ValueError: not finite, last axis not 3, shapes that do not broadcast.
    Source: ISO/CIE 11664-4 (clause unread).

    >>> cie76([50, 0, 0], [50, 3, 4])
    5.0
    """
    return _as_given(cie76_of(*_two_labs(reference, sample)))


def grey_scale_change_grade(dE_F: float) -> ColourChangeGrade:
    """Grey scale grade for change in colour, from the colour difference Delta E_F.

    Only this step is sourced. How Delta E_F weighs chroma and hue is not: do not put a CIE 1976, CMC or CIEDE2000 difference here.

    Args:
        dE_F: Delta E_F of ISO 105-A05, dimensionless, finite, at least 0.
    Returns:
        ``gsc`` between 1 and 5 (13.6 and beyond is 1) and the half step nearest to it, a tie going to the better grade.
    Raises:
        ValueError: ``dE_F`` is not finite or below 0.
    Source: ISO 105-A05:1997, 7.2 and 8, as coded in a public helper (clause unread); half steps as in the same place.

    >>> grey_scale_change_grade(2.5).half_step
    '3-4'
    """
    difference = finite("dE_F", dE_F, at_least=0)
    if difference <= _A05_JOIN:
        gsc = 5.0 - difference / _A05_SLOPE
    else:
        gsc = 5.0 - float(np.log2(difference / _A05_BASE))
    gsc = max(gsc, 1.0)
    # Rounded first: 4.25 must not fall to 4 because the division left 4.249999999999999.
    return ColourChangeGrade(gsc, Grade(float(np.floor(round(gsc, 9) * 2 + 0.5) / 2)))


def mean_hue(first: float, second: float) -> float:
    """Mean of two hue angles on the shorter arc between them.

    Args:
        first: Hue angle in degrees, 0 to 360.
        second: The same of the other colour.
    Returns:
        Degrees, at least 0, below 360; of exactly opposite hues the plain mean.
    Raises:
        ValueError: not finite, or outside of 0 to 360.
    Source: ISO 105-A05:1997 as coded in a public helper (clause unread).

    >>> mean_hue(100, 270), mean_hue(350, 20)
    (185.0, 5.0)
    """
    one, other = finite("first", first, at_least=0, at_most=360), finite("second", second, at_least=0, at_most=360)
    return ((one + other) / 2 + (180 if abs(one - other) > 180 else 0)) % 360


def metamerism_index(*, reference_lights: tuple[Any, Any], test_lights: tuple[Any, Any], match_within: float) -> Metamerism:
    """Special metamerism index for a change of illuminant: the difference that a matching pair shows under another light.

    Args:
        reference_lights: The two specimens' CIELAB colours under the reference illuminant, each shape (3,).
        test_lights: The same two specimens under the test illuminant, each shape (3,).
        match_within: Largest Delta E*_ab under the reference illuminant that still counts as a match; at least 0.
    Returns:
        Delta E*_ab under the test illuminant; no index when the pair does not match, as the correction for that is not sourced here.
    Raises:
        ValueError: not finite, not two single colours, ``match_within`` below 0.
    Source: CIE electronic vocabulary, "metamerism index"; JETI's account of CIE 15:2004; ISO 18314-4 (clause unread: its
        correction for pairs that do not match is not included).

    >>> metamerism_index(reference_lights=([50, 0, 0], [50, 0, 0]), test_lights=([50, 0, 0], [50, 0.3, 0.4]), match_within=0.1).index
    0.5
    """
    for name, pair in (("reference_lights", reference_lights), ("test_lights", test_lights)):
        if np.shape(pair) != (2, 3):
            raise ValueError(f"{name} has shape {np.shape(pair)}: must be two colours, (2, 3)")
    apart = float(cie76(*reference_lights))
    seen = float(cie76(*test_lights))
    if apart > finite("match_within", match_within, at_least=0):
        return Metamerism(
            None, apart, f"the pair differs by {apart:.3g} under the reference illuminant: not a match within {match_within:g}"
        )
    return Metamerism(seen, apart)


def _two_labs(reference: Any, sample: Any) -> tuple[FloatArray, FloatArray]:
    first, second = finite_array("reference", reference), finite_array("sample", sample)
    for name, lab in (("reference", first), ("sample", second)):
        if lab.ndim == 0 or lab.shape[-1] != 3:
            raise ValueError(f"{name} has shape {lab.shape}: its last axis must be L*, a*, b*")
    try:
        np.broadcast_shapes(first.shape, second.shape)
    except ValueError as error:
        raise ValueError(f"sample has shape {second.shape}: does not broadcast with reference, {first.shape}") from error
    return first, second


def _as_given(differences: FloatArray) -> Any:
    return float(differences) if differences.ndim == 0 else differences
