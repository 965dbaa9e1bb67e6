"""What a phone takes along to a visit: docs/adr/0030. Everything in it the auditor could read on a page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from agreements.models import Clause
from agreements.selectors import clauses_of, version_in_force
from agreements.words import clause_title
from audits.models import Audit, AuditTeam, Finding, Question
from audits.selectors import deadline_clause, findings_of
from audits.selectors.corrective import plans_of, steps_of_supplier
from audits.selectors.repeats import alike, seen_here
from audits.selectors.running import Standing, last_visit_of, section_order_of, site_of, standing_of
from audits.services.running_site import MOST_PHOTOS
from audits.visit_said import MOST_OPS
from audits.visit_state import state_json
from audits.words_running import SITE_PHRASES
from foundation.actor import Actor
from parties.selectors import working_calendar
from records.selectors import evidences
from suppliers.models import SharedThing, Site, SupplyLink

LONG_SIDE, PHOTO_BYTES, PIECE = 2048, 400_000, 512 * 1024
# Pictures of how good looks: how many are taken along, how large one may be to be fetched, and how large it is kept.
MOST_EXAMPLES, EXAMPLE_BYTES, EXAMPLE_SIDE = 40, 8_000_000, 640
DAYS_AHEAD = 150


@dataclass(frozen=True)
class Packed:
    """A pack as text, and what names it."""

    body: dict[str, Any]
    sha256: str


def pack_of(actor: Actor, audit: Audit, now: datetime) -> Packed:
    """Everything that a team member needs on site. Its hash leaves the moment of making out."""
    standing = standing_of(actor, audit)
    said = _said(actor, audit, standing, now)
    state = dict(said["state"], server_time=None)
    text = json.dumps({**said, "state": state}, ensure_ascii=False, sort_keys=True, default=str)
    digest = sha256(text.encode()).hexdigest()
    return Packed({**said, "sha256": digest, "size": len(text.encode()), "made_at": now.isoformat()}, digest)


def _said(actor: Actor, audit: Audit, standing: Standing, now: datetime) -> dict[str, Any]:
    agreement, site = audit.agreement, site_of(audit)
    team = list(AuditTeam.objects.visible_to(actor).filter(audit=audit).order_by("-is_lead", "joined_at", "id"))
    return {
        "pack": 1, "audit": str(audit.pk), "person": str(actor.person_id), "hat": str(actor.hat), "org": str(actor.org_id),
        "visit": {
            "kind": audit.kind, "state": audit.state, "visit_on": audit.visit_on.isoformat(), "half": audit.half, "announced": audit.announced,
            "agreement": agreement.number, "lead": any(each.is_lead and each.person_id == actor.person_id for each in team),
            "follows": str(audit.follows_id) if audit.follows_id else None,
        },
        "owner": both(agreement.owner_name_zh, agreement.owner_name_en),
        "supplier": both(agreement.supplier_name_zh, agreement.supplier_name_en),
        "site": _site(audit, site), "gate_sha256": gate_hash(site),
        "team": [{"person": str(each.person_id), "name": each.person_name, "lead": each.is_lead} for each in team],
        "checklist": _checklist(actor, audit, standing), "state": state_json(standing, now), "last": _last(actor, audit),
        "seen_before": _seen_before(actor, audit, now),
        "certificates": _certificates(actor, audit), "contacts": _contacts(actor, audit), "clauses": _clauses(actor, audit, timezone.localdate(now)),
        "due_days": _due_days(actor, audit), "days_off": _days_off(timezone.localdate(now)), "phrases": _phrases(),
        "limits": limits(),
    }  # fmt: skip


def both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en or zh}


def limits() -> dict[str, int]:
    """What one phone may send at once, and how small it makes its photos."""
    return {
        "photo_long_side": LONG_SIDE, "photo_bytes": PHOTO_BYTES, "photos_per_question": MOST_PHOTOS, "note": 500, "ops_per_post": MOST_OPS,
        "piece_bytes": PIECE, "example_long_side": EXAMPLE_SIDE,
    }  # fmt: skip


def gate_hash(site: Site | None) -> str:
    """What opens a pack at its gate, without naming the token."""
    return sha256(site.gate_token.encode()).hexdigest() if site and site.gate_token else ""


def _site(audit: Audit, site: Site | None) -> dict[str, Any]:
    if site is None:
        return {"id": str(audit.site_id), "zh": "", "en": "", "address": "", "nodes": []}
    return {"id": str(site.pk), **both(site.name_zh, site.name_en), "address": site.address, "nodes": list(site.node_codes)}


def _checklist(actor: Actor, audit: Audit, standing: Standing) -> dict[str, Any]:
    version = audit.checklist
    sections = [{"code": each["code"], **both(each.get("name_zh", ""), each.get("name_en", ""))} for each in version.sections]
    examples = _examples(actor, standing.questions)
    return {
        "code": version.code, **both(version.name_zh, version.name_en), "minutes": version.minutes, "sections": sections,
        "order": section_order_of(actor, audit) or [each["code"] for each in sections],
        "questions": [_question(each, examples) for each in standing.questions],
    }  # fmt: skip


def _examples(actor: Actor, questions: Iterable[Question]) -> dict[UUID, dict[str, str]]:
    """Where the pictures of how good looks are: the phone takes them along, small. The chain owner's own, no more than fit."""
    wanted = [row.example_id for row in questions if row.example_id]
    files = evidences(actor, wanted[:MOST_EXAMPLES])
    return {
        pk: {"evidence": str(pk), "url": reverse("records:evidence_file", args=[pk])} for pk, row in files.items() if row.size <= EXAMPLE_BYTES
    }


def _question(row: Question, examples: Mapping[UUID, dict[str, str]]) -> dict[str, Any]:
    return {
        "number": row.order, "code": row.code, "section": row.section, "kind": row.kind, "text": both(row.text_zh, row.text_en),
        "help": both(row.help_zh, row.help_en), "options": row.options, "unit": row.unit, "lowest": row.lowest, "highest": row.highest,
        "weight": row.weight, "is_critical": row.is_critical, "photo": row.photo, "photos_least": row.photos_least, "show_if": row.show_if,
        "node_codes": row.node_codes, "clause_type": row.clause_type, "source": row.source,
        "example": examples.get(row.example_id) if row.example_id else None,
    }  # fmt: skip


def _last(actor: Actor, audit: Audit) -> dict[str, Any] | None:
    """The visit before this one at the same place, as far as its answers carry the same codes."""
    before = last_visit_of(actor, audit)
    if before is None:
        return None
    was = standing_of(actor, before)
    return {
        "on": before.visit_on.isoformat(), "result_class": before.result_class,
        "answers": {code: {"value": said.value, "na": said.na, "note": said.note} for code, said in was.answers().items()},
        "findings": [
            {
                "finding": str(each.pk), "question": each.text.question_code, "grade": each.grade, "state": each.state,
                "raised_on": timezone.localdate(each.raised_at).isoformat(), "title": each.text.requirement[:60],
            }
            for each in findings_of(actor, before)
        ],
    }  # fmt: skip


def _seen_before(actor: Actor, audit: Audit, now: datetime) -> dict[str, list[str]]:
    """By question: the days on which it was found here before. A finding under it is then found again."""
    found = seen_here(actor, audit, now)
    return {code: [timezone.localdate(row.raised_at).isoformat() for row in rows] for code, rows in found.items()}


def _certificates(actor: Actor, audit: Audit) -> list[dict[str, Any]]:
    """What the firm shows of its certificates to this chain owner."""
    rows = SharedThing.objects.visible_to(actor).filter(org_id=audit.supplier_org_id, what="certificates", revoked_at=None).order_by("id")
    return [
        {
            "kind": "certificate", "standard": row.facts.get("standard", ""), "number": row.facts.get("number", ""),
            "valid_to": row.facts.get("expires_on"), "name": row.facts.get("scope", ""),
        }
        for row in rows[:50]
    ]  # fmt: skip


def _contacts(actor: Actor, audit: Audit) -> list[dict[str, str]]:
    link = SupplyLink.objects.visible_to(actor).filter(pk=audit.agreement.link_id).first()
    return [{"name": link.contact, "role": ""}] if link and link.contact else []


def _clauses(actor: Actor, audit: Audit, today: date) -> list[dict[str, Any]]:
    version = version_in_force(actor, audit.agreement, today)
    return [{"id": str(each.pk), "type": each.type, "title": _title(each)} for each in (clauses_of(actor, version) if version else [])]


def _title(clause: Clause) -> dict[str, str]:
    said = {}
    for key, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            said[key] = str(clause_title(clause))
    return said


def _due_days(actor: Actor, audit: Audit) -> dict[str, int]:
    clause = deadline_clause(actor, audit.agreement_id)
    return {grade: clause.params[grade] for grade in ("critical", "major", "minor") if grade in clause.params} if clause else {}


def _days_off(today: date) -> list[str]:
    calendar = working_calendar()
    days = (today + timedelta(days=n) for n in range(DAYS_AHEAD))
    return [day.isoformat() for day in days if not calendar.is_working(day)]


def _phrases() -> list[dict[str, str]]:
    said = []
    for phrase in SITE_PHRASES:
        with override("zh-hans"):
            zh = str(phrase)
        with override("en"):
            said.append({"zh": zh, "en": str(phrase)})
    return said


def finding_pack_of(actor: Actor, finding: Finding, now: datetime) -> dict[str, Any]:
    """What a supplier's phone needs to answer one finding without a network."""
    agreement, text = finding.agreement, finding.text
    said = {
        "pack": 1, "finding": str(finding.pk), "person": str(actor.person_id), "hat": str(actor.hat), "org": str(actor.org_id),
        "owner": both(agreement.owner_name_zh, agreement.owner_name_en), "supplier": both(agreement.supplier_name_zh, agreement.supplier_name_en),
        "number": agreement.number, "grade": finding.grade, "state": finding.state, "due_on": finding.due_on.isoformat() if finding.due_on else None,
        "contain_by": finding.contain_by.isoformat() if finding.contain_by else None, "nth": finding.nth, "requirement": text.requirement,
        "observed": text.observed, "gap": text.gap, "limits": limits(), "steps": steps_of_supplier(actor, finding),
        "seen_before": [timezone.localdate(each.raised_at).isoformat() for each in alike(actor, finding)] if finding.nth > 1 else [],
        "plan": _plan(actor, finding),
    }  # fmt: skip
    digest = sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return {**said, "sha256": digest, "made_at": now.isoformat()}


def _plan(actor: Actor, finding: Finding) -> dict[str, Any] | None:
    """The last plan, and what the chain owner said of it."""
    plans = plans_of(actor, finding)
    if not plans:
        return None
    last = plans[-1]
    return {"state": last.state, "action": last.action, "planned_for": last.planned_for.isoformat(), "reason": last.reason}
