"""Reference data into the database: places, chain nodes, working days, the library, templates, checklists."""

import csv
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from agreements.models import AgreementTemplate
from agreements.services.library_files import load_files
from audits.checklist_body import whole
from audits.models import ChecklistVersion, Question
from parties.models import ChainNode, Region, WorkingDay

REFERENCE = Path(settings.ROOT) / "parties" / "reference"


class Command(BaseCommand):
    help = "Load the library's files. Published templates and checklists are never edited: a change is a new code."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        self._regions()
        self._nodes()
        self._working_days()
        load_files(now=timezone.now())
        for path in sorted((Path(settings.ROOT) / "agreements" / "library").glob("*-[0-9]*.json")):
            self._template(json.loads(path.read_text(encoding="utf-8")))
        for path in sorted((Path(settings.ROOT) / "audits" / "library").glob("*.json")):
            self._checklist(json.loads(path.read_text(encoding="utf-8")))

    def _regions(self) -> None:
        fields = ["kind", "parent_id", "name_zh", "name_en", "pinyin", "tile_col", "tile_row"]
        rows = [
            Region(
                code=r["code"], kind=r["kind"], parent_id=r["parent"] or None, name_zh=r["name_zh"], name_en=r["name_en"], pinyin=r["pinyin"],
                tile_col=int(r["tile_col"]) if r["tile_col"] else None, tile_row=int(r["tile_row"]) if r["tile_row"] else None,
            )
            for r in _rows("regions.csv")
        ]  # fmt: skip
        Region.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=fields)

    def _nodes(self) -> None:
        rows = [
            ChainNode(code=r["code"], order=int(r["order"]), name_zh=r["name_zh"], name_en=r["name_en"]) for r in _rows("chain_nodes.csv")
        ]
        ChainNode.objects.bulk_create(rows, update_conflicts=True, unique_fields=["code"], update_fields=["order", "name_zh", "name_en"])

    def _working_days(self) -> None:
        rows = [WorkingDay(day=r["day"], kind=r["kind"]) for r in _rows("working_days.csv")]
        WorkingDay.objects.bulk_create(rows, update_conflicts=True, unique_fields=["day"], update_fields=["kind"])

    def _template(self, body: dict[str, Any]) -> None:
        AgreementTemplate.objects.bulk_create([AgreementTemplate(**body, published_at=timezone.now())], ignore_conflicts=True)

    def _checklist(self, body: dict[str, Any]) -> None:
        if ChecklistVersion.objects.filter(code=body["code"]).exists():
            return
        code, body = body["code"], whole(body)
        questions = body.pop("questions")
        family, _, number = code.rpartition("-")
        version = ChecklistVersion.objects.create(
            **body, code=code, family=family, number=int(number), question_count=len(questions), published_at=timezone.now()
        )
        Question.objects.bulk_create([Question(version=version, order=n, **q) for n, q in enumerate(questions, start=1)])


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
