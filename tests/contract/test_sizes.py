"""Sizes: a file, a function and a template have an end. Tables, migrations and data are exempt."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CODE = [
    p
    for p in ROOT.rglob("*.py")
    if not {"migrations", ".venv", ".qcchain", "tables", "node_modules", "tests", ".git"} & set(p.relative_to(ROOT).parts)
]
TEMPLATES = [*(ROOT / "templates").rglob("*.html")]
CLOSED = {
    "__init__.py", "actor.py", "apps.py", "asked.py", "errors.py", "htmx.py", "scope.py", "wake.py", "tables.toml", "templatetags",
}  # fmt: skip


def functions():
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path.relative_to(ROOT).as_posix(), node


def test_no_python_file_is_longer_than_400_lines():
    assert [(p.relative_to(ROOT).as_posix(), n) for p in CODE if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400] == []


def test_no_template_is_longer_than_200_lines():
    assert [(p.name, n) for p in TEMPLATES if (n := len(p.read_text(encoding="utf-8").splitlines())) > 200] == []


def test_no_function_is_longer_than_60_lines():
    assert [(path, node.name) for path, node in functions() if node.end_lineno - node.lineno + 1 > 60] == []


def test_no_function_takes_eight_arguments():
    found = []
    for path, node in functions():
        spec = node.args
        names = [a.arg for a in [*spec.posonlyargs, *spec.args, *spec.kwonlyargs] if a.arg not in ("self", "cls")]
        if len(names) >= 8 and (path, node.name) not in WIDE:
            found.append((path, node.name, len(names)))

    assert found == []


# The one door into the record names every part of an entry (ADR).
WIDE = {("records/services/entries.py", "append_entry"), ("records/services/entries.py", "entry_rows")}


def test_the_ground_floor_is_a_closed_list():
    assert {p.name for p in (ROOT / "foundation").iterdir() if p.name != "__pycache__"} == CLOSED


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "misc"])
def test_there_is_no_room_without_a_subject(word):
    assert [p for p in CODE if p.stem == word or word in p.relative_to(ROOT).parts[:-1]] == []


def test_no_path_of_a_machine_and_no_registry_host_stands_in_the_project():
    words = ["/" + "work/", "/" + "tmp/", "file:" + "///", "--index" + "-url http"]
    files = [
        p
        for folder in ("docs", "templates", "deploy", "requirements", "benchmarks")
        for p in (ROOT / folder).rglob("*")
        if p.is_file() and p.suffix in (".md", ".html", ".lock", ".in", ".py", ".sh", ".sql")
    ]

    assert [(p.name, w) for p in [*files, *CODE] for w in words if w in p.read_text(encoding="utf-8")] == []
