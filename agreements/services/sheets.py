"""The signature sheet: made by a job once the record has given the two signatures their numbers, and never again."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from agreements.documents import signature_sheet
from agreements.models import AgreementPaper, AgreementVersion, Signature
from agreements.selectors import text_of
from agreements.services.papers_kept import Kind, Made, keep
from foundation.actor import CLOCK
from jobs.services import put_outbox
from records.models import RecordEntry
from records.services.entries import append_entry

SHEET = "agreements.make_signature_sheet"
NUMBERED_AFTER = timedelta(seconds=2)  # the sequencer takes half a second
METHODS = {
    "click_password": ("网页签署，重新输入本人密码确认", "by click, confirmed with the person's password"),
    "stamped_scan": ("纸质文本盖章后上传，双方核对一致", "on stamped paper that both sides held beside the text"),
    "certificate": ("第三方电子签名（数字证书）", "by a certificate of a third party"),
}


class NotNumberedYet(Exception):
    """The record has not numbered both signatures: the job comes again."""


def ask_for_sheet(version: AgreementVersion) -> None:
    """Both have signed: ask for the sheet, in the same transaction."""
    put_outbox(SHEET, key=str(version.pk), not_before=timezone.now() + NUMBERED_AFTER, version_id=str(version.pk))


def make_signature_sheet(*, version_id: UUID, now: datetime) -> AgreementPaper:
    """Print the sheet of a version that both have signed, keep it, and say so in the record. Clock only; made once.

    Raises NotNumberedYet while a signature has no number in the record.
    """
    version = AgreementVersion.objects.select_related("agreement").select_for_update(of=("self",)).get(pk=version_id)
    before = AgreementPaper.objects.filter(version=version, kind=Kind.SIGNATURES).first()
    if before is not None:
        return before
    agreement, text = version.agreement, text_of(version) or {}
    said = {"sha256": version.sha256, "signed": _signed(version, text)}
    paper = keep(version, Made(Kind.SIGNATURES, signature_sheet(text, said, is_demo=agreement.is_demo)), now=now)
    payload = {"number": agreement.number, "version": version.number, "sha256": version.sha256, "sheet": paper.sha256}
    append_entry(actor=CLOCK, stream=agreement, kind="agreement_sheet_kept", subject_id=agreement.pk, payload=payload, now=now)
    return paper


def _signed(version: AgreementVersion, text: dict[str, Any]) -> list[dict[str, Any]]:
    signatures = {row.side: row for row in Signature.objects.filter(version=version)}
    told = _entries(version)
    if set(signatures) != {"owner", "supplier"} or any(told.get(side) is None for side in signatures):
        raise NotNumberedYet(str(version.pk))
    rows = []
    for side in ("owner", "supplier"):
        row, (number, proof) = signatures[side], told[side]
        zh, en = METHODS.get(row.method, (row.method, row.method))
        party = text["parties"][side]
        rows.append(
            {"party": party, "person": row.person_name, "at": row.at, "method_zh": zh, "method_en": en, "number": number, "proof": proof}
        )
    return rows


def _entries(version: AgreementVersion) -> dict[str, tuple[int, str]]:
    """side -> the number of its signature in the record, and the hash of what proves it; numbered ones only."""
    rows = RecordEntry.objects.filter(stream_id=version.agreement.stream_id, subject_id=version.agreement_id, kind="agreement_signed")
    found: dict[str, tuple[int, str]] = {}
    for entry in rows.filter(number__isnull=False).select_related("payload"):
        said = json.loads(entry.payload.text)
        if said["sha256"] == version.sha256:
            found[said["side"]] = (int(entry.number or 0), said.get("proof", ""))
    return found
