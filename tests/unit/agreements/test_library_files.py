"""The library's files fit together, and say of GB 18401 what is published."""

import json
import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from agreements.limits import LimitSaid, Shelf, faults
from agreements.models import Characteristic
from agreements.services.library_files import FOLDER, read_library

FILES = read_library()
CHARACTERISTICS = {row["code"]: row for row in FILES["characteristics"]}
EDITIONS = {edition["code"]: edition for method in FILES["methods"] for edition in method["editions"]}
MEASURES = {edition["code"]: method["characteristics"] for method in FILES["methods"] for edition in method["editions"]}
PRODUCTS = {row["code"] for row in FILES["product_standards"]["products"]}
# GB 18401-2010, table 1, as it is printed for classes A, B and C; "" where a class asks for nothing.
GB_18401 = {
    ("FOR", "upper"): ("20", "75", "300"),
    ("PH", "lower"): ("4.0", "4.0", "4.0"),
    ("PH", "upper"): ("7.5", "8.5", "9.0"),
    ("CF-WAT", "grade_floor"): ("3-4", "3", "3"),
    ("CF-PER", "grade_floor"): ("3-4", "3", "3"),
    ("CF-RUB", "grade_floor"): ("4", "3", "3"),
    ("CF-SAL", "grade_floor"): ("4", "", ""),
    ("ODO", "upper"): ("0", "0", "0"),
    ("AZO", "upper"): ("20", "20", "20"),
}


def test_classes_of_gb_18401_are_the_published_ones():
    found = {}
    for row in FILES["limits"]:
        if row["safety_class"]:
            for name in ("lower", "target", "upper", "grade_floor", "max_cv_percent", "max_lot_delta_e"):
                if row.get(name):
                    found.setdefault((row["characteristic"], name), {})[row["safety_class"]] = row[name]

    assert {key: tuple(by.get(letter, "") for letter in "ABC") for key, by in found.items()} == GB_18401


def test_every_limit_passes_the_rules_that_a_person_must_pass():
    shelf = Shelf(
        {code: SimpleNamespace(**row) for code, row in CHARACTERISTICS.items()},
        {code: SimpleNamespace(**row, supersedes_id=row["supersedes"]) for code, row in EDITIONS.items()},
        {code: frozenset(what) for code, what in MEASURES.items()},
        frozenset(PRODUCTS),
    )

    assert {row["edition"]: found for row in FILES["limits"] if (found := faults(LimitSaid(**row), shelf, on=date(2026, 1, 1)))} == {}


def test_every_limit_names_a_characteristic_and_an_edition_that_measures_it():
    assert [row for row in FILES["limits"] if row["characteristic"] not in MEASURES.get(row["edition"], ())] == []
    assert sorted({code for what in MEASURES.values() for code in what} - set(CHARACTERISTICS)) == []


@pytest.mark.parametrize("name", ["limits", "editions", "standards"])
def test_whatever_is_unverified_says_so_in_both_languages_and_nothing_else_does(name):
    rows = {"limits": FILES["limits"], "editions": list(EDITIONS.values()), "standards": FILES["product_standards"]["standards"]}[name]

    assert [row for row in rows if not row["source_zh"] or not row["source_en"]] == []
    assert [row for row in rows if row["verified"] == row["source_en"].endswith("(unverified)")] == []
    assert [row for row in rows if row["verified"] == row["source_zh"].endswith("（待核实）")] == []


def test_only_the_table_of_gb_18401_counts_as_verified():
    assert {row["source_en"] for row in FILES["limits"] if row["verified"]} == {f"GB 18401-2010, class {letter}" for letter in "ABC"}


def test_no_limit_stands_twice():
    places = [tuple(row[name] for name in ("characteristic", "edition", "product", "safety_class", "grade")) for row in FILES["limits"]]

    assert len(places) == len(set(places)) > 30


def test_codes_are_unique_and_no_day_was_invented():
    codes = [row["code"] for row in FILES["characteristics"]]
    assert len(codes) == len(set(codes)) == 40
    assert len(EDITIONS) == sum(len(method["editions"]) for method in FILES["methods"])
    assert {(row["valid_from"], row["valid_to"]) for row in EDITIONS.values()} == {(None, None)}


def test_characteristics_use_the_known_kinds_directions_and_steps():
    nodes = set(re.findall(r"^(\w+),\d", (Path(FOLDER).parents[1] / "parties/reference/chain_nodes.csv").read_text(encoding="utf-8"), re.M))

    assert {row["kind"] for row in CHARACTERISTICS.values()} == set(Characteristic.Kind.values)
    assert {row["direction"] for row in CHARACTERISTICS.values()} == set(Characteristic.Direction.values)
    assert {node for row in CHARACTERISTICS.values() for node in row["node_codes"]} <= nodes
    assert {row["unit"] for row in CHARACTERISTICS.values() if row["kind"] == "ordinal"} == {"级"}
    assert CHARACTERISTICS["COL-DE"]["reading_schema"] == ["L", "a", "b"]


def test_the_ten_product_standards_are_there_by_name():
    assert [row["code"] for row in FILES["product_standards"]["standards"]] == [
        "GB 18401-2010", "GB 31701", "FZ/T 71006-2021", "FZ/T 22010-2014", "FZ/T 71008-2019", "FZ/T 73009-2021", "FZ/T 73018-2021",
        "FZ/T 24011-2019", "FZ/T 81007-2022", "GB/T 22796-2021",
    ]  # fmt: skip
    assert {row["product"] for row in FILES["product_standards"]["standards"]} <= PRODUCTS
    assert {row["product"] for row in FILES["limits"]} <= PRODUCTS | {""}


def test_newest_templates_name_only_what_the_library_has():
    newest: dict[str, Path] = {}
    for path in sorted(FOLDER.glob("*-[0-9]*.json")):
        newest[path.stem.rsplit("-", 1)[0]] = path
    missing = []
    for path in newest.values():
        for clause in json.loads(path.read_text(encoding="utf-8"))["clauses"]:
            params = clause["params"]
            if clause["type"] == "characteristic_limit" and params["characteristic"] not in MEASURES.get(
                params.get("edition", params["method"]), ()
            ):
                missing.append((path.stem, params["characteristic"], params["method"]))

    assert missing == []


def test_every_characteristic_says_how_its_readings_are_recognised():
    wanted = {"aliases", "units_equal", "units_scaled", "possible", "plausible", "detection_limit"}

    assert [code for code, row in CHARACTERISTICS.items() if set(row["reading"]) - {"note_zh", "note_en"} != wanted] == []
    assert [code for code, row in CHARACTERISTICS.items() if (row["reading"]["possible"] is None) != (row["kind"] == "ordinal")] == []


def test_what_is_likely_lies_within_what_can_be_and_is_marked_as_ours():
    for code, row in CHARACTERISTICS.items():
        how = row["reading"]
        if how["plausible"]:
            low, high = how["possible"]
            assert low <= how["plausible"][0] < how["plausible"][1] <= high, code
            assert "unverified" in how["note_en"], code
            assert "待核实" in how["note_zh"], code


def test_no_name_of_a_characteristic_stands_for_two():
    names: dict[str, set[str]] = {}
    for code, row in CHARACTERISTICS.items():
        for name in (code, row["name_zh"], row["name_en"], *row["reading"]["aliases"]):
            names.setdefault("".join(name.split()).casefold(), set()).add(code)

    assert {name: codes for name, codes in names.items() if len(codes) > 1} == {}
