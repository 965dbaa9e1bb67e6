"""The pages of one person: the start, the task list, oneself, the hat, the language."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import activate, get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from desk.forms import KeyForm, MeForm
from desk.homes import home_of
from desk.selectors import demo_sign_ins, own_keys
from desk.services import change_me
from foundation.actor import BUSINESS_HATS, ActorRequest, wearing
from foundation.asked import onward
from foundation.errors import RuleBroken
from parties.middleware import HAT_KEY
from parties.services import issue_token, revoke_token, set_language

A_YEAR = 365 * 24 * 3600
THEMES = ("light", "dark")


@require_safe
def landing(request: ActorRequest) -> HttpResponse:
    if request.actor is not None:
        return redirect("desk:home")
    return render(request, "desk/landing.html", {"demo": demo_sign_ins()})


@require_safe
@wearing(*BUSINESS_HATS)
def home(request: ActorRequest) -> HttpResponse:
    own = request.user.locale  # type: ignore[union-attr]
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and own != get_language():
        # The first page after signing in on a new device: the person's own language, not the browser's.
        activate(own)
        request.LANGUAGE_CODE = own
    template, context = home_of(request.actor, now=timezone.now())
    return _remember_language(render(request, template, context), get_language() or own)


def _remember_language(response: HttpResponse, code: str) -> HttpResponse:
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(*BUSINESS_HATS)
def me(request: ActorRequest) -> HttpResponse:
    person: Any = request.user
    form = MeForm(request.POST or None, initial={"name": person.name, "locale": person.locale})
    if request.method == "POST" and form.is_valid():
        change_me(actor=request.actor, **form.cleaned_data)
        activate(form.cleaned_data["locale"])
        messages.success(request, _("Your name and language are kept."))
        return _remember_language(redirect("desk:me"), form.cleaned_data["locale"])
    return _me_page(request, form=form, status=422 if request.method == "POST" else 200)


def _me_page(request: ActorRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    person: Any = request.user
    context = {
        "form": MeForm(initial={"name": person.name, "locale": person.locale}),
        "key_form": KeyForm(),
        "keys": own_keys(request.actor),
        "person": person,
        "now": timezone.now(),
        **more,
    }
    return render(request, "desk/me.html", context, status=status)


@require_POST
@never_cache
@wearing(*BUSINESS_HATS)
def new_key(request: ActorRequest) -> HttpResponse:
    """The secret stands on this answer and nowhere else: it is not kept, so there is nothing to redirect to."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _me_page(request, key_form=form, status=422)
    try:
        key, secret = issue_token(actor=request.actor, now=timezone.now(), **form.cleaned_data)
    except RuleBroken as error:
        form.add_error(error.field, error.words())
        return _me_page(request, key_form=form, status=422)
    return _me_page(request, secret=secret, new_key=key)


@require_POST
@wearing(*BUSINESS_HATS)
def revoke_key(request: ActorRequest, token_id: UUID) -> HttpResponse:
    revoke_token(actor=request.actor, token_id=token_id, now=timezone.now())
    messages.success(request, _("The key no longer opens anything."))
    return redirect("desk:me")


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device has it; for those without script."""
    response = redirect(onward(request, "/me/"))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie("theme", chosen, max_age=A_YEAR, samesite="Lax")
    else:
        response.delete_cookie("theme")
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def hat(request: ActorRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    if request.method == "POST" and any(worn.key == request.POST.get("hat") for worn in request.wearables):
        request.session[HAT_KEY] = request.POST["hat"]
        return redirect("desk:home")
    return render(request, "desk/hat.html", {}, status=422 if request.method == "POST" else 200)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The other language, on the same page; remembered for the signed-in. In the lobby."""
    code = request.POST.get("language", "")
    response = redirect(onward(request, "/"))
    if code not in dict(settings.LANGUAGES):
        return response
    if request.user.is_authenticated:
        set_language(person=request.user, language=code)
    return _remember_language(response, code)


@require_safe
def help_page(request: ActorRequest) -> HttpResponse:
    return render(request, "desk/help.html", {"base": "base.html" if request.actor else "base_public.html"})
