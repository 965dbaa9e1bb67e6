"""A team's taps on site, applied one by one: each once, each with its own answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audits.models import Audit, VisitOp
from audits.services import running_answers, running_site
from audits.services.running_parts import Done, Result, Run, must_be_on_team, refused_as
from audits.services.sides import audit_held
from audits.visit_said import VISIT_KINDS, Op, op_of
from foundation.actor import Actor
from foundation.errors import Absent, RuleBroken

HANDLERS: dict[str, Callable[[Run, Op], Done]] = {
    "start": running_site.start,
    "answer": running_answers.answer,
    "resolve": running_answers.resolve,
    "order": running_answers.order,
    "photo": running_site.photo,
    "attach": running_site.attach,
    "detach": running_site.detach,
    "finding": running_site.finding,
    "drop_finding": running_site.drop_finding,
    "look_again": running_site.seen_again,
    "closing": running_site.closing,
}


@transaction.atomic
def apply_ops(*, actor: Actor, audit_id: UUID, ops: Iterable[Any], sent_at: datetime | None, now: datetime) -> list[Result]:
    """Apply a queue's operations in order, each by itself: a refused one does not stop the next. Sent again, each is "repeated"."""
    audit = audit_held(actor, audit_id)
    must_be_on_team(actor, audit)
    skew = round((sent_at - now).total_seconds()) if sent_at else 0
    run = Run(actor, audit, now, max(-(2**31), min(skew, 2**31 - 1)))
    return [_result(run, raw) for raw in ops]


def _result(run: Run, raw: Any) -> Result:
    try:
        op = op_of(raw, VISIT_KINDS)
        before = run.earlier(op.client_id)
        if before is not None:
            return Result(str(op.client_id), "repeated", before.version)
        with transaction.atomic():
            return _applied(run, op)
    except (RuleBroken, Absent) as broken:
        run.audit.refresh_from_db(fields=["state"])
        return refused_as(raw, broken)


def _applied(run: Run, op: Op) -> Result:
    if op.kind != "start" and run.audit.state != Audit.State.IN_PROGRESS:
        raise RuleBroken("visit_not_open")
    done = HANDLERS[op.kind](run, op)
    outcome = VisitOp.Outcome.CONFLICT if done.conflict else VisitOp.Outcome.SAVED
    VisitOp.objects.bulk_create([
        VisitOp(
            audit=run.audit, owner_org_id=run.audit.owner_org_id, client_id=op.client_id, kind=op.kind, subject=done.subject, body=op.body,
            base_version=op.said.get("base_version", 0), version=done.version, outcome=outcome, client_time=op.client_time,
            skew_seconds=run.skew, person_id=run.actor.person_id, person_name=run.actor.person_name, received_at=run.now,
        )
    ])  # fmt: skip
    return Result(str(op.client_id), str(outcome), done.version, more=done.more)
