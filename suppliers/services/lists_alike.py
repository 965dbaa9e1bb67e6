"""Names that look alike but are not equal, under other codes: asked about once, never decided here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from foundation.actor import Actor
from parties.names import likely_name, name_key, normalised_name
from suppliers.imports import Row
from suppliers.models import AlikeName, SupplierImport, ToldApart
from suppliers.selectors import READY, known_links

MOST = 2000
# Firms that share a telephone are compared letter by letter, as long as they are few: beyond, the telephone says nothing.
_MOST_AT_ONE_PHONE = 12


def find_lookalikes(actor: Actor, batch: SupplierImport, rows: Sequence[Row], known: Mapping[str, Mapping[str, Any]] | None = None) -> None:
    """Keep the pairs to be asked about. What was answered stays answered; what no longer looks alike is forgotten."""
    keep_pairs(actor, batch, pairs_among(rows, known_links(actor, except_import=batch) if known is None else known))


def pairs_among(rows: Sequence[Row], known: Mapping[str, Mapping[str, Any]]) -> Iterator[Pair]:
    """Rows with the firms of the list or of the owner whose names look alike. Nothing is asked of the database."""
    firms = _firms(rows)
    return chain(_name_pairs(firms, known), _slips(firms))


def keep_pairs(actor: Actor, batch: SupplierImport, pairs: Iterable[Pair]) -> None:
    """What find_lookalikes() does, with the pairs of all rows as pairs_among() found them."""
    _keep(actor, batch, pairs, AlikeName.objects.visible_to(actor).filter(batch=batch))


def find_lookalikes_near(
    actor: Actor, batch: SupplierImport, rows: Sequence[Row], at_phones: Sequence[Row], known: Mapping[str, Mapping[str, Any]]
) -> None:
    """The same for some rows, if none of the others has the name of one of them; `at_phones` are the others at their telephones."""
    numbers = {row.number for row in rows}
    names = {row.number: normalised_name(row.values.get("name_zh") or "") for row in (*rows, *at_phones)}
    before = AlikeName.objects.visible_to(actor).filter(batch=batch, number__in=names)
    # Of two rows beside these only the telephone is known: a pair by name stands.
    by_name = [pair.pk for pair in before if pair.number not in numbers and normalised_name(pair.other_name) == names[pair.number]]
    pairs = chain(_name_pairs(_firms(rows), known), _slips(_firms((*rows, *at_phones))))
    _keep(actor, batch, pairs, before.exclude(pk__in=by_name))


def _keep(actor: Actor, batch: SupplierImport, pairs: Iterable[Pair], judged: Any) -> None:
    """Write the pairs that are new; of those that were judged again, forget the ones that are not among them any more."""
    apart = _told_apart(actor)
    before = {(pair.number, pair.other_uscc): pair for pair in judged}
    found: dict[tuple[int, str], AlikeName] = {}
    for row, other, link_id, name, code in pairs:
        if frozenset((row.values["uscc"], code)) in apart and (row.number, code) not in before:
            continue
        pair = AlikeName(owner_org_id=actor.org_id, batch=batch, number=row.number, other_number=other, other_link_id=link_id,
                         other_name=name, other_uscc=code)  # fmt: skip
        found.setdefault((row.number, code), pair)
        if len(found) >= MOST:
            break
    gone = [pair.pk for key, pair in before.items() if key not in found and pair.answer != "same"]
    AlikeName.objects.visible_to(actor).filter(pk__in=gone).delete()
    AlikeName.objects.bulk_create([pair for key, pair in found.items() if key not in before], ignore_conflicts=True, batch_size=500)


def _told_apart(actor: Actor) -> set[frozenset[str]]:
    return {frozenset(codes) for codes in ToldApart.objects.visible_to(actor).values_list("uscc", "other_uscc")}


# Row, number of the earlier row or None, id of the owner's line or None, its name, its code.
Pair = tuple[Row, int | None, Any, str, str]


def _firms(rows: Sequence[Row]) -> list[Row]:
    said_same = [row for row in rows if row.reason == "same_firm"]
    return [row for row in rows if row.outcome in READY] + said_same


def _name_pairs(firms: Iterable[Row], known: Mapping[str, Mapping[str, Any]]) -> Iterator[Pair]:
    listed: dict[str, tuple[str, Mapping[str, Any]]] = {}
    for code, values in known.items():
        if values.get("name_zh"):
            listed.setdefault(normalised_name(values["name_zh"]), (code, values))
    first: dict[str, Row] = {}
    for row in sorted(firms, key=lambda row: row.number):
        name = row.values.get("name_zh")
        if not name:
            continue
        whole = name_key(name)
        key = likely_name(whole)
        if key in listed and listed[key][0] != row.values["uscc"] and name_key(listed[key][1]["name_zh"]) != whole:
            other_code, other = listed[key]
            yield row, None, other.get("id"), other["name_zh"], other_code
        elif key in first and name_key(first[key].values["name_zh"]) != whole:
            yield row, first[key].number, None, first[key].values["name_zh"], first[key].values["uscc"]
        first.setdefault(key, row)


def _slips(rows: Iterable[Row]) -> Iterator[Pair]:
    """Rows with one telephone whose names differ by one character."""
    by_phone: dict[str, list[Row]] = {}
    for row in rows:
        if row.values.get("phone") and row.values.get("name_zh"):
            by_phone.setdefault(row.values["phone"], []).append(row)
    for sharing in by_phone.values():
        if not 1 < len(sharing) <= _MOST_AT_ONE_PHONE:
            continue
        sharing.sort(key=lambda row: row.number)
        for at, row in enumerate(sharing):
            for other in sharing[:at]:
                if one_slip(normalised_name(row.values["name_zh"]), normalised_name(other.values["name_zh"])):
                    yield row, other.number, None, other.values["name_zh"], other.values["uscc"]


def one_slip(one: str, other: str) -> bool:
    """Whether one character was changed, added or left out.

    >>> one_slip("宁波云杼纺织", "宁波云抒纺织"), one_slip("云杼纺织", "云杼纺织品"), one_slip("云杼", "云杼")
    (True, True, False)
    """
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) == len(other):
        return one[start + 1 :] == other[start + 1 :]
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[start + 1 :] == shorter[start:]
