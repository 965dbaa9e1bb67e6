"""A month's turn of 20,000 agreements: their duties a year ahead as rows, and how each side kept its word in six periods."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from benchmarks import cluster
from benchmarks.base import Race, Unequal
from foundation.actor import Hat, acting_as

TEMPLATE = Path(__file__).resolve().parent.parent / "agreements" / "library" / "garment-2.json"
NOW = datetime.fromisoformat("2026-07-20T00:05:00+08:00")
TODAY = NOW.date()
PART, HALF = 60, 30
DATED = ("document_required", "owner_duty", "process_requirement", "sealed_sample")

# Each agreement began on a day of its own within the last ten months, so that a part of its duties lies behind.
AGREED = """
insert into agreements_agreement (id, number, owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, supplier_name_zh, supplier_name_en,
  link_id, stream_id, template_code, region_code, town_code, node_codes, state, effective_from, sent_at, signed_at, is_demo, created_at)
select ('00000000-0000-7000-a000-' || lpad(to_hex(n), 12, '0'))::uuid, 'B-' || n, ('00000000-0000-7000-8000-' || lpad(to_hex(n %% 40), 12, '0'))::uuid,
  ('00000000-0000-7000-9000-' || lpad(to_hex(n %% 6000), 12, '0'))::uuid, '主', '', '供', '', gen_random_uuid(), gen_random_uuid(), 'garment-2', '330203',
  '330203009', '{}', 'in_force', date '2025-09-20' + (n * 7 %% 300), now(), now(), true, timestamptz '2025-09-20 09:00+08' + n * interval '1 second'
from generate_series(1, %(many)s) n;
"""
VERSIONS = """
insert into agreements_agreementversion (id, agreement_id, owner_org_id, supplier_org_id, number, effective_from, in_force, state, canonical, sha256)
select uuidv7(), id, owner_org_id, supplier_org_id, 1, effective_from, true, 'in_force', '', '' from agreements_agreement where template_code = 'garment-2'
"""
CLAUSES = """
insert into agreements_clause (id, version_id, owner_org_id, supplier_org_id, "order", type, side, params, text_zh, text_en)
select uuidv7(), v.id, v.owner_org_id, v.supplier_org_id, %s, %s, %s, %s::jsonb, '', '' from agreements_agreementversion v
  join agreements_agreement a on a.id = v.agreement_id where a.template_code = 'garment-2'
"""
# Nine duties in ten that lie behind were kept, one of these late.
LIVED = """
update agreements_obligation set met_on = due_on + case when h < 80 then -2 else 3 end, met_at = now()
from (select id as it, abs(hashtext(clause_id::text || key)) % 100 as h from agreements_obligation where due_on < date '2026-07-10') x
where id = it and h < 90
"""
SAME = "select clause_id, side, key, due_on from agreements_obligation where agreement_id = any(%s) order by 1, 2, 3"
KEPT = """
select agreement_id, side, period, starts_on, met, met_late, overdue, open, waived, void from agreements_compliancekept
where agreement_id = any(%s) order by 1, 2, 3, 4
"""


class Obligations20000(Race):
    title = "duties made a year ahead, and both sides' compliance in six periods, for 20,000 agreements"
    anchor = "one at a time through the ORM: get_or_create for each duty, then filter().count() and update_or_create for each side and period; 60 agreements"
    tuned = (
        "one agreement at a time: bulk_create(ignore_conflicts=True) of its duties, one aggregate for each side and period; 60 agreements"
    )
    ours = "arise_ahead() until nothing is left, then count_kept() for all: claims, constraints and foreign keys held, the clock's hat on"
    limit = "COPY of as many ready duties into a plain table: nothing worked out, held or counted"
    goal = "at least 100× the anchor"
    over, at_least, unit = "anchor", 100.0, "agreements/s"

    def open(self, stack: ExitStack) -> None:
        name = stack.enter_context(cluster.database("obligations"))
        self._free = cluster.superuser(stack, name)
        self._many = 600 if self.quick else 20_000
        self._free.execute(AGREED, {"many": self._many})
        self._free.execute(VERSIONS)
        for order, clause in enumerate(json.loads(TEMPLATE.read_text(encoding="utf-8"))["clauses"], start=1):
            self._free.execute(CLAUSES, (order, clause["type"], clause["side"], json.dumps(clause["params"])))
        self._free.execute("create table copied (clause uuid, side text, kind text, key text, due_on date)")
        for table in ("agreement", "agreementversion", "clause"):
            self._free.execute(f"vacuum (analyze) agreements_{table}")
        self._ids = [UUID(f"00000000-0000-7000-a000-{n:012x}") for n in range(1, self._many + 1)]
        self._steps: list[tuple[float, float, int]] = []

    def check(self) -> None:
        """The first sixty agreements through each: the same duties on the same days, and the same counts."""
        found = {}
        for name, run in (
            ("ours", self._ours),
            ("anchor", partial(self._one_by_one, PART)),
            ("tuned", partial(self._one_by_one, PART, tuned=True)),
        ):
            run()
            ids = self._ids[:PART]
            found[name] = [self._free.execute(statement, (ids,)).fetchall() for statement in (SAME, KEPT)]
        if not all(found["ours"]) or found["anchor"] != found["ours"] or found["tuned"] != found["ours"]:
            raise Unequal({name: [len(rows) for rows in both] for name, both in found.items()})

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        return {
            "ours": lambda: self._many / self._ours(),
            "anchor": lambda: PART / self._one_by_one(PART),
            "tuned": lambda: PART / self._one_by_one(PART, tuned=True),
            "limit": lambda: self._many / self._copy(),
        }

    def notes(self) -> list[str]:
        half, part = self._one_by_one(HALF), self._one_by_one(PART)
        arise, count, duties = self._steps[-1]
        return [
            f"the anchor is linear: {HALF} agreements {half:.2f} s, {PART} agreements {part:.2f} s ({part / half:.2f} times)",
            f"ours, last round: {duties:,} duties made in {arise:.2f} s, both sides counted in six periods in {count:.2f} s",
        ]

    def _emptied(self) -> None:
        self._free.execute(
            "truncate agreements_obligation, agreements_compliancekept, agreements_waiver cascade; delete from jobs_claim; truncate copied"
        )

    def _ours(self) -> float:
        from agreements.services.ahead import arise_ahead
        from agreements.services.compliance_kept import count_kept

        self._emptied()
        began = time.perf_counter()
        while arise_ahead(now=NOW):
            pass
        arisen = time.perf_counter() - began
        self._free.execute(LIVED)
        self._free.execute("vacuum (analyze) agreements_obligation")
        began = time.perf_counter()
        count_kept(now=NOW)
        counted = time.perf_counter() - began
        made = self._free.execute("select count(*) from agreements_obligation").fetchone()
        self._steps.append((arisen, counted, made[0] if made else 0))
        return arisen + counted

    def _one_by_one(self, many: int, *, tuned: bool = False) -> float:
        self._emptied()
        ids = self._ids[:many]
        began = time.perf_counter()
        for agreement_id in ids:
            make_ahead(agreement_id, tuned=tuned)
        arisen = time.perf_counter() - began
        self._free.execute(LIVED)
        began = time.perf_counter()
        for agreement_id in ids:
            count(agreement_id, tuned=tuned)
        return arisen + time.perf_counter() - began

    def _copy(self) -> float:
        rows = self._free.execute("select clause_id, side, kind, key, due_on from agreements_obligation").fetchall()
        if len(rows) < self._many:  # a part stands there: the lane before this one was the anchor's
            self._ours()
            rows = self._free.execute("select clause_id, side, kind, key, due_on from agreements_obligation").fetchall()
        self._free.execute("truncate copied")
        began = time.perf_counter()
        with self._free.cursor().copy("copy copied from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        return time.perf_counter() - began


def make_ahead(agreement_id: UUID, *, tuned: bool) -> None:
    """The duties of one agreement, as a loop over its clauses writes them."""
    from agreements.models import Agreement, AgreementVersion, Obligation
    from agreements.schedule import AHEAD_MONTHS, Span, add_months, dated_duties
    from parties.selectors import working_calendar

    with transaction.atomic(), acting_as(Hat.CLOCK):
        agreement = Agreement.objects.get(pk=agreement_id)
        version = AgreementVersion.objects.get(agreement=agreement, in_force=True)
        span = Span(version.effective_from, version.effective_to, add_months(TODAY, AHEAD_MONTHS))
        sides = {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}
        days, rows = working_calendar(), []
        for clause in version.clauses.filter(type__in=DATED):
            for duty in dated_duties(clause.type, clause.params, span=span, days=days):
                named = {"clause_id": clause.pk, "side": duty.side, "key": duty.key}
                facts = {
                    "agreement": agreement,
                    **sides,
                    "kind": duty.kind,
                    "due_on": duty.due_on,
                    "grace_days": duty.grace_days,
                    "created_at": NOW,
                }
                if tuned:
                    rows.append(Obligation(**named, **facts))
                else:
                    Obligation.objects.get_or_create(**named, defaults=facts)
        if tuned:
            Obligation.objects.bulk_create(rows, ignore_conflicts=True)


def count(agreement_id: UUID, *, tuned: bool) -> None:
    """Both sides of one agreement in each period, as questions to the ORM count them."""
    from agreements.compliance import METHOD, periods_to_look_at
    from agreements.models import Agreement, ComplianceKept, Obligation

    with transaction.atomic(), acting_as(Hat.CLOCK):
        agreement = Agreement.objects.get(pk=agreement_id)
        sides = {"owner_org_id": agreement.owner_org_id, "supplier_org_id": agreement.supplier_org_id}
        for period in periods_to_look_at(TODAY):
            for side in ("owner", "supplier"):
                rows = Obligation.objects.filter(agreement=agreement, side=side, due_on__gte=period.starts_on, due_on__lt=period.ends_on)
                counts = _aggregated(rows) if tuned else {name: rows.filter(condition).count() for name, condition in CONDITIONS.items()}
                if sum(counts.values()):
                    named = {"agreement": agreement, "side": side, "period": period.kind, "starts_on": period.starts_on, "method": METHOD}
                    facts = {**sides, **counts, "ends_on": period.ends_on, "as_of": TODAY, "inputs_sha256": "", "computed_at": NOW}
                    ComplianceKept.objects.update_or_create(**named, defaults=facts)


OPEN = Q(met_on=None, void_at=None, waived_at=None)
LATE = Q(paused_on=None, grace_until__lt=TODAY)
CONDITIONS = {
    "met": Q(met_on__isnull=False, met_on__lte=F("due_on")),
    "met_late": Q(met_on__gt=F("due_on")),
    "overdue": OPEN & LATE,
    "open": OPEN & ~LATE,
    "waived": Q(met_on=None, void_at=None, waived_at__isnull=False),
    "void": Q(met_on=None, void_at__isnull=False),
}


def _aggregated(rows: Any) -> dict[str, int]:
    from django.db.models import Count

    found: dict[str, int] = rows.aggregate(**{name: Count("pk", filter=condition) for name, condition in CONDITIONS.items()})
    return found
