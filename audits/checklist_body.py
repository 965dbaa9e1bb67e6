"""A checklist before it is published: plain values, what is wrong with them, what differs between two. Pure.

A body is what a draft holds, what a file of the library says and what a sheet of Excel becomes:
{"name_zh", …, "sections": [{"code", "name_zh", "name_en"}], "questions": [{"section", "code", "text_zh", "kind", …}]}; what is left out
is as in `HEAD` and `QUESTION`. Its questions stand in order; those of one section stand together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from types import SimpleNamespace
from typing import Any

from audits.questions import POINTS
from qualitystats.process_audit import ELEMENTS

KINDS = ("yes_no", "scale", "number", "choice", "text", "photo", "signature")
PHOTOS = ("none", "optional", "on_no", "always")
SCORINGS = ("weighted", "vda63")
SUB_ELEMENTS = ("EU1", "EU2", "EU3", "EU4", "EU5", "EU6")
PROPOSES = ("site.headcount", "site.address", "site.floor_notes")
MOST_QUESTIONS, MOST_SECTIONS, MOST_OPTIONS, MOST_PHOTOS = 200, 20, 12, 6
MOST_WEIGHT, MOST_MINUTES = 100, 960

HEAD: dict[str, Any] = {
    "name_zh": "", "name_en": "", "minutes": 30, "scoring": "weighted", "node_codes": [], "source_zh": "", "source_en": "",
    "sections": [], "questions": [],
}  # fmt: skip
SECTION: dict[str, Any] = {"code": "", "name_zh": "", "name_en": ""}
QUESTION: dict[str, Any] = {
    "section": "", "code": "", "text_zh": "", "text_en": "", "help_zh": "", "help_en": "", "kind": "yes_no", "options": [], "unit": "",
    "lowest": "", "highest": "", "weight": 1, "is_critical": False, "photo": "none", "photos_least": 1, "show_if": [], "node_codes": [],
    "clause_type": "", "source": "", "element": "", "sub_element": "", "proposes": "", "example_id": None,
}  # fmt: skip
LONGEST = {
    "name_zh": 80, "name_en": 120, "source_zh": 300, "source_en": 300, "text_zh": 200, "text_en": 300, "help_zh": 300, "help_en": 400,
    "unit": 20, "source": 120,
}  # fmt: skip
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,6})?")
_TESTS = ("is", "is_not", "above", "below")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that keeps a checklist from being published: at which question (its place from 1; 0 is the head), in which entry."""

    number: int
    entry: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What a body may name: nodes of the chain, types of clauses."""

    nodes: Collection[str]
    clause_types: Collection[str]


def whole(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with everything that it leaves out, and nothing that is none of its entries."""
    said = _filled(HEAD, body)
    said["sections"] = [_filled(SECTION, each) for each in said["sections"]]
    said["questions"] = in_order(said["sections"], [_filled(QUESTION, each) for each in said["questions"]])
    return said


def _filled(empty: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: deepcopy(said.get(name, value)) for name, value in empty.items()}


def in_order(sections: list[dict[str, Any]], questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The questions by section, as the sections stand; those of no section come first, and each keeps its place within."""
    place = {section["code"]: at for at, section in enumerate(sections)}
    return sorted(questions, key=lambda question: place.get(question["section"], -1))


def asked_by(question: Mapping[str, Any]) -> Any:
    """A question of a body as `audits.questions` reads it."""
    return SimpleNamespace(**question)


def faults_of(body: Mapping[str, Any], known: Known) -> list[Fault]:
    """Everything that keeps a whole body from being published, in the order of its questions."""
    sections = [section["code"] for section in body["sections"]]
    found = [*_head_faults(body, known), *_section_faults(body["sections"])]
    seen: dict[str, Mapping[str, Any]] = {}
    for number, question in enumerate(body["questions"], start=1):
        found += [Fault(number, entry, code, facts) for entry, code, facts in _question_faults(question, known)]
        if question["section"] and question["section"] not in sections:
            found.append(Fault(number, "section", "section_unknown", {"section": question["section"]}))
        if question["code"] in seen:
            found.append(Fault(number, "code", "code_twice", {"code": question["code"]}))
        found += [Fault(number, "show_if", code, facts) for code, facts in _condition_faults(question, seen)]
        if body["scoring"] == "vda63":
            found += [Fault(number, entry, code) for entry, code in _element_faults(question)]
        seen.setdefault(question["code"], question)
    return found


def _head_faults(body: Mapping[str, Any], known: Known) -> Iterator[Fault]:
    if not body["name_zh"].strip() and not body["name_en"].strip():
        yield Fault(0, "name_zh", "name_missing")
    if not body["questions"]:
        yield Fault(0, "questions", "no_question")
    if len(body["questions"]) > MOST_QUESTIONS:
        yield Fault(0, "questions", "too_many_questions", {"most": MOST_QUESTIONS})
    if not _whole_number(body["minutes"], 1, MOST_MINUTES):
        yield Fault(0, "minutes", "minutes_out_of_range", {"most": MOST_MINUTES})
    if body["scoring"] not in SCORINGS:
        yield Fault(0, "scoring", "word_unknown", {"word": body["scoring"]})
    yield from (Fault(0, entry, code, facts) for entry, code, facts in (*_too_long(body), *_unknown_nodes(body, known)))


def _section_faults(sections: list[dict[str, Any]]) -> Iterator[Fault]:
    codes = [section["code"] for section in sections]
    if len(codes) > MOST_SECTIONS:
        yield Fault(0, "sections", "too_many_sections", {"most": MOST_SECTIONS})
    for section in sections:
        if not _CODE.fullmatch(str(section["code"])) or codes.count(section["code"]) > 1:
            yield Fault(0, "sections", "section_code_unfit", {"code": section["code"]})
        if not section["name_zh"].strip() and not section["name_en"].strip():
            yield Fault(0, "sections", "section_name_missing", {"code": section["code"]})
        yield from (Fault(0, "sections", code, facts) for _entry, code, facts in _too_long(section))


Said = tuple[str, str, dict[str, Any]]


def _question_faults(question: Mapping[str, Any], known: Known) -> Iterator[Said]:
    if not _CODE.fullmatch(str(question["code"])):
        yield "code", "code_unfit", {"code": question["code"]}
    if not question["text_zh"].strip() and not question["text_en"].strip():
        yield "text_zh", "text_missing", {}
    for entry, words in (("kind", KINDS), ("photo", PHOTOS), ("proposes", ("", *PROPOSES)), ("clause_type", ("", *known.clause_types))):
        if question[entry] not in words:
            yield entry, "word_unknown", {"word": question[entry]}
    if not _whole_number(question["weight"], 0, MOST_WEIGHT):
        yield "weight", "weight_out_of_range", {"most": MOST_WEIGHT}
    if not _whole_number(question["photos_least"], 1, MOST_PHOTOS):
        yield "photos_least", "photos_out_of_range", {"most": MOST_PHOTOS}
    yield from _limit_faults(question)
    yield from _option_faults(question)
    yield from _too_long(question)
    yield from _unknown_nodes(question, known)


def _limit_faults(question: Mapping[str, Any]) -> Iterator[Said]:
    for entry in ("lowest", "highest"):
        if question[entry] and (question["kind"] != "number" or not _NUMBER.fullmatch(question[entry])):
            yield entry, "limit_not_a_number", {"found": question[entry]}
            return
    if question["lowest"] and question["highest"] and Decimal(question["lowest"]) > Decimal(question["highest"]):
        yield "lowest", "limits_turned_round", {}


def _option_faults(question: Mapping[str, Any]) -> Iterator[Said]:
    options, kind = question["options"], question["kind"]
    if kind not in ("choice", "scale"):
        if options:
            yield "options", "options_not_asked", {}
        return
    if kind == "scale" and not options:
        return
    if not 2 <= len(options) <= MOST_OPTIONS:
        yield "options", "options_too_few_or_many", {"most": MOST_OPTIONS}
        return
    mark = "code" if kind == "choice" else "points"
    marks = [str(option.get(mark, "")) for option in options]
    if len(set(marks)) < len(marks) or not all(_CODE.fullmatch(each) for each in marks):
        yield "options", "options_unfit", {}
        return
    if kind == "scale" and not (all(each.isdecimal() and int(each) <= 100 for each in marks) and max(map(int, marks))):
        yield "options", "options_unfit", {}
    if kind == "choice" and not all((option.get("zh") or option.get("en") or "").strip() for option in options):
        yield "options", "options_without_words", {}
    if kind == "choice" and not all(option.get("share") is None or _whole_number(option["share"], 0, 100) for option in options):
        yield "options", "options_unfit", {}


def _condition_faults(question: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """A condition asks an earlier question, and for something that it can answer."""
    for condition in question["show_if"]:
        other = earlier.get(str(condition.get("code", "")))
        tests = [name for name in _TESTS if name in condition]
        if other is None:
            yield "condition_not_earlier", {"code": condition.get("code", "")}
        elif len(tests) != 1 or len(condition) != 2:
            yield "condition_unfit", {"code": other["code"]}
        elif not _may_be_answered(other, tests[0], condition[tests[0]]):
            yield "condition_never_true", {"code": other["code"]}


def _may_be_answered(question: Mapping[str, Any], test: str, wanted: Any) -> bool:
    if test in ("above", "below"):
        return question["kind"] in ("number", "scale") and bool(_NUMBER.fullmatch(str(wanted)))
    words = answers_of(question)
    return isinstance(wanted, list) and bool(wanted) and (words is None or all(str(each) in (*words, "na") for each in wanted))


def answers_of(question: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The words that may answer a question, "na" apart; None where it has no list of them."""
    if question["kind"] == "yes_no":
        return ("yes", "no")
    if question["kind"] == "choice":
        return tuple(str(option.get("code", "")) for option in question["options"])
    if question["kind"] == "scale":
        return tuple(str(option.get("points", "")) for option in question["options"]) or tuple(map(str, POINTS))
    return None


def _element_faults(question: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """A process audit counts points by element, and P6 by its parts too. What has no points only goes along."""
    if question["kind"] != "scale":
        return
    if question["options"]:
        yield "options", "vda_points_only"
    if question["element"] not in ELEMENTS:
        yield "element", "element_unknown"
    if (question["element"] == "P6") != (question["sub_element"] in SUB_ELEMENTS):
        yield "sub_element", "sub_element_unfit"


def _too_long(said: Mapping[str, Any]) -> Iterator[Said]:
    for entry, most in LONGEST.items():
        if len(str(said.get(entry) or "")) > most:
            yield entry, "entry_too_long", {"most": most}


def _unknown_nodes(said: Mapping[str, Any], known: Known) -> Iterator[Said]:
    for node in said["node_codes"]:
        if node not in known.nodes:
            yield "node_codes", "node_unknown", {"node": node}


def _whole_number(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one question: "added", "removed", "moved" or "changed" with its entries {name: (was, now)}."""

    what: str
    code: str
    was: Mapping[str, Any] | None = None
    now: Mapping[str, Any] | None = None
    entries: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


def differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[Difference]:
    """What the newer whole body does to the questions of the older one: those that stand, in their new order, then those that are gone."""
    before = {question["code"]: question for question in was["questions"]}
    after = {question["code"]: question for question in now["questions"]}
    moved = _moved(list(before), list(after))
    found = []
    for code, question in after.items():
        old = before.get(code)
        if old is None:
            found.append(Difference("added", code, now=question))
            continue
        entries = {name: (old[name], question[name]) for name in QUESTION if not _same(old[name], question[name])}
        if entries or code in moved:
            found.append(Difference("changed" if entries else "moved", code, old, question, entries))
    return found + [Difference("removed", code, was=question) for code, question in before.items() if code not in after]


def head_differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Entries of the head that differ, questions apart."""
    return {name: (was[name], now[name]) for name in HEAD if name != "questions" and was[name] != now[name]}


def _same(one: Any, other: Any) -> bool:
    try:
        return bool(one == other) or (isinstance(one, str) and isinstance(other, str) and Decimal(one) == Decimal(other))
    except InvalidOperation:
        return False


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Codes that left their order: all that stay but the longest run of them that kept it."""
    place = {code: at for at, code in enumerate(before)}
    stay = [code for code in after if code in place]
    best: list[list[str]] = []
    for at, code in enumerate(stay):
        runs: list[list[str]] = [best[earlier] for earlier in range(at) if place[stay[earlier]] < place[code]]
        best.append([*_longest(runs), code])
    return set(stay) - set(_longest(best))


def _longest(runs: list[list[str]]) -> list[str]:
    return max(runs, key=lambda run: len(run), default=[])
