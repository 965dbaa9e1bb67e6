"""A list to take away: at once while it is short, else made in the background, kept for a day, and told in the inbox."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from foundation.actor import Actor, Hat, acting_as, as_actor
from foundation.errors import RuleBroken
from jobs.exports import Value
from jobs.models import Job
from jobs.services import put_outbox, run_effect
from notices.services import tell
from suppliers.filters import Wanted
from suppliers.list_documents import export_rows, list_document
from suppliers.models import ExportFile
from suppliers.selectors import EXPORT, links_wanted

AT_ONCE, STEP, KEPT_FOR, MOST_WAITING = 1000, 2000, timedelta(hours=24), 3
TASK = "suppliers.write_export"


@transaction.atomic
def ask_export(*, actor: Actor, job_id: UUID, wanted: Wanted, kind: str, language: str, now: datetime) -> Job:
    """Ask for the file of a long list, once for each `job_id`. Raises RuleBroken("export_runs") at the fourth that waits."""
    actor.must_act_for(actor.org_id, Hat.OWNER)
    mine = Job.objects.visible_to(actor).filter(kind=EXPORT)
    there = mine.filter(pk=job_id).first()
    if there is not None:
        return there
    if mine.filter(state__in=("waiting", "running"), created_at__gt=now - timedelta(hours=1)).count() >= MOST_WAITING:
        raise RuleBroken("export_runs")
    facts = {"filters": wanted.chosen(), "kind": kind, "language": language, "person": actor.person_name}
    total = links_wanted(actor, wanted).order_by().count()
    job = Job.objects.create(id=job_id, org_id=actor.org_id, kind=EXPORT, total=total, facts=facts, created_at=now)
    put_outbox(TASK, key=f"export:{job.pk}", job_id=str(job.pk), org_id=str(actor.org_id))
    return job


def write_export(*, key: str, job_id: UUID, org_id: UUID) -> bool:
    """Read the list step by step, then keep the file and say so in one transaction. Killed on the way, it starts anew; never two files."""
    owner = Actor(hat=Hat.OWNER, org_id=org_id)
    job = _step(owner, job_id, state="running", done=0)
    if job is None or job.state == "done":
        return False
    kind, chosen = job.facts["kind"], job.facts["filters"]
    with override(job.facts["language"]):
        rows = _all_rows(owner, chosen, lambda done: _step(owner, job_id, done=done))
        content = list_document(kind, rows)

    def keep(now: datetime) -> None:
        with as_actor(owner):
            ExportFile.objects.create(
                owner_org_id=org_id, job_id=job_id, name=f"suppliers-{timezone.localdate(now):%Y-%m-%d}.{kind}", kind=kind, content=content,
                size=len(content), created_at=now, expires_at=now + KEPT_FOR,
            )  # fmt: skip
            Job.objects.visible_to(owner).filter(pk=job_id).update(state="done", done=len(rows), total=len(rows), ended_at=now)
        facts = {"other_zh": str(len(rows)), "other_en": str(len(rows))}
        tell(org_id=org_id, hat=Hat.OWNER, kind="export_ready", subject_id=job_id, facts=facts, now=now)

    return run_effect(TASK, key, keep)


def note_export_failed(*, job_id: UUID, org_id: UUID) -> None:
    """The relay tries again; until then the page says that it is not made."""
    _step(Actor(hat=Hat.OWNER, org_id=org_id), job_id, state="failed")


def sweep_exports(*, now: datetime) -> int:
    """Take away files whose day is over. Returns how many."""
    with transaction.atomic(), acting_as(Hat.CLOCK):
        return ExportFile.objects.filter(expires_at__lte=now).delete()[0]


def _all_rows(owner: Actor, chosen: dict[str, str], tell_progress: Callable[[int], Any]) -> list[Sequence[Value]]:
    rows: list[Sequence[Value]] = []
    after = None
    while True:
        # Short transactions: progress is seen from outside, and nothing old is held open.
        with transaction.atomic(), as_actor(owner):
            page = list(links_wanted(owner, Wanted(**chosen), after=after)[:STEP])
            rows += export_rows(page, owner)
        if len(page) < STEP:
            return rows
        after = (page[-1].pinyin_key, page[-1].pk)
        tell_progress(len(rows))


def _step(owner: Actor, job_id: UUID, **changes: Any) -> Job | None:
    with transaction.atomic(), as_actor(owner):
        Job.objects.visible_to(owner).filter(pk=job_id).exclude(state="done").update(**changes)
        return Job.objects.visible_to(owner).filter(pk=job_id).first()
