"""Duty cases as finished values: a case with what it opens, and the contents of one look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from agreements.models import Agreement, AgreementVersion, Clause
from agreements.words import AGREEMENT_CHIPS, LABELS, SIDES
from audits.models import Finding
from audits.status import FINDING_CHIPS, GRADE_CHIPS
from inspections.filing import values_of
from inspections.models import CharacteristicResult, Lot
from inspections.result_words import VERDICTS, reading_words
from jobs.exports import Value
from oversight.documents import Table
from oversight.models import DutyCase, DutyLook, DutyScope
from oversight.selectors.duty import FindingOpened, Within
from oversight.words import name_of
from oversight.words_duty import CASE_CHIPS, LOOKS, REASONS, SCOPES
from parties.models import Organisation
from records.models import Evidence
from suppliers.words import in_language


def firm_name(firm: Organisation) -> str:
    """A firm in the reader's language."""
    return name_of(firm)


def state_of_case(case: DutyCase, now: datetime) -> str:
    """open, closed, or run_out: nobody closed it and its time is over."""
    if case.closed_at is not None:
        return "closed" if case.closed_by else "run_out"
    return "open" if now < case.ends_at else "run_out"


def cases_face(found: Sequence[Any], *, view: str, now: datetime) -> dict[str, Any]:
    """The list with its tabs and exports."""
    here, out = reverse("oversight:cases"), reverse("oversight:cases_export")
    kept = f"&view={view}" if view else ""
    tabs = [("", _("All cases")), ("open", _("Open cases")), ("closed", _("Closed cases"))]
    return {
        "lines": [{"row": row, "state": state_of_case(row, now), "reason": REASONS[row.reason], "about": _about(row.scopes.all())} for row in found],
        "chips": CASE_CHIPS, "rows": "oversight/_case_rows.html", "id": "cases", "look": "cards", "now": now, "shown": len(found), "view": view,
        "heads": [{"label": words} for words in (_("Case"), _("About"), _("State"), _("Opened"), _("Looks"))],
        "tabs": [{"label": words, "url": f"{here}?view={key}" if key else here, "current": key == view} for key, words in tabs],
        "csv_url": f"{out}?as=csv{kept}", "xlsx_url": f"{out}?as=xlsx{kept}",
    }  # fmt: skip


def _about(scopes: Sequence[DutyScope]) -> str:
    names = [in_language(scope.name_zh, scope.name_en) for scope in scopes]
    more = len(names) - 1
    if more < 1:
        return names[0] if names else ""
    return _("%(first)s and %(n)s more") % {"first": names[0], "n": more}


def cases_table(found: Sequence[Any], *, now: datetime) -> Table:
    """The cases as rows to take away."""
    heads = [
        _("Case"),
        _("Kind of reason"),
        _("Why"),
        _("About"),
        _("State"),
        _("Opened by"),
        _("Opened"),
        pgettext("case", "Closed"),
        _("Looks"),
        _("Told at close"),
    ]
    rows: list[list[Value]] = [
        [
            row.code, str(REASONS[row.reason]), row.why, _about(row.scopes.all()), str(CASE_CHIPS[state_of_case(row, now)][2]), row.opened_by,
            row.opened_at, row.closed_at, row.n_looks, _("yes") if row.flagged else _("no"),
        ]
        for row in found
    ]  # fmt: skip
    return heads, rows


def case_face(case: DutyCase, held: Sequence[tuple[DutyScope, Within]], looks: Sequence[DutyLook], *, now: datetime) -> dict[str, Any]:
    """One case: its facts, what may be looked at, and every look."""
    state = state_of_case(case, now)
    return {
        "case": case, "state": state, "chips": CASE_CHIPS, "reason": REASONS[case.reason], "open": state == "open",
        "scopes": [_scope_face(case, scope, inside) for scope, inside in held],
        "looks": [{"row": row, "what": LOOKS[row.what]} for row in looks],
        "n_looks": ngettext("%(n)s look", "%(n)s looks", len(looks)) % {"n": len(looks)},
        "crumbs": [{"url": reverse("oversight:cases"), "label": _("Duty cases")}, {"url": "", "label": case.code}],
    }  # fmt: skip


def _scope_face(case: DutyCase, scope: DutyScope, inside: Within) -> dict[str, Any]:
    of = [case.pk]
    doors = [
        {"url": reverse("oversight:case_clauses", args=[*of, each.pk]), "label": _("Clauses of %(number)s") % {"number": each.number},
         "chip": each.state, "chips": AGREEMENT_CHIPS}
        for each in inside.agreements
    ]  # fmt: skip
    doors += [
        {
            "url": reverse("oversight:case_finding", args=[*of, each.pk]),
            "label": finding_words(each),
            "chip": each.state,
            "chips": FINDING_CHIPS,
        }
        for each in inside.findings
    ]
    doors += [
        {"url": reverse("oversight:case_of_finding", args=[each.pk]), "label": _("Open a case about its lot too")}
        for each in inside.findings
        if each.lot_id and scope.kind == DutyScope.Kind.AGREEMENT
    ]
    if inside.firm_id:
        doors.append({"url": reverse("oversight:case_lots", args=[*of, inside.firm_id]), "label": _("Lots of the firm")})
        doors.append({"url": reverse("oversight:case_files", args=[*of, inside.firm_id]), "label": _("Files of the firm")})
    if inside.lot_id:
        doors.append({"url": reverse("oversight:case_results", args=[*of, inside.lot_id]), "label": _("Results of the lot")})
    return {"kind": SCOPES[scope.kind], "name": in_language(scope.name_zh, scope.name_en), "doors": doors}


def agreement_words(agreement: Agreement) -> str:
    """Whose agreement, and which."""
    return f"{name_of(agreement, 'owner_')} · {name_of(agreement, 'supplier_')} · {agreement.number}"


def finding_words(finding: Finding) -> str:
    """A finding by its state alone: grade, agreement, day."""
    facts = {"grade": GRADE_CHIPS[finding.grade][2], "number": finding.agreement.number, "day": f"{finding.raised_at:%Y-%m-%d}"}
    return _("Finding (%(grade)s) of %(day)s, agreement %(number)s") % facts


def _crumbs(case: DutyCase, label: str) -> list[dict[str, str]]:
    back = reverse("oversight:case", args=[case.pk])
    return [{"url": reverse("oversight:cases"), "label": _("Duty cases")}, {"url": back, "label": case.code}, {"url": "", "label": label}]


def clauses_face(case: DutyCase, agreement: Agreement, version: AgreementVersion | None, clauses: Sequence[Clause]) -> dict[str, Any]:
    """The text of one agreement, after a look at it."""
    return {
        "case": case, "agreement": agreement, "about": agreement_words(agreement), "version": version,
        "clauses": [{"row": each, "title": LABELS.get(each.type, each.type), "side": SIDES.get(each.side, _("Both sides"))} for each in clauses],
        "crumbs": _crumbs(case, agreement.number),
    }  # fmt: skip


def finding_face(case: DutyCase, finding: Finding, opened: FindingOpened) -> dict[str, Any]:
    """The words of one finding, after a look at it. Its files are looked at one by one."""
    files = [
        {"url": reverse("oversight:case_file", args=[case.pk, pk]), "label": _("File %(n)s") % {"n": number}}
        for number, pk in enumerate(opened.evidence_ids, start=1)
    ]
    return {
        "case": case, "finding": finding, "about": agreement_words(finding.agreement), "text": opened.text, "actions": opened.actions,
        "files": files, "grades": GRADE_CHIPS, "chips": FINDING_CHIPS, "crumbs": _crumbs(case, _("Finding")),
    }  # fmt: skip


def results_face(case: DutyCase, lot: Lot | None, results: Sequence[CharacteristicResult]) -> dict[str, Any]:
    """The readings of one lot, after a look at them."""
    return {
        "case": case, "lot": lot, "verdicts": VERDICTS,
        "lines": [{"row": row, "read": " · ".join(_readings(row))} for row in results],
        "rows": "oversight/_case_result_rows.html", "look": "cards tight",
        "heads": [{"label": words} for words in (_("Characteristic"), _("Readings"), _("Verdict"), _("Measured"))],
        "crumbs": _crumbs(case, _("Results of the lot")),
    }  # fmt: skip


def _readings(row: CharacteristicResult) -> list[str]:
    # A grade is kept as ten times its half step, and is told by its edition: grades of cloth read 3-4.
    return reading_words(values_of(row), row.qualifiers, "", width=row.width)


def lots_face(case: DutyCase, firm: Organisation, lots: Sequence[Lot]) -> dict[str, Any]:
    """A firm's lots by number, after a look at the list; their results are looked at one by one."""
    return {
        "case": case, "about": firm_name(firm), "rows": "oversight/_case_lot_rows.html", "look": "cards tight",
        "lines": [{"row": row, "url": reverse("oversight:case_results", args=[case.pk, row.pk])} for row in lots],
        "heads": [{"label": words} for words in (_("Lot"), _("Product"), _("Made on"))],
        "crumbs": _crumbs(case, _("Lots of the firm")),
    }  # fmt: skip


def files_face(case: DutyCase, firm: Organisation, files: Sequence[Evidence]) -> dict[str, Any]:
    """A firm's files by name, after a look at the list; each is opened one by one."""
    return {
        "case": case, "about": firm_name(firm), "rows": "oversight/_case_file_rows.html", "look": "cards tight",
        "lines": [{"row": row, "url": _file(case, row.pk)} for row in files],
        "heads": [{"label": words} for words in (_("File"), _("Kind"), _("Came"))],
        "crumbs": _crumbs(case, _("Files of the firm")),
    }  # fmt: skip


def _file(case: DutyCase, evidence_id: UUID) -> str:
    return reverse("oversight:case_file", args=[case.pk, evidence_id])
