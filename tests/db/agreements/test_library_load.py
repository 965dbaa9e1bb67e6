"""Loading the library's files as the owner of the database: once, with a change as the next revision."""

import subprocess
import sys

from django.db import transaction

from agreements.services.library import release_limit
from tests import harness
from tests.db.agreements.test_library import OTHER, by, proposed

LOAD = """
import django; django.setup()
from django.utils import timezone
from agreements.models import SpecLimit
from agreements.services.library_files import load_files, read_library
from copy import deepcopy
files = read_library()
again = load_files(now=timezone.now())
newer = deepcopy(files)
for row in newer["limits"]:
    if row["characteristic"] == "PH" and row["safety_class"] in ("A", "B"):
        row["upper"] = "7.0"
made, twice = load_files(now=timezone.now(), files=newer), load_files(now=timezone.now(), files=newer)
back = load_files(now=timezone.now())
print(again, made, twice, back)
print(*SpecLimit.objects.filter(characteristic="PH", safety_class="A").order_by("revision").values_list("state", "upper"))
print(*SpecLimit.objects.filter(characteristic="PH", safety_class="B").order_by("revision").values_list("state", "upper"))
"""


def test_files_are_loaded_once_a_change_is_a_revision_and_the_platforms_word_stays(servers, fresh_database):
    with transaction.atomic():
        draft = proposed()
        by(OTHER, release_limit, limit_id=draft.pk)

    said = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=harness.ROOT, env={**harness.environment(servers, fresh_database), "QCCHAIN_AS_OWNER": "1"},
        check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip

    assert said == [
        "0 1 0 1",
        "('superseded', '7.5') ('superseded', '7.0') ('released', '7.5')",
        "('superseded', '8.5') ('released', '8.0')",
    ]
