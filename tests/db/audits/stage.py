"""The stage on which audits play: an agreement of two of the cast in force, with the clauses that audits read."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from PIL import Image

from agreements.models import Agreement, AgreementVersion, Clause
from audits import services
from audits.models import Audit, Finding
from foundation.actor import Hat, acting_as, as_actor
from records.models import Evidence, Grant, RecordStream
from records.services.evidence import PHOTOS, file_evidence
from tests.cast import BY_NAME, actor, link_id

SHANGHAI = ZoneInfo("Asia/Shanghai")
STARTS = date(2026, 3, 2)  # a Monday
FREQUENCY = {"audit": "self_check", "checklist": "mill-walk-1", "every_months": 3, "notice_days": 14, "review_days": 5}
DEADLINES = {"critical": 15, "major": 30, "minor": 60}


def moment(day: date | str, hour: int = 9, minute: int = 0) -> datetime:
    """A moment in Shanghai."""
    d = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(d.year, d.month, d.day, hour, minute, tzinfo=SHANGHAI)


def agreement_in_force(
    owner: str = "chen", supplier: str = "lin", *, starts: date = STARTS, ends: date | None = None, frequency: dict[str, Any] | None = None,
    deadlines: dict[str, Any] | None = DEADLINES, shares: bool = True, number: str = "",
) -> Agreement:  # fmt: skip
    """Signed and in force since its first day."""
    o, s = BY_NAME[owner], BY_NAME[supplier]
    sides = {"owner_org_id": o.org_id, "supplier_org_id": s.org_id}
    names = {"owner_name_zh": o.org_zh, "owner_name_en": o.org_en, "supplier_name_zh": s.org_zh, "supplier_name_en": s.org_en}
    born = moment(starts, 8)
    with as_actor(actor(owner)):
        stream = RecordStream.objects.create(**sides, **names, opened_at=born, last_at=born)
        agreement = Agreement.objects.create(
            number=number or f"T-{uuid4().hex[:6]}", **sides, **names, link_id=link_id(owner, supplier), stream=stream,
            template_code="garment-1", effective_from=starts, effective_to=ends, is_demo=True, created_at=born,
        )  # fmt: skip
        version = AgreementVersion.objects.create(agreement=agreement, **sides, effective_from=starts, effective_to=ends)
        for order, (kind, side, params) in enumerate(_clauses(frequency or FREQUENCY, deadlines), start=1):
            Clause.objects.create(
                version=version, **sides, order=order, type=kind, side=side, params=params, text_zh="条", text_en="clause"
            )
    with acting_as(Hat.CLOCK):
        AgreementVersion.objects.filter(pk=version.pk).update(in_force=True)
        Agreement.objects.filter(pk=agreement.pk).update(state="in_force")
        if shares:
            Grant.objects.create(
                from_org_id=s.org_id, to_org_id=o.org_id, to_name_zh=o.org_zh, to_name_en=o.org_en, what="audit_evidence",
                agreement_id=agreement.pk, clause_id=uuid4(), valid_from=starts,
            )  # fmt: skip
        agreement.refresh_from_db()
    return agreement


def _clauses(frequency: dict[str, Any], deadlines: dict[str, Any] | None) -> list[tuple[str, str, dict[str, Any]]]:
    found = [("audit_frequency", "supplier", frequency)]
    return found + ([("corrective_action_deadline", "supplier", deadlines)] if deadlines else [])


def first_audit(agreement: Agreement) -> Audit:
    """The audit of period 0, made on the first day (or when a moved visit lets it) and told to the supplier."""
    now = moment(agreement.effective_from)
    if not services.tick(now):  # a visit that a weekend moves is announced later, too
        services.tick(now + timedelta(days=3))
    with acting_as(Hat.CLOCK):
        audit = Audit.objects.get(agreement=agreement, period=0)
    services.tell_of_audit(audit_id=audit.pk, now=now)
    return audit


def picture(shade: int = 120) -> bytes:
    """A small photograph; another shade is another file."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, shade // 2, 90)).save(out, "JPEG")
    return out.getvalue()


def photo(who: str, folder: Path, now: datetime, client_id: str = "") -> Evidence:
    """A photo of one of the cast, filed."""
    name = client_id or uuid4().hex
    path = folder / f"{name}.upload"
    path.write_bytes(picture())
    with as_actor(actor(who)):
        return file_evidence(actor=actor(who), path=path, name="photo.jpg", client_id=name, now=now, allowed=PHOTOS)


def answered(audit: Audit, folder: Path, now: datetime, who: str = "lin", **answers: str) -> None:
    """Every question answered as its rule asks; MW-4="no" and the like say otherwise."""
    given = {n: answers.get(f"q{n}", "yes") for n in range(1, 6)}
    with as_actor(actor(who)):
        for number, answer in given.items():
            note = "这里没有" if answer == "na" else ""
            services.save_answer(actor=actor(who), audit_id=audit.pk, number=number, answer=answer, note=note, now=now)
            if answer != "na" and (number in (1, 2) or (number in (3, 4) and answer == "no")):
                evidence = photo(who, folder, now)
                services.add_photo(actor=actor(who), audit_id=audit.pk, number=number, evidence=evidence, now=now)


def submitted(agreement: Agreement, folder: Path, *, on: str = "2026-03-10", **answers: str) -> Audit:
    """The first audit, answered and submitted by Lin."""
    audit = first_audit(agreement)
    answered(audit, folder, moment(on), **answers)
    with as_actor(actor("lin")):
        return services.submit_audit(actor=actor("lin"), audit_id=audit.pk, now=moment(on, 10))


def raised(audit: Audit, *, grade: str = "major", on: str = "2026-03-11", client_id: str = "") -> Finding:
    """A finding by Chen."""
    seen = services.Observation(grade=grade, requirement="计量器具在校准有效期内", observed="天平校准已过期", question_code="MW-3")
    with as_actor(actor("chen")):
        return services.raise_finding(actor=actor("chen"), audit_id=audit.pk, seen=seen, client_id=client_id or uuid4().hex, now=moment(on))


def replied(finding: Finding, *, on: str = "2026-03-20", evidence_id: UUID | None = None, client_id: str = "") -> Any:
    """Lin's answer to a finding."""
    said = services.ActionWords(correction="停用天平", cause="没有到期提醒", action="建立校准台账")
    with as_actor(actor("lin")):
        return services.answer_finding(
            actor=actor("lin"),
            finding_id=finding.pk,
            said=said,
            evidence_id=evidence_id,
            client_id=client_id or uuid4().hex,
            now=moment(on),
        )
