"""Signals: a list of things to look at, and one of them with its chart, where a tap records what was behind it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from agreements.documents import Table
from agreements.forms import in_language
from agreements.models import Characteristic
from agreements.paging import cursor_of, table_file
from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import text_of, typed
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from inspections.models import Signal
from inspections.selectors.series import LIMIT, key_of, series_by_key
from inspections.selectors.signals import STATES, characteristics_with_signals, expected, last_signal, signal_for, signals
from inspections.series import COLOUR
from inspections.series_asked import address_of
from inspections.series_cards import Figure, shown
from inspections.series_tables import hushed
from inspections.services.causes import CHANGE_OF, change_from_here, note_cause, undo_cause
from inspections.signal_words import CAUSES, CERTAINTY, CHIPS, HARM, KINDS, WITHDRAWN, firm_of, seen_words, side_words, state_of
from inspections.signals import LIKENESS, OWNER_SEES_AFTER

SIDES = (Hat.OWNER, Hat.SUPPLIER)
PAGE = 25
MOST_ROWS = 20_000
HOURS = OWNER_SEES_AFTER // timedelta(hours=1)


@wearing(*SIDES)
@require_safe
def signals_list(request: ActorRequest) -> HttpResponse:
    """By harm × certainty; `?state=`, `?kind=` and `?characteristic=` filter, `?after=` goes on."""
    asked = _asked(request)
    found = signals(request.actor, after=cursor_of(request, _rank), limit=PAGE, **asked)
    page, more = found[:PAGE], len(found) > PAGE
    seen = request.GET.get("seen", "")
    count = len(page) + (int(seen) if seen.isdecimal() and len(seen) < 7 else 0)
    last = last_signal(request.actor) if not page else None
    context = {
        "lines": _lines(request, page), "chips": CHIPS, "heads": [{"label": label} for label in _heads(request)], "selects": _selects(request, asked),
        "asked": asked["kind"] or asked["characteristic"] or asked["state"] != "open", "shown": count, "expected": expected(request.actor),
        "more_url": changed_query(request.GET, {"after": f"{page[-1].rank}_{page[-1].pk}", "seen": count}) if more else "",
        "last": _lines(request, [last])[0] if last else None, "hours": HOURS, "is_owner": request.actor.hat is Hat.OWNER,
        "csv_url": reverse("inspections:signals_csv") + changed_query(request.GET, {"after": None, "seen": None}),
        "xlsx_url": reverse("inspections:signals_xlsx") + changed_query(request.GET, {"after": None, "seen": None}), "now": timezone.now(),
    }  # fmt: skip
    return fragment(request, "inspections/_more_signals.html", context, page="inspections/signals.html")


def _rank(typed: str) -> int:
    return int(typed[:3])


def _asked(request: ActorRequest) -> Any:
    state, kind = request.GET.get("state", "open"), request.GET.get("kind", "")
    return {
        "state": state if state in STATES else "open", "kind": kind if kind in KINDS else "",
        "characteristic": text_of(request, "characteristic", most=20),
    }  # fmt: skip


def _heads(request: ActorRequest) -> list[str]:
    firm = _("Supplier") if request.actor.hat is Hat.OWNER else _("Customer")
    return [_("What to look at"), _("Lot"), firm, _("Harm"), _("Certainty"), _("State")]


def _lines(request: ActorRequest, rows: list[Signal]) -> list[dict[str, Any]]:
    names = _names([row.characteristic_code for row in rows])
    return [
        {
            "row": row, "kind": KINDS[row.kind][0], "icon": KINDS[row.kind][1], "name": names.get(row.characteristic_code, row.characteristic_code),
            "is": state_of(row), "harm": HARM[row.harm], "certainty": CERTAINTY[row.certainty], "firm": firm_of(request.actor, row),
            "url": reverse("inspections:signal", args=[row.pk]), "cause": CAUSES[row.cause][0] if row.cause else "",
        }
        for row in rows
    ]  # fmt: skip


def _names(codes: list[str]) -> dict[str, str]:
    return {row.code: in_language(row.name_zh, row.name_en) for row in Characteristic.objects.filter(pk__in=set(codes))}


def _selects(request: ActorRequest, asked: dict[str, str]) -> list[dict[str, Any]]:
    codes = characteristics_with_signals(request.actor)
    names = _names(codes)
    states = [{"value": key, "label": CHIPS[key][2]} for key in CHIPS] + [{"value": "all", "label": _("All signals")}]
    return [
        {"name": "state", "label": _("State"), "value": asked["state"], "options": states},
        {
            "name": "kind", "label": _("Kind of signal"), "value": asked["kind"],
            "options": [{"value": "", "label": _("All kinds")}, *({"value": key, "label": label} for key, (label, _icon) in KINDS.items())],
        },
        {
            "name": "characteristic", "label": _("Characteristic"), "value": asked["characteristic"],
            "options": [{"value": "", "label": _("All characteristics")}, *({"value": code, "label": names.get(code, code)} for code in codes)],
        },
    ]  # fmt: skip


@wearing(*SIDES)
@require_safe
def signals_csv(request: ActorRequest) -> HttpResponse:
    return table_file("signals", "csv", _table(request))


@wearing(*SIDES)
@require_safe
def signals_xlsx(request: ActorRequest) -> HttpResponse:
    return table_file("signals", "xlsx", _table(request))


def _table(request: ActorRequest) -> Table:
    heads = [
        _("Signal"),
        _("Characteristic"),
        *_heads(request)[1:],
        _("What was seen"),
        _("Cause"),
        _("In their words"),
        pgettext("signal", "Found on"),
    ]
    rows = signals(request.actor, limit=MOST_ROWS, **_asked(request))[:MOST_ROWS]
    body = [
        [
            str(line["kind"]), line["name"], line["row"].lot_no, line["firm"], str(line["harm"]), str(line["certainty"]), str(CHIPS[line["is"]][2]),
            seen_words(line["row"]), str(line["cause"]), line["row"].words, timezone.localtime(line["row"].found_at).strftime("%Y-%m-%d %H:%M"),
        ]
        for line in _lines(request, rows)
    ]  # fmt: skip
    return heads, body


@wearing(*SIDES)
@require_safe
def signal(request: ActorRequest, signal_id: UUID) -> HttpResponse:
    """What was seen, on its chart, and what may be behind it."""
    return _page(request, signal_for(request.actor, signal_id))


def _page(request: ActorRequest, row: Signal) -> HttpResponse:
    line = _lines(request, [row])[0]
    unit = row.series.unit if row.series is not None else ""
    context = {
        **line, "words": seen_words(row, unit), "chips": CHIPS, "figure": _figure(request, row, line["name"]), "causes": CAUSES.items(), "unit": unit,
        "withdrawn": WITHDRAWN.get(row.withdrawn_why, ""), "mine": row.noted_org_id == request.actor.org_id, "side": side_words(row) if row.cause else "",
        "may_change": row.cause in CHANGE_OF and row.lot_id is not None and row.withdrawn_at is None, "hours": HOURS,
        "is_owner": request.actor.hat is Hat.OWNER, "alike": row.kind in LIKENESS, "now": timezone.now(),
        "files": [reverse("records:evidence_file", args=[each]) for each in row.facts.get("files", [])],
        "series_url": reverse("inspections:characteristic", args=[row.characteristic_code]) + address_of(row.series) if row.series else "",
    }  # fmt: skip
    return render(request, "inspections/signal.html", context)


def _figure(request: ActorRequest, row: Signal, name: str) -> Figure | None:
    """The first chart of the series, as its own page draws it."""
    if row.series is None:
        return None
    key = key_of(row.series)
    series = series_by_key(request.actor, [key], limit=LIMIT).get(key)
    if series is None or not len(series):
        return None
    if series.kind == COLOUR and row.lot_id in series.lots:
        series = series.of_colour(series.colours[series.lots.index(row.lot_id)])
    return next(iter(shown(series, name=name, hushed=hushed(request.actor, series, timezone.now())).figures), None)


@wearing(*SIDES)
@require_POST
def cause(request: ActorRequest, signal_id: UUID) -> HttpResponse:
    """One tap."""
    row = signal_for(request.actor, signal_id)
    note_cause(actor=request.actor, signal=row, cause=typed(request, "cause"), words=typed(request, "words"), now=timezone.now())
    messages.success(request, _("Recorded. You can take it back on this page."))
    return redirect("inspections:signal", row.pk)


@wearing(*SIDES)
@require_POST
def undo(request: ActorRequest, signal_id: UUID) -> HttpResponse:
    row = signal_for(request.actor, signal_id)
    undo_cause(actor=request.actor, signal=row, now=timezone.now())
    messages.success(request, _("Taken back. The signal is open again."))
    return redirect("inspections:signal", row.pk)


@wearing(*SIDES)
@require_POST
def change(request: ActorRequest, signal_id: UUID) -> HttpResponse:
    """The cause has come to stay: limits begin anew here."""
    row = signal_for(request.actor, signal_id)
    change_from_here(actor=request.actor, signal=row, now=timezone.now())
    messages.success(request, _("Marked. Limits are made anew from this lot on."))
    return redirect("inspections:signal", row.pk)
