"""What lies ahead at Lin's mill and what was found there before: the world of the phones on site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from agreements.models import Agreement
from audits.models import Audit, Finding
from audits.services.checklists import begin_draft, publish_draft
from audits.services.followups import FollowUpSaid, start_follow_up
from audits.services.handing_in import hand_in
from foundation.actor import as_actor
from parties.models import Person
from records.services.evidence import PHOTOS, file_evidence
from suppliers.models import Site
from tests.browser.onsite import shot
from tests.cast import actor
from tests.db.audits.stage import agreement_in_force
from tests.db.parties.stage import colleague_of, on_day
from tests.visits import op, visit, walked

CHEN, LIN = actor("chen"), actor("lin")
GATE = "gate-of-the-mill-01"
ASKED, PICTURED = 42, 12


@dataclass
class Mill:
    """Visits ahead at Lin's mill, one of them by two auditors, and what was found there twice before."""

    audit: Audit
    other: Audit
    again: Audit  # the follow-up of the last one
    finding: Finding
    repeated: Finding
    colleague: Person


def furnished(folder: Path) -> Mill:
    now, today = timezone.now(), timezone.localdate()
    with transaction.atomic():
        colleague = colleague_of("chen", "auditor", contact="xiaolin@demo.example", name="小林", since=today)
        second = on_day(colleague, today)
        agreement = agreement_in_force(starts=today - timedelta(days=200))
        with as_actor(LIN):
            Site.objects.filter(org_id=LIN.org_id, is_main=True).update(gate_token=GATE)
        audit, other = visit(agreement, checklist=forty_two(folder), team=(second,)), visit(agreement)
        finding = found(agreement, folder, now - timedelta(hours=2))
        repeated = found(agreement, folder, now - timedelta(hours=1))
        with as_actor(CHEN):
            again = start_follow_up(actor=CHEN, audit_id=finding.audit_id, said=FollowUpSaid(today + timedelta(days=7), "am"), now=now)
    return Mill(audit, other, again, finding, repeated, colleague)


def forty_two(folder: Path) -> str:
    """Chen's own checklist: twelve questions that want a photo, the first with a picture of how good looks, and thirty that do not."""
    with as_actor(CHEN):
        example = file_evidence(
            actor=CHEN, path=Path(shot(folder, 99)), name="good.jpg", client_id=str(uuid4()), now=timezone.now(), allowed=PHOTOS
        )
        questions = [
            {"code": f"S-{n}", "section": "A" if n <= PICTURED else "B", "text_zh": f"第 {n} 处符合要求吗？", "photo": "always" if n <= PICTURED else "none",
             "example_id": str(example.pk) if n == 1 else None}
            for n in range(1, ASKED + 1)
        ]  # fmt: skip
        sections = [{"code": "A", "name_zh": "车间"}, {"code": "B", "name_zh": "库房"}]
        body = {"name_zh": "现场四十二问", "minutes": 90, "sections": sections, "questions": questions}
        draft = begin_draft(actor=CHEN, client_id="forty-two", body=body, now=timezone.now())
        return publish_draft(actor=CHEN, draft_id=draft.pk, revision=draft.revision, now=timezone.now()).pk


def found(agreement: Agreement, folder: Path, now: datetime) -> Finding:
    """What an earlier visit found."""
    past = visit(agreement)
    minor = op("finding", finding=uuid4(), question="MW-3", grade="minor", requirement="校准有效", observed="标签过期", gap="两个月没校准")
    walked(past, folder, findings=(minor,), q3="no")
    with as_actor(CHEN):
        hand_in(actor=CHEN, audit_id=past.pk, sha256=None, now=now)
        return Finding.objects.get(audit_id=past.pk)
