"""A firm's own portrait: what it says, why it says so, to whom it was shown, and an appeal against a part of it."""

from __future__ import annotations

from typing import Any, TypeGuard
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.documents import public_address
from agreements.paging import cursor_of, more_of, table_file
from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import moment_of
from foundation.errors import RuleBroken
from foundation.htmx import fragment
from jobs.papers import qr_svg
from onestop.forms_portraits import AppealForm, ShareForm
from onestop.models import Portrait
from onestop.portrait_cards import card, percent
from onestop.portrait_rows import appeal_said, lines_behind
from onestop.selectors.portraits import SHARED, customers, drawn, looks_at, portrait_for, portraits_shared, rows_behind
from onestop.selectors.scores import score_of, scores_of
from onestop.services.portraits import revoke_portrait, share_portrait, token_of
from onestop.words_portraits import PORTRAIT_STATES, SCORED_BECAUSE
from onestop.words_services import name_of
from records.models import Score
from records.services.appeals import file_score_appeal

OWN = "onestop:portrait"
# Which kind of service looks at a weak part.
HELP = {
    "compliance": "quality", "conformity": "testing", "steadiness": "quality", "audits": "quality", "correcting": "quality",
    "freshness": "certification",
}  # fmt: skip


@wearing(Hat.SUPPLIER)
@require_safe
def portrait(request: ActorRequest) -> HttpResponse:
    """Radar and facts beside the anonymous middle of the node; before there is a score, what is missing."""
    score, now = score_of(request.actor, request.actor.org_id), timezone.now()
    shared = portraits_shared(request.actor, limit=3)[:3] if score else []
    shown = _card(request, score) if score else None
    context = {
        "score": score, "card": shown, "now": now, "help_url": _help(shown), "shared": [_link(each, now) for each in shared],
        "chips": PORTRAIT_STATES, "heads": _heads(), "csv_url": reverse("onestop:portrait_csv"), "xlsx_url": reverse("onestop:portrait_xlsx"),
    }  # fmt: skip
    return render(request, "onestop/portrait.html", context)


def _help(shown: dict[str, Any] | None) -> str:
    weakest = shown["weakest"] if shown else None
    return f"{reverse('onestop:ask')}?kind={HELP[weakest['code']]}" if weakest else ""


def _card(request: ActorRequest, score: Score) -> dict[str, Any]:
    return card(drawn(request.actor, score, now=timezone.now()), method=score.method.body)


def _heads() -> list[dict[str, Any]]:
    return [
        {"label": pgettext("part of a score", "Part")},
        {"label": pgettext("part of a score", "Score"), "end": True},
        {"label": _("Middle of the node"), "end": True},
        {"label": _("On what it stands")},
    ]


@wearing(Hat.SUPPLIER)
@require_safe
def export(request: ActorRequest, kind: str) -> HttpResponse:
    """The parts as a table."""
    score = score_of(request.actor, request.actor.org_id)
    heads = [str(head["label"]) for head in _heads()] + [_("Weight")]
    lines = _card(request, score)["lines"] if score else []
    rows = [[str(line["name"]), line["percent"], _middle(line), str(line["facts"]), line["weight"]] for line in lines]
    return table_file("portrait", kind, (heads, rows))


def _middle(line: dict[str, Any]) -> str:
    return "" if line["middle"] is None else f"{line['middle']} %"


@wearing(Hat.SUPPLIER)
@require_safe
def why(request: ActorRequest) -> HttpResponse:
    """Each part with its rule, its numbers and the rows that pull it down; and every computation so far."""
    score = score_of(request.actor, request.actor.org_id)
    if score is None:
        return _not_yet(request)
    shown = _card(request, score)
    behind = lines_behind(rows_behind(request.actor, today=timezone.localdate()))
    context = {
        "score": score, "card": shown, "now": timezone.now(), "parts": [{"line": line, **behind[line["code"]]} for line in shown["lines"]],
        "holds": (shown["value"], shown["band"]) == (score.value_hundredths, score.band), "history": _history(request), "crumbs": _crumbs(_("Why this score")),
    }  # fmt: skip
    return render(request, "onestop/portrait_why.html", context)


def _history(request: ActorRequest) -> list[dict[str, Any]]:
    rows = scores_of(request.actor, request.actor.org_id)
    return [{"row": row, "percent": percent(row.value_hundredths), "why": SCORED_BECAUSE[row.why]} for row in rows]


def _crumbs(label: str) -> list[dict[str, Any]]:
    return [{"url": reverse(OWN), "label": _("Quality portrait")}, {"label": label}]


def _stands(score: Score | None) -> TypeGuard[Score]:
    return score is not None and score.value_hundredths is not None


def _not_yet(request: ActorRequest) -> HttpResponse:
    """To the portrait, which says part by part what is missing, with the word that this is why."""
    messages.info(request, RuleBroken("portrait_not_yet").words())
    return redirect(OWN)


@wearing(Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: ActorRequest) -> HttpResponse:
    """What the reader will see, and for whom it is: a link, or one of the firm's chain owners."""
    score = score_of(request.actor, request.actor.org_id)
    if not _stands(score):
        return _not_yet(request)
    who = [(str(each.pk), name_of(each, "owner")) for each in customers(request.actor)]
    form = ShareForm(request.POST or None, initial={"client_id": uuid4().hex}, customers=who)
    if request.method == "POST" and form.is_valid():
        try:
            made = share_portrait(actor=request.actor, now=timezone.now(), **form.cleaned_data)
            return redirect("onestop:portrait_shared_one", made.pk)
        except RuleBroken as broken:
            form.add_error(broken.field, broken.words())
    context = {
        "form": form,
        "card": card(drawn(request.actor, score, now=timezone.now())),
        "heads": _heads(),
        "crumbs": _crumbs(_("Show it to somebody")),
    }
    return render(request, "onestop/portrait_share.html", context, status=422 if form.errors else 200)


@wearing(Hat.SUPPLIER)
@require_safe
def shared_list(request: ActorRequest) -> HttpResponse:
    """Every link, open or over, with how often it was opened."""
    rows, now = portraits_shared(request.actor, after=cursor_of(request, moment_of)), timezone.now()
    page = rows[:SHARED]
    last = (page[-1].shared_at, page[-1].pk) if len(rows) > SHARED else None
    may_show = _stands(score_of(request.actor, request.actor.org_id))
    context = {
        "may_show": may_show, "not_yet": "" if may_show else RuleBroken("portrait_not_yet").words(),
        "lines": [_link(each, now) for each in page], "chips": PORTRAIT_STATES, "now": now, "crumbs": _crumbs(_("Shown to")), **more_of(request, last, len(page)),
        "heads": [{"label": pgettext("portrait", "For whom")}, {"label": _("State")}, {"label": _("Shown since")}, {"label": _("Good until")}, {"label": _("Times opened"), "end": True}],
    }  # fmt: skip
    return fragment(request, "onestop/_portrait_links_more.html", context, page="onestop/portrait_links.html")


def _link(row: Any, now: Any) -> dict[str, Any]:
    state = "revoked" if row.revoked_at else "open" if row.is_open(now) else "over"
    return {"row": row, "state": state}


@wearing(Hat.SUPPLIER)
@require_safe
def shared_one(request: ActorRequest, portrait_id: UUID) -> HttpResponse:
    """One link with its code, and who opened it when."""
    row, now = portrait_for(request.actor, portrait_id), timezone.now()
    token = token_of(row) if row.is_open(now) else ""
    address = public_address(reverse("onestop:portrait_public", args=[token])) if token else ""
    context = {
        "row": row, "state": _link(row, now)["state"], "chips": PORTRAIT_STATES, "address": address, "qr": qr_svg(address) if address else "",
        "looks": looks_at(request.actor, row), "card": card(row.body), "now": now, "heads": _heads(),
        "look_heads": [{"label": _("When")}, {"label": _("With what")}, {"label": _("From about where")}],
        "crumbs": [*_crumbs(_("Shown to"))[:1], {"url": reverse("onestop:portrait_shared"), "label": _("Shown to")}, {"label": row.for_whom}],
    }  # fmt: skip
    return render(request, "onestop/portrait_link.html", context)


@wearing(Hat.SUPPLIER)
@require_POST
def revoke(request: ActorRequest, portrait_id: UUID) -> HttpResponse:
    """The link opens nothing from now on."""
    row: Portrait = revoke_portrait(actor=request.actor, portrait_id=portrait_id, now=timezone.now())
    messages.success(request, _("Taken back: the link shows nothing any more."))
    return redirect("onestop:portrait_shared_one", row.pk)


@wearing(Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def appeal(request: ActorRequest) -> HttpResponse:
    """Say which part is wrong; the bureau reads both sides and decides with reasons."""
    score = score_of(request.actor, request.actor.org_id)
    if score is None:
        return _not_yet(request)
    form = AppealForm(request.POST or None, initial={"client_id": uuid4().hex, "part": request.GET.get("part", "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            filed = file_score_appeal(
                actor=request.actor, said=appeal_said(score, said["part"], said["grounds"]), client_id=said["client_id"], now=timezone.now()
            )
            messages.success(request, _("Your appeal %(code)s is with the bureau. You are told what it decides.") % {"code": filed.code})
            return redirect(OWN)
        except RuleBroken as broken:
            form.add_error(broken.field if broken.field in form.fields else None, broken.words())
    context = {"form": form, "card": _card(request, score), "crumbs": _crumbs(_("Appeal"))}
    return render(request, "onestop/portrait_appeal.html", context, status=422 if form.errors else 200)
