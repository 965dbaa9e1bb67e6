"""Lists too long for one request: read and written by a worker, chunk by chunk, stopped, gone on with, never doubled."""

from datetime import timedelta

import pytest

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from jobs.models import OutboxEvent
from jobs.services import once
from notices.models import Notification
from parties.models import Membership
from parties.uscc import check_character
from suppliers.models import ImportRow, LinkGram, ListFile, SupplierImport, SupplyLink
from suppliers.selectors import import_for, import_totals, progress, recent_imports
from suppliers.services import lists, lists_work
from suppliers.services.lists import cancel_import, confirm_import, map_columns, mend_row, start_import, undo_import
from suppliers.services.lists_work import READ, WRITE, asker, read_list, write_list
from suppliers.tasks import read_list_in_chunks, write_list_in_chunks
from tests.cast import actor, key
from tests.db.suppliers.stage import NOW, sample

pytestmark = pytest.mark.django_db
HEADER = "企业名称,统一社会信用代码,联系人,手机号"


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    """Seven rows are many, and a chunk is three."""
    monkeypatch.setattr(lists, "INSTANT_BYTES", 200)
    monkeypatch.setattr(lists, "INSTANT_ROWS", 5)
    monkeypatch.setattr(lists_work, "CHUNK", 3)
    monkeypatch.setattr(lists_work, "WRITE_CHUNK", 3)


@pytest.fixture
def chen():
    with as_actor(actor("chen")):
        yield actor("chen")


def code(n: int) -> str:
    body = f"0DEM0L{n:011d}"
    return body + check_character(body)


def list_of(count: int, header: str = HEADER) -> bytes:
    rows = [f"宁波长单{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{n}号织造有限公司（示例）,{code(n)},周师傅,19000{n:06d}" for n in range(count)]
    return "\n".join([header, *rows]).encode()


def started(chen, count: int = 10, **more) -> SupplierImport:
    return start_import(actor=chen, file_name="long.csv", data=list_of(count, **more), now=NOW)


def again(chen, batch) -> SupplierImport:
    return import_for(chen, batch.pk)


def read(chen, batch) -> SupplierImport:
    read_list(actor=chen, import_id=batch.pk, now=NOW)
    return again(chen, batch)


def numbers(batch) -> list[int]:
    return list(ImportRow.objects.filter(batch=batch).order_by("number").values_list("number", flat=True))


def asked(task: str) -> list[OutboxEvent]:
    with acting_as(Hat.CLOCK):
        return list(OutboxEvent.objects.filter(task=task).order_by("id"))


def found_by(gram: str) -> int:
    """How many lines a search for these two characters would look up."""
    return sum(len(each.link_ids) for each in LinkGram.objects.filter(gram=gram))


def dies(monkeypatch, step: str, chunks: int, work, **about) -> None:
    """A worker that dies when it wants to begin one chunk more."""
    left, original = iter(range(chunks)), getattr(lists_work, step)

    def store(*args, **kwargs):
        if next(left, None) is None:
            raise SystemExit
        return original(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(lists_work, step, store)
        with pytest.raises(SystemExit):
            work(**about, now=NOW)


def test_a_long_list_waits_for_a_worker_and_nothing_is_read_yet(chen):
    batch = started(chen)

    assert (batch.state, batch.rows.count(), batch.file_name) == ("reading", 0, "long.csv")
    assert bytes(ListFile.objects.get(batch=batch).data) == list_of(10)
    assert [event.payload["import_id"] for event in asked(READ)] == [str(batch.pk)]
    assert (progress(batch).is_running, progress(batch).percent) == (True, 0)
    assert recent_imports(chen) == [batch]


def test_a_worker_reads_every_row_and_puts_the_file_away(chen):
    batch = read(chen, started(chen))

    assert (batch.state, batch.rows_done, batch.rows_total, progress(batch).percent) == ("preview", 10, 10, 100)
    assert numbers(batch) == list(range(2, 12))
    assert import_totals(chen, batch)["ready"] == 10
    assert not ListFile.objects.exists()


def test_in_chunks_a_list_comes_out_as_at_once(chen, monkeypatch):
    data = sample("suppliers-utf8.csv")[0]
    long = read(chen, start_import(actor=chen, file_name="a.csv", data=data, now=NOW))
    monkeypatch.setattr(lists, "INSTANT_BYTES", 10**6)
    short = start_import(actor=chen, file_name="a.csv", data=data, now=NOW)

    columns = ("number", "cells", "values", "issues", "outcome", "uscc", "pinyin_key", "initials", "name_core", "grams")
    assert list(long.rows.order_by("number").values(*columns)) == list(short.rows.order_by("number").values(*columns))
    assert (long.facts, long.state) == (short.facts, short.state)


def test_a_worker_killed_between_chunks_is_followed_by_one_that_goes_on(chen, monkeypatch):
    batch = started(chen)
    dies(monkeypatch, "store_lines", 2, read_list, actor=chen, import_id=batch.pk)
    half = again(chen, batch)
    assert (half.state, half.rows_done, half.rows_total, progress(half).percent) == ("reading", 6, 10, 60)
    before = list(ImportRow.objects.filter(batch=batch).order_by("number").values())

    whole = read(chen, batch)

    assert (whole.state, numbers(whole)) == ("preview", list(range(2, 12)))
    assert list(ImportRow.objects.filter(batch=batch).order_by("number").values())[:6] == before


def test_reading_twice_changes_nothing(chen):
    batch = read(chen, started(chen))
    before = list(ImportRow.objects.order_by("id").values())

    read_list(actor=chen, import_id=batch.pk, now=NOW)

    assert list(ImportRow.objects.order_by("id").values()) == before


def test_a_list_that_is_being_read_can_be_stopped_and_leaves_nothing(chen, monkeypatch):
    batch = started(chen)
    dies(monkeypatch, "store_lines", 2, read_list, actor=chen, import_id=batch.pk)

    cancel_import(actor=chen, batch=batch, now=NOW + timedelta(seconds=3))
    read_list(actor=chen, import_id=batch.pk, now=NOW)

    gone = again(chen, batch)
    assert (gone.state, gone.cancel_asked_at, gone.rows.count()) == ("cancelled", NOW + timedelta(seconds=3), 0)
    assert not ListFile.objects.exists()
    with pytest.raises(RuleBroken, match="nothing_to_import"):
        confirm_import(actor=chen, batch=gone, now=NOW)


def test_a_preview_can_be_thrown_away_and_nothing_was_written(chen):
    batch, before = read(chen, started(chen)), SupplyLink.objects.count()

    assert cancel_import(actor=chen, batch=batch, now=NOW).state == "cancelled"
    assert cancel_import(actor=chen, batch=batch, now=NOW + timedelta(hours=1)).cancel_asked_at == NOW

    assert (ImportRow.objects.count(), SupplyLink.objects.count()) == (0, before)


def test_many_ready_rows_are_written_by_a_worker(chen):
    batch, before = read(chen, started(chen)), SupplyLink.objects.count()

    assert confirm_import(actor=chen, batch=batch, now=NOW) == 0
    waiting = again(chen, batch)
    assert (waiting.state, waiting.rows_done, waiting.rows_total, SupplyLink.objects.count()) == ("writing", 0, 10, before)
    assert confirm_import(actor=chen, batch=batch, now=NOW) == 0  # a second tap asks nobody twice
    write_list(actor=chen, import_id=batch.pk, now=NOW)

    done = again(chen, batch)
    assert (done.state, done.done_at, done.rows_done) == ("done", NOW, 10)
    assert import_totals(chen, done)["imported"] == 10
    assert SupplyLink.objects.count() == before + 10
    assert len(asked(WRITE)) == 1
    assert found_by("长单") == 10


def test_writing_goes_on_where_a_killed_worker_was_and_doubles_nothing(chen, monkeypatch):
    batch, before = read(chen, started(chen)), SupplyLink.objects.count()
    confirm_import(actor=chen, batch=batch, now=NOW)
    dies(monkeypatch, "write_rows", 2, write_list, actor=chen, import_id=batch.pk)
    assert (again(chen, batch).rows_done, SupplyLink.objects.count()) == (6, before + 6)

    write_list(actor=chen, import_id=batch.pk, now=NOW)
    write_list(actor=chen, import_id=batch.pk, now=NOW)

    assert SupplyLink.objects.count() == before + 10
    assert ImportRow.objects.filter(batch=batch).imported().values("line_id").distinct().count() == 10


def test_writing_that_is_stopped_keeps_what_stands_and_can_be_undone(chen, monkeypatch):
    batch, before = read(chen, started(chen)), SupplyLink.objects.count()
    confirm_import(actor=chen, batch=batch, now=NOW)
    dies(monkeypatch, "write_rows", 1, write_list, actor=chen, import_id=batch.pk)

    stopped = cancel_import(actor=chen, batch=batch, now=NOW)
    write_list(actor=chen, import_id=batch.pk, now=NOW)

    assert (stopped.state, SupplyLink.objects.count(), import_totals(chen, stopped)["ready"]) == ("done", before + 3, 7)
    assert undo_import(actor=chen, batch=batch, now=NOW) == 3
    assert (SupplyLink.objects.count(), found_by("长单")) == (before, 0)


def test_what_another_list_brought_meanwhile_is_not_doubled(chen):
    first, second = read(chen, started(chen)), read(chen, started(chen, 12))
    for batch in (first, second):
        confirm_import(actor=chen, batch=batch, now=NOW)
        write_list(actor=chen, import_id=batch.pk, now=NOW)

    assert SupplyLink.objects.filter(created_at=NOW).count() == 12
    totals = import_totals(chen, second)
    assert (totals["imported"], totals["duplicate"], totals["ready"]) == (2, 10, 0)


def test_what_another_list_brings_between_chunks_is_not_doubled(chen, monkeypatch):
    batch = read(chen, started(chen))
    confirm_import(actor=chen, batch=batch, now=NOW)
    compare = lists_work.settle_if_stale
    theirs = {"name_zh": "别处来的（示例）", "pinyin_key": "", "owner_name_zh": "", "created_at": NOW}

    def compare_and_then_another_comes(*compared):
        compare(*compared)
        SupplyLink.objects.get_or_create(owner_org_id=chen.org_id, uscc=code(4), defaults=theirs)

    monkeypatch.setattr(lists_work, "settle_if_stale", compare_and_then_another_comes)
    write_list(actor=chen, import_id=batch.pk, now=NOW)

    lines = dict(SupplyLink.objects.filter(created_at=NOW).values_list("uscc", "name_zh"))
    assert (set(lines), lines[code(4)]) == ({code(n) for n in range(10)}, "别处来的（示例）")
    assert found_by("长单") == 9
    totals = import_totals(chen, batch)
    assert (totals["imported"], totals["duplicate"], totals["ready"]) == (9, 1, 0)


@pytest.mark.parametrize("verb", [mend_row, undo_import])
def test_a_list_at_work_is_left_alone(chen, verb):
    batch = read(chen, started(chen))
    confirm_import(actor=chen, batch=batch, now=NOW)
    before = list(ImportRow.objects.order_by("id").values())

    if verb is undo_import:
        assert undo_import(actor=chen, batch=batch, now=NOW) == 0
    else:
        with pytest.raises(RuleBroken, match="list_at_work"):
            mend_row(actor=chen, batch=batch, number=2, field="name_zh", value="别的", now=NOW)

    assert list(ImportRow.objects.order_by("id").values()) == before
    assert again(chen, batch).state == "writing"


def test_a_worker_that_finds_no_list_says_why_and_writes_nothing(chen):
    batch = start_import(actor=chen, file_name="x.xls", data=b"\xd0\xcf\x11\xe0" + b"old" * 100, now=NOW)

    refused = read(chen, batch)

    assert (refused.state, refused.refusal["code"], refused.rows.count()) == ("refused", "workbook_old_or_protected", 0)
    assert not ListFile.objects.exists()
    with pytest.raises(RuleBroken, match="nothing_to_import"):
        confirm_import(actor=chen, batch=refused, now=NOW)


@pytest.mark.parametrize("data", [b"%PDF-1.4\n" + b"a,b\n" * 100, b"MZ\x90\x00" + bytes(400), b"PK\x03\x04" + bytes(400)])
def test_a_long_file_of_another_kind_is_refused_before_it_is_kept(chen, data):
    with pytest.raises(RuleBroken, match="list_refused"):
        start_import(actor=chen, file_name="list.csv", data=data, now=NOW)

    assert not ListFile.objects.exists()
    assert not SupplierImport.objects.exists()


def test_a_worker_that_meets_no_header_asks_and_reads_once_it_is_told(chen):
    batch = read(chen, started(chen, header="甲,乙,丙,丁"))
    assert (batch.state, batch.rows.count(), len(batch.facts["table"]["records"])) == ("needs_mapping", 0, 11)

    batch = map_columns(actor=chen, batch=batch, chosen={0: "name_zh", 1: "uscc", 2: None, 3: "phone"}, now=NOW)
    assert (batch.state, len(asked(READ))) == ("reading", 1)  # at the same moment: the same question
    batch = read(chen, batch)

    assert (batch.state, import_totals(chen, batch)["ready"], import_totals(chen, batch)["rejected"]) == ("preview", 10, 1)
    assert not ListFile.objects.exists()


def test_the_task_reads_writes_and_claims_in_the_name_of_who_asked(chen):
    batch = started(chen)
    event = asked(READ)[0]

    read_list_in_chunks(key=event.key, **event.payload)
    confirm_import(actor=chen, batch=batch, now=NOW)
    order = asked(WRITE)[0]
    write_list_in_chunks(key=order.key, **order.payload)

    assert again(chen, batch).state == "done"
    assert all(event.done_at for event in (*asked(READ), *asked(WRITE)))
    with acting_as(Hat.CLOCK):
        assert [once(task, key, now=NOW) for task, key in ((READ, event.key), (WRITE, order.key))] == [False, False]
        told = list(Notification.objects.filter(subject_id=batch.pk).order_by("at").values_list("kind", "hat", "org_id"))
    assert told == [("list_read", "owner", chen.org_id), ("list_written", "owner", chen.org_id)]


def test_the_task_of_a_cancelled_list_is_done_and_reads_nothing(chen):
    batch = started(chen)
    cancel_import(actor=chen, batch=batch, now=NOW)
    event = asked(READ)[0]

    read_list_in_chunks(key=event.key, **event.payload)

    assert asked(READ)[0].done_at is not None
    assert (again(chen, batch).state, ImportRow.objects.count()) == ("cancelled", 0)


def test_whoever_lost_the_role_since_reads_nothing_more(chen):
    assert asker(chen.org_id, chen.person_id).roles == chen.roles
    assert asker(chen.org_id, key("person", "lin")) is None
    assert asker(key("org", "fang"), chen.person_id) is None
    batch = started(chen)
    event = asked(READ)[0]

    read_list_in_chunks(key=event.key, **{**event.payload, "person_id": str(key("person", "lin"))})

    assert (again(chen, batch).state, ImportRow.objects.count()) == ("cancelled", 0)
    assert Membership.objects.visible_to(chen).exists()


def test_another_owner_can_neither_stop_nor_read_the_list(chen):
    batch = started(chen)

    with as_actor(actor("fang")):
        with pytest.raises(NotYours):
            cancel_import(actor=actor("fang"), batch=batch, now=NOW)
        read_list(actor=actor("fang"), import_id=batch.pk, now=NOW)

    assert (again(chen, batch).state, ImportRow.objects.count()) == ("reading", 0)
