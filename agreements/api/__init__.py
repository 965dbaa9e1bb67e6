from agreements.api.agreements import (
    AgreementClause,
    AgreementDays,
    AgreementOne,
    AgreementReturn,
    Agreements,
    AgreementSend,
    AgreementSign,
    AgreementText,
    Templates,
)
from agreements.api.obligations import ObligationDocument, ObligationOne, ObligationResults, Obligations, ObligationWaive

__all__ = [
    "AgreementClause",
    "AgreementDays",
    "AgreementOne",
    "AgreementReturn",
    "AgreementSend",
    "AgreementSign",
    "AgreementText",
    "Agreements",
    "ObligationDocument",
    "ObligationOne",
    "ObligationResults",
    "ObligationWaive",
    "Obligations",
    "Templates",
]
