"""Comparison rounds as data: the bureau leads, laboratories file and release, everybody reads itself and the crowd by codes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from oversight.models import ComparisonRound, RoundMeasure, RoundParticipant, RoundReading, RoundSheet
from oversight.selectors.comparison import (
    SIDES,
    analyses_of,
    measures_of,
    own_part,
    own_past,
    participants_of,
    readings_of,
    round_for,
    rounds,
    sheet_for,
    sheets_to_fill,
)
from oversight.services import comparison as services
from oversight.services import comparison_results as results
from oversight.services.comparison import MeasureSaid, RoundSaid
from oversight.services.comparison_results import LineSaid
from oversight.two_samples import SAMPLES
from parties.endpoints import Asked, Endpoint, InBoth, Page, PageFilters, Said, Shape, verb

ANSWERING = (Hat.OWNER, Hat.SUPPLIER, Hat.LAB)
KINDS, STATES = ComparisonRound.Kind.values, ComparisonRound.State.values


class ComparisonRoundShape(Shape):
    id = serializers.UUIDField()
    number = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)
    name = InBoth("name")
    product = InBoth("product")
    benchmark = InBoth("benchmark")
    series_code = serializers.CharField(allow_blank=True)
    samples_on = serializers.DateField()
    results_on = serializers.DateField()
    state = serializers.ChoiceField(STATES)
    published_at = serializers.DateTimeField(allow_null=True)


class ComparisonIndicatorShape(Shape):
    id = serializers.UUIDField()
    characteristic = serializers.CharField(source="characteristic_code")
    edition = serializers.CharField(source="edition_code")
    sample = serializers.CharField(allow_blank=True, help_text="A or B, where the round sends two.")
    unit = serializers.CharField(allow_blank=True)
    assigned = serializers.ChoiceField(RoundMeasure.Assigned.values)
    benchmark_lower = serializers.DecimalField(18, 6, allow_null=True)
    benchmark_upper = serializers.DecimalField(18, 6, allow_null=True)


class ComparisonWholeShape(ComparisonRoundShape):
    instructions = serializers.CharField(allow_blank=True)
    indicators = ComparisonIndicatorShape(many=True)
    participant = serializers.UUIDField(allow_null=True, help_text="The caller's own; null for the bureau.")
    code = serializers.CharField(allow_blank=True, help_text="The caller's own blind code.")


class ComparisonParticipantShape(Shape):
    id = serializers.UUIDField()
    org = serializers.UUIDField(source="org_id")
    name = InBoth("org_name")
    part = serializers.ChoiceField(RoundParticipant.Part.values)
    code = serializers.CharField(source="blind_code", allow_blank=True)
    state = serializers.ChoiceField(RoundParticipant.State.values)
    excluded_because = serializers.CharField(allow_blank=True)


class ComparisonAnswerShape(Shape):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(RoundParticipant.State.values)


class ComparisonSheetShape(Shape):
    id = serializers.UUIDField(source="pk")
    code = serializers.CharField(source="blind_code")
    state = serializers.ChoiceField(RoundSheet.State.values)
    sent_on = serializers.DateField(allow_null=True)
    received_on = serializers.DateField(allow_null=True)
    condition = serializers.CharField(allow_blank=True)
    entered_by = serializers.CharField(allow_blank=True)
    released_by = serializers.CharField(allow_blank=True)


class ComparisonReadingShape(Shape):
    indicator = serializers.UUIDField(source="measure_id")
    rater = serializers.CharField(allow_blank=True)
    values = serializers.ListField(child=serializers.DecimalField(18, 6))
    qualifiers = serializers.ListField(child=serializers.CharField(), allow_null=True)
    edition = serializers.CharField(source="edition_code")
    superseded = serializers.BooleanField(source="is_old_edition")
    expanded = serializers.DecimalField(18, 6, allow_null=True)
    k = serializers.DecimalField(4, 2, allow_null=True)


class ComparisonAnalysisShape(Shape):
    indicator = serializers.UUIDField(source="measure_id")
    method = serializers.CharField()
    outcome = serializers.CharField()
    figures = serializers.JSONField()
    crowd = serializers.JSONField(help_text="One line for each code that counts.")
    inputs_sha256 = serializers.CharField()


class ComparisonPastShape(Shape):
    round = serializers.UUIDField(source="round.pk")
    number = serializers.CharField(source="round.number")
    characteristic = serializers.CharField(source="measure.characteristic_code")
    sample = serializers.CharField(source="measure.sample", allow_blank=True)
    line = serializers.JSONField()
    standing = serializers.FloatField(allow_null=True, help_text="The score; of a product, robust spreads from the middle of the crowd.")


class ComparisonFilters(PageFilters):
    kind = serializers.ChoiceField(KINDS, required=False)
    state = serializers.ChoiceField(STATES, required=False)


class ComparisonRoundSaid(Said):
    kind = serializers.ChoiceField(KINDS)
    name_zh = serializers.CharField(max_length=80)
    name_en = serializers.CharField(max_length=120, required=False, allow_blank=True)
    product_zh = serializers.CharField(max_length=80)
    product_en = serializers.CharField(max_length=120, required=False, allow_blank=True)
    node_code = serializers.CharField(max_length=12, required=False, allow_blank=True)
    benchmark_zh = serializers.CharField(max_length=120, required=False, allow_blank=True)
    benchmark_en = serializers.CharField(max_length=160, required=False, allow_blank=True)
    series_code = serializers.CharField(max_length=20, required=False, allow_blank=True)
    instructions = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    samples_on = serializers.DateField()
    results_on = serializers.DateField()
    tester = serializers.UUIDField(required=False, help_text="The laboratory that tests the products of all; not between laboratories.")
    client_id = serializers.CharField(max_length=64, required=False, help_text="The same client_id makes one round.")


class ComparisonIndicatorSaid(Said):
    characteristic = serializers.CharField(max_length=20)
    edition = serializers.CharField(max_length=40)
    sample = serializers.ChoiceField(["", *SAMPLES], required=False, help_text="A or B, where the round sends two.")
    reference_value = serializers.DecimalField(15, 6, required=False)
    reference_expanded = serializers.DecimalField(15, 6, required=False, min_value=0)
    sigma_pt = serializers.DecimalField(15, 6, required=False, min_value=Decimal("0.000001"))
    benchmark_lower = serializers.DecimalField(15, 6, required=False)
    benchmark_upper = serializers.DecimalField(15, 6, required=False)


class ComparisonDropSaid(Said):
    indicator = serializers.UUIDField()


class ComparisonInviteSaid(Said):
    orgs = serializers.ListField(child=serializers.UUIDField(), max_length=services.MOST_TAKERS)


class ComparisonMoveSaid(Said):
    to = serializers.ChoiceField(STATES)


class ComparisonAnswerSaid(Said):
    joins = serializers.BooleanField()


class ComparisonReceivedSaid(Said):
    condition = serializers.ChoiceField(RoundSheet.Condition.values)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)


class ComparisonLineSaid(Said):
    indicator = serializers.UUIDField()
    values = serializers.ListField(child=serializers.CharField(max_length=40, allow_blank=True), max_length=results.MOST_VALUES)
    rater = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    edition = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    expanded = serializers.DecimalField(15, 6, required=False)
    k = serializers.DecimalField(4, 2, required=False)


class ComparisonLinesSaid(Said):
    lines = ComparisonLineSaid(many=True, max_length=results.MOST_LINES)  # type: ignore[call-arg]  # of the list that many=True makes
    conditioning = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class ComparisonLeaveOutSaid(Said):
    because = serializers.CharField(max_length=300)


def _whole(actor: Actor, found: ComparisonRound) -> dict[str, Any]:
    part = own_part(actor, found)
    names = (
        "number",
        "kind",
        "name_zh",
        "name_en",
        "product_zh",
        "product_en",
        "benchmark_zh",
        "benchmark_en",
        "series_code",
        "samples_on",
        "results_on",
        "state",
        "published_at",
        "instructions",
    )
    told = {name: getattr(found, name) for name in names}
    return {
        "id": found.pk,
        **told,
        "indicators": measures_of(actor, found),
        "participant": part.pk if part else None,
        "code": part.blind_code if part else "",
    }


class ComparisonRounds(Endpoint):
    hats = SIDES

    @verb(
        "Comparison rounds that the firm takes part in, newest first; the bureau sees all",
        gives=ComparisonRoundShape,
        asks=ComparisonFilters,
        page=(datetime, UUID),
    )
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(rounds(actor, after=asked.after, limit=asked.size, **asked.filters), lambda row: (row.created_at, row.pk))

    @verb("A comparison round as a draft", takes=ComparisonRoundSaid, gives=ComparisonWholeShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> dict[str, Any]:
        client_id, tester = said.pop("client_id", "") or str(uuid4()), said.pop("tester", None)
        needed = {name: said.pop(name) for name in ("kind", "name_zh", "product_zh", "samples_on", "results_on")}
        made = services.create_round(
            actor=actor, said=RoundSaid(**needed, more=said, tester_org_id=tester), client_id=client_id, now=timezone.now()
        )
        return _whole(actor, made)


class ComparisonOne(Endpoint):
    hats = SIDES

    @verb("One comparison round with its indicators", gives=ComparisonWholeShape)
    def get(self, actor: Actor, round_id: UUID) -> dict[str, Any]:
        return _whole(actor, round_for(actor, round_id))


class ComparisonIndicators(Endpoint):
    hats = (Hat.BUREAU,)

    @verb(
        "Add an indicator to a draft; named again it is replaced", takes=ComparisonIndicatorSaid, gives=ComparisonIndicatorShape, status=201
    )
    def post(self, actor: Actor, round_id: UUID, said: dict[str, Any]) -> RoundMeasure:
        return services.add_measure(actor=actor, round_id=round_id, said=MeasureSaid(**said))


class ComparisonIndicatorDrop(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("Take an indicator out of a draft", takes=ComparisonDropSaid, status=204)
    def post(self, actor: Actor, round_id: UUID, said: dict[str, Any]) -> None:
        services.drop_measure(actor=actor, round_id=round_id, measure_id=said["indicator"])


class ComparisonParticipants(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("Who takes part, and whose each code is", gives=ComparisonParticipantShape(many=True))
    def get(self, actor: Actor, round_id: UUID) -> list[RoundParticipant]:
        return participants_of(actor, round_for(actor, round_id))

    @verb("Ask firms or laboratories to take part", takes=ComparisonInviteSaid, gives=ComparisonParticipantShape(many=True))
    def post(self, actor: Actor, round_id: UUID, said: dict[str, Any]) -> list[RoundParticipant]:
        services.invite_to_round(actor=actor, round_id=round_id, org_ids=said["orgs"], now=timezone.now())
        return participants_of(actor, round_for(actor, round_id))


class ComparisonMove(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("The next step of a round", takes=ComparisonMoveSaid, gives=ComparisonWholeShape)
    def post(self, actor: Actor, round_id: UUID, said: dict[str, Any]) -> dict[str, Any]:
        return _whole(actor, services.move_round(actor=actor, round_id=round_id, to=said["to"], now=timezone.now()))


class ComparisonAnalyses(Endpoint):
    hats = SIDES

    @verb("What was worked out: oneself and the crowd by codes, once published", gives=ComparisonAnalysisShape(many=True))
    def get(self, actor: Actor, round_id: UUID) -> list[Any]:
        return list(analyses_of(actor, round_for(actor, round_id)).values())


class ComparisonSheets(Endpoint):
    hats = (Hat.LAB,)

    @verb("The samples that the laboratory tests in a round", gives=ComparisonSheetShape(many=True))
    def get(self, actor: Actor, round_id: UUID) -> list[RoundSheet]:
        return sheets_to_fill(actor, round_for(actor, round_id))


class ComparisonOwn(Endpoint):
    hats = ANSWERING

    @verb("One's own place in published rounds, oldest first: a laboratory's scores, a product beside the crowd", gives=ComparisonPastShape(many=True))
    def get(self, actor: Actor) -> list[Any]:
        return own_past(actor)


class ComparisonAnswer(Endpoint):
    hats = ANSWERING

    @verb("Take part in a round, or not", takes=ComparisonAnswerSaid, gives=ComparisonAnswerShape)
    def post(self, actor: Actor, participant_id: UUID, said: dict[str, Any]) -> RoundParticipant:
        return services.answer_round(actor=actor, participant_id=participant_id, joins=said["joins"], now=timezone.now())


class ComparisonReceived(Endpoint):
    hats = (Hat.LAB,)

    @verb("The sample is there, and in what condition", takes=ComparisonReceivedSaid, gives=ComparisonSheetShape)
    def post(self, actor: Actor, participant_id: UUID, said: dict[str, Any]) -> RoundSheet:
        return results.receive_sample(actor=actor, participant_id=participant_id, **said, now=timezone.now())


class ComparisonReadings(Endpoint):
    hats = (Hat.LAB,)

    @verb("What stands on a sheet", gives=ComparisonReadingShape(many=True))
    def get(self, actor: Actor, participant_id: UUID) -> list[RoundReading]:
        return readings_of(actor, [sheet_for(actor, participant_id)])

    @verb("The whole sheet anew; a release is taken back", takes=ComparisonLinesSaid, gives=ComparisonReadingShape(many=True))
    def put(self, actor: Actor, participant_id: UUID, said: dict[str, Any]) -> list[RoundReading]:
        lines = [LineSaid(line.pop("indicator"), **line) for line in said["lines"]]
        sheet = results.file_sheet(
            actor=actor, participant_id=participant_id, lines=lines, via="api", conditioning=said["conditioning"], now=timezone.now()
        )
        return readings_of(actor, [sheet])


class ComparisonRelease(Endpoint):
    hats = (Hat.LAB,)

    @verb("A second person releases a sheet", gives=ComparisonSheetShape)
    def post(self, actor: Actor, participant_id: UUID) -> RoundSheet:
        return results.release_sheet(actor=actor, participant_id=participant_id, now=timezone.now())


class ComparisonLeaveOut(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("Do not count a participant, with a note that it reads", takes=ComparisonLeaveOutSaid, gives=ComparisonParticipantShape)
    def post(self, actor: Actor, participant_id: UUID, said: dict[str, Any]) -> RoundParticipant:
        return services.leave_out(actor=actor, participant_id=participant_id, because=said["because"], now=timezone.now())


class ComparisonSendAgain(Endpoint):
    hats = (Hat.BUREAU,)

    @verb("Send another sample for one that came damaged or wrong", gives=ComparisonSheetShape)
    def post(self, actor: Actor, participant_id: UUID) -> RoundSheet:
        return services.send_again(actor=actor, participant_id=participant_id, now=timezone.now())
