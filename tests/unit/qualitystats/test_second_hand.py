"""Reference files under names that nobody chose, and the second hand on the record's files."""

import json
import shutil
from pathlib import Path

import pytest

from qualitystats.verify import check_file, load_checkers
from qualitystats.verifying import checker_for, read_document

TESTS = Path(__file__).resolve().parents[2]
MINE = ("03_colour", "04_interlab", "05_textile", "06_audit", "07_identifiers")
FILES = sorted(path for part in MINE for path in (TESTS / "vectors" / part).iterdir())
RECORD = sorted((TESTS / "data" / "record").glob("*.json"))


@pytest.mark.parametrize("path", [*FILES, *RECORD], ids=lambda path: path.name)
def test_a_file_under_another_name_is_known_by_what_stands_in_it(path, tmp_path):
    load_checkers()
    other = tmp_path / f"unseen{path.suffix}"
    shutil.copy(path, other)

    known = checker_for(read_document(path))

    assert known is not None
    assert checker_for(read_document(other)) is known


@pytest.mark.parametrize("path", RECORD, ids=lambda path: path.name)
def test_a_second_hand_agrees_with_the_files_of_the_record(path):
    load_checkers()

    report = check_file(path, path.name)

    assert report.passed == report.cases > 0


def test_a_proof_that_was_tampered_with_would_be_noticed(tmp_path):
    load_checkers()
    data = json.loads((TESTS / "data/record/rfc6962_vectors.json").read_text("utf-8"))
    for case in data["cases"]:
        case["wantErr"] = not case["wantErr"]
    (tmp_path / "turned.json").write_text(json.dumps(data), "utf-8")

    report = check_file(tmp_path / "turned.json", "turned.json")

    assert (report.cases, report.passed) == (357, 0)
