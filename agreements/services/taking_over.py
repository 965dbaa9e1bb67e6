"""What a text in force asks and lets see from its first day: the duties and grants of the text before it end, and what stayed the same goes on.

The day before the first is the last of the former text. A duty that both texts ask for in the same rhythm keeps its key and its day, so
that none is asked twice and none falls between two texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from agreements.models import Agreement, AgreementVersion, Clause, Obligation
from agreements.selectors.lines import lines_of
from agreements.selectors.obligations import OPEN
from agreements.services.ahead import arise_dated
from agreements.services.obligations import void_from
from agreements.services.sides import org_of
from records.models import Grant
from records.services.given import grants_given

# Duties with a day of their own; what an event began (an answer, a review, a corrective action) is owed under the text of its day.
BY_CALENDAR = ("document", "owner_duty", "process_record", "sealed_sample")
AUDITED = "audit_frequency"


def take_over(agreement: Agreement, former: list[Clause], version: AgreementVersion, *, now: datetime) -> None:
    """The former clauses ask for nothing more from the version's first day on, and the version's clauses do."""
    clauses = list(Clause.objects.filter(version=version).order_by("order"))
    starts_on, before = version.effective_from, lines_of([agreement.pk]).before
    _carry(agreement, {before[clause.pk][0]: clause.pk for clause in clauses if before.get(clause.pk)}, starts_on, now)
    going_on = {old for clause in clauses if clause.type == AUDITED for old in before.get(clause.pk, ())}
    ended = [clause.pk for clause in former]
    void_from(clause_ids=ended, on=starts_on, now=now, kinds=BY_CALENDAR)
    # An audit that was announced stands, with its duty, where the new text asks for it in the same rhythm.
    audited = [clause.pk for clause in former if clause.type == AUDITED and clause.pk not in going_on]
    void_from(clause_ids=audited, on=starts_on, now=now, kinds=("self_check",))
    arise_dated(agreement_ids=[agreement.pk], now=now)
    grants = Grant.objects.filter(Q(valid_to=None) | Q(valid_to__gte=starts_on), clause_id__in=ended)
    grants.update(valid_to=starts_on - timedelta(days=1))
    grants_given(grant(agreement, clauses, starts_on), now=now)


def _carry(agreement: Agreement, heir: Mapping[UUID, UUID], starts_on: date, now: datetime) -> None:
    """Duties that stand already, for days that the new text covers, go on under it with their key and their day.

    One that was settled before its day is void under the new text: it is not asked for again.
    """
    later = Q(due_on__gte=starts_on) | Q(OPEN, paused_on__isnull=False)  # a clock that stands still runs out under the new text
    rows = Obligation.objects.filter(later, clause_id__in=list(heir), kind__in=BY_CALENDAR, void_at=None)
    Obligation.objects.bulk_create(
        [
            Obligation(
                agreement=agreement, owner_org_id=row.owner_org_id, supplier_org_id=row.supplier_org_id, clause_id=heir[row.clause_id],
                kind=row.kind, side=row.side, key=row.key, created_at=now, due_on=row.due_on, grace_days=row.grace_days,
                paused_on=row.paused_on, void_at=now if row.met_on or row.waived_at else None,
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def grant(agreement: Agreement, clauses: Iterable[Clause], starts_on: date) -> list[Grant]:
    """What the clauses let the other side see, from their first day to the last."""
    grants = []
    for clause in clauses:
        if clause.type == "data_sharing":
            grants += [_grant_row(agreement, clause.pk, "supplier", what, starts_on) for what in clause.params["what"]]
        elif clause.type == "owner_duty" and clause.params["duty"] == "share_results":
            grants.append(_grant_row(agreement, clause.pk, "owner", "results", starts_on))
    Grant.objects.bulk_create(grants, ignore_conflicts=True)
    return grants


def _grant_row(agreement: Agreement, clause_id: UUID, giver: str, what: str, starts_on: date) -> Grant:
    taker = "owner" if giver == "supplier" else "supplier"
    last = agreement.effective_to - timedelta(days=1) if agreement.effective_to else None
    return Grant(
        from_org_id=org_of(agreement, giver), to_org_id=org_of(agreement, taker), to_name_zh=getattr(agreement, f"{taker}_name_zh"),
        to_name_en=getattr(agreement, f"{taker}_name_en"), what=what, clause_id=clause_id, agreement_id=agreement.pk,
        valid_from=starts_on, valid_to=last,
    )  # fmt: skip
