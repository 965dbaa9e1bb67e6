"""Pictures of how good looks: a chain owner's own, shown to a supplier once an audit of its goes by the checklist."""

from __future__ import annotations

from datetime import datetime

from audits.models import Audit, Question
from foundation.actor import Hat, acting_as
from records.models import Evidence, EvidenceShare

WHAT = "checklist_example"  # the class under which they are shown: no grant gives it, and none takes it away


def show_examples(audit: Audit, *, now: datetime) -> None:
    """Show the supplier the examples of the questions that it is asked. Again, nothing more happens."""
    with acting_as(Hat.CLOCK):
        asked = Question.objects.filter(version_id=audit.checklist_id, owner_org_id=audit.owner_org_id, example_id__isnull=False)
        files = Evidence.objects.filter(pk__in=list(asked.values_list("example_id", flat=True)), org_id=audit.owner_org_id)
        shares = [
            EvidenceShare(
                evidence_id=e.pk, org_id=e.org_id, grantee_org_id=audit.supplier_org_id, kind=e.kind, mime=e.mime, name=e.name, size=e.size,
                sha256=e.shared_sha256, path=e.shared_path, taken_at=e.taken_at, received_at=e.received_at, granted_at=now, whats=[WHAT],
            )
            for e in files
        ]  # fmt: skip
        EvidenceShare.objects.bulk_create(shares, ignore_conflicts=True)
