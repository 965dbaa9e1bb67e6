"""Days that people and machines give: within reach, or named as a slip; and no form takes a day by any other field."""

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from rest_framework import serializers

from foundation.errors import FieldsToMend
from parties.endpoints import Said, heard
from parties.fields import DayField

ROOT = Path(__file__).parents[3]


class Body(Said):
    day = serializers.DateField()
    more = serializers.ListField(child=serializers.DateField(), required=False)
    moment = serializers.DateTimeField(required=False)


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_a_year_out_of_reach_is_refused_in_forms_and_bodies(day):
    with pytest.raises(ValidationError) as in_form:
        DayField().clean(day)
    with pytest.raises(FieldsToMend) as in_body:
        heard(Body, {"day": day})
    with pytest.raises(FieldsToMend) as within:
        heard(Body, {"day": "2026-01-01", "more": ["2026-01-01", day]})

    assert in_form.value.code == "year_out_of_reach"
    assert [(each["pointer"], each["code"]) for each in in_body.value.errors] == [("/day", "year_out_of_reach")]
    assert [each["pointer"] for each in within.value.errors] == ["/more/1"]


def test_a_day_within_reach_is_taken():
    assert DayField().clean("1900-01-01") == date(1900, 1, 1)
    said = heard(Body, {"day": "2100-12-31", "moment": "0001-01-02T00:00:00Z"})  # the clock of a device that lost its battery
    assert (said["day"], said["moment"].year) == (date(2100, 12, 31), 1)


def test_every_form_takes_its_days_so():
    files = [path for path in ROOT.glob("*/**/*form*.py") if not {".venv", "tests"}.intersection(path.parts)]
    assert len(files) > 20
    assert [path.name for path in files if "forms.DateField(" in path.read_text(encoding="utf-8")] == []
