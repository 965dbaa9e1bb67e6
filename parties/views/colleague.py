"""The way in for a colleague who was invited: public, in the lobby. One neutral page for every invitation that opens nothing."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from foundation.errors import RuleBroken
from parties.forms import ColleagueForm
from parties.limits import address_of, over_limit
from parties.selectors import HAT_KEY, Asked, colleague_by, wearables
from parties.services import accept_colleague
from parties.words import ROLE_MEANS, ROLES, in_language

BACKEND = "parties.sign_in.SignInBackend"
READS, WRITES = 120, 30


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def colleague(request: HttpRequest, token: str) -> HttpResponse:
    """Who asks you in, and to do what; a newcomer chooses a password, somebody with an account signs in and accepts."""
    writing = request.method == "POST"
    if over_limit("colleague-post" if writing else "colleague", address_of(request), most=WRITES if writing else READS, seconds=600):
        return render(request, "429.html", {"wait_minutes": 10}, status=429)
    asked = colleague_by(token, now=timezone.now())
    if asked is None:
        return render(request, "parties/colleague_over.html", status=404)
    person: Any = request.user if request.user.is_authenticated else None
    form = ColleagueForm(request.POST if writing else None, initial={"name": asked.name}) if person is None else None
    refused = ""
    if writing and (form is None or form.is_valid()):
        try:
            return _entered(request, token, asked, form)
        except RuleBroken as broken:
            if form is None:
                refused = broken.words()
            else:
                form.add_error(None, broken.words())
    return _page(request, token, asked, form, refused=refused)


def _entered(request: HttpRequest, token: str, asked: Asked, form: ColleagueForm | None) -> HttpResponse:
    said = form.cleaned_data if form else {}
    known: Any = None if form else request.user
    language = (get_language() or "zh-hans").lower()
    person = accept_colleague(token=token, person=known, locale=language, now=timezone.now(), **said)
    login(request, person, backend=BACKEND)
    # They came for this firm: its hat is the one they find on.
    worn = next((w for w in wearables(person, on=timezone.localdate()) if w.org_id == asked.org_id), None)
    if worn is not None:
        request.session[HAT_KEY] = worn.key
    return redirect("/home/")


def _page(request: HttpRequest, token: str, asked: Asked, form: ColleagueForm | None, *, refused: str) -> HttpResponse:
    person: Any = request.user if request.user.is_authenticated else None
    context = {
        "token": token, "asked": asked, "firm": in_language(asked.org_name_zh, asked.org_name_en), "is_demo": asked.org_is_demo, "form": form,
        "roles": [{"name": ROLES[role], "means": ROLE_MEANS[role]} for role in asked.roles], "contact": _masked(asked.contact),
        "is_other": person is not None and asked.contact not in (person.phone, person.email), "refused": refused,
    }  # fmt: skip
    return render(request, "parties/colleague.html", context, status=422 if refused or (form is not None and form.errors) else 200)


def _masked(contact: str) -> str:
    """Enough to know one's own contact again, too little to learn somebody else's."""
    if "@" in contact:
        name, _at, host = contact.partition("@")
        return f"{name[:1]}***@{host}"
    return f"{contact[:6]}****{contact[-4:]}"
