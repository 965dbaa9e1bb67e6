"""Days as people and machines give them. A year of two or five figures is a slip, and nothing that is counted on from a day may run off the calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.errors import RuleBroken

FIRST_YEAR, LAST_YEAR = 1900, 2100


def is_in_reach(day: date) -> bool:
    """Whether a day may be meant: of a firm's papers the oldest, of its plans the last."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def out_of_reach() -> RuleBroken:
    """What is said of a day that is not."""
    return RuleBroken("year_out_of_reach", first=FIRST_YEAR, last=LAST_YEAR)


class DayField(forms.DateField):
    """A day of a form, within reach."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not is_in_reach(value):
            raise ValidationError(out_of_reach().words(), code="year_out_of_reach")
