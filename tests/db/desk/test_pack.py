"""The quarterly pack: the same figures on the page, in the PDF and in the workbook, for either side; a stranger finds nothing."""

from datetime import date
from io import BytesIO

import pytest
from django.template import Context, Template
from django.urls import reverse
from openpyxl import load_workbook
from weasyprint import CSS, HTML

from agreements.models import Obligation
from agreements.services import meet
from agreements.words import OBLIGATION_CHIPS
from desk.pack import Quarter, pack_for, relations
from foundation.actor import Hat, acting_as, as_actor
from suppliers.models import SupplyLink
from tests.agreed import at, in_force
from tests.cast import actor, link_id
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
CHEN, LIN, WU = actor("chen"), actor("lin"), actor("wu")
Q2 = Quarter(2026, 2)
TODAY = date(2026, 7, 6)


def link_of(who) -> SupplyLink:
    with as_actor(who):
        return SupplyLink.objects.visible_to(who).get(pk=link_id("chen", "lin"))


def duties_of(agreement, side: str) -> list[Obligation]:
    with acting_as(Hat.CLOCK):
        rows = Obligation.objects.filter(agreement=agreement, side=side, due_on__gte=Q2.first, due_on__lt=Q2.after)
        return list(rows.order_by("due_on", "id"))


def test_a_quarter_is_named_in_the_address_and_what_cannot_be_read_is_the_running_one():
    named = {code: Quarter.named(code, today=TODAY).code for code in ("2026-Q2", "2026-Q4", "2026-Q9", "x", "", "0000-Q1", "2025-Q4")}
    assert named == {"2026-Q2": "2026-Q2", "2026-Q4": "2026-Q3", "2026-Q9": "2026-Q3", "x": "2026-Q3", "": "2026-Q3", "0000-Q1": "2026-Q3", "2025-Q4": "2025-Q4"}
    assert (Quarter(2026, 1).earlier().code, Quarter(2026, 4).after, Quarter(2026, 4).last) == ("2025-Q4", date(2027, 1, 1), date(2026, 12, 31))


def test_both_sides_read_the_same_figures_and_what_was_late_on_either_side():
    agreement = in_force()
    mine = duties_of(agreement, "owner")
    meet(clause_id=mine[0].clause_id, side="owner", key=mine[0].key, now=at(mine[0].due_on))
    packs = {}
    for who in (CHEN, LIN):
        with as_actor(who):
            packs[who.hat] = pack_for(who, link_of(who), Q2, today=TODAY)

    kept = {hat: {side: (said.kept.met, said.kept.overdue, said.kept.due) for side, said in pack.sides.items()} for hat, pack in packs.items()}
    assert kept[Hat.OWNER] == kept[Hat.SUPPLIER]
    assert kept[Hat.OWNER]["owner"] == (1, len(mine) - 1, len(mine))
    assert kept[Hat.OWNER]["supplier"] == (0, len(duties_of(agreement, "supplier")), len(duties_of(agreement, "supplier")))
    assert [card["is"] for card in packs[Hat.OWNER].sides["owner"].late] == ["overdue"] * (len(mine) - 1)
    assert packs[Hat.OWNER].is_running is False


def test_the_list_counts_what_the_pack_counts():
    in_force()
    with as_actor(CHEN):
        (row,) = relations(CHEN, Q2, today=TODAY)
        pack = pack_for(CHEN, link_of(CHEN), Q2, today=TODAY)
        assert relations(CHEN, Q2, today=TODAY, query="没有这家") == []
    assert row.kept == {side: said.kept for side, said in pack.sides.items()}


def test_page_pdf_and_workbook_open_and_a_stranger_finds_nothing():
    in_force()
    link = link_id("chen", "lin")
    for who in ("chen", "lin"):
        client = signed_in(who)
        page = client.get(reverse("desk:pack", args=[link]), {"quarter": "2026-Q2"})
        assert page.status_code == 200
        pdf = client.get(reverse("desk:pack_pdf", args=[link]), {"quarter": "2026-Q2"})
        assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
        book = load_workbook(BytesIO(client.get(reverse("desk:pack_xlsx", args=[link]), {"quarter": "2026-Q2"}).content))
        kept = page.context["pack"].sides["owner"].kept
        assert [cell.value for cell in book.worksheets[0][2]][1:5] == [kept.due, kept.met, kept.met_late, kept.overdue]
    for name in ("pack", "pack_pdf", "pack_xlsx"):
        assert signed_in("wu").get(reverse(f"desk:{name}", args=[link])).status_code == 404


def test_thirty_states_with_their_icons_fit_one_sheet_of_paper():
    line = Template("{% load qc %}<li>2026 {% chip 'overdue' chips %}</li>").render(Context({"chips": OBLIGATION_CHIPS}))
    assert "<svg" in line

    paper = HTML(string=f'<div class="sheet"><ul class="plain">{30 * line}</ul></div>').render(stylesheets=[CSS(filename="static/css/print.css")])

    assert len(paper.pages) == 1


def test_a_finding_is_closed_and_not_struck_off():
    in_force()
    book = signed_in("lin").get(reverse("desk:pack_xlsx", args=[link_id("chen", "lin")]), {"quarter": "2026-Q2"}).content
    heads = [cell.value for sheet in load_workbook(BytesIO(book)).worksheets for cell in sheet[1]]
    assert ("已关闭" in heads, "已注销" in heads) == (True, False)
