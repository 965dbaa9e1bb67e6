"""A file over a bad line: every piece once, never taken for the whole, continued from where it was cut."""

from __future__ import annotations

import hashlib
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from uuid_utils.compat import uuid7

from foundation.actor import as_actor
from records.models import Evidence, UploadSession
from records.services.uploads import STALE, sweep_incoming
from tests.cast import actor
from tests.clients import signed_in
from tests.db.records.conftest import NOW

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.7\n" + random.Random(2).randbytes(3 * 1024 * 1024) + b"\n%%EOF\n"


def begin(client: Client, body: bytes = PAPER, **changes: Any) -> Any:
    declared = {"name": "报告.pdf", "size": len(body), "sha256": hashlib.sha256(body).hexdigest(), "client_id": "one", "purpose": "paper"}
    return client.post(reverse("records:uploads"), json.dumps(declared | changes), content_type="application/json")


def patch(client: Client, url: str, offset: int | str, chunk: bytes) -> Any:
    return client.generic("PATCH", url, chunk, content_type="application/octet-stream", headers={"Upload-Offset": str(offset)})


def uploads(who: str = "lin") -> list[tuple[str, int, bool]]:
    with as_actor(actor(who)):
        return [(u.name, u.received, u.evidence_id is not None) for u in UploadSession.objects.order_by("pk")]


def test_upload_cut_twenty_times_arrives_with_the_same_hash(evidence_root: Path) -> None:
    client = signed_in("lin", "en")
    url = begin(client).json()["url"]
    piece, at, cuts = len(PAPER) // 20, 0, 0

    while at < len(PAPER):
        answer = patch(client, url, at, PAPER[at : at + piece])
        assert answer.status_code == 200
        cuts += 1  # the answer is lost on the way: the sender sends the piece again, and is told where to go on
        again = patch(client, url, at, PAPER[at : at + piece])
        at = client.get(url).json()["received"]
        if at < len(PAPER):
            assert (again.status_code, again.json()["received"], again["Upload-Offset"]) == (409, at, str(at))

    assert cuts == 21
    assert again.json()["state"] == "done"
    with as_actor(actor("lin")):
        evidence = Evidence.objects.get()
    assert (evidence.sha256, evidence.size, evidence.name) == (hashlib.sha256(PAPER).hexdigest(), len(PAPER), "报告.pdf")
    assert hashlib.sha256((evidence_root / evidence.original_path).read_bytes()).hexdigest() == evidence.sha256
    assert list((evidence_root / "incoming").iterdir()) == []


def test_what_was_written_but_never_committed_is_cut_off_again(evidence_root: Path) -> None:
    client = signed_in("lin")
    begun = begin(client, PAPER[:3000] + b"%%EOF").json()
    patch(client, begun["url"], 0, PAPER[:1000])
    with (evidence_root / "incoming" / begun["id"]).open("ab") as file:
        file.write(b"half a piece of a process that died")

    answer = patch(client, begun["url"], 1000, PAPER[1000:3000] + b"%%EOF")

    assert (answer.status_code, answer.json()["state"]) == (200, "done")


def test_bytes_that_are_gone_from_disk_are_asked_for_again(evidence_root: Path) -> None:
    client = signed_in("lin")
    begun = begin(client).json()
    patch(client, begun["url"], 0, PAPER[:1000])
    (evidence_root / "incoming" / begun["id"]).unlink()

    assert client.get(begun["url"]).json()["received"] == 0
    assert patch(client, begun["url"], 1000, PAPER[1000:2000]).json()["received"] == 0
    assert patch(client, begun["url"], 0, PAPER[:1000]).json()["received"] == 1000


def test_same_client_id_is_the_same_upload_and_another_file_under_it_is_refused() -> None:
    client = signed_in("lin")
    first = begin(client).json()
    patch(client, first["url"], 0, PAPER[:1000])

    again, other = begin(client), begin(client, b"%PDF-1.7 other")

    assert (again.json()["id"], again.json()["received"]) == (first["id"], 1000)
    assert (other.status_code, other.json()["code"]) == (422, "upload_differs")
    assert uploads() == [("报告.pdf", 1000, False)]


def test_words_tell_how_much_is_kept() -> None:
    client = signed_in("lin", "en")
    url = begin(client).json()["url"]
    patch(client, url, 0, PAPER[: len(PAPER) * 3 // 10])

    assert client.get(url).json()["words"] == "29% is on the server. Go on sending."
    assert signed_in("lin").get(url).json()["words"] == "服务器已收到 29%，接着传即可。"
    assert client.head(url)["Upload-Offset"] == str(len(PAPER) * 3 // 10)


def test_wrong_hash_is_refused_and_nothing_is_kept(evidence_root: Path) -> None:
    client = signed_in("lin", "en")
    begun = begin(client, PAPER[:5000], sha256="0" * 64).json()

    answer = patch(client, begun["url"], 0, PAPER[:5000])

    assert (answer.status_code, answer.json()["code"], answer.json()["received"]) == (422, "evidence_wrong_hash", 0)
    assert answer.json()["words"] == "The file changed on the way. Nothing was kept; choose it and send it again."
    assert [path for path in evidence_root.rglob("*") if path.is_file()] == []
    assert uploads() == [("报告.pdf", 0, False)]


def test_more_than_declared_is_refused_and_nothing_is_kept(evidence_root: Path) -> None:
    client = signed_in("lin")
    url = begin(client, PAPER[:5000]).json()["url"]
    patch(client, url, 0, PAPER[:4000])

    assert patch(client, url, 4000, PAPER[4000:6000]).json()["code"] == "evidence_wrong_hash"
    assert [path for path in evidence_root.rglob("*") if path.is_file()] == []


def test_piece_over_a_megabyte_is_refused_and_the_rest_stays() -> None:
    client = signed_in("lin")
    url = begin(client).json()["url"]
    patch(client, url, 0, PAPER[:1000])

    answer = patch(client, url, 1000, PAPER[1000 : 1001 + 1024 * 1024])

    assert (answer.status_code, answer.json()["code"], answer.json()["received"]) == (422, "chunk_too_large", 1000)
    assert uploads() == [("报告.pdf", 1000, False)]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"size": 0}, "evidence_empty_file"),
        ({"size": 50 * 1024 * 1024 + 1}, "evidence_too_large"),
        ({"sha256": "x"}, "fields_to_mend"),
        ({"client_id": ""}, "fields_to_mend"),
        ({"client_id": "../../etc/passwd"}, "fields_to_mend"),
        ({"purpose": "anything"}, "fields_to_mend"),
        ({"name": "a\0.pdf"}, "fields_to_mend"),
    ],
)
def test_declaration_that_cannot_be_is_refused_before_the_first_byte(changes: dict[str, Any], code: str) -> None:
    answer = begin(signed_in("lin"), **changes)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert uploads() == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"null"])
def test_unreadable_declaration_is_refused(body: bytes) -> None:
    answer = signed_in("lin").generic("POST", reverse("records:uploads"), body, content_type="application/json")

    assert (answer.status_code, uploads()) == (422, [])


@pytest.mark.parametrize("offset", ["", "x", "-1", "7"])
def test_offset_that_is_not_ours_is_told_the_right_one(offset: str) -> None:
    client = signed_in("lin")
    url = begin(client).json()["url"]

    answer = patch(client, url, offset, PAPER[:10])

    assert (answer.status_code, answer.json()["received"]) == (409, 0)
    assert uploads() == [("报告.pdf", 0, False)]


def test_nobody_else_sees_or_continues_an_upload() -> None:
    url = begin(signed_in("lin")).json()["url"]
    absent = reverse("records:upload", args=[uuid7()])

    for who in ("wu", "chen", "mei"):
        client = signed_in(who, "en")
        assert [client.get(each).status_code for each in (url, absent)] == [404, 404]
        assert [patch(client, each, 0, PAPER[:10]).status_code for each in (url, absent)] == [404, 404]
    assert uploads() == [("报告.pdf", 0, False)]


def test_same_client_id_of_another_firm_is_another_upload() -> None:
    first, second = begin(signed_in("lin")).json(), begin(signed_in("wu")).json()

    assert first["id"] != second["id"]
    assert second["received"] == 0


def test_upload_without_the_token_of_our_pages_is_refused() -> None:
    client = signed_in("lin")
    url = begin(client).json()["url"]
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies

    assert patch(strict, url, 0, PAPER[:10]).status_code == 403
    assert uploads() == [("报告.pdf", 0, False)]


def test_pieces_that_nobody_continued_are_swept_after_a_week(evidence_root: Path) -> None:
    client = signed_in("lin")
    begun = begin(client).json()
    patch(client, begun["url"], 0, PAPER[:1000])
    path = evidence_root / "incoming" / begun["id"]
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))

    assert (sweep_incoming(now=NOW + STALE), path.exists()) == (0, True)
    assert (sweep_incoming(now=NOW + 2 * STALE), path.exists()) == (1, False)
    assert client.get(begun["url"]).json()["received"] == 0
