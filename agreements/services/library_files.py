"""The library's files into the database: what is new is added, what is the same is left, what changed becomes a new revision.

Only the database's owner may do this (`manage.py load_library`). A limit that the platform has changed since stays the platform's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model

from agreements.limits import VALUES
from agreements.models import Characteristic, MethodEdition, ProductKind, ProductStandard, SpecLimit, TestMethod

FOLDER = Path(__file__).resolve().parents[1] / "library"
NAMES = ("characteristics", "methods", "limits", "product_standards")
Row = Mapping[str, Any]


def read_library(folder: Path = FOLDER) -> dict[str, Any]:
    """The four files as they lie in the folder."""
    return {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in NAMES}


@transaction.atomic
def load_files(*, now: datetime, files: Mapping[str, Any] | None = None) -> int:
    """Bring the library up to its files; says how many limits got a new revision. Repeating changes nothing."""
    files = files or read_library()
    _keep(Characteristic, (dict(row) for row in files["characteristics"]))
    _keep(ProductKind, (dict(row) for row in files["product_standards"]["products"]))
    _keep(ProductStandard, ({**_but(row, "product"), "product_id": row["product"]} for row in files["product_standards"]["standards"]))
    _keep(
        TestMethod,
        ({**_but(row, "characteristics", "editions"), "characteristic_codes": row["characteristics"]} for row in files["methods"]),
    )
    editions = [{**edition, "method_id": method["code"]} for method in files["methods"] for edition in method["editions"]]
    _keep(MethodEdition, ({**_but(row, "supersedes"), "supersedes_id": row["supersedes"]} for row in editions), ordered=False)
    return sum(_limit(row, now) for row in files["limits"])


def _but(row: Row, *names: str) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in names}


def _keep(model: type[Model], rows: Iterable[dict[str, Any]], *, ordered: bool = True) -> None:
    """Add new rows and mend the words of known ones; what a characteristic means is held by a trigger."""
    made = [model(**row, **({"order": n} if ordered else {})) for n, row in enumerate(rows, start=1)]
    fields = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    model._default_manager.bulk_create(made, update_conflicts=True, unique_fields=["code"], update_fields=fields)


def _limit(row: Row, now: datetime) -> int:
    """One limit of the files: 1 where it became a revision."""
    place = {
        "characteristic_id": row["characteristic"], "edition_id": row["edition"], "product_id": row["product"] or None,
        "safety_class": row["safety_class"], "grade": row["grade"],
    }  # fmt: skip
    said = {name: row.get(name, "") for name in (*VALUES, "source_zh", "source_en", "read_in")} | {"verified": row["verified"]}
    known = list(SpecLimit.objects.select_for_update().filter(**place).order_by("-revision"))
    ours = next((one for one in known if one.origin == SpecLimit.Origin.LIBRARY), None)
    if ours is not None and all(getattr(ours, name) == value for name, value in said.items()):
        return 0
    if any(one.origin == SpecLimit.Origin.PLATFORM for one in known):
        return 0
    former = next((one for one in known if one.state == SpecLimit.State.RELEASED), None)
    if former is not None:
        former.state, former.ended_at = SpecLimit.State.SUPERSEDED, now
        former.save(update_fields=["state", "ended_at"])
    SpecLimit.objects.create(
        **place, **said, revision=len(known) + 1, origin=SpecLimit.Origin.LIBRARY, state=SpecLimit.State.RELEASED, supersedes=former,
        proposed_at=now, released_at=now,
    )  # fmt: skip
    return 1
