"""What the parts of an agreement's page share, read once for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from agreements.models import Agreement, AgreementVersion, Clause, Signature
from agreements.selectors.agreements import WORKING
from foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class OnPage:
    """One agreement before one reader: the version that is shown, its clauses and signatures, and every version, newest first."""

    actor: Actor
    agreement: Agreement
    version: AgreementVersion
    today: date
    clauses: Sequence[Clause]
    signatures: Mapping[str, Signature]
    versions: Sequence[AgreementVersion]

    @property
    def at_work(self) -> AgreementVersion | None:
        """The version that is being drafted, agreed or signed."""
        return next((each for each in self.versions if each.state in WORKING and not each.in_force), None)
