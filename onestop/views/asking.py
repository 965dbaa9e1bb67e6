"""A firm asks for help: the form, its requests, and one of them with its quotes. A provider's copy of it has the same address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from inspections.listing import Table, moment_cursor, page_of, table_file
from onestop.forms_services import AskForm, RateForm, WhyForm
from onestop.models import ServiceCall, ServiceOffer, ServiceRequest
from onestop.selectors.consented import facts_about
from onestop.selectors.offers import offer_for
from onestop.selectors.requests import PAGE, calls_of, request_for, requests
from onestop.services.requests import (
    RequestSaid,
    accept_quote,
    ask_service,
    confirm_service,
    dispute_service,
    rate_service,
    withdraw_service,
)
from onestop.showing import clock_words, facts_said, kind_options, node_choices, place_names, steps_of
from onestop.views.serving import refuse, serve
from onestop.words_services import ABOUT, CALL_CHIPS, KINDS, REQUEST_CHIPS, SATISFACTION, kind_name, name_of
from parties.models import Person
from parties.roles import MAY_FILE, MAY_WRITE
from parties.selectors import own_organisation
from records.models import Evidence
from records.services.evidence import take_evidence

SIDES = (Hat.OWNER, Hat.SUPPLIER)
MOST_ROWS = 5_000
SUBJECT_PAGES = {
    "finding": "audits:finding",
    "signal": "inspections:signal",
    "instrument": "suppliers:instrument",
}


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: ActorRequest) -> HttpResponse:
    """`?kind=`, `?offer=`, or `?about=finding&subject=…`: where the request comes from. One screen."""
    actor = request.actor
    actor.must_hold(*MAY_FILE)
    about, subject_id = _thing(request)
    offer = _offer(request)
    facts = facts_about(actor, about, subject_id)
    words: dict[str, Any] = {
        "facts": [(fact.code, f"{fact.label}: {fact.value}") for fact in facts], "nodes": node_choices(), "is_fixed": offer is not None,
        "initial": _first_words(request, about),
    }  # fmt: skip
    form = AskForm(request.POST or None, request.FILES or None, **words)
    if request.method == "POST" and form.is_valid():
        try:
            row = _asked(request, form.cleaned_data, about, subject_id, offer)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            messages.success(request, _("Asked. Providers do not learn who you are before you choose a quote."))
            return redirect("onestop:request", row.pk)
    context = {
        "form": form, "about": ABOUT[about][0] if about else "", "offer": offer, "provider": name_of(offer, "provider") if offer else "",
        "kind": kind_name(offer.kind) if offer else "", "back": _back(about, subject_id) or reverse("onestop:catalogue"),
    }  # fmt: skip
    return render(request, "onestop/ask.html", context, status=422 if form.errors else 200)


def _thing(request: ActorRequest) -> tuple[str, UUID | None]:
    about = request.GET.get("about", "")
    if about not in ABOUT:
        return "", None
    try:
        return about, UUID(request.GET.get("subject", ""))
    except ValueError:
        raise Absent from None


def _offer(request: ActorRequest) -> ServiceOffer | None:
    said = request.GET.get("offer", "")
    if not said:
        return None
    try:
        return offer_for(request.actor, UUID(said))
    except ValueError:
        raise Absent from None


def _first_words(request: ActorRequest, about: str) -> dict[str, Any]:
    firm, kind = own_organisation(request.actor), request.GET.get("kind", "")
    person = Person.objects.filter(pk=request.actor.person_id).first()
    return {
        "kind": kind if kind in KINDS else ABOUT[about][1] if about else "testing", "contact": request.actor.person_name,
        "phone": person.phone if person else "", "node_code": firm.node_codes[0] if firm.node_codes else "",
    }  # fmt: skip


def _asked(request: ActorRequest, said: dict[str, Any], about: str, subject_id: UUID | None, offer: ServiceOffer | None) -> ServiceRequest:
    actor, now, key = request.actor, timezone.now(), said["client_id"]
    photo: Evidence | None = take_evidence(actor=actor, now=now, client_id=str(key), file=said["file"]) if said["file"] else None
    words = RequestSaid(
        kind=offer.kind if offer else said["kind"], need=said["need"], contact=said["contact"], phone=said["phone"], node_code=said["node_code"],
        wanted_on=said["wanted_on"], about=about, subject_id=subject_id, facts=said.get("facts", []),
    )  # fmt: skip
    return ask_service(actor=actor, said=words, client_id=key, now=now, offer=offer, photo=photo)


def _back(about: str, subject_id: UUID | None) -> str:
    return reverse(SUBJECT_PAGES[about], args=[subject_id]) if about in SUBJECT_PAGES and subject_id else ""


@wearing(*SIDES)
@require_safe
def requests_list(request: ActorRequest) -> HttpResponse:
    """The firm's requests, newest first; `?view=` and `?kind=` narrow, `?after=` goes on."""
    view, kind = _narrowed(request)
    found = requests(request.actor, view=view, kind=kind, after=moment_cursor(request))
    page, more = page_of(request, found, PAGE, lambda row: (row.created_at, row.pk))
    same = changed_query(request.GET, {"after": None, "seen": None})
    views = (("", _("All requests")), ("open", pgettext("service", "Open")), ("done", _("Done")))
    context = {
        "lines": [_line(row) for row in page], "chips": REQUEST_CHIPS, "narrowed": bool(view or kind),
        "tabs": [
            {"label": label, "url": changed_query(request.GET, {"view": value, "after": None, "seen": None}), "current": view == value}
            for value, label in views
        ],
        "selects": [{"name": "kind", "label": _("Kind of service"), "value": kind, "options": kind_options()}], "kept": [{"name": "view", "value": view}],
        "heads": [{"label": label} for label in (_("Request"), _("State"), _("Provider"), pgettext("service", "Asked on"), _("Due on"))], "id": "requests",
        "csv_url": reverse("onestop:requests_file", args=["csv"]) + same, "xlsx_url": reverse("onestop:requests_file", args=["xlsx"]) + same, **more,
    }  # fmt: skip
    return fragment(request, "onestop/_more_requests.html", context, page="onestop/requests.html")


def _narrowed(request: ActorRequest) -> tuple[str, str]:
    view, kind = request.GET.get("view", ""), request.GET.get("kind", "")
    return (view if view in ("open", "done") else ""), (kind if kind in KINDS else "")


def _line(row: ServiceRequest) -> dict[str, Any]:
    return {
        "row": row, "kind": kind_name(row.kind), "icon": KINDS[row.kind][1], "provider": name_of(row, "provider"),
        "due": row.deliver_by or (timezone.localdate(row.answer_due_at) if row.state == "new" else None),
    }  # fmt: skip


@wearing(*SIDES)
@require_safe
def requests_file(request: ActorRequest, format: str) -> HttpResponse:
    """The same rows to take away."""
    if format not in ("csv", "xlsx"):
        raise Absent
    view, kind = _narrowed(request)
    heads = [
        _("Kind of service"),
        _("State"),
        _("What you need"),
        _("Provider"),
        pgettext("service", "Asked on"),
        _("Answer due"),
        _("Ordered on"),
        _("Deliver by"),
        _("Delivered on"),
        _("Confirmed on"),
    ]
    table: Table = (
        heads,
        [
            [
                kind_name(row.kind), str(REQUEST_CHIPS[row.state][2]), row.need, name_of(row, "provider"),
                *(timezone.localdate(at) if at else None for at in (row.created_at, row.answer_due_at, row.accepted_at)), row.deliver_by,
                *(timezone.localdate(at) if at else None for at in (row.delivered_at, row.confirmed_at)),
            ]
            for row in requests(request.actor, view=view, kind=kind, limit=MOST_ROWS)[:MOST_ROWS]
        ],
    )  # fmt: skip
    return table_file("service-requests", format, table)


@wearing(*SIDES, Hat.PROVIDER, Hat.LAB)
@require_http_methods(["GET", "HEAD", "POST"])
def request_page(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """For the firm: how it stands, its quotes, what it may do. For a provider: its copy, its quote, its delivery."""
    if request.actor.hat in (Hat.PROVIDER, Hat.LAB):
        return serve(request, request_id)
    row = request_for(request.actor, request_id)
    do = request.POST.get("do", "")
    why = WhyForm(request.POST if do == "dispute" else None)
    rate = RateForm(request.POST if do == "rate" else None)
    if request.method == "POST":
        form = {"dispute": why, "rate": rate}.get(do)
        try:
            if (form is None or form.is_valid()) and _done(request, row, do, form):
                return redirect("onestop:request", row.pk)
        except RuleBroken as broken:
            if form is None:
                raise
            refuse(form, broken)
    now, actor = timezone.now(), request.actor
    calls = calls_of(actor, row)
    chosen = next((call for call in calls if call.state == "chosen"), None)
    writes = bool(actor.roles.intersection(MAY_WRITE))
    context = {
        "row": row, "kind": kind_name(row.kind), "chips": REQUEST_CHIPS, "call_chips": CALL_CHIPS, "steps": steps_of(row.state), "why": why, "rate": rate,
        "quotes": [_quote(call) for call in calls], "chosen": chosen, "facts": facts_said(row.facts), "place": place_names().get(row.region_code, ""),
        "node": dict(node_choices()).get(row.node_code, ""), "clock": clock_words(row.answer_due_at, now) if row.state == "new" else None,
        "about": ABOUT[row.about][0] if row.about else "", "about_url": _back(row.about, row.subject_id), "satisfaction": SATISFACTION.get(row.satisfaction or 0, ""),
        "may_choose": writes and row.state == "offered", "may_confirm": writes and row.state in ("delivered", "disputed"),
        "may_dispute": writes and row.state == "delivered", "may_rate": writes and row.state == "confirmed",
        "may_withdraw": row.state in ("new", "offered", "accepted") and bool(actor.roles.intersection(MAY_FILE)), "now": now,
    }  # fmt: skip
    return render(request, "onestop/request.html", context, status=422 if why.errors or rate.errors else 200)


def _quote(call: ServiceCall) -> dict[str, Any]:
    return {"call": call, "name": name_of(call, "provider")}


def _done(request: ActorRequest, row: ServiceRequest, do: str, form: Any) -> bool:
    actor, now = request.actor, timezone.now()
    if do == "accept":
        accept_quote(actor=actor, request=row, call=_picked(request, actor, row), now=now)
    elif do == "withdraw":
        withdraw_service(actor=actor, request=row, now=now)
    elif do == "confirm":
        confirm_service(actor=actor, request=row, now=now)
    elif do == "dispute":
        dispute_service(actor=actor, request=row, why=form.cleaned_data["why"], now=now)
    elif do == "rate":
        rate_service(actor=actor, request=row, now=now, **form.cleaned_data)
    else:
        raise RuleBroken("service_over")
    return True


def _picked(request: ActorRequest, actor: Actor, row: ServiceRequest) -> ServiceCall:
    said = request.POST.get("quote", "")
    found = next((call for call in calls_of(actor, row) if str(call.pk) == said), None)
    if found is None:
        raise RuleBroken("service_quote_unknown")
    if (request.POST.get("price"), request.POST.get("days")) != (found.price, str(found.days)):
        raise RuleBroken("service_quote_changed")
    return found
