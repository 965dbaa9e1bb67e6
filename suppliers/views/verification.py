"""The platform's desk for firms that ask to be verified: a queue by age, and one firm beside its licence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import moment_of, text_of
from foundation.errors import RuleBroken
from foundation.htmx import fragment
from records.services.evidence import note_looks
from suppliers.models import Verification
from suppliers.selectors.verification import (
    QUEUE,
    UNDO_FOR,
    just_decided,
    licence_of,
    neighbours,
    same_code,
    state_of_firm,
    verification_for,
    verifications,
)
from suppliers.services.verification import reinstate_firm, return_firm, suspend_firm, undo_decision, verify_firm
from suppliers.verification_words import REASONS, REASONS_SHORT, STATES, code_words
from suppliers.words import ORG_STATES, in_language


@require_safe
@wearing(Hat.PLATFORM)
def queue(request: ActorRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in STATES else "waiting"
    q, now = text_of(request, "q", most=80), timezone.now()
    rows = verifications(request.actor, state=state, q=q, after=_after(request))
    context = {
        "rows": [_line(row) for row in rows[:QUEUE]],
        "more_url": _more(request, rows, state),
        "shown": min(len(rows), QUEUE),
        "state": state,
        "states": [{"value": code, "label": label} for code, (_tone, _icon, label) in STATES.items()],
        "q": q,
        "chips": STATES,
        "just": [_line(row) for row in just_decided(request.actor, now=now)],
        "now": now,
    }
    return fragment(request, "suppliers/_more_verifications.html", context, page="suppliers/verifications.html")


@require_safe
@wearing(Hat.PLATFORM)
def one(request: ActorRequest, verification_id: UUID) -> HttpResponse:
    """What the firm says beside its licence. The firm is told that somebody looked."""
    row = verification_for(request.actor, verification_id)
    note_looks(actor=request.actor, org_ids=[row.org_id], what="verification", subject_id=row.pk, now=timezone.now())
    return _page(request, row)


@require_POST
@wearing(Hat.PLATFORM)
def verify(request: ActorRequest, verification_id: UUID) -> HttpResponse:
    return _decided(request, verification_id, verify_firm, _("%(name)s is verified."))


@require_POST
@wearing(Hat.PLATFORM)
def send_back(request: ActorRequest, verification_id: UUID) -> HttpResponse:
    said: dict[str, Any] = {"reasons": request.POST.getlist("reasons"), "note": request.POST.get("note", "").replace("\x00", "")}
    return _decided(request, verification_id, return_firm, _("Returned to %(name)s with the reason."), **said)


@require_POST
@wearing(Hat.PLATFORM)
def undo(request: ActorRequest, verification_id: UUID) -> HttpResponse:
    return _decided(request, verification_id, undo_decision, _("Taken back. %(name)s waits again."), stay=True)


@require_POST
@wearing(Hat.PLATFORM)
def suspend(request: ActorRequest, verification_id: UUID) -> HttpResponse:
    note = request.POST.get("note", "").replace("\x00", "")
    return _decided(request, verification_id, suspend_firm, _("%(name)s is suspended, and was told why."), stay=True, note=note)


@require_POST
@wearing(Hat.PLATFORM)
def reinstate(request: ActorRequest, verification_id: UUID) -> HttpResponse:
    return _decided(request, verification_id, reinstate_firm, _("%(name)s is verified again."), stay=True)


def _decided(
    request: ActorRequest, verification_id: UUID, verb: Callable[..., Verification], words: str, *, stay: bool = False, **said: Any
) -> HttpResponse:
    row = verification_for(request.actor, verification_id)
    onward = neighbours(request.actor, row)[1]
    try:
        verb(actor=request.actor, verification_id=row.pk, now=timezone.now(), **said)
    except RuleBroken as broken:
        return _page(request, verification_for(request.actor, verification_id), refused=broken.words(), said=said)
    messages.success(request, words % {"name": in_language(row.name_zh, row.name_en)})
    if stay:
        return redirect("suppliers:verification", row.pk)
    # The next firm is one key away; the queue shows what may still be taken back.
    return redirect("suppliers:verification", onward) if onward and "onward" in request.POST else redirect("suppliers:verifications")


def _page(request: ActorRequest, row: Verification, *, refused: str = "", said: dict[str, Any] | None = None) -> HttpResponse:
    actor, now, said = request.actor, timezone.now(), said or {}
    before, after = neighbours(actor, row)
    code = code_words(row.uscc)
    context = {
        "row": row, "name": in_language(row.name_zh, row.name_en), "chips": STATES, "org_chips": ORG_STATES,
        "org_state": state_of_firm(actor, row.org_id), "licence": licence_of(actor, row) if row.state == "waiting" else None,
        "code_wrong": code, "same": [(each, in_language(each.name_zh, each.name_en)) for each in same_code(actor, row)],
        "reasons": [{"value": key, "label": words, "on": key in said.get("reasons", [])} for key, words in REASONS_SHORT.items()],
        "given": [REASONS[key] for key in row.reasons], "note": said.get("note", ""), "refused": refused, "before": before, "after": after,
        "may_undo": row.state in ("verified", "returned") and row.decided_at is not None and now <= row.decided_at + UNDO_FOR, "now": now,
    }  # fmt: skip
    return render(request, "suppliers/verification.html", context, status=422 if refused else 200)


def _line(row: Verification) -> dict[str, Any]:
    return {"row": row, "name": in_language(row.name_zh, row.name_en)}


def _after(request: ActorRequest) -> tuple[Any, UUID] | None:
    at, _comma, pk = request.GET.get("after", "").partition(",")
    try:
        moment, last = moment_of(at.replace(" ", "+")), UUID(pk)
    except ValueError:
        return None
    return (moment, last) if moment else None


def _more(request: ActorRequest, rows: list[Verification], state: str) -> str:
    if len(rows) <= QUEUE:
        return ""
    last = rows[QUEUE - 1]
    at = last.asked_at if state == "waiting" else last.decided_at
    query = request.GET.copy()
    query["after"] = f"{at.isoformat() if at else ''},{last.pk}"
    return f"?{query.urlencode()}"
