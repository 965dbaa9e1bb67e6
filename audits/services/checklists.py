"""A chain owner writes checklists: a draft on its desk, published once, retired once. What audits go by is never edited."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from audits.checklist_body import MOST_QUESTIONS, MOST_SECTIONS, faults_of, whole
from audits.models import ChecklistDraft, ChecklistVersion, Question
from audits.selectors.checklists import body_of, checklist_for, draft_for, known, questions_of
from audits.services.sides import MAY_JUDGE, MAY_WRITE
from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from records.selectors import evidence_for

LONGEST_BODY = 512 * 1024
# Without what is easily misread for another: it is part of a code that people copy.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
NO_SECOND_LANGUAGE = ("name", "text", "help")


def _must_write(actor: Actor) -> None:
    actor.must_wear(Hat.OWNER)
    actor.must_hold(*MAY_JUDGE)


@transaction.atomic
def begin_draft(
    *, actor: Actor, client_id: str, now: datetime, based_on: str = "", body: Mapping[str, Any] | None = None
) -> ChecklistDraft:
    """A new draft: empty, from a body, or from a version that the actor may see. The same `client_id` begins once."""
    _must_write(actor)
    rows = ChecklistDraft.objects.visible_to(actor)
    if before := rows.filter(client_id=client_id).first():
        return before
    base = checklist_for(actor, based_on) if based_on else None
    if base is not None:
        body = body_of(base, questions_of(actor, base))
        if base.owner_org_id is None:
            body = _without_examples(body)
    draft = ChecklistDraft(
        owner_org_id=actor.org_id, based_on=base, body=_storable(whole(body or {})), made_by=actor.person_name, made_at=now,
        changed_by=actor.person_name, changed_at=now, client_id=client_id,
    )  # fmt: skip
    ChecklistDraft.objects.bulk_create([draft], ignore_conflicts=True)
    return rows.get(client_id=client_id)


def _without_examples(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "questions": [{**question, "example_id": None} for question in body["questions"]]}


@transaction.atomic
def save_draft(*, actor: Actor, draft_id: UUID, revision: int, body: Mapping[str, Any], now: datetime) -> ChecklistDraft:
    """Put another body in the place of the one with this revision.

    Raises RuleBroken("checklist_changed_meanwhile", who=…) for an older revision, ("checklist_is_published"), ("checklist_too_large").
    """
    _must_write(actor)
    draft = draft_for(actor, draft_id, to_change=True)
    if draft.published_id:
        raise RuleBroken("checklist_is_published")
    said = _storable(whole(body))
    if draft.body == said:
        return draft
    if draft.revision != revision:
        raise RuleBroken("checklist_changed_meanwhile", who=draft.changed_by)
    for example in _examples(said) - _examples(draft.body):
        evidence_for(actor, UUID(example))
    draft.body, draft.revision, draft.changed_by, draft.changed_at = said, revision + 1, actor.person_name, now
    draft.save(update_fields=["body", "revision", "changed_by", "changed_at"])
    return draft


def _examples(body: Mapping[str, Any]) -> set[str]:
    return {question["example_id"] for question in body["questions"] if question["example_id"]}


def _storable(body: dict[str, Any]) -> dict[str, Any]:
    too_many = len(body["questions"]) > MOST_QUESTIONS or len(body["sections"]) > MOST_SECTIONS
    if too_many or len(json.dumps(body, ensure_ascii=False)) > LONGEST_BODY:
        raise RuleBroken("checklist_too_large", questions=MOST_QUESTIONS, sections=MOST_SECTIONS)
    return body


@transaction.atomic
def drop_draft(*, actor: Actor, draft_id: UUID) -> None:
    """Throw a draft away; what was published of it stays. Raises RuleBroken("checklist_is_published")."""
    _must_write(actor)
    draft = draft_for(actor, draft_id, to_change=True)
    if draft.published_id:
        raise RuleBroken("checklist_is_published")
    draft.delete()


@transaction.atomic
def publish_draft(*, actor: Actor, draft_id: UUID, revision: int, now: datetime) -> ChecklistVersion:
    """Make a version of the draft as it stood at this revision. Published again, it is the same version.

    Raises RuleBroken("checklist_has_faults", n=…), ("checklist_changed_meanwhile"), ("checklist_is_the_same") as the version it is based on.
    """
    _must_write(actor)
    actor.must_hold(*MAY_WRITE)
    draft = draft_for(actor, draft_id, to_change=True)
    if draft.published is not None:
        return draft.published
    if draft.revision != revision:
        raise RuleBroken("checklist_changed_meanwhile", who=draft.changed_by)
    body = whole(draft.body)
    if faults := faults_of(body, known()):
        raise RuleBroken("checklist_has_faults", n=len(faults))
    base = draft.based_on
    if base is not None and base.owner_org_id is not None and body == body_of(base, questions_of(actor, base)):
        raise RuleBroken("checklist_is_the_same")
    version = _publish(actor, draft, body, now)
    draft.published = version
    draft.save(update_fields=["published"])
    return version


def _publish(actor: Actor, draft: ChecklistDraft, body: dict[str, Any], now: datetime) -> ChecklistVersion:
    base = draft.based_on
    own = base is not None and base.owner_org_id == actor.org_id
    family = base.family if base is not None and own else f"own-{''.join(secrets.choice(_LETTERS) for _each in range(8))}"
    newest = ChecklistVersion.objects.visible_to(actor).filter(family=family).order_by("-number").first()
    number = newest.number + 1 if newest else 1
    head = {**_in_one_language(body), "sections": [_in_one_language(section) for section in body["sections"]]}
    questions = head.pop("questions")
    version = ChecklistVersion.objects.create(
        **head, code=f"{family}-{number}", family=family, number=number, owner_org_id=actor.org_id, question_count=len(questions),
        based_on=base, published_at=now, published_by=actor.person_name,
    )  # fmt: skip
    rows = [_in_one_language(question) for question in questions]
    Question.objects.bulk_create([Question(version=version, owner_org_id=actor.org_id, order=n, **q) for n, q in enumerate(rows, start=1)])
    return version


def _in_one_language(said: Mapping[str, Any]) -> dict[str, Any]:
    """What was written in one language only is read in it by everybody."""
    out = dict(said)
    for name in NO_SECOND_LANGUAGE:
        zh, en = f"{name}_zh", f"{name}_en"
        if zh in out:
            out[zh], out[en] = out[zh] or out[en], out[en] or out[zh]
    return out


@transaction.atomic
def retire_checklist(*, actor: Actor, code: str, now: datetime) -> ChecklistVersion:
    """Offer a version of one's own no more; audits that go by it go on. Retired again, nothing more happens."""
    _must_write(actor)
    actor.must_hold(*MAY_WRITE)
    version = checklist_for(actor, code)
    actor.must_act_for(version.owner_org_id, Hat.OWNER)
    if ChecklistVersion.objects.visible_to(actor).filter(pk=code, retired_at=None).update(retired_at=now):
        version.retired_at = now
    return version
