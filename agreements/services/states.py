"""The one place that moves a version, and with it the agreement until one of its versions has taken effect."""

from __future__ import annotations

from agreements.models import Agreement, AgreementVersion
from foundation.actor import Hat, acting_as

# An agreement in these states has no version in force yet: it is where its working version is.
BEFORE = (
    Agreement.State.DRAFT, Agreement.State.IN_REVIEW, Agreement.State.AGREED, Agreement.State.SIGNING, Agreement.State.SIGNED,
)  # fmt: skip


def move(agreement: Agreement, version: AgreementVersion, state: str) -> None:
    """Put the version in a state. An agreement in force stays so while its amendment moves."""
    with acting_as(Hat.CLOCK):
        version.state = AgreementVersion.State(state)
        version.save(update_fields=["state"])
        if agreement.state in BEFORE and state in BEFORE:
            agreement.state = Agreement.State(state)
            agreement.save(update_fields=["state"])
