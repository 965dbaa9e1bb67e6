"""Which clause of a later text goes on with a duty of the text before it. What comes round in the same rhythm goes on counting. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

# What makes the duties of a clause come round as they do: as long as this stays, a change of anything else starts no new count.
RHYTHM: dict[str, tuple[str, ...]] = {
    "document_required": ("document", "name_zh", "every_months", "within_days"),
    "owner_duty": ("duty", "every_months", "due_day_offset"),
    "process_requirement": ("name_zh", "frequency"),
    "sealed_sample": ("name_zh", "valid_months"),
    "audit_frequency": ("audit", "checklist", "every_months", "every_days"),
}


def rhythm(clause: Any) -> tuple[Any, ...] | None:
    """What two clauses share when one goes on with the other's duties; None for a clause that asks nothing by the calendar."""
    names = RHYTHM.get(clause.type)
    return (clause.type, *(clause.params.get(name) for name in names)) if names else None


def continued(former: Iterable[Any], later: Iterable[Any]) -> dict[UUID, Any]:
    """Of the later clauses, by id: the former clause whose duties it goes on with. Each former clause goes on once."""
    left: dict[tuple[Any, ...], list[Any]] = {}
    for clause in former:
        key = rhythm(clause)
        if key is not None:
            left.setdefault(key, []).append(clause)
    found = {}
    for clause in later:
        waiting = left.get(rhythm(clause) or ())
        if waiting:
            found[clause.pk] = waiting.pop(0)
    return found


class Lines:
    """The texts that were in force, one after the other, as lines of clauses that go on."""

    def __init__(self, versions: Sequence[tuple[date, Sequence[Any]]] = ()) -> None:
        self.began_on: dict[UUID, date] = {}  # clause -> the day from which its duties are counted
        self.before: dict[UUID, list[UUID]] = {}  # clause -> the clauses with whose duties it goes on, newest first
        self.add(versions)

    def add(self, versions: Sequence[tuple[date, Sequence[Any]]]) -> None:
        """One agreement: first day and clauses of each text, in their order."""
        former: Sequence[Any] = ()
        for starts_on, clauses in versions:
            of = continued(former, clauses)
            for clause in clauses:
                old = of.get(clause.pk)
                self.began_on[clause.pk] = self.began_on[old.pk] if old is not None else starts_on
                self.before[clause.pk] = [old.pk, *self.before[old.pk]] if old is not None else []
            former = clauses
