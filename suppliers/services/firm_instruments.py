"""Measuring instruments of a firm, and until when each is calibrated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from foundation.actor import Actor
from foundation.errors import RuleBroken
from notices.services import close_todo
from records.models import Evidence
from suppliers.expiry import next_reminder
from suppliers.firm_words import INSTRUMENT_KINDS
from suppliers.models import Instrument, Site
from suppliers.services.firm_sharing import refresh_shared
from suppliers.services.firm_shelf import add, added_before, check_days, must_keep, save, say_of

TODO = "calibration_due"


@dataclass(frozen=True, slots=True)
class InstrumentSaid:
    """What a firm says of an instrument; `serial` is the number on its plate."""

    kind: str
    serial: str
    site_id: UUID | None = None
    model: str = ""
    calibrated_on: date | None = None
    calibration_due_on: date | None = None
    certificate_number: str = ""

    def columns(self) -> dict[str, Any]:
        """The row's columns. Raises RuleBroken on the field that cannot be."""
        serial = " ".join(self.serial.upper().split())[:60]
        if self.kind not in INSTRUMENT_KINDS:
            raise RuleBroken("instrument_kind_unknown", field="kind")
        if not serial:
            raise RuleBroken("serial_missing", field="serial")
        check_days(calibrated_on=self.calibrated_on, calibration_due_on=self.calibration_due_on)
        if self.calibrated_on and self.calibration_due_on and self.calibration_due_on < self.calibrated_on:
            raise RuleBroken("calibration_days_crossed", field="calibration_due_on")
        return {
            "kind": self.kind, "serial": serial, "site_id": self.site_id, "model": self.model.strip()[:80], "calibrated_on": self.calibrated_on,
            "calibration_due_on": self.calibration_due_on, "certificate_number": self.certificate_number.strip()[:80],
        }  # fmt: skip


@transaction.atomic
def add_instrument(
    *, actor: Actor, said: InstrumentSaid, client_id: UUID, now: datetime, certificate: Evidence | None = None
) -> Instrument:
    """One instrument of the firm. The same `client_id` adds once. Raises RuleBroken("serial_taken"), ("site_unknown") and what columns() says."""
    must_keep(actor, actor.org_id)
    if before := added_before(actor, Instrument, client_id):
        return before
    _check_site(actor, said.site_id)
    row = Instrument(org_id=actor.org_id, **said.columns(), client_id=client_id, created_at=now)
    row.evidence_id = certificate.pk if certificate else None
    row.remind_on = next_reminder(row.calibration_due_on, after=timezone.localdate(now))
    add(row, twin=RuleBroken("serial_taken", field="serial"))
    refresh_shared(org_id=actor.org_id, what="instruments", now=now)
    return row


@transaction.atomic
def edit_instrument(
    *, actor: Actor, instrument: Instrument, said: InstrumentSaid, now: datetime, certificate: Evidence | None = None
) -> Instrument:
    """Say of an instrument what is true now. A later calibration closes the reminder."""
    must_keep(actor, instrument.org_id)
    _check_site(actor, said.site_id)
    today = timezone.localdate(now)
    columns = said.columns()
    columns["remind_on"] = instrument.remind_on
    if columns["calibration_due_on"] != instrument.calibration_due_on:
        columns["remind_on"] = next_reminder(columns["calibration_due_on"], after=today)
        close_todo(kind=TODO, subject_id=instrument.pk, org_id=instrument.org_id, now=now)
    if certificate is not None:
        columns["evidence_id"] = certificate.pk
    save(instrument, say_of(instrument, columns), twin=RuleBroken("serial_taken", field="serial"))
    refresh_shared(org_id=actor.org_id, what="instruments", now=now)
    return instrument


@transaction.atomic
def retire_instrument(*, actor: Actor, instrument: Instrument, now: datetime) -> None:
    """Out of use: nobody is reminded of it any more."""
    must_keep(actor, instrument.org_id)
    Instrument.objects.visible_to(actor).filter(pk=instrument.pk, retired_at=None).update(retired_at=now, remind_on=None)
    close_todo(kind=TODO, subject_id=instrument.pk, org_id=instrument.org_id, now=now)
    refresh_shared(org_id=actor.org_id, what="instruments", now=now)


@transaction.atomic
def take_back_instrument(*, actor: Actor, instrument: Instrument, now: datetime) -> None:
    must_keep(actor, instrument.org_id)
    _check_site(actor, instrument.site_id)
    remind_on = next_reminder(instrument.calibration_due_on, after=timezone.localdate(now))
    Instrument.objects.visible_to(actor).filter(pk=instrument.pk).exclude(retired_at=None).update(retired_at=None, remind_on=remind_on)
    refresh_shared(org_id=actor.org_id, what="instruments", now=now)


def _check_site(actor: Actor, site_id: UUID | None) -> None:
    if site_id is not None and not Site.objects.visible_to(actor).filter(pk=site_id, org_id=actor.org_id, retired_at=None).exists():
        raise RuleBroken("site_unknown", field="site_id")
