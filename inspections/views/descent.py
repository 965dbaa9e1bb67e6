"""Where a lot comes from and where it went: its tree, and the forms that note a step."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from foundation.templatetags.qc import chip_for
from inspections.descent_drawing import Thing, Thread, drawing_of
from inspections.lot_forms import InputForm, MergeForm, Named, PortionForm, SplitForm, refuse
from inspections.lot_words import KINDS, LOT_CHIPS, amount, firm_across
from inspections.models import Lot, LotParent
from inspections.on_lot import OnLot
from inspections.selectors.descent import DEEPEST, Step, descent_of, inputs_of, left_of, lefts_of, lots_of_labels
from inspections.selectors.lots import like_lots, lot_for, lot_links, lots_by_id, possible_inputs
from inspections.selectors.sources import sources_changed
from inspections.services.descent import FREE, MOST_PARTS, Part, give_portion, merge_lots, name_input, split_lot

SIDES = (Hat.OWNER, Hat.SUPPLIER)
ROWS = 4


def piece(on: OnLot) -> dict[str, Any]:
    """What went into the lot and what became of it, one step far, and what may be noted about it."""
    steps = descent_of(on.actor, on.lot, deepest=1)
    rows = {row.pk: row for row in lots_by_id(on.actor, [step.at_id for step in steps])}
    across = firm_across(on.actor, on.lot)
    lines = [_line(on.actor, rows[step.at_id], step, across) for step in steps if step.at_id in rows]
    said = [row for row in inputs_of(on.actor, [on.lot]).get(on.lot.pk, []) if row.parent_id is None]
    like = lots_of_labels(on.actor, said)
    labels = [_label(row, like) for row in said]
    free = on.lot.state in FREE
    return {
        "up": [line for line in lines if line["way"] == "up"], "down": [line for line in lines if line["way"] == "down"], "labels": labels,
        "left": amount(left_of(on.lot), on.lot.unit) if any(line["way"] == "down" for line in lines) else "",
        "may_divide": free, "may_portion": free and on.is_own, "shown": True,
        "changed": sources_changed(on.actor, on.lot) if labels or lines else [],
    }  # fmt: skip


def _line(actor: Actor, row: Lot, step: Step, across: str) -> dict[str, Any]:
    """One lot of the tree. Its firm is named where it is not that of the lot in the middle."""
    firm = firm_across(actor, row)
    return {
        "row": row, "kind": KINDS[step.kind], "amount": amount(step.quantity, row.unit), "way": step.way, "firm": firm if firm != across else "",
    }  # fmt: skip


def _label(row: LotParent, like: dict[UUID, Lot]) -> dict[str, Any]:
    """The words of a label, and the lot that they seem to name."""
    said = " · ".join(word for word in (row.material, row.made_by) if word)
    return {"no": row.parent_no, "said": said, "amount": amount(row.quantity, row.unit), "lot": like.get(row.pk)}


@wearing(*SIDES)
@require_safe
def descent(request: ActorRequest, lot_id: UUID) -> HttpResponse:
    """The whole tree, as a drawing and as a list."""
    actor = request.actor
    middle = lot_for(actor, lot_id)
    steps = descent_of(actor, middle)
    rows = {row.pk: row for row in lots_by_id(actor, [step.at_id for step in steps] + [middle.pk])}
    labels = inputs_of(actor, list(rows.values()))
    like = lots_of_labels(actor, [row for found in labels.values() for row in found])
    threads = [Thread(step.parent_id, step.lot_id, step.way, step.depth) for step in steps]
    things = {pk: _thing(actor, row) for pk, row in rows.items()}
    above = {middle.pk: 0} | {step.at_id: step.depth for step in steps if step.way == "up"}
    for lot_pk, depth in above.items():
        for row in labels.get(lot_pk, []):
            if row.parent_id is None:
                url = reverse("inspections:lot", args=[like[row.pk].pk]) if row.pk in like else ""
                things[row.pk] = Thing(row.pk, row.parent_no, row.material, row.made_by, url)
                threads.append(Thread(row.pk, lot_pk, "up", depth + 1))
    context = {
        "lot": middle, "chips": LOT_CHIPS, "drawing": drawing_of(things[middle.pk], things, threads) if threads else None,
        "up": _told(actor, middle, steps, rows, "up", labels, like), "down": _told(actor, middle, steps, rows, "down", {}, like),
        "deepest": DEEPEST if any(step.depth == DEEPEST for step in steps) else 0,
    }  # fmt: skip
    return render(request, "inspections/descent.html", context)


def _thing(actor: Actor, row: Lot) -> Thing:
    """A lot's box: its firm, or what stands against using it."""
    what = " ".join(word for word in (row.product, row.colour) if word)
    chip = chip_for(row.state, LOT_CHIPS)
    last = chip.label if chip.tone == "bad" else firm_across(actor, row)
    return Thing(row.pk, row.lot_no, what, last, reverse("inspections:lot", args=[row.pk]), chip.tone == "bad")


def _told(actor: Actor, middle: Lot, steps: Any, rows: Any, way: str, labels: Any, like: dict[UUID, Lot]) -> list[dict[str, Any]]:
    """One way of the tree as an indented list: each lot under the one it hangs on, each only once."""
    hangs: dict[UUID, list[Any]] = {}
    for step in steps:
        if step.way == way and step.at_id in rows:
            hangs.setdefault(step.lot_id if way == "up" else step.parent_id, []).append(step)
    told: list[dict[str, Any]] = []
    seen: set[UUID] = set()
    across = firm_across(actor, middle)

    def tell(pk: UUID, depth: int) -> None:
        for row in labels.get(pk, []):
            if row.parent_id is None:
                told.append({"label": _label(row, like), "kind": KINDS[row.kind], "depth": depth})
        for step in hangs.get(pk, []):
            again = step.at_id in seen
            told.append({**_line(actor, rows[step.at_id], step, across), "depth": depth, "again": again})
            if not again:
                seen.add(step.at_id)
                tell(step.at_id, depth + 1)

    tell(middle.pk, 1)
    return told


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: ActorRequest, lot_id: UUID) -> HttpResponse:
    """`?n=` proposes that many equal parts, `?rows=` gives more lines."""
    row = lot_for(request.actor, lot_id)
    left = left_of(row)
    wanted = _whole(request, "n")
    lines = wanted or _whole(request, "rows") or (sum(name.startswith("no_") for name in request.POST) or ROWS)
    form = SplitForm(lines, request.POST or None, parts=_equal_parts(row, left, wanted) if wanted else ())

    def do(form: SplitForm) -> str:
        made = split_lot(actor=request.actor, lot=row, parts=form.parts(), client_id=form.cleaned_data["client_id"], now=timezone.now())
        return ngettext("Divided: %(n)s part has its own number now.", "Divided: %(n)s parts have their own numbers now.", len(made)) % {
            "n": len(made)
        }

    more = {"left": amount(left, row.unit), "rows_more": min(form.rows + 4, MOST_PARTS) if form.rows < MOST_PARTS else 0, "equal": wanted}
    return _noted(request, row, form, do, "inspections/descent_split.html", more)


def _whole(request: ActorRequest, name: str) -> int:
    said = request.GET.get(name, "")
    return min(int(said), MOST_PARTS) if said.isascii() and said.isdecimal() and len(said) < 4 else 0


def _equal_parts(row: Lot, left: Decimal, count: int) -> list[tuple[str, str]]:
    """Numbers after the lot's own, and what is left shared out; the first gets what does not divide."""
    each = (left / count).quantize(Decimal("0.001") if left % 1 else Decimal(1), rounding=ROUND_DOWN)
    if each <= 0:
        return []
    shares = [left - each * (count - 1), *[each] * (count - 1)]
    return [(f"{row.lot_no}-{number}"[:40], f"{share.normalize():f}") for number, share in enumerate(shares, start=1)]


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: ActorRequest, lot_id: UUID) -> HttpResponse:
    """This lot with others of the same product, colour, unit and customer."""
    row = lot_for(request.actor, lot_id)
    like = like_lots(request.actor, row)
    left = lefts_of([row, *like])
    like = [each for each in like if left[each.pk] > 0]
    form = MergeForm(
        [(str(each.pk), f"{each.lot_no} · {amount(left[each.pk], each.unit)} · {each.made_on.isoformat()}") for each in like],
        request.POST or None,
    )

    def do(form: MergeForm) -> str:
        chosen = lots_by_id(request.actor, [UUID(pk) for pk in form.cleaned_data["lots"]])
        data = form.cleaned_data
        made = merge_lots(actor=request.actor, lots=[row, *chosen], lot_no=data["lot_no"], client_id=data["client_id"], now=timezone.now())
        return _("Put together as lot %(number)s.") % {"number": made.lot_no}

    return _noted(request, row, form, do, "inspections/descent_merge.html", {"like": like, "left": amount(left[row.pk], row.unit)})


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def input_new(request: ActorRequest, lot_id: UUID) -> HttpResponse:
    """What went into the lot: one of the maker's lots, or a label's words."""
    row = lot_for(request.actor, lot_id)
    parents = possible_inputs(request.actor, row)
    form = InputForm([(str(each.pk), f"{each.lot_no} · {each.product} {each.colour}".strip()) for each in parents], request.POST or None)

    def do(form: InputForm) -> str:
        chosen = form.parent_id()
        parent = next((each for each in parents if each.pk == chosen), None)
        name_input(actor=request.actor, lot=row, said=form.said(parent), client_id=form.cleaned_data["client_id"], now=timezone.now())
        return _("Noted.")

    return _noted(request, row, form, do, "inspections/descent_input.html", {})


@wearing(Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def portion_new(request: ActorRequest, lot_id: UUID) -> HttpResponse:
    """A customer's share of an own lot."""
    row = lot_for(request.actor, lot_id)
    links = lot_links(request.actor)
    zh = (get_language() or "").startswith("zh")
    named: list[Named] = [(str(link.pk), link.owner_name_zh if zh else link.owner_name_en or link.owner_name_zh) for link in links]
    form = PortionForm(named, request.POST or None)

    def do(form: PortionForm) -> str:
        data = form.cleaned_data
        link = next(link for link in links if str(link.pk) == data["link"])
        part = Part(data["lot_no"], data["quantity"])
        made = give_portion(actor=request.actor, lot=row, link=link, part=part, client_id=data["client_id"], now=timezone.now())
        return _("The customer sees lot %(number)s: its portion, and nothing of the whole.") % {"number": made.lot_no}

    return _noted(request, row, form, do, "inspections/descent_portion.html", {"left": amount(left_of(row), row.unit), "links": links})


def _noted(request: ActorRequest, row: Lot, form: Any, do: Callable[[Any], str], template: str, more: dict[str, Any]) -> HttpResponse:
    """Show the form, or do what it says and go back to the lot with a word about it."""
    if request.method == "POST" and form.is_valid():
        try:
            said = do(form)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, said)
            return redirect("inspections:lot", row.pk)
    context = {"form": form, "lot": row, "free": row.state in FREE, **more}
    return render(request, template, context, status=422 if form.errors else 200)
