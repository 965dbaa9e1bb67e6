"""Visits that took place: ten at firms of the background, with findings and scores, and one firm that gets better from visit to visit."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from agreements.models import Agreement
from audits.copying import Choice
from audits.models import Audit, AuditProgramme, AuditTeam, Finding, OwnerProgramme, Question
from audits.questions import NOTHING, Answer, asked_of, points_of
from audits.selectors import deadline_clause
from audits.selectors.copies import readers_for
from audits.services import ActionWords, accept_finding, answer_finding, verify_action
from audits.services.copies import Showing, decide_copy, show_audit
from audits.services.handing_in import hand_in, review_visit
from audits.services.running import apply_ops
from foundation.actor import Actor, as_actor
from qcchain.demo.firms import Firm
from qcchain.demo.moments import Moments
from qcchain.demo.pictures import drawn
from qcchain.demo.words import Words
from records.services.evidence import PHOTOS, file_evidence

WALK, PROCESS = "process-walk-1", "process-audit-1"
CODE = "demo-visits"
PERSONAS = ("yunzhu", "lanzhi")  # what waits for them is told by their stories
SEEN = "现场抽查未见记录，负责人答不上来"
LOOKS = ("label", "sheet", "scale", "shelf")
# Of the firm that improves: days ago, how many questions were not met. D, then C, then B.
BETTER = ((400, 11), (215, 7), (45, 4))
# Of the others, one visit each: days ago, questions not met, whether its findings are closed by now.
ONCE = ((170, 3, True), (150, 1, True), (128, 5, True), (96, 2, True), (75, 6, False), (52, 0, True), (30, 3, False))
CLOSED_AFTER = timedelta(days=20)


@dataclass(frozen=True)
class Visit:
    """One visit as it will be told."""

    agreement: Agreement
    owner: Firm
    supplier: Firm
    on: date
    bad: int
    closed: bool
    checklist: str = WALK


def tell_visits(firms: Iterable[Firm], moments: Moments, pictures: Path) -> None:
    """After the background stands: its oldest agreements have the longest past to tell of."""
    known = {firm.id: firm for firm in firms}
    asking = [firm.id for firm in known.values() if firm.key in ("yantang", "lucen")]
    rows = list(Agreement.objects.filter(state="in_force", owner_org_id__in=asking).order_by("effective_from", "id"))
    rows = [row for row in rows if known[row.supplier_org_id].key not in PERSONAS]
    teller = Visitor(moments, pictures)
    better, others = rows[:1], rows[1:]
    for row in better:
        for days, bad in BETTER:
            on = moments.worked_before(days)
            if row.effective_from and on > row.effective_from + timedelta(days=20):
                teller.tell(Visit(row, known[row.owner_org_id], known[row.supplier_org_id], on, bad, closed=True))
    for number, (row, (days, bad, closed)) in enumerate(zip(others, ONCE, strict=False)):
        on = moments.worked_before(days)
        if row.effective_from and on > row.effective_from + timedelta(days=10):
            checklist = PROCESS if number == 1 else WALK
            teller.tell(Visit(row, known[row.owner_org_id], known[row.supplier_org_id], on, bad, closed, checklist))
    teller.show_to_another(known)


class Visitor:
    """Tells visits through the verbs of the runner, as if each tap came on its day."""

    def __init__(self, moments: Moments, pictures: Path) -> None:
        self.moments, self.pictures, self.taken, self.finished = moments, pictures, 0, list[Audit]()

    def tell(self, visit: Visit) -> None:
        owner, supplier = visit.owner.actor(), visit.supplier.actor()
        audit, at = self.booked(visit), self.moments.on(visit.on, 9, 30)
        with as_actor(owner):
            ops = [_op(audit, "start", at, names=[visit.supplier.person]), *self._answers(audit, visit, owner, at)]
            shown = [{"finding": op["finding"], "grade": op["grade"]} for op in ops if op["kind"] == "finding"]
            ops.append(_op(
                audit, "closing", at, name=visit.supplier.person, role="厂长", word="agrees", remark="",
                signature={"name": visit.supplier.person, "strokes": []}, shown=shown,
            ))  # fmt: skip
            done = apply_ops(actor=owner, audit_id=audit.pk, ops=ops, sent_at=at, now=at)
            refused = [each for each in done if each.status != "saved"]
            if refused:
                raise ValueError(f"a visit of the demo was refused: {refused[0]}")
            hand_in(actor=owner, audit_id=audit.pk, sha256=None, now=at + timedelta(hours=3))
            review_visit(actor=owner, audit_id=audit.pk, now=at + timedelta(days=2))
        if visit.closed:
            self.put_right(audit, owner, supplier, at + CLOSED_AFTER)
        with as_actor(owner):
            self.finished.append(Audit.objects.get(pk=audit.pk))

    def booked(self, visit: Visit, *, notice_days: int = 0) -> Audit:
        """A visit of a programme that has ended since, agreed already; with `notice_days` it is yet to be announced."""
        owner = visit.owner.actor()
        sides = {"owner_org_id": visit.agreement.owner_org_id, "supplier_org_id": visit.agreement.supplier_org_id}
        at = self.moments.on(visit.on - timedelta(days=40))
        programme, _ = OwnerProgramme.objects.get_or_create(
            owner_org_id=visit.owner.id, client_id=f"{CODE}-{visit.checklist}",
            defaults={
                "name": "过程走访" if visit.checklist == WALK else "过程审核", "state": "ended", "bands": ["A", "B", "C", "D"],
                "checklist_id": visit.checklist, "starts_on": self.moments.day(-420), "ends_on": self.moments.day(-20),
                "created_at": at, "created_by": owner.person_name, "halves": 2,
            },
        )  # fmt: skip
        rhythm, _ = AuditProgramme.objects.get_or_create(
            owner_programme=programme, supplier_org_id=visit.supplier.id, serial=0,
            defaults={
                "agreement": visit.agreement, "owner_org_id": visit.owner.id, "kind": "second_party", "checklist_id": visit.checklist,
                "every_months": 6, "notice_days": 30, "review_days": 10, "took_effect_on": programme.starts_on, "ends_on": programme.ends_on,
                "is_active": False, "halves": 2,
            },
        )  # fmt: skip
        audit = Audit(
            agreement=visit.agreement, **sides, programme=rhythm, site_id=visit.supplier.site_id, period=rhythm.audits.count(),
            kind="second_party", checklist_id=visit.checklist, nominal_on=visit.on, visit_on=visit.on, notice_on=visit.on - timedelta(days=notice_days or 30),
            half="am", halves=2, state="planned" if notice_days else "accepted", created_at=at, accepted_at=None if notice_days else at + timedelta(days=12),
        )  # fmt: skip
        audit.save(force_insert=True)
        AuditTeam(
            audit=audit, **sides, person_id=owner.person_id, person_name=owner.person_name, is_lead=True, joined_at=at
        ).save(force_insert=True)  # fmt: skip
        return audit

    def _answers(self, audit: Audit, visit: Visit, owner: Actor, at: datetime) -> list[dict[str, Any]]:
        """Every question that is asked; of those whose "no" needs no photo the first ones are not met."""
        questions = list(Question.objects.filter(version_id=visit.checklist).order_by("order"))
        could_fail = [q for q in questions if q.kind in ("yes_no", "scale") and q.photo != "always"]
        failed = [each.code for each in could_fail[:: max(1, len(could_fail) // max(visit.bad, 1))][: visit.bad]]
        said = {q.code: Answer(_value(q, bad=q.code in failed)) for q in questions}
        ops: list[dict[str, Any]] = []
        for question in asked_of(questions, said):
            answer = said.get(question.code, NOTHING)
            ops.append(_op(audit, "answer", at, question=question.code, value=answer.value, na=False, note=""))
            if question.photo == "always" or (question.photo == "on_no" and question.code in failed) or question.kind == "photo":
                ops.append(self._shot(audit, owner, question.code, at))
        raised = [q for q in questions if q.code in failed][:3]
        ops += [_finding(audit, question, at, "major" if number == 0 else "minor") for number, question in enumerate(raised)]
        return ops if deadline_clause(owner, audit.agreement_id) else [op for op in ops if op["kind"] != "finding"]

    def _shot(self, audit: Audit, owner: Actor, code: str, at: datetime) -> dict[str, Any]:
        self.taken += 1
        look = LOOKS[self.taken % len(LOOKS)]
        path, photo = self.pictures / f"visit-{self.taken}.jpg", str(uuid5(audit.pk, f"photo-{code}"))
        body = drawn(look, 7000 + self.taken)
        path.write_bytes(body)
        file_evidence(actor=owner, path=path, name=f"{look}-{self.taken}.jpg", client_id=photo, now=at, allowed=PHOTOS)
        sha256 = hashlib.sha256(body).hexdigest()
        return _op(audit, "photo", at, photo=photo, sha256=sha256, size=len(body), name=f"{look}-{self.taken}.jpg", question=code)

    def put_right(self, audit: Audit, owner: Actor, supplier: Actor, at: datetime) -> None:
        """Every finding that nobody has taken up is accepted, answered and verified."""
        words = ActionWords(*Words.ANSWER)
        with as_actor(supplier):  # what was found before goes the long way, and is still under way
            found = list(Finding.objects.filter(audit=audit, state="raised", nth=1).order_by("id"))
        for finding in found:
            with as_actor(supplier):
                accept_finding(actor=supplier, finding_id=finding.pk, now=at - timedelta(days=12))
                answer_finding(actor=supplier, finding_id=finding.pk, said=words, evidence_id=None, client_id=f"{CODE}-{finding.pk}", now=at)
            with as_actor(owner):
                verify_action(actor=owner, finding_id=finding.pk, now=at + timedelta(days=3))

    def show_to_another(self, known: dict[UUID, Firm]) -> None:
        """One audit, two owners: the first that another chain owner could read is shown, and recognised."""
        for audit in self.finished:
            supplier = known[audit.supplier_org_id].actor()
            at = self.moments.ago(20, 14)
            with as_actor(supplier):
                readers = [row for row in readers_for(supplier, audit) if not known[row.owner_org_id].is_neutral]
                if not readers or audit.reviewed_at is None or audit.reviewed_at > at:
                    continue
                showing = Showing(readers[0].pk, Choice())
                copy = show_audit(actor=supplier, audit_id=audit.pk, showing=showing, client_id=f"{CODE}-{audit.pk}", now=at)
            reader = known[readers[0].owner_org_id].actor()
            with as_actor(reader):
                decide_copy(actor=reader, copy_id=copy.pk, recognised=True, now=self.moments.ago(18, 10))
            return


def _op(audit: Audit, kind: str, at: datetime, **said: Any) -> dict[str, Any]:
    key = said.get("question") or said.get("finding") or ""
    return {"client_id": str(uuid5(audit.pk, f"{kind}-{key}")), "kind": kind, "client_time": at.isoformat(), **said}


def _finding(audit: Audit, question: Question, at: datetime, grade: str) -> dict[str, Any]:
    key = str(uuid5(audit.pk, f"finding-of-{question.code}"))
    return _op(
        audit, "finding", at, finding=key, question=question.code, grade=grade, clause_ref="", requirement=question.text_zh, observed=SEEN,
        gap="不符合要求",
    )  # fmt: skip


def _value(question: Question, *, bad: bool) -> Any:
    """A plausible answer of each kind."""
    if question.kind == "yes_no":
        return "no" if bad else "yes"
    if question.kind == "scale":
        points: Sequence[int] = points_of(question)
        return points[1] if bad else points[-1]
    if question.kind == "number":
        return question.lowest or question.highest or "12"
    if question.kind == "choice":
        return max(question.options, key=lambda each: each.get("share") or 0)["code"]
    if question.kind == "signature":
        return {"name": "史经理", "strokes": []}
    return "已看" if question.kind == "text" else None
