"""Checkers of 07_identifiers: check characters by GB 32100's arithmetic, and code lists by their own order.

The product's own code for these lives in its apps and is proved by their tests; this is a second hand on the same files.
"""

from __future__ import annotations

import re

from qualitystats.verifying import Document, Report, Tally, checks

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = [pow(3, place, 31) for place in range(17)]


def uscc_is_valid(code: str) -> bool:
    """Whether a unified social credit code has 18 characters of its alphabet and the right last one.

    Args:
        code: Upper case, without spaces.
    Returns:
        True or False.
    Raises:
        Nothing.
    Source: GB 32100-2015 (clause unread), weights as in python-stdnum 2.2.

    >>> uscc_is_valid("91350100M000100Y43")
    True
    """
    if len(code) != 18 or any(character not in _ALPHABET for character in code):
        return False
    total = sum(weight * _ALPHABET.index(character) for weight, character in zip(_WEIGHTS, code, strict=False))
    return _ALPHABET[-total % 31] == code[-1]


@checks("uscc.json", keys=("weights", "alphabet", "valid", "invalid"))
def uscc(document: Document) -> Report:
    """Codes that hold and codes that do not, and the arithmetic's own constants."""
    tally, data = Tally(document.name), document.data
    tally.equal("alphabet", _ALPHABET, data["alphabet"])
    tally.equal("weights", _WEIGHTS, data["weights"])
    for code in data["valid"]:
        tally.equal(code, uscc_is_valid(code), True)
    for case in data["invalid"]:
        tally.equal(f"{case['code']} ({case['why']})", uscc_is_valid(case["code"]), False)
    tally.note("a second hand: the product's own rule is proved by the tests of suppliers")
    return tally.report()


@checks("ningbo_districts.csv", columns=("code_gbt2260", "zh", "en"))
def districts(document: Document) -> Report:
    """Six digits of one city, each once."""
    tally = Tally(document.name)
    codes = [row["code_gbt2260"] for row in document.rows]
    tally.equal("each code once", len(set(codes)), len(codes))
    for code in codes:
        tally.equal(code, bool(re.fullmatch(r"3302\d\d", code)), True)
    tally.note("form only: the names are the source's word")
    return tally.report()


@checks("haishu_towns_streets.csv", columns=("code9", "code12", "zh", "kind"))
def towns(document: Document) -> Report:
    """Twelve digits are nine and three zeros; the third last pair of nine says street, town or township."""
    tally = Tally(document.name)
    kinds = {"0": "subdistrict", "1": "town", "2": "township"}
    tally.equal("each code once", len({row["code9"] for row in document.rows}), len(document.rows))
    for row in document.rows:
        tally.equal(row["code9"], (row["code12"], row["kind"]), (row["code9"] + "000", kinds.get(row["code9"][6])))
    tally.note("form only: the names are the source's word")
    return tally.report()


@checks("gbt4754_2017_textile.csv", columns=("level", "code", "zh"))
def industries(document: Document) -> Report:
    """A code is as long as its level, and its parent is in the list. 1830 stands for its group 183 too, as in the standard."""
    tally = Tally(document.name)
    codes = {row["code"] for row in document.rows}
    for row in document.rows:
        parent = row["code"][:-1]
        has_parent = row["level"] == "2" or parent in codes or (row["code"].endswith("0") and parent[:-1] in codes)
        tally.equal(row["code"], (len(row["code"]), has_parent), (int(row["level"]), True))
    tally.note("form only: the names are the source's word")
    return tally.report()


@checks("chain_nodes.json", keys=("nodes", "status"))
def chain_nodes(document: Document) -> Report:
    """Every industry code belongs to one node only, and is in the list beside it."""
    tally = Tally(document.name)
    listed = document.sibling("gbt4754_2017_textile.csv")
    known = {row["code"] for row in listed.rows} if listed else None
    seen: set[str] = set()
    for node, codes in document.data["nodes"]:
        tally.equal(f"{node}: codes of no other node", seen & set(codes), set())
        seen |= set(codes)
        if known is not None:
            tally.equal(f"{node}: codes that the list knows", set(codes) - known, set())
    tally.note("own taxonomy: order only")
    return tally.report()
