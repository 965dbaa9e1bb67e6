"""A visit in the world of tests: Chen's team at a supplier's, begun, answered, closed and handed in."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from audits.models import Audit, AuditProgramme, AuditTeam
from audits.services.handing_in import hand_in
from audits.services.running import apply_ops
from foundation.actor import Hat, acting_as, as_actor
from records.services.evidence import PHOTOS, file_evidence
from suppliers.models import Site


def a_visit(buyer: Any, agreement: Any, picture: Any, *, now: datetime, mark: str = "") -> dict[str, Any]:
    """Every word that a person types on site carries the mark. `picture` makes the file of a photo."""
    audit, later = _booked(buyer, agreement, now=now), now + timedelta(minutes=30)
    with as_actor(buyer):
        finding = str(uuid4())
        said = [
            _op("start", names=[f"王师傅{mark}"]),
            *(_op("answer", question=f"MW-{n}", value="no" if n == 4 else "yes", note=f"看过{mark}") for n in range(1, 6)),
            *(_shot(buyer, picture, mark, later, question=f"MW-{n}") for n in (1, 2, 4)),
            _op(
                "finding", finding=finding, question="MW-4", grade="minor", clause_ref=f"8.7{mark}", requirement=f"批次标识{mark}",
                observed=f"三箱没有标签{mark}", gap=f"无法追溯{mark}",
            ),
            _op(
                "closing", name=f"王师傅{mark}", role=f"厂长{mark}", word="remarks", remark=f"下周改{mark}",
                signature={"name": f"王师傅{mark}", "strokes": []}, shown=[{"finding": finding, "grade": "minor"}],
            ),
        ]  # fmt: skip
        results = apply_ops(actor=buyer, audit_id=audit.pk, ops=said, sent_at=later, now=later)
        assert {each.status for each in results} == {"saved"}, results
        hand_in(actor=buyer, audit_id=audit.pk, sha256=None, now=later)
    return {}


def under_way(buyer: Any, agreement: Any, *, now: datetime) -> UUID:
    """A visit that has begun: one answer, one finding in the making."""
    audit = _booked(buyer, agreement, now=now)
    with as_actor(buyer):
        said = [
            _op("start", names=["王师傅"]),
            _op("answer", question="MW-3", value="no", note="天平标签过期"),
            _op("finding", finding=str(uuid4()), question="MW-3", grade="major", requirement="校准有效", observed="天平标签过期"),
        ]
        results = apply_ops(actor=buyer, audit_id=audit.pk, ops=said, sent_at=now, now=now)
        assert {each.status for each in results} == {"saved"}, results
    return audit.pk


def _booked(buyer: Any, agreement: Any, *, now: datetime) -> Audit:
    sides, today = {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}, timezone.localdate(now)
    with acting_as(Hat.CLOCK):
        site = Site.objects.get(org_id=agreement.supplier_org_id, is_main=True)
        programme = AuditProgramme.objects.create(
            agreement=agreement, **sides, clause_id=uuid4(), kind="second_party", checklist_id="mill-walk-1", every_months=12, notice_days=14,
            review_days=5, took_effect_on=today, is_active=False,
        )  # fmt: skip
        audit = Audit.objects.create(
            agreement=agreement, **sides, programme=programme, site_id=site.pk, period=0, kind="second_party", checklist_id="mill-walk-1",
            nominal_on=today, visit_on=today, notice_on=today, state="notified", created_at=now,
        )  # fmt: skip
        AuditTeam.objects.create(
            audit=audit, **sides, person_id=buyer.person_id, person_name=buyer.person_name, is_lead=True, joined_at=now
        )
    return audit


def _op(kind: str, **said: Any) -> dict[str, Any]:
    return {"client_id": str(uuid4()), "kind": kind, "client_time": timezone.now().isoformat(), **said}


def _shot(buyer: Any, picture: Any, mark: str, now: datetime, **place: Any) -> dict[str, Any]:
    path, key = Path(picture((40, 90, 60))), str(uuid4())
    body = path.read_bytes()
    file_evidence(actor=buyer, path=path, name=f"visit{mark}.jpg", client_id=key, now=now, allowed=PHOTOS)
    return _op("photo", photo=key, sha256=hashlib.sha256(body).hexdigest(), size=len(body), name=f"visit{mark}.jpg", **place)
