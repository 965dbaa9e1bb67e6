"""Rows for the bureau's questions: agreements and obligations as their own writers would leave them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from agreements.models import Agreement, Obligation
from foundation.actor import Hat, acting_as
from records.models import RecordStream
from tests.cast import BY_NAME, link_id

SHANGHAI = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 8, 30, tzinfo=SHANGHAI)


def agreement(owner: str, supplier: str, number: str, **more: object) -> Agreement:
    """One agreement of two of the cast, in force, of Shiqi in Haishu unless said otherwise."""
    o, s = BY_NAME[owner], BY_NAME[supplier]
    facts: dict[str, object] = {
        "state": "in_force", "region_code": "330203", "town_code": "330203009", "node_codes": ["knitting"], "created_at": NOW,
        "effective_from": date(2026, 1, 10), "effective_to": date(2027, 1, 10), "signed_at": NOW - timedelta(days=60), **more,
    }  # fmt: skip
    with acting_as(Hat.OWNER, org_id=o.org_id):
        stream = RecordStream.objects.create(owner_org_id=o.org_id, supplier_org_id=s.org_id, opened_at=NOW, last_at=NOW)
        return Agreement.objects.create(
            number=number, owner_org_id=o.org_id, supplier_org_id=s.org_id, owner_name_zh=o.org_zh, owner_name_en=o.org_en,
            supplier_name_zh=s.org_zh, supplier_name_en=s.org_en, link_id=link_id(owner, supplier), stream=stream, template_code="garment-1",
            is_demo=True, **facts,
        )  # fmt: skip


def owed(of: Agreement, side: str, due_on: date, *, met_on: date | None = None, kind: str = "", ended: str = "") -> UUID:
    """One obligation of a side; `ended` is "waived" or "void"."""
    row = Obligation(
        agreement=of, owner_org_id=of.owner_org_id, supplier_org_id=of.supplier_org_id, clause_id=uuid4(), side=side,
        kind=kind or ("owner_duty" if side == "owner" else "document"), key=str(uuid4()), created_at=NOW, due_on=due_on, met_on=met_on,
        met_at=datetime(met_on.year, met_on.month, met_on.day, 9, tzinfo=SHANGHAI) if met_on else None,
        waived_at=NOW if ended == "waived" else None, void_at=NOW if ended == "void" else None,
    )  # fmt: skip
    with acting_as(Hat.CLOCK):
        row.save(force_insert=True)
    return row.pk


def days(n: int) -> date:
    """A day relative to TODAY."""
    return TODAY + timedelta(days=n)
