from agreements.models.agreements import Agreement, AgreementVersion, Clause, Signature
from agreements.models.library import AgreementTemplate
from agreements.models.obligations import Obligation

__all__ = ["Agreement", "AgreementTemplate", "AgreementVersion", "Clause", "Obligation", "Signature"]
