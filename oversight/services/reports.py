"""Make a report: read the figures once, keep them with their hash, keep the files made of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import rfc8785
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, override

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from oversight.models import Report, ReportFile
from oversight.report_files import files_of_report
from oversight.report_parts import PARTS, Asked, frozen
from oversight.report_periods import Period
from parties.roles import MAY_WRITE


@dataclass(frozen=True, slots=True)
class ReportSaid:
    """What an officer asks for."""

    period: str
    parts: Sequence[str]
    words: str = ""
    language: str = ""  # "zh-hans" or "en"; empty: that of whoever asks


def sha_of(report: Report) -> str:
    """The hash of the frozen figures: of their canonical JSON (RFC 8785) with period, language and moment."""
    body = {
        "as_of": report.as_of.astimezone(UTC).isoformat(),
        "language": report.language,
        "parts": report.parts,
        "period": report.period,
        "words": report.words,
    }
    return hashlib.sha256(rfc8785.dumps(body)).hexdigest()


@transaction.atomic
def make_report(*, actor: Actor, said: ReportSaid, client_id: str, now: datetime) -> Report:
    """Freeze the figures of this moment, in one language: every word of it that a machine wrote is of that one. The same client_id is made once.

    Raises RuleBroken("report_needs_parts"), ("report_period_ahead").
    """
    actor.must_act_for(actor.org_id, Hat.BUREAU)
    actor.must_hold(*MAY_WRITE)
    there = Report.objects.visible_to(actor).filter(client_id=client_id).first()
    if there is not None:
        return there
    period = Period.named(said.period)
    if period is None or period.first > timezone.localdate(now):
        raise RuleBroken("report_period_ahead", field="period")
    chosen = [code for code in PARTS if code in said.parts]
    if not chosen:
        raise RuleBroken("report_needs_parts", field="parts")
    language = said.language or get_language() or "zh-hans"
    with override(language):
        parts = frozen(Asked(actor, period, now), chosen)
    report = Report(
        org_id=actor.org_id, org_name_zh=actor.org_name_zh, org_name_en=actor.org_name_en, period=period.code, language=language,
        words=said.words, parts=parts, as_of=now, made_by=actor.person_name, client_id=client_id,
    )  # fmt: skip
    report.sha256 = sha_of(report)
    Report.objects.bulk_create([report], ignore_conflicts=True)
    kept: Report = Report.objects.visible_to(actor).get(client_id=client_id)
    if kept.pk != report.pk:  # sent twice at once: the other was quicker
        return kept
    ReportFile.objects.bulk_create(
        ReportFile(
            org_id=actor.org_id, report=report, extension=extension, content=raw, size=len(raw), sha256=hashlib.sha256(raw).hexdigest()
        )
        for extension, raw in files_of_report(report).items()
    )
    return report
