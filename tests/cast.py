"""The standing cast. Chen buys for a chain owner, Fang for another; Lin runs a six-person mill, Wu another mill;
Zhou is the bureau, Mei the lab, An a provider of services, Pan the platform. Wu must never see Lin's papers.

Built once, by the owner role, into the template database: `python -m tests.cast`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

NAMESPACE = UUID("6f1a52f6-3c4e-5f0e-9d0e-0c2f6f1b7a11")
PASSWORD = "indigo-on-cotton-7"
BORN = datetime(2026, 1, 5, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def key(*words: str) -> UUID:
    """A stable id for a thing of the cast."""
    return uuid5(NAMESPACE, ":".join(words))


@dataclass(frozen=True)
class Member:
    """One person of the cast with the firm they act for."""

    who: str
    name: str
    hat: str
    org_zh: str
    org_en: str
    roles: tuple[str, ...]
    uscc: str = ""
    locale: str = "zh-hans"

    @property
    def org_id(self) -> UUID:
        return key("org", self.who)

    @property
    def person_id(self) -> UUID:
        return key("person", self.who)


ALL_ROLES = ("org_admin", "signatory", "cqo", "quality")
CAST = [
    Member("chen", "陈棠", "owner", "宁波砚棠服饰有限公司（示例）", "Yantang Apparel (demo)", ALL_ROLES, "0DEM0A0000000000C1", "en"),
    Member("fang", "方岑", "owner", "宁波鹿岑家纺有限公司（示例）", "Lucen Home (demo)", ALL_ROLES, "0DEM0A0000000000F1", "en"),
    Member("lin", "林杼", "supplier", "宁波云杼纺织有限公司（示例）", "Yunzhu Textile (demo)", ALL_ROLES, "0DEM0A0000000000L1"),
    Member("wu", "吴澜", "supplier", "宁波澜织针织有限公司（示例）", "Lanzhi Knitting (demo)", ALL_ROLES, "0DEM0A0000000000W1"),
    Member("zhou", "周衡", "bureau", "宁波市质量监管处（示例）", "Ningbo Quality Office (demo)", ("org_admin", "quality")),
    Member("mei", "梅析", "lab", "宁波初经检测有限公司（示例）", "Chujing Testing (demo)", ("org_admin", "quality")),
    Member("an", "安岚", "provider", "宁波越经质量服务有限公司（示例）", "Yuejing Quality Services (demo)", ("org_admin", "quality")),
    Member("pan", "潘台", "platform", "平台运营（示例）", "Platform (demo)", ("org_admin",)),
]
BY_NAME = {m.who: m for m in CAST}
LINKS = [("chen", "lin"), ("chen", "wu"), ("fang", "wu")]


def link_id(owner: str, supplier: str) -> UUID:
    return key("link", owner, supplier)


def actor(who: str):
    """The actor that this person is at work."""
    from foundation.actor import Actor, Hat

    m = BY_NAME[who]
    return Actor(
        hat=Hat(m.hat), org_id=m.org_id, org_name_zh=m.org_zh, org_name_en=m.org_en, person_id=m.person_id, person_name=m.name,
        roles=frozenset(m.roles), is_demo=True,
    )  # fmt: skip


def build() -> None:
    """Write the cast's firms, people and links. As the database owner only."""
    from django.contrib.auth.hashers import make_password

    from parties.models import Membership, Organisation, OrganisationCode, OrgRole, Person
    from records.models import Grant
    from suppliers.models import Site, SupplyLink

    for m in CAST:
        org = Organisation.objects.create(
            id=m.org_id, name_zh=m.org_zh, name_en=m.org_en, pinyin_key=m.org_en.lower(), size="small", region_id="330203", town_id="330203009",
            node_codes=["knitting"], state="verified", is_demo=True, created_at=BORN,
        )  # fmt: skip
        OrgRole.objects.create(org=org, hat=m.hat)
        if m.uscc:
            OrganisationCode.objects.create(org=org, claimed=m.uscc, verified=m.uscc)
        person = Person.objects.create(
            id=m.person_id, username=m.who, name=m.name, email=f"{m.who}@demo.example", locale=m.locale, password=make_password(PASSWORD),
            is_demo=True, created_at=BORN,
        )  # fmt: skip
        for role in m.roles:
            Membership.objects.create(
                person=person, person_name=m.name, org=org, org_name_zh=m.org_zh, org_name_en=m.org_en, org_is_demo=True, role=role,
                valid_from=date(2026, 1, 5),
            )  # fmt: skip
        if m.hat in ("owner", "supplier"):
            Site.objects.create(
                id=key("site", m.who), org_id=m.org_id, name_zh=m.org_zh, name_en=m.org_en, address="示例路 1 号", region_code="330203",
                town_code="330203009", node_codes=["knitting"], created_at=BORN,
            )  # fmt: skip
    for owner, supplier in LINKS:
        o, s = BY_NAME[owner], BY_NAME[supplier]
        SupplyLink.objects.create(
            id=link_id(owner, supplier), owner_org_id=o.org_id, supplier_org_id=s.org_id, owner_name_zh=o.org_zh, owner_name_en=o.org_en,
            name_zh=s.org_zh, name_en=s.org_en, pinyin_key=s.org_en.lower(), uscc=s.uscc, contact=s.name, phone="+8619000000001",
            node_codes=["knitting"], region_code="330203", town_code="330203009", state="joined", is_demo=True, created_at=BORN, joined_at=BORN,
        )  # fmt: skip
        Grant.objects.create(
            from_org_id=s.org_id, to_org_id=o.org_id, to_name_zh=o.org_zh, to_name_en=o.org_en, what="firm", valid_from=date(2026, 1, 5)
        )


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qcchain.settings.test")
    import django

    django.setup()
    from django.db import transaction

    with transaction.atomic():
        build()
