"""How alike two pictures are: 64 bits that stay the same when a picture is shrunk, pressed again or lightened.

The difference hash: the picture as nine by eight grey fields; a bit says whether a field is lighter than its left neighbour. It is told of,
never held against anybody: two shelves look alike, and a cropped copy does not.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PIL import Image

WIDE, HIGH = 9, 8
ALIKE_WITHIN = 6  # of 64 bits
_READ_AT = 512  # a JPEG is read small at once
_LEAST_SPREAD = 12  # grey levels: in a plain wall the bits are noise, and every wall is like every other


def look_of(path: Path) -> int | None:
    """The 64 bits of a picture as a signed number (so that a database keeps it in eight bytes); None for one without features.

    Only for pictures that screening has written anew. Raises OSError for anything that is no picture.
    """
    with Image.open(path) as image:
        image.draft("L", (_READ_AT, _READ_AT))
        grey = image.convert("L").resize((WIDE, HIGH), Image.Resampling.BOX)
    fields = list(grey.getdata())
    if max(fields) - min(fields) < _LEAST_SPREAD:
        return None
    rows = [fields[row * WIDE : (row + 1) * WIDE] for row in range(HIGH)]
    bits = 0
    for row in rows:
        for left, right in pairwise(row):
            bits = bits << 1 | (right > left)
    return bits - (1 << 64) if bits >= 1 << 63 else bits


def bits_apart(one: int, other: int) -> int:
    """In how many of the 64 bits two pictures differ.

    >>> bits_apart(0b1011, 0b0010), bits_apart(-1, 0)
    (2, 64)
    """
    return ((one ^ other) & (1 << 64) - 1).bit_count()


def are_alike(one: int | None, other: int | None) -> bool:
    """Whether a person should be told that the two look alike.

    >>> are_alike(0, 0b111111), are_alike(0, 0b1111111), are_alike(None, None)
    (True, False, False)
    """
    return one is not None and other is not None and bits_apart(one, other) <= ALIKE_WITHIN
