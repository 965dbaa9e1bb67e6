"""tus 1.0.0: a file over a bad line, by a client that knows nothing of us."""

from __future__ import annotations

import hashlib
import random
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from foundation.actor import as_actor
from records.models import Evidence, UploadSession
from tests.cast import actor
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.7\n" + random.Random(3).randbytes(300_000) + b"\n%%EOF\n"
PIECE = 100_000


def meta(**said: str) -> str:
    return ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in said.items())


def create(
    client: Client, body: bytes = PAPER, *, client_id: str = "4f9c7d3e-0000-4000-8000-000000000001", sha256: str = "", **headers: Any
) -> Any:
    told = meta(filename="报告.pdf", sha256=sha256 or hashlib.sha256(body).hexdigest(), client_id=client_id, purpose="paper")
    return client.post(
        "/evidence/tus/", headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(len(body)), "Upload-Metadata": told, **headers}
    )


def send(client: Client, url: str, offset: int, piece: bytes, **headers: str) -> Any:
    told = {"Tus-Resumable": "1.0.0", "Upload-Offset": str(offset), **headers}
    return client.generic("PATCH", url, piece, content_type="application/offset+octet-stream", headers=told)


def standing(client: Client, url: str) -> int:
    return int(client.head(url, headers={"Tus-Resumable": "1.0.0"})["Upload-Offset"])


def test_the_server_says_what_it_can() -> None:
    said = signed_in("lin").options("/evidence/tus/")

    assert (said.status_code, said["Tus-Version"], said["Tus-Extension"], said["Tus-Checksum-Algorithm"]) == (
        204, "1.0.0", "creation,checksum", "sha1,sha256",
    )  # fmt: skip


def test_a_file_cut_between_pieces_goes_on_where_it_stopped(evidence_root: Path) -> None:
    client = signed_in("lin")
    made = create(client)
    url = made["Location"].removeprefix("http://testserver")

    assert (made.status_code, made["Upload-Offset"]) == (201, "0")
    assert send(client, url, 0, PAPER[:PIECE])["Upload-Offset"] == str(PIECE)
    again = send(client, url, 0, PAPER[:PIECE])  # its answer was lost
    assert (again.status_code, again["Upload-Offset"]) == (409, str(PIECE))
    assert create(client)["Location"] == made["Location"]  # a phone that was switched off begins again, and goes on
    assert standing(client, url) == PIECE
    at = PIECE
    while at < len(PAPER):
        last = send(client, url, at, PAPER[at : at + PIECE])
        assert last.status_code == 204
        at = int(last["Upload-Offset"])

    with as_actor(actor("lin")):
        evidence = Evidence.objects.get()
    assert (evidence.sha256, evidence.size, last["Evidence-Id"]) == (hashlib.sha256(PAPER).hexdigest(), len(PAPER), str(evidence.pk))
    assert standing(client, url) == len(PAPER)


@pytest.mark.parametrize("name", ["sha1", "sha256"])
def test_a_piece_that_differs_from_its_sum_is_not_kept(evidence_root: Path, name: str) -> None:
    client = signed_in("lin")
    url = create(client)["Location"].removeprefix("http://testserver")
    right = b64encode(hashlib.new(name, PAPER[:PIECE]).digest()).decode()

    assert send(client, url, 0, PAPER[1 : PIECE + 1], **{"Upload-Checksum": f"{name} {right}"}).status_code == 460
    assert standing(client, url) == 0
    assert send(client, url, 0, PAPER[:PIECE], **{"Upload-Checksum": f"{name} {right}"}).status_code == 204


def test_a_whole_that_is_not_what_was_declared_is_refused_and_nothing_is_kept(evidence_root: Path) -> None:
    client = signed_in("lin")
    url = create(client, sha256="0" * 64)["Location"].removeprefix("http://testserver")

    statuses = [send(client, url, at, PAPER[at : at + PIECE]).status_code for at in range(0, len(PAPER), PIECE)]

    assert statuses == [204, 204, 204, 422]
    assert standing(client, url) == 0
    with as_actor(actor("lin")):
        assert (Evidence.objects.count(), UploadSession.objects.get().received) == (0, 3 * PIECE)


def test_what_is_no_tus_is_told_so(evidence_root: Path) -> None:
    client = signed_in("lin")
    url = create(client)["Location"].removeprefix("http://testserver")

    assert client.head(url).status_code == 412
    assert create(client, **{"Tus-Resumable": "0.2.2"})["Tus-Version"] == "1.0.0"
    assert (
        client.generic("PATCH", url, b"x", content_type="image/jpeg", headers={"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}).status_code
        == 415
    )
    assert send(client, url, 0, b"x" * (1024 * 1024 + 1)).status_code == 413
    assert client.delete(url, headers={"Tus-Resumable": "1.0.0"}).status_code == 405
    assert create(client, client_id="not a name!").status_code == 422
    assert standing(client, url) == 0


def test_another_firms_upload_is_not_there_and_nobody_is_sent_to_a_sign_in_page(evidence_root: Path) -> None:
    url = create(signed_in("lin"))["Location"].removeprefix("http://testserver")

    assert signed_in("wu").head(url, headers={"Tus-Resumable": "1.0.0"}).status_code == 404
    assert (Client().head(url).status_code, Client().post("/evidence/tus/").status_code) == (401, 401)
