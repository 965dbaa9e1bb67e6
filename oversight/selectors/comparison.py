"""Questions about comparison rounds. A draft is the bureau's; a code's owner is known to the bureau and to itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from agreements.models import Characteristic
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, NotYours
from oversight.comparison import standing
from oversight.models import ComparisonRound, RoundAnalysis, RoundMeasure, RoundParticipant, RoundReading, RoundSheet
from parties.models import Organisation
from parties.roles import MAY_WRITE

PAGE = 25
SIDES = (Hat.BUREAU, Hat.OWNER, Hat.SUPPLIER, Hat.LAB)
MOST_CANDIDATES = 50
PART_STATE, SHEET_STATE = RoundParticipant.State, RoundSheet.State
TO_FILL = (SHEET_STATE.SENT, SHEET_STATE.RECEIVED, SHEET_STATE.ENTERED, SHEET_STATE.RELEASED)


def may_lead(actor: Actor) -> None:
    """Rounds are led by the bureau."""
    actor.must_wear(Hat.BUREAU)
    actor.must_hold(*MAY_WRITE)


def rounds(
    actor: Actor, *, kind: str = "", state: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[ComparisonRound]:
    """The rounds that the actor leads or takes part in, newest first; one more than `limit` tells that there are more."""
    rows = ComparisonRound.objects.visible_to(actor).order_by("-created_at", "-id")
    if actor.hat is not Hat.BUREAU:
        rows = rows.exclude(state=ComparisonRound.State.DRAFT)
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(state=state)
    if after is not None:
        at, pk = after
        rows = rows.filter(created_at__lte=at).filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=pk))
    return list(rows[: limit + 1])


def round_for(actor: Actor, round_id: UUID) -> ComparisonRound:
    """One round, or Absent."""
    rows = ComparisonRound.objects.visible_to(actor)
    if actor.hat is not Hat.BUREAU:
        rows = rows.exclude(state=ComparisonRound.State.DRAFT)
    found: ComparisonRound | None = rows.filter(pk=round_id).first()
    if found is None:
        raise Absent
    return found


def measures_of(actor: Actor, found: ComparisonRound) -> list[RoundMeasure]:
    """The indicators of a round that the actor sees, in their order."""
    return list(RoundMeasure.objects.visible_to(actor).filter(round=found).order_by("order", "id"))


def characteristics_of(measures: Iterable[RoundMeasure]) -> dict[str, Characteristic]:
    """code -> what the library says of it."""
    return {row.code: row for row in Characteristic.objects.filter(pk__in={each.characteristic_code for each in measures})}


def participants_of(actor: Actor, found: ComparisonRound) -> list[RoundParticipant]:
    """Everybody with their sheets, by code: for the bureau alone."""
    if actor.hat is not Hat.BUREAU:
        raise NotYours
    rows = RoundParticipant.objects.visible_to(actor).filter(round=found).select_related("sheet")
    return list(rows.order_by("blind_code", "id"))


def own_part(actor: Actor, found: ComparisonRound) -> RoundParticipant | None:
    """The actor's own row in a round; the bureau has none."""
    if actor.hat is Hat.BUREAU:
        return None
    mine: RoundParticipant | None = RoundParticipant.objects.visible_to(actor).filter(round=found).first()
    return mine


def sheets_to_fill(actor: Actor, found: ComparisonRound) -> list[RoundSheet]:
    """The samples that this laboratory tests, by code."""
    if actor.hat is not Hat.LAB:
        return []
    return list(RoundSheet.objects.visible_to(actor).filter(round=found, state__in=TO_FILL).order_by("blind_code"))


def own_sheet(actor: Actor, part: RoundParticipant | None) -> RoundSheet | None:
    """The sheet of the actor's own sample."""
    mine: RoundSheet | None = RoundSheet.objects.visible_to(actor).filter(pk=part.pk).first() if part else None
    return mine


def sheet_for(actor: Actor, participant_id: UUID) -> RoundSheet:
    """The sheet that this laboratory fills, with its round, or Absent."""
    rows = RoundSheet.objects.visible_to(actor).select_related("round").filter(pk=participant_id, state__in=TO_FILL)
    found: RoundSheet | None = rows.first() if actor.hat is Hat.LAB else None
    if found is None:
        raise Absent
    return found


def part_for(actor: Actor, participant_id: UUID) -> RoundParticipant:
    """A participant as the bureau or the firm itself sees it, with its round, or Absent."""
    found: RoundParticipant | None = RoundParticipant.objects.visible_to(actor).select_related("round").filter(pk=participant_id).first()
    if found is None:
        raise Absent
    return found


def readings_of(actor: Actor, sheets: Iterable[RoundSheet]) -> list[RoundReading]:
    """What was handed in on these sheets, by indicator and rater."""
    rows = RoundReading.objects.visible_to(actor).filter(sheet__in=[each.pk for each in sheets]).select_related("measure")
    return list(rows.order_by("sheet_id", "measure__order", "rater"))


def analyses_of(actor: Actor, found: ComparisonRound) -> dict[UUID, RoundAnalysis]:
    """indicator -> what was worked out. Participants see it once it is published."""
    rows = RoundAnalysis.objects.visible_to(actor).filter(round=found)
    if actor.hat is not Hat.BUREAU:
        rows = rows.filter(round__state=ComparisonRound.State.PUBLISHED)
    return {row.measure_id: row for row in rows}


@dataclass(frozen=True, slots=True)
class Past:
    """One round of a series as its participant stood in it: its line of the crowd, and where that lies."""

    round: ComparisonRound
    measure: RoundMeasure
    line: dict[str, float]
    standing: float | None

    @property
    def followed(self) -> tuple[str, ...]:
        """What is followed over rounds: between laboratories a characteristic; a product only within its series, by one edition."""
        what = (self.measure.characteristic_code, self.measure.sample)
        if self.round.kind == ComparisonRound.Kind.INTERLAB:
            return what
        return (*what, self.measure.edition_code, self.round.series_code or self.round.product_zh)


def own_past(actor: Actor, *, most: int = 60) -> list[Past]:
    """The actor's own place in published rounds, oldest first: a laboratory's scores, or a firm's products beside the crowd."""
    if actor.hat is Hat.BUREAU:
        return []
    parts = RoundParticipant.objects.visible_to(actor).filter(
        state=PART_STATE.JOINED, round__state=ComparisonRound.State.PUBLISHED, part="taker", hat=actor.hat.value
    )
    codes = dict(parts.order_by("-round__published_at").values_list("round_id", "blind_code")[:most])
    rows = RoundAnalysis.objects.visible_to(actor).filter(round__in=codes).select_related("round", "measure")
    found = []
    for row in rows.order_by("round__published_at", "measure__order"):
        line = next((each for each in row.crowd if each["code"] == codes[row.round_id]), None)
        if line is not None:
            found.append(Past(row.round, row.measure, line, standing(line, row.figures)))
    return found


@dataclass(frozen=True, slots=True)
class Candidate:
    """A firm or laboratory that can be asked, and in which hat."""

    pk: UUID
    name_zh: str
    name_en: str
    hat: Hat


def candidates(
    actor: Actor, kind: str, *, node: str = "", region: str = "", q: str = "", ids: Collection[UUID] | None = None
) -> list[Candidate]:
    """Who can be asked: laboratories to a comparison of laboratories, firms to one of products; demo firms among themselves.

    By name, and one more than MOST_CANDIDATES at most, unless they are named by `ids`.
    """
    hats = [Hat.LAB] if kind == ComparisonRound.Kind.INTERLAB else [Hat.SUPPLIER, Hat.OWNER]
    actor.must_wear(Hat.BUREAU)
    with acting_as(Hat.CLOCK):
        rows = Organisation.objects.filter(hats__hat__in=[each.value for each in hats], is_demo=actor.is_demo)
        rows = rows.exclude(state__in=["suspended", "closed"])
        if ids is not None:
            rows = rows.filter(pk__in=ids)
        if node:
            rows = rows.filter(node_codes__contains=[node])
        if region:
            rows = rows.filter(Q(region_id=region) | Q(town_id=region))
        if q:
            rows = rows.filter(Q(name_zh__icontains=q) | Q(name_en__icontains=q))
        rows = rows.order_by("pinyin_key", "id").prefetch_related("hats").distinct()
        found = list(rows if ids is not None else rows[: MOST_CANDIDATES + 1])
        worn = {each.pk: {role.hat for role in each.hats.all()} for each in found}
    return [Candidate(each.pk, each.name_zh, each.name_en, next(hat for hat in hats if hat.value in worn[each.pk])) for each in found]
