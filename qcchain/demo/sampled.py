"""Lots of ribbon that the chain owner inspects by samples: two refused among five, tightened, five accepted, normal again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid5

from audits.services import Observation, verify_action
from audits.services.findings import raise_finding_of_lot
from foundation.actor import as_actor
from inspections.models import Inspection, Lot
from inspections.services.decisions import DecisionSaid, decide_lot
from inspections.services.lots import LotSaid
from inspections.services.sampling import InspectionSaid, Named, file_inspection
from qcchain.demo.firms import Firm
from qcchain.demo.measuring import lots_of, relation
from qcchain.demo.moments import Moments
from qcchain.demo.teller import Teller

_NAMES = UUID("c2f0a1de-33d5-5b0c-9a53-6a0d1f1b8e57")
EVERY_DAYS = 9
# Nonconforming pieces, major and minor, lot by lot. Level I, 1,201 to 3,200 pieces: 50 are looked at, three major ones pass.
FOUND = ((1, 2), (0, 1), (2, 3), (5, 4), (1, 2), (4, 2), (1, 1), (0, 2), (2, 1), (1, 0), (0, 1), (1, 2), (0, 0), (1, 1))
MENDED = ("整批挑选，松边织带剔除", "织机边撑磨损", "更换边撑，每班首检加看边缘")
SEEN = Named("major", "织带边缘松边", 1)


def tell_sampled(firms: Mapping[str, Firm], moments: Moments, pictures: Path) -> None:
    """Fang's weaver of ribbon: a series whose severity has moved, with every step on its page."""
    pair = relation(firms, moments, pictures, "shisha", "accessories-1")
    first = moments.day(-4 - EVERY_DAYS * (len(FOUND) - 1))
    said = [
        LotSaid(
            f"SS-20-{number + 1:03}", "织带 20 mm 靛蓝", first + timedelta(days=EVERY_DAYS * number), Decimal(1600 + 100 * (number % 5)), "pcs",
            product_code="SS-20", colour="靛蓝", node_code="trims",
        )
        for number in range(len(FOUND))
    ]  # fmt: skip
    for lot, found in zip(lots_of(pair, said, moments), FOUND, strict=True):
        _inspect(pair, lot, found, moments)


def _inspect(pair: Teller, lot: Lot, found: tuple[int, int], moments: Moments) -> None:
    major, minor = found
    at = moments.on(lot.made_on + timedelta(days=1), 14)
    counts = {"critical": 0, "major": major, "minor": minor}
    with as_actor(pair.owner):
        said = InspectionSaid("final", counts, lot.made_on + timedelta(days=1), named=[SEEN] if major else [])
        row = file_inspection(actor=pair.owner, lot=lot, said=said, client_id=uuid5(_NAMES, lot.lot_no), now=at)
        passed = row.decision == Inspection.Decision.ACCEPTED
        why = DecisionSaid("release", why_code="meets") if passed else DecisionSaid("not_accept", why_code="sampling", why="抽样检验不合格")
        decide_lot(actor=pair.owner, lot=lot, said=why, client_id=uuid5(_NAMES, f"{lot.lot_no}:decided"), now=at + timedelta(hours=1))
    if not passed:
        _put_right(pair, lot, major, at)


def _put_right(pair: Teller, lot: Lot, major: int, at: datetime) -> None:
    """The finding of a refused lot, answered with a photo and verified."""
    words = Observation("minor", "抽样检验符合 AQL 2.5", f"抽 50 件，{major} 件边缘松边", "")
    with as_actor(pair.owner):
        finding = raise_finding_of_lot(actor=pair.owner, lot=lot, seen=words, client_id=f"{lot.pk}-edges", now=at + timedelta(hours=2))
    pair.accept(finding, at=at + timedelta(hours=20))
    pair.answer_finding(finding, MENDED, at=at + timedelta(days=5))
    with as_actor(pair.owner):
        verify_action(actor=pair.owner, finding_id=finding.pk, now=at + timedelta(days=7))
