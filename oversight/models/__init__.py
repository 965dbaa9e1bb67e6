from oversight.models.campaigns import Campaign, CampaignReach, CampaignUptake
from oversight.models.chain_map import ChainFirm, ChainImport, ChainStat, ChainSum, ChainTouch
from oversight.models.comparison import (
    ComparisonRound,
    RoundAnalysis,
    RoundMeasure,
    RoundParticipant,
    RoundReading,
    RoundSheet,
)
from oversight.models.duty import DutyCase, DutyLook, DutyScope, ReminderRound
from oversight.models.figures import FigurePart, ProjectFigure
from oversight.models.policies import PolicyTool, PolicyUse
from oversight.models.problem_map import WeakLinkCell, WeakLinkCut, WeakLinkFigure, WeakLinkFirm, WeakLinkLook, WeakLinkNote
from oversight.models.problems import Problem, ProblemEvent, ProblemEvidence, ProblemReport
from oversight.models.projects import (
    Competence,
    Milestone,
    ProjectFirm,
    ProjectMember,
    ProjectReading,
    ResearchOffer,
    ResearchProject,
)
from oversight.models.reports import Report, ReportFile
from oversight.models.techniques import Adoption, Technique, TechniqueOffer

__all__ = [
    "Adoption",
    "Campaign",
    "CampaignReach",
    "CampaignUptake",
    "ChainFirm",
    "ChainImport",
    "ChainStat",
    "ChainSum",
    "ChainTouch",
    "ComparisonRound",
    "Competence",
    "DutyCase",
    "DutyLook",
    "DutyScope",
    "FigurePart",
    "Milestone",
    "PolicyTool",
    "PolicyUse",
    "Problem",
    "ProblemEvent",
    "ProblemEvidence",
    "ProblemReport",
    "ProjectFigure",
    "ProjectFirm",
    "ProjectMember",
    "ProjectReading",
    "ReminderRound",
    "Report",
    "ReportFile",
    "ResearchOffer",
    "ResearchProject",
    "RoundAnalysis",
    "RoundMeasure",
    "RoundParticipant",
    "RoundReading",
    "RoundSheet",
    "Technique",
    "TechniqueOffer",
    "WeakLinkCell",
    "WeakLinkCut",
    "WeakLinkFigure",
    "WeakLinkFirm",
    "WeakLinkLook",
    "WeakLinkNote",
]
