from agreements.models.agreements import Agreement, AgreementVersion, Clause, Signature
from agreements.models.drafting import DraftBatch, DraftBatchRow
from agreements.models.library import AgreementTemplate
from agreements.models.library_limits import SpecLimit
from agreements.models.library_methods import Characteristic, MethodEdition, ProductKind, ProductStandard, TestMethod
from agreements.models.life import StatusNotice, StatusWords
from agreements.models.negotiation import Comment, Proposal
from agreements.models.obligations import CalendarFeed, DutyPause, Obligation, Waiver
from agreements.models.papers import AgreementPaper, StampedCopy, StampedWord
from agreements.models.samples import SealedSample
from agreements.models.standing import ClauseReading, ComplianceKept

__all__ = [
    "Agreement",
    "AgreementPaper",
    "AgreementTemplate",
    "AgreementVersion",
    "CalendarFeed",
    "Characteristic",
    "Clause",
    "ClauseReading",
    "Comment",
    "ComplianceKept",
    "DraftBatch",
    "DraftBatchRow",
    "DutyPause",
    "MethodEdition",
    "Obligation",
    "ProductKind",
    "ProductStandard",
    "Proposal",
    "SealedSample",
    "Signature",
    "SpecLimit",
    "StampedCopy",
    "StampedWord",
    "StatusNotice",
    "StatusWords",
    "TestMethod",
    "Waiver",
]
