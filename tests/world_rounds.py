"""Comparison rounds for tests: invented laboratories beside the cast's, a round at any step, and one that is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from foundation.actor import Actor, Hat, as_actor
from oversight.models import ComparisonRound, RoundMeasure, RoundParticipant, RoundReading, RoundSheet
from oversight.services.comparison_analysis import analyse
from tests.cast import actor

STEPS = list(ComparisonRound.State.values)
OTHERS = ["6.71", "6.80", "6.76", "6.64", "6.90"]


def other_lab(number: int) -> Actor:
    """A laboratory of no cast; its people exist in no table, which no rule of a round asks."""
    return replace(
        actor("mei"),
        org_id=UUID(int=0xA0 + number),
        person_id=UUID(int=0xB0 + number),
        org_name_zh=f"检测所{number}（示例）",
        org_name_en=f"Laboratory {number} (demo)",
    )


def colleague(of: Actor) -> Actor:
    """A second person of the same firm."""
    return replace(of, person_id=UUID(int=of.person_id.int ^ 1), person_name="何复")


def a_round(
    *, now: datetime, state: str = "collecting", takers: list[Actor] | None = None, tester: Actor | None = None, samples: str = ""
) -> ComparisonRound:
    """pH of one fabric among six takers, straight into the tables up to `state`. With a `tester` they are firms whose product it tests; `samples`: "AB"."""
    with as_actor(actor("zhou")):
        made = ComparisonRound.objects.create(
            number=f"CR-{uuid4().hex[:8]}", kind="product_static" if tester else "interlab", has_tester=tester is not None, name_zh="针织面料 pH 值比对", name_en="pH of knitted fabric", product_zh="漂白棉布",
            product_en="Bleached cotton", benchmark_zh="GB 18401 B 类", benchmark_en="GB 18401 class B", series_code="ph",
            instructions="避光保存", samples_on=timezone.localdate(now), results_on=timezone.localdate(now) + timedelta(days=20), state=state,
            client_id=str(uuid4()), created_at=now, created_by=actor("zhou").person_name, opened_at=now,
        )  # fmt: skip
        for order, sample in enumerate(samples or [""], start=1):
            RoundMeasure.objects.create(
                round=made, order=order, characteristic_code="PH", edition_code="GB/T 7573-2009", sample=sample, kind="variable", unit="", decimals=1,
                benchmark_lower=Decimal("4.0"), benchmark_upper=Decimal("8.5"),
            )  # fmt: skip
        for number, taker in enumerate(takers or [actor("mei"), *(other_lab(n) for n in range(5))]):
            add_taker(made, taker, code=f"Q{number}{uuid4().hex[:2].upper()}", now=now, tester=tester.org_id if tester else None)
        if tester is not None:
            RoundParticipant.objects.create(
                round=made, org_id=tester.org_id, hat="lab", org_name_zh=tester.org_name_zh, org_name_en=tester.org_name_en, part="tester",
                state="joined", invited_at=now,
            )  # fmt: skip
    return made


def add_taker(made: ComparisonRound, lab: Actor, *, code: str, now: datetime, tester: UUID | None = None) -> RoundParticipant:
    """A participant that has joined, its sample on the way. Wear the bureau's hat."""
    part = RoundParticipant.objects.create(
        round=made, org_id=lab.org_id, hat=lab.hat.value, org_name_zh=lab.org_name_zh, org_name_en=lab.org_name_en, blind_code=code, state="joined",
        invited_at=now, answered_at=now, answered_by=lab.person_name,
    )  # fmt: skip
    RoundSheet.objects.create(
        participant=part, round=made, tester_org_id=tester or lab.org_id, blind_code=code, state="sent", sent_on=timezone.localdate(now)
    )
    return part


def filled(made: ComparisonRound, *, now: datetime, but: UUID | None = None) -> None:
    """Every sheet entered by one person and released by another, except those of one tester."""
    with as_actor(actor("zhou")):
        measures, sheets = list(RoundMeasure.objects.filter(round=made).order_by("order")), list(RoundSheet.objects.filter(round=made).order_by("blind_code"))
    for sheet, value in zip(sheets, ["7.60", *OTHERS], strict=True):
        if sheet.tester_org_id == but:
            continue
        who = replace(actor("mei"), org_id=sheet.tester_org_id)
        with as_actor(who):
            RoundReading.objects.bulk_create(
                RoundReading(
                    sheet=sheet, round=made, measure=measure, tester_org_id=sheet.tester_org_id, rater="甲", values=[Decimal(value) + measure.order - 1] * 2,
                    edition_code=measure.edition_code, expanded=Decimal("0.2"), k=Decimal(2), entered_via="web",
                )
                for measure in measures
            )  # fmt: skip
            RoundSheet.objects.filter(pk=sheet.pk).update(
                state="released", received_on=date(2026, 11, 1), condition="good", condition_note="完好", conditioning="恒温", entered_at=now,
                entered_by_id=who.person_id, entered_by=who.person_name, released_at=now, released_by_id=colleague(who).person_id, released_by=who.person_name,
            )  # fmt: skip


def published(*, now: datetime, made: ComparisonRound | None = None) -> ComparisonRound:
    """A round that is closed, worked out and published."""
    zhou = actor("zhou")
    with as_actor(zhou):
        made = made or a_round(now=now)
        filled(made, now=now)
        for state in STEPS[STEPS.index("closed") :]:
            if state == "analysed":
                analyse(zhou, made, now=now)
            ComparisonRound.objects.filter(pk=made.pk).update(state=state, published_at=now if state == "published" else None)
        made.refresh_from_db()
    return made


def a_comparison(maker: Actor, *, now: datetime) -> dict[str, Any]:
    """What a story leaves behind: a published round of products in which its supplier took part, tested by the cast's laboratory."""
    mei = actor("mei")
    with as_actor(actor("zhou")):
        takers = [maker, *(replace(other_lab(number), hat=Hat.SUPPLIER) for number in range(5))]
        made = a_round(now=now, takers=takers, tester=mei)
        published(now=now, made=made)
        part = RoundParticipant.objects.get(round=made, org_id=maker.org_id)
    return {"round_id": made.pk, "participant_id": part.pk}
