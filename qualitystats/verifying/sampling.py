"""Checkers of the sampling files: code letters, master tables, whole look-ups, switching sequences."""

from __future__ import annotations

from qualitystats.plans import SEVERITIES, code_letter, plan_of_letter, single_plan, z14_reduced_plan
from qualitystats.switching import replay
from qualitystats.verifying import Document, Report, Tally, checks


@checks("code_letters.csv", columns=("lot_min", "lot_max"))
def code_letters(document: Document) -> Report:
    """Both ends of every range of lot sizes, each level."""
    tally = Tally(document.name)
    for row in document.rows:
        first = int(row["lot_min"])
        for level in document.header[2:]:
            for size in (first, int(row["lot_max"] or 100 * first)):
                tally.equal(f"lot {size}, level {level}", code_letter(size, level), row[level])
    return tally.report()


def _is_master(document: Document) -> bool:
    return {"code_letter", "sample_size", "2.5"} <= set(document.header) and _severity(document) != ""


def _severity(document: Document) -> str:
    """A master table does not say in its cells which severity it is for; its name does."""
    return next((word for word in SEVERITIES if word in document.name), "")


@checks("single_normal_table_2-A.csv", "single_tightened_table_2-B.csv", "single_reduced_table_2-C.csv", like=_is_master)
def master_table(document: Document) -> Report:
    """Every cell: an own plan is given as it stands, an arrow leads where this file's arrows lead."""
    tally, severity = Tally(document.name), _severity(document)
    for at, row in enumerate(document.rows):
        letter = row["code_letter"]
        for aql in document.header[2:]:
            label = f"{letter} at {aql}"
            if row[aql] == "blank":
                tally.refused(label, lambda letter=letter, aql=aql: plan_of_letter(code_letter=letter, aql=aql, severity=severity))  # type: ignore[misc]
                continue
            end = at
            while document.rows[end][aql] in ("down", "up"):
                end += 1 if document.rows[end][aql] == "down" else -1
            ac, re = document.rows[end][aql].split("/")
            plan = plan_of_letter(code_letter=letter, aql=aql, severity=severity)
            expected = (document.rows[end]["code_letter"], int(document.rows[end]["sample_size"]), int(ac), int(re))
            tally.equal(label, (plan.plan_letter, plan.n, plan.ac, plan.re), expected)
            if plan.disputed and not plan.arrow:
                tally.note(plan.disputed)
    return tally.report()


@checks("plan_lookup_cases.csv", columns=("lot_size", "level", "aql", "severity", "plan_letter", "ac"))
def plan_look_ups(document: Document) -> Report:
    """Whole look-ups, from a lot to the number of items to inspect."""
    tally = Tally(document.name)
    for row in document.rows:
        plan = single_plan(lot_size=int(row["lot_size"]), level=row["level"], aql=row["aql"], severity=row["severity"])
        found = [plan.code_letter, plan.arrow or "plan", plan.plan_letter, plan.n, plan.ac, plan.re, plan.inspect_all, plan.n_inspect]
        columns = ("code_letter", "arrow", "plan_letter", "n_table", "ac", "re", "inspect_100pct", "n_inspect")
        label = f"lot {row['lot_size']}, level {row['level']}, AQL {row['aql']}, {row['severity']}"
        tally.equal(label, [str(cell) for cell in found], [row[column] for column in columns])
    return tally.report()


def _is_z14(document: Document) -> bool:
    return "z14" in document.name.lower() and {"code_letter", "aql", "n", "ac", "re"} <= set(document.header)


@checks("z14_reduced_gap_resolved.csv", like=_is_z14)
def z14_reduced(document: Document) -> Report:
    """The reduced plans of ANSI/ASQ Z1.4, with their gaps between Ac and Re."""
    tally = Tally(document.name)
    for row in document.rows:
        plan = z14_reduced_plan(code_letter=row["code_letter"], aql=row["aql"])
        expected = (int(row["n"]), int(row["ac"]), int(row["re"]))
        tally.equal(f"{row['code_letter']} at {row['aql']}", (plan.n, plan.ac, plan.re), expected)
    return tally.report()


@checks("disputed_cells.json", keys=("cell", "note"))
def disputed_cell(document: Document) -> Report:
    """The cell on which sources differ is flagged, and its plan is the one that the note says is followed."""
    tally, cell = Tally(document.name), document.data["cell"]
    plan = plan_of_letter(code_letter=cell["code_letter"], aql=cell["aql"], severity=cell["severity"])
    tally.equal("flagged", plan.disputed != "", True)
    followed = next(str(words) for name, words in document.data.items() if name.startswith("gbt"))
    tally.equal("followed", f"n={plan.n} Ac={plan.ac} Re={plan.re}" in followed, True)
    tally.note(plan.disputed)
    return tally.report()


@checks("switching_sequences.json", keys=("d_sequence", "expected"))
def switching_sequences(document: Document) -> Report:
    """Every lot of every sequence: severity, plan, decision, switching score, and the severity of the next lot."""
    tally = Tally(document.name)
    for case in document.data:
        series = replay(case["d_sequence"], aql=case["aql"], code_letter=case["code_letter"], reduced_authorised=case["reduced_authorised"])
        tally.equal(f"{case['name']}: lots", len(series), len(case["expected"]))
        for step, expected in zip(series, case["expected"], strict=False):
            plan = step.plan and f"{step.plan.plan_letter}/{step.plan.n}/{step.plan.ac}/{step.plan.re}"
            found = {
                "lot": step.lot,
                "original": step.original,
                "d": step.nonconforming,
                "severity": step.severity,
                "plan": plan,
                "accepted": step.accepted,
                "switching_score_after": step.switching_score_after,
                "score": step.switching_score_after,
                "severity_after": step.severity_after,
            }
            tally.equal(f"{case['name']}: lot {step.lot}", {key: found[key] for key in expected}, expected)
    return tally.report()
