"""The common record: the relations, what stands in them, and what this side says of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb
from records import selectors
from records.models import RecordEntry
from records.services.acks import agree_with, dispute

SIDES = (Hat.OWNER, Hat.SUPPLIER)


class StreamShape(Shape):
    id = serializers.UUIDField()
    owner = InBoth("owner_name")
    supplier = InBoth("supplier_name")
    opened_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()


class AckShape(Shape):
    side = serializers.CharField()
    word = serializers.CharField(help_text="agreed, disputed or settled")
    reason = serializers.CharField(allow_blank=True)
    person = serializers.CharField(source="person_name")
    at = serializers.DateTimeField()


class EntryShape(Shape):
    id = serializers.UUIDField()
    stream = serializers.UUIDField(source="stream_id")
    number = serializers.IntegerField(allow_null=True, help_text="Its place in the stream, given a moment after it is written.")
    kind = serializers.CharField()
    side = serializers.CharField()
    person = serializers.CharField(source="actor_name")
    subject_id = serializers.UUIDField(allow_null=True)
    at = serializers.DateTimeField()
    effective_on = serializers.DateField(allow_null=True)
    corrects = serializers.UUIDField(source="corrects_id", allow_null=True)
    leaf = serializers.SerializerMethodField(help_text="SHA-256 of 0x00 and `canonical`.")
    payload = serializers.SerializerMethodField(help_text="What it says; null once it was erased.")

    def get_leaf(self, entry: RecordEntry) -> str:
        return bytes(entry.leaf).hex()

    def get_payload(self, entry: RecordEntry) -> dict[str, Any] | None:
        kept = getattr(entry, "payload", None)
        return json.loads(kept.text) if kept else None


class EntryLineShape(EntryShape):
    said = serializers.DictField(child=serializers.CharField(), help_text="The latest word of each side that has spoken.")


class EntryWholeShape(EntryShape):
    canonical = serializers.CharField(help_text="What the leaf commits to (RFC 8785).")
    salt = serializers.SerializerMethodField()
    said = AckShape(many=True)

    def get_salt(self, entry: RecordEntry) -> str | None:
        kept = getattr(entry, "payload", None)
        return bytes(kept.salt).hex() if kept else None


class EntryFilters(PageFilters):
    kind = serializers.CharField(required=False, max_length=40)


class DisputeSaid(Said):
    reason = serializers.CharField(max_length=2000)


class Streams(Endpoint):
    hats = SIDES

    @verb("The relations of the firm, newest activity first", gives=StreamShape, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(selectors.streams(actor, after=asked.after, limit=asked.size), lambda row: (row.last_at, row.pk))


class Entries(Endpoint):
    hats = SIDES

    @verb("What stands in one relation's record, newest first", gives=EntryLineShape, asks=EntryFilters, page=(datetime, UUID))
    def get(self, actor: Actor, stream_id: UUID, asked: Asked) -> Page:
        stream = selectors.stream_for(actor, stream_id)
        rows = selectors.entries(actor, stream_id=stream.pk, after=asked.after, limit=asked.size, **asked.filters)
        return Page(_with_words(actor, rows), lambda row: (row.at, row.pk))


def _with_words(actor: Actor, rows: Sequence[RecordEntry]) -> Sequence[RecordEntry]:
    words = selectors.last_words(actor, [row.pk for row in rows])
    for row in rows:
        row.said = {side: ack.word for side, ack in words.get(row.pk, {}).items()}  # type: ignore[attr-defined]
    return rows


def _whole(actor: Actor, entry_id: UUID) -> RecordEntry:
    entry = selectors.entry_for(actor, entry_id)
    entry.said = selectors.words_on(actor, entry)  # type: ignore[attr-defined]
    return entry


class Entry(Endpoint):
    hats = SIDES

    @verb("One entry with all that was said of it", gives=EntryWholeShape)
    def get(self, actor: Actor, entry_id: UUID) -> RecordEntry:
        return _whole(actor, entry_id)


class EntryAgree(Endpoint):
    hats = SIDES

    @verb("This side agrees, or settles its own dispute", gives=EntryWholeShape)
    def post(self, actor: Actor, entry_id: UUID) -> RecordEntry:
        agree_with(actor=actor, entry=selectors.entry_for(actor, entry_id), now=timezone.now())
        return _whole(actor, entry_id)


class EntryDispute(Endpoint):
    hats = SIDES

    @verb("This side disputes, with a reason", takes=DisputeSaid, gives=EntryWholeShape)
    def post(self, actor: Actor, entry_id: UUID, said: dict[str, Any]) -> RecordEntry:
        dispute(actor=actor, entry=selectors.entry_for(actor, entry_id), reason=said["reason"], now=timezone.now())
        return _whole(actor, entry_id)
