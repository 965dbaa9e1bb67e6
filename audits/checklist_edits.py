"""Steps of building a checklist, each from a whole body to the next. Pure. Places count from 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audits.checklist_body import QUESTION, SECTION, in_order, whole

Body = dict[str, Any]


def with_head(body: Body, said: Mapping[str, Any]) -> Body:
    return whole({**body, **said})


def with_question(body: Body, said: Mapping[str, Any], number: int | None = None) -> Body:
    """The question at this place said anew, or a new one at the end of its section."""
    questions = list(body["questions"])
    if number is None:
        questions.append({**QUESTION, **said})
    else:
        questions[number - 1] = {**questions[number - 1], **said}
    return whole({**body, "questions": questions})


def without_question(body: Body, number: int) -> Body:
    return whole({**body, "questions": [each for at, each in enumerate(body["questions"], start=1) if at != number]})


def with_copy(body: Body, number: int) -> Body:
    """The question once more right behind itself, under the next code that is free."""
    question = body["questions"][number - 1]
    copy = {**question, "code": free_code(body, question["section"])}
    return whole({**body, "questions": [*body["questions"][:number], copy, *body["questions"][number:]]})


def moved(body: Body, number: int, *, up: bool) -> Body:
    """The question one place up or down; at the edge of its section, into the neighbouring one."""
    questions = [dict(each) for each in body["questions"]]
    question, other = questions[number - 1], number - 2 if up else number
    inside = 0 <= other < len(questions) and questions[other]["section"] == question["section"]
    if inside:
        questions[number - 1], questions[other] = questions[other], question
        return whole({**body, "questions": questions})
    codes = ["", *(section["code"] for section in body["sections"])]
    at = codes.index(question["section"]) + (-1 if up else 1)
    if not 0 <= at < len(codes):
        return body
    question["section"] = codes[at]
    rest = [each for each in questions if each is not question]
    # Coming from below it is the last of the section above; coming from above it is the first of the one below.
    return whole({**body, "questions": [*rest, question] if up else [question, *rest]})


def free_code(body: Body, section: str) -> str:
    """A code that no question has: of its section and a number."""
    taken = {question["code"] for question in body["questions"]}
    stem = (section or "Q")[:15]
    return next(code for n in range(1, 10_000) if (code := f"{stem}-{n}") not in taken)


def with_section(body: Body, said: Mapping[str, Any], number: int | None = None) -> Body:
    """The section at this place said anew, its questions with it, or a new one at the end."""
    sections, questions = [dict(each) for each in body["sections"]], body["questions"]
    if number is None:
        return whole({**body, "sections": [*sections, {**SECTION, **said}]})
    was = sections[number - 1]["code"]
    sections[number - 1] |= said
    now = sections[number - 1]["code"]
    renamed = [{**each, "section": now} if each["section"] == was else each for each in questions]
    return whole({**body, "sections": sections, "questions": renamed})


def without_section(body: Body, number: int) -> Body:
    """The section is gone; its questions stay, in none."""
    gone = body["sections"][number - 1]["code"]
    sections = [each for at, each in enumerate(body["sections"], start=1) if at != number]
    questions = [{**each, "section": ""} if each["section"] == gone else each for each in body["questions"]]
    return whole({**body, "sections": sections, "questions": questions})


def section_moved(body: Body, number: int, *, up: bool) -> Body:
    sections, other = list(body["sections"]), number - 2 if up else number
    if not 0 <= other < len(sections):
        return body
    sections[number - 1], sections[other] = sections[other], sections[number - 1]
    return whole({**body, "sections": sections, "questions": in_order(sections, body["questions"])})
