"""The platform keeps the method of the scores: one person drafts and tries it, and proposes it; another approves. Every verb may be repeated.

draft → proposed → in_force → retired; draft or proposed → withdrawn. The scores of the next night are made by it; no former one is touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from onestop.scoring import BANDS, Move, checked, compute, move
from onestop.selectors.facts import facts_of
from onestop.selectors.scores import method_for, method_in_force
from parties.roles import MAY_WRITE
from records.models import ScoreMethod, ScoreTrial
from records.services.evidence import note_looks

State = ScoreMethod.State
LONGEST_WHY = 300
MOST_MOVERS = 50


@transaction.atomic
def draft_method(*, actor: Actor, said: Mapping[str, Any], why: str, client_id: str, now: datetime) -> ScoreMethod:
    """Write down another method, with the reason for it. Asked again with the same client_id, nothing is written.

    Raises RuleBroken with the first rule of onestop.scoring.checked that it breaks, or ("score_method_why_missing") or
    ("score_method_changes_nothing").
    """
    _must_keep(actor)
    known = ScoreMethod.objects.visible_to(actor).filter(client_id=client_id, made_by_id=actor.person_id).first()
    if known is not None:
        return known
    body, why = checked(said), why.replace("\x00", "").strip()[:LONGEST_WHY]
    if not why:
        raise RuleBroken("score_method_why_missing", field="why")
    if method_in_force(actor).body == body:
        raise RuleBroken("score_method_changes_nothing")
    _one_after_the_other()
    newest = ScoreMethod.objects.visible_to(actor).order_by("-number").first()
    return ScoreMethod.objects.create(
        number=newest.number + 1 if newest else 1, body=body, why=why, client_id=client_id, made_at=now, made_by=actor.person_name,
        made_by_id=actor.person_id,
    )  # fmt: skip


@transaction.atomic
def try_method(*, actor: Actor, method_id: UUID, now: datetime) -> ScoreTrial:
    """Say what it would change today: how many firms move, between which bands, and which of them most and why. No score is written."""
    _must_keep(actor)
    method = method_for(actor, method_id)
    if method.state not in (State.DRAFT, State.PROPOSED):
        raise RuleBroken("score_method_is_over")
    stands = method_in_force(actor)
    today = timezone.localdate(now)
    with acting_as(Hat.CLOCK):
        facts = facts_of(today)
        summary, movers = _moved(stands.body, method.body, facts)
        summary["stands"] = stands.number
        return ScoreTrial.objects.create(method=method, as_of=today, at=now, summary=summary, movers=movers)


def _moved(
    before: Mapping[str, Any], after: Mapping[str, Any], facts: Mapping[UUID, dict[str, Any]]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    old, new, parts = Counter[str](), Counter[str](), Counter[str]()
    moves: list[tuple[UUID, Move]] = []
    for org, inputs in facts.items():
        old[compute(before, inputs).band or "none"] += 1
        new[compute(after, inputs).band or "none"] += 1
        found = move(before, after, inputs)
        if found is not None:
            moves.append((org, found))
            parts[found.part] += 1
    moves.sort(key=lambda each: (each[1].before.band == each[1].after.band, -abs(each[1].change or 0), str(each[0])))
    bands = {band: [old[band], new[band]] for band in (*BANDS, "none")}
    changed = sum(each.before.band != each.after.band for _org, each in moves)
    summary = {"firms": len(facts), "moved": len(moves), "change_band": changed, "bands": bands, "parts": dict(parts)}
    return summary, [_line(org, each) for org, each in moves[:MOST_MOVERS]]


def _line(org: UUID, found: Move) -> dict[str, Any]:
    return {
        "org": str(org), "before": found.before.value_hundredths, "after": found.after.value_hundredths, "band_before": found.before.band,
        "band_after": found.after.band, "change": found.change, "part": found.part,
    }  # fmt: skip


def movers_shown(*, actor: Actor, trial: ScoreTrial, now: datetime) -> list[dict[str, Any]]:
    """The firms that move most, for a page that shows them: each of them is told that somebody looked."""
    actor.must_wear(Hat.PLATFORM)
    movers: list[dict[str, Any]] = trial.movers
    note_looks(actor=actor, org_ids=[UUID(each["org"]) for each in movers], what="score", subject_id=trial.method_id, now=now)
    return movers


@transaction.atomic
def propose_method(*, actor: Actor, method_id: UUID, now: datetime) -> ScoreMethod:
    """Lay a tried draft before a second person; from now on it is not changed.

    Raises RuleBroken("score_method_not_tried") or ("score_method_is_over").
    """
    _must_keep(actor)
    row = _held(actor, method_id)
    if row.state == State.PROPOSED:
        return row
    if row.state != State.DRAFT:
        raise RuleBroken("score_method_is_over")
    if not ScoreTrial.objects.visible_to(actor).filter(method=row).exists():
        raise RuleBroken("score_method_not_tried")
    return _moved_on(row, State.PROPOSED, proposed_at=now, proposed_by=actor.person_name, proposed_by_id=actor.person_id)


@transaction.atomic
def approve_method(*, actor: Actor, method_id: UUID, now: datetime) -> ScoreMethod:
    """Put a proposed method in force; the one that stood is retired. What it computed stays as it is. Approved again, nothing changes.

    Raises RuleBroken("score_method_needs_a_second_person"), ("score_method_is_over"), or ("score_method_base_moved") where the method
    against which it was tried is no longer the one that stands.
    """
    _must_keep(actor)
    _one_after_the_other()
    row = _held(actor, method_id)
    if row.state == State.IN_FORCE:
        return row
    if row.state != State.PROPOSED:
        raise RuleBroken("score_method_is_over")
    if row.proposed_by_id == actor.person_id:
        raise RuleBroken("score_method_needs_a_second_person")
    stands = ScoreMethod.objects.visible_to(actor).select_for_update().get(state=State.IN_FORCE)
    tried = ScoreTrial.objects.visible_to(actor).filter(method=row).order_by("-at").first()
    if tried is None or tried.summary["stands"] != stands.number:
        raise RuleBroken("score_method_base_moved")
    _moved_on(stands, State.RETIRED, ended_at=now)
    return _moved_on(row, State.IN_FORCE, approved_at=now, approved_by=actor.person_name, approved_by_id=actor.person_id)


@transaction.atomic
def withdraw_method(*, actor: Actor, method_id: UUID, now: datetime) -> ScoreMethod:
    """Take a draft or a proposal back. Repeating changes nothing. Raises RuleBroken("score_method_is_over") for one that is in force."""
    _must_keep(actor)
    row = _held(actor, method_id)
    if row.state == State.WITHDRAWN:
        return row
    if row.state not in (State.DRAFT, State.PROPOSED):
        raise RuleBroken("score_method_is_over")
    return _moved_on(row, State.WITHDRAWN, ended_at=now)


def _must_keep(actor: Actor) -> None:
    actor.must_wear(Hat.PLATFORM)
    actor.must_hold(*MAY_WRITE)


def _one_after_the_other() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended('onestop.score_methods', 0))")


def _held(actor: Actor, method_id: UUID) -> ScoreMethod:
    method_for(actor, method_id)
    row: ScoreMethod = ScoreMethod.objects.visible_to(actor).select_for_update().get(pk=method_id)
    return row


def _moved_on(row: ScoreMethod, state: State, **facts: Any) -> ScoreMethod:
    row.state = state
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *facts])
    return row
