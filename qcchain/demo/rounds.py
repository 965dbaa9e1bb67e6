"""Fourteen comparison rounds: a laboratory that drifts to one side, two samples under one code, grades that two people see differently,
a shelf held to a benchmark, and a product that is followed over three rounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random

from django.utils import timezone

from foundation.actor import Actor, Hat
from notices.services import put_todo
from oversight.models import ComparisonRound, RoundMeasure, RoundParticipant, RoundReading, RoundSheet
from oversight.services.comparison import facts_of
from oversight.services.comparison_analysis import analyse
from parties.models import Organisation, OrgRole
from parties.names import pinyin_key
from qcchain.demo.firms import Firm, stable_id
from qcchain.demo.moments import Moments
from qcchain.demo.names import firm_name

SHORTS = ("知绢", "朴帛", "墨绮", "润缨", "衡缦", "予缃", "蔚练", "泊绶", "清绮", "松绫", "月绒", "晴络", "汀练")
LABS = 14
GRADES = [Decimal(10 + 5 * step).scaleb(-1) for step in range(9)]
CLOSING = ("closed", "analysed", "published")


@dataclass(frozen=True)
class Planned:
    """One round as it is told: days since it was opened, its indicator, where the middle lies, how wide, how far the cast's own lies off."""

    days: int
    kind: str
    zh: str
    en: str
    code: str
    edition: str
    middle: float
    spread: float
    own: float
    lower: str = ""
    upper: str = ""
    state: str = "published"
    series: str = ""
    samples: tuple[str, ...] = ("",)


PLANS = (
    Planned(460, "interlab", "针织面料 pH 值", "pH of knitted fabric", "PH", "GB/T 7573-2009", 6.8, 0.12, 0.3, series="PH"),
    Planned(340, "interlab", "漂白棉布 pH 值", "pH of bleached cotton", "PH", "GB/T 7573-2009", 7.1, 0.12, 2.3, series="PH"),
    Planned(220, "interlab", "染色棉布 pH 值", "pH of dyed cotton", "PH", "GB/T 7573-2009", 6.4, 0.12, 2.6, series="PH"),
    Planned(110, "interlab", "羊绒衫 pH 值", "pH of cashmere knitwear", "PH", "GB/T 7573-2009", 6.9, 0.12, 2.8, series="PH"),
    Planned(300, "interlab", "湿摩擦色牢度", "Wet rubbing fastness", "CF-RUB-W", "GB/T 3920", 3.0, 0.4, 0.0, series="RUB"),
    Planned(150, "interlab", "干摩擦色牢度", "Dry rubbing fastness", "CF-RUB", "GB/T 3920", 4.0, 0.35, -0.5, series="RUB"),
    Planned(190, "interlab", "甲醛含量", "Formaldehyde", "FOR", "GB/T 2912.1-2009", 34.0, 4.0, 0.2, upper="75"),
    Planned(90, "interlab", "单位面积质量", "Mass per unit area", "GSM", "GB/T 4669", 182.0, 1.6, -2.4, series="GSM", samples=("A", "B")),
    Planned(130, "product_static", "针织T恤静态比对", "Knitted T-shirts, static", "PIL", "GB/T 4802.1", 3.2, 0.5, -0.5, lower="3.5"),
    Planned(
        60, "product_dynamic", "羊绒衫动态比对", "Cashmere sweaters, dynamic", "DIM", "GB/T 8630", -3.1, 0.9, -1.9, lower="-4.0", upper="2.0", series="DIM"
    ),
    Planned(
        25,
        "interlab",
        "耐汗渍色牢度用 pH 值",
        "pH for perspiration tests",
        "PH",
        "GB/T 7573-2009",
        6.6,
        0.12,
        0.0,
        state="collecting",
        series="PH",
    ),
    Planned(3, "interlab", "粘合衬布 pH 值", "pH of interlining", "PH", "GB/T 7573-2009", 6.6, 0.12, 0.0, state="open", series="PH"),
    Planned(250, "product_dynamic", "羊绒衫动态比对", "Cashmere sweaters, dynamic", "DIM", "GB/T 8630", -3.0, 0.9, -0.3, lower="-4.0", upper="2.0", series="DIM"),
    Planned(155, "product_dynamic", "羊绒衫动态比对", "Cashmere sweaters, dynamic", "DIM", "GB/T 8630", -3.1, 0.9, -1.2, lower="-4.0", upper="2.0", series="DIM"),
)  # fmt: skip


def tell_rounds(firms: dict[str, Firm], moments: Moments) -> None:
    """Twelve published rounds, one that collects results, one that is open to join; fourteen laboratories, or fourteen firms and one laboratory."""
    mei, bureau = firms["lab"].actor(), firms["bureau"].actor()
    labs = [mei, *_laboratories(moments)]
    makers = [firm.actor() for firm in firms.values() if firm.hat == Hat.SUPPLIER and not firm.is_neutral][:LABS]
    for number, plan in enumerate(PLANS, 1):
        _tell(
            number,
            plan,
            takers=labs if plan.kind == "interlab" else makers,
            tester=mei if plan.kind != "interlab" else None,
            bureau=bureau,
            moments=moments,
        )


def _laboratories(moments: Moments) -> Iterator[Actor]:
    """Thirteen more laboratories, which nobody signs in for."""
    born = moments.ago(800)
    rows = [(stable_id("org", "round", short), firm_name(short, "检测", "Testing")) for short in SHORTS]
    Organisation.objects.bulk_create(
        Organisation(id=pk, name_zh=name.zh, name_en=name.en, pinyin_key=pinyin_key(name.zh)[:200], size="small", region_id="330212", node_codes=[], state="verified", is_demo=True, created_at=born)
        for pk, name in rows
    )  # fmt: skip
    OrgRole.objects.bulk_create(OrgRole(org_id=pk, hat=Hat.LAB.value) for pk, _name in rows)
    for pk, name in rows:
        yield Actor(
            hat=Hat.LAB,
            org_id=pk,
            org_name_zh=name.zh,
            org_name_en=name.en,
            person_id=stable_id("person", str(pk)),
            person_name="质量负责人",
            is_demo=True,
        )


def _tell(number: int, plan: Planned, *, takers: Sequence[Actor], tester: Actor | None, bureau: Actor, moments: Moments) -> None:
    at, random = moments.ago(plan.days), Random(number)
    until = moments.day(30 - plan.days)
    made = ComparisonRound.objects.create(
        id=stable_id("round", str(number)), number=f"CR{timezone.localdate(at):%y}-{number:03}", kind=plan.kind, name_zh=f"{plan.zh}（示例）", name_en=f"{plan.en} (demo)",
        product_zh=plan.zh, product_en=plan.en, node_code="knitting" if tester else "", benchmark_zh="同类产品标杆（示例）" if tester else "", benchmark_en="Benchmark of the trade (demo)" if tester else "",
        series_code=plan.series, instructions="收样后在标准大气中调湿 24 小时。（示例）", samples_on=timezone.localdate(at), results_on=max(until, timezone.localdate(at)),
        state="open" if plan.state == "open" else "collecting", has_tester=tester is not None, client_id=f"demo-{number}", created_at=at, created_by=bureau.person_name,
        opened_at=at, is_demo=True,
    )  # fmt: skip
    what = {"PIL": "ordinal", "CF-RUB": "ordinal", "CF-RUB-W": "ordinal", "FOR": "censored"}.get(plan.code, "variable")
    unit, places = {"FOR": ("mg/kg", 0), "GSM": ("g/m²", 1), "DIM": ("%", 1), "PH": ("", 1)}.get(plan.code, ("级", 1))
    measures = [
        RoundMeasure.objects.create(
            round=made, order=order, characteristic_code=plan.code, edition_code=plan.edition, sample=sample, kind=what, unit=unit, decimals=places,
            benchmark_lower=Decimal(plan.lower) if plan.lower else None, benchmark_upper=Decimal(plan.upper) if plan.upper else None,
        )
        for order, sample in enumerate(plan.samples, 1)
    ]  # fmt: skip
    sheets = _people(made, plan, takers, tester, at, random)
    if plan.state == "published":
        _results(made, measures, sheets, plan, what, random)
        published = moments.ago(max(plan.days - 35, 1))
        for state in CLOSING:
            if state == "analysed":
                analyse(bureau, made, now=published)
            made.state, made.closed_at, made.published_at = state, published, published
            made.save(update_fields=["state", "closed_at", "published_at"])
    else:
        kind = "round_invited" if plan.state == "open" else "round_results_due"
        put_todo(org_id=takers[0].org_id, hat=Hat.LAB, kind=kind, subject_id=made.pk, facts=facts_of(made), due_on=made.results_on, now=at)


def _people(
    made: ComparisonRound, plan: Planned, takers: Sequence[Actor], tester: Actor | None, at: datetime, random: Random
) -> list[RoundSheet]:
    joined, codes = plan.state != "open", random.sample(range(1000, 9999), LABS)
    parts = [
        RoundParticipant(
            id=stable_id("taker", made.number, str(place)), round=made, org_id=each.org_id, hat=each.hat.value, org_name_zh=each.org_name_zh, org_name_en=each.org_name_en,
            blind_code=f"L{codes[place]}", state="joined" if joined else "invited", invited_at=at, answered_at=at if joined else None,
        )
        for place, each in enumerate(takers)
    ]  # fmt: skip
    if tester is not None:
        parts.append(
            RoundParticipant(
                round=made,
                org_id=tester.org_id,
                hat="lab",
                org_name_zh=tester.org_name_zh,
                org_name_en=tester.org_name_en,
                part="tester",
                state="joined",
                invited_at=at,
            )
        )
    RoundParticipant.objects.bulk_create(parts)
    filled, day = plan.state == "published", timezone.localdate(at)
    state = "released" if filled else "received" if joined else "waiting"
    sheets = [
        RoundSheet(
            participant=part, round=made, tester_org_id=(tester or takers[place]).org_id, blind_code=part.blind_code, state=state, sent_on=day if joined else None,
            received_on=day if joined else None, condition="good" if joined else "", entered_at=at if filled else None,
            entered_by_id=stable_id("enters", part.blind_code) if filled else None, entered_by="检测员" if filled else "", released_at=at if filled else None,
            released_by_id=stable_id("releases", part.blind_code) if filled else None, released_by="质量负责人" if filled else "",
        )
        for place, part in enumerate(parts[: len(takers)])
    ]  # fmt: skip
    return RoundSheet.objects.bulk_create(sheets)


def _results(
    made: ComparisonRound, measures: Sequence[RoundMeasure], sheets: Sequence[RoundSheet], plan: Planned, what: str, random: Random
) -> None:
    rows = []
    for place, sheet in enumerate(sheets):
        apart = (
            plan.own * (plan.spread if what != "ordinal" else 1) if place == 0 else random.gauss(0, plan.spread) * (4 if place == 9 else 1)
        )
        u = Decimal(str(round(plan.spread * 1.6, 3))) if what != "ordinal" and place % 2 == 0 else None
        for measure in measures:
            # What a laboratory does to both samples alike, and what happens to one.
            lies = plan.middle + apart + (random.gauss(0, plan.spread / 2) if measure.sample else 0) + 5 * plan.spread * (measure.sample == "B")
            for rater in ("甲", "乙", "丙") if what == "ordinal" else ("",):
                shift = -0.6 if place == 0 and rater == "丙" else 0.0
                values = [_rounded(lies + shift + random.gauss(0, plan.spread / 4), what, measure.decimals) for _replicate in range(2)]
                rows.append(
                    RoundReading(
                        sheet=sheet, round=made, measure=measure, tester_org_id=sheet.tester_org_id, rater=rater, values=values,
                        edition_code=measure.edition_code, expanded=u, k=Decimal(2) if u is not None else None, entered_via="web",
                    )
                )  # fmt: skip
    RoundReading.objects.bulk_create(rows)


def _rounded(value: float, what: str, decimals: int) -> Decimal:
    if what == "ordinal":
        return min(GRADES, key=lambda grade: abs(float(grade) - value))
    return round(Decimal(str(value)), max(decimals, 1))
