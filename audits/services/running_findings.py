"""A supplier's corrective action from a phone that had no network: each step once, photos sent first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audits.selectors import finding_for
from audits.services.corrective import ActionWords, answer_finding
from audits.services.running_parts import Result, evidence_of, refused_as
from audits.services.sides import must_file
from audits.services.steps import PlanSaid, carry_out, contain_finding, plan_action
from audits.visit_said import FINDING_KINDS, Op, op_of
from foundation.actor import Actor
from foundation.errors import Absent, RuleBroken

Step = Callable[[dict[str, Any], Op], None]


def apply_finding_ops(*, actor: Actor, finding_id: UUID, ops: Iterable[Any], now: datetime) -> list[Result]:
    """Apply a queue's steps in order, each in a transaction of its own: the verbs of a page, under the phone's own ids."""
    finding = finding_for(actor, finding_id)
    must_file(actor, finding.supplier_org_id)
    return [_result(actor, finding_id, raw, now) for raw in ops]


def _result(actor: Actor, finding_id: UUID, raw: Any, now: datetime) -> Result:
    try:
        op = op_of(raw, FINDING_KINDS)
        with transaction.atomic():
            _STEPS[op.kind]({"actor": actor, "finding_id": finding_id, "client_id": str(op.client_id), "now": now}, op)
    except (RuleBroken, Absent) as broken:
        return refused_as(raw, broken)
    return Result(str(op.client_id), "saved", 1)


def _photo(who: dict[str, Any], op: Op) -> None:
    """Its bytes come by themselves; the step that names it waits for them."""


def _answer(who: dict[str, Any], op: Op) -> None:
    said = op.said
    photo = evidence_of(who["actor"], [said["photo"]] if said["photo"] else [])
    answer_finding(**who, said=ActionWords(said["correction"], said["cause"], said["action"]), evidence_id=photo[0] if photo else None)


def _contain(who: dict[str, Any], op: Op) -> None:
    said = op.said
    contain_finding(**who, measures=said["measures"], scope=said["scope"], evidence_ids=evidence_of(who["actor"], said["photos"]))


def _plan(who: dict[str, Any], op: Op) -> None:
    plan_action(**who, said=PlanSaid(**op.said))


def _carry_out(who: dict[str, Any], op: Op) -> None:
    carry_out(**who, done=op.said["done"], evidence_ids=evidence_of(who["actor"], op.said["photos"]))


_STEPS: dict[str, Step] = {"photo": _photo, "answer_finding": _answer, "contain": _contain, "plan": _plan, "carry_out": _carry_out}
