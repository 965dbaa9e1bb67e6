"""Checklists: the library, a chain owner's own, its drafts, and what an audit found otherwise than the supplier's page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from audits.checklist_body import (
    HEAD,
    KINDS,
    LONGEST,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    MOST_SECTIONS,
    PHOTOS,
    QUESTION,
    SCORINGS,
    Known,
    faults_of,
    whole,
)
from audits.models import ChecklistDraft, ChecklistVersion, ProposedChange
from audits.selectors import audit_for
from audits.selectors.checklists import body_of, checklist_for, checklists, draft_for, drafts, known, proposed_changes, questions_of
from audits.services.checklists import begin_draft, drop_draft, publish_draft, retire_checklist, save_draft
from audits.services.master_data import decide_change
from foundation.actor import Actor, Hat
from parties.endpoints import Asked, Endpoint, InBoth, Page, Said, Shape, verb

SIDES = (Hat.OWNER, Hat.SUPPLIER)
MINE = (Hat.OWNER,)
LARGEST = 32_000


class ChecklistSectionShape(Shape):
    code = serializers.CharField()
    name = InBoth("name")


class ChecklistLineShape(Shape):
    code = serializers.CharField()
    section = serializers.CharField(allow_blank=True)
    text = InBoth("text")
    help = InBoth("help")
    kind = serializers.ChoiceField(KINDS)
    options = serializers.ListField(child=serializers.DictField(), help_text="choice: code, zh, en, share; scale: points, zh, en.")
    unit = serializers.CharField(allow_blank=True)
    lowest = serializers.CharField(allow_blank=True, help_text="Of a number: a decimal as text; empty for no limit.")
    highest = serializers.CharField(allow_blank=True)
    weight = serializers.IntegerField()
    is_critical = serializers.BooleanField()
    photo = serializers.ChoiceField(PHOTOS)
    photos_least = serializers.IntegerField()
    show_if = serializers.ListField(
        child=serializers.DictField(), help_text="All must hold: code of an earlier question, and is, is_not, above or below."
    )
    node_codes = serializers.ListField(child=serializers.CharField())
    clause_type = serializers.CharField(allow_blank=True)
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # as the column is named
    element = serializers.CharField(allow_blank=True)
    sub_element = serializers.CharField(allow_blank=True)
    proposes = serializers.CharField(allow_blank=True)
    example_id = serializers.UUIDField(allow_null=True, help_text="Evidence that shows how good looks.")


class ChecklistShape(Shape):
    code = serializers.CharField()
    name = InBoth("name")
    is_own = serializers.SerializerMethodField(help_text="Written by a firm; else of the library.")
    version = serializers.IntegerField(source="number")
    state = serializers.ChoiceField(("published", "retired"))
    minutes = serializers.IntegerField()
    questions = serializers.IntegerField(source="question_count")
    scoring = serializers.ChoiceField(SCORINGS)
    node_codes = serializers.ListField(child=serializers.CharField())
    published_at = serializers.DateTimeField()

    def get_is_own(self, row: ChecklistVersion) -> bool:
        return row.owner_org_id is not None


class ChecklistWholeShape(ChecklistShape):
    origin = InBoth("source")
    sections = ChecklistSectionShape(many=True)
    lines = ChecklistLineShape(many=True)


class ChecklistFaultShape(Shape):
    number = serializers.IntegerField(help_text="The question's place from 1; 0 is the head.")
    entry = serializers.CharField()
    code = serializers.CharField()


class ChecklistDraftShape(Shape):
    id = serializers.UUIDField()
    revision = serializers.IntegerField(help_text="Send it back with a change: an older one is refused.")
    based_on = serializers.CharField(source="based_on_id", allow_null=True)
    published = serializers.CharField(source="published_id", allow_null=True)
    changed_at = serializers.DateTimeField()
    changed_by = serializers.CharField()
    body = serializers.DictField()
    faults = ChecklistFaultShape(many=True, source="told")


class SectionSaid(Said):
    code = serializers.CharField(max_length=20)
    name_zh = serializers.CharField(max_length=LONGEST["name_zh"], allow_blank=True, default="")
    name_en = serializers.CharField(max_length=LONGEST["name_en"], allow_blank=True, default="")


class OptionSaid(Said):
    code = serializers.CharField(max_length=20, required=False)
    points = serializers.IntegerField(min_value=0, max_value=100, required=False)
    zh = serializers.CharField(max_length=80, allow_blank=True, default="")
    en = serializers.CharField(max_length=120, allow_blank=True, default="")
    share = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, required=False)


class ConditionSaid(Said):
    code = serializers.CharField(max_length=20)
    above = serializers.CharField(max_length=20, required=False)
    below = serializers.CharField(max_length=20, required=False)
    is_not = serializers.ListField(child=serializers.CharField(max_length=20), required=False, max_length=MOST_OPTIONS)


# "is" is a word of the language, and yet the entry's name.
ConditionSaid._declared_fields["is"] = serializers.ListField(
    child=serializers.CharField(max_length=20), required=False, max_length=MOST_OPTIONS
)


def _text(most: int) -> serializers.CharField:
    return serializers.CharField(max_length=most, allow_blank=True, default="")


class QuestionSaid(Said):
    code = serializers.CharField(max_length=20)
    section, unit, lowest, highest, proposes = (_text(20) for _each in range(5))
    text_zh, text_en = _text(LONGEST["text_zh"]), _text(LONGEST["text_en"])
    help_zh, help_en = _text(LONGEST["help_zh"]), _text(LONGEST["help_en"])
    kind = serializers.ChoiceField(KINDS, default="yes_no")
    options = OptionSaid(many=True, required=False, max_length=MOST_OPTIONS)  # type: ignore[call-arg]  # many=True makes a list of it
    weight = serializers.IntegerField(min_value=0, max_value=100, default=1)
    is_critical = serializers.BooleanField(default=False)
    photo = serializers.ChoiceField(PHOTOS, default="none")
    photos_least = serializers.IntegerField(min_value=1, max_value=6, default=1)
    show_if = ConditionSaid(many=True, required=False, max_length=MOST_OPTIONS)  # type: ignore[call-arg]  # many=True makes a list of it
    node_codes = serializers.ListField(child=serializers.CharField(max_length=12), default=list, max_length=20)
    clause_type = _text(40)
    source = _text(LONGEST["source"])  # type: ignore[assignment]  # as the column is named
    element, sub_element = _text(4), _text(4)
    example_id = serializers.UUIDField(allow_null=True, default=None)


class ChecklistSaid(Said):
    """A whole checklist; what is left out is as on a new page."""

    name_zh = _text(LONGEST["name_zh"])
    name_en = _text(LONGEST["name_en"])
    minutes = serializers.IntegerField(min_value=1, max_value=960, default=HEAD["minutes"])
    scoring = serializers.ChoiceField(SCORINGS, default="weighted")
    node_codes = serializers.ListField(child=serializers.CharField(max_length=12), default=list, max_length=20)
    source_zh = _text(LONGEST["source_zh"])
    source_en = _text(LONGEST["source_en"])
    sections = SectionSaid(many=True, required=False, max_length=MOST_SECTIONS)  # type: ignore[call-arg]  # many=True makes a list of it
    questions = QuestionSaid(many=True, required=False, max_length=MOST_QUESTIONS)  # type: ignore[call-arg]  # many=True makes a list of it


class ChecklistDraftSaid(Said):
    client_id = serializers.CharField(max_length=60, help_text="The same draft begun twice is one draft.")
    based_on = serializers.CharField(max_length=40, allow_blank=True, default="", help_text="A version to begin from; then without a body.")
    body = ChecklistSaid(required=False)


class ChecklistChangeSaid(Said):
    revision = serializers.IntegerField(min_value=1)
    body = ChecklistSaid()


class ChecklistPublishSaid(Said):
    revision = serializers.IntegerField(min_value=1)


class ProposedChangeShape(Shape):
    entry = serializers.CharField(help_text="site.headcount, site.address or site.floor_notes")
    old = serializers.CharField(allow_blank=True)
    new = serializers.CharField()
    question = serializers.CharField(source="question_code")
    state = serializers.ChoiceField(ProposedChange.State.values)
    proposed_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class ProposedChangeSaid(Said):
    entry = serializers.CharField(max_length=20)
    take = serializers.BooleanField(help_text="true: the page says the new value from now on; false: it stays as it is.")


def _shown(actor: Actor, code: str) -> ChecklistVersion:
    version = checklist_for(actor, code)
    version.lines = body_of(version, questions_of(actor, version))["questions"]  # type: ignore[attr-defined]
    return version


def _judged(draft: ChecklistDraft, what: Known | None = None) -> ChecklistDraft:
    draft.told = faults_of(whole(draft.body), what or known())  # type: ignore[attr-defined]
    return draft


def _plain(said: dict[str, Any] | None) -> dict[str, Any] | None:
    """A body as drafts keep it: ids as text, nothing of another kind of dictionary."""
    if said is None:
        return None
    questions = [{name: question.get(name, QUESTION[name]) for name in QUESTION} for question in said.get("questions", [])]
    for question in questions:
        question["example_id"] = str(question["example_id"]) if question["example_id"] else None
        question["options"] = [dict(option) for option in question["options"]]
        question["show_if"] = [dict(condition) for condition in question["show_if"]]
    return {**said, "sections": [dict(section) for section in said.get("sections", [])], "questions": questions}


class Checklists(Endpoint):
    hats = SIDES

    @verb("Checklists at work: the firm's own, then the library", gives=ChecklistShape(many=True))
    def get(self, actor: Actor) -> list[ChecklistVersion]:
        return checklists(actor)


class ChecklistOne(Endpoint):
    hats = SIDES

    @verb("One version of a checklist with its questions", gives=ChecklistWholeShape)
    def get(self, actor: Actor, checklist_code: str) -> ChecklistVersion:
        return _shown(actor, checklist_code)


class ChecklistRetire(Endpoint):
    hats = MINE

    @verb("Offer a version of one's own no more; audits that go by it go on", gives=ChecklistWholeShape)
    def post(self, actor: Actor, checklist_code: str) -> ChecklistVersion:
        retire_checklist(actor=actor, code=checklist_code, now=timezone.now())
        return _shown(actor, checklist_code)


class ChecklistDrafts(Endpoint):
    hats = MINE

    @verb("Drafts on the firm's desk, last touched first", gives=ChecklistDraftShape, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        what = known()
        rows = [_judged(row, what) for row in drafts(actor, after=asked.after, limit=asked.size)]
        return Page(rows, lambda row: (row.changed_at, row.pk))

    @verb("Begin a draft: empty, from a body, or from a version", takes=ChecklistDraftSaid, gives=ChecklistDraftShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> ChecklistDraft:
        return _judged(
            begin_draft(
                actor=actor, client_id=said["client_id"], based_on=said["based_on"], body=_plain(said.get("body")), now=timezone.now()
            )
        )


class ChecklistDraftOne(Endpoint):
    hats = MINE

    @verb("One draft, with what keeps it from being published", gives=ChecklistDraftShape)
    def get(self, actor: Actor, draft_checklist_id: UUID) -> ChecklistDraft:
        return _judged(draft_for(actor, draft_checklist_id))

    @verb("Put another body in its place", takes=ChecklistChangeSaid, gives=ChecklistDraftShape)
    def put(self, actor: Actor, draft_checklist_id: UUID, said: dict[str, Any]) -> ChecklistDraft:
        body = _plain(said["body"]) or {}
        return _judged(save_draft(actor=actor, draft_id=draft_checklist_id, revision=said["revision"], body=body, now=timezone.now()))

    @verb("Throw a draft away", status=204)
    def delete(self, actor: Actor, draft_checklist_id: UUID) -> None:
        drop_draft(actor=actor, draft_id=draft_checklist_id)


class ChecklistPublish(Endpoint):
    hats = MINE

    @verb("Publish a draft as it stood at a revision", takes=ChecklistPublishSaid, gives=ChecklistWholeShape)
    def post(self, actor: Actor, draft_checklist_id: UUID, said: dict[str, Any]) -> ChecklistVersion:
        version = publish_draft(actor=actor, draft_id=draft_checklist_id, revision=said["revision"], now=timezone.now())
        return _shown(actor, version.pk)


class ProposedChanges(Endpoint):
    hats = SIDES

    @verb("What an audit found otherwise than the supplier's page says", gives=ProposedChangeShape(many=True))
    def get(self, actor: Actor, audit_id: UUID) -> list[ProposedChange]:
        return proposed_changes(actor, audit_for(actor, audit_id))

    @verb("The supplier takes one over, or leaves its page as it is", takes=ProposedChangeSaid, gives=ProposedChangeShape(many=True))
    def post(self, actor: Actor, audit_id: UUID, said: dict[str, Any]) -> list[ProposedChange]:
        audit = audit_for(actor, audit_id)
        decide_change(actor=actor, audit_id=audit.pk, entry=said["entry"], take=said["take"], now=timezone.now())
        return proposed_changes(actor, audit)
