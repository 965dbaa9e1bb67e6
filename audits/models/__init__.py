from audits.models.checklists import ChecklistDraft, ChecklistVersion, Question
from audits.models.findings import CorrectiveAction, Finding, FindingText
from audits.models.master_data import ProposedChange
from audits.models.programmes import BusySeason, OwnerProgramme, RiskRating, VisitFeed
from audits.models.scores import AuditCopy, AuditReport, AuditScore, AuditShare
from audits.models.talks import DateAsk, VisitNote
from audits.models.teams import AuditTeam
from audits.models.visits import Audit, AuditProgramme, Response, ResponseEvidence

__all__ = [
    "Audit",
    "AuditCopy",
    "AuditProgramme",
    "AuditReport",
    "AuditScore",
    "AuditShare",
    "AuditTeam",
    "BusySeason",
    "ChecklistDraft",
    "ChecklistVersion",
    "CorrectiveAction",
    "DateAsk",
    "Finding",
    "FindingText",
    "OwnerProgramme",
    "ProposedChange",
    "Question",
    "Response",
    "ResponseEvidence",
    "RiskRating",
    "VisitFeed",
    "VisitNote",
]
