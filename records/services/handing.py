"""A file that one firm makes for another: it is filed among the other's own, byte for byte as it was shown."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from foundation.actor import Actor, Hat, acting_as
from records.models import Evidence
from records.services.evidence import kept_copy


@transaction.atomic
def hand_over_file(*, actor: Actor, evidence: Evidence, to_org_id: UUID, client_id: str, now: datetime) -> Evidence:
    """The receiver has the file as its own from now on, with the name of whoever handed it over. The same `client_id` files once.

    What is handed over is the clean copy: place and machine of a photo stay with the one who took it.
    """
    actor.must_act_for(evidence.org_id, Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER)
    source = settings.EVIDENCE_ROOT / evidence.shared_path
    shared = kept_copy(Path(source), evidence.shared_sha256, to_org_id, "shared")
    original = kept_copy(Path(source), evidence.shared_sha256, to_org_id, "original")
    row = Evidence(
        org_id=to_org_id, kind=evidence.kind, mime=evidence.mime, name=evidence.name, size=evidence.size, sha256=evidence.shared_sha256,
        shared_sha256=evidence.shared_sha256, original_path=str(original), shared_path=str(shared), width=evidence.width, height=evidence.height,
        taken_at=evidence.taken_at, received_at=now, counts_from=min(evidence.counts_from, timezone.localdate(now)), look=evidence.look,
        person_name=actor.person_name, client_id=client_id,
    )  # fmt: skip
    with acting_as(Hat.CLOCK):
        Evidence.objects.bulk_create([row], ignore_conflicts=True)
        filed: Evidence = Evidence.objects.get(org_id=to_org_id, client_id=client_id)
    return filed
