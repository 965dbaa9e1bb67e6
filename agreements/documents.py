"""What leaves as a file: the agreement as a bilingual paper, lists as CSV and xlsx."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from agreements.cards import compliance_words, firm_name, last_day, other_of
from agreements.compliance import Compliance
from agreements.models import Agreement, AgreementVersion, Clause, Obligation, Signature
from agreements.selectors import state_on, text_of
from agreements.text import document
from agreements.words import AGREEMENT_CHIPS, OBLIGATION_CHIPS, SIDES, obligation_words
from foundation.actor import Actor
from foundation.templatetags.qc import chip_for
from jobs.exports import Value
from jobs.papers import pdf_of, qr_svg

Table = tuple[list[str], list[list[Value]]]


def paper_context(
    agreement: Agreement, version: AgreementVersion, clauses: Iterable[Clause], signatures: dict[str, Signature], names: tuple[str, str]
) -> dict[str, Any]:
    """What the page to read and print needs. A locked version is shown from what was hashed, never from rows."""
    text = text_of(version) or document(agreement=agreement, version=version, names=names, clauses=clauses)
    signed = [(side, text["parties"][side], signatures.get(side)) for side in ("owner", "supplier")]
    address = check_address(version.sha256)
    return {
        **_words(text, is_demo=agreement.is_demo), "agreement": agreement, "version": version, "is_draft": version.locked_at is None,
        "signed": signed, "fingerprint": version.sha256, "address": address, "qr": qr_svg(address) if version.sha256 else "",
    }  # fmt: skip


def text_paper(
    text: Mapping[str, Any], *, is_demo: bool, is_draft: bool = False, fingerprint: str = "", printed_on: date | None = None
) -> bytes:
    """The text as a paper with room for signatures and stamps. It names neither itself nor what is said of it later.

    A text whose paper was never kept is printed with its `fingerprint` and the day on which that is done.
    """
    address = check_address(fingerprint)
    context = _words(text, is_demo=is_demo) | {"is_draft": is_draft, "fingerprint": fingerprint, "printed_on": printed_on}
    if not is_draft:
        context |= {"address": address, "qr": qr_svg(address)}
    return _pdf("agreements/paper.html", context)


def signature_sheet(text: Mapping[str, Any], said: Mapping[str, Any], *, is_demo: bool) -> bytes:
    """The second paper: who signed, when, how, and where the record says so. `said`: sha256, signed, head."""
    address = check_address(said["sha256"])
    return _pdf("agreements/signature_sheet.html", _words(text, is_demo=is_demo) | dict(said) | {"address": address, "qr": qr_svg(address)})


def check_address(sha256: str = "") -> str:
    """Where anybody asks whether a paper stands: the page of one hash, or the page that takes a file."""
    at = reverse("agreements:check_hash", args=[sha256]) if sha256 else reverse("agreements:check")
    return public_address(at)


def public_address(path: str) -> str:
    """A path of ours as somebody outside opens it."""
    return f"{settings.PUBLIC_URL}{path}"


def _words(text: Mapping[str, Any], *, is_demo: bool) -> dict[str, Any]:
    return {
        "text": text,
        "is_demo": is_demo,
        "last_day": last_day(date.fromisoformat(text["effective_to"]) if text["effective_to"] else None),
    }


def _pdf(template: str, context: dict[str, Any]) -> bytes:
    with override("zh-hans"):  # a paper is in both languages, whoever asked for it
        return pdf_of(template, context)


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
