from records.api.evidence import EvidenceFile, EvidenceOne, Evidences, SharedFile, SharedOne, Upload, Uploads
from records.api.record import Entries, Entry, EntryAgree, EntryDispute, Streams

__all__ = [
    "Entries",
    "Entry",
    "EntryAgree",
    "EntryDispute",
    "EvidenceFile",
    "EvidenceOne",
    "Evidences",
    "SharedFile",
    "SharedOne",
    "Streams",
    "Upload",
    "Uploads",
]
