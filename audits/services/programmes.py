"""The chain owner's verbs on its own programmes: draft, mend, put in force, pause, end. The clock does the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agreements.services.sides import MAY_WRITE
from audits.models import BusySeason, ChecklistVersion, OwnerProgramme
from audits.models.planning import LANGUAGES
from audits.models.programmes import BANDS
from foundation.actor import Actor, Hat
from foundation.errors import Absent, RuleBroken
from jobs.services import put_outbox

LONGEST_INTERVAL = 60  # months
MOST_SEASONS = 10
LIMITS = {
    "months_a": (1, LONGEST_INTERVAL), "months_b": (1, LONGEST_INTERVAL), "months_c": (1, LONGEST_INTERVAL),
    "months_d": (1, LONGEST_INTERVAL), "notice_days": (0, 180), "window_days": (0, 60), "review_days": (1, 90), "halves": (1, 10),
    "spring_before": (0, 60), "spring_after": (0, 60),
}  # fmt: skip
MOVES = {
    ("draft", "activate"): "active", ("active", "pause"): "paused", ("paused", "resume"): "active",
    ("active", "end"): "ended", ("paused", "end"): "ended",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeasonSaid:
    """A busy season as it is typed."""

    name: str
    first_on: date
    last_on: date
    every_year: bool = True


@dataclass(frozen=True, slots=True)
class ProgrammeSaid:
    """Everything that a draft says."""

    name: str
    checklist: str
    starts_on: date
    ends_on: date | None = None
    node_codes: Sequence[str] = ()
    bands: Sequence[str] = BANDS
    months_a: int = 24
    months_b: int = 12
    months_c: int = 6
    months_d: int = 3
    notice_days: int = 30
    window_days: int = 10
    review_days: int = 10
    halves: int = 1
    required_skill: str = ""
    required_language: str = ""
    announced: bool = True
    spring_before: int = 10
    spring_after: int = 20
    seasons: Sequence[SeasonSaid] = field(default_factory=tuple)


def _must_plan(actor: Actor, org_id: UUID) -> None:
    actor.must_act_for(org_id, Hat.OWNER)
    actor.must_hold(*MAY_WRITE)


@transaction.atomic
def draft_programme(*, actor: Actor, said: ProgrammeSaid, client_id: str, now: datetime) -> OwnerProgramme:
    """A new programme, in force for nobody yet. The same client_id is drafted once."""
    _must_plan(actor, actor.org_id)
    _sound(said)
    row = OwnerProgramme(owner_org_id=actor.org_id, created_at=now, created_by=actor.person_name, client_id=client_id, **_fields(said))
    OwnerProgramme.objects.bulk_create([row], ignore_conflicts=True)
    kept = OwnerProgramme.objects.visible_to(actor).get(client_id=client_id)
    if kept.pk == row.pk:
        _seasons(kept, said)
    return kept


@transaction.atomic
def change_programme(*, actor: Actor, programme_id: UUID, said: ProgrammeSaid) -> OwnerProgramme:
    """Say a draft anew. What is in force is ended and drafted again: its visits stand on its rule."""
    row = _held(actor, programme_id)
    if row.state != OwnerProgramme.State.DRAFT:
        raise RuleBroken("programme_in_force")
    _sound(said)
    for name, value in _fields(said).items():
        setattr(row, name, value)
    row.save()
    BusySeason.objects.filter(programme=row).delete()
    _seasons(row, said)
    return row


@transaction.atomic
def move_programme(*, actor: Actor, programme_id: UUID, verb: str, now: datetime) -> OwnerProgramme:
    """activate, pause, resume or end. Done twice, it is done once; the calendar follows within moments."""
    row = _held(actor, programme_id)
    to = MOVES.get((row.state, verb))
    if to is None:
        if any(done == verb and after == row.state for (_before, done), after in MOVES.items()):
            return row
        raise RuleBroken("programme_not_in_this_state")
    row.state = to
    if verb == "activate":
        row.activated_at, row.activated_by = now, actor.person_name
    row.save(update_fields=["state", "activated_at", "activated_by"])
    put_outbox("audits.follow_programme", key=f"programme:{row.pk}:{verb}:{now.isoformat()}")
    return row


@transaction.atomic
def drop_programme(*, actor: Actor, programme_id: UUID) -> None:
    """A draft that is not wanted goes; a programme that was in force stays on the list as ended."""
    row = _held(actor, programme_id)
    if row.state != OwnerProgramme.State.DRAFT:
        raise RuleBroken("programme_in_force")
    row.delete()


def _held(actor: Actor, programme_id: UUID) -> OwnerProgramme:
    row = OwnerProgramme.objects.visible_to(actor).select_for_update(no_key=True).filter(pk=programme_id).first()
    if row is None:
        raise Absent
    _must_plan(actor, row.owner_org_id)
    return row


def _fields(said: ProgrammeSaid) -> dict[str, object]:
    fields = asdict(said)
    fields.pop("seasons")
    fields["checklist_id"] = fields.pop("checklist")
    fields["name"] = " ".join(said.name.split())
    fields["node_codes"], fields["bands"] = list(said.node_codes), sorted(set(said.bands))
    return fields


def _seasons(row: OwnerProgramme, said: ProgrammeSaid) -> None:
    BusySeason.objects.bulk_create(
        [
            BusySeason(
                programme=row, owner_org_id=row.owner_org_id, name=each.name, first_on=each.first_on, last_on=each.last_on,
                every_year=each.every_year,
            )
            for each in said.seasons
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _sound(said: ProgrammeSaid) -> None:
    if not said.name.strip():
        raise RuleBroken("programme_needs_a_name", field="name")
    if not said.bands or not set(said.bands) <= set(BANDS):
        raise RuleBroken("programme_needs_a_band", field="bands")
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(said, name) <= most:
            raise RuleBroken("programme_number_out", field=name, least=least, most=most)
    if said.ends_on is not None and said.ends_on <= said.starts_on:
        raise RuleBroken("programme_ends_before_it_starts", field="ends_on")
    if said.required_language not in ("", *LANGUAGES):
        raise RuleBroken("language_unknown", field="required_language")
    if not ChecklistVersion.objects.filter(pk=said.checklist).exists():
        raise RuleBroken("checklist_unknown", field="checklist")
    if len(said.seasons) > MOST_SEASONS or any(each.last_on < each.first_on for each in said.seasons):
        raise RuleBroken("season_unsound", field="seasons", most=MOST_SEASONS)
