"""The library of checklists that comes with the product: complete in both languages, with its sources, and publishable as it stands."""

import json
import re
from pathlib import Path

import pytest

from agreements.clause_types import SCHEMAS
from audits.checklist_body import HEAD, LONGEST, QUESTION, SECTION, Known, faults_of, whole
from parties.reference import chain_nodes

FILES = sorted((Path(__file__).resolve().parents[3] / "audits" / "library").glob("*.json"))
HAN = re.compile(r"[\u4e00-\u9fff]")
KNOWN = Known(tuple(node.code for node in chain_nodes()), tuple(SCHEMAS))


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_checklist_of_the_library_is_whole_and_without_fault(path):
    said = read(path)
    body = whole(said)

    assert said["code"] == path.stem
    assert faults_of(body, KNOWN) == []
    assert set(said) - {"code"} <= set(HEAD)
    assert all(set(question) <= set(QUESTION) for question in said["questions"])
    assert all(set(section) == set(SECTION) for section in said.get("sections", []))
    assert [question["code"] for question in body["questions"]] == [question["code"] for question in said["questions"]]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_line_of_it_stands_in_both_languages(path):
    body = whole(read(path))

    for said in (body, *body["sections"], *body["questions"]):
        for name in (each[:-3] for each in LONGEST if each.endswith("_zh") and each in said):
            zh, en = said[f"{name}_zh"], said[f"{name}_en"]
            assert bool(zh) == bool(en), (said.get("code"), name)
            assert not zh or HAN.search(zh), zh
            assert not HAN.search(en), en
    for question in body["questions"]:
        assert all(option["zh"] and option["en"] for option in question["options"])


def test_the_library_has_what_it_promises():
    bodies = {path.stem: whole(read(path)) for path in FILES}
    process = bodies["process-audit-1"]

    assert len(bodies["process-walk-1"]["questions"]) == 20
    assert {f"{name}-process-1" for name in ("garment", "cashmere-yarn", "dyeing", "bedding", "accessories")} <= set(bodies)
    assert all(question["source"].startswith("ISO 9001:2015, ") for question in bodies["quality-system-1"]["questions"])
    assert process["scoring"] == "vda63"
    assert {question["element"] for question in process["questions"]} == {"P2", "P3", "P4", "P5", "P6", "P7"}
    assert {q["sub_element"] for q in process["questions"] if q["element"] == "P6"} == {"EU1", "EU2", "EU3", "EU4", "EU5", "EU6"}
    assert all(body["source_zh"] for code, body in bodies.items() if code != "mill-walk-1")
