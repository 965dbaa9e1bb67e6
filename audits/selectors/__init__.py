from audits.selectors.audits import Sheet, audit_for, audits, photos_of, sheet_of
from audits.selectors.due import Due, due_audits, rhythm_key, rhythm_of
from audits.selectors.findings import (
    actions_of,
    deadline_clause,
    evidence_sent_as,
    finding_for,
    findings,
    findings_of,
    obligation_of,
    open_findings_of,
    story_of,
)

__all__ = [
    "Due",
    "Sheet",
    "actions_of",
    "audit_for",
    "audits",
    "deadline_clause",
    "due_audits",
    "evidence_sent_as",
    "finding_for",
    "findings",
    "findings_of",
    "obligation_of",
    "open_findings_of",
    "photos_of",
    "rhythm_key",
    "rhythm_of",
    "sheet_of",
    "story_of",
]
