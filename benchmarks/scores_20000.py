"""The night's score of 20,000 firms: six parts of each from its facts, and a row for each that says something new."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q

from benchmarks import cluster
from benchmarks.base import Race, Unequal
from foundation.actor import CLOCK, Hat, acting_as

NOW = datetime.fromisoformat("2026-07-20T02:05:00+08:00")
TODAY = NOW.date()
PART = 60

ORG = "('00000000-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid"
OWNER = "('00000000-0000-7000-8000-' || lpad(to_hex(n %% 40), 12, '0'))::uuid"
AGREED = "('00000000-0000-7000-a000-' || lpad(to_hex(n), 12, '0'))::uuid"
SERIES = "('00000000-0000-7000-b000-' || lpad(to_hex(n * 10 + k), 12, '0'))::uuid"
AUDIT = "('00000000-0000-7000-c000-' || lpad(to_hex(n), 12, '0'))::uuid"
# Facts as they lie in each table; foreign keys and triggers are off while they are written: only the reading is timed.
FACTS = (
    f"""insert into parties_organisation (id, name_zh, name_en, pinyin_key, size, above_scale, region_id, town_id, node_codes, state, is_demo, created_at)
      select {ORG}, '供' || n, '', 's' || n, 'small', false, '330203', '330203009', array['knitting'], 'verified', true, now() from generate_series(1, %(many)s) n""",
    f"insert into parties_orgrole (id, org_id, hat) select uuidv7(), {ORG}, 'supplier' from generate_series(1, %(many)s) n",
    f"""insert into agreements_compliancekept (id, agreement_id, owner_org_id, supplier_org_id, side, period, starts_on, ends_on, method, met, met_late,
        overdue, open, waived, void, weighted, as_of, inputs_sha256, computed_at)
      select uuidv7(), {AGREED}, {OWNER}, {ORG}, 'supplier', '12m', date '2025-08-01', date '2026-08-01', 1, 10 + n %% 9, n %% 4, n %% 3, 5, 0, 0,
        0.5 + (n %% 50) / 100.0, date '2026-07-19', '', now() from generate_series(1, %(many)s) n""",
    f"""insert into inspections_characteristicresult (id, lot_id, owner_org_id, supplier_org_id, org_id, product_code, made_on, characteristic_code,
        edition_code, unit, readings, decimals, width, measured_at, received_at, origin, entered_via, instrument, verdict, out_count, marks, said_key, said)
      select uuidv7(), gen_random_uuid(), {OWNER}, {ORG}, {ORG}, 'P', date '2026-01-01' + k, 'PH', 'E', '', array[65], 1, 1, now(), now(), 'self', 'file', '',
        case when (n + k) %% 17 = 0 then 'out' else 'in' end, 0, '{{}}', gen_random_uuid(), gen_random_uuid()
      from generate_series(1, %(many)s) n cross join generate_series(1, 30) k""",
    f"""insert into inspections_watchedseries (id, owner_org_id, supplier_org_id, product_code, characteristic_code, edition_code, unit, origin, is_due, lots,
        missing, newest, touched)
      select {SERIES}, {OWNER}, {ORG}, 'P' || k, 'PH', 'E', '', 'self', false, 30, 0, date '2026-07-01', 1
      from generate_series(1, %(many)s) n cross join generate_series(1, 4) k""",
    f"""insert into onestop_seriesindex (id, supplier_org_id, characteristic_code, product_code, edition_code, unit, origin, touched, version, parts, weakest,
        value_hundredths, at)
      select uuidv7(), {ORG}, 'PH', 'P' || k, 'E', '', 'self', 1, '1', '{{}}', 'drift', 5000 + n %% 5000, now()
      from generate_series(1, %(many)s) n cross join generate_series(1, 2) k where n %% 2 = 0""",
    f"""insert into inspections_signal (id, series_id, lot_id, owner_org_id, supplier_org_id, owner_name_zh, owner_name_en, supplier_name_zh,
        supplier_name_en, product, characteristic_code, lot_no, kind, key, facts, harm, certainty, rank, state, cause, words,
        noted_by, found_at, withdrawn_why, is_demo)
      select uuidv7(), {SERIES}, null, {OWNER}, {ORG}, '', '', '', '', '', 'PH', '', 'ewma', '', '{{}}', 2, 2, 4, 'open', '', '', '', now(), '', true
      from generate_series(1, %(many)s) n cross join generate_series(1, 1) k where n %% 3 = 0""",
    f"""insert into audits_audit (id, agreement_id, owner_org_id, supplier_org_id, site_id, programme_id, period, kind, checklist_id, nominal_on, visit_on, notice_on, half,
        halves, announced, dates_asked, state, created_at, submitted_by, reviewed_by, result_class)
      select {AUDIT}, {AGREED}, {OWNER}, {ORG}, gen_random_uuid(), gen_random_uuid(), 0, 'second_party', gen_random_uuid(), date '2026-03-01', date '2026-03-01', date '2026-02-01',
        '', 1, true, 0, 'reviewed', now(), '', '', 'B' from generate_series(1, %(many)s) n""",
    f"""insert into audits_auditscore (id, audit_id, owner_org_id, supplier_org_id, number, method, inputs, value_hundredths, band, why, at)
      select uuidv7(), {AUDIT}, {OWNER}, {ORG}, k, 'weighted-1', '{{}}', 6000 + n %% 4000, 'B', 'reviewed', now()
      from generate_series(1, %(many)s) n cross join generate_series(1, 2) k""",
    f"""insert into audits_finding (id, audit_id, agreement_id, owner_org_id, supplier_org_id, grade, state, raised_at, due_on, nth, answered_at, closed_at, client_id)
      select uuidv7(), {AUDIT}, {AGREED}, {OWNER}, {ORG}, 'minor', 'closed', now(), date '2026-05-01' + k, 1,
        timestamptz '2026-05-02 10:00+08' + (n %% 3) * interval '1 day', now(), 'c' || k
      from generate_series(1, %(many)s) n cross join generate_series(1, 4) k""",
    f"""insert into suppliers_paper (id, org_id, kind, standard, number, scope, issuer, expires_on, evidence_id, state, filed_at)
      select uuidv7(), {ORG}, 'certificate', 'iso_9001', '', '', '', date '2026-06-01' + (n %% 90), gen_random_uuid(), 'verified', now()
      from generate_series(1, %(many)s) n cross join generate_series(1, 3) k""",
)  # fmt: skip
SAID = "select subject_org_id, inputs, parts, value_hundredths, band from records_score where subject_org_id = any(%s) order by 1"


class Scores20000(Race):
    title = "the night's score of 20,000 firms: six parts from 1.1 million facts, one row a firm"
    anchor = "a task a firm, its body only: a question to the ORM for each part, then create(); 60 firms, without broker and queue"
    tuned = "the same with our one question for each firm, then create(); 60 firms"
    ours = "score_firms(): one question for all, the rule in Python, one statement that writes; the clock's hat, the lock and the append-only trigger on"
    limit = "COPY of as many ready rows into a plain table: nothing counted, nothing held"
    goal = "at least 100× the anchor"
    over, at_least, unit = "anchor", 100.0, "firms/s"

    def open(self, stack: ExitStack) -> None:
        name = stack.enter_context(cluster.database("scores"))
        self._free = cluster.superuser(stack, name)
        self._many = 600 if self.quick else 20_000
        self._free.execute("set session_replication_role = replica")
        for statement in FACTS:
            self._free.execute(statement, {"many": self._many})
        self._free.execute("create table copied (org uuid, number int, inputs text, parts text, value int, band text)")
        self._free.execute("vacuum analyze")
        self._ids = [UUID(f"00000000-0000-7000-9000-{n:012x}") for n in range(1, self._many + 1)]

    def check(self) -> None:
        """The first sixty firms through each: the same facts, the same numbers."""
        found = {}
        lanes = {
            "ours": self._ours,
            "anchor": partial(self._one_by_one, one_part_at_a_time),
            "tuned": partial(self._one_by_one, one_question),
        }
        for name, run in lanes.items():
            run()
            found[name] = self._free.execute(SAID, (self._ids[:PART],)).fetchall()
        if len(found["ours"]) != PART or found["anchor"] != found["ours"] or found["tuned"] != found["ours"]:
            raise Unequal({name: rows[:2] for name, rows in found.items()})

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        return {
            "ours": lambda: self._many / self._ours(),
            "anchor": lambda: PART / self._one_by_one(one_part_at_a_time),
            "tuned": lambda: PART / self._one_by_one(one_question),
            "limit": lambda: self._many / self._copy(),
        }

    def notes(self) -> list[str]:
        from onestop.services.scoring import score_firms

        first = self._ours()
        began = time.perf_counter()
        written = score_firms(now=NOW + timedelta(minutes=5))
        return [
            f"ours: all written in {first:.2f} s; the next night, nothing new, {written} written in {time.perf_counter() - began:.2f} s"
        ]

    def _emptied(self) -> None:
        self._free.execute("truncate records_score cascade")

    def _ours(self) -> float:
        from onestop.services.scoring import score_firms

        self._emptied()
        began = time.perf_counter()
        score_firms(now=NOW)
        return time.perf_counter() - began

    def _one_by_one(self, facts: Callable[[UUID], dict[str, Any]]) -> float:
        self._emptied()
        began = time.perf_counter()
        for org in self._ids[:PART]:
            keep_one(org, facts)
        return time.perf_counter() - began

    def _copy(self) -> float:
        if self._free.execute("select count(*) from records_score").fetchone() != (self._many,):
            self._ours()
        rows = self._free.execute(
            "select subject_org_id, number, inputs::text, parts::text, value_hundredths, band from records_score"
        ).fetchall()
        self._free.execute("truncate copied")
        began = time.perf_counter()
        with self._free.cursor().copy("copy copied from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        return time.perf_counter() - began


def keep_one(org: UUID, facts: Callable[[UUID], dict[str, Any]]) -> None:
    """One firm in a transaction of its own, as a task does it."""
    from onestop.scoring import compute
    from onestop.selectors.scores import method_in_force
    from records.models import Score

    with transaction.atomic(), acting_as(Hat.CLOCK):
        method = method_in_force(CLOCK)
        inputs = json.loads(json.dumps(facts(org)))
        said = compute(method.body, inputs)
        last = Score.objects.filter(subject_org_id=org).order_by("-number").first()
        Score.objects.create(
            subject_org_id=org, number=last.number + 1 if last else 1, method=method, as_of=TODAY, inputs=inputs, parts=said.parts,
            value_hundredths=said.value_hundredths, band=said.band, why="night", at=NOW,
        )  # fmt: skip


def one_question(org: UUID) -> dict[str, Any]:
    """The facts of one firm by the product's own question."""
    from onestop.selectors.facts import facts_of

    return facts_of(TODAY, [org])[org]


def one_part_at_a_time(org: UUID) -> dict[str, Any]:
    """The facts of one firm as questions to the ORM find them."""
    from agreements.models import ComplianceKept
    from agreements.schedule import add_months
    from audits.models import Audit, AuditScore, Finding
    from inspections.models import CharacteristicResult
    from suppliers.models import Instrument, Paper

    kept = ComplianceKept.objects.filter(
        supplier_org_id=org, side="supplier", period="12m", starts_on=TODAY.replace(year=2025, month=8, day=1)
    )
    duties = [(row.due, row.met, round(row.weighted * 10_000) * row.due) for row in kept.exclude(weighted=None)]
    results = CharacteristicResult.objects.filter(
        supplier_org_id=org, replaced_by=None, verdict__in=["in", "out"], made_on__gte=add_months(TODAY, -12), made_on__lte=TODAY
    )
    judged = results.aggregate(judged=Count("pk"), passed=Count("pk", filter=Q(verdict="in")))
    visits = Audit.objects.filter(
        supplier_org_id=org, kind="second_party", state__in=["reviewed", "closed"], visit_on__gte=add_months(TODAY, -24)
    )
    scores = [
        AuditScore.objects.filter(audit=visit).order_by("-number").first()
        for visit in visits.order_by("agreement_id", "-visit_on").distinct("agreement_id")
    ]
    points = [score.value_hundredths for score in scores if score is not None and score.value_hundredths is not None]
    findings = (
        Finding.objects.filter(supplier_org_id=org).exclude(grade="ofi").exclude(state__in=["draft", "contested", "withdrawn", "noted"])
    )
    asked = findings.filter(due_on__gte=add_months(TODAY, -12), due_on__lt=TODAY)
    papers = Paper.objects.filter(org_id=org, retired_at=None, replaced_by=None).exclude(expires_on=None).exclude(state="rejected")
    dated = papers.aggregate(kept=Count("pk"), current=Count("pk", filter=Q(expires_on__gte=TODAY)))
    tools = Instrument.objects.filter(org_id=org, retired_at=None).exclude(calibration_due_on=None)
    dated["kept"] += tools.count()
    dated["current"] += tools.filter(calibration_due_on__gte=TODAY).count()
    return {
        "compliance": {
            "due": sum(d for d, _m, _w in duties),
            "met": sum(m for _d, m, _w in duties),
            "weighted": sum(w for _d, _m, w in duties),
        },
        "conformity": judged,
        "steadiness": steadiness_of(org),
        "audits": {"audits": len(points), "total": sum(points)},
        "correcting": {"due": asked.count(), "in_time": asked.filter(answered_at__date__lte=F("due_on")).count()},
        "freshness": dated,
        "open_critical": findings.filter(grade="critical").exclude(state="closed").count(),
    }


def steadiness_of(org: UUID) -> dict[str, int]:
    """The same of its series: by index, else by silence."""
    from inspections.models import Signal, WatchedSeries
    from onestop.models import SeriesIndex
    from onestop.models.indices import KEY
    from onestop.selectors.facts import OF_THE_COURSE

    series = list(WatchedSeries.objects.filter(supplier_org_id=org, missing=0))
    loud = set(
        Signal.objects.filter(series__in=series, state="open", withdrawn_at=None, kind__in=OF_THE_COURSE).values_list(
            "series_id", flat=True
        )
    )
    of = attrgetter(*KEY)
    indices = {of(row): row.value_hundredths for row in SeriesIndex.objects.filter(supplier_org_id=org).exclude(value_hundredths=None)}
    quiet = sum(row.pk not in loud and of(row) not in indices for row in series)
    return {"series": len(series), "quiet": quiet, "indexed": len(indices), "index_total": sum(indices.values())}
