"""Firms, their people and places: written in bulk by the database owner, before anybody acts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, Argon2PasswordHasher, get_hasher, make_password

from foundation.actor import Actor, Hat
from parties.models import Membership, Organisation, OrganisationCode, OrgRole, Person
from parties.names import pinyin_key
from parties.reference import regions
from qcchain.demo.names import TRADES, FirmName, codes, firm_name, person_name, phone, short_names
from qcchain.demo.people import COLLEAGUES, DEMO_PASSWORD, SIGN_INS, VISITORS
from qcchain.demo.spread import chain_counts, haishu_counts, shared_out
from suppliers.models import Site

NAMESPACE = UUID("8d0f7a52-6b1c-5c0a-9c55-1f6f1b9a2e40")
HAISHU = "330203"
FOUNDED = timedelta(days=900)
ROLES = ("org_admin", "signatory", "cqo", "quality")
NAMED_ROLES = {Hat.BUREAU: ("org_admin", "quality"), Hat.LAB: ("org_admin", "quality"), Hat.PROVIDER: ("org_admin", "quality"), Hat.PLATFORM: ("org_admin",)}
SIZES = ("micro", "small", "medium", "large")
SIZE_WEIGHTS = (28, 34, 29, 9)
BATCH = 500


def stable_id(*words: str) -> UUID:
    """The same id at every load, for the things whose addresses people keep."""
    return uuid5(NAMESPACE, ":".join(words))


@dataclass(frozen=True)
class Firm:
    """One firm with the person who acts for it."""

    key: str
    hat: Hat
    name: FirmName
    uscc: str
    region: str
    town: str
    nodes: tuple[str, ...]
    size: str
    person: str
    number: int
    above_scale: bool = False
    is_neutral: bool = False  # a real firm's name: nothing but kept words may stand under it

    @property
    def id(self) -> UUID:
        return stable_id("org", self.key)

    @property
    def person_id(self) -> UUID:
        return stable_id("person", self.key)

    @property
    def site_id(self) -> UUID:
        return stable_id("site", self.key)

    @property
    def roles(self) -> tuple[str, ...]:
        return NAMED_ROLES.get(self.hat, ROLES)

    def actor(self) -> Actor:
        return Actor(
            hat=self.hat, org_id=self.id, org_name_zh=self.name.zh, org_name_en=self.name.en, person_id=self.person_id,
            person_name=self.person, roles=frozenset(self.roles), is_demo=True,
        )  # fmt: skip


# key, hat, 字号, trade, region, town, node, person. The first firms of every profile; the stories name them.
_CAST = (
    ("yantang", Hat.OWNER, "砚棠", ("服饰", "Apparel"), HAISHU, "330203009", "garment", "陈棠"),
    ("yunzhu", Hat.SUPPLIER, "云杼", ("纺织", "Textile"), HAISHU, "330203103", "weaving", "林杼"),
    ("lanzhi", Hat.SUPPLIER, "澜织", ("针织", "Knitting"), HAISHU, "330203102", "knitting", "吴澜"),
    ("bureau", Hat.BUREAU, "", ("宁波市质量监管处", "Ningbo Quality Office"), HAISHU, "", "", "周衡"),
    ("lab", Hat.LAB, "初经", ("检测", "Testing"), "330212", "", "service", "梅析"),
    ("provider", Hat.PROVIDER, "越经", ("质量服务", "Quality Services"), HAISHU, "330203007", "service", "安岚"),
    ("platform", Hat.PLATFORM, "", ("平台运营", "Platform"), HAISHU, "", "", "潘台"),
    ("lucen", Hat.OWNER, "鹿岑", ("家纺", "Home"), "330212", "", "home", "方岑"),
    ("qingwei", Hat.SUPPLIER, "青纬", ("印染", "Dyeing"), HAISHU, "330203100", "dyeing", "周师傅"),
    ("helv", Hat.SUPPLIER, "禾缕", ("纺纱", "Spinning"), "330225", "", "spinning", "史经理"),
    ("shisha", Hat.SUPPLIER, "拾纱", ("织造", "Weaving"), "330213", "", "weaving", "竺厂长"),
    ("lancai", Hat.SUPPLIER, "岚彩", ("印染", "Dyeing"), HAISHU, "330203008", "dyeing", "励主管"),
    ("suzhu", Hat.SUPPLIER, "素杼", ("辅料", "Trims"), "330281", "", "trims", "俞会计"),
    ("xixu", Hat.SUPPLIER, "溪绪", ("针织", "Knitting"), "330225", "", "knitting", "童师傅"),
)
# Invented chain owners of the larger profile.
_MORE_OWNERS = (
    ("muti", Hat.OWNER, "沐缇", ("服饰", "Apparel"), "330206", "", "garment", "方经理"),
    ("yuelv", Hat.OWNER, "越缕", ("针织", "Knitwear"), "330225", "", "knitting", "夏经理"),
)
# The two chain owners that the city has named. Demo data under a real name: the mark says that the data, not the firm, are examples.
_NEUTRAL = (
    ("consinee", FirmName("康赛妮（示例数据）", "Consinee (demo data)"), "330203103", "spinning"),
    ("boyang", FirmName("博洋（示例数据）", "Boyang (demo data)"), "330203007", "home"),
)


def firms_of(suppliers: int, *, more_owners: bool) -> list[Firm]:
    """The firms of a profile: always the cast and the two named owners, then suppliers up to the number asked for."""
    code = codes()
    found = [_cast_firm(number, row, next(code)) for number, row in enumerate(_CAST)]
    for key, name, town, node in _NEUTRAL:
        found.append(
            Firm(key, Hat.OWNER, name, next(code), HAISHU, town, (node,), "large", "质量部", len(found), above_scale=True, is_neutral=True)
        )
    if more_owners:
        found += [_cast_firm(len(found) + n, row, next(code)) for n, row in enumerate(_MORE_OWNERS)]
    there = sum(firm.hat == Hat.SUPPLIER for firm in found)
    return [*found, *_generated(suppliers - there, len(found), code)]


def _cast_firm(number: int, row: tuple[str, Hat, str, tuple[str, str], str, str, str, str], uscc: str) -> Firm:
    key, hat, short, (trade_zh, trade_en), region, town, node, person = row
    if short:
        name = firm_name(short, trade_zh, trade_en)
    else:
        name = FirmName(f"{trade_zh}（示例）", f"{trade_en} (demo)")
    is_office = hat in (Hat.BUREAU, Hat.PLATFORM)
    size = {"yunzhu": "micro", "yantang": "large", "lucen": "medium"}.get(key, "" if is_office else "small")
    nodes = (node,) if node and hat not in (Hat.LAB, Hat.PROVIDER) else ()
    return Firm(key, hat, name, "" if is_office else uscc, region, town, nodes, size, person, number, above_scale=key == "yantang")


def _generated(count: int, first: int, code: Iterator[str]) -> Iterator[Firm]:
    random, shorts = Random(first * 1000 + count), short_names()
    cells = shared_out(count, chain_counts()) if count > 0 else {}
    towns = _towns(sum(n for (region, _node), n in cells.items() if region == HAISHU), random)
    number = first
    for (region, node), n in cells.items():
        for _ in range(n):
            size = random.choices(SIZES, SIZE_WEIGHTS)[0]
            town = towns.pop() if region == HAISHU else _any_town(region, random)
            name = firm_name(next(shorts), *TRADES[node])
            yield Firm(
                f"s{number:04d}", Hat.SUPPLIER, name, next(code), region, town, (node,), size, person_name(random), number,
                above_scale=size == "large" or (size == "medium" and random.random() < 0.3),
            )  # fmt: skip
            number += 1


def _towns(count: int, random: Random) -> list[str]:
    by_name = {row.name_zh: row.code for row in regions() if row.parent == HAISHU}
    towns = [by_name[name] for name, n in shared_out(count, haishu_counts()).items() for _ in range(n)]
    random.shuffle(towns)
    return towns


def _any_town(region: str, random: Random) -> str:
    towns = [row.code for row in regions() if row.parent == region]
    return random.choice(towns) if towns else ""


def write_firms(firms: Sequence[Firm], *, now: datetime) -> None:
    """Organisations, codes, hats, people, roles and sites."""
    born = now - FOUNDED
    Organisation.objects.bulk_create([_organisation(firm, born) for firm in firms], batch_size=BATCH)
    coded = [firm for firm in firms if firm.uscc]
    OrganisationCode.objects.bulk_create([OrganisationCode(org_id=f.id, claimed=f.uscc, verified=f.uscc) for f in coded], batch_size=BATCH)
    OrgRole.objects.bulk_create([OrgRole(org_id=firm.id, hat=firm.hat) for firm in firms], batch_size=BATCH)
    Person.objects.bulk_create(list(_people(firms, born)), batch_size=BATCH)
    Membership.objects.bulk_create(list(_memberships(firms, born.date())), batch_size=BATCH)
    Site.objects.bulk_create([_site(firm, born) for firm in coded], batch_size=BATCH)


def _organisation(firm: Firm, born: datetime) -> Organisation:
    return Organisation(
        id=firm.id, name_zh=firm.name.zh, name_en=firm.name.en, pinyin_key=pinyin_key(firm.name.zh)[:200], size=firm.size,
        above_scale=firm.above_scale, region_id=firm.region or None, town_id=firm.town or None, node_codes=list(firm.nodes),
        state=Organisation.State.VERIFIED, is_demo=True, created_at=born,
    )  # fmt: skip


def _people(firms: Sequence[Firm], born: datetime) -> Iterator[Person]:
    visitors = {visitor.firm: (place, visitor) for place, visitor in enumerate(VISITORS)}
    quick = quick_password()
    for firm in firms:
        place, visitor = visitors.get(firm.key, (len(VISITORS) + firm.number, None))
        yield Person(
            id=firm.person_id, username=visitor.username if visitor else f"demo-{firm.key}", name=firm.person,
            email=f"{visitor.username}@demo.example" if visitor else None, phone=phone(firm.number) if visitor else None,
            locale=visitor.locale if visitor else "zh-hans", password=quick, is_demo=True, created_at=born + timedelta(minutes=place),
        )  # fmt: skip
    for place, colleague in enumerate(COLLEAGUES, start=len(VISITORS) + len(firms)):
        yield Person(
            id=stable_id("person", colleague.username), username=colleague.username, name=colleague.name, email=f"{colleague.username}@demo.example",
            locale=colleague.locale, password=quick, is_demo=True, created_at=born + timedelta(minutes=place),
        )  # fmt: skip


def quick_password() -> str:
    """The demo password hashed at the lowest cost, so that many signatures take no minute; seal_passwords() ends it."""
    hasher = get_hasher()
    if not isinstance(hasher, Argon2PasswordHasher):
        return make_password(DEMO_PASSWORD)
    hasher = Argon2PasswordHasher()
    hasher.time_cost, hasher.memory_cost, hasher.parallelism = 1, 8, 1
    return hasher.encode(DEMO_PASSWORD, hasher.salt())


def seal_passwords() -> None:
    """Visitors get a real hash; nobody else of the demo signs in."""
    visitors = [visitor.username for visitor in SIGN_INS]
    Person.objects.filter(is_demo=True, username__in=visitors).update(password=make_password(DEMO_PASSWORD))
    others = Person.objects.filter(is_demo=True).exclude(username__in=visitors)
    others.update(password=UNUSABLE_PASSWORD_PREFIX + "demo")


def _memberships(firms: Sequence[Firm], since: date) -> Iterator[Membership]:
    by_key = {firm.key: firm for firm in firms}
    held = [(firm, firm.person_id, firm.person, role) for firm in firms for role in firm.roles]
    held += [(by_key[each.firm], stable_id("person", each.username), each.name, role) for each in COLLEAGUES for role in each.roles]
    for firm, person_id, name, role in held:
        yield Membership(
            person_id=person_id, person_name=name, org_id=firm.id, org_name_zh=firm.name.zh, org_name_en=firm.name.en, org_is_demo=True,
            role=role, valid_from=since,
        )  # fmt: skip


def _site(firm: Firm, born: datetime) -> Site:
    return Site(
        id=firm.site_id, org_id=firm.id, name_zh=firm.name.zh, name_en=firm.name.en, address=f"示例路 {firm.number + 1} 号",
        region_code=firm.region, town_code=firm.town, node_codes=list(firm.nodes), created_at=born,
    )  # fmt: skip
