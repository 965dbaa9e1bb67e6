"""The numbers to try: open to everybody, an address for each answer, errors that name what to mend."""

import csv
import io

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def ask(client, name, language="en", **question):
    client.cookies["django_language"] = language
    return client.get(reverse(f"desk:{name}"), question)


def test_a_visitor_looks_a_plan_up_by_its_address(client):
    found = ask(client, "numbers", lot=1200, level="II", aql="2.5", severity="tightened")

    assert found.status_code == 200
    assert "Take 80 items: accept with up to 3, do not accept with 4 or more" in found.content.decode()


def test_an_arrow_is_said_and_the_whole_lot_too(client):
    found = ask(client, "numbers", "zh-hans", lot=8, level="II", aql="0.65", severity="normal")

    assert "整批全检：共 8 件" in found.content.decode()
    assert "箭头向下：样本量加大" in found.content.decode()


@pytest.mark.parametrize(
    ("question", "said"), [({"lot": "1"}, "2"), ({"lot": "many"}, "lot"), ({"aql": "2.6"}, "2.6"), ({"level": "IV"}, "IV")]
)
def test_a_question_that_cannot_be_is_kept_and_marked(client, question, said):
    found = ask(client, "numbers", **{"lot": 1200, "level": "II", "aql": "2.5", "severity": "normal", **question})

    assert found.status_code == 422
    assert said in found.content.decode()
    assert "Mend what is marked" in found.content.decode()


def test_the_curve_of_a_plan_is_a_file(client):
    found = ask(client, "numbers_curve", lot=1200, level="II", aql="2.5", severity="normal")

    rows = list(csv.reader(io.StringIO(found.content.decode("utf-8-sig"))))
    assert rows[0] == ["nonconforming_per_100", "accepted_percent"]
    assert rows[1] == ["0.0000", "100.0000"]
    assert len(rows) > 15


def test_capability_says_its_indices_and_why_one_is_missing(client):
    found = ask(client, "numbers_capability", readings="9.0 10.0 11.0 10.0 10.5 9.5", lower="8", upper="13")

    page = found.content.decode()
    assert "Ppk is 0.94, from 6 readings" in page
    assert "no target is given" in page
    assert "no bounds: the spread comes from ranges" in page


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ({"readings": "1 2 <20", "lower": 0}, "&lt;20 is not a number."),
        ({"readings": "1 2 nan", "lower": 0}, "nan is not a number."),
        ({"readings": "1 2\n3", "lower": 0}, "Lines are subgroups"),
        ({"readings": "5", "lower": 0}, "One reading has no spread"),
        ({"readings": "1 2"}, "Give a lower limit"),
        ({"readings": "1 2", "lower": 3, "upper": 2}, "The upper limit lies above"),
        ({"readings": "1 2", "lower": 0, "upper": 3, "target": 9}, "The target lies within"),
    ],
)
def test_readings_that_say_nothing_are_answered_with_the_mend(client, question, said):
    found = ask(client, "numbers_capability", **question)

    assert found.status_code == 422
    assert said in found.content.decode()


def test_readings_without_spread_have_no_index(client):
    found = ask(client, "numbers_capability", "zh-hans", readings="5 5 5", upper=6)

    assert found.status_code == 200
    assert "无法评价" in found.content.decode()


def test_two_colours_are_compared(client):
    found = ask(client, "numbers_colour", reference="50, 2.6772, -79.7751", sample="50 0 -82.7485")

    assert "2.0425" in found.content.decode()


def test_a_colour_of_two_numbers_is_sent_back(client):
    found = ask(client, "numbers_colour", "zh-hans", reference="50 2", sample="50 0 1")

    assert found.status_code == 422
    assert "请填三个数：L*、a*、b*。现在有 2 个。" in found.content.decode()


def test_the_validation_report_is_computed_here_and_agrees(client):
    found = ask(client, "numbers_proof")

    page = found.content.decode()
    assert "ciede2000_sharma.csv" in page
    assert "Not every reference file agrees" not in page
    assert "reference files agree" in page
