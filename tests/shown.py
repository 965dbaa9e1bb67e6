"""A copy of an audit that a supplier shows to a chain owner, as if another had been there."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from audits.copying import Choice, Raised, Source, Told, copy_of
from audits.models import AuditCopy
from foundation.actor import Actor, as_actor
from records.canonical import canonical


def shown_audit(maker: Actor, agreement: Any, *, now: datetime, mark: str = "") -> AuditCopy:
    """Undecided, with one finding in words."""
    source = Source(
        kind="second_party", visited_on=date(2026, 1, 9), site_zh=f"二号车间{mark}", site_en="", checklist_zh="工厂走访", checklist_en="Mill walk",
        is_own_checklist=False, sections=[], score={"method": "weighted-1", "band": "B", "hundredths": 8333, "sections": {}},
        told=[Told(1, "", "有标识吗", "Labelled?", False, "no", "0")], raised=[Raised("minor", "open", 1, "", (f"料架未标识{mark}",))],
    )  # fmt: skip
    body = copy_of(source, Choice(with_words=True), set())
    with as_actor(maker):
        copy = AuditCopy(
            agreement=agreement, owner_org_id=agreement.owner_org_id, supplier_org_id=agreement.supplier_org_id, month=date(2026, 1, 1), body=body,
            sha256=hashlib.sha256(canonical(body)).hexdigest(), halves=2, shown_at=now, shown_by=maker.person_name,
        )  # fmt: skip
        copy.save(force_insert=True)
    return copy
