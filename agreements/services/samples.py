"""Sealed samples: one side offers a half, both confirm theirs, and it binds until its last day or a newer one takes its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from agreements.models import Agreement, SealedSample
from agreements.sample_words import ILLUMINANTS, OBSERVERS
from agreements.services.facts import sample_renewed
from agreements.services.sides import HATS, MAY_FILE, MAY_WRITE, OTHER, org_of, side_of
from foundation.actor import CLOCK, Actor, Hat, acting_as
from foundation.errors import RuleBroken
from notices.services import close_todo, put_todo, tell
from records.models import Evidence, Grant
from records.services.entries import append_entry
from records.services.evidence import share_evidence
from records.services.streams import open_stream
from suppliers.models import SupplyLink

State = SealedSample.State
WHAT = "samples"  # the class under which its photo is shown to the other side
LONGEST = timedelta(days=5 * 366)
REMIND = timedelta(days=30)
MIN_REASON = 5
# Past these no surface colour is reported; beyond them somebody has mixed up the columns.
WIDEST_AB = Decimal(150)


@dataclass(frozen=True, slots=True)
class SampleSaid:
    """What a side says of a sample. Colour as read from the instrument, in hundredths at most."""

    product: str
    colour: str
    lab: tuple[str, str, str]
    illuminant: str
    observer: int
    expires_on: date
    holder: str = ""
    note: str = ""

    def columns(self, today: date) -> dict[str, Any]:
        """The row's columns. Raises RuleBroken on the field that cannot be."""
        product, colour = " ".join(self.product.split())[:120], " ".join(self.colour.split())[:60]
        for field, value in (("product", product), ("colour", colour)):
            if not value:
                raise RuleBroken("sample_needs_a_name", field=field)
        if self.illuminant not in ILLUMINANTS:
            raise RuleBroken("illuminant_unknown", field="illuminant", known=", ".join(ILLUMINANTS))
        if self.observer not in OBSERVERS:
            raise RuleBroken("observer_unknown", field="observer")
        if not today < self.expires_on <= today + LONGEST:
            raise RuleBroken("sample_day_out_of_range", field="expires_on")
        lab_l, lab_a, lab_b = (coordinate(name, typed) for name, typed in zip(("lab_l", "lab_a", "lab_b"), self.lab, strict=True))
        return {
            "product": product, "colour": colour, "lab_l": lab_l, "lab_a": lab_a, "lab_b": lab_b, "illuminant": self.illuminant,
            "observer": self.observer, "expires_on": self.expires_on, "note": self.note.strip()[:200],
        }  # fmt: skip


def coordinate(name: str, typed: str) -> Decimal:
    """One of L*, a*, b* as typed. Raises RuleBroken where it is no number, finer than hundredths, or no colour of a surface."""
    try:
        value = Decimal(str(typed).strip().replace("\u2212", "-"))
    except InvalidOperation:
        raise RuleBroken("lab_not_a_number", field=name) from None
    low, high = (Decimal(0), Decimal(100)) if name == "lab_l" else (-WIDEST_AB, WIDEST_AB)
    if not value.is_finite() or not low <= value <= high:
        raise RuleBroken("lab_out_of_range", field=name, low=low, high=high)
    if value != value.quantize(Decimal("0.01")):
        raise RuleBroken("lab_too_fine", field=name)
    return value


@transaction.atomic
def draft_sample(
    *, actor: Actor, link: SupplyLink, said: SampleSaid, client_id: UUID, now: datetime, photo: Evidence | None = None
) -> SealedSample:
    """Note a sample, seen by one's own firm alone until it is offered. The same `client_id` drafts once."""
    if link.state != SupplyLink.State.JOINED or link.supplier_org_id is None:
        raise RuleBroken("supplier_has_not_joined", field="link", name=link.name_zh)
    side = side_of(actor, link)
    actor.must_hold(*MAY_FILE)
    before = SealedSample.objects.visible_to(actor).filter(link_id=link.pk, drafted_by=side, client_id=client_id).first()
    if before is not None:
        return before
    row = SealedSample(
        link_id=link.pk, owner_org_id=link.owner_org_id, supplier_org_id=link.supplier_org_id, owner_name_zh=link.owner_name_zh,
        owner_name_en=link.owner_name_en, supplier_name_zh=link.name_zh, supplier_name_en=link.name_en, drafted_by=side, client_id=client_id,
        created_at=now, **said.columns(timezone.localdate(now)), **{f"{side}_holder": said.holder.strip()[:80]}, **_photo(actor, photo),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same form, sent twice at once
        return SealedSample.objects.visible_to(actor).get(link_id=link.pk, drafted_by=side, client_id=client_id)
    return row


def _photo(actor: Actor, photo: Evidence | None) -> dict[str, Any]:
    if photo is None:
        return {}
    actor.must_act_for(photo.org_id, *HATS.values())
    return {"photo_id": photo.pk, "photo_sha256": photo.shared_sha256}


@transaction.atomic
def change_sample(*, actor: Actor, sample: SealedSample, said: SampleSaid, now: datetime, photo: Evidence | None = None) -> SealedSample:
    """Mend a draft; a new photo takes the place of the former."""
    row = _own_draft(actor, sample)
    columns = {**said.columns(timezone.localdate(now)), f"{row.drafted_by}_holder": said.holder.strip()[:80], **_photo(actor, photo)}
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=list(columns))
    return row


def _own_draft(actor: Actor, sample: SealedSample) -> SealedSample:
    row = _locked(actor, sample)
    if side_of(actor, row) != row.drafted_by or row.state != State.DRAFT:
        raise RuleBroken("sample_is_no_draft")
    actor.must_hold(*MAY_FILE)
    return row


def _locked(actor: Actor, sample: SealedSample) -> SealedSample:
    row: SealedSample = SealedSample.objects.visible_to(actor).select_for_update().get(pk=sample.pk)
    return row


@transaction.atomic
def offer_sample(*, actor: Actor, sample: SealedSample, now: datetime) -> SealedSample:
    """Confirm one's own half, and put the other before the other side, with its photo. Offered twice is offered once."""
    actor.must_hold(*MAY_WRITE)
    row = _locked(actor, sample)
    side = side_of(actor, row)
    if row.state == State.OFFERED and side == row.drafted_by:
        return row
    row = _own_draft(actor, row)
    if row.photo_id is None:
        raise RuleBroken("sample_needs_a_photo", field="file")
    if not getattr(row, f"{side}_holder"):
        raise RuleBroken("sample_needs_a_holder", field="holder")
    if row.expires_on <= timezone.localdate(now):
        raise RuleBroken("sample_day_out_of_range", field="expires_on")
    row.stream_id = row.stream_id or _stream(actor, row, now)
    row.save(update_fields=["stream"])
    _confirm(row, side, actor, now, state=State.OFFERED)
    _show_photo(actor, row, OTHER[side], now)
    _note(actor, row, "sample_offered", now)
    _ask(row, OTHER[side], "sample_to_confirm", now)
    close_todo(kind="sample_returned", subject_id=row.pk, now=now)
    return row


def _stream(actor: Actor, row: SealedSample, now: datetime) -> UUID:
    """The book of the newest agreement that both sides know, else one of its own."""
    known = Agreement.objects.visible_to(actor).filter(link_id=row.link_id).exclude(sent_at=None).order_by("-created_at", "-id").first()
    if known is not None:
        return UUID(str(known.stream_id))
    return open_stream(actor=actor, owner_org_id=row.owner_org_id, supplier_org_id=row.supplier_org_id, now=now).pk


def _confirm(row: SealedSample, side: str, actor: Actor, now: datetime, *, state: str) -> None:
    said = {f"{side}_confirmed_at": now, f"{side}_confirmed_by": actor.person_name, "state": state}
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=list(said))


def _show_photo(actor: Actor, row: SealedSample, to_side: str, now: datetime) -> None:
    """The other side sees photos of samples from the first one that is offered to it; the giver may switch that off."""
    names = {f"to_name_{language}": getattr(row, f"{to_side}_name_{language}") for language in ("zh", "en")}
    to_org, today = org_of(row, to_side), timezone.localdate(now)
    given = {"from_org_id": actor.org_id, "to_org_id": to_org, "what": WHAT, "clause_id": None}
    with acting_as(Hat.CLOCK):
        Grant.objects.bulk_create([Grant(**given, **names, valid_from=today)], ignore_conflicts=True)
        Grant.objects.filter(**given).exclude(revoked_at=None).update(revoked_at=None, valid_from=today)
    share_evidence(actor=actor, evidence_ids=[row.photo_id] if row.photo_id else [], grantee_org_id=to_org, what=WHAT, now=now)


@transaction.atomic
def confirm_sample(*, actor: Actor, sample: SealedSample, holder: str, now: datetime) -> SealedSample:
    """The other side holds its half and finds it the same: sealed. A sealed one of the same product and colour is replaced.

    Confirmed twice is confirmed once. Raises RuleBroken("sample_needs_a_holder") or ("sample_is_not_offered").
    """
    actor.must_hold(*MAY_WRITE)
    row = _locked(actor, sample)
    side = side_of(actor, row)
    if row.state == State.SEALED:
        return row
    today = timezone.localdate(now)
    if row.state != State.OFFERED or side == row.drafted_by or row.expires_on <= today:
        raise RuleBroken("sample_is_not_offered")
    held = holder.strip()[:80]
    if not held:
        raise RuleBroken("sample_needs_a_holder", field="holder")
    former = list(
        SealedSample.objects.visible_to(actor).select_for_update().filter(link_id=row.link_id, product=row.product, colour=row.colour, state=State.SEALED)
    )
    for old in former:
        _end(actor, old, State.REPLACED, today, now, by=row)
    setattr(row, f"{side}_holder", held)
    row.sealed_on = today
    row.save(update_fields=[f"{side}_holder", "sealed_on"])
    _confirm(row, side, actor, now, state=State.SEALED)
    _note(actor, row, "sample_sealed", now)
    sample_renewed(link_id=row.link_id, sample_id=row.pk, now=now)
    close_todo(kind="sample_to_confirm", subject_id=row.pk, now=now)
    for old in former:
        close_todo(kind="sample_runs_out", subject_id=old.pk, now=now)
    _tell(row, OTHER[side], "sample_sealed", now)
    return row


@transaction.atomic
def return_sample(*, actor: Actor, sample: SealedSample, reason: str, now: datetime) -> None:
    """The other side's half does not match, or is not there: back to the one that offered it, with the reason."""
    actor.must_hold(*MAY_WRITE)
    reason = reason.strip()[:500]
    if len(reason) < MIN_REASON:
        raise RuleBroken("return_needs_a_reason", field="reason")
    row = _locked(actor, sample)
    side = side_of(actor, row)
    if row.state != State.OFFERED or side == row.drafted_by:
        raise RuleBroken("sample_is_not_offered")
    _note(actor, row, "sample_returned", now, reason=reason)
    with acting_as(Hat.CLOCK):
        SealedSample.objects.filter(pk=row.pk).update(state=State.DRAFT)
    close_todo(kind="sample_to_confirm", subject_id=row.pk, now=now)
    _ask(row, row.drafted_by, "sample_returned", now)


@transaction.atomic
def withdraw_sample(*, actor: Actor, sample: SealedSample, now: datetime) -> SealedSample:
    """The side that drafted it takes it back, as long as it is not sealed. Withdrawn twice is withdrawn once."""
    actor.must_hold(*MAY_FILE)
    row = _locked(actor, sample)
    if side_of(actor, row) != row.drafted_by or row.state not in (State.DRAFT, State.OFFERED, State.WITHDRAWN):
        raise RuleBroken("sample_is_no_draft")
    if row.state == State.OFFERED:
        _note(actor, row, "sample_withdrawn", now)
        close_todo(kind="sample_to_confirm", subject_id=row.pk, now=now)
    close_todo(kind="sample_returned", subject_id=row.pk, now=now)
    row.state = State.WITHDRAWN
    row.save(update_fields=["state"])
    return row


def _end(actor: Actor, row: SealedSample, state: str, on: date, now: datetime, *, by: SealedSample | None = None) -> None:
    with acting_as(Hat.CLOCK):
        SealedSample.objects.filter(pk=row.pk, state=State.SEALED).update(state=state, ended_on=on, replaced_by_id=by.pk if by else None)
    _note(actor, row, f"sample_{state}", now)


def due_ends(now: datetime) -> QuerySet[SealedSample]:
    """Sealed, and the last day is over. Clock only."""
    return SealedSample.objects.filter(state=State.SEALED, expires_on__lt=timezone.localdate(now)).order_by("expires_on", "id")


@transaction.atomic
def expire_sample(*, sample: SealedSample, now: datetime) -> bool:
    """It binds no more from the day after its last one; safe twice."""
    with acting_as(Hat.CLOCK):
        row = SealedSample.objects.select_for_update().filter(pk=sample.pk, state=State.SEALED).first()
        if row is None or row.expires_on >= timezone.localdate(now):
            return False
        _end(CLOCK, row, State.EXPIRED, row.expires_on + timedelta(days=1), now)
    return True


def due_sample_reminders(now: datetime) -> QuerySet[SealedSample]:
    """Sealed, in its last month, and nobody was told yet. Clock only."""
    soon = timezone.localdate(now) + REMIND
    return SealedSample.objects.filter(Q(reminded_on=None), state=State.SEALED, expires_on__lte=soon).order_by("expires_on", "id")


@transaction.atomic
def remind_of_sample(*, sample: SealedSample, now: datetime) -> bool:
    """Put the renewal on both sides' lists, once."""
    with acting_as(Hat.CLOCK):
        told = SealedSample.objects.filter(pk=sample.pk, reminded_on=None).update(reminded_on=timezone.localdate(now))
    if not told:
        return False
    for side in HATS:
        line = _line(sample, side, "sample_runs_out")
        put_todo(**line, due_on=sample.expires_on, now=now)
    return True


def _line(row: SealedSample, side: str, kind: str) -> dict[str, Any]:
    other = OTHER[side]
    facts = {"other_zh": getattr(row, f"{other}_name_zh"), "other_en": getattr(row, f"{other}_name_en")}
    return {"org_id": org_of(row, side), "hat": HATS[side], "kind": kind, "subject_id": row.pk, "facts": facts}


def _ask(row: SealedSample, side: str, kind: str, now: datetime) -> None:
    put_todo(**_line(row, side, kind), now=now)
    _tell(row, side, kind, now)


def _tell(row: SealedSample, side: str, kind: str, now: datetime) -> None:
    tell(**_line(row, side, kind), now=now)


def _note(actor: Actor, row: SealedSample, kind: str, now: datetime, **more: Any) -> None:
    payload = {
        "product": row.product, "colour": row.colour, "lab": [str(row.lab_l), str(row.lab_a), str(row.lab_b)],
        "illuminant": row.illuminant, "observer": row.observer, "expires_on": row.expires_on.isoformat(), "photo_sha256": row.photo_sha256, **more,
    }  # fmt: skip
    append_entry(actor=actor, stream=row, kind=kind, subject_id=row.pk, payload=payload, now=now)
