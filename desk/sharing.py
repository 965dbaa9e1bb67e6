"""Who sees what of a firm, and who looked: computed from its grants and the looks that were noted, never a fixed text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, Clause
from foundation.actor import Actor, Hat
from oversight.words_duty import REASONS
from parties.selectors import today
from records.models import AccessEvent, Grant
from records.selectors import evidences, grants_given
from records.services.evidence import UNDO_FOR
from records.words import LOOKS as LOOKS_AT_RECORDS
from suppliers.firm_words import SHARES
from suppliers.selectors import own_verification
from suppliers.words import in_language

WHAT: dict[str, Any] = {
    "firm": _("Your firm's name, place and processes"),
    "audit_evidence": _("Photos and answers of the self-checks you submit"),
    "documents": _("Documents that an agreement asks for"),
    "results": _("Test results of the lots you deliver"),
    "changes": _("Photos of changes that you tell it of"),
    **SHARES,
}
LOOKS: dict[str, Any] = {
    **LOOKS_AT_RECORDS,
    "certificates": _("looked at your certificates"),
    "instruments": _("looked at your instruments"),
    "products": _("looked at your products"),
    "duty_clauses": _("read the clauses of an agreement under a duty case"),
    "duty_finding": _("read a finding and its answers under a duty case"),
    "duty_lots": _("looked at your list of lots under a duty case"),
    "duty_results": _("looked at the results of a lot under a duty case"),
    "duty_files": _("looked at the list of your files under a duty case"),
    "duty_file": _("opened a file of yours under a duty case"),
}
GIVERS = (Hat.SUPPLIER, Hat.OWNER)


@dataclass
class Reader:
    """One firm that may see something, and what."""

    name: str
    lines: list[dict[str, Any]]


def who_sees(actor: Actor | None) -> list[Reader] | None:
    """The firms that see something of the actor's firm today; None for a hat that gives no grants, or nobody."""
    if actor is None or actor.hat not in GIVERS:
        return None
    on = today()
    grants = [grant for grant in grants_given(actor) if _holds(grant, on)]
    clauses = _clauses(actor, grants)
    readers: dict[UUID, Reader] = {}
    for grant in grants:
        reader = readers.setdefault(grant.to_org_id, Reader(in_language(grant.to_name_zh, grant.to_name_en), []))
        reader.lines.append(_line(grant, clauses))
    return [*readers.values(), *_platform(actor)]


def just_switched_off(actor: Actor | None, *, now: datetime) -> list[dict[str, Any]]:
    """What was switched off within the last minutes and may still be taken back."""
    if actor is None or actor.hat not in GIVERS:
        return []
    off = [grant for grant in grants_given(actor) if grant.revoked_at is not None and now <= grant.revoked_at + UNDO_FOR]
    return [
        {
            "id": grant.pk,
            "name": in_language(grant.to_name_zh, grant.to_name_en),
            "what": WHAT.get(grant.what, grant.what),
            "at": grant.revoked_at,
        }
        for grant in off
    ]


def _line(grant: Grant, clauses: dict[UUID, tuple[int, str]]) -> dict[str, Any]:
    number, number_of_agreement = clauses.get(grant.clause_id, (0, "")) if grant.clause_id else (0, "")
    shown = reverse("agreements:show", args=[grant.agreement_id]) if number and grant.agreement_id else ""
    return {
        "id": grant.pk, "what": WHAT.get(grant.what, grant.what), "by_clause": grant.clause_id is not None, "clause": number,
        "agreement": number_of_agreement, "url": f"{shown}#clause-{number}" if shown else "", "since": grant.valid_from, "until": grant.valid_to,
        "by_joining": grant.clause_id is None and grant.what == "firm", "may_switch_off": grant.clause_id is None and grant.what != "firm",
    }  # fmt: skip


def _clauses(actor: Actor, grants: Iterable[Grant]) -> dict[UUID, tuple[int, str]]:
    """clause -> (its place, the agreement's number)."""
    ids = [grant.clause_id for grant in grants if grant.clause_id]
    if not ids:
        return {}
    rows = Clause.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "order", "version__agreement__number")
    return {pk: (order, number) for pk, order, number in rows}


def _platform(actor: Actor) -> list[Reader]:
    """The platform sees a licence as long as its firm waits to be verified."""
    asked = own_verification(actor)
    if asked is None or asked.state != "waiting":
        return []
    what = gettext("Your business licence, until it is checked, with what you say of your firm")
    return [Reader(gettext("The platform"), [{"what": what, "since": asked.asked_at, "by_asking": True}])]


def _holds(grant: Any, on: date) -> bool:
    return grant.revoked_at is None and grant.valid_from <= on and (grant.valid_to is None or grant.valid_to >= on)


def looks_said(actor: Actor, rows: Sequence[AccessEvent]) -> list[dict[str, Any]]:
    """Each look in plain words: who, what, and the thing with its page where the firm has one."""
    files = evidences(actor, [row.subject_id for row in rows if row.what in ("evidence", "duty_file")])
    numbers = _numbers(actor, [row.subject_id for row in rows if row.what in ("agreement_state", "duty_clauses")])
    return [
        {
            "row": row, "firm": in_language(row.viewer_name_zh, row.viewer_name_en), "did": LOOKS.get(row.what, row.what),
            "reason": REASONS.get(row.reason, ""), **_thing(row, files, numbers),
        }
        for row in rows
    ]  # fmt: skip


def _numbers(actor: Actor, ids: list[UUID]) -> dict[UUID, str]:
    return dict(Agreement.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "number")) if ids else {}


def _thing(row: AccessEvent, files: dict[UUID, Any], numbers: dict[UUID, str]) -> dict[str, str]:
    if row.subject_id in files:
        return {"thing": files[row.subject_id].name, "url": reverse("records:evidence_file", args=[row.subject_id])}
    if row.subject_id in numbers:
        return {"thing": numbers[row.subject_id], "url": reverse("agreements:show", args=[row.subject_id])}
    return {"thing": "", "url": ""}
