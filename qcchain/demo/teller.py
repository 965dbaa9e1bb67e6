"""The product's own verbs, at moments of the past: what the stories are told with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils import timezone

from agreements.models import Agreement, Clause, Obligation
from agreements.selectors import current_version
from agreements.services import (
    activate_agreement,
    change_clause,
    draft_agreement,
    file_document,
    send_agreement,
    share_results,
    sign_agreement,
)
from audits.models import Audit, Finding
from audits.schedule import Rhythm, dates_of
from audits.services import (
    ActionWords,
    Observation,
    accept_audit,
    accept_finding,
    add_photo,
    answer_finding,
    raise_finding,
    save_answer,
    submit_audit,
    verify_action,
)
from audits.services import tick as audits_tick
from foundation.actor import as_actor
from qcchain.demo.effects import carry_out
from qcchain.demo.firms import Firm
from qcchain.demo.moments import Moments
from qcchain.demo.people import DEMO_PASSWORD
from qcchain.demo.pictures import drawn
from qcchain.demo.relations import link_id
from records.models import Evidence, RecordEntry
from records.services.evidence import file_evidence
from suppliers.models import SupplyLink

# How long before its first day an agreement was drafted, sent, and signed by either side.
DRAFTED, SENT, OWNER_SIGNED, SUPPLIER_SIGNED = (timedelta(days=days) for days in (12, 10, 8, 6))
EVERY_MONTHS, NOTICE_DAYS = 3, 14  # as the templates have them
LOOKS = ("label", "sheet", "scale", "shelf", "shelf")
Params = Mapping[str, Mapping[str, Any]]  # of a clause type, what the owner changed in the draft


class Teller:
    """One pair of firms and the moments of their story."""

    def __init__(self, owner: Firm, supplier: Firm, moments: Moments, pictures: Path) -> None:
        self.owner, self.supplier, self.moments = owner.actor(), supplier.actor(), moments
        self._firms, self._pictures, self._drawn = (owner, supplier), pictures, 0
        self.agreement: Agreement

    def drafted(self, template: str, starts: date, *, ends: date | None = None, params: Params | None = None, at: datetime) -> None:
        with as_actor(self.owner):
            link = SupplyLink.objects.get(pk=link_id(*self._firms))
            self.agreement = draft_agreement(
                actor=self.owner, link=link, template_code=template, effective_from=starts, effective_to=ends, now=at
            )
            for clause in Clause.objects.filter(version__agreement=self.agreement, type__in=params or {}).select_related(
                "version__agreement"
            ):
                change_clause(actor=self.owner, clause=clause, params=(params or {})[clause.type], now=at)

    def sent(self, *, at: datetime) -> None:
        with as_actor(self.owner):
            self.agreement = send_agreement(actor=self.owner, agreement=self.agreement, now=at)

    def signed(self, side: str, *, at: datetime) -> None:
        actor = self.owner if side == "owner" else self.supplier
        with as_actor(actor):
            sha256 = current_version(actor, self.agreement).sha256
            sign_agreement(actor=actor, agreement=self.agreement, sha256=sha256, password=DEMO_PASSWORD, now=at)

    def agreed(self, template: str, starts: date, *, ends: date | None = None, params: Params | None = None) -> None:
        """Drafted, sent and signed before its first day, and in force from then on."""
        self.starts = starts
        first = self.moments.on(starts, 8)
        self.drafted(template, starts, ends=ends, params=params, at=first - DRAFTED)
        self.sent(at=first - SENT)
        self.signed("supplier", at=first - SUPPLIER_SIGNED)
        self.signed("owner", at=first - SUPPLIER_SIGNED + timedelta(hours=5))
        activate_agreement(agreement=self.agreement, now=self.moments.on(starts, 0, 5))

    def audit(self, period: int) -> Audit:
        """The audit of a period, made by the tick of the day on which it is announced."""
        rhythm = Rhythm(self.starts, every_months=EVERY_MONTHS, every_days=0, notice_days=NOTICE_DAYS)
        at = self.moments.on(dates_of(rhythm, period, self.moments.worked).notice_on, 0, 10)
        audits_tick(at)
        carry_out(now=at)
        return Audit.objects.get(agreement=self.agreement, period=period)

    def answer(self, audit: Audit, answers: Sequence[tuple[str, str]], *, at: datetime) -> None:
        """Question by question, with a photo where the rule asks for one."""
        with as_actor(self.supplier):
            for number, (answer, note) in enumerate(answers, start=1):
                moment = at + timedelta(minutes=number)
                save_answer(actor=self.supplier, audit_id=audit.pk, number=number, answer=answer, note=note, now=moment)
                if number <= 2 or (answer == "no" and number <= 4):
                    photo = self.photo(LOOKS[number - 1], at=moment)
                    add_photo(actor=self.supplier, audit_id=audit.pk, number=number, evidence=photo, now=moment)

    def submit(self, audit: Audit, answers: Sequence[tuple[str, str]], *, at: datetime) -> None:
        self.answer(audit, answers, at=at - timedelta(minutes=9))
        with as_actor(self.supplier):
            submit_audit(actor=self.supplier, audit_id=audit.pk, now=at)

    def photo(self, look: str, *, at: datetime, by_owner: bool = False) -> Evidence:
        """A drawing, filed as a photo is: screened, the original sealed, the copy shared."""
        self._drawn += 1
        actor = self.owner if by_owner else self.supplier
        number = int(self._firms[1].number) * 10 + self._drawn
        path = self._pictures / f"{look}-{number}.jpg"
        path.write_bytes(drawn(look, number))
        return file_evidence(actor=actor, path=path, name=f"{look}-{number}.jpg", client_id=f"{self.agreement.pk}-{self._drawn}", now=at)

    def raise_(self, audit: Audit, grade: str, words: tuple[str, str], *, question: str, at: datetime) -> Finding:
        seen = Observation(grade=grade, requirement=words[0], observed=words[1], question_code=question)
        with as_actor(self.owner):
            return raise_finding(actor=self.owner, audit_id=audit.pk, seen=seen, client_id=f"{audit.pk}-{question}", now=at)

    def accept(self, finding: Finding, *, at: datetime) -> None:
        with as_actor(self.supplier):
            accept_finding(actor=self.supplier, finding_id=finding.pk, now=at)

    def answer_finding(self, finding: Finding, words: tuple[str, str, str], *, at: datetime) -> None:
        with as_actor(self.supplier):
            proof = self.photo("shelf", at=at - timedelta(minutes=2))
            answer_finding(
                actor=self.supplier,
                finding_id=finding.pk,
                said=ActionWords(*words),
                evidence_id=proof.pk,
                client_id=f"{finding.pk}-1",
                now=at,
            )

    def verify(self, finding: Finding, *, at: datetime) -> None:
        with as_actor(self.owner):
            verify_action(actor=self.owner, finding_id=finding.pk, now=at)

    def review(self, audit: Audit, *, at: datetime) -> None:
        with as_actor(self.owner):
            accept_audit(actor=self.owner, audit_id=audit.pk, now=at)

    def duties(self, side: str, kind: str) -> list[Obligation]:
        rows = Obligation.objects.filter(agreement=self.agreement, side=side, kind=kind)
        return list(rows.select_related("agreement").order_by("due_on", "id"))

    def share(self, duty: Obligation, note: str, *, at: datetime) -> None:
        with as_actor(self.owner):
            share_results(actor=self.owner, obligation=duty, note=note, now=at)

    def file(self, duty: Obligation, *, at: datetime, number: str = "") -> None:
        with as_actor(self.supplier):
            paper = self.photo("paper", at=at)
            expires = timezone.localdate(at) + timedelta(days=700)
            file_document(actor=self.supplier, obligation=duty, evidence=paper, number=number, expires_on=expires, now=at)

    def entry(self, kind: str) -> RecordEntry:
        return RecordEntry.objects.filter(stream_id=self.agreement.stream_id, kind=kind).latest("at")


def folder() -> TemporaryDirectory[str]:
    """Where drawings lie until they are filed."""
    return TemporaryDirectory(prefix="qcchain-demo-")
