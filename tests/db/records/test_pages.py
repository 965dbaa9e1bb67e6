"""The record's pages: each side reads the same, a stranger reads nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from uuid import UUID

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from foundation.actor import Hat, acting_as
from records.canonical import check_entry
from records.models import Ack, RecordEntry, RecordStream
from records.services.sequencer import sequence_once
from records.views import record
from tests.cast import BY_NAME
from tests.clients import signed_in
from tests.db.records.conftest import NOW, bare, begin_stream, write_entry

ABSENT = UUID("00000000-0000-7000-8000-000000000000")


def page(who: str, name: str, *args: object, language: str = "en", **query: str) -> str:
    answer = signed_in(who, language).get(reverse(f"records:{name}", args=args), query)
    assert answer.status_code == 200, answer.content.decode()[:300]
    return answer.content.decode()


def said(entry: RecordEntry) -> list[str]:
    with acting_as(Hat.CLOCK):
        return list(Ack.objects.filter(entry=entry).order_by("at", "id").values_list("word", flat=True))


def test_relations_stand_newest_activity_first(db: None) -> None:
    old, new = begin_stream("chen", "lin"), begin_stream("chen", "wu")
    write_entry(old, minute=1)
    write_entry(new, minute=2, payload={"number": "QX-2026-0418"})
    write_entry(old, minute=1, kind="agreement_signed")
    sequence_once(now=NOW)

    shown = page("chen", "streams")

    assert shown.index(str(new.pk)) < shown.index(str(old.pk))
    assert "Lanzhi Knitting" in shown
    assert shown.index("Agreement QX-2026-0418 sent for review") < shown.index("Agreement QX-2026-0417 sent for review")
    theirs = page("lin", "streams")
    assert str(old.pk) in theirs
    assert str(new.pk) not in theirs
    assert "Yantang Apparel" in theirs


def test_list_without_relations_teaches_what_comes(db: None) -> None:
    begin_stream("chen", "lin")  # nothing said in it yet: the other side learns nothing of it

    assert "Nothing on record yet" in page("chen", "streams")
    assert "还没有记录" in page("lin", "streams", language="zh-hans")


def test_stream_tells_each_entry_in_the_readers_language(stream: RecordStream, write: Callable[..., RecordEntry]) -> None:
    write("chen", "agreement_sent")
    sequence_once(now=NOW)
    write("lin", "finding_answered", payload={"title_zh": "灯箱未校准", "title_en": "Light box not calibrated"}, minute=1)
    write("chen", "brand_new_kind", payload={"x": 1}, minute=2)

    english, chinese = page("chen", "stream", stream.pk), page("lin", "stream", stream.pk, language="zh-hans")

    assert "Agreement QX-2026-0417 sent for review" in english
    assert "Finding answered: Light box not calibrated" in english
    assert "An entry of another kind" in english
    assert "No. 1" in english
    assert "being numbered" in english
    assert "Chain owner: wrote it" in english
    assert "Supplier: nothing said yet" in english
    assert "协议 QX-2026-0417 已发出，待对方过目" in chinese
    assert "答复审核发现：灯箱未校准" in chinese
    assert "11月20日 14:30" in chinese  # Shanghai's time of 06:30 UTC


def test_stream_goes_on_after_25_and_filters_by_kind(stream: RecordStream, write: Callable[..., RecordEntry]) -> None:
    for minute in range(27):
        write("chen", "agreement_sent", payload={"number": f"N-{minute:02}"}, minute=minute)
    write("chen", "agreement_signed", payload={"number": "S-1"}, minute=30)
    client = signed_in("chen", "en")
    url = reverse("records:stream", args=[stream.pk])

    first = client.get(url)
    second = client.get(url + first.context["more_url"], headers={"HX-Request": "true"})
    signed = client.get(url, {"kind": "agreement_signed"}).content.decode()

    assert len(first.context["lines"]) == 25
    assert first.content.decode().count('<li><span class="ev') == 25
    assert [line.words for line in second.context["lines"]] == [f"Agreement N-{n:02} sent for review" for n in (2, 1, 0)]
    assert "<html" not in second.content.decode()
    assert "28 shown" in second.content.decode()
    assert "Agreement S-1 signed" in signed
    assert "N-26" not in signed
    assert "No entry of this kind" in client.get(url, {"kind": "document_filed"}).content.decode()


@pytest.mark.parametrize("after", ["x", "2026-13-01_x", "2026-11-20T06:30:00_" + str(ABSENT), "_"])
def test_unreadable_cursor_is_the_beginning(stream: RecordStream, write: Callable[..., RecordEntry], after: str) -> None:
    write()

    assert "Agreement QX-2026-0417" in page("chen", "stream", stream.pk, after=after, seen="x")


def test_entry_page_gives_the_fingerprint_and_takes_the_word(write: Callable[..., RecordEntry]) -> None:
    entry = write("chen")
    client = signed_in("lin", "en")
    url = reverse("records:entry", args=[entry.pk])

    shown = client.get(url).content.decode()
    assert bytes(entry.leaf).hex()[:4] in shown
    assert "I agree" in shown

    agreed = client.post(reverse("records:entry_agree", args=[entry.pk]))
    assert (agreed.status_code, agreed["Location"]) == (302, url)
    assert said(entry) == ["agreed"]
    assert "You agree with this entry." in client.get(url).content.decode()
    assert "Supplier: agrees" in page("chen", "entry", entry.pk)


def test_dispute_needs_a_reason_and_keeps_what_was_typed(write: Callable[..., RecordEntry]) -> None:
    entry = write("chen")
    client = signed_in("lin", "en")
    url = reverse("records:entry_dispute", args=[entry.pk])

    short = client.post(url, {"reason": "nope"})
    assert short.status_code == 422
    assert "at least five characters" in short.content.decode()
    assert ">nope</textarea>" in short.content.decode().replace("\n", "")
    assert said(entry) == []

    assert client.post(url, {"reason": "The lot was never sent."}).status_code == 302
    assert said(entry) == ["disputed"]
    assert "The lot was never sent." in page("chen", "entry", entry.pk)
    client.post(reverse("records:entry_agree", args=[entry.pk]))
    assert said(entry) == ["disputed", "settled"]


def test_correction_and_corrected_point_to_each_other(write: Callable[..., RecordEntry]) -> None:
    wrong = write("chen")
    right = write("chen", payload={"number": "QX-2026-0418"}, minute=5, corrects=wrong)

    assert reverse("records:entry", args=[right.pk]) in page("lin", "entry", wrong.pk)
    assert reverse("records:entry", args=[wrong.pk]) in page("lin", "entry", right.pk)


@pytest.mark.parametrize("who", ["wu", "fang"])
def test_stranger_meets_the_same_as_with_an_absent_thing(stream: RecordStream, write: Callable[..., RecordEntry], who: str) -> None:
    entry = write()
    client = signed_in(who, "en")

    for name, pk in [
        ("stream", stream.pk), ("stream_csv", stream.pk), ("stream_xlsx", stream.pk), ("stream_jsonl", stream.pk), ("entry", entry.pk)
    ]:  # fmt: skip
        other, absent = (client.get(reverse(f"records:{name}", args=[each])) for each in (pk, ABSENT))
        assert (other.status_code, absent.status_code) == (404, 404)
        assert bare(other.content, pk) == bare(absent.content, ABSENT)
    for name in ("entry_agree", "entry_dispute"):
        assert client.post(reverse(f"records:{name}", args=[entry.pk]), {"reason": "It is not so."}).status_code == 404
    assert said(entry) == []


@pytest.mark.parametrize("who", ["zhou", "mei", "pan"])
def test_other_hats_have_no_record(stream: RecordStream, who: str) -> None:
    assert signed_in(who).get(reverse("records:streams")).status_code == 403
    assert signed_in(who).get(reverse("records:stream", args=[stream.pk])).status_code == 403


def test_tables_hold_every_entry_and_nothing_that_runs(stream: RecordStream, write: Callable[..., RecordEntry]) -> None:
    for minute in range(30):
        write("chen", payload={"number": f"N-{minute:02}"}, minute=minute)
    write("lin", "document_filed", payload={"title": "x"}, minute=40)
    sequence_once(now=NOW)
    client = signed_in("lin", "en")

    table = client.get(reverse("records:stream_csv", args=[stream.pk]))
    book = load_workbook(io.BytesIO(client.get(reverse("records:stream_xlsx", args=[stream.pk])).content))

    lines = table.content.decode("utf-8-sig").splitlines()
    assert table["Content-Disposition"] == 'attachment; filename="record.csv"'
    assert len(lines) == 32
    assert lines[1].startswith("1,2026-11-20 14:30:00,Agreement sent for review,Agreement N-00 sent for review,Chain owner,")
    rows = list(book.active.values)
    assert len(rows) == 32
    assert rows[31][:4] == (31, "2026-11-20 15:10:00", "Document filed", "Document filed: x")


def test_table_that_would_stop_in_the_middle_is_refused(
    stream: RecordStream, write: Callable[..., RecordEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "TABLE_LIMIT", 2)
    for minute in range(3):
        write(minute=minute)

    answer = signed_in("lin", "en").get(reverse("records:stream_csv", args=[stream.pk]))

    assert answer.status_code == 422
    assert "More than 2 entries do not fit one table." in answer.content.decode()


def test_json_lines_prove_themselves(stream: RecordStream, write: Callable[..., RecordEntry]) -> None:
    for minute in range(3):
        write(minute=minute)
    sequence_once(now=NOW)
    write(minute=9)

    answer = signed_in("lin").get(reverse("records:stream_jsonl", args=[stream.pk]))

    body = b"".join(answer.streaming_content)
    assert int(answer["Content-Length"]) == len(body)
    *lines, end = [json.loads(line) for line in body.splitlines()]
    assert end == {"complete": True, "entries": 4}
    assert [(line["number"], line["place"]) for line in lines] == [(1, 0), (2, 1), (3, 2), (None, None)]
    for line in lines:
        texts = line["canonical"].encode(), bytes.fromhex(line["leaf"]), line["payload"].encode(), bytes.fromhex(line["salt"])
        assert check_entry(*texts) is None
    assert str(BY_NAME["wu"].org_id) not in body.decode()


def test_entry_whose_facts_do_not_fit_its_sentence_is_told_by_its_short_name(
    stream: RecordStream, write: Callable[..., RecordEntry]
) -> None:
    write("chen", "audit_scheduled", payload={"scheduled_on": "soon"})
    write("chen", "document_filed", payload={}, minute=1)

    shown = page("lin", "stream", stream.pk)

    assert "Audit scheduled</a>" in shown
    assert "Document filed</a>" in shown
