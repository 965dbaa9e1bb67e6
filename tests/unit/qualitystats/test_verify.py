"""The runner: a line per file, nothing passed over in silence, a miss is a failure."""

import json
import shutil
from pathlib import Path

import pytest

from qualitystats.__main__ import main
from qualitystats.verify import verify
from qualitystats.verifying import Tally, checker_for, read_document

VECTORS = Path(__file__).resolve().parents[2] / "vectors"
FILES = sorted(path for path in VECTORS.rglob("*") if path.suffix in (".csv", ".json"))


@pytest.fixture(scope="module")
def reports():
    return {report.file: report for report in verify(VECTORS).reports}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_case_of_every_reference_file_passes(path, reports):
    report = reports[path.relative_to(VECTORS).as_posix()]

    assert (report.passed, report.note if report.passed < report.cases else "") == (report.cases, "")
    assert report.cases > 0


def test_an_unknown_file_is_named_and_nothing_is_said_of_it(tmp_path):
    (tmp_path / "odd.json").write_text('{"colour": "red"}', "utf-8")
    (tmp_path / "odd.bin").write_bytes(b"\x00")
    shutil.copy(VECTORS / "02_spc/nist_ewma.json", tmp_path)

    found = verify(tmp_path)

    assert found.unknown == ("odd.bin", "odd.json")
    assert [line for line in found.lines() if "UNKNOWN" in line and "odd" in line] == [line for line in found.lines() if "odd" in line]
    assert found.ok


def test_a_folder_with_nothing_to_check_is_no_success(tmp_path):
    (tmp_path / "odd.json").write_text("{}", "utf-8")

    assert not verify(tmp_path).ok


@pytest.mark.parametrize("path", [path for path in FILES if path.parent.name in ("01_sampling", "02_spc")], ids=lambda path: path.name)
def test_a_file_under_another_name_is_known_by_what_stands_in_it(path, tmp_path):
    # A master table and the Z1.4 table do not say in their cells what they are: that part of the name stays.
    word = next((word for word in ("normal", "tightened", "reduced") if word in path.name), "")
    other = tmp_path / f"unseen_{'z14_' if 'z14' in path.name else ''}{word}{path.suffix}"
    shutil.copy(path, other)

    known = checker_for(read_document(path))

    assert known is not None
    assert checker_for(read_document(other)) is known


def test_one_wrong_number_fails_the_file_and_the_run(tmp_path, capsys):
    data = json.loads((VECTORS / "02_spc/nist_ewma.json").read_text("utf-8"))
    data["expected_ewma"][3] += 0.5
    (tmp_path / "nist_ewma.json").write_text(json.dumps(data), "utf-8")

    ended = main(["verify", str(tmp_path)])

    printed = capsys.readouterr().out
    assert ended == 1
    assert "FAILED average 4" in printed
    assert "1 files checked, 1 failed; 23 cases, 22 passed; 0 unknown files" in printed


def test_a_broken_file_fails_and_the_others_are_still_checked(tmp_path):
    (tmp_path / "broken.json").write_text('{"cases": [', "utf-8")
    shutil.copy(VECTORS / "01_sampling/code_letters.csv", tmp_path)

    found = {report.file: report for report in verify(tmp_path).reports}

    assert not found["broken.json"].ok
    assert found["code_letters.csv"].ok


def test_a_number_that_is_none_or_nan_is_a_miss():
    tally = Tally("x")

    assert not tally.number("none", None, 1.0, tol=9)
    assert not tally.number("nan", float("nan"), 1.0, tol=9)
    assert tally.worst is None


def test_a_missing_folder_is_refused():
    with pytest.raises(ValueError, match="folder is 'nowhere'"):
        verify(Path("nowhere"))
