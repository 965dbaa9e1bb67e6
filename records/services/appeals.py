"""An appeal against a part of a score: filed by the firm, answered by the chain owner it concerns, decided by the bureau with reasons."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, NotYours, RuleBroken
from notices.services import close_todo, put_todo, tell
from parties.models import Organisation, OrgRole
from parties.roles import MAY_WRITE
from records.models import AppealEntry, AppealOpinion, Evidence, ScoreAppeal

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SHORTEST = 2
State, Outcome = ScoreAppeal.State, ScoreAppeal.Outcome
SIDE_OF = {Hat.SUPPLIER: "appellant", Hat.OWNER: "respondent", Hat.BUREAU: "bureau"}
Counter = Callable[[ScoreAppeal, datetime], None]
_counters: list[Counter] = []


def count_anew_with(counter: Counter) -> None:
    """Say what is counted anew when an appeal is decided for the firm, in the decision's transaction and as the clock.

    Called from an AppConfig.ready() of a floor above.
    """
    if counter not in _counters:
        _counters.append(counter)


@dataclass(frozen=True)
class AppealSaid:
    """What is appealed against: a part of a stored score, as it stood (method, version, value, n, as_of), and the firm's grounds."""

    part: str
    about: dict[str, Any] = field(default_factory=dict)
    grounds: str = ""
    score_id: UUID | None = None
    respondent_org_id: UUID | None = None
    evidence_id: UUID | None = None


@transaction.atomic
def file_score_appeal(*, actor: Actor, said: AppealSaid, client_id: str, now: datetime) -> ScoreAppeal:
    """A firm appeals against a part of its score; the same `client_id` files once, and one appeal waits for a part at a time.

    Raises RuleBroken("appeal_needs_words"), ("appeal_waits_already"), ("evidence_missing").
    """
    actor.must_act_for(actor.org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_WRITE)
    before: ScoreAppeal | None = ScoreAppeal.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return before
    words, other = _words(said.grounds, "grounds"), _respondent(said.respondent_org_id)
    appeal = ScoreAppeal(
        code=f"SA-{''.join(secrets.choice(LETTERS) for _ in range(8))}", org_id=actor.org_id, org_name_zh=actor.org_name_zh,
        org_name_en=actor.org_name_en, respondent_org_id=other.pk if other else None, respondent_name_zh=other.name_zh if other else "",
        respondent_name_en=other.name_en if other else "", score_id=said.score_id, part=said.part, about=said.about, filed_by=actor.person_name,
        filed_at=now, client_id=client_id,
    )  # fmt: skip
    try:
        with transaction.atomic():
            appeal.save(force_insert=True)
    except IntegrityError:
        raise RuleBroken("appeal_waits_already", field="grounds") from None
    _say(actor, appeal, words, client_id=f"filed-{client_id}"[:64], evidence_id=said.evidence_id, now=now)
    facts = {"other_zh": actor.org_name_zh, "other_en": actor.org_name_en, "number": appeal.code}
    for office in _offices():
        put_todo(org_id=office, hat=Hat.BUREAU, kind="score_appeal_to_decide", subject_id=appeal.pk, facts=facts, now=now)
    if other is not None:
        tell(org_id=other.pk, hat=Hat.OWNER, kind="score_appealed", subject_id=appeal.pk, facts=facts, now=now)
    return appeal


@transaction.atomic
def say_on_appeal(
    *, actor: Actor, appeal: ScoreAppeal, words: str, client_id: str, now: datetime, evidence_id: UUID | None = None
) -> AppealEntry:
    """One more line on the timeline, by either side or by the bureau; the others are told. Said again, it stands once.

    Raises RuleBroken("appeal_is_decided"), ("appeal_needs_words"), ("evidence_missing").
    """
    _must_speak(actor, appeal)
    before = AppealEntry.objects.visible_to(actor).filter(appeal=appeal, client_id=client_id).first()
    if before is not None:
        return before
    if appeal.state not in (State.FILED, State.WITH_LAB):
        raise RuleBroken("appeal_is_decided", field="words")
    entry = _say(actor, appeal, _words(words, "words"), client_id=client_id, evidence_id=evidence_id, now=now)
    _tell_sides(actor, appeal, "score_appeal_said", now)
    return entry


@transaction.atomic
def ask_lab(*, actor: Actor, appeal: ScoreAppeal, lab_org_id: UUID, question: str, now: datetime) -> AppealOpinion:
    """The bureau names a laboratory of neither side and asks it one question; it sees the question and no name. Asked again, it stands once.

    Raises RuleBroken("appeal_is_decided"), ("appeal_lab_unknown"), ("appeal_lab_is_a_side"), ("appeal_lab_is_asked"), ("appeal_needs_words").
    """
    _must_decide(actor)
    row = _held(actor, appeal.pk)
    words = _words(question, "question")
    waiting: AppealOpinion | None = AppealOpinion.objects.visible_to(actor).filter(appeal=row, state=AppealOpinion.State.ASKED).first()
    if waiting is not None:
        if waiting.lab_org_id == lab_org_id:
            return waiting
        raise RuleBroken("appeal_lab_is_asked", field="lab")
    lab = next((each for each in arbitration_labs() if each.pk == lab_org_id), None)
    if lab is None:
        raise RuleBroken("appeal_lab_unknown", field="lab")
    if lab.pk in (row.org_id, row.respondent_org_id):
        raise RuleBroken("appeal_lab_is_a_side", field="lab")
    opinion = AppealOpinion(
        appeal=row, org_id=row.org_id, respondent_org_id=row.respondent_org_id, lab_org_id=lab.pk, lab_name_zh=lab.name_zh, lab_name_en=lab.name_en,
        code=row.code, question=words, asked_by=actor.person_name, asked_at=now,
    )  # fmt: skip
    opinion.save(force_insert=True)
    ScoreAppeal.objects.visible_to(actor).filter(pk=row.pk).update(state=State.WITH_LAB)
    facts = {"other_zh": row.code, "other_en": row.code}
    put_todo(org_id=lab.pk, hat=Hat.LAB, kind="score_appeal_to_answer", subject_id=row.pk, facts=facts, now=now)
    tell(org_id=lab.pk, hat=Hat.LAB, kind="score_appeal_to_answer", subject_id=row.pk, facts=facts, now=now)
    _tell_sides(actor, row, "score_appeal_said", now)
    return opinion


@transaction.atomic
def give_opinion(*, actor: Actor, opinion: AppealOpinion, words: str, now: datetime, declined: bool = False) -> AppealOpinion:
    """The laboratory's word, or its reason why it cannot say; the first one stands."""
    actor.must_act_for(opinion.lab_org_id, Hat.LAB)
    actor.must_hold(*MAY_WRITE)
    said = _words(words, "words")
    state = AppealOpinion.State.DECLINED if declined else AppealOpinion.State.GIVEN
    waiting = AppealOpinion.objects.visible_to(actor).filter(pk=opinion.pk, state=AppealOpinion.State.ASKED)
    if waiting.update(state=state, opinion=said, answered_by=actor.person_name, answered_at=now):
        with acting_as(Hat.CLOCK):
            ScoreAppeal.objects.filter(pk=opinion.appeal_id, state=State.WITH_LAB).update(state=State.FILED)
        close_todo(kind="score_appeal_to_answer", subject_id=opinion.appeal_id, now=now)
        facts = {"other_zh": actor.org_name_zh, "other_en": actor.org_name_en, "number": opinion.code}
        for office in _offices():
            tell(org_id=office, hat=Hat.BUREAU, kind="score_appeal_said", subject_id=opinion.appeal_id, facts=facts, now=now)
    return AppealOpinion.objects.visible_to(actor).get(pk=opinion.pk)


@transaction.atomic
def decide_score_appeal(*, actor: Actor, appeal: ScoreAppeal, outcome: str, reasons: str, now: datetime) -> ScoreAppeal:
    """The bureau decides with reasons that both sides read; where the firm is right, its score is counted anew. The first decision stands.

    Raises RuleBroken("appeal_outcome_unknown"), ("appeal_needs_words"), ("appeal_waits_for_lab"), ("appeal_is_decided").
    """
    _must_decide(actor)
    words = _words(reasons, "reasons")
    if outcome not in Outcome.values:
        raise RuleBroken("appeal_outcome_unknown", field="outcome")
    row = ScoreAppeal.objects.visible_to(actor).select_for_update().filter(pk=appeal.pk).first()
    if row is None:
        raise Absent
    if row.state == State.DECIDED and row.outcome == outcome and row.reasons == words:
        return row
    if row.state == State.WITH_LAB:
        raise RuleBroken("appeal_waits_for_lab", field="outcome")
    if row.state != State.FILED:
        raise RuleBroken("appeal_is_decided", field="outcome")
    row.state, row.outcome, row.reasons, row.decided_by, row.decided_at = State.DECIDED, outcome, words, actor.person_name, now
    row.save(update_fields=["state", "outcome", "reasons", "decided_by", "decided_at"])
    close_todo(kind="score_appeal_to_decide", subject_id=row.pk, now=now)
    _tell_sides(actor, row, "score_appeal_decided", now)
    if outcome != Outcome.DISMISSED:
        with acting_as(Hat.CLOCK):
            for counter in _counters:
                counter(row, now)
    return row


@transaction.atomic
def withdraw_score_appeal(*, actor: Actor, appeal: ScoreAppeal, now: datetime) -> None:
    """The firm takes its appeal back; a decided one stays decided."""
    actor.must_act_for(appeal.org_id, Hat.SUPPLIER)
    actor.must_hold(*MAY_WRITE)
    if ScoreAppeal.objects.visible_to(actor).filter(pk=appeal.pk, state__in=[State.FILED, State.WITH_LAB]).update(state=State.WITHDRAWN):
        close_todo(kind="score_appeal_to_decide", subject_id=appeal.pk, now=now)
        close_todo(kind="score_appeal_to_answer", subject_id=appeal.pk, now=now)


def arbitration_labs() -> list[Organisation]:
    """The laboratories and institutes of the platform, by name: who may be asked is known to all."""
    with acting_as(Hat.CLOCK):
        ids = OrgRole.objects.filter(hat=Hat.LAB).values_list("org_id", flat=True)
        return list(Organisation.objects.filter(pk__in=list(ids)).order_by("name_en", "pk")[:200])


def _say(actor: Actor, appeal: ScoreAppeal, words: str, *, client_id: str, evidence_id: UUID | None, now: datetime) -> AppealEntry:
    if evidence_id is not None and (actor.hat == Hat.BUREAU or not Evidence.objects.visible_to(actor).filter(pk=evidence_id).exists()):
        raise RuleBroken("evidence_missing", field="file")
    entry = AppealEntry(
        appeal=appeal, org_id=appeal.org_id, respondent_org_id=appeal.respondent_org_id, side=SIDE_OF[actor.hat], words=words,
        evidence_id=evidence_id, person_name=actor.person_name, at=now, client_id=client_id,
    )  # fmt: skip
    entry.save(force_insert=True)
    return entry


def _must_speak(actor: Actor, appeal: ScoreAppeal) -> None:
    actor.must_hold(*MAY_WRITE)
    speaks_for = {Hat.SUPPLIER: appeal.org_id, Hat.OWNER: appeal.respondent_org_id, Hat.BUREAU: actor.org_id}
    if speaks_for.get(actor.hat) != actor.org_id:
        raise NotYours


def _must_decide(actor: Actor) -> None:
    actor.must_wear(Hat.BUREAU)
    actor.must_hold(*MAY_WRITE)


def _held(actor: Actor, appeal_id: UUID) -> ScoreAppeal:
    row = ScoreAppeal.objects.visible_to(actor).filter(pk=appeal_id).first()
    if row is None:
        raise Absent
    if row.state not in (State.FILED, State.WITH_LAB):
        raise RuleBroken("appeal_is_decided")
    return row


def _words(typed: str, place: str) -> str:
    said = typed.strip()
    if len(said) < SHORTEST:
        raise RuleBroken("appeal_needs_words", field=place)
    return said


def _respondent(org_id: UUID | None) -> Organisation | None:
    if org_id is None:
        return None
    with acting_as(Hat.CLOCK):
        return Organisation.objects.filter(pk=org_id).first()


def _offices() -> list[UUID]:
    with acting_as(Hat.CLOCK):
        return list(OrgRole.objects.filter(hat=Hat.BUREAU).order_by("org_id").values_list("org_id", flat=True))


def _tell_sides(actor: Actor, appeal: ScoreAppeal, kind: str, now: datetime) -> None:
    """Everybody on the timeline but the one who spoke."""
    facts = {"other_zh": actor.org_name_zh, "other_en": actor.org_name_en, "number": appeal.code}
    sides = [(appeal.org_id, Hat.SUPPLIER), (appeal.respondent_org_id, Hat.OWNER), *((office, Hat.BUREAU) for office in _offices())]
    for org_id, hat in sides:
        if org_id is not None and org_id != actor.org_id:
            tell(org_id=org_id, hat=hat, kind=kind, subject_id=appeal.pk, facts=facts, now=now)
