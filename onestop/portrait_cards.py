"""A portrait as people read it: the whole, each part beside the middle of the node, what is missing, and the weakest spot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from onestop.radar import Spoke, radar
from onestop.scoring import PARTS, n_of
from onestop.words_portraits import FACTS, HOW, MISSING, SIZES
from onestop.words_portraits import PARTS as NAMES
from parties.selectors import chain_nodes, names_of, regions
from suppliers.firm_words import STANDARDS

WHOLE = "whole"
LEAST_KNOWN = 3


def percent(hundredths: int | None, digits: int = 2) -> str:
    """86.69 %, or a dash where nothing can be said."""
    return "–" if hundredths is None else f"{Decimal(hundredths) / 100:.{digits}f} %"


def card(body: Mapping[str, Any], *, method: Mapping[str, Any] | None = None, name: str = "radar") -> dict[str, Any]:
    """What a page prints of a portrait's body. With its method the parts say how much is missing, which a reader outside is not told."""
    parts, inputs, middle = body["parts"], body["inputs"], body["middle"]
    lines = [_line(part, parts[part], inputs, middle, method) for part in PARTS]
    language = get_language() or "zh-hans"
    known = [line for line in lines if line["value"] is not None]
    # The weakest of one or two is no finding about the whole.
    weakest = min(known, key=lambda line: line["value"]) if len(known) >= LEAST_KNOWN else None
    return {
        "name": _in(body, "name", language), "percent": percent(body["value"], 2 if inputs else 0), "value": body["value"], "band": body["band"], "capped": body["capped"],
        "lines": lines, "known": len(known), "weakest": weakest, "as_of": date.fromisoformat(body["as_of"]), "method": body["method"],
        "node": names_of(chain_nodes(), language).get(body["node"], ""), "region": names_of(regions(), language).get(body["region"], ""),
        "size": SIZES.get(body["size"], ""), "verified": body["verified"], "firms_from": middle.get(WHOLE, {}).get("firms_from"),
        "middle": middle.get(WHOLE, {}).get("middle"), "has_middle": bool(middle), "certificates": [_certificate(each) for each in body["certificates"]],
        "svg": _picture(name, lines) if known else "",
    }  # fmt: skip


def _in(body: Mapping[str, Any], key: str, language: str) -> str:
    first, second = ("zh", "en") if language.startswith("zh") else ("en", "zh")
    return str(body[f"{key}_{first}"] or body[f"{key}_{second}"])


def _line(
    part: str, value: int | None, inputs: Mapping[str, Any], middle: Mapping[str, Any], method: Mapping[str, Any] | None
) -> dict[str, Any]:
    of_node = middle.get(part, {})
    said: dict[str, Any] = {
        "code": part, "name": NAMES[part], "how": HOW[part], "value": value, "percent": percent(value, 2 if inputs else 0), "facts": FACTS[part] % {"indexed": 0, **inputs[part]} if part in inputs else "",
        "n": n_of(part, inputs), "middle": of_node.get("middle"), "low": of_node.get("low"), "high": of_node.get("high"), "weight": None, "missing": "",
    }  # fmt: skip
    if method is not None:
        rule = method["parts"][part]
        said["weight"] = rule["weight"]
        said["missing"] = "" if value is not None else MISSING[part] % {"n": rule["least"] - said["n"]}
    return said


def _certificate(each: Mapping[str, Any]) -> dict[str, Any]:
    name = STANDARDS.get(each["standard"]) or _("Certificate")
    return {"name": name, "expires_on": date.fromisoformat(each["expires_on"]), "verified": each["verified"]}


def _picture(name: str, lines: list[dict[str, Any]]) -> Any:
    spokes = [Spoke(str(line["name"]), None if line["value"] is None else line["value"] / 100, line["middle"]) for line in lines]
    says = "; ".join(f"{line['name']}: {line['percent'] if line['value'] is not None else _('not enough data')}" for line in lines)
    return radar(name, spokes, title=_("Quality portrait"), says=says)
