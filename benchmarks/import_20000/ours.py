"""The product's own path in a process of its own: uploaded, read by the worker's task, confirmed, written by the worker's task."""

from __future__ import annotations

import resource
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.hands import obey  # noqa: E402
from foundation.actor import Hat, acting_as, as_actor  # noqa: E402
from jobs.models import OutboxEvent  # noqa: E402
from suppliers.selectors import import_for  # noqa: E402
from suppliers.services.lists import confirm_import, start_import  # noqa: E402
from suppliers.tasks import read_list_in_chunks, write_list_in_chunks  # noqa: E402
from tests.cast import actor  # noqa: E402


def take_in(*, path: str, number: int) -> dict[str, Any]:
    """Seconds of each step; a short list is read and written within the request."""
    chen, data = actor("chen"), Path(path).read_bytes()
    marks = [time.perf_counter()]
    with transaction.atomic(), as_actor(chen):
        batch = start_import(actor=chen, file_name="list.xlsx", data=data, now=timezone.now())
    marks.append(time.perf_counter())
    _work("suppliers.read_list", batch.pk, read_list_in_chunks)
    marks.append(time.perf_counter())
    with transaction.atomic(), as_actor(chen):
        confirm_import(actor=chen, batch=import_for(chen, batch.pk), now=timezone.now())
    _work("suppliers.write_list", batch.pk, write_list_in_chunks)
    marks.append(time.perf_counter())
    steps = [after - before for before, after in pairwise(marks)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": marks[-1] - marks[0], "steps": steps, "peak_mb": peak, "state": _state(chen, batch.pk)}


def _work(task: str, batch_id: Any, run: Any) -> None:
    """What the relay and the worker would do with the event, without their queue."""
    with transaction.atomic(), acting_as(Hat.CLOCK):
        events = list(OutboxEvent.objects.filter(task=task, done_at=None, payload__import_id=str(batch_id)))
    for event in events:
        run(key=event.key, **event.payload)


def _state(chen: Any, batch_id: Any) -> str:
    with transaction.atomic(), as_actor(chen):
        return str(import_for(chen, batch_id).state)


if __name__ == "__main__":
    obey(take_in)
