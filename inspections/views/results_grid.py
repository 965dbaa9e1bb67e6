"""One characteristic over many lots at a desk: typed into a grid or pasted from a table, looked at, then filed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from agreements.forms import in_language
from agreements.models import Characteristic
from agreements.selectors.library import characteristics
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from inspections.entry import pasted
from inspections.models import Lot
from inspections.result_forms import MOMENT, GridForm
from inspections.result_words import VERDICTS
from inspections.selectors.lots import recent_lots
from inspections.selectors.reading_context import lots_numbered
from inspections.selectors.results import editions_for
from inspections.services.results import Meant, ResultsToMend, file_meant, looked_at, read_typed
from inspections.typed import SetSaid
from inspections.views.entry import instruments_to_choose, words_of
from parties.roles import MAY_FILE

SIDES = (Hat.OWNER, Hat.SUPPLIER)
ROWS, COLUMNS = 12, 5
MOST_ROWS, MOST_COLUMNS = 60, 20


@dataclass
class Row:
    """One line of the grid: a lot's number and its readings as typed, with what is to be said of each."""

    number: int
    lot_no: str = ""
    cells: list[str] = field(default_factory=list)
    lot_error: str = ""
    errors: dict[int, str] = field(default_factory=dict)
    lot: Lot | None = None
    meant: Meant | None = None
    verdict: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.lot_no.strip() and not any(cell.strip() for cell in self.cells)

    @property
    def columns(self) -> list[dict[str, Any]]:
        return [{"name": f"c{self.number}-{at}", "value": value, "error": self.errors.get(at, "")} for at, value in enumerate(self.cells)]


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def grid(request: ActorRequest) -> HttpResponse:
    """`paste` spreads what was pasted over the grid, `look` judges without keeping, `file` keeps all of it or nothing."""
    request.actor.must_hold(*MAY_FILE)
    form = _form(request)
    if request.method != "POST":
        chosen = recent_lots(request.actor, limit=ROWS) if request.GET.get("recent") else []
        rows = [Row(at, lot.lot_no, [""] * COLUMNS) for at, lot in enumerate(chosen)]
        return _show(request, form, _filled(rows, COLUMNS), looked=False)
    spread = "paste" in request.POST.get("do", "") and request.POST.get("paste", "").strip()
    rows = _pasted(request) if spread else _sent(request)
    if not form.is_valid():
        return _show(request, form, rows, looked=False, status=422)
    _read(request, form, rows)
    if not [row for row in rows if not row.is_empty]:
        form.add_error(None, _("Enter at least one reading."))
    wrong = bool(form.errors or [row for row in rows if row.errors or row.lot_error])
    if request.POST.get("do") == "file" and not wrong:
        return _file(request, form, rows)
    _look(request, rows)
    return _show(request, form, rows, looked=True, status=422 if wrong and request.POST.get("do") == "file" else 200)


def _form(request: ActorRequest) -> GridForm:
    known = characteristics()
    named = [(row.code, f"{in_language(row.name_zh, row.name_en)} · {row.code}") for row in known if row.reading_schema != ["L", "a", "b"]]
    sent = request.POST if request.method == "POST" else request.GET
    code = sent.get("characteristic", "") if sent.get("characteristic") in dict(named) else named[0][0]
    editions = [(each.pk, each.pk) for each in editions_for(code)]
    instruments = instruments_to_choose(request.actor)
    first = next((each for each, _name in editions), "")
    if request.method == "POST":
        return GridForm(named, editions, instruments, _followed(request.POST, [*dict(editions), ""], first))
    start = {
        "characteristic": code,
        "edition": first,
        "measured_at": timezone.localtime().strftime(MOMENT),
    }
    return GridForm(named, editions, instruments, initial=start)


def _followed(sent: QueryDict, fitting: Sequence[str], first: str) -> QueryDict:
    """What was sent, with the edition following a characteristic chosen since the list of editions was shown.

    Only while it is looked at: nothing is filed by an edition that nobody saw.
    """
    if sent.get("do") == "file" or sent.get("edition", "") in fitting:
        return sent
    followed = sent.copy()
    followed["edition"] = first
    return followed


def _filled(rows: list[Row], columns: int) -> list[Row]:
    """With empty lines to type in."""
    return rows + [Row(number, "", [""] * columns) for number in range(len(rows), max(ROWS, min(len(rows) + 2, MOST_ROWS)))]


def _pasted(request: ActorRequest) -> list[Row]:
    block = pasted(request.POST.get("paste", ""), most_rows=MOST_ROWS, most_columns=MOST_COLUMNS + 1)
    width = max([COLUMNS, *(len(cells) - 1 for cells in block)])
    rows = [Row(at, cells[0][:40], (cells[1:] + [""] * width)[:width]) for at, cells in enumerate(block)]
    return _filled(rows, width)


def _sent(request: ActorRequest) -> list[Row]:
    """The lines of the form, in their order."""
    sent = request.POST
    numbers = [number for number in range(MOST_ROWS) if f"l{number}" in sent]
    width = max([COLUMNS, *(at + 1 for at in range(MOST_COLUMNS) if any(f"c{number}-{at}" in sent for number in numbers))])
    return [
        Row(number, sent.get(f"l{number}", "")[:40], [sent.get(f"c{number}-{at}", "")[:40] for at in range(width)]) for number in numbers
    ]


def _read(request: ActorRequest, form: GridForm, rows: Sequence[Row]) -> None:
    """Lots by their numbers, and the readings of each line."""
    found = lots_numbered(request.actor, {row.lot_no.strip() for row in rows if row.lot_no.strip()})
    said, code = form.said(), form.cleaned_data["characteristic"]
    for row in (row for row in rows if not row.is_empty):
        lots = found.get(row.lot_no.strip(), [])
        if len(lots) != 1:
            row.lot_error = (
                _("There is no lot of this number.") if not lots else _("Several lots have this number: enter these on the lot's own page.")
            )
            continue
        row.lot = lots[0]
        key = f"{said['key']}:{row.number}:{code}:{row.lot.pk}"
        try:
            (row.meant,) = read_typed(row.lot, [SetSaid(code, _trimmed(row.cells), **{**said, "key": key})], now=timezone.now())
        except ResultsToMend as broken:
            row.errors = words_of(broken)


def _trimmed(cells: Sequence[str]) -> list[str]:
    """Without the empty fields at the end of a line."""
    last = max((at for at, cell in enumerate(cells) if cell.strip()), default=0)
    return list(cells[: last + 1])


def _look(request: ActorRequest, rows: Sequence[Row]) -> None:
    """What the verdict of each line would be."""
    ready = [row for row in rows if row.meant is not None]
    for row, made in zip(ready, looked_at(request.actor, [row.meant for row in ready if row.meant], timezone.now()), strict=True):
        row.verdict = made.verdict.state


def _file(request: ActorRequest, form: GridForm, rows: Sequence[Row]) -> HttpResponse:
    meant = [row.meant for row in rows if row.meant is not None]
    try:
        kept = file_meant(actor=request.actor, meant=meant, now=timezone.now(), entered_via="web")
    except RuleBroken as broken:
        form.add_error(broken.field if broken.field in form.fields else None, broken.words())
        return _show(request, form, rows, looked=True, status=422)
    out = [one for one in kept if one.row.verdict == "out"]
    told = ngettext("Filed: %(n)s result", "Filed: %(n)s results", len(kept)) % {"n": len(kept)}
    if out:
        told += " · " + ngettext("%(n)s of them out of limits", "%(n)s of them out of limits", len(out)) % {"n": len(out)}
    messages.success(request, told)
    return redirect(f"{reverse('inspections:results_grid')}?characteristic={form.cleaned_data['characteristic']}")


def _show(request: ActorRequest, form: GridForm, rows: Sequence[Row], *, looked: bool, status: int = 200) -> HttpResponse:
    what = next((row for row in characteristics() if row.code == form["characteristic"].value()), None)
    width = max([COLUMNS, *(len(row.cells) for row in rows)])
    lines = [(row, VERDICTS.get(row.verdict)) for row in rows]
    context = {
        "form": form, "rows": lines, "chips": VERDICTS, "numbers": range(1, width + 1), "looked": looked, "unit": what.unit if what else "",
        "wrong": [row for row in rows if row.errors or row.lot_error], "ready": len([row for row in rows if row.meant is not None]),
        "name": _name(what),
    }  # fmt: skip
    return render(request, "inspections/results_grid.html", context, status=status)


def _name(what: Characteristic | None) -> str:
    return in_language(what.name_zh, what.name_en) if what else ""
