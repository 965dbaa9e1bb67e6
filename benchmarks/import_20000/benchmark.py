"""A list of 20,000 suppliers from a workbook: read, checked, deduplicated, previewed and put on the owner's list."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import cluster
from benchmarks.base import Race, Unequal
from benchmarks.import_20000.rows import ready, rows_of_a_list, workbook
from benchmarks.processes import Crew

COLUMNS = "name_zh, uscc, contact, phone, nodes, region, address"
# Of ours, the same columns: one step a row in this list.
OURS = "select name_zh, uscc, contact, phone, array_to_string(node_codes, ','), region_code, address from suppliers_supplylink order by uscc"
PLAIN_TABLE = """
create table import_rows_supplier (id bigserial primary key, name_zh varchar(80) not null, uscc varchar(18) not null unique,
  contact varchar(60) not null, phone varchar(16) not null, nodes varchar(60) not null, region varchar(12) not null,
  address varchar(200) not null);
create table copied (like import_rows_supplier including all);
grant all on import_rows_supplier to qcc_owner; grant all on all sequences in schema public to qcc_owner;
"""
ABOUT_LISTS = ("importrow", "supplierimport", "alikename", "listfile", "linkgram", "supplylink")
PART, HALF = 2_000, 1_000


class Import20000(Race):
    title = "20,000 suppliers from an xlsx, checked and deduplicated"
    anchor = "django-import-export as documented: ModelResource, import_id_fields, clean_model_instances, dry run, then import; 2,000 rows"
    tuned = "the same with use_bulk, skip_diff, a cached instance loader, checks without a query, no dry run; 2,000 rows"
    ours = "start_import(), the worker's two tasks and confirm_import() with the hat on: a preview kept row by row, search grams written"
    limit = "COPY of the ready rows into a plain table: nothing read, checked or compared"
    goal = "at least 40× the anchor"
    over, at_least, unit = "anchor", 40.0, "rows/s"

    def open(self, stack: ExitStack) -> None:
        name = stack.enter_context(cluster.database("import"))
        self._free = cluster.superuser(stack, name)
        self._free.execute(PLAIN_TABLE)
        self._many = 2_000 if self.quick else 20_000
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="qcchain-")))
        self._paths = {many: folder / f"{many}.xlsx" for many in (self._many, PART, HALF)}
        for many, path in self._paths.items():
            path.write_bytes(workbook(rows_of_a_list(many)))
        self._steps: list[list[float]] = []
        self._peaks: list[float] = []
        self._anchors = Crew(stack, "benchmarks.anchors.import_rows.worker", 1, cluster.environment(name))
        self._hands = Crew(stack, "benchmarks.import_20000.ours", 1, cluster.environment(name))

    def check(self) -> None:
        """The same list of 2,000 through each: the same suppliers."""
        wanted = sorted(ready(rows_of_a_list(PART)), key=lambda row: row[1])
        self._run_ours(PART)
        found = {"ours": self._free.execute(OURS).fetchall()}
        for how in ("documented", "tuned"):
            self._run_anchor(how, PART)
            found[how] = self._free.execute(f"select {COLUMNS} from import_rows_supplier order by uscc").fetchall()
        self._run_limit(PART)
        found["limit"] = self._free.execute(f"select {COLUMNS} from copied order by uscc").fetchall()
        if unequal := [name for name, rows in found.items() if rows != wanted]:
            raise Unequal(f"{unequal}: { {name: len(rows) for name, rows in found.items()} } suppliers, {len(wanted)} wanted")

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        return {
            "ours": lambda: self._many / self._run_ours(self._many),
            "anchor": lambda: PART / self._run_anchor("documented", PART),
            "tuned": lambda: PART / self._run_anchor("tuned", PART),
            "limit": lambda: self._many / self._run_limit(self._many),
        }

    def notes(self) -> list[str]:
        half, part = self._run_anchor("documented", HALF), self._run_anchor("documented", PART)
        start, read, write = self._steps[-1]
        return [
            f"the anchor is linear: {HALF:,} rows {half:.2f} s, {PART:,} rows {part:.2f} s ({part / half:.2f} times)",
            f"ours, last round: upload {start:.2f} s, read and preview {read:.2f} s, confirm and write {write:.2f} s",
            f"ours, peak memory of the process: {max(self._peaks):.0f} MB",
        ]

    def _run_ours(self, many: int) -> float:
        self._free.execute(f"set client_min_messages = warning; truncate {', '.join('suppliers_' + name for name in ABOUT_LISTS)} cascade")
        said = self._hands.run(path=str(self._paths[many]))[0]
        if said["state"] != "done":
            raise Unequal(f"ours ended {said['state']}")
        self._steps.append(said["steps"])
        self._peaks.append(said["peak_mb"])
        return float(said["seconds"])

    def _run_anchor(self, how: str, many: int) -> float:
        return float(self._anchors.run(path=str(self._paths[many]), how=how)[0]["seconds"])

    def _run_limit(self, many: int) -> float:
        self._free.execute("truncate copied")
        rows = [(n, *row) for n, row in enumerate(ready(rows_of_a_list(many)))]
        began = time.perf_counter()
        with self._free.cursor().copy(f"copy copied (id, {COLUMNS}) from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        return time.perf_counter() - began
