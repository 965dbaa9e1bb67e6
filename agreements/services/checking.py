"""What is asked of a text before it is kept: each clause by itself, and each limit against the library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from agreements.checklist_links import checklists_offered
from agreements.clauses import Edition, Known, library_problems, problems
from agreements.limits import superseded_by
from agreements.models import Agreement, AgreementVersion, Clause
from agreements.selectors import current_version
from agreements.selectors.library import characteristics, editions
from agreements.services.sides import MAY_WRITE
from agreements.words import LABELS
from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken


def check_clause(order: int, clause_type: str, params: Mapping[str, Any], texts: tuple[str, ...] = ()) -> None:
    """Raise the first thing wrong with a clause, with its number and the field's name."""
    for problem in problems(clause_type, params, *texts):
        raise RuleBroken(problem.code, field=problem.field, **place_of(order, problem.field), **problem.facts)


def place_of(order: int, name: str) -> dict[str, Any]:
    """Where something is wrong: the number of the clause, and what the field is called."""
    return {"clause": order, "label": LABELS.get(name, name)}


def check_checklist(actor: Actor, order: int, params: Mapping[str, Any], *, was: str = "") -> None:
    """Raise RuleBroken("clause_checklist_unknown") where a clause names a checklist that the actor is not offered; what stood may stand."""
    code = params.get("checklist")
    if code is None or code == was or code in {each for each, _zh, _en in checklists_offered(actor)}:
        return
    raise RuleBroken("clause_checklist_unknown", field="checklist", **place_of(order, "checklist"))


class Library:
    """What the library says of limits that bind from a day on; read once for a whole text."""

    def __init__(self, on: date) -> None:
        rows = editions()
        self.on = on
        self.known = {row.code: Known(row.unit, row.kind) for row in characteristics()}
        self.editions = {
            row.code: Edition(
                row.code, since=row.valid_from, until=row.valid_to + timedelta(days=1) if row.valid_to else None,
                superseded_by=superseded_by(row.code, rows, on=on),
            )
            for row in rows
        }  # fmt: skip

    def check(self, order: int, clause_type: str, params: Mapping[str, Any]) -> None:
        """Raise the first thing that the library says against a limit: another unit, or an edition that no longer stands."""
        for problem in library_problems(clause_type, params, known=self.known, editions=self.editions, on=self.on):
            raise RuleBroken(problem.code, field=problem.field, **place_of(order, problem.field), **problem.facts)


def check_text(clauses: Iterable[Clause], *, on: date) -> None:
    """Raise the first thing wrong with any clause of a text that binds from that day."""
    library = Library(on)
    for clause in clauses:
        check_clause(clause.order, clause.type, clause.params)
        library.check(clause.order, clause.type, clause.params)


def open_draft(actor: Actor, agreement: Agreement) -> tuple[Agreement, AgreementVersion]:
    """The draft under a lock, so that it is not sent while it is changed; refuses what is no draft any more."""
    actor.must_act_for(agreement.owner_org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    agreement = Agreement.objects.visible_to(actor).select_for_update().get(pk=agreement.pk)
    version = current_version(actor, agreement)
    if version.state != AgreementVersion.State.DRAFT:
        raise RuleBroken("agreement_is_no_draft")
    return agreement, version
