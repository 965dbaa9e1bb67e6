"""Checkers of the files on control charts and capability."""

from __future__ import annotations

from typing import Any

from qualitystats.attribute_charts import c_chart, np_chart, p_chart, u_chart
from qualitystats.capability import Indices, capability_of
from qualitystats.chart_constants import constants
from qualitystats.charts import Chart, VaryingChart
from qualitystats.signals import nelson_signals
from qualitystats.time_weighted import ewma
from qualitystats.verifying import Document, Report, Tally, checks

# Half of the last printed digit, and a little for the float that holds it.
DIGITS = {places: 0.5000001 * 10.0**-places for places in range(7)}


@checks("shewhart_constants.csv", columns=("n", "d2", "c4", "A2"))
def chart_constants(document: Document) -> Report:
    """Every constant of every subgroup size, to the digits printed."""
    tally = Tally(document.name)
    for row in document.rows:
        found = constants(int(row["n"]))
        for name in document.header[1:]:
            places = len(row[name].partition(".")[2])
            tally.number(f"{name} of {row['n']}", getattr(found, name), float(row[name]), tol=DIGITS[min(places, 6)])
    return tally.report()


@checks("nelson_rules.json", keys=("convention", "cases"))
def nelson(document: Document) -> Report:
    """Every series: each rule at exactly the points that complete it, and no other rule."""
    tally = Tally(document.name)
    for case in document.data["cases"]:
        found = nelson_signals(case["z"], centre=0, sigma=1).by_rule
        expected = {int(rule): tuple(points) for rule, points in case["expected_signals"].items()}
        tally.equal(case["name"], found, expected)
    return tally.report()


@checks("nist_ewma.json", keys=("expected_ewma", "lam", "target"))
def nist_ewma(document: Document) -> Report:
    """The averages, the steady limits, and the points out of control against them, which are the limits that NIST draws."""
    tally, case = Tally(document.name), document.data
    chart = ewma(case["data"], centre=case["target"], sigma=case["sigma"], weight=case["lam"], width=case["L"])
    for at, (point, expected) in enumerate(zip(chart.points, case["expected_ewma"], strict=True), start=1):
        tally.number(f"average {at}", point, expected, tol=case["tol_abs"])
    tally.number("upper limit", chart.steady_ucl, case["steady_state_UCL"], tol=case["limits_tol"])
    tally.number("lower limit", chart.steady_lcl, case["steady_state_LCL"], tol=case["limits_tol"])
    out = [at for at, point in enumerate(chart.points, start=1) if not chart.steady_lcl <= point <= chart.steady_ucl]
    tally.equal("out of control", out, case["out_of_control"])
    return tally.report()


def _is_attribute(document: Document) -> bool:
    return isinstance(document.data, dict) and any(_shape(case) for case in document.data.values())


def _shape(case: Any) -> str:
    """Which kind of attribute chart a case is of; empty when none."""
    if not isinstance(case, dict):
        return ""
    if "points_p_lcl_ucl_out" in case:
        return "p"
    if "points_u_lcl_ucl_out" in case:
        return "u"
    for kind, wanted in {"shares": {"values", "n", "computed_limits"}, "c": {"c", "cbar"}, "np": {"d", "n", "npbar"}}.items():
        if wanted <= set(case):
            return kind
    return ""


@checks("attribute_charts.json", like=_is_attribute)
def attribute_charts(document: Document) -> Report:
    """Centres, points, limits and signals of p and u charts."""
    tally = Tally(document.name)
    for name, case in document.data.items():
        kind = _shape(case)
        if kind == "shares":
            _shares(tally, name, case)
        elif kind == "p":
            _points(tally, name, p_chart(case["d"], case["n"]), case["pbar"], case["points_p_lcl_ucl_out"])
        elif kind == "u":
            _points(tally, name, u_chart(case["c"], case["n"]), case["ubar"], case["points_u_lcl_ucl_out"])
        elif kind == "c":
            _counts(tally, name, c_chart(case["c"]), case["cbar"], case)
        elif kind == "np":
            _counts(tally, name, np_chart(case["d"], case["n"]), case["npbar"], case)
        elif isinstance(case, dict):
            tally.note(f"{name}: not compared, its form is unknown")
    return tally.report()


def _shares(tally: Tally, name: str, case: dict[str, Any]) -> None:
    """Samples of one size given as shares."""
    chart = p_chart([round(share * case["n"]) for share in case["values"]], case["n"])
    tally.number(f"{name}: centre", chart.centre, case["mean"], tol=DIGITS[4])
    tally.number(f"{name}: centre as computed", chart.centre, case["computed_mean"], tol=1e-12)
    for side, found, expected in zip(("lower", "upper"), (chart.lcl[0], chart.ucl[0]), case["computed_limits"], strict=True):
        tally.number(f"{name}: {side} limit", found, expected, tol=DIGITS[4])


def _counts(tally: Tally, name: str, chart: Chart, centre: float, case: dict[str, Any]) -> None:
    """Charts with straight limits; the file may give both limits, or each by its name."""
    tally.number(f"{name}: centre", chart.centre, centre, tol=DIGITS[6])
    lower, upper = case.get("limits", case.get("computed_limits", (case.get("lcl"), case.get("ucl"))))
    for side, found, expected in (("lower", chart.lcl, lower), ("upper", chart.ucl, upper)):
        if expected is not None:
            tally.number(f"{name}: {side} limit", found, expected, tol=DIGITS[4])
    if "out" in case:
        tally.equal(f"{name}: signals", list(chart.signals), list(case["out"]))


def _points(tally: Tally, name: str, chart: VaryingChart, centre: float, expected: list[list[Any]]) -> None:
    tally.number(f"{name}: centre", chart.centre, centre, tol=DIGITS[6])
    for at, (point, low, high, out) in enumerate(expected):
        for what, found, wanted in (("point", chart.points[at], point), ("lower", chart.lcl[at], low), ("upper", chart.ucl[at], high)):
            tally.number(f"{name}: {what} {at + 1}", found, wanted, tol=DIGITS[6])
        tally.equal(f"{name}: signal {at + 1}", chart.outside[at], out)


def _is_capability(document: Document) -> bool:
    lists = [document.data.get(key) for key in ("published", "computed")] if isinstance(document.data, dict) else []
    return any(isinstance(cases, list) and cases and {"mean", "Cpk"} & set(cases[0]) for cases in lists)


@checks("capability.json", like=_is_capability)
def capability_cases(document: Document) -> Report:
    """Indices and bounds from mean and standard deviation, published and computed."""
    tally = Tally(document.name)
    for case in document.data.get("published", ()):
        # Printed to a few digits only, and not to the same number of them.
        _indices(tally, str(case["source"])[:20], case, tol=case.get("tol", DIGITS[2]))
        if "computed" in case:
            _indices(tally, "the same, computed", case["computed"], tol=DIGITS[6])
    for case in document.data.get("computed", ()):
        _indices(tally, f"n {case['n']}, mean {case['mean']}", case, tol=DIGITS[6])
    return tally.report()


def _indices(tally: Tally, label: str, case: dict[str, Any], *, tol: float) -> None:
    sigma = case["sigma"] if "sigma" in case else case["s"]
    found: Indices = capability_of(mean=case["mean"], sigma=sigma, lower=case.get("LSL"), upper=case.get("USL"), n=case.get("n"))
    for name in ("Cp", "Cpk", "Cpu", "Cpl", "Cpm"):
        if name in case:
            tally.number(f"{label}: {name}", getattr(found, name.lower()), case[name], tol=tol)
    for name, interval in (("Cp_CI95", found.cp_interval), ("Cpk_CI95_normal_approx_Bissell", found.cpk_interval)):
        for side, expected in zip((0, 1), case.get(name, ()), strict=False):
            tally.number(f"{label}: {name}[{side}]", None if interval is None else interval[side], expected, tol=DIGITS[4])
