"""Who is told what of a visit: the firm that is visited, once it may know; and the team that goes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from audits.models import Audit
from audits.services.sides import for_owner, for_supplier
from notices.services import close_todo, put_todo, tell

ON_LISTS = ("visit_to_accept", "visit_day_asked")


def _with_day(line: dict[str, Any], day: date) -> dict[str, Any]:
    return {**line, "facts": {**line["facts"], "day": day.isoformat()}}


def told_supplier(audit: Audit, kind: str, *, now: datetime) -> None:
    """The firm that is visited finds a line in its inbox, with the day. Nothing before an unannounced visit begins."""
    if audit.announced:
        tell(**_with_day(for_supplier(audit.agreement), audit.visit_on), kind=kind, subject_id=audit.pk, now=now)


def told_team(audit: Audit, kind: str, *, now: datetime) -> None:
    """The chain owner's people find a line in their inbox."""
    tell(**_with_day(for_owner(audit.agreement), audit.visit_on), kind=kind, subject_id=audit.pk, now=now)


def asked_to_accept(audit: Audit, *, now: datetime) -> None:
    """The firm is asked whether the day suits it."""
    if audit.announced:
        line = _with_day(for_supplier(audit.agreement), audit.visit_on)
        put_todo(**line, kind="visit_to_accept", subject_id=audit.pk, due_on=audit.visit_on, now=now)


def asked_for_day(audit: Audit, *, now: datetime) -> None:
    """The chain owner is asked to answer."""
    line = _with_day(for_owner(audit.agreement), audit.visit_on)
    put_todo(**line, kind="visit_day_asked", subject_id=audit.pk, due_on=None, now=now)
    tell(**line, kind="visit_day_asked", subject_id=audit.pk, now=now)


def asked_no_more(audit: Audit, *, now: datetime) -> None:
    """Nothing about the day waits for anybody."""
    for kind in ON_LISTS:
        close_todo(kind=kind, subject_id=audit.pk, now=now)


def called_off(audit: Audit, *, now: datetime) -> None:
    """A visit that the firm had been told of does not take place."""
    asked_no_more(audit, now=now)
    told_supplier(audit, "visit_called_off", now=now)
