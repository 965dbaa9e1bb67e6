"""What a file is: by its bytes, against its name, and with a second opinion."""

from pathlib import Path
from typing import Any

import puremagic
import pytest

from records.screening import Code, Limits, ScannerUnavailable, Verdict, kinds, screen
from records.screening.scanners import _EICAR
from records.screening.verdict import Refused

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
ALLOWED = frozenset({"jpeg", "pdf", "csv"})


def judged(tmp_path: Path, name: str, content: bytes, **options: Any) -> Verdict:
    path = tmp_path / "upload"
    path.write_bytes(content)
    return screen(path, claimed_name=name, **{"allowed": ALLOWED, **options})


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", Code.EMPTY_FILE),
        ("a.pdf", b"junk\n" + PDF, Code.KIND_MISMATCH),
        ("a.pdf", b"\n" + PDF, Code.KIND_MISMATCH),
        ("a.PDF", PDF, Code.OK),
        ("a", PDF, Code.OK),
        ("报告.第2版", PDF, Code.OK),
        ("a.jpg", PDF, Code.KIND_MISMATCH),
        ("a.pdf.exe", PDF, Code.KIND_MISMATCH),
        ("a.exe\u202efdp.pdf", PDF, Code.OK),
        ("a.csv", "名称,数量\n棉纱,3\n".encode("gb18030"), Code.OK),
        ("a.csv", "名称,数量\n棉纱,3\n".encode("utf-8-sig"), Code.OK),
        ("a.csv", "名称,数量\n".encode("utf-16"), Code.OK),
        ("a.csv", b"a,b\n1,\x002\n", Code.KIND_MISMATCH),
        ("a.csv", b"a,b\n1,<b>2</b>\n", Code.OK),
        ("a.csv", b"  \n<!-- x --> <SCRIPT>alert(1)</SCRIPT>", Code.ACTIVE_CONTENT),
        ("a.csv", "\ufeff<html>".encode(), Code.ACTIVE_CONTENT),
        ("a.csv", "<svg onload=alert(1)>".encode("utf-16"), Code.ACTIVE_CONTENT),
        ("a.csv", b"<?xml version='1.0'?><a/>", Code.ACTIVE_CONTENT),
        ("a.csv", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", Code.ENTITY_EXPANSION),
        ("a.csv", b"#!/bin/sh\nrm -rf ~\n", Code.ACTIVE_CONTENT),
        ("a.csv", b"<?php system($_GET[0]);", Code.ACTIVE_CONTENT),
        ("a.pdf", b"\x7fELF\x02\x01\x01", Code.EXECUTABLE),
        ("a.csv", b"x" * 70_000 + _EICAR + b"x", Code.VIRUS_SIGNATURE),
        ("a.bin", bytes(range(256)), Code.KIND_MISMATCH),
        ("a", bytes(range(256)), Code.KIND_NOT_ALLOWED),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), Code.KIND_MISMATCH),
    ],
)
def test_file_is_taken_for_what_its_bytes_are(name: str, content: bytes, code: Code, tmp_path: Path) -> None:
    verdict = judged(tmp_path, name, content)

    assert (verdict.code, verdict.accepted, verdict.size) == (code, code is Code.OK, len(content))
    assert (verdict.shared_copy_path == tmp_path / "upload") is verdict.accepted


def test_kind_that_is_good_elsewhere_is_refused_where_it_is_not_wanted(tmp_path: Path) -> None:
    assert judged(tmp_path, "a.pdf", PDF, allowed=frozenset({"jpeg"})).code is Code.KIND_NOT_ALLOWED


def test_size_cap_is_exact_and_a_larger_file_is_not_even_read(tmp_path: Path) -> None:
    assert judged(tmp_path, "a.pdf", PDF, limits=Limits(max_bytes=len(PDF))).code is Code.OK
    verdict = judged(tmp_path, "a.pdf", PDF, limits=Limits(max_bytes=len(PDF) - 1))
    assert (verdict.code, verdict.sha256) == (Code.TOO_LARGE, "")


def test_scanner_is_asked_about_a_file_that_passes_and_believed(tmp_path: Path) -> None:
    asked: list[Path] = []

    def finds(path: Path) -> str | None:
        asked.append(path)
        return "Pdf.Exploit.Test"

    verdict = judged(tmp_path, "a.pdf", PDF, scanner=finds)

    assert asked == [tmp_path / "upload"]
    assert (verdict.code, verdict.signature, verdict.shared_copy_path) == (Code.VIRUS_SIGNATURE, "Pdf.Exploit.Test", None)
    assert judged(tmp_path, "a.pdf", PDF, scanner=lambda path: None).code is Code.OK


def test_scanner_is_not_asked_about_a_file_that_is_refused_anyway(tmp_path: Path) -> None:
    asked: list[Path] = []

    assert judged(tmp_path, "a.jpg", PDF, scanner=asked.append).code is Code.KIND_MISMATCH
    assert asked == []


def test_file_is_kept_out_while_the_scanner_is_silent(tmp_path: Path) -> None:
    def silent(path: Path) -> str | None:
        raise ScannerUnavailable

    assert judged(tmp_path, "a.pdf", PDF, scanner=silent).code is Code.SCANNER_UNAVAILABLE


def test_second_opinion_finds_a_page_that_our_own_list_would_miss() -> None:
    with pytest.raises(Refused) as caught:
        kinds.refuse_second_opinion(b"<html><script>alert(1)</script></html>")

    assert caught.value.code is Code.ACTIVE_CONTENT


@pytest.mark.parametrize("answer", [[], puremagic.PureError("Could not identify file"), ValueError("Input was empty")])
def test_library_that_knows_nothing_may_say_so_in_either_of_its_ways(answer: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def knows_nothing(head: bytes) -> list[Any]:
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(puremagic, "magic_string", knows_nothing)

    assert judged(tmp_path, "a.pdf", PDF).code is Code.OK
