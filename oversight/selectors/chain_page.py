"""Everything that one look at the chain map asks for, in two or three questions: places and steps are known without asking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from foundation.actor import Actor
from foundation.errors import Absent
from oversight.chain import MEASURES, Shown, cells_of, shown_of
from oversight.models import ChainImport
from oversight.selectors.chain_map import Source, counted, platform_now, standing_imports
from oversight.selectors.places import CITY
from parties.reference import ChainNodeRow, RegionRow, chain_nodes, regions

ORIGINS = ("file", "platform")


@dataclass(frozen=True)
class ChainAsked:
    """The filters of the address; what means nothing is left out."""

    of: str = ""
    quarter: str = ""
    region: str = ""
    node: str = ""
    measure: str = "firms"

    @classmethod
    def read(cls, query: QueryDict) -> ChainAsked:
        said = {name: query.get(name, "")[:12].replace("\x00", "") for name in ("of", "quarter", "region", "node", "measure")}
        said["of"] = said["of"] if said["of"] in ORIGINS else ""
        said["measure"] = said["measure"] if said["measure"] in MEASURES else "firms"
        said["region"] = "" if said["region"] == CITY else said["region"]
        return cls(**said)


@dataclass(frozen=True)
class ChainLook:
    """The places of one map, the steps of the chain, and what may be said of them from one source."""

    asked: ChainAsked
    parent: RegionRow
    places: Sequence[RegionRow]
    nodes: Sequence[ChainNodeRow]
    source: Source
    sources: Sequence[ChainImport]
    shown: Shown
    live: Shown
    drawn: frozenset[str]  # places whose own parts are on a map

    def is_told(self, place: str, node: str) -> bool:
        """Whether the source speaks of a step at all, here or at the places beside: what statistics leave out is not none."""
        beside = [place] if place == self.parent.code else [row.code for row in self.places]
        return self.source.origin != "file" or not node or any((code, node, "") in self.shown.cells for code in beside)


def chain_look(actor: Actor, asked: ChainAsked) -> ChainLook:
    """Raises Absent where the place is not drawn."""
    known = regions()
    tree: dict[str, list[str]] = {}
    for row in sorted((r for r in known if r.tile), key=lambda r: (r.parent != CITY, r.tile and (r.tile[1], r.tile[0]))):
        tree.setdefault(row.parent or "", []).append(row.code)
    parent = asked.region or CITY
    if parent not in tree:
        raise Absent
    nodes = sorted(chain_nodes(), key=lambda node: node.order)
    codes = [node.code for node in nodes]
    standing, now = standing_imports(actor), platform_now(actor)
    source = _source(asked, standing, now.day)
    lines = [*([] if source.is_live else [counted(actor, source, list(tree))]), now.under(tree)]
    shown = [shown_of(cells_of(each, CITY, tree[CITY]), tree, codes) for each in lines]
    by_code = {row.code: row for row in known}
    if asked.node not in codes:
        asked = ChainAsked(**{**vars(asked), "node": ""})
    here = [by_code[code] for code in tree[parent]]
    return ChainLook(asked, by_code[parent], here, nodes, source, standing, shown[0], shown[-1], frozenset(tree))


def _source(asked: ChainAsked, standing: Sequence[ChainImport], today: date | None) -> Source:
    """What was asked for; else the newest statistics, else the platform's firms as they are now."""
    origin = asked.of or ("file" if any(batch.origin == ChainImport.Origin.FILE for batch in standing) else "platform")
    quarters = [batch.quarter for batch in standing if batch.origin == origin]  # newest first
    quarter = asked.quarter if asked.quarter in quarters else quarters[0] if quarters and origin == "file" else ""
    if not quarter:
        return Source("platform", "", (), today)
    batches = tuple(batch for batch in standing if (batch.origin, batch.quarter) == (origin, quarter))
    return Source(origin, quarter, batches, max(batch.as_of for batch in batches))
