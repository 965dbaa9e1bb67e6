"""Print a report once for what it says, keep its bytes, and put their hash into the common record."""

from __future__ import annotations

import hashlib
import os
import secrets
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.translation import override
from uuid_utils.compat import uuid7

from audits.models import Audit, AuditReport
from audits.report_papers import report_pdf
from audits.report_text import told
from audits.selectors import audit_for
from audits.services.sides import audit_held
from foundation.actor import Actor, Hat, acting_as, as_actor
from foundation.errors import RuleBroken
from records.canonical import canonical
from records.services.entries import append_entry

FILED = ("submitted", "reviewed", "closed")
COPY_SECONDS = 24 * 3600
_COPY = signing.TimestampSigner(salt="audits.report.copy")


class ReportDamaged(RuleBroken):
    """The bytes on our disk are not those whose hash was kept: our fault, and nothing of them is handed out."""

    status = 500

    def __init__(self) -> None:
        super().__init__("report_damaged")


@transaction.atomic
def print_report(*, actor: Actor, audit_id: UUID, now: datetime) -> AuditReport:
    """The report of a filed audit as it stands; while it says the same, it is the paper printed before.

    Raises RuleBroken("report_not_yet").
    """
    actor.must_wear(Hat.OWNER, Hat.SUPPLIER)
    audit_for(actor, audit_id)
    audit = audit_held(actor, audit_id)
    if audit.state not in FILED:
        raise RuleBroken("report_not_yet")
    reader = Actor(hat=Hat.OWNER, org_id=audit.owner_org_id)
    with as_actor(reader):  # one paper for both sides, whoever of them asks first
        content, pictures = told(reader, audit)
    fingerprint = hashlib.sha256(canonical(content)).hexdigest()
    rows = AuditReport.objects.visible_to(actor).filter(audit=audit)
    same = rows.filter(content_sha256=fingerprint).first()
    if same is not None:
        return same
    last = rows.order_by("-number").first()
    report = AuditReport(
        audit=audit, owner_org_id=audit.owner_org_id, supplier_org_id=audit.supplier_org_id, number=last.number + 1 if last else 1,
        token=secrets.token_urlsafe(24), content_sha256=fingerprint, at=now,
    )  # fmt: skip
    with override("zh-hans"):  # a paper is in both languages, whoever asked for it
        raw = report_pdf(content, pictures, report, is_demo=audit.agreement.is_demo)
    _kept(report, raw)
    payload = {"number": report.number, "sha256": report.sha256, "content": fingerprint}
    append_entry(actor=actor, stream=audit.agreement, kind="audit_report_kept", subject_id=audit.pk, payload=payload, now=now)
    return report


def _kept(report: AuditReport, raw: bytes) -> None:
    """The bytes whole and on disk, then the row that names them."""
    report.sha256, report.size = hashlib.sha256(raw).hexdigest(), len(raw)
    report.path = f"reports/{report.sha256[:2]}/{report.sha256}"
    path = Path(settings.EVIDENCE_ROOT) / report.path
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f"{path.name}.{uuid7()}")
    with half.open("xb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    half.replace(path)
    with acting_as(Hat.CLOCK):
        report.save(force_insert=True)


def bytes_of(report: AuditReport) -> bytes:
    """The bytes as they were kept. Raises ReportDamaged when they are gone or are not those any more."""
    try:
        raw = (Path(settings.EVIDENCE_ROOT) / report.path).read_bytes()
    except OSError:
        raise ReportDamaged from None
    if hashlib.sha256(raw).hexdigest() != report.sha256:
        raise ReportDamaged
    return raw


def copy_token(report: AuditReport) -> str:
    """For the auditee's own phone: opens this paper for a day, and no other."""
    return _COPY.sign(report.token)


def token_of_copy(signed: str) -> str | None:
    """The report's token in a copy's; None when it is not ours, or its day is over."""
    try:
        return _COPY.unsign(signed, max_age=COPY_SECONDS)
    except signing.BadSignature:
        return None


def may_be_printed(audit: Audit) -> bool:
    return audit.state in FILED
