"""Duty cases: open one with a reason, look under it, close it. The database opens contents look by look and notes each of them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction

from agreements.models import Agreement
from audits.models import Finding
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent, RuleBroken
from notices.services import tell
from oversight.models import DutyCase, DutyLook, DutyScope
from parties.models import Organisation, OrgRole
from parties.roles import MAY_WRITE

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SHORTEST = 10
# A case ends by itself: a flag puts off telling, and must not put it off for good. Chosen by us; the bureau may ask for another number.
LASTS, LASTS_FLAGGED = timedelta(days=90), timedelta(days=60)
MOST_SCOPES = 20
BUSINESS = (Hat.SUPPLIER, Hat.OWNER, Hat.LAB, Hat.PROVIDER)


@dataclass(frozen=True)
class CaseSaid:
    """What an officer says of a case before it opens."""

    reason: str
    why: str
    scopes: tuple[tuple[str, UUID], ...]
    flagged: bool = False
    flagged_why: str = ""


@transaction.atomic
def open_case(*, actor: Actor, said: CaseSaid, client_id: str, now: datetime) -> DutyCase:
    """Open a case; its firms are told at once with the reason, or at its close where it is flagged. The same `client_id` opens once.

    Raises RuleBroken("duty_reason_unknown"), ("duty_why_short"), ("duty_flag_why_short"), ("duty_scope_missing"), ("duty_scope_too_wide").
    """
    actor.must_act_for(actor.org_id, Hat.BUREAU)
    actor.must_hold(*MAY_WRITE)
    before: DutyCase | None = DutyCase.objects.visible_to(actor).filter(client_id=client_id).first()
    if before is not None:
        return before
    _check(said)
    case = DutyCase(
        code=f"DC-{''.join(secrets.choice(LETTERS) for _ in range(8))}", office_org_id=actor.org_id, office_name_zh=actor.org_name_zh,
        office_name_en=actor.org_name_en, reason=said.reason, why=said.why.strip(), flagged=said.flagged,
        flagged_why=said.flagged_why.strip() if said.flagged else "", opened_by_id=actor.person_id, opened_by=actor.person_name, opened_at=now,
        ends_at=now + (LASTS_FLAGGED if said.flagged else LASTS), client_id=client_id,
    )  # fmt: skip
    DutyCase.objects.bulk_create([case], ignore_conflicts=True)
    kept: DutyCase = DutyCase.objects.visible_to(actor).get(client_id=client_id)
    if kept.pk != case.pk:  # sent twice at once: the other was quicker
        return kept
    scopes = [_scope(actor, case, kind, subject_id) for kind, subject_id in dict.fromkeys(said.scopes)]
    DutyScope.objects.bulk_create(scopes)
    if not case.flagged:
        _tell(case, scopes, "duty_case_opened", now)
    return case


@transaction.atomic
def widen_case(*, actor: Actor, case: DutyCase, kind: str, subject_id: UUID, now: datetime) -> DutyScope:
    """Take one more thing into an open case; its firms are told as those of the others were. Once only.

    Raises RuleBroken("duty_case_is_closed"), ("duty_scope_too_wide").
    """
    actor.must_act_for(case.office_org_id, Hat.BUREAU)
    actor.must_hold(*MAY_WRITE)
    mine = DutyScope.objects.visible_to(actor).filter(case=case)
    before: DutyScope | None = mine.filter(kind=kind, subject_id=subject_id).first()
    if before is not None:
        return before
    must_be_open(case, now)
    if mine.count() >= MOST_SCOPES:
        raise RuleBroken("duty_scope_too_wide", most=MOST_SCOPES)
    scope = _scope(actor, case, kind, subject_id)
    DutyScope.objects.bulk_create([scope], ignore_conflicts=True)
    kept: DutyScope = mine.get(kind=kind, subject_id=subject_id)
    if kept.pk == scope.pk and not case.flagged:
        _tell(case, [scope], "duty_case_opened", now)
    return kept


@transaction.atomic
def look(*, actor: Actor, case: DutyCase, what: str, subject_id: UUID, now: datetime) -> DutyLook:
    """Note one look and open what is looked at, for as long as this transaction lasts. Each firm whose thing it is learns of it.

    Raises Absent for what the case does not open, RuleBroken("duty_case_is_closed").
    """
    actor.must_act_for(case.office_org_id, Hat.BUREAU)
    actor.must_hold(*MAY_WRITE)
    must_be_open(case, now)
    if not opens(case, what, subject_id):
        raise Absent
    first = not DutyLook.objects.visible_to(actor).filter(case=case, what=what, subject_id=subject_id).exists()
    noted = DutyLook(
        case=case, office_org_id=case.office_org_id, what=what, subject_id=subject_id, person_id=actor.person_id,
        person_name=actor.person_name, at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            noted.save(force_insert=True)
    except DatabaseError:  # closed by a colleague between the page and this line: the database refuses
        raise RuleBroken("duty_case_is_closed") from None
    noted.refresh_from_db(fields=["org_ids", "told_at"])
    if first and not case.flagged:
        # Each look stands on the firm's page; the inbox rings once for a thing, not at every page turned.
        facts = {"other_zh": case.office_name_zh, "other_en": case.office_name_en, "number": case.code}
        for org_id, hat in zip(noted.org_ids, hats_of(noted.org_ids), strict=True):
            tell(org_id=org_id, hat=hat, kind="duty_looked", subject_id=noted.pk, facts=facts, now=now)
    return noted


@transaction.atomic
def close_case(*, actor: Actor, case: DutyCase, outcome: str, now: datetime) -> None:
    """Close a case: nothing more opens under it, and whoever was not told is told now. Closed again, nothing changes.

    Raises RuleBroken("duty_outcome_short").
    """
    actor.must_act_for(case.office_org_id, Hat.BUREAU)
    actor.must_hold(*MAY_WRITE)
    words = outcome.strip()
    if len(words) < SHORTEST:
        raise RuleBroken("duty_outcome_short", field="outcome", least=SHORTEST)
    _close(case, words, actor.person_name, now)


def cases_run_out(now: datetime) -> list[DutyCase]:
    """Open cases whose last moment has come. Clock only."""
    return list(DutyCase.objects.filter(closed_at=None, ends_at__lte=now).order_by("ends_at")[:200])


@transaction.atomic
def run_out(*, case: DutyCase, now: datetime) -> None:
    """The clock closes a case that nobody closed, so that a flag is never for good."""
    _close(case, "", "", now)


def must_be_open(case: DutyCase, now: datetime) -> None:
    """Refuse a case that was closed or has run out."""
    if case.closed_at is not None or now >= case.ends_at:
        raise RuleBroken("duty_case_is_closed")


def opens(case: DutyCase, what: str, subject_id: UUID) -> bool:
    """Whether the case covers this, asked of the rule that the database holds."""
    found = DutyCase.objects.filter(pk=case.pk).extra(where=["duty_case_opens(id, %s, %s)"], params=[what, subject_id])
    return found.exists()


def hats_of(org_ids: list[UUID]) -> list[Hat]:
    """In which hat each firm of a look is told: of two sides the first is the chain owner."""
    if len(org_ids) == len((Hat.OWNER, Hat.SUPPLIER)):
        return [Hat.OWNER, Hat.SUPPLIER]
    with acting_as(Hat.CLOCK):
        worn = set(OrgRole.objects.filter(org_id__in=org_ids).values_list("org_id", "hat"))
    return [next((hat for hat in BUSINESS if (org_id, hat.value) in worn), Hat.SUPPLIER) for org_id in org_ids]


def _check(said: CaseSaid) -> None:
    if said.reason not in DutyCase.Reason.values:
        raise RuleBroken("duty_reason_unknown", field="reason")
    if len(said.why.strip()) < SHORTEST:
        raise RuleBroken("duty_why_short", field="why", least=SHORTEST)
    if said.flagged and len(said.flagged_why.strip()) < SHORTEST:
        raise RuleBroken("duty_flag_why_short", field="flagged_why", least=SHORTEST)
    if not said.scopes:
        raise RuleBroken("duty_scope_missing", field="firm")
    if len(said.scopes) > MOST_SCOPES:
        raise RuleBroken("duty_scope_too_wide", field="firm", most=MOST_SCOPES)


def _scope(actor: Actor, case: DutyCase, kind: str, subject_id: UUID) -> DutyScope:
    """The thing by the name that the bureau may know: its state tables, never its contents."""
    if kind == DutyScope.Kind.FIRM:
        firm = _seen(Organisation.objects.visible_to(actor).filter(pk=subject_id).exclude(hats__hat=Hat.BUREAU).first())
        return _made(case, kind, subject_id, (firm.name_zh, firm.name_en), [firm.pk])
    if kind == DutyScope.Kind.AGREEMENT:
        agreement = _seen(Agreement.objects.visible_to(actor).filter(pk=subject_id).first())
        return _made(case, kind, subject_id, _between(agreement), [agreement.owner_org_id, agreement.supplier_org_id])
    if kind == DutyScope.Kind.FINDING:
        finding = _seen(Finding.objects.visible_to(actor).select_related("agreement").filter(pk=subject_id).first())
        return _made(case, kind, subject_id, _between(finding.agreement), [finding.owner_org_id, finding.supplier_org_id])
    if kind == DutyScope.Kind.LOT:
        # A lot is known to the bureau by a finding on it, and only so.
        finding = _seen(Finding.objects.visible_to(actor).select_related("agreement").filter(lot_id=subject_id).first())
        return _made(case, kind, subject_id, _between(finding.agreement), [finding.owner_org_id, finding.supplier_org_id])
    raise RuleBroken("duty_scope_missing", field="firm")


def _seen(row: Any) -> Any:
    if row is None:
        raise Absent
    return row


def _between(agreement: Agreement) -> tuple[str, str]:
    en = (agreement.owner_name_en or agreement.owner_name_zh, agreement.supplier_name_en or agreement.supplier_name_zh)
    return f"{agreement.owner_name_zh} · {agreement.supplier_name_zh} · {agreement.number}", f"{en[0]} · {en[1]} · {agreement.number}"


def _made(case: DutyCase, kind: str, subject_id: UUID, names: tuple[str, str], org_ids: list[UUID]) -> DutyScope:
    hats = [hat.value for hat in hats_of(org_ids)]
    return DutyScope(
        case=case, office_org_id=case.office_org_id, kind=kind, subject_id=subject_id, name_zh=names[0], name_en=names[1], org_ids=org_ids,
        hats=hats,
    )  # fmt: skip


def _close(case: DutyCase, outcome: str, by: str, now: datetime) -> None:
    with acting_as(Hat.CLOCK):
        if not DutyCase.objects.filter(pk=case.pk, closed_at=None).update(closed_at=now, closed_by=by, outcome=outcome):
            return
        scopes = list(DutyScope.objects.filter(case=case))
    _tell(case, scopes, "duty_case_closed", now)


def _tell(case: DutyCase, scopes: list[DutyScope], kind: str, now: datetime) -> None:
    """Each firm once, whatever many of its things the case is about."""
    told = {(org_id, hat) for scope in scopes for org_id, hat in zip(scope.org_ids, scope.hats, strict=True)}
    facts = {"other_zh": case.office_name_zh, "other_en": case.office_name_en, "number": case.code}
    for org_id, hat in sorted(told):
        tell(org_id=org_id, hat=Hat(hat), kind=kind, subject_id=case.pk, facts=facts, now=now)
