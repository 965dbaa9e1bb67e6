"""The papers are true: links arrive, packages have reasons, decisions are listed, commands exist."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from benchmarks import catalogue

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
ADR = DOCS / "adr"
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(DOCS.rglob("*.md"))]
PAGE = [pytest.param(page, id=page.relative_to(ROOT).as_posix()) for page in PAGES]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
# A path in code quotes that begins with a folder or file of the project.
QUOTED = re.compile(r"`([\w.-]+(?:/[\w.*{},-]+)+/?)(?:[:\s][^`]*)?`")
OUTSIDE = re.compile(r"(?<![\w.)\]/:-])(?:/(?:work|tmp|root|home/\w)[/\w]*|~/|\.\./\.\./\.\.)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# Where a page may speak of what is not a file of ours: data of a running product.
RUNNING = (".qcchain/", "screenshots/", "requirements/*")


def packages(path: Path) -> set[str]:
    """The names that an .in file asks for, without extras and versions."""
    lines = (line.split("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return {re.split(r"[\[<>=!~; ]", line)[0].lower() for line in lines if line and not line.startswith("-")}


def explained(heading: str) -> dict[str, str]:
    """package -> reason, of the table under a heading of docs/dependencies.md."""
    text = (DOCS / "dependencies.md").read_text("utf-8")
    part = next(part for part in text.split("\n## ")[1:] if f"`{heading}`" in part.splitlines()[0])
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("| ")]
    return {name.lower(): reason for name, reason in rows if name != "package"}


def anchor(heading: str) -> str:
    """What GitHub makes of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("name", ["base.in", "dev.in"])
def test_every_package_has_its_reason_and_every_reason_its_package(name):
    reasons = explained(name)

    assert set(reasons) == packages(ROOT / "requirements" / name)
    assert [package for package, reason in reasons.items() if len(reason) < 5] == []


def test_a_package_line_is_read_without_extras_and_versions(tmp_path):
    path = tmp_path / "some.in"
    path.write_text("# why\nDjango>=5.2,<5.3\npsycopg[binary,pool]>=3.2\n-r base.in\nuv  # tool\n", "utf-8")

    assert packages(path) == {"django", "psycopg", "uv"}


@pytest.mark.parametrize("paper", PAGE)
def test_links_within_the_project_arrive(paper):
    lost = []
    for link in LINK.findall(paper.read_text("utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, place = link.partition("#")
        target = (paper.parent / path).resolve() if path else paper
        if not target.exists() or not target.is_relative_to(ROOT) or not _holds(target, place):
            lost.append(link)

    assert lost == []


def _holds(target: Path, place: str) -> bool:
    """Whether the page has the heading that a link goes to."""
    return not place or place in {anchor(heading) for heading in HEADING.findall(target.read_text("utf-8"))}


@pytest.mark.parametrize("paper", PAGE)
def test_quoted_paths_are_there(paper):
    roots = {path.name for path in ROOT.iterdir()}
    named = {path for path in QUOTED.findall(paper.read_text("utf-8")) if path.split("/")[0] in roots}

    assert [path for path in sorted(named) if not path.startswith(RUNNING) and not _stands(path)] == []


def _stands(path: str) -> bool:
    alternatives = re.match(r"(.*)\{(.*)\}(.*)", path)
    if alternatives:
        return all(_stands(f"{alternatives[1]}{word}{alternatives[3]}") for word in alternatives[2].split(","))
    return any(ROOT.glob(path.rstrip("/"))) or any(ROOT.glob(f"{path}.py"))


@pytest.mark.parametrize("paper", PAGE)
def test_no_page_names_a_path_outside_the_project(paper):
    assert OUTSIDE.findall(paper.read_text("utf-8")) == []


@pytest.mark.parametrize("text", ["see /work/x", "in `/tmp/y`", "~/data", "[a](../../../b)"])
def test_a_path_outside_would_be_seen(text):
    assert OUTSIDE.findall(text) != []


@pytest.mark.parametrize("paper", PAGE)
def test_every_make_word_is_a_target(paper):
    targets = set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
    said = set(re.findall(r"(?:`|^|\$ )make ([a-z-]+)", paper.read_text("utf-8"), re.MULTILINE))

    assert said <= targets


def test_the_readme_names_the_two_commands():
    said = (ROOT / "README.md").read_text("utf-8")

    assert {"make run", "make test"} <= set(re.findall(r"make [a-z]+", said))


@pytest.mark.parametrize("paper", PAGE)
def test_every_manage_command_exists(paper):
    assert set(re.findall(r"manage\.py ([a-z_]+)", paper.read_text("utf-8"))) <= set(get_commands())


def test_every_benchmark_that_is_named_exists():
    said = {name for page in PAGES for name in re.findall(r"benchmarks run ([a-z_0-9]+)", page.read_text("utf-8"))}

    assert said <= set(catalogue.PLACES)


def test_every_decision_is_listed_once_and_numbers_are_unique():
    files = sorted(path.name for path in ADR.glob("[0-9]*.md"))
    listed = re.findall(r"^\| \[(\d{4})\]\(([^)]+)\) \|", (ADR / "README.md").read_text("utf-8"), re.MULTILINE)

    assert [name for _, name in listed] == files
    assert [number for number, _ in listed] == [name[:4] for name in files]
    assert len({number for number, _ in listed}) == len(files)


def test_every_decision_begins_with_its_number():
    assert [path.name for path in ADR.glob("[0-9]*.md") if not path.read_text("utf-8").startswith(f"# {path.name[:4]} · ")] == []


def test_every_persona_page_speaks_both_languages():
    for page in (DOCS / "personas").glob("*.md"):
        english, _, chinese = page.read_text("utf-8").partition("\n---\n")
        assert "**First.**" in english, page.name
        assert "**先做什么。**" in chinese, page.name


def test_pictures_are_small():
    pictures = [*(DOCS / "img").glob("*.png")]

    assert len(pictures) == 5
    assert [picture.name for picture in pictures if picture.stat().st_size > 200 * 1024] == []
