"""Change notices: a supplier's, with every answer in one place; a customer's copy, with its own answer only."""

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

from agreements.forms import in_language, refuse
from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query, chip_for
from inspections.change_words import CHANGE_CHIPS, KINDS, OWNER_TABS, REPLY_CHIPS, SUPPLIER_TABS
from inspections.decision_forms import ChangeForm, TrialForm, WordsForm
from inspections.listing import Table, day_cursor, page_of, table_file
from inspections.models import ChangeNotice, ChangeReply
from inspections.selectors.change_notices import PAGE, change_for, changes, customers_to_tell, replies_of, reply_for, told_changes
from inspections.services.change_notices import (
    ChangeSaid,
    answer_change,
    change_draft,
    draft_change,
    make_effective,
    send_change,
    withdraw_change,
)
from parties.roles import MAY_FILE, MAY_WRITE
from records.selectors import entries_of_subject, evidences, shares_for
from records.services.evidence import PHOTOS, take_evidence
from records.timeline import lines_of

SIDES = (Hat.OWNER, Hat.SUPPLIER)
MOST_ROWS = 5_000
Row = ChangeNotice | ChangeReply


def _asked(request: ActorRequest) -> dict[str, str]:
    return {"state": request.GET.get("state", ""), "kind": request.GET.get("kind", "")}


def _rows(request: ActorRequest, **words: Any) -> list[Any]:
    return (changes if request.actor.hat == Hat.SUPPLIER else told_changes)(request.actor, **{**_asked(request), **words})


@wearing(*SIDES)
@require_safe
def changes_list(request: ActorRequest) -> HttpResponse:
    """The latest planned first; `?state=` and `?kind=` filter, `?after=` goes on."""
    mine, asked = request.actor.hat == Hat.SUPPLIER, _asked(request)
    page, more = page_of(request, _rows(request, after=day_cursor(request)), PAGE, lambda row: (row.planned_on, row.pk))
    heads = [_("Change"), _("State"), _("Products"), _("Answers") if mine else _("Supplier"), _("Planned for")]
    tabs = SUPPLIER_TABS if mine else OWNER_TABS
    same = changed_query(request.GET, {"after": None, "seen": None})
    context = {
        "lines": [_line(request.actor, row) for row in page], "chips": CHANGE_CHIPS if mine else REPLY_CHIPS, "heads": [{"label": label} for label in heads],
        "tabs": [_tab(request, "state", value, label, asked) for value, label in tabs],
        "kinds": [_tab(request, "kind", "", _("Every kind"), asked), *(_tab(request, "kind", code, words, asked) for code, (_icon, words) in KINDS.items())],
        "asked": asked, "narrowed": any(asked.values()), "mine": mine, "id": "changes", "may_file": bool(request.actor.roles.intersection(MAY_FILE)),
        "csv_url": reverse("inspections:changes_csv") + same, "xlsx_url": reverse("inspections:changes_xlsx") + same, **more,
    }  # fmt: skip
    return fragment(request, "inspections/_more_changes.html", context, page="inspections/changes.html")


def _tab(request: ActorRequest, name: str, value: str, label: Any, asked: dict[str, str]) -> dict[str, Any]:
    return {"label": label, "url": changed_query(request.GET, {name: value, "after": None, "seen": None}), "current": asked[name] == value}


def _line(actor: Actor, row: Any) -> dict[str, Any]:
    icon, words = KINDS[row.kind]
    line = {"row": row, "icon": icon, "words": words, "state": row.state}
    if isinstance(row, ChangeReply):
        return line | {
            "url": reverse("inspections:change_reply", args=[row.pk]),
            "beside": in_language(row.supplier_name_zh, row.supplier_name_en),
        }
    replies = list(row.replies.all())
    waits = sum(reply.state == "waiting" for reply in replies)
    told = _("%(there)s of %(all)s") % {"there": len(replies) - waits, "all": len(replies)} if replies else ""
    return line | {"url": reverse("inspections:change", args=[row.pk]), "beside": told}


@wearing(*SIDES)
@require_safe
def changes_csv(request: ActorRequest) -> HttpResponse:
    return table_file("changes", "csv", _table(request))


@wearing(*SIDES)
@require_safe
def changes_xlsx(request: ActorRequest) -> HttpResponse:
    return table_file("changes", "xlsx", _table(request))


def _table(request: ActorRequest) -> Table:
    mine = request.actor.hat == Hat.SUPPLIER
    heads = [
        _("What changes"),
        _("Products"),
        pgettext("change", "So far"),
        _("From then on"),
        _("Planned for"),
        _("State"),
        _("Answers") if mine else _("Supplier"),
        _("In use since"),
    ]
    chips = CHANGE_CHIPS if mine else REPLY_CHIPS
    return heads, [
        [
            str(KINDS[row.kind][1]), row.products, row.was, row.becomes, row.planned_on, chip_for(row.state, chips).label,
            _line(request.actor, row)["beside"], row.effective_on,
        ]
        for row in _rows(request, limit=MOST_ROWS)[:MOST_ROWS]
    ]  # fmt: skip


@wearing(Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def change_new(request: ActorRequest) -> HttpResponse:
    """Note a change; nobody sees it before it is sent."""
    request.actor.must_hold(*MAY_FILE)
    return _edit(request, None)


@wearing(Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def change_edit(request: ActorRequest, change_id: UUID) -> HttpResponse:
    """Mend a draft; what was told is not mended any more."""
    row = change_for(request.actor, change_id)
    request.actor.must_hold(*MAY_FILE)
    if row.state != "draft":
        return redirect("inspections:change", row.pk)
    return _edit(request, row)


def _edit(request: ActorRequest, row: ChangeNotice | None) -> HttpResponse:
    start = {name: getattr(row, name) for name in ("kind", "products", "was", "becomes", "planned_on", "client_id")} if row else {}
    form = ChangeForm(request.POST or None, files=request.FILES or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request, row, form)
        except RuleBroken as broken:
            refuse(form, broken)
        else:
            return redirect("inspections:change", saved.pk)
    return render(request, "inspections/change_form.html", {"form": form, "row": row}, status=422 if form.errors else 200)


def _save(request: ActorRequest, row: ChangeNotice | None, form: ChangeForm) -> ChangeNotice:
    said = form.cleaned_data
    words = ChangeSaid(said["kind"], said["products"], said["was"], said["becomes"], said["planned_on"])
    now, photo = timezone.now(), None
    words.columns(timezone.localdate(now))
    if said["file"] is not None:
        key = f"change-{said['client_id']}-{said['file'].size}"
        photo = take_evidence(actor=request.actor, file=said["file"], client_id=key, now=now, allowed=PHOTOS)
    if row is None:
        return draft_change(actor=request.actor, said=words, client_id=said["client_id"], now=now, photo=photo)
    return change_draft(actor=request.actor, change=row, said=words, now=now, photo=photo)


@wearing(Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: ActorRequest, change_id: UUID) -> HttpResponse:
    """A supplier's notice: a draft with whom it would reach, afterwards every answer in one place."""
    actor, now = request.actor, timezone.now()
    row = change_for(actor, change_id)
    if request.method == "POST":
        verbs = {"send": send_change, "withdraw": withdraw_change, "effective": make_effective}
        verb = verbs.get(request.POST.get("do", ""))
        if verb is None:
            raise Absent
        verb(actor=actor, change=row, now=now)
        return redirect("inspections:change", row.pk)
    replies = replies_of(actor, row)
    today = timezone.localdate(now)
    told = customers_to_tell(actor, row.kind, today) if row.state == "draft" else []
    icon, words = KINDS[row.kind]
    context = {
        "row": row, "icon": icon, "words": words, "chips": CHANGE_CHIPS, "reply_chips": REPLY_CHIPS, "photo": _photo(actor, row),
        "replies": [{"row": each, "name": in_language(each.owner_name_zh, each.owner_name_en)} for each in replies],
        "told": [in_language(each.agreement.owner_name_zh, each.agreement.owner_name_en) for each in told],
        "waits": sum(each.state == "waiting" for each in replies), "may_write": bool(actor.roles.intersection(MAY_WRITE)),
        "may_start": row.state == "sent" and row.settled_on is not None and row.planned_on <= today and any(each.state != "refused" for each in replies),
        "may_edit": row.state == "draft" and bool(actor.roles.intersection(MAY_FILE)),
    }  # fmt: skip
    return render(request, "inspections/change.html", context)


@wearing(*SIDES)
@require_http_methods(["GET", "HEAD", "POST"])
def change_reply(request: ActorRequest, reply_id: UUID) -> HttpResponse:
    """A customer's copy of a change; it answers here. Nothing on this page comes from another customer."""
    actor = request.actor
    row = reply_for(actor, reply_id)
    verb = request.POST.get("do", "")
    typed = {code: request.POST if verb == code else None for code in ("accepted_with_trial", "refused")}
    forms: dict[str, Any] = {
        "accepted_with_trial": TrialForm(typed["accepted_with_trial"], auto_id="id_trial_%s"),
        "refused": WordsForm(typed["refused"], auto_id="id_refused_%s"),
    }
    form = forms.get(verb)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            answer_change(actor=actor, reply=row, answer=verb, why=form.cleaned_data["why"] if form else "", now=timezone.now())
        except RuleBroken as broken:
            if form is None:
                raise
            refuse(form, broken)
        else:
            messages.success(request, _("Answered. The supplier is told."))
            return redirect("inspections:change_reply", row.pk)
    icon, words = KINDS[row.kind]
    side = "supplier" if actor.hat == Hat.OWNER else "owner"
    context = {
        "row": row, "icon": icon, "words": words, "chips": REPLY_CHIPS, "photo": _photo(actor, row), "forms": forms,
        "firm": in_language(getattr(row, f"{side}_name_zh"), getattr(row, f"{side}_name_en")), "lines": lines_of(actor, entries_of_subject(actor, row.stream_id, [row.pk])),
        "may_answer": actor.hat == Hat.OWNER and row.state == "waiting" and bool(actor.roles.intersection(MAY_WRITE)),
        "whole_url": reverse("inspections:change", args=[row.change_id]) if actor.hat == Hat.SUPPLIER else "",
    }  # fmt: skip
    return render(request, "inspections/change_reply.html", context, status=422 if form is not None and form.errors else 200)


def _photo(actor: Actor, row: Row) -> str:
    """The address of the photo: one's own, or the one shown to a customer."""
    if row.photo_id is None:
        return ""
    if actor.hat == Hat.SUPPLIER:
        return reverse("records:evidence_file", args=[row.photo_id]) if row.photo_id in evidences(actor, [row.photo_id]) else ""
    share = shares_for(actor, [row.photo_id]).get(row.photo_id)
    return reverse("records:shared_file", args=[share.pk]) if share else ""
