from oversight.models.chain_map import ChainCount, ChainDay, ChainFirm, ChainImport, ChainStat
from oversight.models.comparison import (
    ComparisonRound,
    RoundAnalysis,
    RoundMeasure,
    RoundParticipant,
    RoundReading,
    RoundSheet,
)
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
from oversight.models.techniques import Adoption, Technique

__all__ = [
    "Adoption",
    "ChainCount",
    "ChainDay",
    "ChainFirm",
    "ChainImport",
    "ChainStat",
    "ComparisonRound",
    "Competence",
    "Milestone",
    "Problem",
    "ProblemEvent",
    "ProblemEvidence",
    "ProblemReport",
    "ProjectFirm",
    "ProjectMember",
    "ProjectReading",
    "ResearchOffer",
    "ResearchProject",
    "RoundAnalysis",
    "RoundMeasure",
    "RoundParticipant",
    "RoundReading",
    "RoundSheet",
    "Technique",
]
