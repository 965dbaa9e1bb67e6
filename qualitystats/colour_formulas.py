"""The three colour difference formulas over arrays whose last axis is L*, a*, b*: unchecked, for colour.py and its blocks.

CIEDE2000 needs no angle for its hue terms: cosines of multiples of the mean hue are polynomials of the mean direction. Only the
rotation term asks for the angle itself. That keeps a pair under a fifth of the usual cost.
"""

from __future__ import annotations

import math

import numpy as np

from qualitystats.readings import FloatArray

_CHROMA_25_7 = 25.0**7
_COS_30, _SIN_30 = math.cos(math.radians(30)), math.sin(math.radians(30))
_COS_6, _SIN_6 = math.cos(math.radians(6)), math.sin(math.radians(6))
_COS_63, _SIN_63 = math.cos(math.radians(63)), math.sin(math.radians(63))
# CMC: lightness below which its weight is constant, and the arc of hues with the first of the two T formulas.
_CMC_DARK, _CMC_ARC = 16.0, (164.0, 345.0)


def cie76_of(first: FloatArray, second: FloatArray) -> FloatArray:
    """CIE 1976 without checks: for arrays that a public function has let in.

    Args:
        first: CIELAB, shape (..., 3), finite.
        second: The same, of a shape that broadcasts.
    Returns:
        Delta E*_ab, shape of the broadcast without its last axis.
    Source: as ``qualitystats.colour.cie76``.

    >>> float(cie76_of(np.array([50.0, 0.0, 0.0]), np.array([50.0, 3.0, 4.0])))
    5.0
    """
    out: FloatArray = np.sqrt(np.sum((first - second) ** 2, axis=-1))
    return out


def ciede2000_of(
    first: FloatArray, second: FloatArray, *, k_lightness: float = 1.0, k_chroma: float = 1.0, k_hue: float = 1.0
) -> FloatArray:
    """CIEDE2000 without checks: for arrays that a public function has let in.

    Args:
        first: CIELAB, shape (..., 3), finite.
        second: The same, of a shape that broadcasts.
        k_lightness: k_L, above 0.
        k_chroma: k_C, above 0.
        k_hue: k_H, above 0.
    Returns:
        Delta E_00, shape of the broadcast without its last axis.
    Source: as ``qualitystats.colour.ciede2000``.

    >>> round(float(ciede2000_of(np.array([50.0, 2.6772, -79.7751]), np.array([50.0, 0.0, -82.7485]))), 4)
    2.0425
    """
    if first.ndim == second.ndim == 1:  # the rare opposite hues are mended in place, which a lone number does not allow
        one: FloatArray = ciede2000_of(first[None], second[None], k_lightness=k_lightness, k_chroma=k_chroma, k_hue=k_hue)[0]
        return one
    light_1, a_1, b_1 = (first[..., axis] for axis in range(3))
    light_2, a_2, b_2 = (second[..., axis] for axis in range(3))
    mean_chroma = 0.5 * (np.sqrt(a_1 * a_1 + b_1 * b_1) + np.sqrt(a_2 * a_2 + b_2 * b_2))
    stretch = 1.5 - 0.5 * np.sqrt(_seventh(mean_chroma))  # 1 + G
    a_1, a_2 = a_1 * stretch, a_2 * stretch
    chroma_1, chroma_2 = np.sqrt(a_1 * a_1 + b_1 * b_1), np.sqrt(a_2 * a_2 + b_2 * b_2)
    cosine, sine, hue_difference = _mean_hue(a_1, b_1, chroma_1, a_2, b_2, chroma_2)
    mean_chroma = 0.5 * (chroma_1 + chroma_2)
    from_fifty = (0.5 * (light_1 + light_2) - 50.0) ** 2
    lightness = (light_2 - light_1) / (k_lightness * (1.0 + 0.015 * from_fifty / np.sqrt(20.0 + from_fifty)))
    chroma = (chroma_2 - chroma_1) / (k_chroma * (1.0 + 0.045 * mean_chroma))
    hue = hue_difference / (k_hue * (1.0 + 0.015 * mean_chroma * _hue_weight(cosine, sine)))
    # Rounding can leave the quadratic form a hair below zero for equal colours; it never is.
    squared = lightness * lightness + chroma * chroma + hue * hue + _rotation(cosine, sine, mean_chroma) * chroma * hue
    out: FloatArray = np.sqrt(np.maximum(squared, 0.0))
    return out


def cmc_of(reference: FloatArray, sample: FloatArray, *, lightness: float, chroma: float) -> FloatArray:
    """CMC(l:c) without checks: for arrays that a public function has let in. Every weight is taken at the reference.

    Args:
        reference: CIELAB, shape (..., 3), finite.
        sample: The same, of a shape that broadcasts.
        lightness: l, above 0.
        chroma: c, above 0.
    Returns:
        Delta E_CMC(l:c), shape of the broadcast without its last axis.
    Source: as ``qualitystats.colour.cmc``.

    >>> round(float(cmc_of(np.array([50.0, 20, 10]), np.array([51.0, 21, 9]), lightness=2, chroma=1)), 6)
    1.48197
    """
    light_1, a_1, b_1 = (reference[..., axis] for axis in range(3))
    light_2, a_2, b_2 = (sample[..., axis] for axis in range(3))
    chroma_1, chroma_2 = np.hypot(a_1, b_1), np.hypot(a_2, b_2)
    hue = np.degrees(np.arctan2(b_1, a_1)) % 360.0
    weight_light = np.where(light_1 < _CMC_DARK, 0.511, 0.040975 * light_1 / (1.0 + 0.01765 * light_1))
    weight_chroma = 0.0638 * chroma_1 / (1.0 + 0.0131 * chroma_1) + 0.638
    in_arc = (hue >= _CMC_ARC[0]) & (hue <= _CMC_ARC[1])
    spread = np.where(in_arc, 0.56 + np.abs(0.2 * np.cos(np.radians(hue + 168.0))), 0.36 + np.abs(0.4 * np.cos(np.radians(hue + 35.0))))
    fourth = chroma_1**4
    grey = np.sqrt(fourth / (fourth + 1900.0))
    weight_hue = weight_chroma * (grey * spread + 1.0 - grey)
    difference_chroma = chroma_2 - chroma_1
    # The rest of the chromatic difference is hue; rounding may leave it a hair below zero.
    squared_hue = np.maximum((a_2 - a_1) ** 2 + (b_2 - b_1) ** 2 - difference_chroma**2, 0.0)
    out: FloatArray = np.sqrt(
        ((light_2 - light_1) / (lightness * weight_light)) ** 2
        + (difference_chroma / (chroma * weight_chroma)) ** 2
        + squared_hue / weight_hue**2
    )
    return out


def _seventh(chroma: FloatArray) -> FloatArray:
    """C^7 / (C^7 + 25^7); no overflow, as chroma beyond 1e40 is refused by nobody's instrument."""
    squared = chroma * chroma
    power = squared * squared * squared * chroma
    return power / (power + _CHROMA_25_7)


def _mean_hue(
    a_1: FloatArray, b_1: FloatArray, chroma_1: FloatArray, a_2: FloatArray, b_2: FloatArray, chroma_2: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Cosine and sine of the mean hue on the shorter arc, and Delta H' with its sign.

    Where a colour has no hue the paper takes the *sum* of the angles, which is the other's hue, and Delta H' is zero.
    Where the hues are exactly opposite there is no shorter arc; the paper then takes the plain mean of the angles in [0, 360).
    """
    product = chroma_1 * chroma_2
    along, across = a_1 * chroma_2 + a_2 * chroma_1, b_1 * chroma_2 + b_2 * chroma_1
    length = np.sqrt(along * along + across * across)
    odd = length <= 1e-9 * product
    safe = np.where(odd, 1.0, length)
    cosine, sine = along / safe, across / safe
    hue_difference = 2.0 * (a_1 * b_2 - a_2 * b_1) * np.sqrt(product) / safe
    if np.any(odd):
        full = np.broadcast_arrays(a_1, b_1, a_2, b_2)
        at = np.broadcast_to(odd, full[0].shape)
        a_1, b_1, a_2, b_2 = (values[at] for values in full)
        hue_1, hue_2 = (np.degrees(np.arctan2(b, a)) % 360.0 for a, b in ((a_1, b_1), (a_2, b_2)))
        # A zero may carry a sign, and then arctan2 says 180 for what has no hue.
        hue_1, hue_2 = (np.where(np.hypot(a, b) == 0, 0.0, hue) for a, b, hue in ((a_1, b_1, hue_1), (a_2, b_2, hue_2)))
        # So near to grey that squares vanish, a colour has no hue either, though it is not opposite to anything.
        hueless = a_1 * a_2 + b_1 * b_2 >= 0
        mean = np.radians(np.where(hueless, hue_1 + hue_2, 0.5 * (hue_1 + hue_2)))
        turn = np.where(hue_2 >= hue_1, 1.0, -1.0)
        cosine[at], sine[at] = np.cos(mean), np.sin(mean)
        hue_difference[at] = np.where(hueless, 0.0, 2.0 * turn * np.sqrt(np.hypot(a_1, b_1) * np.hypot(a_2, b_2)))
    return cosine, sine, hue_difference


def _hue_weight(cosine: FloatArray, sine: FloatArray) -> FloatArray:
    """T of the paper: 1 - .17 cos(h-30) + .24 cos 2h + .32 cos(3h+6) - .20 cos(4h-63)."""
    squared = cosine * cosine
    cosine_2, sine_2 = 2.0 * squared - 1.0, 2.0 * sine * cosine
    cosine_3, sine_3 = cosine * (2.0 * cosine_2 - 1.0), sine * (2.0 * cosine_2 + 1.0)
    cosine_4, sine_4 = 2.0 * cosine_2 * cosine_2 - 1.0, 2.0 * sine_2 * cosine_2
    return (
        1.0
        - 0.17 * (_COS_30 * cosine + _SIN_30 * sine)
        + 0.24 * cosine_2
        + 0.32 * (_COS_6 * cosine_3 - _SIN_6 * sine_3)
        - 0.20 * (_COS_63 * cosine_4 + _SIN_63 * sine_4)
    )


def _rotation(cosine: FloatArray, sine: FloatArray, mean_chroma: FloatArray) -> FloatArray:
    """R_T: blue colours only, where the angle is near 275 degrees."""
    degrees = np.arctan2(sine, cosine) * (180.0 / math.pi)
    degrees = np.where(degrees < 0.0, degrees + 360.0, degrees)
    away = (degrees - 275.0) / 25.0
    turn = np.exp(-away * away) * (math.pi / 3.0)  # twice 30 degrees, in radians
    out: FloatArray = -2.0 * np.sqrt(_seventh(mean_chroma)) * np.sin(turn)
    return out
