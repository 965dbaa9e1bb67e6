"""What a question asks and what an answer says: when it is shown, what it still lacks, how good it is. Pure.

An answer travels as `{"value": …, "na": bool, "note": str}`. The value by kind of question:
yes_no "yes" or "no" · scale a whole number of points · number a decimal as text ("12.50") · choice the option's code · text a text ·
photo nothing (its photos are the answer) · signature {"name": str, "strokes": [[x, y, x, y, …], …]}, the strokes empty where it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from foundation.errors import RuleBroken

POINTS = (0, 4, 6, 8, 10)
LONGEST_TEXT = 500
LONGEST_NAME = 60
MOST_STROKES, MOST_POINTS = 400, 20_000
_DECIMAL = re.compile(r"-?\d{1,9}(\.\d{1,6})?")
# Below it an answer on a scale is a "no": it opens what a finding needs.
FAILS_BELOW_SHARE = 60


class Asked(Protocol):
    """What these rules read of a question: the model has it, a draft has it, and so has a pack."""

    code: str
    kind: str
    options: list[Any]
    lowest: str
    highest: str
    photo: str
    photos_least: int
    show_if: list[Any]
    node_codes: list[Any]


Q = TypeVar("Q", bound=Asked)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it stands: the value of its kind of question, or that the question does not apply; a note."""

    value: Any = None
    na: bool = False
    note: str = ""


NOTHING = Answer()


def answer_of(question: Asked, said: Mapping[str, Any] | None) -> Answer:
    """An answer as it was sent, with its value checked and in its one form.

    Raises RuleBroken with the codes of `parsed`, and ("note_too_long", most=…).
    """
    said = said or {}
    note = str(said.get("note") or "").strip()
    if len(note) > LONGEST_TEXT:
        raise RuleBroken("note_too_long", field="note", most=LONGEST_TEXT)
    if said.get("na"):
        return Answer(na=True, note=note)
    return Answer(parsed(question, said.get("value")), note=note)


def as_json(answer: Answer) -> dict[str, Any]:
    return {"value": answer.value, "na": answer.na, "note": answer.note}


def parsed(question: Asked, raw: Any) -> Any:
    """The value of an answer in its one form; None for nothing yet.

    Raises RuleBroken("answer_not_of_this_question") for a word that is none of its choices, ("answer_not_a_number"),
    ("answer_too_long", most=…), ("signature_unreadable").
    """
    if raw is None or raw == "":
        return None
    read = _READ.get(question.kind)
    if read is None:
        raise RuleBroken("answer_not_of_this_question", field="answer")
    return read(question, raw)


def _word(question: Asked, raw: Any) -> str:
    allowed = ("yes", "no") if question.kind == "yes_no" else tuple(option["code"] for option in question.options)
    if raw not in allowed:
        raise RuleBroken("answer_not_of_this_question", field="answer")
    return str(raw)


def _points(question: Asked, raw: Any) -> int:
    text = str(raw).strip()
    if not text.isdecimal() or int(text) not in points_of(question):
        raise RuleBroken("answer_not_of_this_question", field="answer")
    return int(text)


def _number(question: Asked, raw: Any) -> str:
    # A comma is how a number pad of some phones writes the point; full-width digits are how a Chinese keyboard does.
    text = str(raw).strip().replace(",", ".").replace("，", ".").replace("．", ".")
    if isinstance(raw, bool) or not text or len(text) > 20:
        raise RuleBroken("answer_not_a_number", field="answer")
    text = "".join(str(int(each)) if each.isdecimal() else each for each in text)
    if not _DECIMAL.fullmatch(text):
        raise RuleBroken("answer_not_a_number", field="answer")
    return text


def _text(question: Asked, raw: Any) -> str | None:
    text = str(raw).strip()
    if len(text) > LONGEST_TEXT:
        raise RuleBroken("answer_too_long", field="answer", most=LONGEST_TEXT)
    return text or None


def _nothing(question: Asked, raw: Any) -> None:
    """A photo's answer is the photo."""


def _signature(question: Asked, raw: Any) -> dict[str, Any]:
    return signature_of(raw)


def signature_of(raw: Any) -> dict[str, Any]:
    """A name with what was drawn on the glass, checked. Raises RuleBroken("signature_unreadable")."""
    signed = raw if isinstance(raw, Mapping) else {"name": raw}
    name, strokes = str(signed.get("name") or "").strip(), signed.get("strokes") or []
    if not name or len(name) > LONGEST_NAME or not isinstance(strokes, list) or len(strokes) > MOST_STROKES:
        raise RuleBroken("signature_unreadable", field="answer")
    flat = [point for stroke in strokes if isinstance(stroke, list) for point in stroke]
    even = all(isinstance(stroke, list) and len(stroke) % 2 == 0 for stroke in strokes)
    if not even or len(flat) > MOST_POINTS or not all(isinstance(at, int) and not isinstance(at, bool) and 0 <= at <= 4096 for at in flat):
        raise RuleBroken("signature_unreadable", field="answer")
    return {"name": name, "strokes": strokes}


_READ = {
    "yes_no": _word, "choice": _word, "scale": _points, "number": _number, "text": _text, "photo": _nothing, "signature": _signature,
}  # fmt: skip


def points_of(question: Asked) -> tuple[int, ...]:
    """The points of a scale, lowest first."""
    return tuple(sorted(int(option["points"]) for option in question.options)) or POINTS


def shown(question: Asked, answers: Mapping[str, Answer]) -> bool:
    """Whether the answers so far ask for this question: every one of its conditions holds.

    A condition names an earlier question by `code` and one of `is` (values or "na"), `is_not`, `above` or `below`.
    A question that is not answered yet meets no condition. See `asked_of` for conditions on questions that are themselves hidden.
    """
    return all(_holds(condition, answers.get(condition["code"], NOTHING)) for condition in question.show_if)


def _holds(condition: Mapping[str, Any], answer: Answer) -> bool:
    said = "na" if answer.na else _as_text(answer.value)
    if not said:
        return False
    if "is" in condition:
        return said in [str(each) for each in condition["is"]]
    if "is_not" in condition:
        return said not in [str(each) for each in condition["is_not"]]
    if answer.na or not _DECIMAL.fullmatch(said):
        return False
    if "above" in condition:
        return Decimal(said) > Decimal(str(condition["above"]))
    return "below" in condition and Decimal(said) < Decimal(str(condition["below"]))


def _as_text(value: Any) -> str:
    return "" if value is None else value["name"] if isinstance(value, Mapping) else str(value)


def for_nodes(question: Asked, nodes: Collection[str]) -> bool:
    """Whether a site of these nodes of the chain is asked; a site whose nodes nobody knows is asked everything."""
    return not question.node_codes or not nodes or bool(set(question.node_codes) & set(nodes))


def asked_of(questions: Iterable[Q], answers: Mapping[str, Answer], nodes: Collection[str] = ()) -> list[Q]:
    """The questions that are asked, in order: by node, and by the answers of those that are asked themselves."""
    asked: list[Q] = []
    heard: dict[str, Answer] = {}
    for question in questions:
        if for_nodes(question, nodes) and shown(question, heard):
            asked.append(question)
            heard[question.code] = answers.get(question.code, NOTHING)
    return asked


def missing(question: Asked, answer: Answer | None, photos: int) -> str:
    """What still lacks before it may be sent: "answer", "photo", "reason", or "" for nothing.

    A question that does not apply needs its reason, and no photo: there is nothing to photograph.
    """
    answer = answer or NOTHING
    if answer.na:
        return "" if answer.note.strip() else "reason"
    if question.kind == "photo":
        return "" if photos >= max(1, question.photos_least) else "photo"
    if answer.value is None:
        return "answer"
    return "photo" if photos < photos_wanted(question, answer) else ""


def photos_wanted(question: Asked, answer: Answer) -> int:
    """How many photos the answer has to have."""
    if answer.na:
        return 0
    if question.kind == "photo" or question.photo == "always" or (question.photo == "on_no" and fails(question, answer)):
        return max(1, question.photos_least)
    return 0


def share(question: Asked, answer: Answer | None) -> Decimal | None:
    """The degree of fulfilment, 0 to 1; None for what does not count: not answered, not applicable, or of a kind without a grade."""
    if answer is None or answer.na or answer.value is None:
        return None
    value = answer.value
    if question.kind == "yes_no":
        return Decimal(1 if value == "yes" else 0)
    if question.kind == "scale":
        return Decimal(value) / max(points_of(question))
    if question.kind == "choice":
        graded = next((option.get("share") for option in question.options if option["code"] == value), None)
        return None if graded is None else Decimal(graded) / 100
    if question.kind == "number" and (question.lowest or question.highest):
        return Decimal(1 if _within(question, Decimal(value)) else 0)
    return None


def _within(question: Asked, value: Decimal) -> bool:
    return (not question.lowest or value >= Decimal(question.lowest)) and (not question.highest or value <= Decimal(question.highest))


def fails(question: Asked, answer: Answer | None) -> bool:
    """Whether the answer is a "no": it opens severity, clause, photo and words of a finding."""
    reached = share(question, answer)
    return reached is not None and reached * 100 < FAILS_BELOW_SHARE
