"""Labels of lots on paper: four to a sheet of A4, each the size of A6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import override

from inspections.lot_words import amount
from inspections.models import Lot
from jobs.papers import pdf_of, qr_svg

STYLE = "css/labels.css"
MOST_LABELS, ON_A_SHEET = 80, 4


@dataclass(frozen=True, slots=True)
class OnLabel:
    lot: Lot
    amount: str
    qr: SafeString
    address: str


def label_of(lot: Lot) -> OnLabel:
    address = settings.PUBLIC_URL + reverse("inspections:lot_by_token", args=[lot.token])
    with override("zh-hans"):
        return OnLabel(lot, amount(lot.quantity, lot.unit), qr_svg(address, dark="#000", light="#fff"), address)


def labels_pdf(lots: Sequence[Lot]) -> bytes:
    """The labels in the order of the lots."""
    labels = [label_of(lot) for lot in lots]
    pages = [labels[at : at + ON_A_SHEET] for at in range(0, len(labels), ON_A_SHEET)]
    return pdf_of("inspections/paper_labels.html", {"pages": pages}, style=STYLE)
