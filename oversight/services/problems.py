"""Problems: reported by anybody, taken up, judged, confirmed on evidence, merged and followed by the bureau."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import RuleBroken
from notices.services import close_todo, put_todo, tell
from oversight.categories import CATEGORIES
from oversight.models import Competence, Problem, ProblemEvent, ProblemEvidence, ProblemReport
from oversight.problem_rules import UNCONFIRMED, frozen, may_move, road_of
from oversight.selectors.problems import known_of
from parties.models import ChainNode, OrgRole, Region
from parties.roles import MAY_FILE

REPORTERS = (Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER)
SHORTEST, LONGEST, LONGEST_REPORT = 8, 200, 2000
ORIGINS = ("words", "variation", "finding", "lot", "map", "round")


@dataclass(frozen=True, slots=True)
class About:
    """What a problem is about; every part but the category may be left open."""

    category: str = ""
    node: str = ""
    regions: Sequence[str] = ()
    characteristic: str = ""


@dataclass(frozen=True, slots=True)
class ProblemSaid:
    """A problem as the bureau writes it down."""

    statement: str
    about: About
    severity: int = 3
    cause: str = ""


def sentence(text: str, *, longest: int = LONGEST, field: str = "statement") -> str:
    """What was typed, trimmed. Raises RuleBroken where it says nothing."""
    text = text.strip()
    if not SHORTEST <= len(text) <= longest:
        raise RuleBroken("problem_needs_words", field=field, shortest=SHORTEST, longest=longest)
    return text


def _check_about(about: About, *, category_needed: bool) -> None:
    if (about.category or category_needed) and about.category not in CATEGORIES:
        raise RuleBroken("problem_category_unknown", field="category")
    if about.node and not ChainNode.objects.filter(pk=about.node).exists():
        raise RuleBroken("problem_place_unknown", field="node")
    known = set(Region.objects.filter(pk__in=about.regions).values_list("pk", flat=True))
    if set(about.regions) - known:
        raise RuleBroken("problem_place_unknown", field="regions")


@transaction.atomic
def report_problem(*, actor: Actor, words: str, about: About, origin: str, client_id: UUID, now: datetime) -> ProblemReport:
    """Say a problem in a minute. The bureau reads it with the firm's name, nobody else does. The same `client_id` reports once."""
    actor.must_wear(*REPORTERS)
    actor.must_hold(*MAY_FILE)
    before = ProblemReport.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return before
    _check_about(about, category_needed=False)
    row = ProblemReport(
        reporter_org_id=actor.org_id, reporter_hat=actor.hat, reporter_name_zh=actor.org_name_zh, reporter_name_en=actor.org_name_en,
        reported_by=actor.person_name, at=now, words=sentence(words, longest=LONGEST_REPORT, field="words"), category=about.category,
        node_code=about.node, region_code=next(iter(about.regions), ""), characteristic_code=about.characteristic,
        origin=origin if origin in ORIGINS else "words", client_id=client_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # the same form, sent twice at once
        return ProblemReport.objects.visible_to(actor).get(client_id=client_id)
    for org_id in bureaus(is_demo=actor.is_demo):
        put_todo(org_id=org_id, hat=Hat.BUREAU, kind="problem_reported", subject_id=row.pk, facts=_facts(actor), now=now)
    return row


def bureaus(*, is_demo: bool) -> list[UUID]:
    """The offices that wear the bureau's hat; demo firms are among themselves."""
    with acting_as(Hat.CLOCK):
        return list(OrgRole.objects.filter(hat=Hat.BUREAU, org__is_demo=is_demo).values_list("org_id", flat=True))


def _facts(actor: Actor) -> dict[str, Any]:
    return {"other_zh": actor.org_name_zh, "other_en": actor.org_name_en}


@transaction.atomic
def register_problem(*, actor: Actor, said: ProblemSaid, report: ProblemReport | None = None, client_id: UUID, now: datetime) -> Problem:
    """Write a problem down, from a report or from the bureau's own looking. The same `client_id` registers once."""
    actor.must_wear(Hat.BUREAU)
    code = next_code(Problem, "QP", now)  # first: of two at once the second waits here, and then finds the first
    before: Problem | None = Problem.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return before
    _check_about(said.about, category_needed=True)
    if report is not None and report.state != "new":
        raise RuleBroken("report_settled")
    row = Problem(
        statement=sentence(said.statement), cause=said.cause.strip()[:LONGEST_REPORT], category=said.about.category, node_code=said.about.node,
        region_codes=sorted(set(said.about.regions)), characteristic_code=said.about.characteristic, severity=min(max(said.severity, 1), 5),
        state="triaged" if report is None else "reported", state_since=now, registered_by=actor.person_name, registered_at=now, client_id=client_id, code=code,
    )  # fmt: skip
    row.save(force_insert=True)
    note(actor, row, "registered", now)
    if report is not None:
        settle_report(actor=actor, report=report, problem=row, reply="", now=now)
    return row


def next_code(model: Any, prefix: str, now: datetime) -> str:
    """The next number of the year; two at once wait for each other."""
    start = f"{prefix}-{timezone.localtime(now).year}-"
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [start])
    with acting_as(Hat.CLOCK):  # the clock sees the drafts of others too
        taken = model.objects.filter(code__startswith=start).values_list("code", flat=True)
        return f"{start}{max((int(code.rpartition('-')[2]) for code in taken), default=0) + 1:03d}"


def note(actor: Actor, problem: Problem, kind: str, now: datetime, words: str = "") -> None:
    """Keep a step of a problem."""
    ProblemEvent.objects.create(problem=problem, kind=kind, state=problem.state, words=words, said_by=actor.person_name, at=now)


@transaction.atomic
def settle_report(*, actor: Actor, report: ProblemReport, problem: Problem | None, reply: str, now: datetime) -> ProblemReport:
    """Put a report to a problem, or decline it with words; the reporter is told. Settled twice the same way is settled once."""
    actor.must_wear(Hat.BUREAU)
    row: ProblemReport = ProblemReport.objects.visible_to(actor).select_for_update().get(pk=report.pk)
    state = "declined" if problem is None else "taken"
    if row.state == state and row.problem_id == (problem.pk if problem else None):
        return row
    if row.state != "new":
        raise RuleBroken("report_settled")
    words = sentence(reply, longest=LONGEST_REPORT, field="reply") if problem is None else reply.strip()[:LONGEST_REPORT]
    row.state, row.problem, row.reply, row.replied_by, row.replied_at = state, problem, words, actor.person_name, now
    row.save(update_fields=["state", "problem", "reply", "replied_by", "replied_at"])
    close_todo(kind="problem_reported", subject_id=row.pk, now=now)
    tell(
        org_id=row.reporter_org_id,
        hat=Hat(row.reporter_hat),
        kind="problem_report_answered",
        subject_id=row.pk,
        facts=_facts(actor),
        now=now,
    )
    return row


@transaction.atomic
def describe_problem(*, actor: Actor, problem: Problem, said: ProblemSaid, now: datetime) -> Problem:
    """Word a problem anew. What was confirmed keeps the counts that it was confirmed on."""
    row = _locked(actor, problem)
    _check_about(said.about, category_needed=True)
    row.statement, row.cause, row.severity = sentence(said.statement), said.cause.strip()[:LONGEST_REPORT], min(max(said.severity, 1), 5)
    row.category, row.node_code, row.region_codes = said.about.category, said.about.node, sorted(set(said.about.regions))
    row.characteristic_code = said.about.characteristic
    row.save(update_fields=["statement", "cause", "severity", "category", "node_code", "region_codes", "characteristic_code"])
    return row


def _locked(actor: Actor, problem: Problem) -> Problem:
    actor.must_wear(Hat.BUREAU)
    row: Problem = Problem.objects.visible_to(actor).select_for_update().get(pk=problem.pk)
    return row


@transaction.atomic
def move_problem(*, actor: Actor, problem: Problem, state: str, words: str, now: datetime) -> Problem:
    """Take a problem one step on. Confirming asks for evidence; who may read it grows with that step. Moved twice is moved once.

    Raises RuleBroken("problem_move_unknown"), ("problem_evidence_thin"), ("problem_merged_already").
    """
    row = _locked(actor, problem)
    if row.state == state:
        return row
    if row.duplicate_of_id:
        raise RuleBroken("problem_merged_already")
    if not may_move(row.state, state, confirmed=row.confirmed_at is not None):
        raise RuleBroken("problem_move_unknown", field="state")
    if state == "closed" or row.state == "closed":
        sentence(words, longest=LONGEST_REPORT, field="words")
    first = state == "confirmed" and row.state in UNCONFIRMED
    if first:
        _confirm(row, now)
    row.state, row.state_since = state, now
    row.save(update_fields=["state", "state_since", "confirmed_at", "confirmed_on"])
    note(actor, row, "moved", now, words.strip()[:LONGEST_REPORT])
    if first:
        _tell_institutes(actor, row, now)
    return row


def _confirm(row: Problem, now: datetime) -> None:
    known = known_of(row, today=timezone.localdate(now))
    road = road_of(known, severity=row.severity)
    if not road:
        # Never how many firms: a refusal would count a few of them, for whatever place is asked.
        raise RuleBroken("problem_evidence_thin", field="state", reporters=known.reporters)
    row.confirmed_at, row.confirmed_on = now, frozen(known, road)


def _tell_institutes(actor: Actor, row: Problem, now: datetime) -> None:
    with acting_as(Hat.CLOCK):
        able = [
            c.org_id
            for c in Competence.objects.filter(categories__contains=[row.category])
            if not c.node_codes or row.node_code in ("", *c.node_codes)
        ]
        able = list(OrgRole.objects.filter(hat=Hat.LAB, org_id__in=able, org__is_demo=actor.is_demo).values_list("org_id", flat=True))
    for org_id in able:
        tell(org_id=org_id, hat=Hat.LAB, kind="problem_to_research", subject_id=row.pk, facts=_facts(actor), now=now)


@dataclass(frozen=True, slots=True)
class EvidenceSaid:
    """A source outside the platform, with its counts."""

    kind: str
    source: str
    seen_on: date
    looked_at: int
    nonconforming: int


@transaction.atomic
def add_evidence(*, actor: Actor, problem: Problem, said: EvidenceSaid, client_id: UUID, now: datetime) -> ProblemEvidence:
    """Put a result of supervision, a round or a study to a problem. The same `client_id` adds once."""
    row = _locked(actor, problem)
    before = ProblemEvidence.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return before
    today = timezone.localdate(now)
    if not today - timedelta(days=3653) <= said.seen_on <= today:
        raise RuleBroken("evidence_day_odd", field="seen_on")
    if said.looked_at < 1 or not 0 <= said.nonconforming <= said.looked_at:
        raise RuleBroken("evidence_counts_odd", field="nonconforming")
    kind = said.kind if said.kind in ProblemEvidence.Kind.values else "supervision"
    added: ProblemEvidence = ProblemEvidence.objects.create(
        problem=row, kind=kind, source_name=sentence(said.source, longest=120, field="source"), seen_on=said.seen_on, looked_at=said.looked_at,
        nonconforming=said.nonconforming, added_by=actor.person_name, at=now, client_id=client_id,
    )  # fmt: skip
    return added


@transaction.atomic
def merge_problem(*, actor: Actor, problem: Problem, into: Problem, now: datetime) -> Problem:
    """Say that two problems are one. Reports and evidence of the merged one count for the other; nothing is moved, so it can be undone."""
    row, other = _both(actor, problem, into)
    if row.pk == other.pk or other.duplicate_of_id:
        raise RuleBroken("problem_merges_with_itself", field="into")
    if row.duplicate_of_id == other.pk:
        return row
    if row.duplicate_of_id or row.duplicates.exists():
        raise RuleBroken("problem_merged_already", field="into")
    row.duplicate_of = other
    row.save(update_fields=["duplicate_of"])
    note(actor, row, "merged_away", now, other.code)
    note(actor, other, "merged", now, row.code)
    return row


def _both(actor: Actor, one: Problem, two: Problem) -> tuple[Problem, Problem]:
    """Both locked, in the order of their ids: one into the other and the other into the one must not wait for each other."""
    actor.must_wear(Hat.BUREAU)
    rows = Problem.objects.visible_to(actor).select_for_update().filter(pk__in=[one.pk, two.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    return found[one.pk], found[two.pk]


@transaction.atomic
def unmerge_problem(*, actor: Actor, problem: Problem, now: datetime) -> Problem:
    """Take the merging back: both stand as they stood."""
    row = _locked(actor, problem)
    other = row.duplicate_of
    if other is None:
        raise RuleBroken("problem_not_merged")
    row.duplicate_of = None
    row.save(update_fields=["duplicate_of"])
    note(actor, row, "unmerged", now, other.code)
    note(actor, other, "unmerged", now, row.code)
    return row
