"""A result that was filed wrongly is corrected by a row of its own, with the reason; the first stays to be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import NotYours, RuleBroken
from inspections.filing import key_digest
from inspections.models import CharacteristicResult, Lot
from inspections.services.results import Meant, file_meant, own_photos, read_typed
from inspections.typed import SetSaid
from parties.roles import MAY_FILE

LONGEST_REASON = 300


@transaction.atomic
def correct_result(*, actor: Actor, result: CharacteristicResult, said: SetSaid, reason: str, now: datetime) -> CharacteristicResult:
    """File the right readings in place of the wrong ones, with the reason. Only the firm that filed them may. Safe to repeat by `said.key`.

    Raises RuleBroken("correction_needs_a_reason"), ("result_corrected_already"), ("result_key_reused"), and what filing says.
    """
    actor.must_hold(*MAY_FILE)
    words = " ".join(reason.split())
    if not words or len(words) > LONGEST_REASON:
        raise RuleBroken("correction_needs_a_reason", field="reason", longest=LONGEST_REASON)
    held, lot = _held(actor, result)
    own_photos(actor, [said])
    (meant,) = read_typed(lot, [replace(said, characteristic=held.characteristic_code, origin=held.origin)], now=now)
    if held.replaced_by is not None:
        again = CharacteristicResult.objects.visible_to(actor).get(pk=held.replaced_by)
        if said.key and again.said_key == key_digest(said.key):
            return again
        raise RuleBroken("result_corrected_already")
    more = {**meant.more, "reason": words}
    corrected = Meant(lot, meant.read, meant.origin, more, corrects=held.pk)
    (kept,) = file_meant(actor=actor, meant=[corrected], now=now, entered_via="web")
    if kept.state != "stored":
        raise RuleBroken("result_key_reused")
    return kept.row


def _held(actor: Actor, result: CharacteristicResult) -> tuple[CharacteristicResult, Lot]:
    """The row to be corrected, locked, with its lot: what a portion shows of the whole is corrected where it was filed."""
    pk = result.source_id or result.pk
    if result.org_id != actor.org_id:
        raise NotYours
    with acting_as(Hat.CLOCK):
        held = CharacteristicResult.objects.select_for_update().get(pk=pk)
    return held, Lot.objects.visible_to(actor).get(pk=held.lot_id)
