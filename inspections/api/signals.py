"""Signals: what is worth a look, and what was behind it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from inspections.models import ChangePoint, Signal
from inspections.selectors.signals import STATES, expected, signal_for, signals
from inspections.services.causes import change_from_here, note_cause, undo_cause
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb

SIDES = (Hat.OWNER, Hat.SUPPLIER)


class SignalShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(Signal.Kind.choices)
    characteristic = serializers.CharField(source="characteristic_code", allow_blank=True)
    product = serializers.CharField(allow_blank=True)
    lot = serializers.UUIDField(source="lot_id", allow_null=True)
    lot_no = serializers.CharField(allow_blank=True)
    made_on = serializers.DateField(allow_null=True)
    owner = InBoth("owner_name")
    supplier = InBoth("supplier_name")
    facts = serializers.DictField(help_text="What was seen: the numbers of its kind, as text.")
    harm = serializers.IntegerField(help_text="1 to 4: how near the agreed limits; 4 is beyond them.")
    certainty = serializers.IntegerField(help_text="1 to 3: how seldom a series in which nothing changes gives such a signal.")
    rank = serializers.IntegerField(help_text="harm × certainty")
    state = serializers.ChoiceField(Signal.State.choices)
    cause = serializers.CharField(allow_blank=True)
    words = serializers.CharField(allow_blank=True)
    noted_by = serializers.CharField(allow_blank=True)
    noted_at = serializers.DateTimeField(allow_null=True)
    found_at = serializers.DateTimeField()
    owner_sees_at = serializers.DateTimeField(allow_null=True, help_text="Since when the chain owner sees it; null: not yet.")
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_why = serializers.CharField(allow_blank=True, help_text="corrected or new_baseline")


class SignalFilters(PageFilters):
    state = serializers.ChoiceField(list(STATES), required=False, help_text="open where not named.")
    kind = serializers.ChoiceField(Signal.Kind.choices, required=False)
    characteristic = serializers.CharField(max_length=20, required=False)


class CauseSaid(Said):
    cause = serializers.ChoiceField(Signal.Cause.choices, help_text='"nothing": looked at, nothing found.')
    words = serializers.CharField(max_length=200, required=False, allow_blank=True)


class ExpectedSignalsShape(Shape):
    series = serializers.IntegerField(help_text="How many series are watched.")
    with_limits = serializers.IntegerField(help_text="How many of them have limits: 25 lots or more since the last change.")
    false_signals = serializers.FloatField(help_text="How many signals these give in 20 further lots of each, even if nothing changes.")


class SignalChangeShape(Shape):
    id = serializers.UUIDField()
    lot = serializers.UUIDField(source="lot_id")
    characteristic = serializers.CharField(source="characteristic_code")
    cause = serializers.CharField()
    made_on = serializers.DateField()


class Signals(Endpoint):
    hats = SIDES

    @verb("Signals to look at, the most harmful and most certain first", gives=SignalShape, asks=SignalFilters, page=(int, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(signals(actor, after=asked.after, limit=asked.size, **asked.filters), lambda row: (row.rank, row.pk))


class SignalsExpected(Endpoint):
    hats = SIDES

    @verb("How many of the signals are chance", gives=ExpectedSignalsShape)
    def get(self, actor: Actor) -> Any:
        return expected(actor)


class SignalOne(Endpoint):
    hats = SIDES

    @verb("One signal", gives=SignalShape)
    def get(self, actor: Actor, signal_id: UUID) -> Signal:
        return signal_for(actor, signal_id)


class SignalCause(Endpoint):
    hats = SIDES

    @verb("Record what was behind a signal", takes=CauseSaid, gives=SignalShape)
    def post(self, actor: Actor, signal_id: UUID, said: dict[str, Any]) -> Signal:
        return note_cause(actor=actor, signal=signal_for(actor, signal_id), now=timezone.now(), **said)


class SignalUndo(Endpoint):
    hats = SIDES

    @verb("Take the cause back: the signal is open again", gives=SignalShape)
    def post(self, actor: Actor, signal_id: UUID) -> Signal:
        return undo_cause(actor=actor, signal=signal_for(actor, signal_id), now=timezone.now())


class SignalChange(Endpoint):
    hats = SIDES

    @verb("The cause has come to stay: mark a change, limits are made anew from this lot on", gives=SignalChangeShape)
    def post(self, actor: Actor, signal_id: UUID) -> ChangePoint:
        return change_from_here(actor=actor, signal=signal_for(actor, signal_id), now=timezone.now())
