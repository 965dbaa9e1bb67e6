from records.api.evidence import EvidenceFile, EvidenceOne, Evidences, SharedFile, SharedOne, Upload, Uploads
from records.api.looks import Looks, SharingUndo
from records.api.record import Entries, Entry, EntryAgree, EntryDispute, Streams

__all__ = [
    "Entries",
    "Entry",
    "EntryAgree",
    "EntryDispute",
    "EvidenceFile",
    "EvidenceOne",
    "Evidences",
    "Looks",
    "SharedFile",
    "SharedOne",
    "SharingUndo",
    "Streams",
    "Upload",
    "Uploads",
]
