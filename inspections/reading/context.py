"""What a file of results meets: lots, characteristics, method editions, units, and the limits that were agreed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

from inspections.reading.texts import even_dashes, fold, key_of, without_remark

Kind = Literal["variable", "censored", "ordinal", "colour", "binary"]
Range = tuple[Decimal, Decimal]
PARTS = ("L", "a", "b")
SHANGHAI = ZoneInfo("Asia/Shanghai")
GRADES = ("1", "1-2", "2", "2-3", "3", "3-4", "4", "4-5", "5")
GRADE_VALUES = {grade: Decimal(10 + 5 * step).scaleb(-1) for step, grade in enumerate(GRADES)}
GRADE_WORDS = {value: grade for grade, value in GRADE_VALUES.items()}
_ZERO, _ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Edition:
    no: str
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What was agreed for a characteristic; a grade is its half step."""

    lower: Decimal | None = None
    upper: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Lot:
    """`group` names the agreement that its results are held to: a key of Context.limits, or None where none is in force."""

    no: str
    group: str | None = ""
    id: Any = None
    made_on: date | None = None
    product: str = ""


@dataclass(frozen=True)
class Characteristic:
    """How a reading of it is recognised. `possible` are its bounds, of a colour one pair for each part."""

    code: str
    name: str
    kind: Kind
    unit: str
    aliases: tuple[str, ...] = ()
    units_equal: tuple[str, ...] = ()
    units_scaled: Mapping[str, Decimal] = dataclasses.field(default_factory=dict)
    possible: tuple[Range, ...] | None = None
    plausible: tuple[Range, ...] | None = None
    detection_limit: Decimal | None = None
    methods: tuple[str, ...] = ()
    editions: tuple[Edition, ...] = ()

    @property
    def width(self) -> int:
        return 3 if self.kind == "colour" else 1

    @property
    def names(self) -> tuple[str, ...]:
        return (self.code, self.name, *self.aliases)

    @cached_property
    def factors(self) -> dict[str, Decimal]:
        """Unit as compared → what a value in it is multiplied by."""
        known = {unit_key(unit): factor for unit, factor in self.units_scaled.items()}
        return known | {unit_key(unit): _ONE for unit in (self.unit, *self.units_equal)}

    def factor_of(self, unit: str) -> Decimal | None:
        """1 for its own unit and equal ones, the factor of a known one, None for any other."""
        key = unit_key(unit)
        if key in self.factors:
            return self.factors[key]
        # Written in another case: mN is no MN, so the first letter of a factor's unit must be as it is written.
        alike = {
            factor
            for known, factor in self.factors.items()
            if known.casefold() == key.casefold() and (factor == 1 or known[:1] not in "mM")
        }
        return alike.pop() if len(alike) == 1 else None

    @cached_property
    def _editions(self) -> dict[str, Edition]:
        return {method_key(edition.no): edition for edition in self.editions}

    def edition_of(self, cited: str) -> Edition | None:
        return self._editions.get(method_key(cited))

    def is_bare_method(self, cited: str) -> bool:
        """Whether the method is named, and not its edition."""
        key = method_key(cited)
        return any(key == method_key(method) for method in self.methods)


def unit_key(unit: str) -> str:
    return "".join(fold(unit).split()).replace("·", "").replace("μ", "µ")


def method_key(cited: str) -> str:
    """GB/T 7573-2009, GBT7573-2009 and gb/t 7573—2009 are one."""
    return "".join(even_dashes(fold(cited)).split()).replace("/", "").casefold()


@dataclass(frozen=True)
class Context:
    """`limits`: group of lots → code of a characteristic → what was agreed; a code that is missing there is outside the agreement."""

    lots: Mapping[str, tuple[Lot, ...]]
    characteristics: tuple[Characteristic, ...]
    limits: Mapping[str, Mapping[str, Limits]]
    zone: ZoneInfo = SHANGHAI

    @cached_property
    def by_code(self) -> dict[str, Characteristic]:
        return {each.code: each for each in self.characteristics}

    @cached_property
    def _by_name(self) -> dict[str, tuple[Characteristic, ...]]:
        """Names to what they may mean; a code goes before a name, a name before an alias."""
        known: dict[str, tuple[Characteristic, ...]] = {}
        for names in (lambda c: (c.code,), lambda c: (c.name,), lambda c: c.aliases):
            found: dict[str, dict[str, Characteristic]] = {}
            for each in self.characteristics:
                for name in names(each):
                    if (key := key_of(name)) not in known:
                        found.setdefault(key, {})[each.code] = each
            known |= {key: tuple(several.values()) for key, several in found.items()}
        return known

    def characteristics_named(self, text: str) -> tuple[Characteristic, ...]:
        """None, one, or several where the words do not tell."""
        found = self._by_name.get(key_of(text), ())
        if not found:
            bare, remark = without_remark(fold(text))
            found = self._by_name.get(key_of(bare), ()) if remark else ()
        return found

    def lots_numbered(self, text: str) -> tuple[Lot, ...]:
        return self.lots.get(text, ())

    @cached_property
    def _loose_lots(self) -> dict[str, set[str]]:
        loose: dict[str, set[str]] = {}
        for number in self.lots:
            loose.setdefault(_loosely(number), set()).add(number)
        return loose

    def lot_like(self, text: str) -> str | None:
        """The one lot whose number differs only in case, blanks or dashes; to be offered, never taken."""
        found = self._loose_lots.get(_loosely(text), set())
        return next(iter(found)) if len(found) == 1 else None

    def limits_of(self, lot: Lot, code: str) -> Limits | None:
        return self.limits.get(lot.group, {}).get(code) if lot.group is not None else None

    def is_outside(self, lot: Lot, code: str) -> bool:
        """Whether there is an agreement, and it says nothing of this characteristic."""
        return lot.group is not None and code not in self.limits.get(lot.group, {})

    @cached_property
    def unit_keys(self) -> frozenset[str]:
        """Every unit that any characteristic knows."""
        return frozenset(key for each in self.characteristics for key in each.factors if key)


def _loosely(number: str) -> str:
    return "".join(mark for mark in even_dashes(fold(number)).casefold() if mark.isalnum())


def context_from_json(stored: Mapping[str, Any]) -> Context:
    """The context of a file such as context.json: one agreement for all lots."""
    listed = stored["characteristics"]
    limits = {row["code"]: _limits(row.get("limits") or {}) for row in listed if row.get("in_agreement", True)}
    return Context(
        lots={str(number): (Lot(str(number)),) for number in stored["lots"]},
        characteristics=tuple(_characteristic(row) for row in listed),
        limits={"": limits},
        zone=ZoneInfo(stored.get("timezone", "Asia/Shanghai")),
    )


def _characteristic(row: Mapping[str, Any]) -> Characteristic:
    return Characteristic(
        code=row["code"],
        name=row["name_zh"],
        kind=_kind(row["kind"]),
        unit=row["unit"],
        methods=(row["method"],) if row.get("method") else (),
        editions=tuple(Edition(each["no"], each.get("superseded_by")) for each in row.get("editions", ())),
        **reading_facts(row),
    )


def reading_facts(how: Mapping[str, Any]) -> dict[str, Any]:
    """What a characteristic says of its readings, as the library and the context files write it."""
    limit = how.get("detection_limit")
    return {
        "aliases": tuple(how.get("aliases") or ()),
        "units_equal": tuple(how.get("units_equal") or ()),
        "units_scaled": {unit: number_of(factor) for unit, factor in (how.get("units_scaled") or {}).items()},
        "possible": _ranges(how.get("possible")),
        "plausible": _ranges(how.get("plausible")),
        "detection_limit": None if limit is None else number_of(limit),
    }


def number_of(value: Any) -> Decimal:
    return Decimal(str(value))


def _kind(word: str) -> Kind:
    if word.startswith("reading_schema"):
        return "colour"
    return word if word in ("censored", "ordinal", "colour", "binary") else "variable"  # type: ignore[return-value]


def _ranges(stored: Any) -> tuple[Range, ...] | None:
    if not stored:
        return None
    pairs: Iterable[Any] = (stored[part] for part in PARTS) if isinstance(stored, Mapping) else [stored]
    return tuple((number_of(low), number_of(high)) for low, high in pairs)


def _limits(stored: Mapping[str, Any]) -> Limits:
    return Limits(_limit(stored, "lower"), _limit(stored, "upper"))


def _limit(stored: Mapping[str, Any], side: str) -> Decimal | None:
    if stored.get(f"{side}_grade"):
        return GRADE_VALUES[stored[f"{side}_grade"]]
    return None if stored.get(side) is None else number_of(stored[side])
