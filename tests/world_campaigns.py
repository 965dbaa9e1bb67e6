"""What the bureau asked of the firms of one story, a measure that everybody reads, and a report."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from oversight.models import Campaign, CampaignReach, PolicyTool, Report, ReportFile
from oversight.services.campaigns import CampaignSaid, draft_campaign
from tests.cast import actor, key

POLICY: UUID = key("policy", "halved")  # one for all stories: the list is everybody's to read
MADE = ("pdf", "xlsx", "docx")


def asked_by_the_bureau(buyer: Any, maker: Any, *, now: datetime) -> dict[str, Any]:
    """A campaign that reached the two firms of this story and no other. Its words are the bureau's and name nobody."""
    officer, today = actor("zhou"), timezone.localdate(now)
    told = str(key("told", str(buyer.org_id), str(maker.org_id)))
    with as_actor(officer):
        measure = PolicyTool(
            id=POLICY, org_id=officer.org_id, kind="testing", title_zh="检测费减半", title_en="Testing at half price", eligible_zh="小微企业",
            apply_zh="到一站式窗口", rule={"nodes": ["knitting"]}, valid_from=today, state="published", changed_by=officer.person_name,
            changed_at=now, created_at=now, client_id="halved",
        )  # fmt: skip
        PolicyTool.objects.bulk_create([measure], ignore_conflicts=True)
        said = CampaignSaid(title_zh="湿摩擦自查月", message_zh="请抽三批自测。", task_zh="自测三批", due_on=today + timedelta(days=20))
        row = draft_campaign(actor=officer, said=said, client_id=told, now=now)
        Campaign.objects.filter(pk=row.pk).update(state="sent", sent_at=now, sent_by=officer.person_name)
        report = _report(officer, told, now)
    with acting_as(Hat.CLOCK):
        CampaignReach.objects.bulk_create(CampaignReach(campaign_id=row.pk, org_id=firm.org_id, told_at=now) for firm in (buyer, maker))
    return {"campaign_id": row.pk, "report_id": report.pk, "policy_id": POLICY}


def _report(officer: Any, client_id: str, now: datetime) -> Report:
    part = {"code": "policies", "title": "政策工具", "heads": ["政策"], "rows": [["检测费减半"]], "notes": []}
    report = Report.objects.create(
        org_id=officer.org_id, org_name_zh=officer.org_name_zh, period="2026-01", language="zh-hans", parts=[part], sha256="0" * 64, as_of=now,
        made_by=officer.person_name, client_id=client_id,
    )  # fmt: skip
    raw = b"%PDF-1.7 sketch"
    ReportFile.objects.bulk_create(
        ReportFile(org_id=officer.org_id, report=report, extension=kind, content=raw, size=len(raw), sha256=hashlib.sha256(raw).hexdigest()) for kind in MADE
    )  # fmt: skip
    return report
