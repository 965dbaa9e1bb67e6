"""The library as something to choose a limit from: each released limit, and each way to measure that has none."""

from __future__ import annotations

from typing import Any

from agreements.models import Characteristic, MethodEdition, SpecLimit
from agreements.selectors.library import characteristics, editions, released_limits

SEP = "|"
# What the library calls a bound, and where a clause has it.
BOUNDS = {"lower": "lower", "upper": "upper", "grade_floor": "lower", "max_cv_percent": "cv_max", "max_lot_delta_e": "lot_delta_e_max"}


def library_picks() -> list[tuple[str, dict[str, str]]]:
    """(what a form sends back, its name in both languages), in the library's order."""
    limits: dict[tuple[str, str], list[SpecLimit]] = {}
    for limit in released_limits():
        limits.setdefault((limit.characteristic_id, limit.edition_id), []).append(limit)
    found = []
    for one in characteristics():
        for edition in _measuring(one, editions()):
            known = limits.get((one.code, edition.code), [])
            found += [(f"{one.code}{SEP}{edition.code}{SEP}{limit.pk}", _names(one, edition, limit)) for limit in known]
            found.append((f"{one.code}{SEP}{edition.code}", _names(one, edition, None)))
    return found


def _measuring(one: Characteristic, rows: list[MethodEdition]) -> list[MethodEdition]:
    return [row for row in rows if one.code in row.method.characteristic_codes]


def _names(one: Characteristic, edition: MethodEdition, limit: SpecLimit | None) -> dict[str, str]:
    zh, en = f"{one.name_zh} · {edition.code}", f"{one.name_en} · {edition.code}"
    if limit is None:
        return {"name_zh": f"{zh} · 限值自填", "name_en": f"{en} · a limit of your own"}
    bounds = [value for name in ("grade_floor", "lower", "upper") if (value := getattr(limit, name))]
    said = " … ".join(bounds) + (f" {one.unit}" if one.unit and one.kind != "ordinal" else "")
    classed_zh = f" · {limit.safety_class} 类" if limit.safety_class else ""
    classed_en = f" · class {limit.safety_class}" if limit.safety_class else ""
    product = limit.product
    return {
        "name_zh": f"{zh}{classed_zh} · {said}" + (f" · {product.name_zh}" if product else ""),
        "name_en": f"{en}{classed_en} · {said}" + (f" · {product.name_en}" if product else ""),
    }


def picked_params(pick: str) -> dict[str, Any] | None:
    """The parameters that a new limit begins with; None where the library has no such thing."""
    code, _, rest = pick.partition(SEP)
    edition_code, _, limit_id = rest.partition(SEP)
    one = next((row for row in characteristics() if row.code == code), None)
    edition = next((row for row in editions() if row.code == edition_code), None)
    if one is None or edition is None or code not in edition.method.characteristic_codes:
        return None
    params: dict[str, Any] = {
        "characteristic": one.code, "name_zh": one.name_zh, "name_en": one.name_en, "method": edition.code, "edition": edition.code,
        "unit": one.unit, "kind": one.kind,
    }  # fmt: skip
    limit = next((row for row in released_limits() if str(row.pk) == limit_id), None)
    if limit is not None:
        params |= {ours: value for theirs, ours in BOUNDS.items() if (value := getattr(limit, theirs))}
        params |= {"source": limit.source_en, "source_zh": limit.source_zh}
        if limit.safety_class:
            params["safety_class"] = limit.safety_class
    return params
