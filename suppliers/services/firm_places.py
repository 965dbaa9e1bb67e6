"""Sites of a firm, and what is done there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from secrets import token_urlsafe
from typing import Any
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from foundation.actor import Actor
from foundation.errors import RuleBroken
from parties.reference import chain_nodes, regions
from suppliers.firm_words import CAPACITY_UNITS
from suppliers.models import Instrument, Process, Site
from suppliers.services.firm_shelf import add, added_before, check_step, must_keep, save, say_of


@dataclass(frozen=True, slots=True)
class SiteSaid:
    """What a firm says of a site. `place` is the code of a district, a zone or a town."""

    name: str
    address: str = ""
    place: str = ""
    node_codes: Sequence[str] = ()
    headcount: int | None = None
    floor_notes: str = ""

    def columns(self) -> dict[str, Any]:
        """The row's columns. Raises RuleBroken on the field that cannot be."""
        if not self.name.strip():
            raise RuleBroken("site_name_missing", field="name")
        region, town = _region_and_town(self.place)
        return {
            "name_zh": self.name.strip()[:80], "address": self.address.strip()[:200], "region_code": region, "town_code": town,
            "node_codes": [node.code for node in chain_nodes() if node.code in self.node_codes], "headcount": self.headcount,
            "floor_notes": self.floor_notes.strip()[:500],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProcessSaid:
    """What a firm says of a step that it does at a site; `capacity` is of a month, in `capacity_unit`."""

    site_id: UUID
    node_code: str
    machines: str = ""
    capacity: int | None = None
    capacity_unit: str = ""

    def columns(self) -> dict[str, Any]:
        check_step(self.node_code, field="node_code")
        if self.capacity_unit and self.capacity_unit not in CAPACITY_UNITS:
            raise RuleBroken("unit_unknown", field="capacity_unit")
        if self.capacity is not None and not self.capacity_unit:
            raise RuleBroken("capacity_needs_unit", field="capacity_unit")
        return {**asdict(self), "machines": self.machines.strip()[:200]}


@transaction.atomic
def add_site(*, actor: Actor, said: SiteSaid, client_id: UUID, now: datetime) -> Site:
    """A further place of the actor's firm; its first one is the main site. The same `client_id` adds once."""
    must_keep(actor, actor.org_id)
    if before := added_before(actor, Site, client_id):
        return before
    first = not Site.objects.visible_to(actor).filter(org_id=actor.org_id, is_main=True).exists()
    row = Site(org_id=actor.org_id, **said.columns(), is_main=first, gate_token=token_urlsafe(16), client_id=client_id, created_at=now)
    return add(row, twin=RuleBroken("main_site_stays"))


@transaction.atomic
def edit_site(*, actor: Actor, site: Site, said: SiteSaid) -> Site:
    """Say of a site what is true now."""
    must_keep(actor, site.org_id)
    return save(site, say_of(site, said.columns()), twin=RuleBroken("main_site_stays"))


@transaction.atomic
def retire_site(*, actor: Actor, site: Site, now: datetime) -> None:
    """Take a site out of use; it can be taken back. Raises RuleBroken("main_site_stays") or ("site_in_use")."""
    must_keep(actor, site.org_id)
    if site.is_main:
        raise RuleBroken("main_site_stays")
    if any(model.objects.visible_to(actor).filter(site=site, retired_at=None).exists() for model in (Process, Instrument)):
        raise RuleBroken("site_in_use")
    Site.objects.visible_to(actor).filter(pk=site.pk, retired_at=None).update(retired_at=now)


@transaction.atomic
def take_back_site(*, actor: Actor, site: Site) -> None:
    must_keep(actor, site.org_id)
    Site.objects.visible_to(actor).filter(pk=site.pk).update(retired_at=None)


@transaction.atomic
def add_process(*, actor: Actor, said: ProcessSaid, client_id: UUID, now: datetime) -> Process:
    """A step that the firm does at one of its sites. The same `client_id` adds once.

    Raises RuleBroken("site_unknown"), ("step_unknown"), ("step_at_site_already"), ("capacity_needs_unit").
    """
    must_keep(actor, actor.org_id)
    if before := added_before(actor, Process, client_id):
        return before
    _own_site(actor, said.site_id)
    row = Process(id=uuid7(), org_id=actor.org_id, **said.columns(), client_id=client_id, created_at=now)
    return add(row, twin=RuleBroken("step_at_site_already", field="node_code"))


@transaction.atomic
def edit_process(*, actor: Actor, process: Process, said: ProcessSaid) -> Process:
    must_keep(actor, process.org_id)
    _own_site(actor, said.site_id)
    return save(process, say_of(process, said.columns()), twin=RuleBroken("step_at_site_already", field="node_code"))


@transaction.atomic
def retire_process(*, actor: Actor, process: Process, now: datetime) -> None:
    must_keep(actor, process.org_id)
    Process.objects.visible_to(actor).filter(pk=process.pk, retired_at=None).update(retired_at=now)


@transaction.atomic
def take_back_process(*, actor: Actor, process: Process) -> None:
    """Raises RuleBroken("step_at_site_already") when the step was added again meanwhile, ("site_unknown") when its site is retired."""
    must_keep(actor, process.org_id)
    _own_site(actor, process.site_id)
    process.retired_at = None
    save(process, ["retired_at"], twin=RuleBroken("step_at_site_already"))


def _own_site(actor: Actor, site_id: UUID) -> None:
    if not Site.objects.visible_to(actor).filter(pk=site_id, org_id=actor.org_id, retired_at=None).exists():
        raise RuleBroken("site_unknown", field="site_id")


def _region_and_town(code: str) -> tuple[str, str]:
    if not code:
        return "", ""
    place = next((region for region in regions() if region.code == code and region.kind != "city"), None)
    if place is None:
        raise RuleBroken("place_unknown", field="place")
    return (place.parent or "", place.code) if place.kind == "town" else (place.code, "")
