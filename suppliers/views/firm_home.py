"""The pieces of a firm's own home: what is missing, one card for each list, what runs out in which month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.actor import Hat
from suppliers.firm_words import instrument_name, paper_name
from suppliers.models import Paper
from suppliers.selectors.firm_lists import FirmHome, runs_out
from suppliers.views.firm_shelves import SHELVES

SHOWN = 4
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Task:
    """Something that the firm has not said yet."""

    url: str
    verb: str
    sub: str


@dataclass(frozen=True)
class Missing:
    """What is still to say, the shortest first, out of how much."""

    tasks: Sequence[Task]
    total: int

    @property
    def done(self) -> int:
        return self.total - len(self.tasks)


def missing_in(home: FirmHome, hat: Hat) -> Missing:
    """What a firm should say of itself once; each thing is asked for once and then never again."""
    main = next((site for site in home.sites if site.is_main), None)
    site_url = reverse("suppliers:site", args=[main.pk]) if main else reverse("suppliers:site_new")
    kinds = {paper.kind for paper in home.papers}
    wanted = [
        ("business_licence" in kinds, reverse("suppliers:paper_new") + "?kind=business_licence", _("Photograph the business licence"), 1),
        (bool(main and main.address), site_url, _("Say where you work"), 1),
        (bool(home.processes), reverse("suppliers:process_new"), _("Add your main machines"), 1),
        (bool(home.instruments), reverse("suppliers:instrument_new"), _("Add the instrument you use most"), 1),
        ("certificate" in kinds, reverse("suppliers:paper_new") + "?kind=iso_9001", _("File a certificate you hold"), 2),
        (bool(home.products), reverse("suppliers:product_new"), _("Add what you make most"), 2),
    ]
    if hat in (Hat.LAB, Hat.PROVIDER):
        wanted = [each for each in wanted if each[1] not in (reverse("suppliers:process_new"), reverse("suppliers:product_new"))]
    tasks = [Task(url, verb, _minutes(minutes)) for is_there, url, verb, minutes in wanted if not is_there]
    return Missing(tasks, len(wanted))


def _minutes(n: int) -> str:
    return ngettext("about %(n)s minute", "about %(n)s minutes", n) % {"n": n}


def cards_of(home: FirmHome, today: date) -> list[dict[str, Any]]:
    """One card for each list: its first rows, and the way to the rest."""
    return [_card(shelf, getattr(home, shelf.many), today) for shelf in SHELVES]


def _card(shelf: Any, rows: Sequence[Any], today: date) -> dict[str, Any]:
    lines = [{"line": shelf.line(row, today), "url": reverse(f"suppliers:{shelf.one}", args=[row.pk])} for row in rows[:SHOWN]]
    return {
        "shelf": shelf, "lines": lines, "count": len(rows), "list_url": reverse(f"suppliers:{shelf.many}"),
        "add_url": reverse(f"suppliers:{shelf.one}_new"), "says_state": shelf.many in ("instruments", "papers"),
    }  # fmt: skip


def months_of(home: FirmHome, today: date) -> list[dict[str, Any]]:
    """What has run out, then what runs out in the next twelve months, month by month."""
    months: dict[Any, dict[str, Any]] = {}
    for each in runs_out(home.papers, home.instruments, until=today + YEAR):
        is_past = each.on < today
        month = months.setdefault("past" if is_past else (each.on.year, each.on.month), {"is_past": is_past, "on": each.on, "things": []})
        month["things"].append({"on": each.on, "name": _name(each.thing), "url": _url(each.thing)})
    return list(months.values())


def _name(thing: Any) -> str:
    if isinstance(thing, Paper):
        return " ".join(filter(None, (paper_name(thing.kind, thing.standard), thing.number)))
    return f"{instrument_name(thing.kind, thing.model)} {thing.serial}"


def _url(thing: Any) -> str:
    return reverse("suppliers:paper" if isinstance(thing, Paper) else "suppliers:instrument", args=[thing.pk])
