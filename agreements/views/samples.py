"""Sealed samples that bind the colour clauses."""

from __future__ import annotations

from datetime import date
from typing import Any

from agreements.models import Agreement, AgreementVersion
from foundation.actor import Actor


def piece(actor: Actor, agreement: Agreement, version: AgreementVersion, today: date) -> dict[str, Any]:
    """What the agreement's page shows of it."""
    return {}
