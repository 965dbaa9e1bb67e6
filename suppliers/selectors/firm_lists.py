"""A firm's own lists: what is in use, what was retired, and one thing of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, F, Model, OuterRef

from foundation.actor import Actor
from foundation.errors import Absent
from suppliers.expiry import state_on
from suppliers.models import Instrument, Paper, Process, Product, Site
from suppliers.selectors.firm import Firm, own_firm

Thing = TypeVar("Thing", bound=Model)
# No firm of ours has more of a kind than fits a page and a table; what is beyond is found in the export.
MOST = 500


def _own(actor: Actor, model: type[Thing]) -> Any:
    return model.objects.visible_to(actor).filter(org_id=actor.org_id)  # type: ignore[attr-defined]


def thing_for(actor: Actor, model: type[Thing], thing_id: UUID) -> Thing:
    """One thing of the actor's own firm, or Absent."""
    found: Thing | None = _own(actor, model).filter(pk=thing_id).first()
    if found is None:
        raise Absent
    return found


def sites_of(actor: Actor, *, retired: bool = False) -> list[Site]:
    """The main site first."""
    return list(_own(actor, Site).filter(retired_at__isnull=not retired).order_by("-is_main", "name_zh", "id")[:MOST])


def processes_of(actor: Actor, *, retired: bool = False) -> list[Process]:
    rows = _own(actor, Process).filter(retired_at__isnull=not retired).select_related("site")
    return list(rows.order_by("-site__is_main", "site__name_zh", "node_code", "id")[:MOST])


def products_of(actor: Actor, *, retired: bool = False) -> list[Product]:
    return list(_own(actor, Product).filter(retired_at__isnull=not retired).order_by("code", "id")[:MOST])


def instruments_of(actor: Actor, *, retired: bool = False) -> list[Instrument]:
    """Whose calibration runs out first stands first; no day comes last."""
    rows = _own(actor, Instrument).filter(retired_at__isnull=not retired).select_related("site")
    return list(rows.order_by(F("calibration_due_on").asc(nulls_last=True), "kind", "serial", "id")[:MOST])


def firm_papers(actor: Actor, *, retired: bool = False) -> list[Paper]:
    """Papers with `is_replaced`: what counts first, by the day on which it runs out; no day comes last."""
    newer = Paper.objects.visible_to(actor).filter(replaces=OuterRef("pk"), retired_at=None)
    rows = _own(actor, Paper).filter(retired_at__isnull=not retired).annotate(is_replaced=Exists(newer))
    return list(rows.order_by("is_replaced", F("expires_on").asc(nulls_last=True), "-filed_at", "-id")[:MOST])


def standing_of(paper: Paper, *, on: date) -> str:
    """A paper's state on a day; its days come before what the platform said of it."""
    if paper.retired_at is not None:
        return "retired"
    if getattr(paper, "is_replaced", False):
        return "replaced"
    if paper.state == "rejected":
        return "rejected"
    by_day = {"overdue": "expired", "due_soon": "due_soon"}
    return by_day.get(state_on(paper.expires_on, on=on), paper.state)


def calibration_of(instrument: Instrument, *, on: date) -> str:
    return "retired" if instrument.retired_at else state_on(instrument.calibration_due_on, on=on)


@dataclass(frozen=True)
class FirmHome:
    """All that a firm keeps of itself, in use."""

    firm: Firm
    processes: list[Process]
    products: list[Product]
    instruments: list[Instrument]
    papers: list[Paper]

    @property
    def sites(self) -> list[Site]:
        return self.firm.sites


def firm_home(actor: Actor, *, on: date) -> FirmHome:
    """One question for each list, whatever their length."""
    return FirmHome(own_firm(actor, on=on), processes_of(actor), products_of(actor), instruments_of(actor), firm_papers(actor))


@dataclass(frozen=True)
class RunsOut:
    """Something of a firm that holds until a day."""

    on: date
    thing: Paper | Instrument


def runs_out(papers: Iterable[Paper], instruments: Iterable[Instrument], *, until: date) -> list[RunsOut]:
    """What has lapsed or lapses by a day, in order: papers that count, and instruments in use."""
    found = [
        RunsOut(p.expires_on, p)
        for p in papers
        if p.expires_on and p.expires_on <= until and p.state != "rejected" and not getattr(p, "is_replaced", False)
    ]
    found += [RunsOut(i.calibration_due_on, i) for i in instruments if i.calibration_due_on and i.calibration_due_on <= until]
    return sorted(found, key=lambda each: (each.on, str(each.thing.pk)))
