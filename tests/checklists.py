"""Checklists of the world of tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audits.models import Audit, ProposedChange
from audits.services.checklists import begin_draft, publish_draft
from foundation.actor import as_actor


def own_checklist(buyer: Any, audit: Audit, *, now: datetime, mark: str) -> dict[str, Any]:
    """A checklist that the chain owner published, another on its desk, and what an audit found otherwise than the supplier's page."""
    question = {
        "section": "A", "code": "A-1", "text_zh": f"有多少人{mark}", "text_en": f"How many{mark}", "help_zh": f"问带班的{mark}", "help_en": f"Ask{mark}",
        "kind": "number", "proposes": "site.headcount",
    }  # fmt: skip
    body = {
        "name_zh": f"自己的表{mark}", "name_en": f"Own{mark}", "source_zh": f"合同附件{mark}", "source_en": f"Annex{mark}",
        "sections": [{"code": "A", "name_zh": f"人员{mark}", "name_en": f"People{mark}"}], "questions": [question],
    }  # fmt: skip
    with as_actor(buyer):
        one, other = (begin_draft(actor=buyer, client_id=f"{audit.pk}-{n}", body=body, now=now) for n in (1, 2))
        version = publish_draft(actor=buyer, draft_id=one.pk, revision=1, now=now)
        ProposedChange.objects.create(
            audit_id=audit.pk, owner_org_id=audit.owner_org_id, supplier_org_id=audit.supplier_org_id, site_id=audit.site_id, question_code="A-1",
            entry="site.floor_notes", old=f"红区在东门{mark}", new=f"红区在西门{mark}", proposed_by=buyer.person_name, proposed_at=now,
        )  # fmt: skip
    return {"checklist_code": version.pk, "draft_checklist_id": other.pk}
