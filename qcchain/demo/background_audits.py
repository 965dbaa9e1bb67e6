"""Self-checks of the background: announced, answered, judged, with findings where an answer was no."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any
from uuid import UUID

from agreements.models import Clause
from agreements.schedule import Span, add_months, dated_duties
from audits.models import Audit, AuditProgramme, AuditScore, CorrectiveAction, Finding, FindingText, Question, Response, ResponseEvidence
from audits.schedule import Rhythm, dates_of, nominal_day
from audits.scoring import Mark, Standing, compute, inputs_of
from audits.status import Answered
from foundation.actor import Hat
from qcchain.demo.moments import Moments
from qcchain.demo.teller import LOOKS
from qcchain.demo.words import Words

if TYPE_CHECKING:
    from qcchain.demo.background import Life

SETTLED_AFTER = 45  # days after which a finding is closed
OPEN_STATES = ("raised", "accepted", "accepted", "answered", "answered", "contested")
REFUSED_SHARE, NO_SHARE, NA_SHARE = 0.3, 0.07, 0.25


def rhythm_of(params: Mapping[str, Any], starts: date, ends: date | None = None) -> Rhythm:
    return Rhythm(starts, every_months=params["every_months"], every_days=0, notice_days=params["notice_days"], ends_on=ends)


def upcoming(body: Mapping[str, Any], starts: date, moments: Moments) -> Iterator[date]:
    """Every day of the next year, and of its past, on which a clause asks for something."""
    until = add_months(moments.today, 13)
    if body["type"] == "audit_frequency":
        rhythm = rhythm_of(body["params"], starts)
        for period in count():
            day = nominal_day(rhythm, period)
            if day > until:
                return
            yield day
    yield from (duty.due_on for duty in dated_duties(body["type"], body["params"], span=Span(starts, None, until), days=moments.worked))


@cache
def questions_of(checklist: str) -> tuple[Question, ...]:
    return tuple(Question.objects.filter(version_id=checklist).order_by("order"))


def _made_of(answer: str) -> dict[str, Any]:
    """What an answer yes, no or na is made of in a score."""
    share = {"yes": Decimal(1), "no": Decimal(0)}.get(answer)
    return {"share": share, "out": "" if share is not None else "na" if answer == "na" else "unanswered"}


class AuditTrail:
    """The self-checks that one clause has asked for until today."""

    def __init__(self, life: Life, clause: Clause) -> None:
        self.life, self.clause, self.book = life, clause, life.book
        self.moments, self.random = life.moments, life.random
        self.sides = {"owner_org_id": life.owner.id, "supplier_org_id": life.supplier.id}
        self.deadlines = next(c for c in life.clauses if c.type == "corrective_action_deadline")
        self.programme = self.book.add(self._programme())
        self.titles: dict[UUID, str] = {}

    def _programme(self) -> AuditProgramme:
        params = self.clause.params
        return AuditProgramme(
            agreement=self.life.agreement, **self.sides, clause_id=self.clause.pk, kind=params["audit"], checklist_id=params["checklist"],
            every_months=params["every_months"], notice_days=params["notice_days"], review_days=params["review_days"],
            took_effect_on=self.life.starts, ends_on=self.life.ends, is_active=self.life.state == "in_force",
        )  # fmt: skip

    def walk(self) -> None:
        rhythm = rhythm_of(self.clause.params, self.life.starts, self.life.ends)
        for period in count():
            dates = dates_of(rhythm, period, self.moments.worked)
            if dates.notice_on > self.moments.today or (self.life.ends and dates.nominal_on >= self.life.ends):
                return
            self._one(period, dates)

    def _one(self, period: int, dates: Any) -> None:
        life, made_at = self.life, self.moments.on(dates.notice_on, 0, 2)
        audit = self.book.add(
            Audit(
                agreement=life.agreement, **self.sides, programme=self.programme, site_id=life.supplier.site_id, period=period,
                kind=self.programme.kind, checklist_id=self.programme.checklist_id, nominal_on=dates.nominal_on, visit_on=dates.visit_on,
                notice_on=dates.notice_on, state="notified", created_at=made_at,
            )
        )  # fmt: skip
        key = f"{life.supplier.site_id}:{period}"
        duty = life.arise(self.clause, "supplier", "self_check", key, due_on=dates.visit_on, at=made_at, subject_id=audit.pk)
        payload = {"checklist": audit.checklist_id, "period": period, "scheduled_on": dates.visit_on.isoformat()}
        self.book.by_clock(life.agreement, "audit_scheduled", audit.pk, payload, at=made_at, on=dates.visit_on)
        self.book.tell(life.agreement, "supplier", "audit_scheduled", audit.pk, at=made_at)
        filed_on = life.kept_on(dates.visit_on, dates.notice_on)
        if filed_on is None:
            self._unfinished(audit, made_at)
            return
        filed_at = self.moments.on(filed_on, self.random.randint(9, 16), self.random.randint(10, 59))
        answers = self._submit(audit, filed_at)
        life.meet(duty, self.clause, at=filed_at)
        self._judge(audit, answers, filed_at)

    def _unfinished(self, audit: Audit, made_at: datetime) -> None:
        self.book.ask(self.life.agreement, "supplier", "self_check_due", audit.pk, at=made_at, due_on=audit.visit_on)
        if self.random.random() < REFUSED_SHARE:
            audit.state = "in_progress"
            first = questions_of(audit.checklist_id)[0]
            self._response(audit, first, "yes", self.moments.ago(1, 15), shown=False)

    # answers --------------------------------------------------------------

    def _submit(self, audit: Audit, at: datetime) -> list[Answered]:
        life, questions = self.life, questions_of(audit.checklist_id)
        answers, sheet = [], []
        for question in questions:
            answer = self._answer(question)
            answered, photos = self._response(audit, question, answer, at, shown=True)
            answers.append(answered)
            sheet.append({"code": question.code, "answer": answer, "photos": photos})
        audit.state, audit.submitted_at, audit.submitted_by = "submitted", at, life.supplier.person
        payload = {"checklist": audit.checklist_id, "period": audit.period, "answers": len(questions), "sheet": sheet}
        by = life.supplier.actor()
        self.book.note(life.agreement, "audit_submitted", by, audit.pk, payload, at=at, on=at.astimezone(self.moments.now.tzinfo).date())
        self.book.tell(life.agreement, "owner", "audit_to_review", audit.pk, at=at)
        return answers

    def _answer(self, question: Question) -> str:
        if question.code == "MW-5" and self.random.random() < NA_SHARE:
            return "na"
        if not self.life.owner.is_neutral and question.photo != "always" and self.random.random() < NO_SHARE:
            return "no"
        return "yes"

    def _response(self, audit: Audit, question: Question, answer: str, at: datetime, *, shown: bool) -> tuple[Answered, list[str]]:
        life = self.life
        owner_org_id = life.owner.id if shown else None
        response = self.book.add(
            Response(
                audit=audit, question=question, supplier_org_id=life.supplier.id, owner_org_id=owner_org_id, answer=answer,
                note=Words.NOTES[answer], answered_by=life.supplier.person, answered_at=at,
            )
        )  # fmt: skip
        photos = []
        if question.photo == "always" or (question.photo == "on_no" and answer == "no"):
            look = LOOKS[question.order - 1]
            photo = self.book.picture(look, life.supplier, at=at, shown_to=life.owner.id if shown else None)
            photos.append(photo.shared_sha256)
            self.book.add(
                ResponseEvidence(
                    response=response, supplier_org_id=life.supplier.id, owner_org_id=owner_org_id, evidence_id=photo.pk, added_at=at
                )
            )
        return Answered(question.order, question.code, question.weight, question.is_critical, question.photo, answer), photos

    # the owner's verdict --------------------------------------------------

    def _judge(self, audit: Audit, answers: list[Answered], filed_at: datetime) -> None:
        life, filed_on = self.life, filed_at.astimezone(self.moments.now.tzinfo).date()
        due_on = self.moments.worked.add_working_days(filed_on, self.programme.review_days)
        duty = life.arise(self.clause, "owner", "review", f"review:{audit.pk}", due_on=due_on, at=filed_at, subject_id=audit.pk)
        judged_on = life.kept_on(due_on, filed_on + timedelta(days=1))
        if judged_on is None:
            self.book.ask(life.agreement, "owner", "audit_to_review", audit.pk, at=filed_at, due_on=due_on)
            return
        at = self.moments.on(judged_on, self.random.randint(9, 16), self.random.randint(10, 59))
        audit.state, audit.reviewed_at, audit.reviewed_by = "reviewed", at, life.owner.person
        audit.result_class = self._scored(audit, answers, at)
        opened = [self._finding(audit, answered, at - timedelta(minutes=5)) for answered in answers if answered.answer == "no"]
        life.meet(duty, self.clause, at=at)
        counts = {answer: sum(a.answer == answer for a in answers) for answer in ("yes", "no", "na")}
        payload = {"period": audit.period, "result_class": audit.result_class, "answers": counts}
        self.book.note(life.agreement, "audit_reviewed", life.owner.actor(), audit.pk, payload, at=at)
        self.book.tell(life.agreement, "supplier", "audit_reviewed", audit.pk, at=at)
        if all(closed_at is not None for closed_at in opened):
            audit.state, audit.closed_at = "closed", max([at, *(closed for closed in opened if closed)])

    def _scored(self, audit: Audit, answers: list[Answered], at: datetime) -> str:
        """The score as the review would have computed it; its band."""
        sections = {question.code: question.section for question in questions_of(audit.checklist_id)}
        marks = [
            Mark(each.number, each.code, each.weight, each.is_critical, section=sections[each.code], **_made_of(each.answer))
            for each in answers
        ]
        inputs = inputs_of("weighted", marks, Standing())
        came = compute(inputs)
        self.book.add(AuditScore(
            audit=audit, **self.sides, number=1, method=inputs["method"], inputs=inputs, value_hundredths=came.value_hundredths,
            band=came.band, why="reviewed", at=at,
        ))  # fmt: skip
        return came.band

    def _finding(self, audit: Audit, answered: Answered, at: datetime) -> datetime | None:
        """A finding about one answer; when it was closed, or None while it is open."""
        life, grade = self.life, "major" if answered.is_critical else "minor"
        raised_on = at.astimezone(self.moments.now.tzinfo).date()
        due_on = self.moments.worked.next_working(raised_on + timedelta(days=self.deadlines.params[grade]))
        finding = self.book.add(
            Finding(
                audit=audit, agreement_id=life.agreement.pk, **self.sides, grade=grade, raised_at=at, due_on=due_on,
                client_id=f"background-{answered.number}",
            )
        )  # fmt: skip
        requirement, observed = Words.FINDINGS[answered.code]
        self.titles[finding.pk] = requirement
        self.book.add(
            FindingText(
                finding=finding, **self.sides, requirement=requirement, observed=observed, question_code=answered.code,
                raised_by=life.owner.person,
            )
        )  # fmt: skip
        duty = life.arise(
            self.deadlines, "supplier", "corrective_action", f"finding:{finding.pk}", due_on=due_on, at=at, subject_id=finding.pk
        )
        words = {"observed": observed, "requirement": requirement, "question": answered.code, "due_on": due_on.isoformat()}
        self._said(finding, "finding_raised", Hat.OWNER, words, at)
        self.book.tell(life.agreement, "supplier", "finding_raised", finding.pk, at=at)
        settled = (self.moments.today - raised_on).days > SETTLED_AFTER or life.state == "expired"
        finding.state = "closed" if settled else self.random.choice(OPEN_STATES)
        return self._answered(finding, duty, at)

    def _answered(self, finding: Finding, duty: Any, raised_at: datetime) -> datetime | None:
        agreement, state = self.life.agreement, finding.state
        if state == "raised":
            self.book.ask(agreement, "supplier", "finding_raised", finding.pk, at=raised_at, due_on=finding.due_on)
            return None
        step = min(raised_at + timedelta(days=1), self.moments.now)
        if state == "contested":
            self._said(finding, "finding_contested", Hat.SUPPLIER, {"reason": Words.CONTESTED}, step)
            self.book.ask(agreement, "owner", "finding_contested", finding.pk, at=step)
            return None
        self._said(finding, "finding_accepted", Hat.SUPPLIER, {}, step)
        if state == "accepted":
            self.book.ask(agreement, "supplier", "finding_raised", finding.pk, at=raised_at, due_on=finding.due_on)
            return None
        answered_at = min(raised_at + timedelta(days=self.random.randint(5, 22)), self.moments.now)
        action = self._action(finding, answered_at)
        if state == "answered":
            self.book.ask(agreement, "owner", "finding_answered", finding.pk, at=answered_at)
            self.book.tell(agreement, "owner", "finding_answered", finding.pk, at=answered_at)
            return None
        closed_at = answered_at + timedelta(days=2)
        action.state, action.decided_by_id, action.decided_by = "verified", self.life.owner.person_id, self.life.owner.person
        action.decided_at = finding.closed_at = closed_at
        self.life.meet(duty, self.deadlines, at=answered_at)
        self._said(finding, "finding_closed", Hat.OWNER, {}, closed_at)
        return closed_at

    def _action(self, finding: Finding, at: datetime) -> CorrectiveAction:
        life, (correction, cause, action) = self.life, Words.ANSWER
        photo = self.book.picture("shelf", life.supplier, at=at, shown_to=life.owner.id)
        finding.answered_at = at
        words = {"correction": correction, "cause": cause, "action": action}
        self._said(finding, "finding_answered", Hat.SUPPLIER, {**words, "photo": photo.shared_sha256}, at)
        return self.book.add(
            CorrectiveAction(
                finding=finding, **self.sides, **words, evidence_id=photo.pk, answered_by_id=life.supplier.person_id,
                answered_by=life.supplier.person, answered_at=at, client_id="background",
            )
        )  # fmt: skip

    def _said(self, finding: Finding, kind: str, hat: Hat, words: dict[str, Any], at: datetime) -> None:
        payload = {"grade": finding.grade, "title": self.titles[finding.pk], **words}
        self.book.note(self.life.agreement, kind, self.life.actor_of(hat), finding.pk, payload, at=at)
