"""A file of results on its way in: read, mended cell by cell, confirmed. A long one is a worker's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.functional import lazystr

from agreements.models import MethodEdition
from foundation.actor import Actor, Hat
from foundation.errors import Absent, RuleBroken
from inspections.file_words import file_words
from inspections.models import ResultColumnMemory, ResultFile, ResultImport, ResultImportRow
from inspections.reading import FileMessage, FileRefused
from inspections.selectors.result_files import AT_WORK, result_import_row_for
from inspections.services.result_files_read import clean_text, content_of, digest_of, message_as_dict
from inspections.services.result_files_work import READ, WRITE, file_now, file_plain, read_file_now
from inspections.services.results import OWN_ORIGINS
from jobs.services import put_outbox
from parties.roles import MAY_FILE
from suppliers.imports import canonical, refuse_other_kinds
from suppliers.models import SupplyLink

# What a request reads and files by itself; more is a worker's, with progress.
INSTANT_BYTES = 256 * 1024
INSTANT_SETS = 1000
LONGEST_FILE = 10 * 1024 * 1024
LONGEST_CELL = 400
LONGEST_LINE = 64 * 1024
SIDES = (Hat.OWNER, Hat.SUPPLIER)
States = ResultImport.State


@transaction.atomic
def start_result_import(
    *, actor: Actor, file_name: str, data: bytes, now: datetime, link: SupplyLink | None = None, origin: str = ""
) -> ResultImport:
    """Read a file of results into a preview; nothing is filed yet. A big one is left to a worker ("reading").

    Raises RuleBroken("result_file_empty"), ("result_file_too_large"), ("origin_is_not_yours") or ("result_file_refused") with the reader's words.
    """
    return _kept(actor, _new(actor, file_name, data, link, origin, now), data, now)


@transaction.atomic
def file_results_at_once(
    *, actor: Actor, file_name: str, data: bytes, now: datetime, editions: Mapping[str, str] | None = None,
    link: SupplyLink | None = None, origin: str = "",
) -> ResultImport:  # fmt: skip
    """File a wide sheet in one go, all or nothing: every check is made, and no preview is kept where they find nothing to say ("done").

    Any other file, and one in which anything wants a person's eye, is read into a preview as start_result_import() does, with these editions.
    Safe to repeat. Raises as start_result_import() and name_editions() do.
    """
    batch = _new(actor, file_name, data, link, origin, now)
    batch.facts = {"editions": _editions_that_are(editions or {})}
    try:
        if file_plain(actor, batch, data, now):
            return batch
    except FileRefused as refusal:
        raise _refused(refusal.message) from None
    return _kept(actor, batch, data, now)


def _new(actor: Actor, file_name: str, data: bytes, link: SupplyLink | None, origin: str, now: datetime) -> ResultImport:
    """A file that may be read, not yet saved."""
    _may_file(actor)
    if not data.strip():
        raise RuleBroken("result_file_empty", field="file")
    if len(data) > LONGEST_FILE:
        raise RuleBroken("result_file_too_large", field="file", most=LONGEST_FILE // 1024 // 1024)
    if link is not None and (link.supplier_org_id is None or actor.org_id not in (link.owner_org_id, link.supplier_org_id)):
        raise Absent
    try:
        refuse_other_kinds(file_name, data)  # a big one too, before it is kept for a worker
    except FileRefused as refusal:
        raise _refused(refusal.message) from None
    return ResultImport(
        org_id=actor.org_id, hat=actor.hat.value, link=link, origin=origin_of(actor, origin), file_name=clean_text(file_name)[:120],
        digest=digest_of(data), person_name=actor.person_name, created_at=now, state=States.READING,
    )  # fmt: skip


def _kept(actor: Actor, batch: ResultImport, data: bytes, now: datetime) -> ResultImport:
    batch.save(force_insert=True)
    ResultFile.objects.create(batch=batch, org_id=actor.org_id, data=data)
    return _read(actor, batch, data, now)


def origin_of(actor: Actor, origin: str) -> str:
    """Whose results they are: the firm's own, unless it says that a laboratory made them."""
    mine = OWN_ORIGINS[actor.hat]
    if origin and origin not in mine:
        raise RuleBroken("origin_is_not_yours", field="origin")
    return str(origin or mine[0])


@transaction.atomic
def map_result_columns(
    *, actor: Actor, batch: ResultImport, chosen: Mapping[int, str | None], header_row: int | None = None, now: datetime
) -> ResultImport:
    """A person says which column is which; it is remembered for the firm's next files.

    Once the rows are read, repeating changes nothing. Raises RuleBroken("column_unknown") or ("result_file_refused").
    """
    batch = _locked(actor, batch)
    if batch.state != States.NEEDS_MAPPING:
        return batch
    batch.facts = {
        **batch.facts, "chosen": {str(place): field for place, field in chosen.items()},
        "header_row": batch.facts.get("header_row") or header_row,
    }  # fmt: skip
    try:
        batch = _read(actor, batch, content_of(actor, batch), now)
    except ValueError:
        raise RuleBroken("column_unknown") from None
    if batch.state == States.NEEDS_MAPPING:
        said = next((each for each in batch.facts["messages"] if each["level"] == "error"), None)
        raise _refused(FileMessage("error", said["code"], said["found"], said["facts"]) if said else FileMessage("error", "header_missing"))
    if batch.state == States.PREVIEW:
        headers = {each["index"]: each["header"] for each in batch.facts["columns"]}
        _remember(actor, {headers.get(place, ""): field for place, field in chosen.items()}, now)
    return batch


@transaction.atomic
def forget_result_columns(*, actor: Actor) -> int:
    """Forget what the firm said of its headers; how many they were."""
    _may_file(actor)
    return int(ResultColumnMemory.objects.visible_to(actor).delete()[0])


@transaction.atomic
def name_editions(*, actor: Actor, batch: ResultImport, editions: Mapping[str, str], now: datetime) -> ResultImport:
    """Say by which edition of its method each characteristic of a sheet was measured. An empty one takes the word back.

    Raises RuleBroken("edition_is_not_of_it") and ("result_file_at_work").
    """
    batch = _at_rest(actor, batch)
    _editions_that_are(editions)
    kept = {**(batch.facts.get("editions") or {}), **editions}
    batch.facts = {**batch.facts, "editions": {code: edition for code, edition in kept.items() if edition}}
    return _read(actor, batch, content_of(actor, batch), now)


def _editions_that_are(editions: Mapping[str, str]) -> dict[str, str]:
    """Those that were named, each an edition of a method of its characteristic. Raises RuleBroken("edition_is_not_of_it")."""
    named = {code: edition for code, edition in editions.items() if edition}
    known = dict(MethodEdition.objects.filter(pk__in=named.values()).values_list("pk", "method__characteristic_codes"))
    for code, edition in named.items():
        if code not in (known.get(edition) or ()):
            raise RuleBroken("edition_is_not_of_it", field=code, found=edition[:40])
    return named


@transaction.atomic
def mend_result_row(*, actor: Actor, batch: ResultImport, number: int, cells: Mapping[int, str], now: datetime) -> ResultImportRow:
    """Change cells of a row by their place from 0 (of a line of JSON: the line, place 0); the file is read anew with them, and stays as it came.

    Raises Absent, RuleBroken("result_file_at_work") while a worker has the file, ("cell_too_long"), ("nothing_to_mend").
    """
    batch = _at_rest(actor, batch)
    row = result_import_row_for(actor, batch, number)
    most = LONGEST_CELL if batch.layout != "lines" else LONGEST_LINE
    if any(len(text) > most for text in cells.values()):
        raise RuleBroken("cell_too_long", field="cells", most=most)
    if not all(0 <= place < max(len(row.cells), len(batch.facts.get("columns") or ())) for place in cells):
        raise Absent
    mended = {**batch.mends.get(str(number), {}), **{str(place): clean_text(text).strip() for place, text in cells.items()}}
    batch.mends = {**batch.mends, str(number): mended}
    _read(actor, batch, content_of(actor, batch), now)
    return row if batch.state in AT_WORK else result_import_row_for(actor, batch, number)


@transaction.atomic
def confirm_result_import(*, actor: Actor, batch: ResultImport, now: datetime) -> int:
    """File every ready row; how many sets were new. Many are left to a worker ("writing"), and 0 is the answer.

    Rows to mend stay, to be confirmed later. Safe to repeat. Raises RuleBroken("nothing_to_file").
    """
    batch = _locked(actor, batch)
    if batch.state == States.WRITING:
        return 0
    if batch.state not in (States.PREVIEW, States.DONE):
        raise RuleBroken("nothing_to_file")
    if not ResultFile.objects.visible_to(actor).filter(batch=batch).exists():
        return 0  # all of it was filed
    if batch.totals.get("sets", 0) > INSTANT_SETS:
        batch.state, batch.rows_done, batch.cancel_asked_at = States.WRITING, 0, None
        batch.save()
        _put(actor, WRITE, batch, now)
        return 0
    return file_now(actor, batch, content_of(actor, batch), now)


@transaction.atomic
def cancel_result_import(*, actor: Actor, batch: ResultImport, now: datetime) -> ResultImport:
    """Stop. A file that is read or asks something is thrown away; one that is filed stops, and what was filed stands."""
    batch = _locked(actor, batch)
    if batch.state == States.WRITING:
        batch.state = States.PREVIEW
    elif batch.state in (States.READING, States.NEEDS_MAPPING, States.PREVIEW):
        batch.state = States.CANCELLED
        ResultFile.objects.visible_to(actor).filter(batch=batch).delete()
        ResultImportRow.objects.visible_to(actor).filter(batch=batch).delete()
    else:
        return batch
    batch.cancel_asked_at = now
    batch.save()
    return batch


def _read(actor: Actor, batch: ResultImport, data: bytes, now: datetime) -> ResultImport:
    if len(data) > INSTANT_BYTES:
        batch.state, batch.rows_done, batch.rows_total = States.READING, 0, 0
        batch.save()
        _put(actor, READ, batch, now)
        return batch
    try:
        return read_file_now(actor, batch, data, now)
    except FileRefused as refusal:
        raise _refused(refusal.message) from None


def _put(actor: Actor, task: str, batch: ResultImport, now: datetime) -> None:
    """The moment is part of the key: a file may be read and confirmed again after a cell was mended."""
    put_outbox(
        task, key=f"{batch.pk}:{now.isoformat()}", import_id=str(batch.pk), org_id=str(actor.org_id), person_id=str(actor.person_id),
        hat=actor.hat.value,
    )  # fmt: skip


def _remember(actor: Actor, said: Mapping[str, str | None], now: datetime) -> None:
    memory = [
        ResultColumnMemory(org_id=actor.org_id, header=clean_text(canonical(header))[:200], field=field, said_at=now)
        for header, field in said.items()
        if canonical(header)
    ]
    unique = list({each.header: each for each in memory}.values())
    ResultColumnMemory.objects.bulk_create(
        unique, update_conflicts=True, unique_fields=["org_id", "header"], update_fields=["field", "said_at"]
    )


def _may_file(actor: Actor) -> None:
    actor.must_wear(*SIDES)
    actor.must_hold(*MAY_FILE)


def _locked(actor: Actor, batch: ResultImport) -> ResultImport:
    """Two people at one file take turns."""
    actor.must_act_for(batch.org_id, *SIDES)
    actor.must_hold(*MAY_FILE)
    found: ResultImport | None = ResultImport.objects.visible_to(actor).select_for_update().filter(pk=batch.pk, hat=actor.hat.value).first()
    if found is None:
        raise Absent
    return found


def _at_rest(actor: Actor, batch: ResultImport) -> ResultImport:
    batch = _locked(actor, batch)
    if batch.state in AT_WORK:
        raise RuleBroken("result_file_at_work")
    if batch.state not in (States.PREVIEW, States.DONE) or not ResultFile.objects.visible_to(actor).filter(batch=batch).exists():
        raise RuleBroken("nothing_to_mend")
    return batch


def _refused(message: FileMessage) -> RuleBroken:
    # Lazy, because an error may be said in both languages.
    return RuleBroken("result_file_refused", field="file", words=lazystr(_Said(message)), message=message_as_dict(message))


class _Said:
    def __init__(self, message: FileMessage) -> None:
        self.message = message

    def __str__(self) -> str:
        return file_words(self.message)
