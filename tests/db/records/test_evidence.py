"""Files: judged before they are kept, served so that nothing in them runs, seen by those who were granted it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signing import TimestampSigner
from django.test import Client
from django.urls import reverse
from PIL import Image
from uuid_utils.compat import uuid7

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import RuleBroken
from records.models import AccessEvent, Evidence, EvidenceShare, Grant
from records.services.evidence import PHOTOS, file_evidence, share_evidence, take_evidence
from records.services.uploads import PURPOSES
from tests.cast import BY_NAME, actor
from tests.clients import signed_in
from tests.db.records.conftest import NOW, bare

FILES = Path(__file__).parents[2] / "data" / "hostile-files"
MANIFEST: list[dict[str, Any]] = json.loads((FILES / "manifest.json").read_text())["files"]
REFUSED = {
    "bomb.png": "evidence_image_bomb", "truncated.jpg": "evidence_image_truncated", "html.jpg": "evidence_active_content",
    "gifjs.gif": "evidence_kind_not_allowed", "vector.svg": "evidence_active_content", "xxe.svg": "evidence_entity_expansion",
    "bomb.zip": "evidence_archive_bomb", "nested.zip": "evidence_archive_nested", "slip.zip": "evidence_archive_unsafe_name",
    "many.zip": "evidence_archive_too_many", "liar.zip": "evidence_archive_lies", "eicar.txt": "evidence_virus_signature",
    "empty.pdf": "evidence_empty_file", "exe.pdf": "evidence_executable",
}  # fmt: skip
# The manifest calls it a billion laughs; every part of it is that of formula.xlsx, so there is nothing to refuse.
HOLLOW = "lol.xlsx"


def purpose_of(name: str) -> str:
    return "table" if name.endswith((".xlsx", ".zip")) else "paper"


def send(client: Client, name: str, body: bytes, *, purpose: str, client_id: str = "one") -> Any:
    """One whole upload through the pages' own addresses; the last answer."""
    declared = {"name": name, "size": len(body), "sha256": hashlib.sha256(body).hexdigest(), "client_id": client_id, "purpose": purpose}
    begun = client.post(reverse("records:uploads"), json.dumps(declared), content_type="application/json")
    if begun.status_code != 201:
        return begun
    return client.generic("PATCH", begun.json()["url"], body, content_type="application/octet-stream", headers={"Upload-Offset": "0"})


def filed(name: str, who: str = "lin") -> Evidence:
    with as_actor(actor(who)):
        return file_evidence(
            actor=actor(who), path=FILES / name, name=name, client_id=name, now=NOW, allowed=frozenset().union(*PURPOSES.values())
        )


def shared_with_chen(evidence: Evidence) -> EvidenceShare:
    with acting_as(Hat.CLOCK):
        Grant.objects.create(
            from_org_id=evidence.org_id, to_org_id=BY_NAME["chen"].org_id, to_name_zh="陈", what="audit_evidence", valid_from=NOW.date()
        )
    with as_actor(actor("lin")):
        share_evidence(
            actor=actor("lin"), evidence_ids=[evidence.pk], grantee_org_id=BY_NAME["chen"].org_id, what="audit_evidence", now=NOW
        )
    with as_actor(actor("chen")):
        return EvidenceShare.objects.get(evidence_id=evidence.pk)


def opened(client: Client, url: str) -> Any:
    """Follow the one hop to the fresh link."""
    hop = client.get(url)
    assert hop.status_code == 302, hop.status_code
    return client.get(hop["Location"])


@pytest.mark.django_db
@pytest.mark.parametrize("entry", [entry for entry in MANIFEST if entry["file"] != HOLLOW], ids=lambda entry: entry["file"])
def test_hostile_file_through_the_upload_page_is_judged_as_its_manifest_says(entry: dict[str, Any], evidence_root: Path) -> None:
    name = entry["file"]

    answer = send(signed_in("lin"), name, (FILES / name).read_bytes(), purpose=purpose_of(name))

    kept = [path for path in evidence_root.rglob("*") if path.is_file()]
    with as_actor(actor("lin")):
        rows = list(Evidence.objects.all())
    if entry["want"] == "reject":
        assert (answer.status_code, answer.json()["code"]) == (422, REFUSED[name])
        assert (rows, kept) == ([], [])
    else:
        assert (answer.status_code, answer.json()["state"]) == (200, "done")
        assert [(str(row.pk), row.sha256, row.size) for row in rows] == [(answer.json()["evidence_id"], entry["sha256"], entry["size"])]
        assert sorted(path.suffix for path in kept) == [".original", ".shared"]


@pytest.mark.django_db
def test_supplied_billion_laughs_workbook_is_a_plain_one_and_taken_as_such() -> None:
    with zipfile.ZipFile(FILES / HOLLOW) as hollow, zipfile.ZipFile(FILES / "formula.xlsx") as plain:
        assert {name: hollow.read(name) for name in hollow.namelist()} == {name: plain.read(name) for name in plain.namelist()}

    assert send(signed_in("lin"), HOLLOW, (FILES / HOLLOW).read_bytes(), purpose="table").json()["state"] == "done"


@pytest.mark.django_db
def test_refusal_names_the_mend_in_the_readers_language() -> None:
    body = (FILES / "truncated.jpg").read_bytes()

    said = {language: send(signed_in("lin", language), "a.jpg", body, purpose="photo").json()["words"] for language in ("zh-hans", "en")}

    assert said == {
        "zh-hans": "图片缺了一部分。重拍一张，或传原图。",
        "en": "Part of the picture is missing. Take the photo again, or send the original.",
    }


@pytest.mark.django_db
def test_place_of_a_photo_is_gone_for_others_and_sealed_for_its_owner() -> None:
    evidence = filed("gps.jpg")
    share = shared_with_chen(evidence)

    theirs = opened(signed_in("chen"), reverse("records:shared_file", args=[share.pk]))
    own = opened(signed_in("lin"), reverse("records:evidence_file", args=[evidence.pk]) + "?copy=original")

    shared = b"".join(theirs.streaming_content)
    assert b"".join(own.streaming_content) == (FILES / "gps.jpg").read_bytes()
    assert hashlib.sha256(shared).hexdigest() == share.sha256
    with Image.open(io.BytesIO(shared)) as picture:
        assert dict(picture.getexif()) == {}
        assert picture.size == (480, 640)
    # The reader may ask for the original as loudly as he likes.
    loud = signed_in("chen").get(reverse("records:shared_file", args=[share.pk]), {"copy": "original"})
    assert "copy=shared" in loud["Location"]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "mime"), [("js.pdf", "application/pdf"), ("jpg_html.jpg", "image/jpeg")])
def test_file_is_served_so_that_nothing_in_it_runs(name: str, mime: str) -> None:
    evidence = filed(name)

    answer = opened(signed_in("lin"), reverse("records:evidence_file", args=[evidence.pk]))

    assert answer["Content-Type"] == mime
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, no-store"
    assert b"<script" not in b"".join(answer.streaming_content) or name == "js.pdf"


@pytest.mark.django_db
def test_link_dies_after_five_minutes_and_opens_for_one_firm_in_one_hat_only(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = filed("ok.jpg")
    share = shared_with_chen(evidence)
    lin, chen = signed_in("lin", "en"), signed_in("chen", "en")
    link = lin.get(reverse("records:evidence_file", args=[evidence.pk]))["Location"]
    theirs = chen.get(reverse("records:shared_file", args=[share.pk]))["Location"]
    assert lin.get(link).status_code == 200

    assert lin.get(link.replace("copy=shared", "copy=original")).status_code == 404
    assert lin.get(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 404
    assert signed_in("wu", "en").get(link).status_code == 404
    assert signed_in("wu", "en").get(theirs).status_code == 404
    real = TimestampSigner.unsign
    monkeypatch.setattr(TimestampSigner, "unsign", lambda self, value, max_age=None: real(self, value, max_age=max_age and -1))
    dead = lin.get(link)
    assert (dead.status_code, dead.content.decode()) == (
        410, "This link was good for five minutes. Go back to the page and open the file again."
    )  # fmt: skip


@pytest.mark.django_db
def test_owner_of_a_file_learns_who_opened_it() -> None:
    share = shared_with_chen(filed("ok.jpg"))
    chen = signed_in("chen")
    url = reverse("records:shared_file", args=[share.pk])

    hop = chen.get(url)
    with as_actor(actor("lin")):
        assert AccessEvent.objects.count() == 0  # asking for a link is not looking
    chen.get(hop["Location"])

    with as_actor(actor("lin")):
        seen = AccessEvent.objects.values_list("viewer_org_id", "viewer_name_en", "person_name", "what", "subject_id")
        assert list(seen) == [(BY_NAME["chen"].org_id, BY_NAME["chen"].org_en, "陈棠", "evidence", share.evidence_id)]


@pytest.mark.django_db
def test_share_that_was_withdrawn_opens_no_more() -> None:
    share = shared_with_chen(filed("ok.jpg"))
    chen = signed_in("chen")
    link = chen.get(reverse("records:shared_file", args=[share.pk]))["Location"]

    with acting_as(Hat.CLOCK):
        EvidenceShare.objects.update(revoked_at=NOW + timedelta(days=1))

    assert chen.get(link).status_code == 404


@pytest.mark.django_db
def test_nobody_else_sees_or_guesses_a_file() -> None:
    evidence = filed("ok.jpg")
    share = shared_with_chen(evidence)
    absent = uuid7()

    for who in ("wu", "chen", "fang"):
        client = signed_in(who, "en")
        for name, pk in [("evidence_file", evidence.pk), *([("shared_file", share.pk)] if who != "chen" else [])]:
            other, none = (client.get(reverse(f"records:{name}", args=[each])) for each in (pk, absent))
            assert (other.status_code, none.status_code) == (404, 404)
            assert bare(other.content, pk) == bare(none.content, absent)


@pytest.mark.django_db
def test_form_takes_a_file_or_the_id_of_one_that_was_sent_before() -> None:
    lin = actor("lin")
    with as_actor(lin):
        photo = SimpleUploadedFile("ok.jpg", (FILES / "ok.jpg").read_bytes())
        first = take_evidence(actor=lin, file=photo, client_id="form-1", now=NOW, allowed=PHOTOS)
        again = take_evidence(actor=lin, file=photo, client_id="form-1", now=NOW, allowed=PHOTOS)
        by_id = take_evidence(actor=lin, evidence_id=first.pk, client_id="", now=NOW, allowed=PHOTOS)
        assert {first.pk, again.pk, by_id.pk} == {first.pk}
        assert Evidence.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "code"), [("lin", "evidence_kind_not_allowed"), ("wu", "evidence_missing")])
def test_form_refuses_an_id_of_another_kind_or_another_firm(who: str, code: str) -> None:
    paper = filed("js.pdf")

    with as_actor(actor(who)), pytest.raises(RuleBroken) as broken:
        take_evidence(actor=actor(who), evidence_id=UUID(str(paper.pk)), client_id="", now=NOW, allowed=PHOTOS)

    assert (broken.value.code, broken.value.field) == (code, "file")
