from audits.models.checklists import ChecklistDraft, ChecklistVersion, Question
from audits.models.corrective import ActionPlan, Containment, EffectCheck, FindingEscalation, FindingEvidence
from audits.models.disputes import FindingAppeal, FindingContest, FindingWording
from audits.models.findings import CorrectiveAction, Finding, FindingText
from audits.models.followups import FollowUpItem
from audits.models.master_data import ProposedChange
from audits.models.planning import AuditorLeave, AuditorProfile, Booking, PlanLine, YearPlan
from audits.models.programmes import BusySeason, OwnerProgramme, RiskRating, VisitFeed
from audits.models.running import Closing, VisitAnswer, VisitFinding, VisitOp, VisitOpening, VisitPhoto
from audits.models.scores import AuditCopy, AuditReport, AuditScore, AuditShare
from audits.models.talks import DateAsk, VisitNote
from audits.models.teams import AuditTeam
from audits.models.visits import Audit, AuditProgramme, Response, ResponseEvidence

__all__ = [
    "ActionPlan",
    "Audit",
    "AuditCopy",
    "AuditProgramme",
    "AuditReport",
    "AuditScore",
    "AuditShare",
    "AuditTeam",
    "AuditorLeave",
    "AuditorProfile",
    "Booking",
    "BusySeason",
    "ChecklistDraft",
    "ChecklistVersion",
    "Closing",
    "Containment",
    "CorrectiveAction",
    "DateAsk",
    "EffectCheck",
    "Finding",
    "FindingAppeal",
    "FindingContest",
    "FindingEscalation",
    "FindingEvidence",
    "FindingText",
    "FindingWording",
    "FollowUpItem",
    "OwnerProgramme",
    "PlanLine",
    "ProposedChange",
    "Question",
    "Response",
    "ResponseEvidence",
    "RiskRating",
    "VisitAnswer",
    "VisitFeed",
    "VisitFinding",
    "VisitNote",
    "VisitOp",
    "VisitOpening",
    "VisitPhoto",
    "YearPlan",
]
