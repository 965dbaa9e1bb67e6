"""Two samples of a round: who is read how, when nothing is drawn, what the drawing holds; and where a product stands in its crowd."""

from types import SimpleNamespace

from oversight.comparison import Readings, Rule, standing, worked_out
from oversight.round_charts import Circle, Spot, youden_plot
from oversight.two_samples import couples, is_lonely, paired


def lines(**scores):
    return [{"code": code, "z": z} for code, z in scores.items()]


def indicator(code, sample, edition="GB/T 7573-2009"):
    return SimpleNamespace(characteristic_code=code, edition_code=edition, sample=sample)


def test_pairs_are_made_by_code_and_each_is_read_for_bias_or_slip():
    found = paired(lines(a=0.1, b=2.4, c=-2.2, d=2.6, e=-0.5, gone=9.0), lines(e=0.4, d=-0.2, c=-1.4, b=1.2, a=0.0, other=9.0))

    assert [(pair.code, pair.reads) for pair in found.pairs] == [("a", "within"), ("b", "side"), ("c", "side"), ("d", "one"), ("e", "within")]
    assert found.spread.p == 5


def test_nothing_is_drawn_of_fewer_than_five_or_where_all_are_the_same():
    four = paired(lines(a=0.1, b=0.2, c=0.3, d=0.4, e=0.5), lines(a=0.1, b=0.2, c=0.3, d=0.4, other=0.5))
    ungraded = paired(lines(a=0.1, b=0.2, c=0.3, d=0.4, e=0.5), [{"code": code, "steps": 0} for code in "abcde"])
    alike = paired(lines(a=0.0, b=0.0, c=0.0, d=0.0, e=0.0), lines(a=1.0, b=1.0, c=1.0, d=1.0, e=1.0))

    assert (four, ungraded, alike) == (None, None, None)


def test_an_indicator_of_one_sample_has_its_like_of_the_other_by_the_same_edition():
    one, two, single = indicator("PH", "A"), indicator("PH", "B"), indicator("FOR", "")

    assert couples([two, single, one]) == [(one, two)]
    assert [is_lonely(rows) for rows in ([one, two, single], [one, single], [one, indicator("PH", "B", "GB/T 3922")], [single])] == [False, True, True, False]


def test_the_drawing_holds_every_code_the_circle_and_ones_own_by_name():
    spots = [Spot("L1", (0.2, 0.4), True), *(Spot(f"L{n}", (n / 4 - 1, 1 - n / 4)) for n in range(2, 7)), Spot("FAR", (30.0, -30.0))]

    svg = youden_plot("y1", spots, Circle((0.1, 0.0), 1.5), title="Two samples", says="fine")

    assert (svg.count("<circle"), svg.count(">L1</text>"), svg.count(">FAR</text>"), "FAR: 30.00, −30.00" in svg) == (8, 1, 0, True)
    assert "nan" not in svg and "inf" not in svg


def test_a_product_stands_by_robust_spreads_from_the_middle_and_a_laboratory_by_its_score():
    rows = [Readings(f"Q{n}", {"": [value]}) for n, value in enumerate((6.6, 6.7, 6.8, 6.9, 7.0, 7.8))]
    product = worked_out(rows, Rule("variable", False))
    figures = product.figures

    assert round(standing(product.crowd[-1], figures), 4) == round((7.8 - figures["middle"]) / figures["s_star"], 4)
    assert standing({"code": "Q1", "steps": -2, "value": 3.0}, {"middle": 4.0}) == -2.0
    assert standing({"code": "Q1", "value": 20.0, "below": True}, figures) is None
