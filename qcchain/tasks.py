"""The beat's one task: each app's clock work, one after the other. Beat is not trusted; the database knows what is due."""

import logging

from celery import shared_task
from django.db import connection, transaction
from django.utils import timezone

from foundation.actor import Hat, acting_as
from jobs.services import beat
from qcchain.ticking import CLOCKWORK

log = logging.getLogger(__name__)


@shared_task(name="qcchain.tick")
def tick() -> None:
    """Ask every app what is due now. Two ticks at once: the second finds the lock taken and goes home."""
    now = timezone.now()
    for name, work in CLOCKWORK.items():
        try:
            with transaction.atomic(), acting_as(Hat.CLOCK):
                with connection.cursor() as cursor:
                    cursor.execute("select pg_try_advisory_xact_lock(hashtext(%s))", [f"qcchain tick {name}"])
                    if not cursor.fetchone()[0]:
                        continue
                work(now)
        except Exception:
            log.exception("the tick of %s failed; the next one tries again", name)
    beat("tick", now=now)
