"""Every file of the hostile collection, judged as its manifest says, with the exact answer."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image, ImageChops, ImageOps

from records.screening import Code, Verdict, screen
from records.screening.verdict import MEBIBYTE, MIME_TYPES

FILES = Path(__file__).parents[2] / "data" / "hostile-files"
MANIFEST: list[dict[str, Any]] = json.loads((FILES / "manifest.json").read_text())["files"]
EVERYTHING = frozenset(MIME_TYPES)
ANSWERS = {
    "bomb.png": Code.IMAGE_BOMB,
    "gps.jpg": Code.OK,
    "ok.jpg": Code.OK,
    "truncated.jpg": Code.IMAGE_TRUNCATED,
    "html.jpg": Code.ACTIVE_CONTENT,
    "gifjs.gif": Code.KIND_NOT_ALLOWED,
    "jpg_html.jpg": Code.OK,
    "vector.svg": Code.ACTIVE_CONTENT,
    "xxe.svg": Code.ENTITY_EXPANSION,
    "bomb.zip": Code.ARCHIVE_BOMB,
    "nested.zip": Code.ARCHIVE_NESTED,
    "slip.zip": Code.ARCHIVE_UNSAFE_NAME,
    "many.zip": Code.ARCHIVE_TOO_MANY,
    "liar.zip": Code.ARCHIVE_LIES,
    "formula.xlsx": Code.OK,
    "js.pdf": Code.OK,
    "eicar.txt": Code.VIRUS_SIGNATURE,
    "empty.pdf": Code.EMPTY_FILE,
    "exe.pdf": Code.EXECUTABLE,
}
# The manifest calls it a billion laughs, but its parts are those of formula.xlsx: see the test of it below.
HOLLOW = "lol.xlsx"


def judged(tmp_path: Path, name: str) -> Verdict:
    path = Path(shutil.copy(FILES / name, tmp_path))
    return screen(path, claimed_name=name, allowed=EVERYTHING)


@pytest.mark.parametrize("entry", [entry for entry in MANIFEST if entry["file"] != HOLLOW], ids=lambda entry: entry["file"])
def test_hostile_file_is_judged_as_its_manifest_says(entry: dict[str, Any], tmp_path: Path) -> None:
    name = entry["file"]

    verdict = judged(tmp_path, name)

    assert verdict.code is ANSWERS[name]
    assert verdict.accepted is entry["want"].startswith("accept")
    assert (verdict.sha256, verdict.size) == (entry["sha256"], entry["size"])
    assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == entry["sha256"]
    if not verdict.accepted:
        assert verdict.shared_copy_path is None
        assert [left.name for left in tmp_path.iterdir()] == [name]


def test_every_file_of_the_manifest_has_an_answer() -> None:
    assert {entry["file"] for entry in MANIFEST} == set(ANSWERS) | {HOLLOW}


def test_supplied_billion_laughs_workbook_holds_no_entity_and_is_a_plain_one(tmp_path: Path) -> None:
    with zipfile.ZipFile(FILES / HOLLOW) as hollow, zipfile.ZipFile(FILES / "formula.xlsx") as plain:
        assert {name: hollow.read(name) for name in hollow.namelist()} == {name: plain.read(name) for name in plain.namelist()}

    assert judged(tmp_path, HOLLOW).code is Code.OK


def test_photo_with_a_place_is_shared_upright_and_without_it(tmp_path: Path) -> None:
    verdict = judged(tmp_path, "gps.jpg")

    assert verdict.has_gps
    assert verdict.taken_at == "2026-05-01T08:00:00"
    assert verdict.shared_copy_path is not None
    with Image.open(verdict.shared_copy_path) as shared, Image.open(FILES / "gps.jpg") as original:
        assert dict(shared.getexif()) == {}
        assert set(shared.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert shared.size == (verdict.width, verdict.height) == (480, 640)
        upright = ImageOps.exif_transpose(original).convert("RGB")
        worst = max(most for _, most in ImageChops.difference(upright, shared).getextrema())
        assert worst <= 24
    assert b"Exif" not in verdict.shared_copy_path.read_bytes()


def test_page_behind_a_photo_is_gone_from_the_shared_copy(tmp_path: Path) -> None:
    verdict = judged(tmp_path, "jpg_html.jpg")

    assert b"<script" in (FILES / "jpg_html.jpg").read_bytes()
    assert verdict.shared_copy_path is not None
    shared = verdict.shared_copy_path.read_bytes()
    assert b"<" + b"script" not in shared.lower()
    assert shared.endswith(b"\xff\xd9")


def test_pdf_is_shared_as_it_is_and_only_as_an_attachment(tmp_path: Path) -> None:
    verdict = judged(tmp_path, "js.pdf")

    assert verdict.shared_copy_path == tmp_path / "js.pdf"
    assert (verdict.mime, verdict.is_attachment_only) == ("application/pdf", True)
    assert not judged(tmp_path, "ok.jpg").is_attachment_only


def test_judging_all_hostile_files_does_not_swell_this_process(tmp_path: Path) -> None:
    process = psutil.Process()
    before, highest = process.memory_info().rss, 0

    for entry in MANIFEST:
        judged(tmp_path, entry["file"])
        highest = max(highest, process.memory_info().rss)

    assert highest - before <= 150 * MEBIBYTE
