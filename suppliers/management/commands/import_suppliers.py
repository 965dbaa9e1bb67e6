"""A supplier list from a file into a chain owner's list, by the way that the page takes. What is ready comes in, the rest is reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from foundation.actor import Actor, Hat, acting_as, as_actor
from foundation.errors import RuleBroken
from parties.models import Membership, OrganisationCode, OrgRole
from parties.roles import MAY_FILE
from parties.uscc import clean
from suppliers.forms import LONGEST_LIST
from suppliers.import_words import file_words
from suppliers.imports import FileMessage
from suppliers.models import SupplierImport
from suppliers.preview import summary
from suppliers.row_report import row_report
from suppliers.selectors import asked_once, import_for, import_totals, lookalikes, preview_rows
from suppliers.services.lists import confirm_import, read_row, start_import
from suppliers.services.lists_work import asker, read_list, write_list

STEP = 2000
NO_OWNER, NEEDS_MAPPING = 2, 3  # exit codes beside 0 and 1
REFUSED = {"file_result": "refused", "totals": {}, "rows": [], "alike": [], "added": 0}


class Command(BaseCommand):
    help = (
        "Import a supplier list (.xlsx, .csv) for a chain owner. Nobody is invited. Importing the same file again changes nothing. "
        "Ends with 0 when the list was read (rows to mend are in the report), 1 when it is refused, 2 when there is no such chain owner, "
        "3 when somebody must say on the page which column is which."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--owner", required=True, help="the chain owner's unified social credit code")
        parser.add_argument(
            "--person", default="", help="user name of the colleague it is done for; else who has kept the firm's lists longest"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and report; write nothing")
        parser.add_argument("--report", type=Path, help="what became of every row, as JSON; one line a row if FILE ends in .jsonl")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        if path.stat().st_size > LONGEST_LIST:
            raise CommandError("The file is larger than 10 MB. Split the list in two.")
        actor = _actor(clean(options["owner"]), options["person"])
        with override("en"):
            try:
                report = _dry(actor, path) if options["dry_run"] else _imported(actor, path)
            except RuleBroken as broken:
                self._write(
                    options["report"],
                    {
                        **REFUSED,
                        "file": path.name,
                        "messages": [{**broken.facts.get("message", {"level": "error", "code": broken.code}), "words": broken.words()}],
                    },
                )
                raise CommandError(str(broken.words())) from None
        self._write(options["report"], {"file": path.name, "dry_run": options["dry_run"], **report})
        if report["file_result"] != "read":
            code = NEEDS_MAPPING if report["file_result"] == "needs_mapping" else 1
            raise CommandError(" ".join(message["words"] for message in report["messages"]), returncode=code)
        self.stdout.write(f"{report['summary']} {report['added']} added.")

    def _write(self, path: Path | None, report: dict[str, Any]) -> None:
        if path is not None and path.suffix == ".jsonl":
            lines = [json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in report["rows"]]
            path.write_text("".join(lines), encoding="utf-8")
        elif path is not None:
            path.write_text(json.dumps(report, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")


def _actor(code: str, username: str) -> Actor:
    """Who keeps this firm's lists, today. Raises CommandError."""
    with acting_as(Hat.CLOCK):
        codes = OrganisationCode.objects.filter(Q(verified=code) | Q(claimed=code, verified=None))
        orgs = {found.org_id for found in codes.order_by("verified")}
    with acting_as(Hat.LOBBY):
        orgs &= set(OrgRole.objects.filter(hat=Hat.OWNER, org_id__in=orgs).values_list("org_id", flat=True))
        keepers = Membership.objects.filter(org_id__in=orgs, role__in=MAY_FILE).order_by("valid_from", "id")
        if username:
            keepers = keepers.filter(person__username=username)
        people = list(dict.fromkeys(keepers.values_list("org_id", "person_id")))
    if len(orgs) != 1:
        raise CommandError(
            f"There is no chain owner with the code {code}." if not orgs else f"Several firms claim the code {code}; none is verified.",
            returncode=NO_OWNER,
        )
    found = next((actor for org_id, person_id in people if (actor := asker(org_id, person_id))), None)
    if found is None:
        raise CommandError("Nobody of this firm may keep its lists today.", returncode=NO_OWNER)
    return found


def _dry(actor: Actor, path: Path) -> dict[str, Any]:
    """What would come of it; the transaction is thrown away."""
    with transaction.atomic():
        with as_actor(actor):
            report = _report(actor, _read(actor, path), 0)
        transaction.set_rollback(True)
    return report


def _imported(actor: Actor, path: Path) -> dict[str, Any]:
    batch = _read(actor, path)
    with as_actor(actor):
        before = import_totals(actor, batch)["imported"]
        if batch.state == "preview":
            confirm_import(actor=actor, batch=batch, now=timezone.now())
    write_list(actor=actor, import_id=batch.pk, now=timezone.now())  # a long one is left to a worker: here it is done at once
    with as_actor(actor):
        return _report(actor, import_for(actor, batch.pk), before)


def _read(actor: Actor, path: Path) -> SupplierImport:
    with as_actor(actor):
        batch = start_import(actor=actor, file_name=path.name, data=path.read_bytes(), now=timezone.now())
    read_list(actor=actor, import_id=batch.pk, now=timezone.now())
    with as_actor(actor):
        return import_for(actor, batch.pk)


def _report(actor: Actor, batch: SupplierImport, before: int) -> dict[str, Any]:
    said = [batch.refusal] if batch.refusal else batch.facts["messages"]
    result = {"refused": "refused", "needs_mapping": "needs_mapping"}.get(batch.state, "read")
    totals = import_totals(actor, batch)
    return {
        "import": batch.pk, "file_result": result,
        "reader": {name: batch.facts.get(name) for name in ("encoding", "delimiter", "sheet", "header_row")},
        "columns": {column["header"]: column["field"] for column in batch.facts["columns"] if column["header"]},
        "messages": [{**each, "words": file_words(FileMessage(**each))} for each in said],
        "totals": totals, "added": totals["imported"] - before, "summary": summary({**totals, "asked": asked_once(actor, batch)}),
        "rows": _rows(actor, batch), "alike": [vars(pair) for pair in lookalikes(actor, batch)],
    }  # fmt: skip


def _rows(actor: Actor, batch: SupplierImport) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while found := preview_rows(actor, batch, after=rows[-1]["number"] if rows else 0, limit=STEP):
        rows += [row_report(read_row(row), row.link_id) for row in found]
    return rows
