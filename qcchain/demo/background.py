"""The many agreements behind the stories: what the bureau's map, tables and sums are made of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from agreements.clauses import rendered
from agreements.models import Agreement, AgreementTemplate, AgreementVersion, Clause, Obligation, Signature
from agreements.schedule import AHEAD_MONTHS, Span, add_months, dated_duties
from agreements.services.ahead import EXTEND
from agreements.services.signing import METHOD
from agreements.text import document, locked
from agreements.words import obligation_words
from foundation.actor import Hat
from jobs.models import Claim
from qcchain.demo.background_audits import AuditTrail, upcoming
from qcchain.demo.book import Book
from qcchain.demo.firms import Firm
from qcchain.demo.moments import Moments
from qcchain.demo.names import SEED
from qcchain.demo.relations import Pair, link_id
from qcchain.demo.words import Words
from records.models import Grant, RecordStream
from suppliers.expiry import next_reminder
from suppliers.models import Paper

TEMPLATES = {"fibre": "cashmere-yarn-1", "spinning": "cashmere-yarn-1", "dyeing": "dyeing-1"}
OTHERWISE = "garment-1"
# Of every hundred: how many stand in which state. A named owner has only what nothing can become of.
STATES = {"in_force": 76, "in_review": 7, "signing": 6, "signed": 3, "expired": 5, "draft": 3}
NEUTRAL_STATES = {"in_force": 82, "in_review": 10, "expired": 8}
EVERY = {"owner_duty": {"every_months": 3}}
NEUTRAL_EVERY = {"owner_duty": {"every_months": 6}, "audit_frequency": {"every_months": 6}}
RUNS_ON = (25, 75)  # days that a named owner's agreement still runs
FRESH = 50  # days after which what is late was kept after all


def write_background(pairs: Sequence[Pair], moments: Moments, *, most: int) -> None:
    """Agreements of the first `most` pairs, each in a state that holds together."""
    random = Random(SEED)
    book = Book(moments, random)
    chosen = sorted(random.sample(list(pairs), min(most, len(pairs))), key=lambda pair: (pair[0].number, pair[1].number))
    lives = [Life(book, owner, supplier) for owner, supplier in chosen]
    lives = [life for life in lives if life.fits]
    _number(lives)
    for life in lives:
        life.live()
    book.write()


def _number(lives: Sequence[Life]) -> None:
    """Numbers of each owner and year in the order of drafting, after those that stand."""
    last: dict[tuple[Any, int], int] = defaultdict(int)
    for owner_id, number in Agreement.objects.values_list("owner_org_id", "number"):
        year, place = number.removeprefix("QCA-").split("-")
        last[owner_id, int(year)] = max(last[owner_id, int(year)], int(place))
    for life in sorted(lives, key=lambda life: life.drafted_at):
        key = life.owner.id, timezone.localtime(life.drafted_at).year
        last[key] += 1
        life.number = f"QCA-{key[1]}-{last[key]:04d}"


@cache
def template_of(code: str) -> AgreementTemplate:
    return AgreementTemplate.objects.get(pk=code)


class Life:
    """One agreement from its draft to today."""

    number = ""

    def __init__(self, book: Book, owner: Firm, supplier: Firm) -> None:
        self.book, self.owner, self.supplier = book, owner, supplier
        self.random, self.moments = book.random, book.moments
        self.template = template_of(TEMPLATES.get(supplier.nodes[0], OTHERWISE))
        states = NEUTRAL_STATES if owner.is_neutral else STATES
        self.state = self.random.choices(list(states), list(states.values()))[0]
        # How often this firm keeps its word in time.
        self.reliable = 1.0 if owner.is_neutral else self.random.choice((0.97, 0.94, 0.9, 0.85, 0.76))
        self.fits = self._find_days()
        self.drafted_at = self._at(self.drafted_on, 9)

    # days -----------------------------------------------------------------

    def _find_days(self) -> bool:
        """Days that fit the state. Under a named owner nothing may fall due from today on; without such days, no agreement."""
        today, random = self.moments.today, self.random
        for _ in range(40):
            back = {"in_force": (16, 330), "expired": (380, 540), "signed": (-20, -3)}.get(self.state, (-30, -12))
            self.starts = today - timedelta(days=random.randint(*back))
            self.ends = self._end()
            self.drafted_on = min(self.starts - timedelta(days=random.randint(11, 24)), today - timedelta(days=random.randint(7, 9)))
            if not self.owner.is_neutral or self.state != "in_force" or self.ends is not None:
                return True
        return False

    def _end(self) -> date | None:
        today = self.moments.today
        if self.state == "expired":
            return today - timedelta(days=self.random.randint(6, 60))
        if self.owner.is_neutral and self.state == "in_force":
            return self._quiet_end()
        return add_months(self.starts, 24) if self.random.random() < 0.6 else None

    def _quiet_end(self) -> date | None:
        """The first day on which something would be asked: the agreement ends there, before it is. None where that is too near."""
        today = self.moments.today
        days = [day for clause in self._bodies() for day in upcoming(clause, self.starts, self.moments)]
        ahead = [day for day in days if day >= today - timedelta(days=15)]
        end = min([*ahead, today + timedelta(days=self.random.randint(*RUNS_ON))])
        return end if end > today + timedelta(days=8) else None

    def _bodies(self) -> list[dict[str, Any]]:
        changed = NEUTRAL_EVERY if self.owner.is_neutral else EVERY
        return [{**body, "params": {**body["params"], **changed.get(body["type"], {})}} for body in self.template.clauses]

    def _at(self, day: date, hour: int) -> datetime:
        return self.moments.on(day, hour, self.random.randint(0, 59))

    # the agreement --------------------------------------------------------

    def live(self) -> None:
        """Every row that this agreement would have left."""
        self._draft()
        if self.state == "draft":
            return
        self._send()
        if self.state == "in_review":
            self.book.ask(self.agreement, "supplier", "agreement_to_review", self.agreement.pk, at=self.sent_at)
            return
        self._sign("owner", self.sent_at + timedelta(days=2))
        if self.state == "signing":
            self.book.ask(self.agreement, "supplier", "agreement_to_sign", self.agreement.pk, at=self.sent_at + timedelta(days=2))
            return
        self._sign("supplier", self.sent_at + timedelta(days=4))
        self.agreement.signed_at = self.sent_at + timedelta(days=4)
        if self.state != "signed":
            self._take_effect()

    def _draft(self) -> None:
        sides = {"owner_org_id": self.owner.id, "supplier_org_id": self.supplier.id}
        names = {
            "owner_name_zh": self.owner.name.zh, "owner_name_en": self.owner.name.en, "supplier_name_zh": self.supplier.name.zh,
            "supplier_name_en": self.supplier.name.en,
        }  # fmt: skip
        stream = self.book.add(RecordStream(**sides, **names, opened_at=self.drafted_at, last_at=self.drafted_at))
        self.agreement: Agreement = self.book.add(
            Agreement(
                number=self.number, **sides, **names, link_id=link_id(self.owner, self.supplier), stream=stream,
                template_code=self.template.code, region_code=self.supplier.region, town_code=self.supplier.town,
                node_codes=list(self.supplier.nodes), state=self.state, effective_from=self.starts, effective_to=self.ends, is_demo=True,
                created_at=self.drafted_at,
            )
        )  # fmt: skip
        self.version = self.book.add(
            AgreementVersion(
                agreement=self.agreement, **sides, effective_from=self.starts, effective_to=self.ends,
                state="ended" if self.state == "expired" else self.state,
            )
        )
        self.clauses = [
            self.book.add(
                Clause(
                    version=self.version, **sides, order=order, type=body["type"], side=body["side"], params=body["params"],
                    text_zh=rendered(body["text_zh"], body["params"]), text_en=rendered(body["text_en"], body["params"]),
                )
            )
            for order, body in enumerate(self._bodies(), start=1)
        ]  # fmt: skip

    def _send(self) -> None:
        self.sent_at = self.drafted_at + timedelta(days=1, hours=2)
        names = (self.template.name_zh, self.template.name_en)
        value = document(agreement=self.agreement, version=self.version, names=names, clauses=self.clauses)
        self.version.canonical, self.version.sha256 = locked(value)
        self.version.locked_at = self.agreement.sent_at = self.sent_at
        self._said("agreement_sent", self.owner, at=self.sent_at)
        self.book.tell(self.agreement, "supplier", "agreement_to_review", self.agreement.pk, at=self.sent_at)

    def _said(self, kind: str, by: Firm, *, at: datetime, **more: Any) -> None:
        payload = {"number": self.number, "version": 1, "sha256": self.version.sha256, **more}
        self.book.note(self.agreement, kind, by.actor(), self.agreement.pk, payload, at=at)

    def _sign(self, side: str, at: datetime) -> None:
        firm = self.owner if side == "owner" else self.supplier
        self.book.add(
            Signature(
                version=self.version, owner_org_id=self.owner.id, supplier_org_id=self.supplier.id, side=side, org_id=firm.id,
                person_id=firm.person_id, person_name=firm.person, method=METHOD, sha256=self.version.sha256, at=at,
            )
        )  # fmt: skip
        self._said("agreement_signed", firm, at=at, side=side, method=METHOD)

    def _take_effect(self) -> None:
        at = self.moments.on(self.starts, 0, 1)
        self.version.in_force = True
        payload = {"number": self.number, "version": 1, "sha256": self.version.sha256}
        self.book.by_clock(self.agreement, "agreement_in_force", self.agreement.pk, payload, at=at, on=self.starts)
        for side in ("owner", "supplier"):
            self.book.tell(self.agreement, side, "agreement_in_force", self.agreement.pk, at=at)
        month = f"{self.moments.today:%Y-%m}"
        self.book.add(Claim(task=EXTEND, key=f"{self.agreement.pk}:{month}", at=self.moments.now))
        self._grant()
        for clause in self.clauses:
            self._duties(clause, at)
            if clause.type == "audit_frequency":
                AuditTrail(self, clause).walk()
        if self.state == "expired" and self.ends:
            ended = {"number": self.number, "ended_on": self.ends.isoformat()}
            self.book.by_clock(self.agreement, "agreement_ended", self.agreement.pk, ended, at=self.moments.on(self.ends, 0, 1))

    def _grant(self) -> None:
        for clause in self.clauses:
            for what in clause.params["what"] if clause.type == "data_sharing" else ():
                self._grant_row(clause, self.supplier, self.owner, what)
            if clause.type == "owner_duty":
                self._grant_row(clause, self.owner, self.supplier, "results")

    def _grant_row(self, clause: Clause, giver: Firm, taker: Firm, what: str) -> None:
        self.book.add(
            Grant(
                from_org_id=giver.id, to_org_id=taker.id, to_name_zh=taker.name.zh, to_name_en=taker.name.en, what=what, clause_id=clause.pk,
                agreement_id=self.agreement.pk, valid_from=self.starts, valid_to=self.ends - timedelta(days=1) if self.ends else None,
            )
        )  # fmt: skip

    # duties ---------------------------------------------------------------

    def _duties(self, clause: Clause, arose_at: datetime) -> None:
        span = Span(self.starts, self.ends, add_months(self.moments.today, AHEAD_MONTHS))
        for duty in dated_duties(clause.type, clause.params, span=span, days=self.moments.worked):
            row = self.arise(clause, duty.side, duty.kind, duty.key, due_on=duty.due_on, at=arose_at)
            kept = self.kept_on(duty.due_on, self.starts)
            if kept is not None:
                self._keep(row, clause, kept)

    def arise(self, clause: Clause, side: str, kind: str, key: str, *, due_on: date, at: datetime, subject_id: Any = None) -> Obligation:
        return self.book.add(
            Obligation(
                agreement=self.agreement, owner_org_id=self.owner.id, supplier_org_id=self.supplier.id, clause_id=clause.pk, kind=kind,
                side=side, key=key, created_at=at, due_on=due_on, subject_id=subject_id,
            )
        )  # fmt: skip

    def kept_on(self, due_on: date, arose_on: date) -> date | None:
        """The day on which a duty was kept; None while it is not. What was late for long was kept after all."""
        today, random = self.moments.today, self.random
        early = max(due_on - timedelta(days=random.randint(0, 6)), arose_on)
        if due_on >= today:
            return early if early < today and random.random() < 0.5 else None
        if self.state == "expired" or random.random() < self.reliable:
            return early
        late = due_on + timedelta(days=random.randint(1, 9))
        if due_on < today - timedelta(days=FRESH) or (late < today and random.random() < 0.4):
            return late
        return None

    def _keep(self, row: Obligation, clause: Clause, day: date) -> None:
        at = self._at(day, self.random.randint(9, 16))
        titles = titles_of(row.kind, clause)
        if row.kind == "document":
            paper = self.book.picture("paper", self.supplier, at=at, shown_to=self.owner.id)
            self.book.add(
                Paper(
                    org_id=self.supplier.id,
                    kind=clause.params["document"],
                    evidence_id=paper.pk,
                    filed_at=at,
                    expires_on=add_months(day, 24),
                    remind_on=next_reminder(add_months(day, 24), after=timezone.localdate(at)),
                )
            )
            payload = {**titles, "document": clause.params["document"], "sha256": paper.shared_sha256, "evidence": str(paper.pk)}
            self.book.note(self.agreement, "document_filed", self.supplier.actor(), row.pk, payload, at=at)
            row.subject_id = paper.pk
        else:
            note = self.random.choice(Words.RESULTS)
            self.book.note(self.agreement, "results_shared", self.owner.actor(), row.pk, {**titles, "note": note}, at=at)
        self.meet(row, clause, at=at)

    def meet(self, row: Obligation, clause: Clause, *, at: datetime) -> None:
        """The duty was kept at that moment; the record says so."""
        row.met_at, row.met_on = at, timezone.localdate(at)
        facts: dict[str, Any] = {"kind": row.kind, "side": row.side, "key": row.key, "due_on": row.due_on.isoformat()}
        payload = {**facts, **titles_of(row.kind, clause), "met_on": row.met_on.isoformat(), "late": row.met_on > row.due_on}
        self.book.by_clock(self.agreement, "obligation_met", row.pk, payload, at=at)

    def actor_of(self, hat: Hat) -> Any:
        return (self.owner if hat == Hat.OWNER else self.supplier).actor()


def titles_of(kind: str, clause: Clause) -> dict[str, str]:
    """What a duty asks, in both languages, as the record keeps it."""
    return dict(_titles(kind, clause.params.get("name_zh", ""), clause.params.get("name_en", "")))


@cache
def _titles(kind: str, name_zh: str, name_en: str) -> tuple[tuple[str, str], ...]:
    params = {"name_zh": name_zh, "name_en": name_en}
    said = []
    for name, language in (("title_zh", "zh-hans"), ("title_en", "en")):
        with override(language):
            said.append((name, obligation_words(kind, params)))
    return tuple(said)
