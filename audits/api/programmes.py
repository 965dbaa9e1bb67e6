"""Programmes of visits, the bands they go by, and the days of visits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from audits.models import Audit, OwnerProgramme
from audits.models.planning import LANGUAGES
from audits.models.programmes import BANDS
from audits.risk import rate
from audits.selectors import audit_for
from audits.selectors.programmes import PREVIEW_MONTHS, preview, programme_for, programmes
from audits.selectors.risk import facts_of
from audits.selectors.visits import date_asks_of, standing_load, team_of, visits_between
from audits.services import (
    Moved,
    ProgrammeSaid,
    SeasonSaid,
    accept_day,
    ask_for_day,
    call_off,
    change_programme,
    draft_programme,
    drop_programme,
    give_day,
    join_team,
    keep_day,
    leave_team,
    move_programme,
    move_visit,
)
from audits.services.programmes import LIMITS
from audits.words_programmes import reason_words
from foundation.actor import Actor, Hat
from foundation.errors import Absent
from parties.endpoints import Endpoint, InBoth, Said, Shape, verb
from suppliers.selectors import link_for

SIDES = (Hat.OWNER, Hat.SUPPLIER)
OWNER = (Hat.OWNER,)
MOST_DAYS = 400


class SeasonShape(Shape):
    name = serializers.CharField()
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    every_year = serializers.BooleanField()


class ProgrammeShape(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()
    state = serializers.CharField(help_text="draft, active, paused or ended")
    checklist = serializers.CharField(source="checklist_id")
    node_codes = serializers.ListField(child=serializers.CharField(), help_text="Empty: every step of the chain.")
    bands = serializers.ListField(child=serializers.CharField())
    months_a = serializers.IntegerField()
    months_b = serializers.IntegerField()
    months_c = serializers.IntegerField()
    months_d = serializers.IntegerField()
    notice_days = serializers.IntegerField()
    window_days = serializers.IntegerField()
    review_days = serializers.IntegerField()
    halves = serializers.IntegerField()
    required_skill = serializers.CharField(allow_blank=True)
    required_language = serializers.CharField(allow_blank=True)
    announced = serializers.BooleanField()
    spring_before = serializers.IntegerField()
    spring_after = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    seasons = SeasonShape(many=True, source="seasons.all")


class ProgrammesShape(Shape):
    results = ProgrammeShape(many=True)


class SeasonGiven(Said):
    name = serializers.CharField(max_length=60)
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    every_year = serializers.BooleanField(required=False, default=True)


def _number(name: str, usual: int) -> serializers.IntegerField:
    least, most = LIMITS[name]
    return serializers.IntegerField(min_value=least, max_value=most, required=False, default=usual)


class ProgrammeGiven(Said):
    name = serializers.CharField(max_length=80)
    checklist = serializers.CharField(max_length=40)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(required=False, allow_null=True, default=None)
    node_codes = serializers.ListField(child=serializers.CharField(max_length=12), required=False, default=list, max_length=40)
    bands = serializers.ListField(child=serializers.ChoiceField(BANDS), required=False, default=lambda: list(BANDS), max_length=4)
    months_a = _number("months_a", 24)
    months_b = _number("months_b", 12)
    months_c = _number("months_c", 6)
    months_d = _number("months_d", 3)
    notice_days = _number("notice_days", 30)
    window_days = _number("window_days", 10)
    review_days = _number("review_days", 10)
    halves = _number("halves", 1)
    required_skill = serializers.CharField(max_length=12, required=False, allow_blank=True, default="")
    required_language = serializers.ChoiceField(LANGUAGES, required=False, allow_blank=True, default="")
    announced = serializers.BooleanField(required=False, default=True)
    spring_before = _number("spring_before", 10)
    spring_after = _number("spring_after", 20)
    seasons = SeasonGiven(many=True, required=False, default=list)


class ProgrammeNewGiven(ProgrammeGiven):
    client_id = serializers.CharField(max_length=60, required=False, help_text="The same client_id is drafted once.")


def _said(given: dict[str, Any]) -> ProgrammeSaid:
    seasons = tuple(SeasonSaid(**season) for season in given.pop("seasons", ()))
    return ProgrammeSaid(seasons=seasons, **given)


class Programmes(Endpoint):
    hats = OWNER

    @verb("The firm's programmes of visits, newest first", gives=ProgrammesShape)
    def get(self, actor: Actor) -> dict[str, Any]:
        return {"results": programmes(actor)}

    @verb("Draft a programme; nothing is planned before it is in force", takes=ProgrammeNewGiven, gives=ProgrammeShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> OwnerProgramme:
        client_id = said.pop("client_id", "") or str(uuid4())
        return draft_programme(actor=actor, said=_said(said), client_id=client_id, now=timezone.now())


class ProgrammeOne(Endpoint):
    hats = OWNER

    @verb("One programme", gives=ProgrammeShape)
    def get(self, actor: Actor, programme_id: UUID) -> OwnerProgramme:
        return programme_for(actor, programme_id)

    @verb("Say a draft anew", takes=ProgrammeGiven, gives=ProgrammeShape)
    def put(self, actor: Actor, programme_id: UUID, said: dict[str, Any]) -> OwnerProgramme:
        change_programme(actor=actor, programme_id=programme_id, said=_said(said))
        return programme_for(actor, programme_id)

    @verb("Throw a draft away", status=204)
    def delete(self, actor: Actor, programme_id: UUID) -> None:
        drop_programme(actor=actor, programme_id=programme_id)


class ProgrammeMoveSaid(Said):
    step = serializers.ChoiceField(("activate", "pause", "resume", "end"))


class ProgrammeMove(Endpoint):
    hats = OWNER

    @verb("Put a programme in force, pause it, let it go on, end it", takes=ProgrammeMoveSaid, gives=ProgrammeShape)
    def post(self, actor: Actor, programme_id: UUID, said: dict[str, Any]) -> OwnerProgramme:
        move_programme(actor=actor, programme_id=programme_id, verb=said["step"], now=timezone.now())
        return programme_for(actor, programme_id)


class PreviewMonthShape(Shape):
    first = serializers.DateField()
    visits = serializers.IntegerField()
    halves = serializers.IntegerField()
    standing = serializers.IntegerField(help_text="Half-days of visits that are on the calendar without this programme.")


class PreviewFirmShape(Shape):
    link = serializers.UUIDField()
    name = InBoth("name")
    band = serializers.CharField(allow_blank=True)
    first_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField(allow_blank=True, help_text="Why it is not visited; empty: it is.")


class PreviewShape(Shape):
    visits = serializers.IntegerField()
    halves = serializers.IntegerField()
    months = PreviewMonthShape(many=True)
    firms = PreviewFirmShape(many=True)


class ProgrammePreview(Endpoint):
    hats = OWNER

    @verb("Twelve months of a programme: load by month, whom it visits and whom not. Nothing is written", gives=PreviewShape)
    def get(self, actor: Actor, programme_id: UUID) -> dict[str, Any]:
        row, today = programme_for(actor, programme_id), timezone.localdate()
        ahead = timedelta(days=31 * (PREVIEW_MONTHS + 1))
        seen = preview(actor, row, today=today, standing=standing_load(actor, first=today, last=today + ahead, without=row))
        firms = [
            {
                "link": each.link.pk, "name_zh": each.link.name_zh, "name_en": each.link.name_en, "first_on": each.first_on,
                "band": each.rated.band if each.rated else "", "reason": reason_words(each.reason) if each.reason else "",
            }
            for each in (*seen.covered, *seen.left_out)
        ]  # fmt: skip
        return {"visits": seen.visits, "halves": seen.halves, "months": seen.months, "firms": firms}


class RiskPartShape(Shape):
    code = serializers.CharField()
    points = serializers.IntegerField()
    most = serializers.IntegerField()


class RiskShape(Shape):
    band = serializers.CharField()
    points = serializers.IntegerField()
    capped = serializers.BooleanField(help_text="An open critical finding alone makes it D.")
    parts = RiskPartShape(many=True)


class Risk(Endpoint):
    hats = OWNER

    @verb("The risk band of a firm today, with its reasons", gives=RiskShape)
    def get(self, actor: Actor, link_id: UUID) -> Any:
        link = link_for(actor, link_id)
        if link.supplier_org_id is None:
            raise Absent
        return rate(facts_of(actor, actor.org_id, [link.supplier_org_id], today=timezone.localdate())[link.supplier_org_id])


class TeamShape(Shape):
    id = serializers.UUIDField()
    person = serializers.UUIDField(source="person_id")
    name = serializers.CharField(source="person_name")
    leads = serializers.BooleanField(source="is_lead")


class DateAskShape(Shape):
    number = serializers.IntegerField()
    was_on = serializers.DateField()
    wanted_on = serializers.DateField()
    reason = serializers.CharField()
    answer = serializers.CharField(allow_blank=True, help_text="given, kept, or empty while it waits")
    given_on = serializers.DateField(allow_null=True)
    words = serializers.CharField(allow_blank=True)


class VisitShape(Shape):
    id = serializers.UUIDField()
    agreement = serializers.UUIDField(source="agreement_id")
    owner = InBoth("agreement.owner_name")
    supplier = InBoth("agreement.supplier_name")
    kind = serializers.CharField(help_text="second_party or follow_up")
    state = serializers.CharField()
    checklist = serializers.CharField(source="checklist_id")
    visit_on = serializers.DateField()
    half = serializers.CharField(allow_blank=True, help_text="am, pm, or empty while it is open")
    halves = serializers.IntegerField()
    announced = serializers.BooleanField()


class VisitWholeShape(VisitShape):
    team = TeamShape(many=True, source="people")
    date_asks = DateAskShape(many=True, source="asks")


class VisitsShape(Shape):
    results = VisitShape(many=True)


def whole(actor: Actor, audit_id: UUID) -> Audit:
    """A visit with its team and what was said of its day."""
    audit = audit_for(actor, audit_id)
    if audit.kind == Audit.Kind.SELF_CHECK:
        raise Absent
    audit.people, audit.asks = team_of(actor, audit), date_asks_of(actor, audit)  # type: ignore[attr-defined]
    return audit


class VisitOne(Endpoint):
    hats = SIDES

    @verb("One visit: its day, its team, what was said of the day", gives=VisitWholeShape)
    def get(self, actor: Actor, audit_id: UUID) -> Audit:
        return whole(actor, audit_id)


class Visits(Endpoint):
    hats = SIDES

    @verb("The visits from today on, for a year, by day", gives=VisitsShape)
    def get(self, actor: Actor) -> dict[str, Any]:
        today: date = timezone.localdate()
        return {"results": visits_between(actor, first=today, last=today + timedelta(days=MOST_DAYS))}


class DayAccept(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("The day suits the firm", gives=VisitWholeShape)
    def post(self, actor: Actor, audit_id: UUID) -> Audit:
        accept_day(actor=actor, audit_id=audit_id, now=timezone.now())
        return whole(actor, audit_id)


class DayAskSaid(Said):
    wanted_on = serializers.DateField()
    reason = serializers.CharField(max_length=500)


class DayAsk(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Ask for another day: twice at most", takes=DayAskSaid, gives=VisitWholeShape)
    def post(self, actor: Actor, audit_id: UUID, said: dict[str, Any]) -> Audit:
        ask_for_day(actor=actor, audit_id=audit_id, now=timezone.now(), **said)
        return whole(actor, audit_id)


class DayGive(Endpoint):
    hats = OWNER

    @verb("Come on the day that was asked for", gives=VisitWholeShape)
    def post(self, actor: Actor, audit_id: UUID) -> Audit:
        give_day(actor=actor, audit_id=audit_id, now=timezone.now())
        return whole(actor, audit_id)


class DayWordsSaid(Said):
    words = serializers.CharField(max_length=500)


class DayKeep(Endpoint):
    hats = OWNER

    @verb("Keep the day, with a reason", takes=DayWordsSaid, gives=VisitWholeShape)
    def post(self, actor: Actor, audit_id: UUID, said: dict[str, Any]) -> Audit:
        keep_day(actor=actor, audit_id=audit_id, now=timezone.now(), **said)
        return whole(actor, audit_id)


class DayMoveSaid(Said):
    on = serializers.DateField()
    half = serializers.ChoiceField(("", "am", "pm"), required=False, default="")
    words = serializers.CharField(
        max_length=500, required=False, allow_blank=True, default="", help_text="Needed once the supplier was told."
    )


class DayMove(Endpoint):
    hats = OWNER

    @verb("Move a visit; a supplier that was told is asked again", takes=DayMoveSaid, gives=VisitWholeShape)
    def post(self, actor: Actor, audit_id: UUID, said: dict[str, Any]) -> Audit:
        move_visit(actor=actor, audit_id=audit_id, to=Moved(**said), now=timezone.now())
        return whole(actor, audit_id)


class VisitCallOff(Endpoint):
    hats = OWNER

    @verb("Call a visit off, with a reason", takes=DayWordsSaid, gives=VisitWholeShape)
    def post(self, actor: Actor, audit_id: UUID, said: dict[str, Any]) -> Audit:
        call_off(actor=actor, audit_id=audit_id, now=timezone.now(), **said)
        return whole(actor, audit_id)


class TeamSaid(Said):
    person = serializers.UUIDField()
    lead = serializers.BooleanField(required=False, default=False)


class VisitTeam(Endpoint):
    hats = OWNER

    @verb("Send a colleague; the first who is sent leads", takes=TeamSaid, gives=VisitWholeShape, status=201)
    def post(self, actor: Actor, audit_id: UUID, said: dict[str, Any]) -> Audit:
        join_team(actor=actor, audit_id=audit_id, person_id=said["person"], lead=said["lead"], now=timezone.now())
        return whole(actor, audit_id)


class VisitTeamOne(Endpoint):
    hats = OWNER

    @verb("Take a colleague off", gives=VisitWholeShape)
    def delete(self, actor: Actor, audit_id: UUID, team_id: UUID) -> Audit:
        leave_team(actor=actor, audit_id=audit_id, team_id=team_id)
        return whole(actor, audit_id)
