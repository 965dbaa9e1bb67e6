"""Lines of an owner's list: written alike, whether typed one by one or imported by the thousand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.functional import lazystr
from uuid_utils.compat import uuid7

from foundation.actor import Actor, Hat
from foundation.errors import RuleBroken
from parties.names import pinyin_initials, pinyin_key
from parties.roles import MAY_FILE
from suppliers.import_words import issue_words
from suppliers.imports import Issue, town_code
from suppliers.imports.fields import read_name, read_phone, read_uscc
from suppliers.models import SupplyLink
from suppliers.selectors.merges import standing_line
from suppliers.services.grams import put_grams

BATCH = 1000


@dataclass(frozen=True, slots=True)
class FirmSaid:
    """One firm as a person types it."""

    name_zh: str
    uscc: str
    name_en: str = ""
    contact: str = ""
    phone: str = ""
    node_codes: Sequence[str] = ()
    region_code: str = ""


@transaction.atomic
def add_supplier(*, actor: Actor, firm: FirmSaid, now: datetime) -> SupplyLink:
    """Put one firm on the owner's list.

    Raises RuleBroken("code_wrong"), ("phone_wrong"), or ("already_listed") when the owner itself has the code.
    """
    actor.must_act_for(actor.org_id, Hat.OWNER)
    actor.must_hold(*MAY_FILE)
    values = {
        "name_zh": _judged("name_zh", read_name(firm.name_zh)), "uscc": _judged("uscc", read_uscc(firm.uscc)),
        "contact": firm.contact.strip()[:60], "nodes": list(firm.node_codes), "region": firm.region_code,
    }  # fmt: skip
    number = read_phone(firm.phone.strip())
    if number.issues and firm.phone.strip():
        raise RuleBroken("phone_wrong", field="phone")
    link = link_of_values(actor, {**values, "phone": number.value}, now=now)
    link.name_en = firm.name_en.strip()[:120]
    if link.pk in write_links(actor, [link]):
        return link
    there = SupplyLink.objects.with_merged(actor).get(uscc=link.uscc)
    if merged_into := standing_line(actor, there.pk):
        there = SupplyLink.objects.visible_to(actor).get(pk=merged_into)
    raise RuleBroken("already_listed", field="uscc", name=there.name_zh)


def link_of_values(actor: Actor, values: Mapping[str, Any], *, now: datetime) -> SupplyLink:
    """A line as the reader of lists means it; nothing is written."""
    since = values.get("since")
    return SupplyLink(
        id=uuid7(), owner_org_id=actor.org_id, owner_name_zh=actor.org_name_zh, owner_name_en=actor.org_name_en, name_zh=values["name_zh"],
        pinyin_key=pinyin_key(values["name_zh"])[:200], initials=pinyin_initials(values["name_zh"])[:80], uscc=values["uscc"], contact=values.get("contact") or "",
        phone=values.get("phone") or "", node_codes=values.get("nodes") or [], region_code=values.get("region") or "",
        town_code=town_code(values["town"]) if values.get("town") else "", headcount=values.get("headcount"),
        address=values.get("address") or "", since=date.fromisoformat(since) if since else None, is_demo=actor.is_demo, created_at=now,
    )  # fmt: skip


def write_links(actor: Actor, links: Sequence[SupplyLink]) -> set[UUID]:
    """Write the lines that the owner does not have yet, with what their search needs; the ids that are new.

    A code that stands already is left as it is, also when two people import at once.
    """
    SupplyLink.objects.bulk_create(links, ignore_conflicts=True, batch_size=BATCH)
    ids = [link.pk for link in links]
    made = set(SupplyLink.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", flat=True))
    put_grams(actor.org_id, [(link.pk, link.name_zh) for link in links if link.pk in made])
    return made


def _judged(field: str, read: Any) -> Any:
    issue = next((issue for issue in read.issues if issue.level == "error"), None)
    if issue is not None:
        raise RuleBroken("code_wrong", field=field, words=lazystr(_Said(issue)))
    return read.value


class _Said:
    def __init__(self, issue: Issue) -> None:
        self.issue = issue

    def __str__(self) -> str:
        return issue_words(self.issue)
