"""A file of results from the shell, by the way that the page takes; or, with a context file, a check that asks no database."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import override

from foundation.actor import Actor, Hat, acting_as, as_actor
from foundation.errors import RuleBroken
from inspections.file_words import file_words, issue_words, reason_words
from inspections.models import ResultImport
from inspections.reading import FileMessage, Reading, context_from_json, jsonable, place_of, read_file
from inspections.selectors.result_files import result_import_for, result_import_rows
from inspections.services.result_files import confirm_result_import, file_results_at_once, name_editions, start_result_import
from inspections.services.result_files_work import asker, file_in_background, read_in_background
from parties.models import Membership, OrganisationCode, OrgRole
from parties.roles import MAY_FILE
from parties.uscc import clean
from suppliers.models import SupplyLink

STEP = 2000
REFUSED, NOBODY, NEEDS_MAPPING = 1, 2, 3  # exit codes beside 0


class Command(BaseCommand):
    help = (
        "Import results (.csv, .xlsx, .jsonl) of registered lots. Importing the same file again changes nothing. With --context the file is "
        "only checked against lots, characteristics and limits of a JSON file, and no database is asked. Ends with 0 when the file was read "
        "(rows to mend are in the report), 1 when it is refused, 2 when there is no such firm, 3 when somebody must say on the page which "
        "column is which."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--supplier", default="", help="credit code of the supplier that files; with --owner: on that owner's lots alone"
        )
        parser.add_argument("--owner", default="", help="credit code of the chain owner that files, unless --supplier is given")
        parser.add_argument(
            "--person", default="", help="user name of the colleague it is done for; else who has filed for the firm longest"
        )
        parser.add_argument("--origin", default="", choices=["", "self", "customer", "lab", "instrument"], help="whose tests these are")
        parser.add_argument("--edition", action="append", default=[], metavar="CODE=EDITION", help="by which edition a sheet was measured")
        parser.add_argument("--context", type=Path, help="lots, characteristics and limits as JSON: check only")
        parser.add_argument(
            "--at-once",
            action="store_true",
            help="file a wide sheet in one go where nothing in it wants a look; the report has no rows then",
        )
        parser.add_argument("--dry-run", action="store_true", help="read and report; file nothing")
        parser.add_argument("--report", type=Path, help="what became of every row, as JSON; one line a row if FILE ends in .jsonl")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        editions = _editions(options["edition"])
        with override("en"):
            try:
                report = _checked(path, options["context"], editions) if options["context"] else self._imported(path, options, editions)
            except RuleBroken as broken:
                said = broken.facts.get("message", {"level": "error", "code": broken.code})
                refused = {"file_result": "refused", "messages": [{**said, "words": str(broken.words())}], "totals": {}, "rows": []}
                _write(options["report"], {"file": path.name, **refused})
                raise CommandError(str(broken.words())) from None
        _write(options["report"], {"file": path.name, "dry_run": bool(options["dry_run"] or options["context"]), **report})
        if report["file_result"] != "read":
            code = NEEDS_MAPPING if report["file_result"] == "needs_mapping" else REFUSED
            raise CommandError(" ".join(message["words"] for message in report["messages"]), returncode=code)
        totals = report["totals"]
        self.stdout.write(
            f"{totals['rows']} rows: {totals['accepted']} accepted, {totals['warning']} to look at, {totals['duplicate']} known, "
            f"{totals['rejected']} rejected, {totals['skipped']} skipped. {report.get('filed', 0)} sets filed."
        )

    def _imported(self, path: Path, options: dict[str, Any], editions: dict[str, str]) -> dict[str, Any]:
        hat = Hat.SUPPLIER if options["supplier"] else Hat.OWNER
        code = clean(options["supplier"] or options["owner"])
        if not code:
            raise CommandError("Say for whom: --supplier or --owner, or check against a file with --context.", returncode=NOBODY)
        actor = _actor(code, hat, options["person"])
        link = _link(actor, clean(options["owner"])) if options["supplier"] and options["owner"] else None
        with transaction.atomic():
            report = _filed(actor, path, link, options, editions)
            if options["dry_run"]:
                transaction.set_rollback(True)
        return report


def _checked(path: Path, context: Path, editions: dict[str, str]) -> dict[str, Any]:
    """What would come of the file where this context is."""
    if not context.is_file():
        raise CommandError(f"There is no file {context}.")
    try:
        met = context_from_json(json.loads(context.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"{context} is no context file: {type(error).__name__}: {error}") from None
    return _report_of(read_file(path.name, path.read_bytes(), met, editions=editions))


def _report_of(reading: Reading) -> dict[str, Any]:
    table, columns = reading.table, reading.columns
    reader: dict[str, Any] = {"encoding": reading.encoding, "layout": reading.layout}
    if table is not None:
        reader |= {"delimiter": table.delimiter, "sheet": table.sheet}
    if columns is not None:
        reader |= {"header_row": columns.header_row, "unit_row": columns.unit_row, "first_data_row": columns.first_data_row}
    return {
        "file_result": reading.file_result, "reader": {name: value for name, value in reader.items() if value is not None},
        "columns": _columns([(column.header, column.field) for column in columns.columns]) if columns else {},
        "messages": [_message(each) for each in reading.messages], "totals": reading.totals,
        "rows": [_worded({**row.as_dict(), **({"http": row.http} if reading.layout == "lines" else {})}) for row in reading.rows],
    }  # fmt: skip


def _columns(said: list[tuple[str, str | None]]) -> dict[str, str | None]:
    """Header → field; the readings of a characteristic together, as “线密度 x1..x5” → YRN-CNT."""
    told: dict[str, str | None] = {}
    groups: dict[str, list[str]] = {}
    for header, field in said:
        place = place_of(field) if field else None
        if place is None:
            told |= {header: field} if header else {}
        else:
            groups.setdefault(place[0], []).append(header)
            told[f"\0{place[0]}"] = place[0]
    return {_together(groups[name[1:]]) if name.startswith("\0") else name: field for name, field in told.items()}


def _together(headers: list[str]) -> str:
    if len(headers) == 1:
        return headers[0]
    last = re.search(r"\S+$", headers[-1])
    return f"{headers[0]}..{last.group() if last else headers[-1]}"


def _message(message: FileMessage) -> dict[str, Any]:
    return {"level": message.level, "code": message.code, "found": message.found, **jsonable(message.facts), "words": file_words(message)}


def _worded(row: dict[str, Any]) -> dict[str, Any]:
    """A row with its sentences."""
    issues = [{**issue, "words": issue_words(issue)} for issue in row.get("issues", [])]
    note = reason_words(row)
    return {**row, **({"issues": issues} if issues else {}), **({"words": note} if note else {})}


def _filed(actor: Actor, path: Path, link: SupplyLink | None, options: dict[str, Any], editions: dict[str, str]) -> dict[str, Any]:
    now = timezone.now()
    said: dict[str, Any] = {"file_name": path.name, "data": path.read_bytes(), "now": now, "link": link, "origin": options["origin"]}
    with as_actor(actor):
        if options["at_once"] and not options["dry_run"]:
            batch = file_results_at_once(actor=actor, editions=editions, **said)
        else:
            batch = start_result_import(actor=actor, **said)
    read_in_background(actor=actor, import_id=batch.pk, now=now)  # a long one is left to a worker: here it is done at once
    with as_actor(actor):
        batch = result_import_for(actor, batch.pk)
        if editions and batch.state == "preview" and not batch.facts.get("editions"):
            batch = name_editions(actor=actor, batch=batch, editions=editions, now=now)
    read_in_background(actor=actor, import_id=batch.pk, now=now)
    with as_actor(actor):
        batch = result_import_for(actor, batch.pk)
        rows = _rows(actor, batch)
        if batch.state == "preview" and not options["dry_run"]:
            confirm_result_import(actor=actor, batch=batch, now=now)
    file_in_background(actor=actor, import_id=batch.pk, now=now)
    with as_actor(actor):
        return _report(result_import_for(actor, batch.pk), rows)


def _report(batch: ResultImport, rows: list[dict[str, Any]]) -> dict[str, Any]:
    said = [batch.refusal] if batch.refusal else batch.facts.get("messages", [])
    return {
        "import": str(batch.pk), "file_result": {"refused": "refused", "needs_mapping": "needs_mapping"}.get(batch.state, "read"),
        "reader": {name: batch.facts.get(name) for name in ("encoding", "delimiter", "sheet", "header_row") if batch.facts.get(name)},
        "columns": _columns([(column["header"], column["field"]) for column in batch.facts.get("columns", [])]),
        "messages": [{**each, "words": file_words(FileMessage(each["level"], each["code"], each["found"], each["facts"]))} for each in said],
        "totals": batch.totals, "filed": batch.filed, "known": batch.known, "rows": rows,
    }  # fmt: skip


def _rows(actor: Actor, batch: ResultImport) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    after = 0
    while found := result_import_rows(actor, batch, after=after, limit=STEP)[:STEP]:
        rows += [_worded({"row": row.number, "outcome": row.outcome, **row.said}) for row in found]
        after = found[-1].number
    return rows


def _editions(said: list[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in said]
    if any(not sign for _code, sign, _edition in pairs):
        raise CommandError("--edition is CODE=EDITION, such as PH=GB/T 7573-2009.")
    return {code.strip(): edition.strip() for code, _sign, edition in pairs}


def _actor(code: str, hat: Hat, username: str) -> Actor:
    """Who files for this firm, today. Raises CommandError."""
    with acting_as(Hat.CLOCK):
        orgs = set(OrganisationCode.objects.filter(Q(verified=code) | Q(claimed=code, verified=None)).values_list("org_id", flat=True))
    with acting_as(Hat.LOBBY):
        orgs &= set(OrgRole.objects.filter(hat=hat, org_id__in=orgs).values_list("org_id", flat=True))
        keepers = Membership.objects.filter(org_id__in=orgs, role__in=MAY_FILE).order_by("valid_from", "id")
        if username:
            keepers = keepers.filter(person__username=username)
        people = list(dict.fromkeys(keepers.values_list("org_id", "person_id")))
    if len(orgs) != 1:
        words = f"There is no {hat.value} with the code {code}." if not orgs else f"Several firms claim the code {code}; none is verified."
        raise CommandError(words, returncode=NOBODY)
    found = next((actor for org_id, person_id in people if (actor := asker(org_id, person_id, hat.value))), None)
    if found is None:
        raise CommandError("Nobody of this firm may file results today.", returncode=NOBODY)
    return found


def _link(actor: Actor, owner_code: str) -> SupplyLink:
    """The relation with this chain owner. Raises CommandError."""
    with acting_as(Hat.CLOCK):
        owners = OrganisationCode.objects.filter(Q(verified=owner_code) | Q(claimed=owner_code, verified=None))
        ids = set(owners.values_list("org_id", flat=True))
    with as_actor(actor):
        found = list(SupplyLink.objects.visible_to(actor).filter(owner_org_id__in=ids, supplier_org_id=actor.org_id))
    if len(found) != 1:
        raise CommandError(f"There is no relation with a chain owner of the code {owner_code}.", returncode=NOBODY)
    return found[0]


def _write(path: Path | None, report: dict[str, Any]) -> None:
    if path is not None and path.suffix == ".jsonl":
        lines = [json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in report["rows"]]
        path.write_text("".join(lines), encoding="utf-8")
    elif path is not None:
        path.write_text(json.dumps(report, ensure_ascii=False, indent=1, default=str) + "\n", encoding="utf-8")
