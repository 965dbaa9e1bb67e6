"""One writer of the product: the verb in a transaction of its own with the hat on, all writers in one stream."""

from __future__ import annotations

import os
import time
from types import SimpleNamespace

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qcchain.settings.base")
django.setup()

from django.utils import timezone  # noqa: E402

from benchmarks.append.stream import STREAM  # noqa: E402
from benchmarks.hands import obey  # noqa: E402
from foundation.actor import as_actor  # noqa: E402
from records.services.entries import append_entry  # noqa: E402
from tests.cast import BY_NAME, actor  # noqa: E402


def write(*, lane: str, seconds: float, most: int, number: int) -> dict[str, int]:
    chen = actor("chen")
    stream = SimpleNamespace(stream_id=STREAM, owner_org_id=chen.org_id, supplier_org_id=BY_NAME["lin"].org_id)
    done, end = 0, time.perf_counter() + seconds
    while done < most and time.perf_counter() < end:
        with as_actor(chen):
            append_entry(
                actor=chen, stream=stream, kind="document_filed", subject_id=STREAM, payload={"fact": f"{number}-{done}"}, now=timezone.now()
            )  # fmt: skip
        done += 1
    return {"done": done}


if __name__ == "__main__":
    obey(write)
