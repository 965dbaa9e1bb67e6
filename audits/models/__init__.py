from audits.models.checklists import ChecklistVersion, Question
from audits.models.findings import CorrectiveAction, Finding, FindingText
from audits.models.teams import AuditTeam
from audits.models.visits import Audit, AuditProgramme, Response, ResponseEvidence

__all__ = [
    "Audit",
    "AuditProgramme",
    "AuditTeam",
    "ChecklistVersion",
    "CorrectiveAction",
    "Finding",
    "FindingText",
    "Question",
    "Response",
    "ResponseEvidence",
]
