"""The owner's list as a table to take away, in the order in which a list comes in, so that one may go back in."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from foundation.actor import Actor
from jobs.exports import Value
from suppliers.changes import approval_image
from suppliers.documents import table_document
from suppliers.import_words import FIELD_NAMES
from suppliers.imports import FIELDS
from suppliers.list_words import approval_said
from suppliers.models import SupplyLink
from suppliers.selectors import standing_approvals
from suppliers.words import LINK_STATES, nodes_said, place_names


def export_rows(links: Sequence[SupplyLink], actor: Actor) -> list[list[Value]]:
    """One row a line, in the language in force."""
    places, approvals = place_names(), standing_approvals(actor, [link.pk for link in links])
    return [
        [link.name_zh, link.uscc, link.contact, link.phone, nodes_said(link.node_codes), places.get(link.region_code, ""),
         places.get(link.town_code, ""), link.headcount, link.address, link.since, link.name_en, str(LINK_STATES[link.state][2]), link.tier,
         link.tag, "; ".join(approval_said(approval_image(each)) for each in approvals.get(link.pk, []))]
        for link in links
    ]  # fmt: skip


def list_document(kind: str, rows: Sequence[Sequence[Value]]) -> bytes:
    """The file as "csv" or "xlsx"."""
    more = (_("English name"), _("State"), _("Tier"), _("Tag"), _("Approvals"))
    heads = [str(words) for words in (*(FIELD_NAMES[name] for name in FIELDS), *more)]
    return table_document(kind, title=_("Suppliers"), heads=heads, rows=rows)
