"""The confined child: what it may not load, and what becomes of one that dies."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from records.screening import Code, Limits, screen
from records.screening.sandbox import PROJECT, run_job

JOBS = ["records.screening.image_job", "records.screening.archive_job"]
LIST_MODULES = "import importlib, sys; importlib.import_module(sys.argv[1]); print('\\n'.join(sys.modules))"


@pytest.mark.parametrize("job", JOBS)
def test_confined_job_loads_neither_the_framework_nor_our_settings(job: str) -> None:
    output = subprocess.run([sys.executable, "-c", LIST_MODULES, job], cwd=PROJECT, capture_output=True, text=True, check=True).stdout

    loaded = set(output.split())

    assert "records.screening.sandbox" in loaded
    assert {name for name in loaded if name.split(".")[0] in {"django", "qcchain", "psycopg", "celery", "foundation"}} == set()


def test_screening_works_from_any_folder_and_without_our_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("PYTHONSTARTUP", "/nowhere")
    path = Path(os.path.relpath(Path(__file__).parents[2] / "data" / "hostile-files" / "ok.jpg", tmp_path))

    verdict = screen(path, claimed_name="ok.jpg", allowed=frozenset({"jpeg"}), copy_path=Path("copy.jpg"))

    assert (verdict.code, verdict.shared_copy_path) == (Code.OK, Path("copy.jpg"))
    assert (tmp_path / "copy.jpg").exists()


def test_job_that_dies_is_told_apart_from_one_that_answers() -> None:
    assert run_job("records.screening.no_such_job", Limits()) == {"died": True}


def test_picture_whose_reader_dies_is_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff" + bytes(100))
    monkeypatch.setattr("records.screening.judging.run_job", lambda *order, **more: {"died": True})

    verdict = screen(tmp_path / "a.jpg", claimed_name="a.jpg", allowed=frozenset({"jpeg"}))

    assert (verdict.accepted, verdict.code) == (False, Code.IMAGE_BROKEN)


@pytest.mark.parametrize("name", ["-rf.jpg", "$(reboot).jpg", "a b;c.jpg", "名.jpg"])
def test_name_on_disk_is_never_a_command(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes((Path(__file__).parents[2] / "data" / "hostile-files" / "ok.jpg").read_bytes())

    assert screen(tmp_path / name, claimed_name=name, allowed=frozenset({"jpeg"})).code is Code.OK
