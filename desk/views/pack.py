"""The quarterly pack of a relation: to read, as PDF, as xlsx. Either side takes the same."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from agreements.cards import compliance_words
from agreements.duty_words import STANDING_CHIPS, limit_said, value_words, why_words
from agreements.forms import in_language
from agreements.models import Agreement
from agreements.selectors.standing import Stands
from agreements.words import OBLIGATION_CHIPS, clause_title
from audits.status import AUDIT_CHIPS, FINDING_CHIPS, GRADE_CHIPS
from desk.pack import Pack, Quarter, pack_for, relations
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.asked import text_of
from foundation.templatetags.qc import changed_query, chip_for
from jobs.exports import Value, xlsx_book
from jobs.papers import pdf_of
from suppliers.selectors import link_for
from suppliers.words import quarter_words

SHOWN_QUARTERS = 6
PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOTH = (Hat.OWNER, Hat.SUPPLIER)


def _pack(request: ActorRequest, link_id: UUID) -> Pack:
    today = timezone.localdate()
    asked = request.GET.get("quarter", "")
    quarter = Quarter.named(asked, today=today) if asked else Quarter.of(today).earlier()
    return pack_for(request.actor, link_for(request.actor, link_id), quarter, today=today)


def _context(pack: Pack) -> dict[str, Any]:
    link = pack.link
    names = {"owner": in_language(link.owner_name_zh, link.owner_name_en), "supplier": in_language(link.name_zh, link.name_en)}
    return {
        "pack": pack, "quarter": quarter_words(pack.quarter.first), "owner_name": names["owner"], "supplier_name": names["supplier"],
        # Our own side first where it is the chain owner's pack: its overdue duties are not to be found on the last page.
        "sides": [{"side": side, "name": names[side], "said": pack.sides[side], "kept": compliance_words(pack.sides[side].kept)} for side in pack.sides],
        "clauses": [_clause(agreement, each, pack.as_of) for agreement, each in pack.stands], "standing_chips": STANDING_CHIPS,
        "obligation_chips": OBLIGATION_CHIPS, "audit_chips": AUDIT_CHIPS, "finding_chips": FINDING_CHIPS, "grades": GRADE_CHIPS,
    }  # fmt: skip


def _clause(agreement: Agreement, stands: Stands, today: date) -> dict[str, Any]:
    """One clause as page, paper and workbook show it: never a value without its n."""
    standing = stands.standing
    return {
        "number": agreement.number, "order": stands.clause.order, "title": clause_title(stands.clause), "state": standing.state,
        "value": value_words(standing), "limit": limit_said(standing.limit), "n": standing.n, "why": why_words(standing, today=today),
    }  # fmt: skip


@wearing(*BOTH)
@require_safe
def pack(request: ActorRequest, link_id: UUID) -> HttpResponse:
    """One relation, one quarter, as it stands today. `?quarter=2026-Q3` chooses another."""
    found = _pack(request, link_id)
    same = f"?quarter={found.quarter.code}"
    files = {name: reverse(f"desk:pack_{name}", args=[link_id]) + same for name in ("pdf", "xlsx")}
    return render(request, "desk/pack.html", {**_context(found), "tabs": _quarters(found.quarter), "pdf_url": files["pdf"], "xlsx_url": files["xlsx"]})


@wearing(*BOTH)
@require_safe
def packs(request: ActorRequest) -> HttpResponse:
    """The firms with an agreement, and how both sides kept their word in the last whole quarter; `?q=` finds, `?after=` goes on."""
    today, query = timezone.localdate(), text_of(request, "q", most=60)
    quarter = Quarter.named(request.GET["quarter"], today=today) if "quarter" in request.GET else Quarter.of(today).earlier()
    found = relations(request.actor, quarter, today=today, query=query, after=_after(request))
    page, more = found[:PAGE], len(found) > PAGE
    last = page[-1].link if more else None
    context = {
        "lines": [
            {"name": _other(request.actor, row.link), "kept": row.kept, "url": reverse("desk:pack", args=[row.link.pk]) + f"?quarter={quarter.code}"}
            for row in page
        ],
        "heads": [{"label": label} for label in (_("Firm"), _("Chain owner kept"), _("Supplier kept"))],
        "quarter": quarter_words(quarter.first), "find": {"name": "q", "label": _("Firm"), "value": query}, "asked": query, "tabs": _quarters(quarter),
        "kept_filters": [{"name": "quarter", "value": quarter.code}],
        "shown": len(page), "more_url": changed_query(request.GET, {"after": f"{last.pinyin_key}_{last.pk}"}) if last else "",
    }  # fmt: skip
    return render(request, "desk/packs.html", context)


def _after(request: ActorRequest) -> tuple[str, UUID] | None:
    key, _mark, pk = request.GET.get("after", "").replace("\x00", "").rpartition("_")
    try:
        return key[:200], UUID(pk)
    except ValueError:
        return None


def _other(actor: Actor, link: Any) -> str:
    return in_language(link.name_zh, link.name_en) if actor.hat == Hat.OWNER else in_language(link.owner_name_zh, link.owner_name_en)


def _quarters(chosen: Quarter) -> list[dict[str, Any]]:
    """The running quarter and those before it, as tabs."""
    quarter, choices = Quarter.of(timezone.localdate()), []
    for _each in range(SHOWN_QUARTERS):
        choices.append({"label": quarter_words(quarter.first), "url": f"?quarter={quarter.code}", "current": quarter == chosen})
        quarter = quarter.earlier()
    return choices


@wearing(*BOTH)
@require_safe
def pack_pdf(request: ActorRequest, link_id: UUID) -> HttpResponse:
    found = _pack(request, link_id)
    return _file(pdf_of("desk/pack_paper.html", _context(found)), "application/pdf", found, "pdf")


@wearing(*BOTH)
@require_safe
def pack_xlsx(request: ActorRequest, link_id: UUID) -> HttpResponse:
    found = _pack(request, link_id)
    return _file(xlsx_book(_sheets(_context(found))), XLSX, found, "xlsx")


def _file(body: bytes, kind: str, found: Pack, ending: str) -> HttpResponse:
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="pack-{found.quarter.code}.{ending}"'
    return response


Sheet = tuple[str, list[str], list[list[Value]]]


def _sheets(context: dict[str, Any]) -> list[Sheet]:
    found: Pack = context["pack"]
    kept: list[list[Value]] = [
        [line["name"], *_counts(line["said"].kept), line["kept"]] for line in context["sides"]
    ]  # fmt: skip
    late, ahead = ([_duty(line["name"], card) for line in context["sides"] for card in getattr(line["said"], which)] for which in ("late", "ahead"))
    duty = [_("Whose"), _("Duty"), _("Agreement and clause"), _("Due"), _("Met on"), _("State")]
    counts = [_("Due"), _("Met on time"), _("Met late"), _("Overdue"), _("Waived by the other side")]
    return [
        (_("Kept"), [_("Whose"), *counts, _("In words")], kept),
        (_("Late and overdue"), duty, late),
        (
            _("Clauses"), [_("Agreement"), _("Clause"), _("What"), _("State"), _("Value"), _("Limit"), _("n"), _("Why?")],
            [[c["number"], c["order"], c["title"], _label(c["state"], STANDING_CHIPS), c["value"], c["limit"], c["n"], c["why"]] for c in context["clauses"]],
        ),
        (_("Audits"), [_("Day"), _("State"), _("Class")], [[a.visit_on, _label(a.state, AUDIT_CHIPS), a.result_class] for a in found.audits]),
        (
            _("Findings"), [_("Raised"), _("Grade"), _("State"), _("Due"), pgettext("finding", "Closed")],
            [[timezone.localdate(f.raised_at), _label(f.grade, GRADE_CHIPS), _label(f.state, FINDING_CHIPS), f.due_on, timezone.localdate(f.closed_at) if f.closed_at else None] for f in found.findings],
        ),
        (_("Sealed samples"), [_("Product"), _("Colour"), _("Sealed on"), _("Last day")], [[s.product, s.colour, s.sealed_on, s.expires_on] for s in found.samples]),
        (_("Next quarter"), duty, ahead),
    ]  # fmt: skip


def _counts(kept: Any) -> list[Value]:
    return [kept.due, kept.met, kept.met_late, kept.overdue, kept.waived]


def _duty(name: str, card: dict[str, Any]) -> list[Value]:
    return [name, str(card["words"]), card["source"], card["due"], card["met"], _label(card["is"], OBLIGATION_CHIPS)]


def _label(state: str, chips: Any) -> str:
    return chip_for(state, chips).label


