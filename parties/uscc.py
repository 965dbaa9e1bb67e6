"""统一社会信用代码, the code that names a firm (GB 32100-2015): what is wrong with one as typed, and where.

Region and registration digits are not looked at: only length, alphabet and check character can be known from the code alone.
"""

import re
from dataclasses import dataclass
from operator import mul

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
# 3^(i-1) mod 31 for the first seventeen places.
WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_NO_VALUE = 255
_VALUE_OF_BYTE = bytes(_VALUES.get(chr(byte), _NO_VALUE) for byte in range(256))
# 34 leaves 3 when divided by 31: read backwards as one number with 34 digits, a code weighs what WEIGHTS make of it. "!" is no digit.
_DIGITS = "0123456789abcdefghijklmnopqrstu"
_DIGIT_OF_BYTE = bytes(ord(_DIGITS[_VALUES[chr(byte)]] if chr(byte) in _VALUES else "!") for byte in range(256))
# Letters that the alphabet leaves out, and what a hand or an eye took for them.
_LOOK_ALIKES = {"I": "1", "O": "0", "Z": "2", "S": "5", "V": "UY", "|": "1", "!": "1"}
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
# Blanks, hyphens and dashes of every width, quotes that force a spreadsheet to keep text, marks nobody sees.
_DROPPED = re.compile(
    r"[\s\x00-\x1f\x7f\-\u2010-\u2015\u2212\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+"
)
# The ordinary case, in which nothing is to be cleaned.
_PLAIN = re.compile(r"[0-9A-Z]{18}")
_LEADING_QUOTE = re.compile(r"^\s*['\u2018\u2019`]")
_NUMBER_FORM = re.compile(r"^[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,3}$|^[0-9]+\.[0-9]+$")


@dataclass(frozen=True, slots=True)
class UsccProblem:
    """Why a code cannot stand. `position` counts characters of the cleaned code from 1; facts that do not apply are None.

    uscc_missing      nothing was typed
    uscc_number_form  a spreadsheet has turned the code into a number; `found` is what it left
    uscc_length       `found` characters instead of 18
    uscc_char         `found` at `position` is not of the alphabet; `suggestion` is its look-alike if that makes a valid code
    uscc_check        the code does not fit together: `found` stands at 18 where the others make `expected`; any place may be the slip
    """

    code: str
    position: int | None = None
    found: str | int | None = None
    expected: str | int | None = None
    suggestion: str | None = None


def clean(text: str) -> str:
    """The code without blanks, hyphens, a leading apostrophe and hidden marks, half-width and in capitals."""
    if _PLAIN.fullmatch(text):
        return text
    half_width = text.translate(_HALF_WIDTH)
    return _DROPPED.sub("", _LEADING_QUOTE.sub("", half_width)).upper()


def check_character(first17: str) -> str:
    """The eighteenth character for seventeen of the alphabet.

    Raises ValueError when `first17` is not seventeen characters of the alphabet.

    >>> check_character("91350100M000100Y4")
    '3'
    """
    values = first17.encode("ascii", "replace").translate(_VALUE_OF_BYTE)
    if len(values) != LENGTH - 1 or _NO_VALUE in values:
        raise ValueError(f"first17 must be {LENGTH - 1} characters of {ALPHABET}, not {first17!r}")
    total = sum(map(mul, WEIGHTS, values))
    return ALPHABET[-total % 31]


def fits(code: str) -> bool:
    """Whether this is a code as it stands, with nothing to clean: the short way for long lists.

    >>> fits("91350100M000100Y43"), fits("91350100m000100y43")
    (True, False)
    """
    if not _PLAIN.fullmatch(code):
        return False
    try:
        return ALPHABET[-int(code[-2::-1].encode().translate(_DIGIT_OF_BYTE), 34) % 31] == code[-1]
    except ValueError:
        return False


def problem(code: str) -> UsccProblem | None:
    """What is wrong with a code as typed, or None when it fits; it is cleaned here."""
    if not _PLAIN.fullmatch(code) and _NUMBER_FORM.match(_bare_number(code)):
        return UsccProblem("uscc_number_form", found=_bare_number(code))
    cleaned = clean(code)
    if not cleaned:
        return UsccProblem("uscc_missing")
    if len(cleaned) != LENGTH:
        return UsccProblem("uscc_length", found=len(cleaned), expected=LENGTH)
    for index, character in enumerate(cleaned):
        if character not in _VALUES:
            return UsccProblem("uscc_char", position=index + 1, found=character, suggestion=_look_alike(cleaned, index))
    expected = check_character(cleaned[:-1])
    if cleaned[-1] != expected:
        return UsccProblem("uscc_check", position=LENGTH, found=cleaned[-1], expected=expected)
    return None


def _bare_number(code: str) -> str:
    return _LEADING_QUOTE.sub("", code.translate(_HALF_WIDTH)).strip()


def _look_alike(cleaned: str, index: int) -> str | None:
    """The one look-alike that makes the whole code valid; where several would, none: that would be guessing."""
    fitting = [
        character
        for character in _LOOK_ALIKES.get(cleaned[index], "")
        if problem(cleaned[:index] + character + cleaned[index + 1 :]) is None
    ]
    return fitting[0] if len(fitting) == 1 else None
