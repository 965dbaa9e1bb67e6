"""Hostile names from the collection, and good ones that must stay as they are."""

import json
from pathlib import Path

import pytest

from records.screening import clean_file_name, served_file_name

HOSTILE = json.loads((Path(__file__).parents[2] / "data" / "hostile-files" / "manifest.json").read_text())["hostile_names"]
CLEAN = [
    "passwd",
    "a.jpg",
    "x.jpg",
    "质检报告 '___img src=x onerror=alert(1)_.jpg",
    "_CON.jpg",
    "a" * 116 + ".jpg",
    "x.jpg Set-Cookie_ a=b",
    "gpj.exe",
]


@pytest.mark.parametrize(("hostile", "clean"), list(zip(HOSTILE, CLEAN, strict=True)))
def test_hostile_name_of_the_collection_becomes_a_tame_one(hostile: str, clean: str) -> None:
    assert clean_file_name(hostile) == clean


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("质检报告.jpg", "质检报告.jpg"),
        ("Übersicht – März.xlsx", "Übersicht – März.xlsx"),
        ("e\u0301.pdf", "é.pdf"),
        ("a\u200bb\u2066c\ufeff.pdf", "abc.pdf"),
        ("\ud800.pdf", "file.pdf"),
        ("  a   b .pdf ", "a b.pdf"),
        (".htaccess", "htaccess"),
        ("...", "file"),
        ("", "file"),
        ("con", "_con"),
        ("Lpt1.tar.gz", "_Lpt1.tar.gz"),
        ("com¹.txt", "_com¹.txt"),
        ("console.txt", "console.txt"),
        ("NUL .txt", "_NUL.txt"),
        ("dir/", "file"),
        ("检" * 200 + ".pdf", "检" * 116 + ".pdf"),
        ("a" * 119 + " .b" * 20, "a" * 118 + ".b"),
    ],
)
def test_name_keeps_what_is_safe(typed: str, clean: str) -> None:
    assert clean_file_name(typed) == clean


@pytest.mark.parametrize("name", [*HOSTILE, "质检报告.jpg", "CON", "a" * 500])
def test_cleaning_twice_changes_nothing(name: str) -> None:
    assert clean_file_name(clean_file_name(name)) == clean_file_name(name)


@pytest.mark.parametrize(
    ("name", "kind", "served"),
    [
        ("a.JPG", "jpeg", "a.JPG"),
        ("a", "pdf", "a.pdf"),
        ("报告.第2版", "pdf", "报告.第2版.pdf"),
        ("a.txt", "csv", "a.txt"),
        ("a" * 300, "xlsx", "a" * 115 + ".xlsx"),
    ],
)
def test_served_name_carries_the_extension_of_the_true_kind(name: str, kind: str, served: str) -> None:
    assert served_file_name(name, kind) == served
