"""What leaves as a file: the agreement as a bilingual paper, lists as CSV and xlsx."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from weasyprint import CSS, HTML

from agreements.cards import compliance_words, firm_name, last_day, other_of
from agreements.compliance import Compliance
from agreements.models import Agreement, AgreementVersion, Clause, Obligation, Signature
from agreements.selectors import state_on, text_of
from agreements.text import document
from agreements.words import AGREEMENT_CHIPS, OBLIGATION_CHIPS, SIDES, obligation_words
from foundation.actor import Actor
from foundation.templatetags.qc import chip_for
from jobs.exports import Value

Table = tuple[list[str], list[list[Value]]]


def paper_context(
    agreement: Agreement, version: AgreementVersion, clauses: Iterable[Clause], signatures: dict[str, Signature], names: tuple[str, str]
) -> dict[str, Any]:
    """What the printed text needs. A locked version is printed from what was hashed, never from rows."""
    text = text_of(version) or document(agreement=agreement, version=version, names=names, clauses=clauses)
    address = settings.PUBLIC_URL + reverse("agreements:text", args=[agreement.pk])
    return {
        "text": text, "agreement": agreement, "version": version, "is_draft": version.locked_at is None,
        "last_day": last_day(date.fromisoformat(text["effective_to"]) if text["effective_to"] else None),
        "signed": [(side, text["parties"][side], signatures.get(side)) for side in ("owner", "supplier")],
        "address": address, "qr": qr_svg(f"{address}?sha256={version.sha256}") if version.sha256 else "",
    }  # fmt: skip


def qr_svg(said: str) -> SafeString:
    """A QR code as an SVG without a style attribute."""
    svg = segno.make(said, error="m").svg_inline(scale=1, border=2, dark="#14192b", light="#ffffff", omitsize=True)
    return mark_safe(svg.replace("<svg ", '<svg role="img" aria-label="QR" ', 1))  # noqa: S308 - made of our own address


def paper_pdf(context: dict[str, Any]) -> bytes:
    """The paper as PDF; it may fetch nothing, neither from the net nor from this machine."""
    html = render_to_string("agreements/paper.html", context)
    pdf: bytes = HTML(string=html, url_fetcher=_nothing).write_pdf(stylesheets=[CSS(filename=_print_css())])
    return pdf


def _print_css() -> str:
    found = finders.find("css/print.css")
    if not isinstance(found, str):
        raise FileNotFoundError("css/print.css")
    return found


def _nothing(url: str, *args: Any, **kwargs: Any) -> Any:
    raise ValueError(f"a paper fetches nothing: {url}")


def agreements_table(actor: Actor, rows: Iterable[Agreement], kept: dict[Any, dict[str, Compliance]]) -> Table:
    """The list of agreements."""
    other = other_of(actor)
    heads = [_("Number"), str(SIDES[other]), _("State"), _("First day"), _("Last day"), _("Supplier kept"), _("Chain owner kept")]
    return heads, [
        [
            row.number, firm_name(row, other), chip_for(row.state, AGREEMENT_CHIPS).label, row.effective_from, last_day(row.effective_to),
            compliance_words(kept[row.pk]["supplier"]), compliance_words(kept[row.pk]["owner"]),
        ]
        for row in rows
    ]  # fmt: skip


def obligations_table(actor: Actor, rows: Iterable[Obligation], clauses: dict[Any, Clause], *, today: date) -> Table:
    """The list of obligations."""
    other = other_of(actor)
    heads = [_("Duty"), _("Whose"), str(SIDES[other]), _("Agreement"), _("Due"), _("Met on"), _("State")]
    return heads, [
        [
            obligation_words(row.kind, clauses[row.clause_id].params if row.clause_id in clauses else None), str(SIDES[row.side]),
            firm_name(row.agreement, other), row.agreement.number, row.due_on, row.met_on,
            chip_for(state_on(row, today), OBLIGATION_CHIPS).label,
        ]
        for row in rows
    ]  # fmt: skip
