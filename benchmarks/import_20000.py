"""A list of 20,000 suppliers from a workbook: read, checked, deduplicated, previewed and put on the owner's list."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
from django.db import transaction
from django.utils import timezone

from benchmarks import cluster
from benchmarks.base import Race, Unequal
from benchmarks.processes import Crew
from foundation.actor import as_actor
from parties.phones import phone_e164
from parties.uscc import check_character
from tests.cast import actor

HEADER = ["企业名称", "统一社会信用代码", "联系人", "手机号", "地址"]
PLAIN_TABLE = """
create table import_rows_supplier (id bigserial primary key, name_zh varchar(80) not null, uscc varchar(18) not null unique,
  contact varchar(60) not null, phone varchar(16) not null, address varchar(200) not null);
create table copied (like import_rows_supplier including all);
grant all on import_rows_supplier to qcc_owner; grant all on all sequences in schema public to qcc_owner;
"""
EMPTY = "truncate suppliers_importrow, suppliers_supplierimport, suppliers_linkgram, suppliers_supplylink, suppliers_invitation, agreements_agreement cascade"


class Import20000(Race):
    title = "20,000 suppliers from an xlsx, checked and deduplicated"
    anchor = "openpyxl, a ModelForm per row, is_valid() and save() (not django-import-export, which is no dependency of ours)"
    ours = "start_import() and confirm_import() with the hat on: preview rows kept, every cell judged, search grams written"
    limit = "COPY of the ready rows into a plain table: nothing read, checked or compared"
    goal = "at least 3× the anchor"
    over, at_least, unit = "anchor", 3.0, "rows/s"

    def open(self, stack: ExitStack) -> None:
        name = stack.enter_context(cluster.database("import"))
        self._free = cluster.superuser(stack, name)
        self._free.execute(PLAIN_TABLE)
        self._many = 1_000 if self.quick else 20_000
        self._rows = rows_of_a_list(self._many)
        self._book = workbook(self._rows)
        self._path = Path(stack.enter_context(TemporaryDirectory(prefix="qcchain-"))) / "list.xlsx"
        self._path.write_bytes(self._book)
        self._crew = Crew(stack, "benchmarks.anchors.import_rows.worker", 1, cluster.environment(name))

    def check(self) -> None:
        for lane in self.lanes().values():
            lane()
        columns = "name_zh, uscc, contact, phone, address"
        found = {
            table: self._free.execute(f"select {columns} from {table} order by uscc").fetchall()
            for table in ("suppliers_supplylink", "import_rows_supplier", "copied")
        }
        first, *others = found.values()
        if len(first) != self._many * 98 // 100 or any(other != first for other in others):
            raise Unequal(f"suppliers written: { {table: len(rows) for table, rows in found.items()} }, or not the same")

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        return {"ours": self._ours, "anchor": self._anchor, "limit": self._limit}

    def _ours(self) -> float:
        from suppliers.services.lists import confirm_import, start_import

        self._free.execute(EMPTY)
        chen, now = actor("chen"), timezone.now()
        began = time.perf_counter()
        with transaction.atomic(), as_actor(chen):
            batch = start_import(actor=chen, file_name="list.xlsx", data=self._book, now=now)
        with transaction.atomic(), as_actor(chen):
            confirm_import(actor=chen, batch=batch, now=now)
        return self._many / (time.perf_counter() - began)

    def _anchor(self) -> float:
        return self._many / self._crew.run(path=str(self._path))[0]["seconds"]

    def _limit(self) -> float:
        self._free.execute("truncate copied")
        ready = [(n, *row[:3], phone_e164(row[3]), row[4]) for n, row in enumerate(unique(self._rows))]
        began = time.perf_counter()
        with self._free.cursor().copy("copy copied (id, name_zh, uscc, contact, phone, address) from stdin") as copy:
            for row in ready:
                copy.write_row(row)
        return self._many / (time.perf_counter() - began)


def rows_of_a_list(many: int) -> list[list[str]]:
    """Invented firms; one in a hundred stands twice, one in a hundred has a code that does not fit together."""
    rows = []
    for n in range(many):
        body = f"0DEM0{n if n % 100 != 50 else n - 1:012d}"
        code = body + check_character(body)
        if n % 100 == 75:
            code = code[:-1] + ("A" if code[-1] != "A" else "B")
        rows.append([f"宁波示例{n if n % 100 != 50 else n - 1}号纺织有限公司", code, "联系人", f"190{n:08d}", f"示例路 {n + 1} 号"])
    return rows


def unique(rows: list[list[str]]) -> list[list[str]]:
    """What a careful clerk would have left: the first of each code, and only codes that fit."""
    first: dict[str, list[str]] = {}
    for row in rows:
        if check_character(row[1][:17]) == row[1][17]:
            first.setdefault(row[1], row)
    return list(first.values())


def workbook(rows: list[list[Any]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (HEADER, *rows):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
