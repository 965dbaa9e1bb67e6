"""The way in for a firm that was invited: public, in the lobby. One neutral page for every invitation that opens nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.actor import Actor, Hat, as_actor
from foundation.asked import typed
from foundation.errors import RuleBroken
from parties.limits import address_of, over_limit
from parties.selectors import wearables
from suppliers.forms import JoinForm, NodesForm
from suppliers.selectors import Invited, claimed_code, invited_by, will_see
from suppliers.services.joining import Newcomer, decline, join_as_new_firm, join_with_own_firm
from suppliers.words import GRANTS, NODE_ICONS, NOT_US, in_language, node_names, place_said

BACKEND = "parties.sign_in.SignInBackend"
READS, WRITES = 120, 30
View = Callable[..., HttpResponse]


def at_the_door(view: View) -> View:
    """Count the tries of an address, find the invitation, or answer with the neutral page."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        writing = request.method == "POST"
        who = address_of(request)
        if over_limit("join-post" if writing else "join", who, most=WRITES if writing else READS, seconds=600):
            return render(request, "429.html", {"wait_minutes": 10}, status=429)
        invited = invited_by(token, now=timezone.now())
        if invited is None:
            return _over(request, token)
        return view(request, token, invited)

    return guarded


@require_safe
@at_the_door
def join(request: HttpRequest, token: str, invited: Invited) -> HttpResponse:
    """Are you this firm? Somebody of the firm itself accepts in one tap."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    context = _context(token, invited, step=1)
    if actor is None:
        return render(request, "suppliers/join.html", context)
    context |= {"is_own": _is_own(actor, invited), "will_see": _who_will_see(token)}
    return render(request, "suppliers/join_signed_in.html", context)


@require_POST
@at_the_door
def accept(request: HttpRequest, token: str, invited: Invited) -> HttpResponse:
    """The firm of the person who is signed in joins."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    if actor is None or not _is_own(actor, invited):
        return redirect("suppliers:join", token)
    try:
        join_with_own_firm(actor=actor, token=token, now=timezone.now())
    except RuleBroken:
        return _over(request, token)
    request.session["hat"] = f"{actor.org_id}:{Hat.SUPPLIER.value}"
    messages.success(request, _("Joined. %(name)s was told.") % {"name": in_language(invited.owner_name_zh, invited.owner_name_en)})
    return redirect("suppliers:welcome")


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_door
def not_us(request: HttpRequest, token: str, invited: Invited) -> HttpResponse:
    """This is not us: a word if one wants to; POST reports it."""
    context = _context(token, invited, step=1)
    if request.method != "POST":
        words = [{"value": value, "words": words} for value, words in NOT_US.items()]
        return render(request, "suppliers/join_not_us.html", {**context, "words": words})
    why, word = str(NOT_US.get(request.POST.get("why", ""), "")), typed(request, "word")
    try:
        decline(token=token, word=" · ".join(each for each in (why, word.strip()) if each), now=timezone.now())
    except RuleBroken:
        return _over(request, token)
    return render(request, "suppliers/join_declined.html", context)


@require_safe
@at_the_door
def steps(request: HttpRequest, token: str, invited: Invited) -> HttpResponse:
    """What the firm does: pictures to pick from. The answer travels in the address of the next page; nothing is stored yet."""
    chosen = request.GET.getlist("nodes") or invited.node_codes
    nodes = [
        {"code": code, "name": name, "icon": NODE_ICONS.get(code, "factory"), "chosen": code in chosen}
        for code, name in node_names().items()
    ]
    missing = RuleBroken("node_missing").words() if "missing" in request.GET else ""
    return render(request, "suppliers/join_steps.html", {**_context(token, invited, step=2), "nodes": nodes, "missing": missing})


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, token: str) -> HttpResponse:
    """Who signs in for the firm. A second press of the button finds the door closed and the person already inside."""
    response: HttpResponse = _account(request, token)
    if request.method == "POST" and response.status_code == 404 and _signs_in(request):
        return redirect("suppliers:welcome")
    return response


@at_the_door
def _account(request: HttpRequest, token: str, invited: Invited) -> HttpResponse:
    if request.actor is not None:  # type: ignore[attr-defined]
        return redirect("suppliers:join", token)
    picked: QueryDict = request.POST if request.method == "POST" else request.GET
    if not NodesForm(picked).is_valid():
        return redirect(f"{reverse('suppliers:join_steps', args=[token])}?missing=1")
    form = _form(request, picked)
    if request.method == "POST" and form.is_valid():
        try:
            _enter(request, token, form.cleaned_data)
        except RuleBroken as broken:
            if invited_by(token, now=timezone.now()) is None:
                return _over(request, token)
            form.add_error(broken.field, broken.words())
        else:
            return redirect("suppliers:welcome")
    context = {**_context(token, invited, step=3), "form": form, "nodes": picked.getlist("nodes"), "will_see": _who_will_see(token)}
    return render(request, "suppliers/join_account.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, picked: QueryDict) -> Any:
    kind = NodesForm if request.user.is_authenticated else JoinForm
    return kind(request.POST) if request.method == "POST" else kind(initial={"nodes": picked.getlist("nodes")})


def _enter(request: HttpRequest, token: str, said: dict[str, Any]) -> None:
    new = Newcomer(said.get("name", ""), said.get("contact", ""), said.get("password", ""), (get_language() or "zh-hans").lower())
    who = request.user if request.user.is_authenticated else new
    person = join_as_new_firm(token=token, who=who, node_codes=said["nodes"], now=timezone.now())
    login(request, person, backend=BACKEND)


def _signs_in(request: HttpRequest) -> bool:
    """The person whom the first press has made, by the same contact and password: as at the sign-in page."""
    if request.user.is_authenticated:
        return bool(request.actor)  # type: ignore[attr-defined]
    try:
        # By the sign-in page's own door, which counts wrong tries: else any dead link would be a place to guess passwords.
        person = get_adapter().authenticate(request, username=request.POST.get("contact", ""), password=request.POST.get("password", ""))
    except ValidationError:
        return False
    if person is None or not wearables(person, on=timezone.localdate()):
        return False
    login(request, person, backend=BACKEND)
    return True


def _is_own(actor: Actor, invited: Invited) -> bool:
    if actor.hat not in (Hat.SUPPLIER, Hat.OWNER) or actor.org_id == invited.owner_org_id:
        return False
    with as_actor(actor):
        return claimed_code(actor) == invited.uscc


def _context(token: str, invited: Invited, *, step: int) -> dict[str, Any]:
    labels = [_("Your firm"), _("What you do"), _("Who signs in"), _("Licence")]
    marks = [{"label": label, "state": "done" if at < step else "now" if at == step else ""} for at, label in enumerate(labels, start=1)]
    return {
        "token": token, "invited": invited, "owner": in_language(invited.owner_name_zh, invited.owner_name_en), "is_demo": invited.is_demo,
        "firm": in_language(invited.name_zh, invited.name_en), "steps": marks,
        "place": place_said(invited.region_code, invited.town_code),
    }  # fmt: skip


def _who_will_see(token: str) -> list[dict[str, str]]:
    """Words for the grants that accepting makes, and nothing that is not in them."""
    return [{"name": in_language(row.to_name_zh, row.to_name_en), "words": str(GRANTS[row.what])} for row in will_see(token)]


def _over(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "suppliers/join_over.html", status=404)
