"""A million readings of 12,500 lots from a CSV: read, validated, judged by the agreement of the day, and filed."""

from __future__ import annotations

import struct
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from benchmarks import cluster
from benchmarks.base import MISSED, NO_VERDICT, Race, Result, Unequal
from benchmarks.measurements_1000000.sheet import COLUMNS, rows_of, write_sheet
from benchmarks.processes import Crew
from tests.agreed import in_force
from tests.cast import actor

EACH = 20  # readings of a characteristic of a lot
LOTS, PART = 12_500, 60
OVER_ROWS = 4.0
LOTS_READY = """
insert into inspections_lot (id, link_id, owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, supplier_name_zh, supplier_name_en, lot_no,
  product_code, product, colour, node_code, made_on, quantity, unit, state, state_since, token, note, registered_by, registered_at, client_id, is_demo)
select uuidv7(), l.id, l.owner_org_id, l.supplier_org_id, '主', '', '供', '', 'B' || lpad(n::text, 6, '0'), 'YARN', '纱', '', '',
  date '2026-03-02' + n %% 200, 1000, 'kg', 'registered', now(), 'm' || n, '', '', now(), gen_random_uuid(), true
from suppliers_supplylink l, generate_series(0, %(lots)s - 1) n where l.owner_org_id = %(owner)s and l.supplier_org_id = %(supplier)s
"""
PLAIN_TABLES = """
create table drf_measurements_lot (id bigserial primary key, number varchar(40) not null unique);
create table drf_measurements_measurement (id bigserial primary key, lot_id bigint not null references drf_measurements_lot (id) deferrable initially deferred,
  characteristic varchar(20) not null, position smallint not null, value numeric(12, 3) not null, unit varchar(24) not null);
create index on drf_measurements_measurement (lot_id); create index on drf_measurements_measurement (characteristic);
create table copied (like drf_measurements_measurement including all,
  foreign key (lot_id) references drf_measurements_lot (id) deferrable initially deferred);
create table bare (like drf_measurements_measurement including all);
create table ready_sets (id bigserial primary key, lot_id bigint not null, characteristic varchar(20) not null, readings integer[] not null,
  decimals smallint not null);
grant all on drf_measurements_lot, drf_measurements_measurement to qcc_owner; grant all on all sequences in schema public to qcc_owner;
"""
ABOUT_FILES = "characteristicresult, resultimport, resultfile, resultimportrow, resultrollup, watchedseries, signal"
ALL_OURS = """
select l.lot_no, r.characteristic_code, (u.at)::int, round(u.reading / power(10, r.decimals)::numeric, 3)::text
from inspections_characteristicresult r join inspections_lot l on l.id = r.lot_id, unnest(r.readings) with ordinality as u (reading, at)
where u.reading is not null
"""
AS_JUDGED = """
select l.lot_no, r.characteristic_code, r.edition_code, r.verdict, r.out_count, r.clause_id, r.marks, r.details, r.said_key, r.said, r.owner_org_id,
  r.org_id, r.origin, r.entered_via, l.state
from inspections_characteristicresult r join inspections_lot l on l.id = r.lot_id order by 1, 2
"""
ALL_THEIRS = "select l.number, m.characteristic, m.position::int, m.value::text from {} m join drf_measurements_lot l on l.id = m.lot_id"


class Measurements1000000(Race):
    title = "1,000,000 readings from a CSV, validated, judged and filed"
    anchor = f"DRF as documented: ModelSerializer, many=True, a SlugRelatedField for the lot, a ListSerializer with bulk_create, a row a reading; {PART * 4 * EACH:,} readings"
    tuned = "the same without a query for each row: the lots looked up once, batches of 5,000"
    ours = (
        "inspections.services.result_files.file_results_at_once, hat on, from the bytes of the file to the commit: read and checked, judged by the "
        "version of the day, COPY to a temporary table, INSERT; preview: the same file by upload, preview, a person's word, and the worker"
    )
    limit = (
        "binary COPY of ready arrays into a plain table; rows: raw COPY of ready rows, a row a reading, into the table that the anchor fills; "
        "bare: the same into one without its foreign key, which holds no row to its lot"
    )
    goal = f"at least 100× the anchor, and {OVER_ROWS:.0f}× the raw COPY into a row a reading"
    over, at_least, unit = "anchor", 100.0, "readings/s"

    def open(self, stack: ExitStack) -> None:
        name = stack.enter_context(cluster.database("measurements"))
        in_force(template="cashmere-yarn-1")
        self._free = cluster.superuser(stack, name)
        self._free.execute(PLAIN_TABLES)
        self._lots = 1_250 if self.quick else LOTS
        self._free.execute(LOTS_READY, {"lots": self._lots, "owner": actor("chen").org_id, "supplier": actor("lin").org_id})
        self._free.execute("insert into drf_measurements_lot (number) select lot_no from inspections_lot where token like 'm%'")
        ids: dict[str, int] = dict(self._free.execute("select number, id from drf_measurements_lot").fetchall())
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="qcchain-")))
        self._paths = {lots: folder / f"{lots}.csv" for lots in (self._lots, PART)}
        self._readings = {lots: write_sheet(path, lots, EACH) for lots, path in self._paths.items()}
        self._steps: dict[str, list[list[float]]] = defaultdict(list)
        self._peaks: list[float] = []
        self._anchors = Crew(stack, "benchmarks.anchors.drf_measurements.worker", 1, cluster.environment(name))
        self._hands = Crew(stack, "benchmarks.measurements_1000000.ours", 1, cluster.environment(name))
        self._ready = {lots: _ready_rows(lots, ids) for lots in (self._lots, PART)}

    def check(self) -> None:
        """The same sheet of 60 lots through each: the same readings at the same places; ours all judged."""
        wanted = sorted(
            (lot, code, at, f"{float(reading):.3f}")
            for lot, sets in rows_of(PART, EACH)
            for (code, *_rest), readings in zip(COLUMNS, sets, strict=True)
            for at, reading in enumerate(readings, start=1)
            if reading
        )
        found: dict[str, Any] = {}
        said: dict[str, list[Any]] = {}
        for way in ("at_once", "preview"):
            self._run_ours(PART, way)
            found[way] = self._free.execute(ALL_OURS).fetchall()
            said[way] = self._free.execute(AS_JUDGED).fetchall()
        judged = self._free.execute("select count(*) from inspections_characteristicresult where verdict in ('in', 'out')").fetchone()
        for how in ("documented", "tuned"):
            self._run_anchor(how)
            found[how] = self._free.execute(ALL_THEIRS.format("drf_measurements_measurement")).fetchall()
        self._run_rows(PART)
        found["rows"] = self._free.execute(ALL_THEIRS.format("copied")).fetchall()
        if unequal := [name for name, rows in found.items() if sorted(rows) != wanted]:
            raise Unequal(f"{unequal}: { {name: len(rows) for name, rows in found.items()} } readings, {len(wanted)} wanted")
        if said["at_once"] != said["preview"]:
            raise Unequal("filed at once and by preview are not judged alike")
        if not judged or not judged[0]:
            raise Unequal("ours judged nothing")

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        many = self._readings[self._lots]
        return {
            "ours": lambda: many / self._run_ours(self._lots),
            "preview": lambda: many / self._run_ours(self._lots, "preview"),
            "anchor": lambda: self._readings[PART] / self._run_anchor("documented"),
            "tuned": lambda: self._readings[PART] / self._run_anchor("tuned"),
            "rows": lambda: many / self._run_rows(self._lots),
            "bare": lambda: many / self._run_rows(self._lots, "bare"),
            "limit": lambda: many / self._run_arrays(),
        }

    def measure(self) -> Result:
        result = super().measure()
        if result.verdict != NO_VERDICT and result.figures["ratios"]["rows"]["value"] < OVER_ROWS:
            result.verdict = MISSED
        return result

    def notes(self) -> list[str]:
        upload, again, filed = self._steps["preview"][-1]
        return [
            f"{self._lots:,} lots × {len(COLUMNS)} characteristics × {EACH} readings, {self._readings[self._lots]:,} taken",
            f"ours, last round: {self._steps['at_once'][-1][0]:.2f} s",
            f"by preview: upload and preview {upload:.2f} s, methods named and previewed anew {again:.2f} s, confirmed and filed {filed:.2f} s",
            f"ours, peak memory of the process: {max(self._peaks):.0f} MB",
        ]

    def _run_ours(self, lots: int, way: str = "at_once") -> float:
        tables = ", ".join(f"inspections_{name.strip()}" for name in ABOUT_FILES.split(","))
        self._free.execute(f"set client_min_messages = warning; truncate {tables} cascade")
        self._free.execute("update inspections_lot set state = 'registered' where state <> 'registered'")
        self._free.execute("vacuum analyze inspections_lot")
        said = self._hands.run(path=str(self._paths[lots]), way=way)[0]
        if said["state"] != "done" or said["filed"] != lots * len(COLUMNS):
            raise Unequal(f"ours ended {said['state']} with {said['filed']} sets")
        self._steps[way].append(said["steps"])
        self._peaks.append(said["peak_mb"])
        return float(said["seconds"])

    def _run_anchor(self, how: str) -> float:
        return float(self._anchors.run(path=str(self._paths[PART]), how=how)[0]["seconds"])

    def _run_rows(self, lots: int, table: str = "copied") -> float:
        """Ready text, nothing read or checked but what the table itself checks, to the commit."""
        self._free.execute(f"truncate {table}")
        text = self._ready[lots][0]
        began = time.perf_counter()
        with self._free.transaction():
            self._free.execute("set local session_replication_role = origin")
            with self._free.cursor().copy(f"copy {table} (lot_id, characteristic, position, value, unit) from stdin") as copy:
                copy.write(text)
        return time.perf_counter() - began

    def _run_arrays(self) -> float:
        self._free.execute("truncate ready_sets")
        data = self._ready[self._lots][1]
        began = time.perf_counter()
        with self._free.cursor().copy(
            "copy ready_sets (lot_id, characteristic, readings, decimals) from stdin with (format binary)"
        ) as copy:
            copy.write(data)
        return time.perf_counter() - began


def _ready_rows(lots: int, ids: Mapping[str, int]) -> tuple[bytes, bytes]:
    """(rows as text, arrays as binary COPY takes them)."""
    rows: list[str] = []
    arrays: list[bytes] = [b"PGCOPY\n\xff\r\n\0" + struct.pack(">ii", 0, 0)]
    for lot, sets in rows_of(lots, EACH):
        for (code, _name, unit, _middle, _spread, decimals), readings in zip(COLUMNS, sets, strict=True):
            rows += [f"{ids[lot]}\t{code}\t{at}\t{reading}\t{unit}\n" for at, reading in enumerate(readings, start=1) if reading]
            arrays.append(_array_row(ids[lot], code, readings, decimals))
    return "".join(rows).encode(), b"".join([*arrays, struct.pack(">h", -1)])


def _array_row(lot: int, code: str, readings: list[str], decimals: int) -> bytes:
    values: Any = np.array([round(float(reading or 0) * 10**decimals) for reading in readings], dtype=">i4")
    cells = np.empty(len(readings), dtype=[("len", ">i4"), ("value", ">i4")])
    cells["len"], cells["value"] = 4, values
    array = struct.pack(">iiiii", 1, 0, 23, len(readings), 1) + cells.tobytes()
    name = code.encode()
    head = struct.pack(">hiqi", 4, 8, lot, len(name)) + name
    return b"".join([head, struct.pack(">i", len(array)), array, struct.pack(">ih", 2, decimals)])
