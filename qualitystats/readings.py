"""The door of the kernel: numbers come in finite, shaped and in range, or not at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
# A number, a list, a list of lists, an array: whatever numpy reads as real numbers.
Numbers: TypeAlias = float | Sequence[float] | Sequence[Sequence[float]] | NDArray[Any]


def finite_array(name: str, values: Any, *, ndim: int | None = None, at_least: int = 0) -> FloatArray:
    """Read numbers into an array of float64.

    Args:
        name: What the caller's argument is called; it opens the message of every refusal.
        values: Numbers in any nesting that is rectangular.
        ndim: Number of axes that the array must have; None for any.
        at_least: Smallest length of the first axis.
    Returns:
        A new array; the caller's is never written to.
    Raises:
        ValueError: not numbers (text, None, truth values, ragged lists), not finite, wrong number of axes, too few.
    Source: none, a rule of this package.

    >>> finite_array("values", [1, 2]).tolist()
    [1.0, 2.0]
    >>> finite_array("values", [1, float("nan")])
    Traceback (most recent call last):
    ValueError: values[1] is nan: must be finite
    """
    if np.ma.is_masked(values):
        raise ValueError(f"{name} has masked values: must be finite numbers throughout")
    # Beside a number numpy reads True as 1.0 and says nothing.
    if isinstance(values, (list, tuple)) and _has_truth_value(values):
        raise ValueError(f"{name} holds truth values: must be real numbers")
    try:
        read = np.asarray(values)
    except ValueError as error:  # numpy's word for ragged nesting
        raise ValueError(f"{name} is not a rectangular array of numbers") from error
    if read.dtype.kind == "O":  # Decimal and Fraction are numbers; None, grades and censored results are not
        read = _from_objects(name, read)
    if read.dtype.kind not in "iuf" and read.size:
        raise ValueError(f"{name} holds {read.dtype}: must be real numbers")
    array: FloatArray = read.astype(np.float64)
    if ndim is not None and array.ndim != ndim:
        raise ValueError(f"{name} has {array.ndim} axes: must have {ndim}")
    if array.ndim and array.shape[0] < at_least:
        raise ValueError(f"{name} has {array.shape[0]} values: must have at least {at_least}")
    bad = np.argwhere(~np.isfinite(array))
    if len(bad):
        where = "".join(f"[{index}]" for index in bad[0].tolist())
        raise ValueError(f"{name}{where} is {float(array[tuple(bad[0])])}: must be finite")
    return array


def finite(name: str, value: Any, *, above: float | None = None, at_least: float | None = None, at_most: float | None = None) -> float:
    """Read one number.

    Args:
        name: What the caller's argument is called.
        value: A real number.
        above: The value must be greater than this.
        at_least: The value must not be less than this.
        at_most: The value must not be greater than this.
    Returns:
        The number as a float.
    Raises:
        ValueError: not one finite real number in the range; the message names argument, value and range.
    Source: none, a rule of this package.

    >>> finite("sigma_pt", 0.25, above=0)
    0.25
    >>> finite("sigma_pt", 0, above=0)
    Traceback (most recent call last):
    ValueError: sigma_pt is 0.0: must be > 0
    """
    number = float(finite_array(name, value, ndim=0))
    if above is not None and not number > above:
        raise ValueError(f"{name} is {number}: must be > {above}")
    if at_least is not None and not number >= at_least:
        raise ValueError(f"{name} is {number}: must be >= {at_least}")
    if at_most is not None and not number <= at_most:
        raise ValueError(f"{name} is {number}: must be <= {at_most}")
    return number


def whole(name: str, value: Any, *, at_least: int = 0) -> int:
    """Read one whole number; 3.0 is one, 3.5 and True are not.

    Args:
        name: What the caller's argument is called.
        value: A whole number.
        at_least: Smallest allowed value.
    Returns:
        The number as an int.
    Raises:
        ValueError: not a whole number, or below ``at_least``.
    Source: none, a rule of this package.

    >>> whole("inspected", 20)
    20
    """
    number = finite(name, value, at_least=at_least)
    if number != math.floor(number):
        raise ValueError(f"{name} is {number}: must be a whole number")
    return int(number)


def _has_truth_value(values: Sequence[Any]) -> bool:
    return any(isinstance(value, (bool, np.bool_)) or (isinstance(value, (list, tuple)) and _has_truth_value(value)) for value in values)


def _from_objects(name: str, read: NDArray[Any]) -> NDArray[Any]:
    for item in read.ravel():
        if item is None or isinstance(item, (bool, str, bytes)) or not hasattr(item, "__float__"):
            raise ValueError(f"{name} holds {item!r}: must be a real number")
    return read.astype(np.float64)
