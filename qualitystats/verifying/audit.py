"""Checkers of 06_audit."""

from __future__ import annotations

from qualitystats.audit_score import POINTS, Vda63Question, ppm, vda63, vda63_grade
from qualitystats.published import table
from qualitystats.verifying import Document, Report, Tally, checks


@checks("vda63_cases.json", keys=("EG", "elements", "steps", "P6_sub", "star_points", "grade"))
def vda63_cases(document: Document) -> Report:
    """Grade and reasons from levels of compliance and points."""
    tally = Tally(document.name)
    for number, case in enumerate(document.data, start=1):
        found = vda63_grade(
            overall=case["EG"],
            elements=case["elements"],
            steps=case["steps"],
            sub_elements=case["P6_sub"],
            star_points=case["star_points"],
            other_points=case["other_points"],
        )
        tally.equal(f"case {number} grade", found.grade, case["grade"])
        tally.equal(f"case {number} reasons", list(found.reasons), case["reasons"])
    return tally.report()


@checks("vda63_rules.json", keys=("points", "grades", "downgrade_A_to_B", "downgrade_to_C"))
def vda63_rules(document: Document) -> Report:
    """The numbers of our rules against the file's, the number of rules, and the rule of two thirds at its edge."""
    tally, data = Tally(document.name), document.data
    ours = {row["rule"]: row["value"] for row in table("vda63_2023_rules.csv")}
    tally.equal("points", sorted(POINTS), sorted(data["points"]))
    tally.equal("grades", f"A >={ours['grade_a']} %, B >={ours['grade_b']} %, C <{ours['grade_b']} %", data["grades"])
    tally.equal("rules from A to B", len(data["downgrade_A_to_B"]), 4)
    tally.equal("rules to C", len(data["downgrade_to_C"]), 2)
    for rules, key in ((data["downgrade_A_to_B"], "down_to_b_below"), (data["downgrade_to_C"], "down_to_c_below")):
        tally.equal(key, all(f"<{ours[key]} %" in rule for rule in rules if "<" in rule), True)
    asked = [Vda63Question("P5", "5.1", 10), Vda63Question("P5", "5.2", 10), Vda63Question("P5", "5.3", None)]
    tally.equal("two of three questions", vda63(asked).grade, "A")
    tally.equal("two of four questions", vda63([*asked, Vda63Question("P5", "5.4", None)]).incomplete, ("P5",))
    tally.note(f"not sourced: {data.get('not_sourced', '')}")
    return tally.report()


@checks("scorecard_conventions.json", keys=("ppm", "ppm_cases"))
def scorecard(document: Document) -> Report:
    """Parts per million; nothing delivered gives no number."""
    tally = Tally(document.name)
    for case in document.data["ppm_cases"]:
        found = ppm(nonconforming=case["defects"], delivered=case["delivered"])
        tally.number(f"{case['defects']} of {case['delivered']}", found, case["ppm"], tol=1e-9)
    tally.equal("nothing delivered", ppm(nonconforming=0, delivered=0), None)
    return tally.report()
