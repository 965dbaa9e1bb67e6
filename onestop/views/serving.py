"""A provider's side of the desk: its board by the service clock, its copy of a request, its offers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from inspections.listing import Table, moment_cursor, page_of, table_file
from onestop.forms_services import DeliverForm, HandOverForm, OfferForm, QuoteForm, WhyForm
from onestop.models import ServiceCall, ServiceOffer
from onestop.selectors.offers import PAGE, offer_for, own_offers
from onestop.selectors.requests import BOARD, board, call_for, could_take
from onestop.services.offers import OfferSaid, change_offer, draft_offer, put_offer
from onestop.services.serving import begin_service, deliver_service, hand_over_service, pass_service, quote_service
from onestop.showing import clock_words, facts_said, kind_options, node_choices, place_names
from onestop.views.catalogue import line_of, offers_file
from onestop.words_services import CALL_CHIPS, KINDS, OFFER_CHIPS, REQUEST_CHIPS, SATISFACTION, kind_name, name_of
from parties.roles import MAY_FILE, MAY_WRITE
from records.services.evidence import take_evidence

SERVING = (Hat.PROVIDER, Hat.LAB)
MOST_ROWS = 5_000


def refuse(form: forms.Form, broken: RuleBroken) -> None:
    """Put a rule's words on the field it names, else on the form."""
    form.add_error(broken.field if broken.field in form.fields else None, broken.words())


@wearing(*SERVING)
@require_safe
def board_page(request: ActorRequest) -> HttpResponse:
    """What runs out first stands first; `?view=` and `?kind=` narrow, `?after=` goes on."""
    view, kind = _narrowed(request)
    found = board(request.actor, view=view, kind=kind, after=moment_cursor(request))
    page, more = page_of(request, found, PAGE, lambda row: (row.asked_at if view == "done" else row.clock_at, row.pk))
    now, nodes, places = timezone.now(), dict(node_choices()), place_names()
    views = (("todo", _("To do")), ("waiting", _("With the firm")), ("done", _("Done")))
    same = changed_query(request.GET, {"after": None, "seen": None})
    context = {
        "lines": [_line(row, nodes, places, now, running=view == "todo") for row in page], "narrowed": bool(kind) or view != "todo", "id": "board",
        "tabs": [
            {"label": label, "url": changed_query(request.GET, {"view": value, "after": None, "seen": None}), "current": view == value}
            for value, label in views
        ],
        "selects": [{"name": "kind", "label": _("Kind of service"), "value": kind, "options": kind_options()}], "kept": [{"name": "view", "value": view}],
        "heads": [{"label": label} for label in (_("Request"), _("State"), _("Clock"), _("Step of the chain"), _("Place"), _("Firm"))],
        "csv_url": reverse("onestop:board_file", args=["csv"]) + same, "xlsx_url": reverse("onestop:board_file", args=["xlsx"]) + same,
        "offers": bool(own_offers(request.actor, limit=1)), **more,
    }  # fmt: skip
    return fragment(request, "onestop/_more_board.html", context, page="onestop/board.html")


def _narrowed(request: ActorRequest) -> tuple[str, str]:
    view, kind = request.GET.get("view", "todo"), request.GET.get("kind", "")
    return (view if view in BOARD else "todo"), (kind if kind in KINDS else "")


def _line(row: ServiceCall, nodes: dict[str, str], places: dict[str, str], now: Any, *, running: bool) -> dict[str, Any]:
    tone, words = clock_words(row.clock_at, now) if running else ("", "")
    chip = REQUEST_CHIPS[row.stage] if row.state == "chosen" else CALL_CHIPS[row.state]
    return {
        "row": row, "kind": kind_name(row.kind), "icon": KINDS[row.kind][1], "tone": tone, "clock": words, "chip": chip,
        "node": nodes.get(row.node_code, ""), "place": places.get(row.region_code, ""), "firm": name_of(row, "firm"),
    }  # fmt: skip


@wearing(*SERVING)
@require_safe
def board_file(request: ActorRequest, format: str) -> HttpResponse:
    """The same rows to take away."""
    if format not in ("csv", "xlsx"):
        raise Absent
    view, kind = _narrowed(request)
    nodes, places = dict(node_choices()), place_names()
    heads = [_("Kind of service"), _("State"), _("What is needed"), _("Clock runs until"), _("Step of the chain"), _("Place"), _("Firm")]
    table: Table = (
        heads,
        [
            [
                kind_name(row.kind), str((REQUEST_CHIPS[row.stage] if row.state == "chosen" else CALL_CHIPS[row.state])[2]), row.need,
                timezone.localtime(row.clock_at).strftime("%Y-%m-%d %H:%M"), nodes.get(row.node_code, ""), places.get(row.region_code, ""), name_of(row, "firm"),
            ]
            for row in board(request.actor, view=view, kind=kind, limit=MOST_ROWS)[:MOST_ROWS]
        ],
    )  # fmt: skip
    return table_file("service-board", format, table)


def serve(request: ActorRequest, request_id: UUID) -> HttpResponse:
    """A provider's copy of a request: quote, pass, hand over; then begin and deliver."""
    actor = request.actor
    call = call_for(actor, request_id)
    do = request.POST.get("do", "")
    others = [(str(each.provider_org_id), name_of(each, "provider")) for each in could_take(actor, call)] if call.state == "asked" else []

    def sent(name: str) -> Any:
        return request.POST if do == name else None

    forms_: dict[str, Any] = {
        "quote": QuoteForm(
            sent("quote"), initial={"price": call.price, "days": call.days, "words": call.words} if call.state == "quoted" else {}
        ),
        "pass": WhyForm(sent("pass"), auto_id="id_pass_%s"),
        "hand_over": HandOverForm(others, sent("hand_over"), auto_id="id_to_%s"),
        "deliver": DeliverForm(sent("deliver"), files=request.FILES if do == "deliver" else None, initial={"report": call.report}),
    }
    if request.method == "POST":
        form = forms_.get(do)
        try:
            if (form is None or form.is_valid()) and _done(request, call, do, form):
                return redirect("onestop:request", call.request_id)
        except RuleBroken as broken:
            if form is None:
                raise
            refuse(form, broken)
    return _page(request, call, forms_, bool(others))


def _page(request: ActorRequest, call: ServiceCall, forms_: dict[str, Any], others: bool) -> HttpResponse:
    now, roles = timezone.now(), request.actor.roles
    open_, writes = call.stage in ("new", "offered"), bool(roles.intersection(MAY_WRITE))
    chosen = call.state == "chosen"
    running = (call.state == "asked" and open_) or (chosen and call.stage in ("accepted", "in_service", "disputed"))
    context = {
        "call": call, "line": _line(call, dict(node_choices()), place_names(), now, running=running), "facts": facts_said(call.facts),
        "satisfaction": SATISFACTION.get(call.satisfaction or 0, ""), "chosen": chosen, "quote": forms_["quote"], "no": forms_["pass"],
        "to": forms_["hand_over"], "deliver": forms_["deliver"], "may_quote": writes and open_ and call.state in ("asked", "quoted"),
        "may_pass": writes and open_ and call.state == "asked", "may_hand_over": writes and others and open_,
        "may_begin": chosen and call.stage == "accepted" and bool(roles.intersection(MAY_FILE)),
        "may_deliver": chosen and call.stage in ("accepted", "in_service", "disputed") and bool(roles.intersection(MAY_FILE)), "now": now,
    }  # fmt: skip
    return render(request, "onestop/call.html", context, status=422 if any(form.errors for form in forms_.values()) else 200)


def _done(request: ActorRequest, call: ServiceCall, do: str, form: Any) -> bool:
    actor, now = request.actor, timezone.now()
    if do == "quote":
        quote_service(actor=actor, call=call, now=now, **form.cleaned_data)
        messages.success(request, _("Quoted. The firm chooses; you hear of it either way."))
    elif do == "pass":
        pass_service(actor=actor, call=call, why=form.cleaned_data["why"], now=now)
    elif do == "hand_over":
        hand_over_service(actor=actor, call=call, to_org_id=UUID(form.cleaned_data["to"]), now=now)
    elif do == "begin":
        begin_service(actor=actor, call=call, now=now)
    elif do == "deliver":
        said = form.cleaned_data
        files = [
            take_evidence(actor=actor, now=now, client_id=f"{said['client_id']}-{number}", file=file)
            for number, file in enumerate(said["file"])
        ]
        deliver_service(actor=actor, call=call, report=said["report"], files=files, now=now)
        messages.success(request, _("Delivered. The report stands among the firm's own files."))
    else:
        raise RuleBroken("service_over")
    return True


@wearing(*SERVING)
@require_safe
def offers_list(request: ActorRequest) -> HttpResponse:
    """The provider's own offers, drafts too."""
    page, more = page_of(request, own_offers(request.actor, after=moment_cursor(request)), PAGE, lambda row: (row.created_at, row.pk))
    context = {
        "lines": [line_of(row) for row in page], "chips": OFFER_CHIPS, "may_write": bool(request.actor.roles.intersection(MAY_WRITE)), "id": "own-offers",
        "heads": [{"label": label} for label in (_("Offer"), _("State"), _("Kind of service"), _("Answers within"), _("Ratings"))],
        "csv_url": reverse("onestop:offers_file", args=["csv"]), "xlsx_url": reverse("onestop:offers_file", args=["xlsx"]), **more,
    }  # fmt: skip
    return fragment(request, "onestop/_more_own_offers.html", context, page="onestop/offers.html")


@wearing(*SERVING)
@require_safe
def own_offers_file(request: ActorRequest, format: str) -> HttpResponse:
    """The provider's own offers to take away."""
    return offers_file("own-offers", format, own_offers(request.actor, limit=MOST_ROWS)[:MOST_ROWS])


@wearing(*SERVING)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_new(request: ActorRequest) -> HttpResponse:
    """A new offer; firms see it once it is published."""
    request.actor.must_hold(*MAY_WRITE)
    form = OfferForm(request.POST or None, nodes=node_choices())
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        key = said.pop("client_id")
        try:
            row = draft_offer(actor=request.actor, said=OfferSaid(**said), client_id=key, now=timezone.now())
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("onestop:offer", row.pk)
    return render(request, "onestop/offer_form.html", {"form": form, "offer": None}, status=422 if form.errors else 200)


@wearing(*SERVING)
@require_http_methods(["GET", "HEAD", "POST"])
def offer_edit(request: ActorRequest, offer_id: UUID) -> HttpResponse:
    """Say an offer otherwise."""
    row = _own(request, offer_id)
    words = ("kind", "title", "about", "price_note", "answer_hours", "service_days", "capacity", "node_codes")
    form = OfferForm(request.POST or None, nodes=node_choices(), initial={name: getattr(row, name) for name in words})
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in words}
        try:
            change_offer(actor=request.actor, offer=row, said=OfferSaid(**said))
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("onestop:offer", row.pk)
    return render(request, "onestop/offer_form.html", {"form": form, "offer": row}, status=422 if form.errors else 200)


@wearing(*SERVING)
@require_POST
def offer_put(request: ActorRequest, offer_id: UUID) -> HttpResponse:
    """Publish or pause."""
    put_offer(actor=request.actor, offer=_own(request, offer_id), state=request.POST.get("state", ""))
    return redirect("onestop:offer", offer_id)


def _own(request: ActorRequest, offer_id: UUID) -> ServiceOffer:
    row = offer_for(request.actor, offer_id)
    if row.provider_org_id != request.actor.org_id:
        raise Absent
    request.actor.must_hold(*MAY_WRITE)
    return row
