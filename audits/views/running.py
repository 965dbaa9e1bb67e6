"""What a phone on site asks and says, as JSON: docs/adr/0030. Whoever is not signed in is told so, and never sent elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from audits.models import Audit
from audits.selectors import finding_for
from audits.selectors.running import sites_of_visits, standing_of, visit_for, visits_ahead
from audits.services.handing_in import hand_in as handed_in
from audits.services.running import apply_ops
from audits.services.running_findings import apply_finding_ops
from audits.visit_pack import both, finding_pack_of, gate_hash, pack_of
from audits.visit_said import HandInSaid, heard, sent_of
from audits.visit_state import state_json
from foundation.actor import BUSINESS_HATS, Actor, ActorRequest, Hat
from foundation.errors import FieldsToMend, NotYours, RuleBroken, in_both_languages
from suppliers.models import Site

PRIVATE = {"Cache-Control": "private, no-cache"}


class OtherPerson(RuleBroken):
    """The queue is another person's, or was filled under another hat."""

    status = 409

    def __init__(self) -> None:
        super().__init__("other_person")


def for_phone(*hats: Hat) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """An address for a page's own script: what is refused is said as JSON."""

    def wrap(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: ActorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor is None:
                return JsonResponse({"code": "sign_in_needed", "words": in_both_languages("sign_in_needed", {})}, status=401)
            if request.actor.hat not in hats:
                raise NotYours("other_hat")
            try:
                return view(request, *args, **kwargs)
            except FieldsToMend as broken:
                return refused(broken, errors=broken.errors)
            except RuleBroken as broken:
                return refused(broken)

        guarded.hats = hats  # type: ignore[attr-defined]
        return guarded

    return wrap


def refused(broken: RuleBroken, **more: Any) -> JsonResponse:
    body = {"code": broken.code, "words": in_both_languages(broken.code, broken.facts), **more}
    return JsonResponse(body, status=broken.status, headers=PRIVATE)


def said(request: HttpRequest) -> Any:
    """The JSON of a post. Raises FieldsToMend."""
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        raise RuleBroken("body_unreadable") from None
    if not isinstance(body, dict):
        raise RuleBroken("body_unreadable")
    return body


def must_be(actor: Actor, *, person: UUID, hat: str, org: UUID) -> None:
    """Refuse what was written under another name or hat: it waits for its own."""
    if (actor.person_id, str(actor.hat), actor.org_id) != (person, hat, org):
        raise OtherPerson


@for_phone(*BUSINESS_HATS)
@require_safe
def packs(request: ActorRequest) -> HttpResponse:
    """Whose phone this is, and the visits it may take along; only a chain owner's people conduct any."""
    actor, now = request.actor, timezone.now()
    ahead = visits_ahead(actor) if actor.hat is Hat.OWNER else []
    sites = sites_of_visits(ahead)
    body = {
        "person": str(actor.person_id), "person_name": actor.person_name, "hat": str(actor.hat), "org": str(actor.org_id),
        "csrf": get_token(request), "server_time": now.isoformat(), "packs": [_ahead(audit, sites.get(audit.site_id)) for audit in ahead],
    }  # fmt: skip
    return JsonResponse(body, headers=PRIVATE)


def _ahead(audit: Audit, site: Site | None) -> dict[str, Any]:
    return {
        "audit": str(audit.pk), "url": reverse("audits:pack", args=[audit.pk]), "visit_on": audit.visit_on.isoformat(), "half": audit.half, "state": audit.state,
        "supplier": both(audit.agreement.supplier_name_zh, audit.agreement.supplier_name_en),
        "site": both(site.name_zh, site.name_en) if site else both("", ""), "gate_sha256": gate_hash(site),
    }  # fmt: skip


@for_phone(Hat.OWNER)
@require_safe
def pack(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """One visit to take along; unchanged since the phone's own, nothing."""
    packed = pack_of(request.actor, visit_for(request.actor, audit_id), timezone.now())
    headers = {**PRIVATE, "ETag": f'"{packed.sha256}"'}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    return JsonResponse(packed.body, headers=headers)


@for_phone(Hat.OWNER)
@require_safe
def state(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """What is on the server."""
    audit = visit_for(request.actor, audit_id)
    return JsonResponse(state_json(standing_of(request.actor, audit), timezone.now()), headers=PRIVATE)


@for_phone(Hat.OWNER)
@require_POST
def ops(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """A queue's operations, in order; an answer for each."""
    visit_for(request.actor, audit_id)
    now = timezone.now()
    sent = sent_of(said(request))
    must_be(request.actor, person=sent.person, hat=sent.hat, org=sent.org)
    results = apply_ops(actor=request.actor, audit_id=audit_id, ops=sent.ops, sent_at=sent.sent_at, now=now)
    standing = standing_of(request.actor, visit_for(request.actor, audit_id))
    body = {
        "server_time": now.isoformat(), "skew_seconds": round((sent.sent_at - now).total_seconds()) if sent.sent_at else 0,
        "results": [each.as_json() for each in results], "state": state_json(standing, now),
    }  # fmt: skip
    return JsonResponse(body, headers=PRIVATE)


@for_phone(Hat.OWNER)
@require_POST
def hand_in(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """Hand the visit in, if the phone and the server hold the same."""
    visit_for(request.actor, audit_id)
    now, body = timezone.now(), heard(HandInSaid, said(request))
    must_be(request.actor, person=body["person"], hat=body["hat"], org=body["org"])
    broken: RuleBroken | None = None
    try:
        handed_in(actor=request.actor, audit_id=audit_id, sha256=body["sha256"], now=now)
    except RuleBroken as refusal:
        broken = refusal
    shown = state_json(standing_of(request.actor, visit_for(request.actor, audit_id)), now)
    return refused(broken, state=shown) if broken else JsonResponse(shown, headers=PRIVATE)


@for_phone(Hat.SUPPLIER)
@require_safe
def finding_pack(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    """One finding to take along and answer where there is no network."""
    packed = finding_pack_of(request.actor, finding_for(request.actor, finding_id), timezone.now())
    return JsonResponse({**packed, "csrf": get_token(request)}, headers=PRIVATE)


@for_phone(Hat.SUPPLIER)
@require_POST
def finding_ops(request: ActorRequest, finding_id: UUID) -> HttpResponse:
    """A queue's steps of a corrective action, in order; an answer for each."""
    finding_for(request.actor, finding_id)
    now = timezone.now()
    sent = sent_of(said(request))
    must_be(request.actor, person=sent.person, hat=sent.hat, org=sent.org)
    results = apply_finding_ops(actor=request.actor, finding_id=finding_id, ops=sent.ops, now=now)
    state = finding_pack_of(request.actor, finding_for(request.actor, finding_id), now)
    return JsonResponse({"server_time": now.isoformat(), "results": [each.as_json() for each in results], "state": state}, headers=PRIVATE)
