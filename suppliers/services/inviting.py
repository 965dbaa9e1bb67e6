"""Inviting and reminding many: counted first, done in steps that each commit, each firm once, safe to begin again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from foundation.actor import CLOCK, Actor, Hat, acting_as, as_actor
from foundation.errors import RuleBroken
from jobs.models import Job
from jobs.services import once, put_outbox
from notices.services import close_todo, put_todo
from parties.roles import MAY_WRITE
from suppliers.filters import Wanted
from suppliers.models import SupplyLink
from suppliers.selectors import links_matching
from suppliers.selectors.invitations import INVITE, REMIND, open_invitations
from suppliers.services.invitations import invite, remind_of

TASK = "suppliers.work_invitations"
AT_ONCE, STEP, MOST_PICKED = 200, 200, 5000


@transaction.atomic
def start_inviting(*, actor: Actor, job_id: UUID, do: str, wanted: Wanted | None = None, ids: Sequence[UUID] = (), now: datetime) -> Job:
    """Invite (or remind) every line that was picked or that fits `wanted`; up to 200 at once, more by a worker. Once for each `job_id`.

    A firm that has joined, was declined or has an open invitation is not invited by this. Raises RuleBroken("nothing_to_invite")
    or ("nobody_waits") when there is nobody.
    """
    actor.must_act_for(actor.org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)
    there = Job.objects.visible_to(actor).filter(pk=job_id).first()
    if there is not None:
        return there
    facts: dict[str, Any] = {"ids": [str(each) for each in ids[:MOST_PICKED]]} if wanted is None else {"filters": wanted.chosen()}
    total = _meant(actor, do, facts, now).order_by().count()
    if not total:
        raise RuleBroken("nothing_to_invite" if do == INVITE else "nobody_waits")
    job = Job.objects.create(
        id=job_id, org_id=actor.org_id, kind=do, total=total, facts={**facts, "last": "", "sent": 0, "no_phone": 0}, created_at=now
    )
    if total <= AT_ONCE:
        while _step(actor, job_id, now):
            pass
        job.refresh_from_db()
    else:
        put_outbox(TASK, key=f"inviting:{job.pk}", job_id=str(job.pk), org_id=str(actor.org_id), person_id=str(actor.person_id))
    return job


def work_invitations(*, actor: Actor, job_id: UUID, now: datetime) -> None:
    """Go on where the last step was committed, to the end."""
    while True:
        with transaction.atomic(), as_actor(actor):
            if not _step(actor, job_id, now):
                return


def give_up(*, org_id: UUID, job_id: UUID, now: datetime) -> None:
    """Whoever asked may not invite any more: nobody else is invited for them."""
    with transaction.atomic(), acting_as(Hat.OWNER, org_id=org_id):
        Job.objects.filter(pk=job_id).exclude(state="done").update(state="failed", ended_at=now)


def _step(actor: Actor, job_id: UUID, now: datetime) -> bool:
    """The next 200 lines of a job, under its lock; whether there may be more."""
    job = Job.objects.visible_to(actor).select_for_update().filter(pk=job_id).first()
    if job is None or job.state in ("done", "failed"):
        return False
    rows = _meant(actor, job.kind, job.facts, now).order_by("pk")
    if job.facts["last"]:
        rows = rows.filter(pk__gt=UUID(job.facts["last"]))
    lines = list(rows[:STEP])
    if lines:
        sent = _invite(actor, lines, now) if job.kind == INVITE else _remind(actor, lines, now)
        silent = sum(1 for line in lines if not line.phone)
        job.facts = {**job.facts, "last": str(lines[-1].pk), "sent": job.facts["sent"] + sent, "no_phone": job.facts["no_phone"] + silent}
    more = len(lines) == STEP
    Job.objects.visible_to(actor).filter(pk=job_id).update(
        state="running" if more else "done", done=min(job.done + len(lines), job.total) if more else job.total,
        facts=job.facts, ended_at=None if more else now,
    )  # fmt: skip
    return more


def _meant(actor: Actor, do: str, facts: dict[str, Any], now: datetime) -> Any:
    """The lines of a job that it still concerns."""
    if "ids" in facts:
        rows = SupplyLink.objects.visible_to(actor).filter(pk__in=[UUID(each) for each in facts["ids"]])
    else:
        rows = links_matching(actor, **facts["filters"])
    rows = rows.filter(supplier_org_id=None)
    if do == REMIND:
        return rows.filter(state=SupplyLink.State.INVITED, invited_until__gt=now)
    over = Q(state=SupplyLink.State.INVITED) & (Q(invited_until=None) | Q(invited_until__lte=now))
    # Of "all that match", nobody who said "this is not us" is asked again; somebody picked by hand is.
    picked = Q(state=SupplyLink.State.DECLINED) if "ids" in facts else Q(pk__in=[])
    return rows.filter(Q(state=SupplyLink.State.LISTED) | over | picked)


def _invite(actor: Actor, lines: list[SupplyLink], now: datetime) -> int:
    made = len(invite(actor=actor, links=lines, now=now))
    if not SupplyLink.objects.visible_to(actor).filter(state=SupplyLink.State.INVITED, invited_until__lte=now).exists():
        close_todo(kind="invitations_ran_out", subject_id=actor.org_id, now=now)
    return made


def _remind(actor: Actor, lines: list[SupplyLink], now: datetime) -> int:
    with_phone = {line.pk: line for line in lines if line.phone}
    opened = open_invitations(actor, with_phone.values(), now=now)
    return remind_of(actor, [(opened[pk], line) for pk, line in with_phone.items() if pk in opened], now=now)


def sweep_run_out(now: datetime) -> int:
    """Tell each owner whose invitations have run out since it was last told: one line for all of them. As the clock."""
    with transaction.atomic(), acting_as(Hat.CLOCK):
        over = SupplyLink.objects.visible_to(CLOCK).filter(state=SupplyLink.State.INVITED, invited_until__lte=now)
        owners: dict[UUID, list[SupplyLink]] = {}
        for line in over.only("owner_org_id", "name_zh", "name_en", "invited_until").order_by("owner_org_id", "invited_until", "pk"):
            owners.setdefault(line.owner_org_id, []).append(line)
        told = 0
        for owner, lines in owners.items():
            newest = max(line.invited_until for line in lines if line.invited_until)
            if once("suppliers.tell_run_out", f"{owner}:{newest.isoformat()}", now=now):
                facts = {"other_zh": _and_more(lines, "zh"), "other_en": _and_more(lines, "en")}
                put_todo(org_id=owner, hat=Hat.OWNER, kind="invitations_ran_out", subject_id=owner, facts=facts, now=now)
                told += 1
        return told


def _and_more(lines: list[SupplyLink], language: str) -> str:
    first = lines[0].name_zh if language == "zh" or not lines[0].name_en else lines[0].name_en
    if len(lines) == 1:
        return first
    return f"{first} 等 {len(lines)} 家企业" if language == "zh" else f"{first} and {len(lines) - 1} more"
