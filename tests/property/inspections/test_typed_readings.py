"""However a reading is written, it is the same reading; and what is kept can be written down again and read as the same."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from inspections.filing import read_of, said_digest, stored, values_of
from inspections.judging import Limits, judge
from inspections.reading.context import GRADES, Characteristic
from inspections.result_words import reading_words
from inspections.typed import SetSaid, read_set

LENGTH = Characteristic(
    "DIM",
    "水洗尺寸变化率",
    "variable",
    "mm",
    units_scaled={"cm": Decimal(10), "m": Decimal(1000)},
    possible=((Decimal(-100000), Decimal(100000)),),
)
LOW = Characteristic("FOR", "甲醛含量", "censored", "mg/kg", possible=((Decimal(0), Decimal(100000)),))
GRADE = Characteristic("PIL", "起球", "ordinal", "级", units_equal=("",))
NUMBERS = st.decimals(-9999, 9999, places=3)
WIDE = str.maketrans("0123456789.-", "０１２３４５６７８９．－")


def meant(what: Characteristic, *values: str, unit: str = ""):
    read, faults = read_set(SetSaid(what.code, values, edition="X-2000", unit=unit), what)
    assert faults == []
    assert read is not None
    return read


class Row:
    """What is kept, as far as it is read again."""

    def __init__(self, read, kind):
        self.readings, self.decimals = stored(read, kind)
        self.characteristic_code, self.edition_code, self.unit, self.width = read.characteristic, read.edition, read.unit, read.width
        self.qualifiers, self.measured_at, self.instrument, self.details, self.marks = read.qualifiers, read.measured_at, "", None, []


@settings(max_examples=50)
@given(st.lists(NUMBERS, min_size=1, max_size=6))
def test_a_number_is_the_same_however_it_is_written(numbers):
    plain = meant(LENGTH, *[str(each) for each in numbers])
    wide = meant(LENGTH, *[f" {str(each).translate(WIDE)} " for each in numbers])
    in_m = meant(LENGTH, *[str(each / 1000) for each in numbers], unit="m")

    assert plain.readings == wide.readings == in_m.readings == tuple(numbers)
    assert said_digest(None, plain) == said_digest(None, wide)  # type: ignore[arg-type]


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from(["", "<", ">", "≤", "≥"]), st.decimals(0, 9999, places=2)), min_size=1, max_size=5))
def test_what_is_kept_is_written_and_read_again_as_the_same(signed):
    read = meant(LOW, *[f"{sign}{value}" for sign, value in signed])
    row = Row(read, "censored")
    again = meant(LOW, *reading_words(values_of(row), row.qualifiers, "censored"))

    assert (again.readings, again.qualifiers) == (read.readings, read.qualifiers)
    assert read_of(row).readings == read.readings


@settings(max_examples=30)
@given(st.lists(st.sampled_from(GRADES), min_size=1, max_size=4), st.sampled_from(["{}", "{}级", "{} 级", "≥{}"]))
def test_a_grade_keeps_its_half_step(grades, look):
    read = meant(GRADE, *[look.format(each) for each in grades])
    numbers, decimals = stored(read, "ordinal")

    assert decimals == 1
    assert [GRADES[(number - 10) // 5] for number in numbers if number is not None] == grades


@settings(max_examples=50)
@given(st.lists(NUMBERS, min_size=1, max_size=6), NUMBERS, NUMBERS)
def test_a_set_is_in_if_and_only_if_every_reading_lies_within(numbers, one, other):
    low, high = sorted((one, other))
    read = meant(LENGTH, *[str(each) for each in numbers])
    kept, decimals = stored(read, "variable")

    verdict = judge("variable", kept, decimals, None, Limits(low, high))

    assert (verdict.state == "in") == all(low <= each <= high for each in numbers)
    assert verdict.out_count == sum(not low <= each <= high for each in numbers)
