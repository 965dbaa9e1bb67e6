"""A copy of an audit as people read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.models import AuditCopy
from audits.score_cards import percent
from audits.words import ANSWERS
from audits.words_scores import GRADE_WORDS, LEFT_OUT, METHODS


def body_card(body: Mapping[str, Any], *, zh: bool) -> dict[str, Any]:
    """The body of a copy in the reader's language."""
    score, checklist = body["score"], body["checklist"]
    return {
        "whole": body["whole"], "month": month_words(body["month"]), "site": _either(body["site"], zh=zh),
        "checklist": _either(checklist, zh=zh) if checklist else "", "kind": body["kind"],
        "score": {"band": score["band"], "percent": percent(score["hundredths"]), "method": METHODS.get(score["method"], "")} if score else None,
        "sections": [
            {"name": _either(each, zh=zh) or _("Section %(number)s") % {"number": each["code"]}, "percent": f"{each['percent']:.2f} %"}
            for each in body["sections"]
            if each["percent"] is not None
        ],
        "questions": [_question(each, zh=zh) for each in body["questions"]],
        "findings": [{**each, "state": GRADE_WORDS.get(each["state"], each["state"])} for each in body["findings"]],
    }  # fmt: skip


def _question(each: Mapping[str, Any], *, zh: bool) -> dict[str, Any]:
    answer = each["answer"]
    return {
        "number": each["number"], "asked": _either(each, zh=zh), "critical": each["critical"],
        "chip": answer if answer in ("yes", "no", "na") else "", "answer": answer,
        "percent": f"{each['percent']} %" if each["percent"] else "", "out": LEFT_OUT.get(each["out"], ""),
    }  # fmt: skip


def _either(said: Mapping[str, str], *, zh: bool) -> str:
    return (said["zh"] or said["en"]) if zh else (said["en"] or said["zh"])


def month_words(first_day: str | date) -> str:
    """March 2026."""
    day = date.fromisoformat(first_day) if isinstance(first_day, str) else first_day
    return date_format(day, "YEAR_MONTH_FORMAT")


def days_words(halves: int) -> str:
    """Half-days as days: 1.5 days."""
    days = f"{halves / 2:g}"
    return ngettext("%(days)s day", "%(days)s days", 1 if halves == 2 else 2) % {"days": days}


def reader_name(copy: AuditCopy, *, zh: bool, owner: bool) -> str:
    """The other firm: to the chain owner the supplier, to the supplier the reader."""
    side = "supplier" if owner else "owner"
    names = {"zh": getattr(copy.agreement, f"{side}_name_zh"), "en": getattr(copy.agreement, f"{side}_name_en")}
    return _either(names, zh=zh)


ANSWER_CHIPS = ANSWERS
