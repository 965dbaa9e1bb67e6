"""What an agreement asks of each side, as a small table. No queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from agreements.asking import Asked, asked_of
from parties.selectors import working_calendar
from parties.working_days import WorkingCalendar


def ask_cards(
    clauses: Iterable[Any], *, effective_from: date, effective_to: date | None, days: WorkingCalendar
) -> dict[str, Any]:  # fmt: skip
    """Both sides beside each other: each kind of thing with its count, the minutes of one, and what they come to in a month."""
    asked = asked_of(list(clauses), effective_from=effective_from, effective_to=effective_to, days=days)
    return {
        "months": asked["supplier"].months,
        "sides": [_side(asked["supplier"], _("Of the supplier")), _side(asked["owner"], _("Of the chain owner"))],
        "tests": asked["supplier"].tests_a_lot, "records": asked["supplier"].records_a_lot,
    }  # fmt: skip


def _side(asked: Asked, title: str) -> dict[str, Any]:
    rows = [{"label": str(_names()[turn.kind]), "n": turn.n, "minutes": turn.minutes} for turn in asked.turns]
    return {"title": title, "rows": rows, "n": asked.n, "minutes": round(asked.minutes_a_month)}


def _names() -> dict[str, str]:
    return {
        "self_check": _("Self-checks to answer"), "second_party": _("Audits on site"), "review": _("Self-checks to judge"),
        "document": _("Documents to file"), "document_read": _("Documents to read"), "owner_duty": _("Results to share"),
        "training": _("Trainings to hold"), "process_record": _("Process records to show"), "sealed_sample": _("Samples to seal anew"),
    }  # fmt: skip


def ask_numbers(clauses: Iterable[Any], *, effective_from: date, effective_to: date | None) -> dict[str, Any]:
    """The same as numbers."""
    asked = asked_of(list(clauses), effective_from=effective_from, effective_to=effective_to, days=working_calendar())
    said = {side: [{"kind": turn.kind, "n": turn.n, "minutes": turn.minutes} for turn in each.turns] for side, each in asked.items()}
    both = asked["supplier"]
    return {"months": both.months, "tests_a_lot": both.tests_a_lot, "records_a_lot": both.records_a_lot, **said}
