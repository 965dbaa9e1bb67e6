"""Programmes at the chain owner's desk: the list, a draft, twelve months of it before it is in force, and why a firm is in its band."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.schedule import add_months
from audits.forms_programmes import ProgrammeForm, initial_of
from audits.models import OwnerProgramme
from audits.risk import VERSION, rate, rated_again
from audits.selectors.checklists import checklists_to_choose
from audits.selectors.programmes import PREVIEW_MONTHS, Covered, Preview, preview, programme_for, programmes
from audits.selectors.risk import facts_of, rating_history
from audits.selectors.visits import AuditorLoad, loads, share_out, standing_load, visits_of_programme
from audits.services import change_programme, draft_programme, drop_programme, move_programme
from audits.status import AUDIT_CHIPS
from audits.views.tools import in_language, tried
from audits.words_planning import LANGUAGE_WORDS
from audits.words_programmes import BAND_WORDS, DONE, HALF_WORDS, PART_WORDS, PROGRAMME_CHIPS, reason_words
from foundation.actor import ActorRequest, Hat, wearing
from parties.roles import MAY_WRITE
from suppliers.selectors import link_for
from suppliers.words import node_names

SHOWN = 25
# Half-days that one auditor carries in a month beside travel, reports and leave.
CAPACITY = 20


@wearing(Hat.OWNER)
@require_safe
def programme_list(request: ActorRequest) -> HttpResponse:
    """Every programme of the firm, newest first."""
    rows = [_line(row) for row in programmes(request.actor)]
    heads = [_("Programme"), _("State"), _("Checklist"), _("Bands"), _("First day")]
    context = {
        "lines": rows, "heads": [{"label": label, "end": n == len(heads) - 1} for n, label in enumerate(heads)],
        "chips": PROGRAMME_CHIPS, "may_write": _may_write(request),
    }  # fmt: skip
    return render(request, "audits/programmes.html", context)


def _may_write(request: ActorRequest) -> bool:
    return bool(request.actor.roles.intersection(MAY_WRITE))


def _line(row: OwnerProgramme) -> dict[str, Any]:
    names = node_names()
    return {
        "row": row, "checklist": in_language(row.checklist.name_zh, row.checklist.name_en),
        "nodes": [names.get(code, code) for code in row.node_codes],
    }  # fmt: skip


def _checklists(request: ActorRequest) -> list[tuple[str, str]]:
    return [(row.pk, in_language(row.name_zh, row.name_en)) for row in checklists_to_choose(request.actor)]


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def programme_new(request: ActorRequest) -> HttpResponse:
    """Draft one; nothing is planned before it is put in force."""
    request.actor.must_hold(*MAY_WRITE)
    return _edit(request, None)


@wearing(Hat.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def programme_edit(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """Say a draft anew."""
    row = programme_for(request.actor, programme_id)
    request.actor.must_hold(*MAY_WRITE)
    if row.state != OwnerProgramme.State.DRAFT:
        return redirect("audits:programme", row.pk)
    return _edit(request, row)


def _edit(request: ActorRequest, row: OwnerProgramme | None) -> HttpResponse:
    form = ProgrammeForm(_checklists(request), request.POST or None, initial=initial_of(row) if row else None)
    saved: list[OwnerProgramme] = []

    def save() -> None:
        said = form.said()
        if row is None:
            saved.append(draft_programme(actor=request.actor, said=said, client_id=form.cleaned_data["client_id"], now=timezone.now()))
        else:
            saved.append(change_programme(actor=request.actor, programme_id=row.pk, said=said))

    if request.method == "POST" and form.is_valid() and tried(form, save):
        return redirect("audits:programme", saved[0].pk)
    back = reverse("audits:programme", args=[row.pk]) if row else reverse("audits:programmes")
    return render(request, "audits/programme_form.html", {"form": form, "row": row, "back": back}, status=422 if form.errors else 200)


@wearing(Hat.OWNER)
@require_safe
def programme(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """One programme: before it is in force its twelve months, after it what comes next."""
    row, today = programme_for(request.actor, programme_id), timezone.localdate()
    begins = max(today, row.starts_on).replace(day=1)
    until = add_months(begins, PREVIEW_MONTHS) - timedelta(days=1)
    standing = standing_load(request.actor, first=begins, last=until, without=row)
    seen = preview(request.actor, row, today=today, standing=standing)
    now_loads = loads(request.actor, first=begins, months=PREVIEW_MONTHS)
    shared = share_out(now_loads, {month.first: month.halves for month in seen.months})
    if row.state != OwnerProgramme.State.DRAFT:
        shared = now_loads
    context = {
        **_line(row), "chips": PROGRAMME_CHIPS, "seen": seen, "months": _months(seen, len([one for one in shared if one.auditor.is_auditor]) or len(shared)),
        "loads": [_load(each, seen) for each in shared], "capacity": CAPACITY, "covered": [_firm(each) for each in seen.covered[:SHOWN]],
        "more": max(len(seen.covered) - SHOWN, 0), "left_out": _left_out(seen), "verbs": _verbs(row) if _may_write(request) else [],
        "rhythm": [(letter, row.months_of(letter)) for letter in row.bands], "seasons": list(row.seasons.all()), "halves_words": HALF_WORDS,
        "visits": [{"audit": audit, "name": in_language(audit.agreement.supplier_name_zh, audit.agreement.supplier_name_en)} for audit in visits_of_programme(request.actor, row)],
        "audit_chips": AUDIT_CHIPS, "skill": node_names().get(row.required_skill, ""), "language": LANGUAGE_WORDS.get(row.required_language, ""), "may_write": _may_write(request),
    }  # fmt: skip
    return render(request, "audits/programme.html", context)


def _verbs(row: OwnerProgramme) -> list[str]:
    return {"draft": ["activate", "drop"], "active": ["pause", "end"], "paused": ["resume", "end"]}.get(row.state, [])


def _months(seen: Preview, bearers: int) -> list[dict[str, Any]]:
    """Each month with what it asks of all auditors together."""
    can = bearers * CAPACITY
    found = []
    for month in seen.months:
        halves = month.halves + month.standing
        found.append(
            {
                "month": month,
                "label": date_format(month.first, pgettext("date format", "F Y")),
                "halves": halves,
                "can": can,
                "short": max(halves - can, 0),
            }
        )
    return found


def _load(load: AuditorLoad, seen: Preview) -> dict[str, Any]:
    cells = [{"halves": load.halves.get(month.first, 0), "over": load.halves.get(month.first, 0) > CAPACITY} for month in seen.months]
    return {"auditor": load.auditor, "cells": cells, "total": sum(cell["halves"] for cell in cells)}


def _firm(covered: Covered) -> dict[str, Any]:
    link = covered.link
    return {
        "link": link,
        "name": in_language(link.name_zh, link.name_en),
        "band": covered.rated.band if covered.rated else "",
        "first_on": covered.first_on,
    }


def _left_out(seen: Preview) -> list[dict[str, Any]]:
    """The reasons, most frequent first, each with the first firms it holds for."""
    firms: dict[str, list[Covered]] = {}
    for each in seen.left_out:
        if each.reason is not None:
            firms.setdefault(reason_words(each.reason), []).append(each)
    counts = Counter({words: len(rows) for words, rows in firms.items()})
    return [
        {"words": words, "n": n, "firms": [_firm(each) for each in firms[words][:8]], "more": max(n - 8, 0)} for words, n in counts.most_common()
    ]  # fmt: skip


@wearing(Hat.OWNER)
@require_POST
def programme_move(request: ActorRequest, programme_id: UUID, verb: str) -> HttpResponse:
    """Put in force, pause, let go on, end."""
    move_programme(actor=request.actor, programme_id=programme_id, verb=verb, now=timezone.now())
    messages.success(request, str(DONE[verb]))
    return redirect("audits:programme", programme_id)


@wearing(Hat.OWNER)
@require_POST
def programme_drop(request: ActorRequest, programme_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    drop_programme(actor=request.actor, programme_id=programme_id)
    messages.success(request, _("The draft is gone."))
    return redirect("audits:programmes")


@wearing(Hat.OWNER)
@require_safe
def risk(request: ActorRequest, link_id: UUID) -> HttpResponse:
    """Why a firm is in its band today, part by part, and which bands it was in."""
    link = link_for(request.actor, link_id)
    today = timezone.localdate()
    context: dict[str, Any] = {"link": link, "name": in_language(link.name_zh, link.name_en), "band_words": BAND_WORDS, "version": VERSION}
    if link.supplier_org_id is not None:
        rated = rate(facts_of(request.actor, request.actor.org_id, [link.supplier_org_id], today=today)[link.supplier_org_id])
        history = rating_history(request.actor, link.supplier_org_id)
        context |= {
            "rated": rated, "parts": [_part(part) for part in rated.parts], "band_said": BAND_WORDS[rated.band],
            "history": [{"row": row, "same": row.version != VERSION or not row.inputs or rated_again(row.inputs).band == row.band} for row in history],
        }  # fmt: skip
    return render(request, "audits/risk.html", context)


def _part(part: Any) -> dict[str, Any]:
    fact = part.fact
    if part.code == "months_since":
        said = _("never audited") if fact is None else ngettext("%(n)s month", "%(n)s months", int(fact)) % {"n": fact}
    elif part.code == "result_class":
        said = str(fact) or _("never audited")
    else:
        said = str(fact)
    return {"words": PART_WORDS[part.code], "said": said, "points": part.points, "most": part.most}
