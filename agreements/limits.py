"""What a limit of the library may say: the checks of one revision before anybody proposes it. Pure: no database."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

GRADES = ("1", "1-2", "2", "2-3", "3", "3-4", "4", "4-5", "5")
SAFETY_CLASSES = ("A", "B", "C")
QUALITY_GRADES = ("critical", "premium", "first", "qualified", "middle")
PLACE = ("characteristic", "edition", "product", "safety_class", "grade")
NUMBERS = ("lower", "target", "upper", "max_cv_percent", "max_lot_delta_e")
VALUES = ("lower", "target", "upper", "grade_floor", "max_cv_percent", "max_lot_delta_e")
UNVERIFIED_EN, UNVERIFIED_ZH = "(unverified)", "（待核实）"
LONGEST_SOURCE = 200
_NUMBER = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class LimitSaid:
    """A limit as somebody proposes it; every value as it was written."""

    characteristic: str
    edition: str
    product: str = ""
    safety_class: str = ""
    grade: str = ""
    lower: str = ""
    target: str = ""
    upper: str = ""
    grade_floor: str = ""
    max_cv_percent: str = ""
    max_lot_delta_e: str = ""
    source_zh: str = ""
    source_en: str = ""
    read_in: str = ""
    verified: bool = False
    unit: str = ""  # asked only to be compared with the characteristic's


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field, by the rule that refuses it; `facts` fill its sentence, which says how to mend it."""

    field: str
    code: str
    facts: dict[str, Any] = made_by(default_factory=dict)


class CharacteristicLike(Protocol):
    """What is read of a characteristic."""

    code: str
    kind: str
    unit: str
    direction: str


class EditionLike(Protocol):
    """What is read of a method's edition."""

    code: str
    supersedes_id: str | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the library holds by now: what a limit may name."""

    characteristics: Mapping[str, CharacteristicLike]
    editions: Mapping[str, EditionLike]
    measures: Mapping[str, frozenset[str]]  # edition -> the characteristics that it measures
    products: frozenset[str]


def faults(said: LimitSaid, shelf: Shelf, *, on: date) -> list[Fault]:
    """Everything wrong with a limit, field by field; an empty list may be proposed."""
    found = [*_names(said, shelf, on), *_numbers(said), *_sources(said)]
    characteristic = shelf.characteristics.get(said.characteristic)
    if characteristic is not None and not any(fault.field in VALUES for fault in found):
        found += [*_kind(said, characteristic), *_range(said)]
    return found


def _names(said: LimitSaid, shelf: Shelf, on: date) -> Iterator[Fault]:
    if said.characteristic not in shelf.characteristics:
        yield Fault("characteristic", "limit_characteristic_unknown", {"found": said.characteristic})
    elif said.unit and said.unit != shelf.characteristics[said.characteristic].unit:
        facts = {"found": said.unit, "unit": shelf.characteristics[said.characteristic].unit or "–", "of": said.characteristic}
        yield Fault("unit", "limit_unit_wrong", facts)
    if said.edition not in shelf.editions:
        yield Fault("edition", "limit_edition_unknown", {"found": said.edition})
    elif said.characteristic in shelf.characteristics and said.characteristic not in shelf.measures.get(said.edition, ()):
        yield Fault("edition", "limit_edition_measures_other", {"edition": said.edition, "of": said.characteristic})
    elif newer := superseded_by(said.edition, shelf.editions.values(), on=on):
        yield Fault("edition", "limit_edition_superseded", {"edition": said.edition, "newer": newer})
    if said.product and said.product not in shelf.products:
        yield Fault("product", "limit_product_unknown", {"found": said.product})
    if said.safety_class and said.safety_class not in SAFETY_CLASSES:
        yield Fault("safety_class", "limit_class_unknown", {"found": said.safety_class})
    if said.grade and said.grade not in QUALITY_GRADES:
        yield Fault("grade", "limit_grade_unknown", {"found": said.grade, "known": ", ".join(QUALITY_GRADES)})


def _numbers(said: LimitSaid) -> Iterator[Fault]:
    for name in NUMBERS:
        value = getattr(said, name)
        if value and not _NUMBER.fullmatch(value):
            yield Fault(name, "limit_not_a_number", {"found": value})
        elif value and name.startswith("max_") and Decimal(value) <= 0:
            yield Fault(name, "limit_variation_not_positive", {"found": value})
    if said.grade_floor and said.grade_floor not in GRADES:
        yield Fault("grade_floor", "limit_not_a_half_step", {"found": said.grade_floor})
    if not any(getattr(said, name) for name in VALUES):
        yield Fault("lower", "limit_says_nothing")


def _sources(said: LimitSaid) -> Iterator[Fault]:
    for name in ("source_zh", "source_en"):
        text = getattr(said, name)
        if not text.strip():
            yield Fault(name, "limit_source_missing")
        elif len(text) > LONGEST_SOURCE or not text.isprintable():
            yield Fault(name, "limit_source_long", {"most": LONGEST_SOURCE})
        elif said.verified and text.rstrip().endswith(UNVERIFIED_ZH if name == "source_zh" else UNVERIFIED_EN):
            yield Fault(name, "limit_verified_or_not")
    if len(said.read_in) > LONGEST_SOURCE or not (said.read_in == "" or said.read_in.isprintable()):
        yield Fault("read_in", "limit_source_long", {"most": LONGEST_SOURCE})


def _kind(said: LimitSaid, what: CharacteristicLike) -> Iterator[Fault]:
    if what.kind == "ordinal":
        for name in NUMBERS:
            if getattr(said, name):
                yield Fault(name, "limit_of_a_grade", {"of": what.code})
    elif said.grade_floor:
        yield Fault("grade_floor", "limit_is_no_grade", {"of": what.code, "kind": what.kind})
    if what.direction == "upper" and said.lower:
        yield Fault("lower", "limit_has_no_lower", {"of": what.code})
    if what.direction == "lower" and said.upper:
        yield Fault("upper", "limit_has_no_upper", {"of": what.code})
    if said.max_lot_delta_e and what.kind != "derived":
        yield Fault("max_lot_delta_e", "limit_delta_e_of_colour", {"of": what.code})
    if what.kind == "binary" and said.upper not in ("", "0"):
        yield Fault("upper", "limit_of_found_or_not", {"found": said.upper})


def _range(said: LimitSaid) -> Iterator[Fault]:
    low, middle, high = (Decimal(text) if text else None for text in (said.lower, said.target, said.upper))
    if low is not None and high is not None and low >= high:
        yield Fault("upper", "limit_bounds_cross", {"lower": said.lower, "upper": said.upper})
    elif middle is not None and ((low is not None and middle < low) or (high is not None and middle > high)):
        yield Fault("target", "limit_target_outside", {"found": said.target})


def said_as_marked(said: LimitSaid) -> dict[str, str]:
    """The two sources as they are kept: what nobody has verified says so, once."""
    zh, en = said.source_zh.strip(), said.source_en.strip()
    if not said.verified:
        zh = zh if zh.endswith(UNVERIFIED_ZH) else f"{zh}{UNVERIFIED_ZH}"
        en = en if en.endswith(UNVERIFIED_EN) else f"{en} {UNVERIFIED_EN}"
    return {"source_zh": zh, "source_en": en}


def superseded_by(code: str, editions: Any, *, on: date) -> str:
    """The edition that has taken the place of this one by the day; "" while it stands. An unknown day counts as past."""
    for other in editions:
        if other.supersedes_id == code and (other.valid_from is None or other.valid_from <= on):
            return str(other.code)
    return ""


def has_run_out(edition: EditionLike, *, on: date) -> bool:
    """Whether an edition's own last day lies before the day."""
    return edition.valid_to is not None and edition.valid_to < on
