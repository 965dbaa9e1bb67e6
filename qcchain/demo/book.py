"""Rows on their way into the database, kept by table: the many agreements behind the stories, written in bulk.

Verbs take a hundredth of a second each; a year of two hundred agreements would take minutes. So the rows are made here as
the verbs would have made them, by the same pure rules, with entries of the record through the record's own door.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from random import Random
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.timezone import localdate

from agreements.models import Agreement, AgreementVersion, Clause, Obligation, Signature
from agreements.services.sides import HATS, facts_for, org_of
from audits.models import Audit, AuditProgramme, AuditScore, CorrectiveAction, Finding, FindingText, Response, ResponseEvidence
from foundation.actor import CLOCK, Actor
from jobs.models import Claim
from notices.models import Notification, Todo
from qcchain.demo.firms import Firm
from qcchain.demo.moments import Moments
from qcchain.demo.pictures import LOOKS, SIZE, Kept, keep
from records.models import Evidence, EvidenceShare, Grant, RecordStream
from records.services.entries import Fact, Rows, append_many, entry_rows
from suppliers.models import Paper

# In the order in which they refer to each other.
ORDER: Sequence[type[models.Model]] = (
    RecordStream, Agreement, AgreementVersion, Clause, Signature, Grant, Obligation, Evidence, EvidenceShare, Paper, AuditProgramme, Audit,
    Response, ResponseEvidence, Finding, FindingText, CorrectiveAction, AuditScore, Todo, Notification, Claim,
)  # fmt: skip
# The database refuses a clause of a locked text, and an answer of a submitted audit: these columns are written last.
HELD: dict[type[models.Model], tuple[str, Any]] = {AgreementVersion: ("locked_at", None), Audit: ("state", "notified")}
BATCH = 1000
TOLD_FOR = 40  # days that an inbox looks back


class Book:
    """Everything that the background adds; nothing is in the database before write()."""

    def __init__(self, moments: Moments, random: Random) -> None:
        self.moments, self.random = moments, random
        self._rows: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        self._entries: list[Rows] = []
        self._pictures: dict[str, Kept] = {look: keep(look, 900) for look in LOOKS}
        self._numbers = 0

    def add(self, row: Any) -> Any:
        self._rows[type(row)].append(row)
        return row

    def note(
        self,
        agreement: Agreement,
        kind: str,
        actor: Actor,
        subject_id: UUID,
        payload: dict[str, Any],
        *,
        at: datetime,
        on: date | None = None,
    ) -> None:
        """One line of the common record."""
        fact = Fact(kind, subject_id, payload, effective_on=on)
        self._entries.append(entry_rows(actor=actor, stream=agreement, fact=fact, now=at))

    def by_clock(
        self, agreement: Agreement, kind: str, subject_id: UUID, payload: dict[str, Any], *, at: datetime, on: date | None = None
    ) -> None:
        self.note(agreement, kind, CLOCK, subject_id, payload, at=at, on=on)

    def ask(self, agreement: Agreement, side: str, kind: str, subject_id: UUID, *, at: datetime, due_on: date | None = None) -> None:
        """A line on a side's task list."""
        self.add(
            Todo(
                org_id=org_of(agreement, side), hat=HATS[side], kind=kind, subject_id=subject_id, facts=facts_for(agreement, side),
                due_on=due_on, created_at=at,
            )
        )  # fmt: skip

    def tell(self, agreement: Agreement, side: str, kind: str, subject_id: UUID, *, at: datetime) -> None:
        """A line in a side's inbox, as far back as somebody would look."""
        if (self.moments.now - at).days < TOLD_FOR:
            facts = facts_for(agreement, side)
            self.add(Notification(org_id=org_of(agreement, side), hat=HATS[side], kind=kind, subject_id=subject_id, facts=facts, at=at))

    def picture(self, look: str, owner_of_it: Firm, *, at: datetime, shown_to: UUID | None) -> Evidence:
        """A drawing as evidence of a firm, shared where somebody may see it. Drawn here, so nothing to screen."""
        kept, self._numbers = self._pictures[look], self._numbers + 1
        named = {
            "kind": "jpeg", "mime": "image/jpeg", "name": f"{look}-{self._numbers}.jpg", "size": kept.size, "received_at": at,
            "counts_from": localdate(at),
        }  # fmt: skip
        evidence = self.add(
            Evidence(
                org_id=owner_of_it.id, sha256=kept.sha256, shared_sha256=kept.sha256, original_path=kept.path, shared_path=kept.path,
                width=SIZE[0], height=SIZE[1], person_name=owner_of_it.person, client_id=f"background-{self._numbers}", **named,
            )
        )  # fmt: skip
        if shown_to is not None:
            share = {"evidence_id": evidence.pk, "org_id": owner_of_it.id, "grantee_org_id": shown_to, "granted_at": at}
            self.add(EvidenceShare(sha256=kept.sha256, path=kept.path, **share, **named))
        return evidence

    def write(self) -> None:
        """All rows, table by table, then what only then may be said of them, then the record."""
        held = {model: self._hold_back(model, *column) for model, column in HELD.items()}
        for model in ORDER:
            model._default_manager.bulk_create(self._rows.pop(model, []), batch_size=BATCH)
        if self._rows:
            raise ValueError(f"No place in the order for {sorted(model.__name__ for model in self._rows)}")
        for model, values in held.items():
            column = HELD[model][0]
            for row, value in values:
                setattr(row, column, value)
            model._default_manager.bulk_update([row for row, _value in values], [column], batch_size=BATCH)
        append_many(self._entries)

    def _hold_back(self, model: type[models.Model], column: str, until_then: Any) -> list[tuple[models.Model, Any]]:
        values = [(row, getattr(row, column)) for row in self._rows[model]]
        for row, _value in values:
            setattr(row, column, until_then)
        return values
