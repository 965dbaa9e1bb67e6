"""Takes one file in: a dry run to see what would happen, then the import, as the documentation's example; or tuned, without the dry run."""

import os
import time
from pathlib import Path

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.anchors.import_rows.settings"
django.setup()

from tablib import Dataset  # noqa: E402

from benchmarks.anchors.import_rows.models import Supplier  # noqa: E402
from benchmarks.anchors.import_rows.resources import SupplierResource, TunedResource  # noqa: E402
from benchmarks.hands import obey  # noqa: E402


def take_in(*, path: str, how: str, number: int) -> dict[str, float]:
    Supplier.objects.all().delete()
    began = time.perf_counter()
    dataset = Dataset().load(Path(path).read_bytes(), format="xlsx")
    if how == "documented":
        resource = SupplierResource()
        if not resource.import_data(dataset, dry_run=True).has_errors():
            resource.import_data(dataset, dry_run=False)
    else:
        TunedResource().import_data(dataset, dry_run=False)
    return {"seconds": time.perf_counter() - began}


if __name__ == "__main__":
    obey(take_in)
