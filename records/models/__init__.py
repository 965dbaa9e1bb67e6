from records.models.evidence import AccessEvent, Evidence, EvidenceShare, Grant, UploadSession
from records.models.streams import Ack, Head, RecordEntry, RecordPayload, RecordStream

__all__ = [
    "AccessEvent",
    "Ack",
    "Evidence",
    "EvidenceShare",
    "Grant",
    "Head",
    "RecordEntry",
    "RecordPayload",
    "RecordStream",
    "UploadSession",
]
