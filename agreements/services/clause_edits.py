"""The clauses of a draft: changed, added, taken out, put in another order. Each is safe to repeat, and names what it saw."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from agreements.clause_types import OWNERS, SCHEMAS, SIDES
from agreements.clauses import editable, first_wording, rendered, source_is_stale
from agreements.models import Agreement, AgreementVersion, Clause, Proposal
from agreements.proposing import clause_sha
from agreements.selectors import clauses_of
from agreements.selectors.negotiation import wording_of
from agreements.services.checking import Library, check_checklist, check_clause, open_draft, place_of
from agreements.services.draft_proposals import propose_in_draft
from foundation.actor import Actor
from foundation.errors import RuleBroken

MOST_CLAUSES = 100
_ASIDE = 10_000  # above every number, while others move


def clause_row(version: AgreementVersion, order: int, body: Mapping[str, Any]) -> Clause:
    """A clause with its words, from a body of a template: type, side, params, text_zh and text_en with places."""
    params = body["params"]
    return Clause(
        version=version, owner_org_id=version.owner_org_id, supplier_org_id=version.supplier_org_id, order=order, type=body["type"],
        side=body["side"], params=params, text_zh=rendered(body["text_zh"], params), text_en=rendered(body["text_en"], params),
    )  # fmt: skip


@transaction.atomic
def change_clause(*, actor: Actor, clause: Clause, params: Mapping[str, Any], now: datetime, seen: str = "") -> Clause:
    """Change what a draft's clause allows to be changed, and write its words anew.

    `seen` is the SHA-256 of the clause as the form showed it: RuleBroken("clause_changed_meanwhile") says who changed it since.
    Raises RuleBroken with the clause's number and the field's label when a value cannot be, or a limit lost its source.
    """
    agreement, version = open_draft(actor, clause.version.agreement)
    clause = Clause.objects.visible_to(actor).filter(version=version).get(pk=clause.pk)
    changed = _changed(agreement, clause, params)
    check_checklist(actor, clause.order, changed["params"], was=clause.params.get("checklist", ""))
    if seen and seen != clause_sha(clause) and (changed["params"], changed["text_zh"]) != (clause.params, clause.text_zh):
        raise _meanwhile(clause)
    if source_is_stale(clause.params, changed["params"]):
        raise RuleBroken("source_is_of_the_former_limit", field="source", **place_of(clause.order, "source"))
    Library(version.effective_from).check(clause.order, clause.type, changed["params"])
    if changed["params"] != clause.params:
        for name, value in changed.items():
            setattr(clause, name, value)
        clause.changed_by, clause.changed_at = actor.person_name, now
        clause.save(update_fields=[*changed, "changed_by", "changed_at"])
    return clause


def _changed(agreement: Agreement, clause: Clause, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters and both texts as they would be; refuses what the template fixes and what cannot be."""
    after = {**clause.params, **{name: value for name, value in params.items() if value is not None}}
    for name, value in params.items():
        if name not in (*editable(clause.type), *OWNERS.get(clause.type, ())) and clause.params.get(name) != value:
            code = "param_is_the_templates" if name in SCHEMAS[clause.type] else "param_unknown"
            raise RuleBroken(code, field=name, **place_of(clause.order, name))
        if value in (None, "", []) and clause.params.get(name) != value:
            after.pop(name, None)
    wording = wording_of(agreement, clause)
    if wording is None:
        raise RuleBroken("clause_has_fixed_words", clause=clause.order)
    if after.get("checklist") != clause.params.get("checklist"):  # a template's sentence counts the questions of its own checklist
        first = first_wording(clause.type, after)
        wording = (first.zh, first.en)
    check_clause(clause.order, clause.type, after, wording)
    return {"params": after, "text_zh": rendered(wording[0], after), "text_en": rendered(wording[1], after)}


def _meanwhile(clause: Clause) -> RuleBroken:
    at = timezone.localtime(clause.changed_at) if clause.changed_at else None
    said = {"who": clause.changed_by or "–", "at": f"{at:%Y-%m-%d %H:%M}" if at else "–"}
    return RuleBroken("clause_changed_meanwhile", **place_of(clause.order, ""), **said)


@transaction.atomic
def keep_late_edit(
    *, actor: Actor, clause: Clause, params: Mapping[str, Any], note: str = "", client_id: UUID | None = None, now: datetime
) -> Proposal:  # fmt: skip
    """Keep an edit that came after a colleague's, as a proposal beside the clause: nobody's words are lost."""
    agreement, version = open_draft(actor, clause.version.agreement)
    clause = Clause.objects.visible_to(actor).filter(version=version).get(pk=clause.pk)
    clause.version = version
    changed = _changed(agreement, clause, params)
    return propose_in_draft(
        actor=actor, clause=clause, params=changed["params"], text=(changed["text_zh"], changed["text_en"]), note=note,
        client_id=client_id, now=now,
    )  # fmt: skip


@transaction.atomic
def add_clause(
    *, actor: Actor, agreement: Agreement, clause_type: str, params: Mapping[str, Any], side: str = "", after: int | None = None, now: datetime
) -> Clause:  # fmt: skip
    """Add a clause of a type of the library, after the clause of that number or at the end. The same clause added twice is one."""
    agreement, version = open_draft(actor, agreement)
    clauses = clauses_of(actor, version)
    if len(clauses) >= MOST_CLAUSES:
        raise RuleBroken("too_many_clauses", most=MOST_CLAUSES)
    order = min(max(after, 0), len(clauses)) + 1 if after is not None else len(clauses) + 1
    said = {name: value for name, value in params.items() if value not in (None, "", [])}
    check_clause(order, clause_type, said)
    check_checklist(actor, order, said)
    words = first_wording(clause_type, said)
    check_clause(order, clause_type, said, (words.zh, words.en))
    Library(version.effective_from).check(order, clause_type, said)
    body = {"type": clause_type, "side": side or SIDES[clause_type], "params": said, "text_zh": words.zh, "text_en": words.en}
    clause = clause_row(version, order, body)
    clause.changed_by, clause.changed_at = actor.person_name, now
    for other in clauses:
        if clause_sha(other) == clause_sha(clause):
            return other
    _renumber(version, [*clauses[: order - 1], None, *clauses[order - 1 :]])
    clause.save(force_insert=True)
    return clause


@transaction.atomic
def remove_clause(*, actor: Actor, agreement: Agreement, seen: str, now: datetime) -> bool:
    """Take the clause of that SHA-256 out of a draft; False when it is gone already, or says something else by now."""
    _agreement, version = open_draft(actor, agreement)
    clauses = clauses_of(actor, version)
    gone = next((each for each in clauses if clause_sha(each) == seen), None)
    if gone is None:
        return False
    if len(clauses) == 1:
        raise RuleBroken("draft_needs_a_clause")
    gone.delete()
    _renumber(version, [each for each in clauses if each.pk != gone.pk])
    return True


@transaction.atomic
def move_clause(*, actor: Actor, agreement: Agreement, seen: str, to: int, now: datetime) -> Clause:
    """Put the clause of that SHA-256 at that number; the others close up. Asked twice, it stands there."""
    _agreement, version = open_draft(actor, agreement)
    clauses = clauses_of(actor, version)
    moved = next((each for each in clauses if clause_sha(each) == seen), None)
    if moved is None:
        raise RuleBroken("clauses_changed_meanwhile")
    others = [each for each in clauses if each.pk != moved.pk]
    place = min(max(to, 1), len(clauses)) - 1
    _renumber(version, [*others[:place], moved, *others[place:]])
    moved.order = place + 1
    return moved


def _renumber(version: AgreementVersion, wanted: list[Clause | None]) -> None:
    """Give the clauses their numbers; a None keeps its place free. A number stands once at any instant, so they step aside first."""
    moved = {each.pk: order for order, each in enumerate(wanted, start=1) if each is not None and each.order != order}
    if not moved:
        return
    rows = Clause.objects.filter(version=version)
    rows.filter(pk__in=moved).update(order=F("order") + _ASIDE)
    for pk, order in moved.items():
        rows.filter(pk=pk).update(order=order)
