"""What a firm would show of a class of its things, and what a chain owner sees of a firm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from foundation.actor import Actor
from foundation.errors import Absent
from records.models import Evidence
from suppliers.models import Instrument, Paper, Product, SharedThing, SupplyLink


@dataclass(frozen=True)
class Shown:
    """One thing as a reader sees it."""

    id: UUID
    facts: dict[str, Any]
    file: dict[str, Any] | None = None


def things_to_show(org_id: UUID, what: str) -> list[Shown]:
    """Everything of a class that is in use, with the copy of its file that others may see. Under the clock."""
    return _CLASSES[what](org_id)


def shown_by(actor: Actor, link: SupplyLink) -> dict[str, list[SharedThing]]:
    """class -> things that the firm of a link shows to the actor. Absent when it shows nothing, or has not joined."""
    found: dict[str, list[SharedThing]] = {}
    for row in _shown(actor, link).order_by("what", "id"):
        found.setdefault(row.what, []).append(row)
    if not found:
        raise Absent
    return found


def shows_something(actor: Actor, link: SupplyLink) -> bool:
    """Whether the firm of a link shows anything to the actor."""
    return link.supplier_org_id is not None and _shown(actor, link).exists()


def shown_paper(actor: Actor, link: SupplyLink, paper_id: UUID) -> SharedThing:
    """A certificate with a file that the firm of a link shows to the actor, or Absent."""
    row: SharedThing | None = _shown(actor, link).filter(thing_id=paper_id, what="certificates").exclude(file=None).first()
    if row is None:
        raise Absent
    return row


def _shown(actor: Actor, link: SupplyLink) -> Any:
    if link.supplier_org_id is None:
        raise Absent
    return SharedThing.objects.visible_to(actor).filter(org_id=link.supplier_org_id, revoked_at=None)


def _certificates(org_id: UUID) -> list[Shown]:
    newer = Paper.objects.filter(replaces=OuterRef("pk"), retired_at=None)
    rows = list(
        Paper.objects.filter(org_id=org_id, kind="certificate", retired_at=None)
        .exclude(state="rejected")
        .annotate(is_replaced=Exists(newer))
        .order_by("standard", "-filed_at")
    )
    files = {file.pk: file for file in Evidence.objects.filter(pk__in=[row.evidence_id for row in rows])}
    return [
        Shown(row.pk, {
            "standard": row.standard, "number": row.number, "scope": row.scope, "issuer": row.issuer, "issued_on": _day(row.issued_on),
            "expires_on": _day(row.expires_on), "state": row.state, "is_replaced": row.is_replaced,
        }, _file(files.get(row.evidence_id)))
        for row in rows
    ]  # fmt: skip


def _instruments(org_id: UUID) -> list[Shown]:
    rows = Instrument.objects.filter(org_id=org_id, retired_at=None).order_by("kind", "serial")
    return [
        Shown(row.pk, {
            "kind": row.kind, "model": row.model, "serial": row.serial, "calibrated_on": _day(row.calibrated_on),
            "calibration_due_on": _day(row.calibration_due_on), "certificate_number": row.certificate_number,
        })
        for row in rows
    ]  # fmt: skip


def _products(org_id: UUID) -> list[Shown]:
    rows = Product.objects.filter(org_id=org_id, retired_at=None).order_by("code")
    return [
        Shown(row.pk, {
            "code": row.code, "name": row.name, "node_code": row.node_code, "construction": row.construction, "safety_class": row.safety_class,
            "colours": row.colours,
        })
        for row in rows
    ]  # fmt: skip


_CLASSES: dict[str, Callable[[UUID], list[Shown]]] = {"certificates": _certificates, "instruments": _instruments, "products": _products}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _file(file: Evidence | None) -> dict[str, Any] | None:
    return None if file is None else {"name": file.name, "kind": file.kind, "mime": file.mime, "size": file.size, "path": file.shared_path}
