"""A worker's hand for long lists and files of results: it waits for a line on its standard input, then does what is due, as the worker would be told to."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qcchain.settings.test")

import django

django.setup()

from foundation.actor import Hat, acting_as  # noqa: E402
from inspections.services.result_files_work import WRITE  # noqa: E402
from inspections.tasks_files import file_result_file  # noqa: E402
from jobs.models import OutboxEvent  # noqa: E402
from suppliers.tasks import read_list_in_chunks, write_list_in_chunks  # noqa: E402

WORK = {"suppliers.read_list": read_list_in_chunks, "suppliers.write_list": write_list_in_chunks, WRITE: file_result_file}

print("ready", flush=True)
for _ in sys.stdin:
    with acting_as(Hat.CLOCK):
        events = list(OutboxEvent.objects.filter(task__in=WORK, done_at=None))
    for event in events:
        WORK[event.task](key=event.key, **event.payload)
    print(len(events), flush=True)
