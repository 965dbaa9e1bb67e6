"""The desk of services: fourteen providers, a good many requests of the last months, and four that the cast can take up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from statistics import median_low
from uuid import UUID, uuid5

from django.utils import timezone

from foundation.actor import Actor, Hat, as_actor
from onestop.clock import after_working_hours
from onestop.demand import FEWEST
from onestop.models import ServiceCall, ServiceOffer, ServiceRequest
from onestop.selectors.requests import call_for, request_for
from onestop.services.moving import end_of_day
from onestop.services.requests import RequestSaid, accept_quote, ask_service, confirm_service, rate_service
from onestop.services.serving import deliver_service, quote_service
from onestop.services.untouched import tick
from parties.models import Organisation, OrgRole
from parties.names import pinyin_key
from qcchain.demo.firms import Firm, stable_id
from qcchain.demo.moments import Moments
from qcchain.demo.names import firm_name
from qcchain.demo.pictures import drawn
from records.services.evidence import file_evidence

# kind, share of requests, what is offered, about what it costs, hours, days, what firms write
KINDS: tuple[tuple[str, int, str, str, int, int, str], ...] = (
    ("testing", 34, "纺织品色牢度与安全检测", "每项 120–400 元", 8, 4, "客户要第三方报告：耐湿摩擦、耐汗渍和甲醛。"),
    ("standards", 14, "标准适用性咨询", "首次免费", 16, 3, "出口针织衫该按哪个标准做，水洗标怎么写？"),
    ("quality", 13, "针织染整工艺诊断", "到厂一天 800 元", 8, 5, "深色罗纹湿摩擦只有 2-3 级，想请人看看染色工序。"),
    ("metrology", 10, "天平、烘箱、强力机校准", "每台 150 元起", 8, 5, "电子天平和八篮烘箱的校准快到期了。"),
    ("certification", 9, "ISO 9001 与 OEKO-TEX 认证辅导", "按规模报价", 16, 20, "ISO 9001 明年到期，想提前准备换证。"),
    ("credit", 7, "凭质量记录的信贷对接", "不收费", 24, 10, "想凭质量画像申请流动资金贷款。"),
    ("brand", 6, "品字标培育", "首次免费", 24, 20, "想申报品字标，差距在哪里？"),
    ("property", 5, "花型外观专利与商标", "每件 500 元起", 24, 15, "新提花花型想申请外观设计专利。"),
    ("registration", 2, "企业登记与资质办理", "不收费", 24, 5, "增加经营范围，要哪些材料？"),
)
NEEDS = {row[0]: row[6] for row in KINDS}
SHORTS = ("清砚", "正纬", "衡准", "澄鉴", "知规", "明度", "立信", "融桥", "品合", "创衡", "益标", "源证", "同校")
DONE = ("rated", "rated", "rated", "rated", "confirmed", "delivered", "in_service", "accepted", "offered")


@dataclass(frozen=True)
class Provider:
    """A provider of the demo, and which kinds it offers."""

    actor: Actor
    kinds: Sequence[str]


def tell_services(firms: Mapping[str, Firm], moments: Moments, pictures: Path, *, most: int) -> None:
    """`most` requests in bulk, written as the database owner; then the stories, by the product's own verbs."""
    providers = [
        Provider(firms["provider"].actor(), ("quality", "standards", "certification")),
        Provider(firms["lab"].actor(), ("testing", "metrology")),
        *_more_providers(moments),
    ]
    offers = _offer(providers, moments)
    makers = [firm for firm in firms.values() if firm.hat == Hat.SUPPLIER and not firm.is_neutral]
    _ask_in_bulk(offers, makers, moments, most)
    _tell_stories(firms, moments, pictures)
    tick(moments.now)


def _more_providers(moments: Moments) -> list[Provider]:
    rows = [(stable_id("org", "service", short), firm_name(short, "技术服务", "Technical Services")) for short in SHORTS]
    Organisation.objects.bulk_create(
        Organisation(
            id=pk, name_zh=name.zh, name_en=name.en, pinyin_key=pinyin_key(name.zh)[:200], size="small", region_id="330212", node_codes=[],
            state="verified", is_demo=True, created_at=moments.ago(700),
        )
        for pk, name in rows
    )  # fmt: skip
    OrgRole.objects.bulk_create(OrgRole(org_id=pk, hat=Hat.PROVIDER.value) for pk, _name in rows)
    codes = [row[0] for row in KINDS]
    return [
        Provider(
            Actor(hat=Hat.PROVIDER, org_id=pk, org_name_zh=name.zh, org_name_en=name.en, person_id=stable_id("person", str(pk)), person_name="客服", is_demo=True),
            sorted({codes[number % 9], codes[(number * 4 + 5) % 9]}),
        )
        for number, (pk, name) in enumerate(rows)
    ]  # fmt: skip


def _offer(providers: Sequence[Provider], moments: Moments) -> dict[str, list[ServiceOffer]]:
    said = {row[0]: row for row in KINDS}
    found: dict[str, list[ServiceOffer]] = {row[0]: [] for row in KINDS}
    for provider in providers:
        for kind in provider.kinds:
            _kind, _share, title, price, hours, days, _need = said[kind]
            who = provider.actor
            found[kind].append(
                ServiceOffer(
                    id=stable_id("offer", str(who.org_id), kind), provider_org_id=who.org_id, provider_hat=who.hat.value, provider_name_zh=who.org_name_zh,
                    provider_name_en=who.org_name_en, kind=kind, title=title, about=f"{title}：先电话了解，再定方案；报告直接归入企业档案。",
                    price_note=price, answer_hours=hours, service_days=days, capacity=40, state="published", is_demo=True, created_at=moments.ago(400),
                    client_id=stable_id("offer", str(who.org_id), kind),
                )
            )  # fmt: skip
    ServiceOffer.objects.bulk_create(offer for rows in found.values() for offer in rows)
    return found


def _ask_in_bulk(offers: Mapping[str, list[ServiceOffer]], makers: Sequence[Firm], moments: Moments, most: int) -> None:
    random, kinds = Random(35), [row[0] for row in KINDS]
    near = Counter((firm.region, firm.nodes[0]) for firm in makers if firm.nodes)
    rows, calls = [], []
    for number in range(most):
        kind = random.choices(kinds, [row[1] for row in KINDS])[0]
        offer, firm, days = random.choice(offers[kind]), random.choice(makers), random.randint(12, 300)
        state = "withdrawn" if number % 40 == 7 else random.choice(DONE) if days < 40 else "rated" if number % 9 else "confirmed"
        if state == "offered" and offer.provider_hat == "lab":
            state = "in_service"
        row, call = _one(firm, offer, state, moments, days=days, number=number, random=random)
        if firm.nodes and near[firm.region, firm.nodes[0]] < FEWEST:  # as for a request that is asked by its form
            row.region_code = call.region_code = ""
        rows.append(row)
        calls.append(call)
    ServiceRequest.objects.bulk_create(rows, batch_size=500)
    ServiceCall.objects.bulk_create(calls, batch_size=500)
    for offer in (each for found in offers.values() for each in found):
        rated = [row for row in rows if row.state == "rated" and row.provider_org_id == offer.provider_org_id and row.kind == offer.kind]
        offer.n_rated, offer.n_first_pass = len(rated), sum(not row.disputes for row in rated)
        offer.n_satisfied = sum((row.satisfaction or 0) >= 4 for row in rated)
        offer.answer_minutes = median_low(row.answer_minutes or 0 for row in rated) if rated else None
    ServiceOffer.objects.bulk_update(
        [each for found in offers.values() for each in found], ["n_rated", "n_first_pass", "n_satisfied", "answer_minutes"]
    )


def _one(
    firm: Firm, offer: ServiceOffer, state: str, moments: Moments, *, days: int, number: int, random: Random
) -> tuple[ServiceRequest, ServiceCall]:
    at, worked, need = moments.ago(days, 9 + number % 8), moments.worked, NEEDS[offer.kind]
    hours = random.choice((1, 2, 3, 4, 6, 8, 10, 20))
    answered, by = after_working_hours(worked, at, hours), worked.add_working_days(timezone.localdate(at), offer.service_days + 2)
    served = state not in ("offered", "withdrawn")
    handed = state in ("delivered", "confirmed", "rated")
    delivered = min(end_of_day(by) - timedelta(days=random.choice((3, 2, 1, 0, -2))), moments.now) if handed else None
    glad = random.choices((5, 4, 3, 2), (5, 4, 2, 1))[0] if state == "rated" else None
    row = ServiceRequest(
        id=_id("request", number), org_id=firm.id, hat=firm.hat.value, org_name_zh=firm.name.zh, org_name_en=firm.name.en, kind=offer.kind, need=need,
        node_code=firm.nodes[0] if firm.nodes else "", region_code=firm.region, facts={"zh": [], "en": []}, contact=firm.person, offer_id=offer.pk, state=state,
        asked_by=firm.person, created_at=at, answer_due_at=after_working_hours(worked, at, offer.answer_hours), answered_at=answered, is_demo=True,
        client_id=_id("asked", number), answer_minutes=hours * 60 if served else None, satisfaction=glad, disputes=int(handed and number % 11 == 3),
    )  # fmt: skip
    call = ServiceCall(
        id=_id("call", number), request_id=row.pk, provider_org_id=offer.provider_org_id, provider_hat=offer.provider_hat, provider_name_zh=offer.provider_name_zh,
        provider_name_en=offer.provider_name_en, kind=offer.kind, need=need, node_code=row.node_code, region_code=row.region_code, facts=row.facts, stage=state,
        state="chosen" if served else "quoted" if state == "offered" else "withdrawn", asked_at=at, clock_at=end_of_day(by), price=offer.price_note,
        days=offer.service_days, answered_at=answered, answered_by="客服", is_demo=True, satisfaction=glad,
    )  # fmt: skip
    if served:
        row.provider_org_id, row.provider_name_zh, row.provider_name_en = (
            offer.provider_org_id,
            offer.provider_name_zh,
            offer.provider_name_en,
        )
        row.accepted_at, row.deliver_by = answered + timedelta(hours=2), by
        row.started_at = row.accepted_at if state != "accepted" else None
        call.firm_name_zh, call.firm_name_en, call.contact = firm.name.zh, firm.name.en, firm.person
        row.delivered_at = delivered
        row.confirmed_at = delivered if state in ("confirmed", "rated") else None
        row.rated_at = row.confirmed_at if state == "rated" else None
        call.report = "已完成，结论见报告。" if handed else ""
    return row, call


def _id(what: str, number: int) -> UUID:
    return uuid5(stable_id("service", what), str(number))


def _tell_stories(firms: Mapping[str, Firm], moments: Moments, pictures: Path) -> None:
    """One served and rated, one with a quote to choose, one that An has to answer, one that nobody has answered in time."""
    lin, an, mei = firms["yunzhu"].actor(), firms["provider"].actor(), firms["lab"].actor()
    wet = RequestSaid("quality", "藏青罗纹湿摩擦只有 2-3 级，客户要 3-4 级，请一起看看染色工序。", lin.person_name, "", "weaving")
    row = _asked(lin, wet, moments, days=45, key="wet", offer=stable_id("offer", str(an.org_id), "quality"))
    with as_actor(an):
        call = quote_service(
            actor=an,
            call=call_for(an, row.pk),
            price="到厂一天 800 元",
            days=5,
            words="先看固色和皂洗，再取三块样复测。",
            now=moments.ago(45, 14),
        )
    with as_actor(lin):
        accept_quote(actor=lin, request=row, call=call, now=moments.ago(44, 9))
    picture = pictures / "service.jpg"
    picture.write_bytes(drawn("sheet", 77))
    with as_actor(an):
        report = file_evidence(actor=an, path=picture, name="工艺诊断报告.jpg", client_id="demo-service", now=moments.ago(40, 15))
        deliver_service(
            actor=an,
            call=call_for(an, row.pk),
            report="皂洗不足，加一道 60℃ 皂洗并换固色剂，复测 3-4 级。",
            files=[report],
            now=moments.ago(40, 15),
        )
    with as_actor(lin):
        done = confirm_service(actor=lin, request=request_for(lin, row.pk), now=moments.ago(38, 10))
        rate_service(actor=lin, request=done, satisfaction=5, words="第二天就来了，三周后客户验收通过。", now=moments.ago(38, 11))
    ask = RequestSaid("metrology", "电子天平校准快到期，最好上门。", lin.person_name, "", "weaving")
    row = _asked(lin, ask, moments, days=2, key="balance", offer=stable_id("offer", str(mei.org_id), "metrology"))
    with as_actor(mei):
        quote_service(
            actor=mei,
            call=call_for(mei, row.pk),
            price="每台 150 元，上门另加 100 元",
            days=4,
            words="周四可以上门。",
            now=moments.ago(1, 11),
        )
    wu, qing = firms["lanzhi"].actor(), firms["qingwei"].actor()
    own = stable_id("offer", str(an.org_id), "certification")
    _asked(
        wu,
        RequestSaid("certification", "想申请 OEKO-TEX，要准备哪些材料？", wu.person_name, "", "knitting"),
        moments,
        days=0,
        key="oeko",
        offer=own,
    )
    own = stable_id("offer", str(an.org_id), "standards")
    _asked(
        qing,
        RequestSaid("standards", "出口日本的针织布，标准和水洗标怎么定？", qing.person_name, "", "dyeing"),
        moments,
        days=6,
        key="label",
        offer=own,
    )


def _asked(actor: Actor, said: RequestSaid, moments: Moments, *, days: int, key: str, offer: UUID) -> ServiceRequest:
    with as_actor(actor):
        found = ServiceOffer.objects.get(pk=offer)
        return ask_service(actor=actor, said=said, client_id=stable_id("service", key), now=moments.ago(days, 9), offer=found)
