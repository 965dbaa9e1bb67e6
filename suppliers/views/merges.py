"""Lines that are one firm: found, compared side by side, merged, split, told apart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.actor import Actor, ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from foundation.templatetags.qc import changed_query
from suppliers.merge_words import FACT_NAMES, fact_said, facts_said
from suppliers.models import Merge, SupplyLink
from suppliers.selectors import link_for, supplier_links
from suppliers.selectors.merges import (
    FACTS,
    PAIRS,
    Difference,
    alike_lines,
    differences,
    merge_for,
    merge_place,
    merges,
    pair_place,
    twins,
)
from suppliers.services.merges import BOTH, KEPT, OTHER, check_mergeable, merge_links, split_links, tell_apart
from suppliers.words import SHOWN_STATES, in_language, nodes_said, place_said


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.OWNER)
def merge(request: ActorRequest, link_id: UUID) -> HttpResponse:
    """Which other line is the same firm? Then both side by side, and what the one that stays takes over."""
    kept = link_for(request.actor, link_id)
    asked = request.POST if request.method == "POST" else request.GET
    if not asked.get("with"):
        return _pick(request, kept)
    other = _line(request.actor, asked["with"])
    if request.method == "POST":
        return _merge(request, kept, other)
    if other.supplier_org_id is not None and kept.supplier_org_id is None:
        # One that has joined is always the one that stays.
        return redirect(f"{_address(other)}?with={kept.pk}")
    return _compare(request, kept, other)


def _pick(request: ActorRequest, kept: SupplyLink) -> HttpResponse:
    query = request.GET.get("query", "").replace("\x00", "").strip()[:80]
    found = supplier_links(request.actor, query=query, limit=20).rows if query else alike_lines(request.actor, kept)
    lines = [_side(line) for line in found if line.pk != kept.pk]
    find = {"name": "query", "label": _("Name, pinyin or code"), "value": query}
    return render(request, "suppliers/merge_pick.html", {"kept": _side(kept), "lines": lines, "find": find, "chips": SHOWN_STATES})


def _compare(request: ActorRequest, kept: SupplyLink, other: SupplyLink, *, broken: str = "") -> HttpResponse:
    try:
        check_mergeable(request.actor, kept, other)
    except RuleBroken as rule:
        broken = rule.words()
    rows = [_fact(each, request.POST.get(f"choose-{each.fact}", KEPT)) for each in differences(kept, other)]
    context = {
        "kept": _side(kept), "other": _side(other), "rows": rows, "broken": broken, "chips": SHOWN_STATES,
        "swap": f"{_address(other)}?with={kept.pk}" if kept.supplier_org_id is None and not broken else "",
    }  # fmt: skip
    return render(request, "suppliers/merge.html", context, status=422 if broken and request.method == "POST" else 200)


def _merge(request: ActorRequest, kept: SupplyLink, other: SupplyLink) -> HttpResponse:
    chosen = {fact: request.POST[f"choose-{fact}"] for fact in FACTS if f"choose-{fact}" in request.POST}
    try:
        done = merge_links(actor=request.actor, kept=kept, absorbed=other, chosen=chosen, now=timezone.now())
    except RuleBroken as rule:
        return _compare(request, kept, other, broken=rule.words())
    words = _("%(other)s is now part of %(kept)s. You may split them again at any time.")
    messages.success(request, words % {"other": other.name_zh, "kept": done.kept.name_zh})
    return redirect("suppliers:supplier", kept.pk)


@require_POST
@wearing(Hat.OWNER)
def split(request: ActorRequest, merge_id: UUID) -> HttpResponse:
    """Take a merge back."""
    done = split_links(actor=request.actor, merge=merge_for(request.actor, merge_id), now=timezone.now())
    messages.success(request, _("Split. Both lines stand on your list again."))
    if done.stayed:
        words = _("Changed since, and left as it is: %(facts)s.")
        messages.warning(request, words % {"facts": facts_said(done.stayed)})
    return redirect("suppliers:supplier", done.kept_id)


@require_safe
@wearing(Hat.OWNER)
def history(request: ActorRequest) -> HttpResponse:
    """Every merge and split of the list."""
    found = merges(request.actor, after=merge_place(request.GET.get("after", "")), limit=PAIRS + 1)
    shown, more = found[:PAIRS], len(found) > PAIRS
    onward = changed_query(request.GET, {"after": f"{shown[-1].at.isoformat()}~{shown[-1].pk}"}) if more else ""
    context = {"merges": [merge_line(each) for each in shown], "shown": len(shown), "step": PAIRS, "more_url": onward}
    return render(request, "suppliers/merges.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.OWNER)
def likely(request: ActorRequest) -> HttpResponse:
    """Pairs with like names. POST: these are two firms."""
    if request.method == "POST":
        one, other = _line(request.actor, request.POST.get("one", "")), _line(request.actor, request.POST.get("other", ""))
        tell_apart(actor=request.actor, one=one, other=other, now=timezone.now())
        messages.success(request, _("Remembered: two firms. You are not asked again."))
        return redirect("suppliers:twins")
    found = twins(request.actor, after=pair_place(request.GET.get("after", "")), limit=PAIRS + 1)
    shown, more = found[:PAIRS], len(found) > PAIRS
    last = shown[-1] if more else None
    onward = changed_query(request.GET, {"after": f"{last.core}~{last.one.pk}~{last.other.pk}"}) if last else ""
    context = {
        "pairs": [_pair(each.one, each.other) for each in shown], "chips": SHOWN_STATES, "shown": len(shown), "step": PAIRS, "more_url": onward,
    }  # fmt: skip
    return render(request, "suppliers/twins.html", context)


def merge_line(done: Merge) -> dict[str, Any]:
    """One line of the history, with the names as they were listed."""
    return {
        "merge": done, "kept": in_language(done.kept.name_zh, done.kept.name_en), "other": in_language(done.absorbed.name_zh, done.absorbed.name_en),
        "took": facts_said(done.wrote), "stayed": facts_said(done.stayed),
    }  # fmt: skip


def _line(actor: Actor, link_id: str) -> SupplyLink:
    try:
        return link_for(actor, UUID(link_id))
    except ValueError:
        raise Absent from None


def _address(link: SupplyLink) -> str:
    return reverse("suppliers:merge", args=[link.pk])


def _side(link: SupplyLink) -> dict[str, Any]:
    place = place_said(link.region_code, link.town_code)
    return {
        "link": link, "name": in_language(link.name_zh, link.name_en), "place": place, "nodes": nodes_said(link.node_codes),
        "state": link.state_at(timezone.now()),
    }  # fmt: skip


def _pair(one: SupplyLink, other: SupplyLink) -> dict[str, Any]:
    """The line that stays by itself comes first: one that has joined, else the older one."""
    first, second = (other, one) if other.supplier_org_id is not None else (one, other)
    return {"one": _side(first), "other": _side(second)}


def _fact(each: Difference, chosen: str) -> dict[str, Any]:
    kept, other = fact_said(each.fact, each.kept), fact_said(each.fact, each.other)
    choices = []
    if each.how == "differs":
        choices = [(KEPT, kept), (OTHER, other)]
        if each.fact == "nodes":
            choices.append((BOTH, _("both together")))
    return {
        "fact": each.fact, "label": FACT_NAMES[each.fact], "kept": kept, "other": other, "how": each.how, "chosen": chosen, "choices": choices,
    }  # fmt: skip
