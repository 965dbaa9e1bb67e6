"""Lots and their tests: the planted stories of a spinner and a dyer, and the quiet series beside them, filed through the product's own verbs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Protocol
from uuid import UUID, uuid5

from agreements.models import Agreement, Obligation
from agreements.services.facts import meet_obligation
from agreements.services.samples import SampleSaid, confirm_sample, draft_sample, offer_sample
from foundation.actor import Actor, as_actor
from inspections.models import Lot
from inspections.services.descent import InputSaid, name_input
from inspections.services.lots import LotSaid, relation_of
from inspections.services.results import Meant, file_meant, read_typed
from inspections.services.watching import watch_due
from inspections.typed import SetSaid
from qcchain.demo.deciding import decide_the_rest, release
from qcchain.demo.firms import Firm
from qcchain.demo.moments import Moments
from qcchain.demo.names import SEED
from qcchain.demo.pictures import drawn
from qcchain.demo.series import (
    ACID,
    DYE_STORIES,
    EVENNESS,
    STRENGTH,
    YARN_STORIES,
    Measured,
    Story,
    drifting,
    formaldehyde,
    grade,
    noted,
    readings_of,
    retested,
)
from qcchain.demo.teller import Teller
from records.services.entries import Fact, append_many, entry_rows
from records.services.evidence import file_evidence
from suppliers.models import SupplyLink
from suppliers.services.firm import PaperFacts, file_paper

_NAMES = UUID("b3d1f0c7-5a44-5d0e-8f6e-1c9a7e2d4b60")
EVERY_DAYS = 5  # from one lot to the next
AGREED_DAYS = 300
BEHIND = 3  # days: what fell due before them was kept
SHADE = ("羊绒纱染色 D-41", "驼色 D-41", (61.73, 7.92, 21.08))
SHADE_LOTS, SHADE_DRIFT = 24, 2.3
LAB = "宁波初经检测有限公司（示例）"
FORMER, LATER = "宁波绒语原料有限公司（示例）", "包头驼铃绒毛厂（示例）"
TOLD_OF = 12  # of the newest lots the label of the tops was noted
SOURCE_CHANGED_AT = 36  # the lot whose tops come from another firm, without a word
BATCH = 1000


@dataclass(frozen=True)
class Season:
    """Lots of one product of one relation, oldest first, and what was measured on each: sets as they were typed."""

    lots: Sequence[Lot]
    sets: Sequence[Sequence[SetSaid]]


def tell_measuring(firms: Mapping[str, Firm], moments: Moments, pictures: Path) -> None:
    """Fang's spinner and dyer, a year of lots; and three lots of Lin's weighed on a balance that is overdue."""
    spinner, dyer = (relation(firms, moments, pictures, *pair) for pair in (("helv", "cashmere-yarn-2"), ("qingwei", "dyeing-2")))
    for number, story in enumerate(YARN_STORIES):
        _file(spinner, _season(spinner, story, Random(SEED + 100 + number), moments), moments)
    for number, story in enumerate(DYE_STORIES):
        _file(dyer, _season(dyer, story, Random(SEED + 200 + number), moments), moments)
    _seal(dyer, pictures, moments)
    _file(dyer, _shade(dyer, moments), moments)
    bad = ("HL-26F-034", "HL-26F-037", "QW-D19-036", "QW-D41-024")
    lots = {lot.lot_no: lot for lot in Lot.objects.filter(owner_org_id=spinner.owner.org_id)}
    release(spinner.owner, [lot for lot_no, lot in lots.items() if lot_no not in bad], moments)
    decide_the_rest(spinner.owner, dyer.supplier, lots, firms["lab"], moments)
    _name_tops(spinner, moments)
    _weigh(Teller(firms["yantang"], firms["yunzhu"], moments, pictures), moments)
    _lapse(firms["helv"], pictures, moments)
    watch_due(now=moments.ago(2, 9))


def relation(firms: Mapping[str, Firm], moments: Moments, pictures: Path, supplier: str, template: str) -> Teller:
    """An agreement of some months, kept so far but for one duty of the chain owner's."""
    pair = Teller(firms["lucen"], firms[supplier], moments, pictures)
    pair.agreed(template, moments.day(-AGREED_DAYS))
    _keep_until(pair.agreement, moments)
    return pair


def _keep_until(agreement: Agreement, moments: Moments) -> None:
    """What fell due was kept a day ahead; the last results that the chain owner owes are late."""
    rows = list(Obligation.objects.filter(agreement=agreement, met_on=None, due_on__lt=moments.day(-BEHIND)).order_by("due_on", "id"))
    late = [row for row in rows if row.side == "owner"][-1:]
    for row in rows:
        if row not in late:
            meet_obligation(clause_id=row.clause_id, side=row.side, key=row.key, now=moments.on(row.due_on - timedelta(days=1)))


def _season(pair: Teller, story: Story, random: Random, moments: Moments) -> Season:
    """The story's own characteristic, and two or three that are quiet on the same lots."""
    first = moments.day(-3 - EVERY_DAYS * (story.lots - 1))
    days = [first + timedelta(days=EVERY_DAYS * at) for at in range(story.lots)]
    lots = lots_of(pair, [_said(story, at, day, random) for at, day in enumerate(days)], moments)
    sets = []
    for lot, readings in zip(lots, readings_of(story, random), strict=True):
        mine = [_set(lot, story.what, readings, moments)]
        if story.key == "laboratory":
            mine.append(_set(lot, story.what, retested(readings, story.what, -0.55, random), moments, laboratory=LAB))
        sets.append(mine + _quiet(lot, story, random, moments))
    return Season(lots, sets)


def _said(story: Story, at: int, day: date, random: Random) -> LotSaid:
    amount = Decimal(random.randrange(300, 1500, 20))
    return LotSaid(
        f"{story.product_code}-{at + 1:03}", story.product, day, amount, "kg", product_code=story.product_code, colour=story.colour, node_code=story.node
    )  # fmt: skip


def _quiet(lot: Lot, story: Story, random: Random, moments: Moments) -> list[SetSaid]:
    beside = [ACID, EVENNESS, STRENGTH] if story.node == "spinning" else []
    found = [_set(lot, what, _usual(what, random), moments) for what in beside if what.code != story.what.code]
    if story.node == "dyeing":
        found.append(SetSaid("CF-RUB", [grade(random, mean=4.2) for _ in range(2)], edition="GB/T 3920", day=lot.made_on))
        found.append(SetSaid("FOR", [formaldehyde(random)], edition="GB/T 2912.1-2009", day=lot.made_on))
    # Now and then a test is not done.
    return [each for each in found if random.random() > 0.03]


def _usual(what: Measured, random: Random) -> list[str]:
    mean = random.gauss(what.target, what.between)
    return [noted(random.gauss(mean, what.within), what.decimals) for _ in range(what.readings)]


def _set(lot: Lot, what: Measured, values: Sequence[str], moments: Moments, *, laboratory: str = "") -> SetSaid:
    measured = min(moments.on(lot.made_on, 15) + timedelta(days=3 if laboratory else 0), filed_at(moments))
    more = {"laboratory": laboratory, "lab_status": ("cma",), "origin": "lab"} if laboratory else {}
    return SetSaid(what.code, values, edition=what.edition, measured_at=measured, key=f"{lot.pk}-{what.code}-{bool(laboratory)}", **more)  # type: ignore[arg-type]


class Sides(Protocol):
    """Who lots are registered for: the chain owner and the supplier, as they act."""

    owner: Actor
    supplier: Actor


def lots_of(pair: Sides, said: Sequence[LotSaid], moments: Moments) -> list[Lot]:
    """Lots registered on the day they were made, with their entries in the common record: as register_lot() would, many at once."""
    maker = pair.supplier
    with as_actor(maker):
        link = SupplyLink.objects.get(owner_org_id=pair.owner.org_id, supplier_org_id=maker.org_id)
        sides = relation_of(maker, link, moments.now)
    lots = []
    for each in said:
        at = moments.on(each.made_on, 7)
        lot_id = uuid5(_NAMES, f"{link.pk}:{each.product_code}:{each.lot_no}")
        lots.append(
            Lot(
                id=lot_id, **each.columns(moments.today), **sides, client_id=lot_id, token=lot_id.hex[:22], state_since=at, registered_at=at,
                registered_by=maker.person_name, is_demo=True,
            )
        )  # fmt: skip
    Lot.objects.bulk_create(lots, batch_size=BATCH)
    append_many(
        [entry_rows(actor=maker, stream=lot, fact=Fact("lot_registered", lot.pk, _told(lot)), now=lot.registered_at) for lot in lots]
    )
    return lots


def _told(lot: Lot) -> dict[str, str]:
    return {"lot_no": lot.lot_no, "product": lot.product, "colour": lot.colour, "made_on": lot.made_on.isoformat()}


def filed_at(moments: Moments) -> datetime:
    """The morning on which a season's results are filed; by then all are measured."""
    return moments.ago(2, 8)


def _file(pair: Teller, season: Season, moments: Moments) -> None:
    """As the supplier files them: nearly all by now, in one go."""
    now = filed_at(moments)
    meant = [each for lot, sets in zip(season.lots, season.sets, strict=True) for each in read_typed(lot, sets, now=now)]
    file_all(pair.supplier, meant, now)


def file_all(maker: Actor, meant: Sequence[Meant], now: datetime) -> None:
    with as_actor(maker):
        for start in range(0, len(meant), BATCH):
            file_meant(actor=maker, meant=meant[start : start + BATCH], now=now, entered_via="file")


def _seal(pair: Teller, pictures: Path, moments: Moments) -> None:
    """The swatch against which the camel is judged, both halves confirmed before the first lot."""
    path = pictures / "swatch-camel.jpg"
    path.write_bytes(drawn("label", 741))
    at = moments.ago(AGREED_DAYS - 20)
    product, colour, lab = SHADE
    said = SampleSaid(product, colour, tuple(noted(value, 2) for value in lab), "D65", 10, moments.day(160), holder="打样间 3 号柜")  # type: ignore[arg-type]
    with as_actor(pair.supplier):
        photo = file_evidence(actor=pair.supplier, path=path, name=path.name, client_id="demo-swatch-camel", now=at)
        link = SupplyLink.objects.get(owner_org_id=pair.owner.org_id, supplier_org_id=pair.supplier.org_id)
        sample = draft_sample(actor=pair.supplier, link=link, said=said, client_id=uuid5(_NAMES, "camel"), photo=photo, now=at)
        offer_sample(actor=pair.supplier, sample=sample, now=at)
    with as_actor(pair.owner):
        confirm_sample(actor=pair.owner, sample=sample, holder="品控室", now=at + timedelta(days=1))


def _shade(pair: Teller, moments: Moments) -> Season:
    """Two dozen dye lots of one camel: each within 1.0 of the swatch, the first and the last far from each other."""
    random = Random(SEED + 300)
    product, colour, lab = SHADE
    days = [moments.day(-3 - EVERY_DAYS * (SHADE_LOTS - 1 - at)) for at in range(SHADE_LOTS)]
    said = [
        LotSaid(f"QW-D41-{at + 1:03}", product, day, Decimal(random.randrange(200, 700, 20)), "kg", product_code="QW-D41", colour=colour, node_code="dyeing")
        for at, day in enumerate(days)
    ]  # fmt: skip
    lots = lots_of(pair, said, moments)
    colours = drifting(SHADE_LOTS, lab, SHADE_DRIFT, random)
    return Season(
        lots, [[SetSaid("COL-DE", list(values), edition="GB/T 8424.3", day=lot.made_on)] for lot, values in zip(lots, colours, strict=True)]
    )


def _name_tops(pair: Teller, moments: Moments) -> None:
    """What each lot of pure cashmere was spun from: from one lot on the tops come from elsewhere, and nobody was told."""
    lots = list(Lot.objects.filter(supplier_org_id=pair.supplier.org_id, product_code="HL-26F").order_by("made_on", "lot_no"))
    with as_actor(pair.supplier):
        for at, lot in list(enumerate(lots, start=1))[-TOLD_OF:]:
            maker = LATER if at >= SOURCE_CHANGED_AT else FORMER
            said = InputSaid(parent_no=f"RT-{at:03}", made_by=maker, material="无毛绒", quantity=lot.quantity * Decimal("1.08"), unit="kg")
            name_input(actor=pair.supplier, lot=lot, said=said, client_id=uuid5(_NAMES, f"tops:{lot.pk}"), now=moments.on(lot.made_on, 18))


def _weigh(pair: Teller, moments: Moments) -> None:
    """Three lots weighed on a balance whose calibration ran out twelve days ago."""
    said = [
        LotSaid(f"YZ-180-{at + 1:03}", "棉氨汗布", moments.day(-9 + 3 * at), Decimal(420), "kg", product_code="YZ-180J", colour="本白")
        for at in range(3)
    ]
    lots = lots_of(pair, said, moments)
    random = Random(SEED + 400)
    acid = Measured(ACID.code, ACID.edition, 6.8, 0.1, 0.05, 2, readings=3)
    sets = [
        [
            SetSaid("GSM", [noted(random.gauss(180, 2), 1) for _ in range(5)], edition="GB/T 4669", measured_at=moments.on(lot.made_on, 16), instrument="DEMO-TP-1"),
            SetSaid(acid.code, _usual(acid, random), edition=acid.edition, day=lot.made_on),
        ]
        for lot in lots
    ]  # fmt: skip
    now = moments.ago(1, 9)
    meant = [each for lot, mine in zip(lots, sets, strict=True) for each in read_typed(lot, mine, now=now)]
    file_all(pair.supplier, meant, now)


def _lapse(firm: Firm, pictures: Path, moments: Moments) -> None:
    """A certificate of the quality system that ran out last week."""
    path = pictures / "iso-9001.jpg"
    path.write_bytes(drawn("paper", 9001))
    facts = PaperFacts(
        "certificate",
        "QMS-DEMO-0419",
        moments.day(-1104),
        moments.day(-9),
        standard="iso_9001",
        scope="羊绒纱的生产",
        issuer="示例认证中心",
    )
    actor = firm.actor()
    with as_actor(actor):
        file_paper(actor=actor, paper=facts, path=path, name=path.name, client_id="demo-helv-iso-9001", now=moments.ago(400))
