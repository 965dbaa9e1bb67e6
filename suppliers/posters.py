"""Invitations on paper: a sheet for the gate, a sheet per firm for many, labels, and the list of links and codes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import segno
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.styles import Alignment, Font

from jobs.exports import export_safe
from jobs.papers import pdf_of, qr_svg
from suppliers.models import Invitation, SupplyLink
from suppliers.services.invitations import join_url

# How many one file holds: what a person prints at once, and what one request makes in a few seconds.
STYLE = "css/poster.css"
POSTERS, LABELS, LINKS = 50, 240, 200
ON_A_SHEET = 24
_QR_PIXELS = 110


@dataclass(frozen=True)
class OnPaper:
    """One invitation as it is printed."""

    link: SupplyLink
    invitation: Invitation
    url: str
    qr: SafeString


def on_paper(pairs: Iterable[tuple[SupplyLink, Invitation]]) -> list[OnPaper]:
    out = []
    for link, invitation in pairs:
        url = join_url(invitation.pk)
        out.append(OnPaper(link, invitation, url, qr_svg(url, dark="#000", light="#fff")))
    return out


def posters_pdf(sheets: Sequence[OnPaper]) -> bytes:
    """One A4 page a firm, in both languages."""
    return pdf_of("suppliers/paper_posters.html", {"sheets": sheets}, style=STYLE)


def labels_pdf(labels: Sequence[OnPaper]) -> bytes:
    """24 codes a page, 70 × 37 mm each, to cut or to stick."""
    pages = [labels[at : at + ON_A_SHEET] for at in range(0, len(labels), ON_A_SHEET)]
    return pdf_of("suppliers/paper_labels.html", {"pages": pages}, style=STYLE)


def links_xlsx(rows: Sequence[OnPaper]) -> bytes:
    """Firm, number, link and code, to send by hand."""
    book = Workbook()
    sheet = book.active
    sheet.title, sheet.freeze_panes = _("Invitations")[:31], "A2"
    heads = [_("Supplier"), _("Credit code"), _("Contact"), _("Mobile number"), _("Valid until"), _("Link"), pgettext("picture to scan", "Code")]
    for at, head in enumerate(heads, start=1):
        sheet.cell(1, at, head).font = Font(bold=True)
    for letter, width in zip("ABCDEFG", (34, 22, 12, 17, 12, 60, 18), strict=True):
        sheet.column_dimensions[letter].width = width
    for at, row in enumerate(rows, start=2):
        link = row.link
        values = (link.name_zh, link.uscc, link.contact, link.phone, timezone.localdate(row.invitation.expires_at).isoformat(), row.url)
        for column, value in enumerate(values, start=1):
            cell = sheet.cell(at, column)
            cell.value, cell.data_type, cell.number_format = str(export_safe(value)), "s", "@"  # never a formula
            cell.alignment = Alignment(vertical="center", wrap_text=column in (1, 6))
        picture = Image(io.BytesIO(_png(row.url)))
        picture.width = picture.height = _QR_PIXELS
        sheet.add_image(picture, f"G{at}")
        sheet.row_dimensions[at].height = _QR_PIXELS * 0.78
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _png(url: str) -> bytes:
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="png", scale=4, border=2)
    return out.getvalue()
