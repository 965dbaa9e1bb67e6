"""The product's own paths in a process of its own, hat on: filed at once with the editions named, or by preview, person and worker."""

from __future__ import annotations

import resource
import time
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from benchmarks.hands import obey  # noqa: E402
from benchmarks.measurements_1000000.sheet import EDITIONS  # noqa: E402
from foundation.actor import Actor, Hat, acting_as, as_actor  # noqa: E402
from inspections.selectors.result_files import result_import_for  # noqa: E402
from inspections.services.result_files import confirm_result_import, file_results_at_once, name_editions, start_result_import  # noqa: E402
from inspections.tasks_files import file_result_file, read_result_file  # noqa: E402
from jobs.models import OutboxEvent  # noqa: E402
from tests.cast import actor  # noqa: E402

READ, WRITE = "inspections.read_result_file", "inspections.file_result_file"


def take_in(*, path: str, number: int, way: str = "at_once") -> dict[str, Any]:
    """Seconds of the whole and of each step."""
    lin, data = actor("lin"), Path(path).read_bytes()
    batch_id, steps = {"at_once": _at_once, "preview": _by_preview}[way](lin, data)
    with transaction.atomic(), as_actor(lin):
        done = result_import_for(lin, batch_id)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": sum(steps), "steps": steps, "peak_mb": peak, "state": done.state, "filed": done.filed}


def _at_once(lin: Actor, data: bytes) -> tuple[UUID, list[float]]:
    began = time.perf_counter()
    with as_actor(lin):
        batch = file_results_at_once(actor=lin, file_name="sheet.csv", data=data, editions=EDITIONS, now=timezone.now())
    return batch.pk, [time.perf_counter() - began]


def _by_preview(lin: Actor, data: bytes) -> tuple[UUID, list[float]]:
    """Upload, read and preview; name the editions and read again; confirm and file. A short file is read and filed within the request."""
    marks = [time.perf_counter()]
    with transaction.atomic(), as_actor(lin):
        batch = start_result_import(actor=lin, file_name="sheet.csv", data=data, now=timezone.now())
    _work(READ, batch.pk, read_result_file)
    marks.append(time.perf_counter())
    with transaction.atomic(), as_actor(lin):
        name_editions(actor=lin, batch=result_import_for(lin, batch.pk), editions=EDITIONS, now=timezone.now())
    _work(READ, batch.pk, read_result_file)
    marks.append(time.perf_counter())
    with transaction.atomic(), as_actor(lin):
        confirm_result_import(actor=lin, batch=result_import_for(lin, batch.pk), now=timezone.now())
    _work(WRITE, batch.pk, file_result_file)
    marks.append(time.perf_counter())
    return batch.pk, [after - before for before, after in pairwise(marks)]


def _work(task: str, batch_id: Any, run: Any) -> None:
    """What the relay and the worker would do with the event, without their queue."""
    with transaction.atomic(), acting_as(Hat.CLOCK):
        events = list(OutboxEvent.objects.filter(task=task, done_at=None, payload__import_id=str(batch_id)))
    for event in events:
        run(key=event.key, **event.payload)


if __name__ == "__main__":
    obey(take_in)
