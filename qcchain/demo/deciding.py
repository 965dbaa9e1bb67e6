"""What was decided about the lots: nearly all released, two not accepted, one on hold, one before the laboratory; and a change told ahead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid5

from django.db import connection

from foundation.actor import Actor, as_actor
from inspections.models import Lot, LotDecision
from inspections.services.arbitration import ArbitrationSaid, ask_arbitration
from inspections.services.change_notices import ChangeSaid, draft_change, send_change
from inspections.services.decisions import DecisionSaid, decide_lot
from qcchain.demo.firms import Firm
from qcchain.demo.moments import Moments
from records.services.entries import Fact, append_many, entry_rows

_NAMES = UUID("0c9e7c3a-6f0b-5b8e-9f3d-2a4b6c8d0e12")
OPEN_FOR = 12  # days: younger lots wait to be decided
BATCH = 1000
# As decide_lot() leaves a lot: the decision stands, then the lot takes its state.
MOVE = """
update inspections_lot l set state = d.to_state, state_since = d.at from inspections_lotdecision d
where d.lot_id = l.id and d.kind = 'release' and l.state = 'inspecting' and l.id = any(%s)
"""


def release(owner: Actor, lots: Sequence[Lot], moments: Moments) -> None:
    """The chain owner released what was tested and is some days old, all in one afternoon."""
    at = moments.ago(1, 16)
    rows = [lot for lot in lots if lot.made_on <= moments.day(-OPEN_FOR)]
    LotDecision.objects.bulk_create(
        [
            LotDecision(
                lot=lot, owner_org_id=lot.owner_org_id, supplier_org_id=lot.supplier_org_id, side="owner", kind="release", from_state="inspecting",
                to_state="released", why_code="meets", as_cqo=True, decided_by=owner.person_name, at=at, client_id=uuid5(_NAMES, str(lot.pk)),
            )
            for lot in rows
        ],
        batch_size=BATCH,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [[lot.pk for lot in rows]])
    append_many([entry_rows(actor=owner, stream=lot, fact=Fact("lot_released", lot.pk, _said(lot)), now=at) for lot in rows])


def _said(lot: Lot) -> dict[str, object]:
    return {
        "lot_no": lot.lot_no, "product": lot.product, "colour": lot.colour, "made_on": lot.made_on.isoformat(), "why_code": "meets", "why": "",
        "from_state": "inspecting", "to_state": "released", "as_cqo": True,
    }  # fmt: skip


def decide_the_rest(owner: Actor, dyer: Actor, lots: dict[str, Lot], laboratory: Firm, moments: Moments) -> None:
    """Wool in two lots: not accepted. A pH out of limits: held. The last camel: held, contested, and with the laboratory."""
    at = moments.ago(1, 15)
    steps = (
        ("HL-26F-034", "not_accept", "out_of_limits", "羊绒含量 92%，低于约定的 95%"),
        ("HL-26F-037", "not_accept", "out_of_limits", "羊绒含量 92%，低于约定的 95%"),
        ("QW-D19-036", "hold", "out_of_limits", "pH 8.9，超出 8.5，待复测"),
        ("QW-D41-024", "hold", "colour", "与首批色差明显，客户投诉"),
    )
    with as_actor(owner):
        for number, (lot_no, kind, why_code, why) in enumerate(steps):
            said = DecisionSaid(kind, why_code=why_code, why=why)
            decide_lot(actor=owner, lot=lots[lot_no], said=said, client_id=uuid5(_NAMES, lot_no), now=at + timedelta(minutes=number))
    asked = ArbitrationSaid("COL-DE", "封样比对 ΔE 0.9 合格，请第三方判定", edition="GB/T 8424.3", lab_org_id=laboratory.id)
    with as_actor(dyer):
        ask_arbitration(actor=dyer, lot=lots["QW-D41-024"], said=asked, client_id=uuid5(_NAMES, "camel"), now=moments.ago(1, 17))
        change = draft_change(
            actor=dyer, client_id=uuid5(_NAMES, "softener"), now=moments.ago(1, 18),
            said=ChangeSaid("material", "羊绒纱染色 D-41", "柔软剂 A（示例）", "柔软剂 B（示例），用量不变", moments.day(40)),
        )  # fmt: skip
        send_change(actor=dyer, change=change, now=moments.ago(1, 18))
