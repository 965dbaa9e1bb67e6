"""Statistics of a quarter come in by file; the clock moves the day and keeps what the platform's firms were as a quarter ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import connection, transaction
from django.utils import timezone

from foundation.actor import CLOCK, Actor, Hat, acting_as
from foundation.errors import RuleBroken
from oversight.chain import Counted, day_before_quarter, quarter_of
from oversight.chain_file import Fault, read_chain_file
from oversight.models import ChainImport, ChainStat
from oversight.selectors.chain_map import platform_now
from suppliers.imports import FileRefused, read_table

FREEZE_WITHIN = timedelta(days=7)  # later than that the firms of today are not those of the quarter's end
ALL_PARTS = ("above_scale", "certified", "signed")


class ChainFileToMend(RuleBroken):
    """Lines of the file cannot be taken; nothing was."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("chain_file_to_mend", field="file", n=len(faults))
        self.faults = faults


@dataclass(frozen=True)
class StatSaid:
    """What a person says of a file: its quarter, where it comes from, the day of its figures."""

    quarter: str
    source: str
    as_of: date


@transaction.atomic
def import_chain_counts(*, actor: Actor, said: StatSaid, file_name: str, data: bytes, now: datetime) -> list[ChainImport]:
    """Take a file of statistics, one batch for each place whose parts it counts. The same file again changes nothing.

    Raises RuleBroken("chain_file_unreadable" | "chain_quarter_ahead"), ChainFileToMend.
    """
    actor.must_wear(Hat.BUREAU, Hat.PLATFORM)
    if day_before_quarter(said.quarter) >= timezone.localdate(now) or said.as_of > timezone.localdate(now):
        raise RuleBroken("chain_quarter_ahead", field="as_of", quarter=said.quarter)
    try:
        read = read_chain_file(read_table(file_name, data))
    except FileRefused as refusal:
        raise RuleBroken("chain_file_unreadable", field="file") from refusal
    if read.faults:
        raise ChainFileToMend(read.faults)
    batch = {
        "source": said.source, "as_of": said.as_of, "file_name": file_name[:120], "sha256": sha256(data).hexdigest(),
        "person_name": actor.person_name, "org_id": actor.org_id,
    }  # fmt: skip
    return _keep(read.lines, ChainImport(origin=ChainImport.Origin.FILE, quarter=said.quarter, at=now, **batch))


def _keep(lines: Iterable[Counted], like: ChainImport) -> list[ChainImport]:
    """A batch for each parent, in the place of the one that stood; one that says the same stays."""
    with connection.cursor() as cursor:  # two imports of a quarter: the second supersedes the first
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"chain {like.origin} {like.quarter}"])
    by_parent: dict[str, list[Counted]] = defaultdict(list)
    for line in lines:
        by_parent[line.parent].append(line)
    kept = []
    for parent, its in sorted(by_parent.items()):
        standing = ChainImport.objects.filter(origin=like.origin, quarter=like.quarter, parent_code=parent, superseded_at=None).first()
        if standing and (standing.sha256, standing.source, standing.as_of) == (like.sha256, like.source, like.as_of):
            kept.append(standing)
            continue
        if standing:
            ChainImport.objects.filter(pk=standing.pk).update(superseded_at=like.at)
        kept.append(_write(parent, its, like))
    return kept


def _write(parent: str, lines: list[Counted], like: ChainImport) -> ChainImport:
    whole = [line for line in lines if not line.node] or lines
    firms = sum(line.counts.firms for line in [line for line in whole if not line.size] or whole)
    facts = {
        name: getattr(like, name) for name in ("origin", "quarter", "source", "as_of", "file_name", "sha256", "person_name", "org_id", "at")
    }
    batch = ChainImport.objects.create(parent_code=parent, lines=len(lines), firms=firms, **facts)
    ChainStat.objects.bulk_create(
        [ChainStat(batch=batch, place_code=line.place, node_code=line.node, size=line.size, **vars(line.counts)) for line in lines],
        batch_size=1000,
    )
    return batch


def tick(now: datetime) -> None:
    """What was touched is added up, certificates that ran out count no more; a quarter that has just ended is kept."""
    with transaction.atomic(), acting_as(Hat.CLOCK):
        today = timezone.localdate(now)
        with connection.cursor() as cursor:
            cursor.execute("select chain_fold(%s)", [today])
        keep_quarter(now=now)


def keep_quarter(*, now: datetime) -> bool:
    """The platform's firms as the last quarter left them, once. Run as the clock."""
    today = timezone.localdate(now)
    ended = day_before_quarter(quarter_of(today))
    quarter = quarter_of(ended)
    if today - ended > FREEZE_WITHIN or ChainImport.objects.filter(origin=ChainImport.Origin.PLATFORM, quarter=quarter).exists():
        return False
    lines = [line for line in platform_now(CLOCK).lines if line.parent]
    like = ChainImport(origin=ChainImport.Origin.PLATFORM, quarter=quarter, source="", as_of=ended, at=now)
    return bool(_keep(lines, like))
