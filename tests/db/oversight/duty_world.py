"""An agreement in force with a finding, as duty cases are about: rows as their own writers would leave them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from agreements.models import Clause
from audits.models import Finding, FindingText
from foundation.actor import as_actor
from tests.cast import actor
from tests.db.audits.stage import agreement_in_force, first_audit, moment

SECRET_WORDS = "lot-to-lot difference at most 0.8"
SEEN_WORDS = "染缸未按配方称量"


def story(owner: str = "chen", supplier: str = "lin") -> dict[str, Any]:
    """One agreement with words of its own, and a major finding of its self-check."""
    agreement = agreement_in_force(owner, supplier)
    audit = first_audit(agreement)
    buyer, sides = actor(owner), {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}
    with as_actor(buyer):
        Clause.objects.filter(version__agreement=agreement).update(text_en=SECRET_WORDS)
        finding = Finding.objects.create(
            audit=audit, agreement=agreement, **sides, grade="major", raised_at=moment("2026-03-11"), due_on=moment("2026-04-11").date(),
            client_id=uuid4().hex,
        )  # fmt: skip
        FindingText.objects.create(finding=finding, **sides, requirement="按配方称量", observed=SEEN_WORDS, raised_by=buyer.person_name)
    return {"agreement_id": agreement.pk, "finding_id": finding.pk}
