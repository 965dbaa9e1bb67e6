"""Checkers of 05_textile: the limits of our tables against the file's, and every case."""

from __future__ import annotations

from typing import Any

from qualitystats.published import table
from qualitystats.textile import (
    GRADES,
    Flaw,
    children_judgement,
    fibre_content_tolerance,
    four_point,
    points_for_length,
    points_per_100,
    required_safety_class,
    safety_judgement,
)
from qualitystats.verifying import Document, Report, Tally, checks

# A length that stands for each of the file's bands, in inches.
_IN_BAND = {"le3": 2.0, "gt3le6": 5.0, "gt6le9": 8.0, "gt9": 20.0}


@checks("gb18401_cases.json", keys=("cls", "results", "failed", "compliant"))
def gb18401_cases(document: Document) -> Report:
    """Class, flags and results in; what failed, and the judgement, out."""
    tally = Tally(document.name)
    for number, case in enumerate(document.data, start=1):
        found = safety_judgement(case["results"], safety_class=case["cls"], flags=case.get("flags", ()))
        tally.equal(f"case {number} failed", sorted(found.failed), sorted(case["failed"]))
        tally.equal(f"case {number} compliant", found.compliant, case["compliant"])
    return tally.report()


@checks("gb18401_limits.json", keys=("classes", "category_rule", "exceptions"))
def gb18401_limits(document: Document) -> Report:
    """Every limit of the three classes stands in our table, and none besides."""
    tally, data = Tally(document.name), document.data
    for name, limits in data["classes"].items():
        ours = {(row["item"], row["rule"]): row["value"] for row in table("gb18401_2010_limits.csv") if row["class"] == name}
        theirs = _as_rules(limits)
        for key in sorted(ours.keys() | theirs.keys()):
            tally.equal(f"class {name} {key[0]} {key[1]}", _number(ours.get(key)), _number(theirs.get(key)))
    wet = {row["rule"]: float(row["value"]) for row in table("gb18401_2010_exceptions.csv") if row["flag"] == "wet_process_later"}
    text = " ".join(data["exceptions"])
    tally.equal("pH before wet processing", f"pH {wet['at_least']}-{wet['at_most']}" in text, True)
    tally.equal("grades", list(GRADES), data.get("grades", list(GRADES)))
    for case, want in (((True, True), "A"), ((False, True), "B"), ((False, False), "C")):
        tally.equal(f"class for {case}", required_safety_class(for_infants=case[0], skin_contact=case[1]), want)
    return tally.report()


@checks("gb31701_limits.json", keys=("scope", "class_A", "not_sourced"))
def gb31701_limits(document: Document) -> Report:
    """The figures of class A, each met at its limit and missed beyond it; what is not sourced is said."""
    tally, limits = Tally(document.name), document.data["class_A"]
    for item, key in (("lead", "lead_max_mg_kg"), ("cadmium", "cadmium_max_mg_kg"), ("phthalates", "phthalates_max_percent")):
        tally.equal(f"{item} at the limit", children_judgement({item: limits[key]}).failed, ())
        tally.equal(f"{item} beyond it", children_judgement({item: limits[key] * 1.001}).failed, (item,))
    tally.equal("wet rubbing at the limit", children_judgement({"wet_rubbing": limits["wet_rubbing_min"]}).failed, ())
    tally.equal("wet rubbing half a grade below", children_judgement({"wet_rubbing": "2-3"}).failed, ("wet_rubbing",))
    tally.note(f"not sourced: {', '.join(document.data['not_sourced'])}")
    return tally.report()


@checks("gbt29862_tolerance.json", keys=("rules", "old_rule_trap", "cases"))
def gbt29862(document: Document) -> Report:
    """The cases, the tolerance of each rule, and that the superseded rule is not applied."""
    tally, data = Tally(document.name), document.data
    for case in data["cases"]:
        found = fibre_content_tolerance(label=case["label"], measured=case["measured"], kind=case["kind"])
        tally.equal(f"{case['kind']} {case['label']} measured {case['measured']}", found.ok, case["ok"])
    for rule in data["rules"]:
        label = float(rule["label_pct"].lstrip("<=>")) + (10.0 if rule["label_pct"].startswith(">") else 0.0)
        found = fibre_content_tolerance(label=label, measured=label, kind=rule["kind"])
        tally.equal(f"tolerance of {rule['kind']} {rule['label_pct']}", found.tolerance, float(rule["tolerance_pct_points"]))
    # 30 % of 8 would be 2.4 points; the rule in force allows 3.
    tally.equal("superseded rule", fibre_content_tolerance(label=8, measured=5.2).ok, True)
    tally.note(f"not sourced: {', '.join(data['not_sourced'])}")
    return tally.report()


@checks("four_point.json", keys=("points_by_length_inch", "metric_mm", "formula_100sqyd"))
def four_points(document: Document) -> Report:
    """Both tables of lengths, the published example, and the two formulas."""
    tally, data = Tally(document.name), document.data
    for key, units in (("points_by_length_inch", "inch_yard"), ("metric_mm", "mm_metre")):
        for band, points in data[key]:
            length = float(band.split()[-1].lstrip("<=>"))
            at = length * 1.01 if band.startswith(">") and "to" not in band else length
            tally.equal(f"{units} {band}", points_for_length(at, units=units), points)  # type: ignore[arg-type]
    for case in data["cases"]:
        _four_point_case(tally, case)
    return tally.report()


def _four_point_case(tally: Tally, case: dict[str, Any]) -> None:
    name = case.get("name", "case")
    if "defect_inches" in case:
        found = [points_for_length(length, units="inch_yard") for length in case["defect_inches"]]
        tally.equal("points by length", found, case["points"])
    elif "defects" in case:
        flaws = [Flaw(_IN_BAND[band]) for band, many in case["defects"].items() if band in _IN_BAND for _ in range(many)]
        flaws += [Flaw(1.5, kind="hole")] * case["defects"].get("hole_over_1in", 0)
        rated = four_point(flaws, length=case["yards"], width=case["width_inch"], units="inch_yard", hole_rule="over_1_inch_4")
        tally.equal(f"{name}: points", rated.points, case["points"])
        tally.number(f"{name}: per 100 sq yd", rated.per_100, case["per_100_sqyd"], tol=0.05)
    elif "yards" in case:
        got = points_per_100(case["points"], length=case["yards"], width=case["width_inch"], units="inch_yard")
        tally.number("per 100 sq yd", got, case["per_100_sqyd"], tol=5.1e-5)
    else:
        got = points_per_100(case["points"], length=case["metres"], width=case["width_mm"], units="mm_metre")
        tally.number("per 100 m2", got, case["per_100_sqm"], tol=5.1e-5)


def _as_rules(limits: dict[str, Any]) -> dict[tuple[str, str], str]:
    """The file's limits in the shape of our table."""
    rules: dict[tuple[str, str], str] = {}
    for key, value in limits.items():
        if value is None:
            continue
        if key == "pH":
            rules[("pH", "at_least")], rules[("pH", "at_most")] = str(value[0]), str(value[1])
        elif key == "odour":
            rules[("odour", "none")] = ""
        elif "_max_" in key:
            item = key.partition("_max_")[0]
            rules[("azo" if item.startswith("azo") else item, "at_most")] = str(value)
        else:
            rules[(key, "grade_at_least")] = value
    return rules


def _number(text: str | None) -> float | str | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return text
