from records.models.appeals import AppealEntry, AppealOpinion, ScoreAppeal
from records.models.evidence import AccessEvent, Evidence, EvidenceShare, Grant, UploadSession
from records.models.scores import Score, ScoreMethod, ScoreTrial
from records.models.streams import Ack, Head, RecordEntry, RecordPayload, RecordStream

__all__ = [
    "ScoreAppeal",
    "AppealOpinion",
    "AppealEntry",
    "AccessEvent",
    "Ack",
    "Evidence",
    "EvidenceShare",
    "Grant",
    "Head",
    "RecordEntry",
    "RecordPayload",
    "RecordStream",
    "Score",
    "ScoreMethod",
    "ScoreTrial",
    "UploadSession",
]
