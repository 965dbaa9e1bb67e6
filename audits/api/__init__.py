from audits.api.audits import AuditAnswer, AuditOne, AuditPhoto, AuditPhotos, AuditReview, Audits, AuditSubmit
from audits.api.findings import (
    AuditFindings,
    FindingAccept,
    FindingAnswer,
    FindingContest,
    FindingOne,
    FindingRefuse,
    Findings,
    FindingUphold,
    FindingVerify,
    FindingWithdraw,
)

__all__ = [
    "AuditAnswer",
    "AuditFindings",
    "AuditOne",
    "AuditPhoto",
    "AuditPhotos",
    "AuditReview",
    "AuditSubmit",
    "Audits",
    "FindingAccept",
    "FindingAnswer",
    "FindingContest",
    "FindingOne",
    "FindingRefuse",
    "FindingUphold",
    "FindingVerify",
    "FindingWithdraw",
    "Findings",
]
