"""Visits of the cast: Chen's team at Lin's, with a checklist of five questions."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from agreements.models import Agreement
from audits.models import Audit, AuditProgramme, AuditTeam
from audits.selectors.running import standing_of, visit_for
from audits.services.running import apply_ops
from foundation.actor import Actor, Hat, acting_as, as_actor
from records.models import Evidence
from records.services.evidence import PHOTOS, file_evidence
from suppliers.models import Site
from tests.cast import actor
from tests.db.audits.stage import agreement_in_force, moment, picture

DAY = date(2026, 3, 16)
NOON = moment(DAY, 12)


def visit(
    agreement: Agreement | None = None, *, team: tuple[Actor, ...] = (), announced: bool = True, checklist: str = "mill-walk-1"
) -> Audit:
    """A visit that is announced for a Monday in March; Chen leads it."""
    agreement = agreement or agreement_in_force()
    sides = {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}
    with acting_as(Hat.CLOCK):
        site = Site.objects.get(org_id=agreement.supplier_org_id, is_main=True)
        programme = AuditProgramme.objects.create(
            agreement=agreement, **sides, clause_id=uuid4(), kind="second_party", checklist_id=checklist,
            every_months=6, notice_days=14, review_days=5, took_effect_on=agreement.effective_from,
        )  # fmt: skip
        audit = Audit.objects.create(
            agreement=agreement, **sides, programme=programme, site_id=site.pk, period=0, kind="second_party", checklist_id=checklist,
            nominal_on=DAY, visit_on=DAY, notice_on=DAY - timedelta(days=14), state="notified" if announced else "planned", announced=announced,
            created_at=moment("2026-03-02"),
        )  # fmt: skip
        for number, member in enumerate((actor("chen"), *team)):
            AuditTeam.objects.create(
                audit=audit,
                **sides,
                person_id=member.person_id,
                person_name=member.person_name,
                is_lead=number == 0,
                joined_at=moment("2026-03-02"),
            )
    return audit


def colleague() -> Actor:
    """A second auditor of Chen's firm."""
    return replace(actor("chen"), person_id=uuid4(), person_name="小林")


def op(kind: str, **said: Any) -> dict[str, Any]:
    """One operation of a phone."""
    return {
        "client_id": str(uuid4()),
        "kind": kind,
        "client_time": NOON.isoformat(),
        **{k: str(v) if isinstance(v, UUID) else v for k, v in said.items()},
    }


def sends(who: Actor, audit: Audit, *ops: dict[str, Any], now: datetime = NOON) -> list[dict[str, Any]]:
    """What the server says to each."""
    with as_actor(who):
        return [each.as_json() for each in apply_ops(actor=who, audit_id=audit.pk, ops=ops, sent_at=now, now=now)]


def shot(shade: int, **place: Any) -> dict[str, Any]:
    """The operation of a photo of that shade."""
    body = picture(shade)
    return op("photo", photo=uuid4(), sha256=hashlib.sha256(body).hexdigest(), size=len(body), name="IMG.jpg", **place)


def arrived(who: Actor, said: dict[str, Any], shade: int, folder: Path, now: datetime = NOON) -> Evidence:
    """The bytes of that photo are on the server."""
    path = folder / f"{said['photo']}.upload"
    path.write_bytes(picture(shade))
    with as_actor(who):
        return file_evidence(actor=who, path=path, name="IMG.jpg", client_id=said["photo"], now=now, allowed=PHOTOS)


def closing(**said: Any) -> dict[str, Any]:
    return op(
        "closing",
        **{
            "name": "王师傅",
            "role": "厂长",
            "word": "agrees",
            "signature": {"name": "王师傅", "strokes": [[1, 2, 3, 4]]},
            "shown": [],
            **said,
        },
    )


def standing(who: Actor, audit: Audit) -> Any:
    with as_actor(who):
        return standing_of(who, visit_for(who, audit.pk))


def walked(audit: Audit, folder: Path, *, findings: tuple[dict[str, Any], ...] = (), **answers: str) -> list[dict[str, Any]]:
    """Begun, answered with photos, closed: what the phone sent. MW-4="no" and the like say otherwise."""
    chen, sent = actor("chen"), [op("start", names=["王师傅"])]
    for number in range(1, 6):
        sent.append(op("answer", question=f"MW-{number}", value=answers.get(f"q{number}", "yes")))
        if number < 3 or answers.get(f"q{number}") == "no":
            photo = shot(100 + number, question=f"MW-{number}")
            arrived(chen, photo, 100 + number, folder)
            sent.append(photo)
    sent += findings
    sent.append(closing(shown=[{"finding": each["finding"], "grade": each["grade"], "due_on": "2026-04-15"} for each in findings]))
    assert [each["status"] for each in sends(chen, audit, *sent)] == ["saved"] * len(sent)
    return sent
