"""Portraits as others read them in their own hat: a chain owner what its suppliers show it, the bureau the middle of each step."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements.paging import cursor_of, more_of, table_file
from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import moment_of
from foundation.htmx import fragment
from onestop.portrait_cards import WHOLE, card
from onestop.scoring import PARTS
from onestop.selectors.portraits import SHARED, portraits_shown_to
from onestop.selectors.scores import newest_middles
from onestop.services.portraits import read_shown_portrait
from onestop.words_portraits import PARTS as NAMES
from parties.selectors import chain_nodes, names_of


@wearing(Hat.OWNER)
@require_safe
def shown_list(request: ActorRequest) -> HttpResponse:
    """What suppliers show to this firm today, newest first."""
    now = timezone.now()
    rows = portraits_shown_to(request.actor, now=now, after=cursor_of(request, moment_of))
    page = rows[:SHARED]
    last = (page[-1].shared_at, page[-1].pk) if len(rows) > SHARED else None
    context = {
        "lines": [{"row": row, "name": _name(row.body)} for row in page], "now": now, **more_of(request, last, len(page)),
        "heads": [{"label": _("Supplier")}, {"label": pgettext("score", "Band")}, {"label": _("Shown since")}, {"label": _("Good until")}],
    }  # fmt: skip
    return fragment(request, "onestop/_portraits_shown_more.html", context, page="onestop/portraits_shown.html")


def _name(body: dict[str, Any]) -> str:
    first, second = ("zh", "en") if (get_language() or "").startswith("zh") else ("en", "zh")
    return str(body[f"name_{first}"] or body[f"name_{second}"])


@wearing(Hat.OWNER)
@require_safe
def shown_one(request: ActorRequest, portrait_id: UUID) -> HttpResponse:
    """One of them; the supplier sees that it was opened."""
    row = read_shown_portrait(actor=request.actor, portrait_id=portrait_id, now=timezone.now())
    shown = card(row.body)
    context = {
        "row": row, "card": shown, "crumbs": [{"url": reverse("onestop:portraits_shown"), "label": _("Portraits of suppliers")}, {"label": shown["name"]}],
        "heads": [
            {"label": pgettext("part of a score", "Part")}, {"label": pgettext("part of a score", "Score"), "end": True},
            {"label": _("Middle of the node"), "end": True},
        ],
    }  # fmt: skip
    return render(request, "onestop/portrait_shown.html", context)


@wearing(Hat.BUREAU)
@require_safe
def middles(request: ActorRequest) -> HttpResponse:
    """The middle of each step of the chain, part by part, as it was last said: no firm stands in it."""
    month, lines = _middles(request)
    context = {
        "month": month, "lines": lines, "heads": [{"label": _("Step of the chain")}, *_part_heads()],
        "csv_url": reverse("onestop:middles_file", args=["csv"]), "xlsx_url": reverse("onestop:middles_file", args=["xlsx"]),
    }  # fmt: skip
    return render(request, "onestop/middles.html", context)


def _part_heads() -> list[dict[str, Any]]:
    return [{"label": name, "end": True} for name in (_("Score of the whole"), *(NAMES[part] for part in PARTS))]


def _middles(request: ActorRequest) -> tuple[Any, list[dict[str, Any]]]:
    month, said = newest_middles(request.actor, today=timezone.localdate())
    names = names_of(chain_nodes(), get_language() or "zh-hans")
    heads = list(zip((WHOLE, *PARTS), _part_heads(), strict=True))
    lines = [
        {"name": name, "parts": [{"label": head["label"], "said": said[code].get(part)} for part, head in heads]}
        for code, name in names.items()
        if code in said
    ]
    return month, lines


@wearing(Hat.BUREAU)
@require_safe
def middles_file(request: ActorRequest, kind: str) -> HttpResponse:
    """The same to take away."""
    month, lines = _middles(request)
    heads = [
        _("Step of the chain"),
        _("Month"),
        pgettext("part of a score", "Part"),
        _("Firms, at least"),
        _("Middle, percent"),
        _("Middle half from, percent"),
        _("Middle half to, percent"),
    ]
    rows = [
        [line["name"], month, str(each["label"]), *(each["said"][name] for name in ("firms_from", "middle", "low", "high"))]
        for line in lines
        for each in line["parts"]
        if each["said"]
    ]
    return table_file("score-middles", kind, (heads, rows))
