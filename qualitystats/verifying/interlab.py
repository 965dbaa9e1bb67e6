"""Checkers of 04_interlab and of Gage R&R."""

from __future__ import annotations

from typing import Any

from qualitystats.gauge import GaugeAnova, gauge_rr_anova, gauge_rr_range
from qualitystats.interlab import (
    algorithm_a,
    difference_percent,
    en,
    homogeneity,
    percent_of_allowance,
    repeatability_reproducibility,
    z,
    z_prime,
    zeta,
)
from qualitystats.verifying import Document, Report, Tally, checks

# The scores' printed percentages have one decimal, and x_pt itself three figures.
_PERCENT_TOL = 0.06
_NO_POOLING = 1.0


def _first_case(document: Document) -> dict[str, Any]:
    cases = document.data.get("cases") if isinstance(document.data, dict) else None
    return cases[0] if isinstance(cases, list) and cases and isinstance(cases[0], dict) else {}


@checks("algorithm_A.json", like=lambda document: {"data", "converged"} <= _first_case(document).keys())
def algorithm_a_cases(document: Document) -> Report:
    """Converged values; printed ones, where the standard stopped early, to their own last figure."""
    tally = Tally(document.name)
    for case in document.data["cases"]:
        found, name = algorithm_a(case["data"]), case.get("name", "")
        tally.equal(f"{name} converged", found.converged, True)
        for key in ("x_star", "s_star"):
            tally.number(f"{name} {key}", getattr(found, key), case["converged"][key], tol=5.1e-6 * max(1.0, abs(case["converged"][key])))
        for key, got in (("printed_x", found.x_star), ("printed_s", found.s_star), ("u", found.u)):
            if key in case:
                tally.number(f"{name} {key}", got, case[key], tol=_last_figure(case[key]))
    return tally.report()


@checks("iso13528_E4_scores.json", keys=("x_pt", "U_xpt", "k_xpt", "sigma_pt", "labs"))
def scores(document: Document) -> Report:
    """Every score of every laboratory. zeta divides U by k: forgetting it halves every one."""
    tally, data = Tally(document.name), document.data
    x_pt, sigma, expanded, k = (data[key] for key in ("x_pt", "sigma_pt", "U_xpt", "k_xpt"))
    tol = data.get("tol", 0.005)
    for lab in data["labs"]:
        x, name = lab["x"], lab.get("lab", "")
        found = {
            "z": z(x, assigned_value=x_pt, sigma_pt=sigma),
            "z_prime": z_prime(x, assigned_value=x_pt, sigma_pt=sigma, u_assigned=expanded / k),
            "zeta": zeta(x, assigned_value=x_pt, expanded=lab["U"], k=lab["k"], expanded_assigned=expanded, k_assigned=k),
            "En": en(x, assigned_value=x_pt, expanded=lab["U"], expanded_assigned=expanded),
            "D_pct": difference_percent(x, assigned_value=x_pt),
            "PA_pct": percent_of_allowance(x, assigned_value=x_pt, allowance=3 * sigma),
        }
        for key, got in found.items():
            if key in lab:
                tally.number(f"{name} {key}", got, lab[key], tol=_PERCENT_TOL if key.endswith("pct") else tol + 1e-9)
    return tally.report()


@checks("nist_dataplot_z.json", keys=("x_ref", "sigma", "cases"))
def dataplot_scores(document: Document) -> Report:
    """z scores; their sigma was recovered from printed scores, hence the file's own tolerance."""
    tally, data = Tally(document.name), document.data
    for case in data["cases"]:
        found = z(case["x"], assigned_value=data["x_ref"], sigma_pt=data["sigma"])
        tally.number(f"z of {case['x']}", found, case["z"], tol=data.get("tol", 0.001))
    return tally.report()


@checks("precision_iso5725_2.json", like=lambda document: "s_R" in _first_expected(document))
def precision(document: Document) -> Report:
    """Repeatability, reproducibility and their limits."""
    tally = Tally(document.name)
    for name, case in document.data["cases"].items():
        found = repeatability_reproducibility(case["data"])
        for key, expected in case["expected"].items():
            tally.number(f"{name} {key}", float(getattr(found, key)), expected, tol=_last_figure(expected))
    return tally.report()


def _first_expected(document: Document) -> dict[str, Any]:
    cases = document.data.get("cases") if isinstance(document.data, dict) else None
    first: Any = next(iter(cases.values()), {}) if isinstance(cases, dict) else {}
    return first.get("expected", {}) if isinstance(first, dict) else {}


@checks("homogeneity_E2.json", keys=("data", "s_x", "s_w", "s_s", "sigma_pt"))
def homogeneity_of_items(document: Document) -> Report:
    """Spreads between and within items, the criterion, and the verdict."""
    tally, data = Tally(document.name), document.data
    found = homogeneity(data["data"], sigma_pt=data["sigma_pt"])
    for key in ("mean", "s_x", "s_w", "s_s"):
        if key in data:
            # The standard's own s_s is worked out from rounded figures.
            tally.number(key, getattr(found, key), data[key], tol=5e-5 if key == "s_s" else 1.01e-5)
    if "criterion_0_3_sigma" in data:
        tally.number("criterion", found.criterion, data["criterion_0_3_sigma"], tol=5.1e-6)
    tally.equal("passes", found.passes, data.get("pass_", True))
    return tally.report()


@checks("gage_rr_aiag_minitab.json", keys=("parts", "operators", "data"))
def gage_rr(document: Document) -> Report:
    """The analysis of variance with and without pooling, and the average and range method."""
    tally, data = Tally(document.name), document.data
    found, full = gauge_rr_anova(data["data"]), gauge_rr_anova(data["data"], pool_above=_NO_POOLING)
    computed, published = data.get("computed", {}), data.get("published", {})
    for got, expected in zip(found.sums_of_squares, computed.get("SS", []), strict=False):
        tally.number("sum of squares", got, expected, tol=5.1e-7)
    tally.equal("degrees of freedom", list(found.degrees_of_freedom), computed.get("df", list(found.degrees_of_freedom)))
    for key, statistic in (("F_interaction", found.f_interaction), ("p_interaction", found.p_interaction)):
        if key in computed:
            tally.number(key, statistic, computed[key], tol=5.1e-5)
    _compare(tally, "pooled", found, computed.get("pooled", {}))
    _compare(tally, "full model", full, computed.get("full_model", {}))
    _compare(tally, "published", found, {key: value for key, value in published.items() if key != "p_interaction"})
    if "p_interaction" in published:
        tally.number("published p", found.p_interaction, published["p_interaction"], tol=5.1e-4)
    _compare_ranges(tally, data)
    return tally.report()


def _compare(tally: Tally, label: str, found: GaugeAnova, expected: dict[str, float]) -> None:
    for key, value in expected.items():
        got = getattr(found, key)
        tally.number(f"{label} {key}", None if got is None else float(got), value, tol=_last_figure(value))


def _compare_ranges(tally: Tally, data: dict[str, Any]) -> None:
    summary = data.get("range_method_summary_AIAG", {})
    found = gauge_rr_range(data["data"])
    names = {"rbar": "r_bar", "x_diff": "x_diff", "r_parts": "r_parts", "EV": "ev", "AV": "av", "PV": "pv", "GRR": "grr", "TV": "tv"}
    for key, name in names.items():
        if key in summary:
            tally.number(f"range method {key}", getattr(found, name), summary[key], tol=summary.get("tol", 0.001))
    if "pct_GRR" in summary:
        tally.number("range method pct_GRR", found.pct_grr, summary["pct_GRR"], tol=0.01)


def _last_figure(printed: float) -> float:
    """Half a unit of the last decimal that stands in the file; whole numbers must be met."""
    decimals = len(repr(printed).partition(".")[2]) if isinstance(printed, float) else 6
    return 0.51 * 10.0**-decimals
