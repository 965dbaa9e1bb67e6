"""The API's root: where each address is, and the one list that joins floors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpResponse
from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from foundation.errors import Absent
from parties.endpoints import Asked, Endpoint, Shape, cursor_of, next_page, verb
from suppliers.api import SupplierAdd, SupplierFilters, SupplierShape
from suppliers.selectors import links_matching

COLUMNS = (
    "id", "name_zh", "name_en", "uscc", "contact", "phone", "node_codes", "region_code", "town_code", "headcount", "address", "since", "state",
    "created_at", "joined_at", "tier", "via_id", "tag", "pinyin_key",
)  # fmt: skip

# One statement from rows to text, under the hat: nothing of a page is ever an object here. The counts say of a row what
# agreements.compliance says of it; a test holds the two together. Words of {page}: the list's own question, with its walls.
STATEMENT = """
with page as ({page})
select json_build_object(
    'id', p.id, 'name_zh', p.name_zh, 'name_en', p.name_en, 'uscc', p.uscc, 'contact', p.contact, 'phone', p.phone,
    'node_codes', p.node_codes, 'region_code', p.region_code, 'town_code', p.town_code, 'headcount', p.headcount, 'address', p.address,
    'since', p.since, 'state', p.state, 'created_at', p.created_at, 'joined_at', p.joined_at, 'tier', p.tier, 'via_id', p.via_id, 'tag', p.tag,
    'agreement', case when a.id is not null then json_build_object(
        'id', a.id, 'number', a.number, 'state', a.state, 'effective_from', a.effective_from, 'effective_to', a.effective_to,
        'obligations', json_build_object({sides})) end
  )::text, p.pinyin_key, p.id
from page p
left join lateral (
  select id, number, state, effective_from, effective_to from agreements_agreement
  where link_id = p.id order by created_at desc, id desc limit 1
) a on true
left join lateral (
  select {counts} from agreements_obligation d where d.agreement_id = a.id
) o on a.id is not null
order by p.pinyin_key, p.id
"""
_OPEN = "met_on is null and void_at is null and waived_at is null"
# Past its day and its grace, and not standing still.
_LATE = "(paused_on is null and grace_until < %(today)s)"
_COUNTED = {
    "met": "met_on <= due_on",
    "met_late": "met_on > due_on",
    "overdue": f"{_OPEN} and {_LATE}",
    "open": f"{_OPEN} and not {_LATE}",
    "due": f"(met_on is not null or ({_OPEN} and {_LATE}))",
}
SIDES = ("owner", "supplier")
COUNTS = ", ".join(f"count(*) filter (where side = '{side}' and {test}) as {side}_{name}" for side in SIDES for name, test in _COUNTED.items())
KEPT = ", ".join("'{}', json_build_object({})".format(side, ", ".join(f"'{name}', o.{side}_{name}" for name in _COUNTED)) for side in SIDES)


class KeptShape(Shape):
    met = serializers.IntegerField()
    met_late = serializers.IntegerField()
    overdue = serializers.IntegerField()
    open = serializers.IntegerField(help_text="Not yet met and not yet late.")
    due = serializers.IntegerField(help_text="Judged: met, met late and overdue together.")


class BothKeptShape(Shape):
    owner = KeptShape(help_text="How the chain owner kept its own duties.")
    supplier = KeptShape()


class NewestShape(Shape):
    id = serializers.UUIDField()
    number = serializers.CharField()
    state = serializers.CharField()
    effective_from = serializers.DateField(allow_null=True)
    effective_to = serializers.DateField(allow_null=True)
    obligations = BothKeptShape()


class SupplierLineShape(SupplierShape):
    agreement = NewestShape(allow_null=True, help_text="The newest agreement with this firm.")


class Suppliers(SupplierAdd):
    """The list with what its newest agreements have come to: the suppliers' floor may not look up, so the roof does."""

    @verb(
        "The list by name, with the newest agreement and the duties of both sides",
        gives=SupplierLineShape, asks=SupplierFilters, page=(str, UUID),
    )  # fmt: skip
    def get(self, actor: Actor, asked: Asked) -> HttpResponse:
        found = supplier_lines(actor, asked)
        items, more = found[: asked.size], len(found) > asked.size
        onward = json.dumps(next_page(self.request, cursor_of(items[-1][1:]))) if more else "null"
        text = f'{{"results":[{",".join(line for line, *_ in items)}],"next":{onward}}}'
        return HttpResponse(text, content_type="application/json")


def supplier_lines(actor: Actor, asked: Asked) -> Sequence[tuple[str, str, UUID]]:
    """(line as JSON, and its place in the order) of one page and one row more."""
    said = asked.filters
    if said.keys() <= PLAIN:
        key, last = asked.after or ("", None)
        page = _question(frozenset(said), asked.after is not None, asked.size + 1)
        values = {"org": actor.org_id, "key": key, "last": last, **said}
    else:
        page, params = _sql(links_matching(actor, **said, after=asked.after), asked.size + 1)
        values = {f"p{at}": value for at, value in enumerate(params)}
        page = page % tuple(f"%({name})s" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.format(page=page, counts=COUNTS, sides=KEPT), {**values, "today": timezone.localdate()})
        return cursor.fetchall()


# Filters whose words in SQL do not depend on their value.
PLAIN = {"state"}
_ORG, _LAST = UUID(int=1), UUID(int=2)


@lru_cache(maxsize=128)
def _question(names: frozenset[str], goes_on: bool, size: int) -> str:
    """The page's own question with its walls, and a named place where each value goes: to make it anew costs as much as to answer it."""
    marks = {name: f"<{name}>" for name in names}
    rows = links_matching(Actor(hat=Hat.OWNER, org_id=_ORG), **marks, after=("<key>", _LAST) if goes_on else None)
    page, params = _sql(rows, size)
    places: dict[Any, str] = {_ORG: "org", _LAST: "last"}
    places |= {f"<{name}>": name for name in (*names, "key")}
    return page % tuple(f"%({places[value]})s" for value in params)


def _sql(rows: Any, size: int) -> tuple[str, tuple[Any, ...]]:
    page: tuple[str, tuple[Any, ...]] = rows.values(*COLUMNS)[:size].query.sql_with_params()
    return page


class Nowhere(Endpoint):
    """Every other address: a problem document, not a page."""

    authentication_classes = []
    permission_classes = []

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        raise Absent
