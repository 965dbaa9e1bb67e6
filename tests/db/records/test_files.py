"""A firm's files: what it held on a day, what took whose place, each content once on disk, and pictures that look alike."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image, ImageDraw

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import RuleBroken
from records.models import Evidence, EvidenceShare, Grant
from records.selectors import alike_to, files, revisions_of
from records.services.evidence import About, file_evidence, share_evidence
from tests.cast import BY_NAME, actor
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def picture(folder: Path, name: str, *, boxes: int, quality: int = 90) -> Path:
    image = Image.linear_gradient("L").resize((640, 480)).convert("RGB")
    draw = ImageDraw.Draw(image)
    for at in range(boxes):
        draw.rectangle((40 + at * 130, 60 + at * 60, 130 + at * 130, 190 + at * 60), fill=(30 + 60 * at, 90, 160))
    image.save(folder / name, quality=quality)
    return folder / name


def put(path: Path, *, who: str = "lin", days: int = 0, about: About | None = None, client_id: str = "") -> Evidence:
    at = NOW + timedelta(days=days)
    with as_actor(actor(who)):
        return file_evidence(
            actor=actor(who), path=path, name=path.name, client_id=client_id or f"{path.name}-{days}", now=at, about=about or About()
        )


def held(who: str, **asked: object) -> list[str]:
    with as_actor(actor(who)):
        return [f"{row.name}{'*' if row.is_revised else ''}" for row in files(actor(who), **asked)]  # type: ignore[arg-type]


def test_what_was_held_on_a_day_knows_nothing_of_later_days(tmp_path: Path, evidence_root: Path) -> None:
    old = put(picture(tmp_path, "old.jpg", boxes=4))
    put(picture(tmp_path, "new.jpg", boxes=2), days=10, about=About(date(2026, 5, 25), old))

    assert held("lin") == ["new.jpg", "old.jpg*"]
    assert held("lin", day=date(2026, 5, 29)) == ["old.jpg"]
    assert held("lin", day=date(2026, 5, 19)) == []
    assert held("wu") == []


def test_it_counts_from_the_day_said_and_otherwise_from_the_day_it_came(tmp_path: Path, evidence_root: Path) -> None:
    path = picture(tmp_path, "a.jpg", boxes=3)

    assert put(path).counts_from == date(2026, 5, 20)
    assert put(path, about=About(date(2026, 4, 1)), client_id="said").counts_from == date(2026, 4, 1)
    with pytest.raises(RuleBroken, match="evidence_counts_from_the_future"):
        put(path, about=About(date(2026, 5, 21)), client_id="ahead")
    assert len(held("lin")) == 2


def test_a_file_is_revised_by_one_and_of_its_own_firm(tmp_path: Path, evidence_root: Path) -> None:
    first = put(picture(tmp_path, "a.jpg", boxes=1))
    second = put(picture(tmp_path, "b.jpg", boxes=2), about=About(revises=first))

    with pytest.raises(RuleBroken, match="evidence_revised_already"):
        put(picture(tmp_path, "c.jpg", boxes=3), about=About(revises=first))
    with as_actor(actor("lin")):
        assert revisions_of(actor("lin"), second) == revisions_of(actor("lin"), first) == [first, second]
    foreign = put(picture(tmp_path, "w.jpg", boxes=4), who="wu")
    forged = Evidence(
        org_id=actor("lin").org_id, kind="jpeg", mime="image/jpeg", name="x", size=1, sha256="0" * 64, shared_sha256="0" * 64,
        original_path="x", shared_path="x", received_at=NOW, counts_from=NOW.date(), revises_id=foreign.pk, person_name="x", client_id="x",
    )  # fmt: skip
    with as_actor(actor("lin")), pytest.raises(IntegrityError, match="revision_is_of_the_same_firm"), transaction.atomic():
        forged.save(force_insert=True)


def test_the_same_content_lies_on_disk_once(tmp_path: Path, evidence_root: Path) -> None:
    path = picture(tmp_path, "a.jpg", boxes=3)

    one, two = put(path), put(path, client_id="again")

    assert one.pk != two.pk and one.original_path == two.original_path
    assert sorted(each.suffix for each in evidence_root.rglob("*") if each.is_file()) == [".original", ".shared"]
    assert one.original_path.endswith(f"{one.sha256}.original")


def test_who_is_shown_a_file_is_shown_the_one_in_its_place(tmp_path: Path, evidence_root: Path) -> None:
    chen = BY_NAME["chen"].org_id
    with acting_as(Hat.CLOCK):
        Grant.objects.create(
            from_org_id=BY_NAME["lin"].org_id, to_org_id=chen, to_name_zh="陈", what="documents", valid_from=date(2026, 1, 1)
        )
    old = put(picture(tmp_path, "a.jpg", boxes=1))
    with as_actor(actor("lin")):
        share_evidence(actor=actor("lin"), evidence_ids=[old.pk], grantee_org_id=chen, what="documents", now=NOW)

    new = put(picture(tmp_path, "b.jpg", boxes=2), days=1, about=About(revises=old))

    with as_actor(actor("chen")):
        shown = EvidenceShare.objects.visible_to(actor("chen")).filter(evidence_id=new.pk).get()
    assert (shown.counts_from, shown.look, shown.whats) == (new.counts_from, new.look, ["documents"])
    with as_actor(actor("fang")):
        assert not EvidenceShare.objects.visible_to(actor("fang")).filter(evidence_id=new.pk).exists()


def test_pictures_that_look_alike_are_told_within_a_firm_and_no_further(tmp_path: Path, evidence_root: Path) -> None:
    first = put(picture(tmp_path, "a.jpg", boxes=4))
    pressed = put(picture(tmp_path, "b.jpg", boxes=4, quality=30))
    put(picture(tmp_path, "c.jpg", boxes=1))
    put(picture(tmp_path, "d.jpg", boxes=4), who="wu")

    with as_actor(actor("lin")):
        assert [row.pk for row in alike_to(actor("lin"), first)] == [pressed.pk]


def test_the_pages_list_open_and_take_a_newer_file(tmp_path: Path, evidence_root: Path) -> None:
    row = put(picture(tmp_path, "证书.jpg", boxes=2))
    client = signed_in("lin", "zh-hans")
    client.get(reverse("records:files"))

    page = client.get(reverse("records:file", args=[row.pk])).content.decode()
    key = page.split('name="client_id" value="')[1].split('"')[0]
    with picture(tmp_path, "新证书.jpg", boxes=3).open("rb") as newer:
        sent = client.post(reverse("records:file", args=[row.pk]), {"file": newer, "counts_from": "2026-05-01", "client_id": key})
    listed = client.get(reverse("records:files"), {"day": "2026-05-20"}).content.decode()

    assert sent.status_code == 302
    assert "证书.jpg" in listed and "新证书.jpg" not in listed
    assert signed_in("wu").get(reverse("records:file", args=[row.pk])).status_code == 404
    assert client.get(reverse("records:files"), {"day": "31.3."}).status_code == 200
    refused = client.post(reverse("records:file", args=[row.pk]), {"counts_from": "2026-05-01", "client_id": key})
    assert refused.status_code == 422
