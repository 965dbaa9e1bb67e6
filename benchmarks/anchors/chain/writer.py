"""One writer of the anchor or of the limit, until the time or the amount is up."""

import hashlib
import json
import os
import time
import uuid

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.anchors.chain.settings"
django.setup()

from django.db import transaction  # noqa: E402

from benchmarks.anchors.chain.models import Line, Log, PlainEntry, PlainPayload  # noqa: E402
from benchmarks.hands import obey  # noqa: E402

STREAM = uuid.UUID(int=1)


@transaction.atomic
def chained(text: str) -> None:
    log = Log.objects.select_for_update().get(pk=1)
    digest = hashlib.sha256((log.head + text).encode()).hexdigest()
    Line.objects.create(log=log, text=text, previous=log.head, hash=digest)
    log.head = digest
    log.save()


@transaction.atomic
def plain(text: str) -> None:
    entry = PlainEntry.objects.create(stream_id=STREAM, kind="document_filed", canonical=text * 10, leaf=b"x" * 32)
    PlainPayload.objects.create(entry=entry, text=text, salt=b"x" * 32)


LANES = {"anchor": chained, "limit": plain}


def write(*, lane: str, seconds: float, most: int, number: int) -> dict[str, int]:
    done, end = 0, time.perf_counter() + seconds
    while done < most and time.perf_counter() < end:
        LANES[lane](json.dumps({"fact": f"{number}-{done}"}, separators=(",", ":")))
        done += 1
    return {"done": done}


if __name__ == "__main__":
    obey(write)
