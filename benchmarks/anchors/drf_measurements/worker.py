"""Takes one CSV in, a measurement a reading: read by csv, validated by the serializer, written by bulk_create."""

import csv
import os
import time
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.anchors.drf_measurements.settings"
django.setup()

from django.db import transaction  # noqa: E402

from benchmarks.anchors.drf_measurements.models import Measurement  # noqa: E402
from benchmarks.anchors.drf_measurements.serializers import MeasurementSerializer, TunedSerializer  # noqa: E402
from benchmarks.hands import obey  # noqa: E402
from benchmarks.measurements_1000000.sheet import COLUMNS  # noqa: E402

CODES = {name: code for code, name, *_rest in COLUMNS}


def measurements(path):
    with Path(path).open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        header, units = next(rows), next(rows)
        heads = [(CODES[title.split(" x")[0]], int(title.split(" x")[1])) for title in header[1:]]
        for lot, *cells in rows:
            for (code, position), unit, cell in zip(heads, units[1:], cells, strict=True):
                if cell:
                    yield {"lot": lot, "characteristic": code, "position": position, "value": cell, "unit": unit}


def take_in(*, path: str, how: str, number: int) -> dict[str, float]:
    Measurement.objects.all().delete()
    began = time.perf_counter()
    data = list(measurements(path))
    with transaction.atomic():
        serializer = (MeasurementSerializer if how == "documented" else TunedSerializer)(data=data, many=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
    return {"seconds": time.perf_counter() - began}


if __name__ == "__main__":
    obey(take_in)
