"""Sealed samples: the same verbs as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from agreements.models import SealedSample
from agreements.sample_words import ILLUMINANTS, OBSERVERS
from agreements.selectors.samples import GROUPS, sample_for, samples
from agreements.services.samples import (
    SampleSaid,
    change_sample,
    confirm_sample,
    draft_sample,
    offer_sample,
    return_sample,
    withdraw_sample,
)
from foundation.actor import Actor, Hat
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb
from records.selectors import evidence_for
from suppliers.selectors import link_for

SIDES = (Hat.OWNER, Hat.SUPPLIER)


class SampleShape(Shape):
    id = serializers.UUIDField()
    link = serializers.UUIDField(source="link_id")
    owner = InBoth("owner_name")
    supplier = InBoth("supplier_name")
    state = serializers.CharField(help_text="draft, offered, sealed, replaced, expired or withdrawn")
    drafted_by = serializers.CharField(help_text="owner or supplier")
    product = serializers.CharField()
    colour = serializers.CharField()
    lab_l = serializers.DecimalField(max_digits=6, decimal_places=2, help_text="CIE L*, under the illuminant and for the observer named.")
    lab_a = serializers.DecimalField(max_digits=6, decimal_places=2)
    lab_b = serializers.DecimalField(max_digits=6, decimal_places=2)
    illuminant = serializers.CharField()
    observer = serializers.IntegerField(help_text="Degrees: 2 or 10.")
    note = serializers.CharField(allow_blank=True)
    owner_holder = serializers.CharField(allow_blank=True)
    supplier_holder = serializers.CharField(allow_blank=True)
    photo = serializers.UUIDField(source="photo_id", allow_null=True)
    photo_sha256 = serializers.CharField(allow_blank=True)
    owner_confirmed_at = serializers.DateTimeField(allow_null=True)
    supplier_confirmed_at = serializers.DateTimeField(allow_null=True)
    sealed_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(help_text="The last day on which it binds.")
    ended_on = serializers.DateField(allow_null=True, help_text="The first day on which it binds no more.")
    created_at = serializers.DateTimeField()


class SampleFilters(PageFilters):
    state = serializers.ChoiceField(sorted(GROUPS), required=False)
    link = serializers.UUIDField(required=False)


class SampleWords(Said):
    product = serializers.CharField(max_length=120)
    colour = serializers.CharField(max_length=60)
    lab_l = serializers.CharField(max_length=10, help_text='As the instrument shows it, in hundredths at most: "52.31".')
    lab_a = serializers.CharField(max_length=10)
    lab_b = serializers.CharField(max_length=10)
    illuminant = serializers.ChoiceField(ILLUMINANTS)
    observer = serializers.ChoiceField(OBSERVERS)
    expires_on = serializers.DateField()
    holder = serializers.CharField(max_length=80, required=False, allow_blank=True, help_text="Who keeps one's own half, and where.")
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)
    evidence = serializers.UUIDField(required=False, help_text="The photo: a file of the firm, POST /evidence/ first.")


class SampleDraftSaid(SampleWords):
    link = serializers.UUIDField(help_text="The relation: a line of the list, or of a supplier's customers.")
    client_id = serializers.UUIDField(required=False, help_text="The same client_id drafts once.")


class HolderSaid(Said):
    holder = serializers.CharField(max_length=80, help_text="Who keeps one's own half, and where.")


class SampleReturnSaid(Said):
    reason = serializers.CharField(max_length=500)


def _said(words: dict[str, Any]) -> SampleSaid:
    lab = tuple(words.pop(name) for name in ("lab_l", "lab_a", "lab_b"))
    return SampleSaid(lab=lab, **words)


def _photo(actor: Actor, words: dict[str, Any]) -> Any:
    chosen = words.pop("evidence", None)
    return evidence_for(actor, chosen) if chosen else None


class Samples(Endpoint):
    hats = SIDES

    @verb("Sealed samples, newest first", gives=SampleShape, asks=SampleFilters, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        said = asked.filters
        rows = samples(actor, state=said.get("state", ""), link_id=said.get("link"), after=asked.after, limit=asked.size)
        return Page(rows, lambda row: (row.created_at, row.pk))

    @verb("Draft a sample; the other side sees it once it is offered", takes=SampleDraftSaid, gives=SampleShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> SealedSample:
        link, client_id, photo = link_for(actor, said.pop("link")), said.pop("client_id", None) or uuid4(), _photo(actor, said)
        return draft_sample(actor=actor, link=link, said=_said(said), client_id=client_id, photo=photo, now=timezone.now())


class SampleOne(Endpoint):
    hats = SIDES

    @verb("One sample", gives=SampleShape)
    def get(self, actor: Actor, sample_id: UUID) -> SealedSample:
        return sample_for(actor, sample_id)

    @verb("Mend a draft", takes=SampleWords, gives=SampleShape)
    def put(self, actor: Actor, sample_id: UUID, said: dict[str, Any]) -> SealedSample:
        row, photo = sample_for(actor, sample_id), _photo(actor, said)
        return change_sample(actor=actor, sample=row, said=_said(said), photo=photo, now=timezone.now())


class SampleOffer(Endpoint):
    hats = SIDES

    @verb("Confirm one's own half and offer the other", gives=SampleShape)
    def post(self, actor: Actor, sample_id: UUID) -> SealedSample:
        return offer_sample(actor=actor, sample=sample_for(actor, sample_id), now=timezone.now())


class SampleConfirm(Endpoint):
    hats = SIDES

    @verb("Confirm the half that was offered: sealed", takes=HolderSaid, gives=SampleShape)
    def post(self, actor: Actor, sample_id: UUID, said: dict[str, Any]) -> SealedSample:
        return confirm_sample(actor=actor, sample=sample_for(actor, sample_id), holder=said["holder"], now=timezone.now())


class SampleReturn(Endpoint):
    hats = SIDES

    @verb("Send an offered sample back, with the reason", takes=SampleReturnSaid, status=204)
    def post(self, actor: Actor, sample_id: UUID, said: dict[str, Any]) -> None:
        return_sample(actor=actor, sample=sample_for(actor, sample_id), reason=said["reason"], now=timezone.now())


class SampleWithdraw(Endpoint):
    hats = SIDES

    @verb("Take back a sample that is not sealed", gives=SampleShape)
    def post(self, actor: Actor, sample_id: UUID) -> SealedSample:
        return withdraw_sample(actor=actor, sample=sample_for(actor, sample_id), now=timezone.now())
