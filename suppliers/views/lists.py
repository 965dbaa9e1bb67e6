"""An owner's list: look, find, add, invite, take away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from suppliers.filters import Wanted, wanted
from suppliers.forms import ListForm, SupplierForm
from suppliers.kept_views import to_first_view
from suppliers.list_page import (
    SUPPLIERS,
    applied,
    approval_chip,
    kept,
    look_of,
    looks,
    row_of,
    selects,
    view_tabs,
    what_happened,
    without_strangers,
)
from suppliers.models import SupplyLink
from suppliers.selectors import (
    PAGE,
    bulk_edits,
    link_for,
    open_invitation,
    saved_views,
    standing_approvals,
    state_counts,
    supplier_links,
    way_of,
)
from suppliers.selectors.firm_shared import shows_something
from suppliers.selectors.invitations import last_word
from suppliers.selectors.merges import merges_of, standing_line
from suppliers.services.exports import AT_ONCE
from suppliers.services.invitations import join_url
from suppliers.services.links import FirmSaid, add_supplier
from suppliers.views.bulk import last_edit_to_undo
from suppliers.views.merges import merge_line
from suppliers.words import SHOWN_STATES


@require_safe
@wearing(Hat.OWNER)
def supplier_list(request: ActorRequest) -> HttpResponse:
    """One page of the list. An address without anything opens the view that somebody chose to open first."""
    views = [] if request.GET.get("after") else saved_views(request.actor)
    if first := to_first_view(request, SUPPLIERS, views):
        return first
    asked = wanted(request.GET)
    page = supplier_links(request.actor, **asked.chosen(), after=request.GET.get("after", ""), limit=PAGE)
    if not page.rows and not asked.chosen() and not request.GET.get("after"):
        return render(request, "suppliers/empty.html", {"form": ListForm(), "sample": sample_list()})
    context = _rows(request, page.rows) | {
        "shown": len(page.rows), "step": PAGE, "more_url": changed_query(request.GET, {"after": page.after}) if page.after else "",
    }  # fmt: skip
    if request.GET.get("after"):
        return fragment(request, "parts/_more_rows.html", context | _around(request, asked, {}), page="suppliers/list.html")
    counts = state_counts(request.actor, **asked.chosen())
    context |= _around(request, asked, counts) | {"tabs": view_tabs(views, asked)}
    context |= {"undo": last_edit_to_undo(bulk_edits(request.actor, size=1), now=timezone.now())}
    return render(request, "suppliers/list.html", context)


def _rows(request: ActorRequest, links: list[SupplyLink]) -> dict[str, Any]:
    approvals, today = standing_approvals(request.actor, [link.pk for link in links]), timezone.localdate()
    rows = [row_of(link, approvals.get(link.pk, []), today=today) for link in links]
    return {"rows": "suppliers/_rows.html", "links": rows, "chips": SHOWN_STATES, "id": "links"}


def _around(request: ActorRequest, asked: Wanted, counts: dict[str, int]) -> dict[str, Any]:
    """What stands around the rows. `total` is of all that fit, where they were counted."""
    total = counts.get(asked.state, 0) if asked.state else sum(counts.values())
    look = look_of(request.GET)
    return {
        "find": {"name": "query", "label": _("Name, initials or code"), "value": asked.query}, "selects": selects(asked, counts),
        "applied": applied(request.GET, asked), "kept": kept(request.GET, asked), "looks": looks(request.GET),
        "table_class": {"table": "tight", "cards": "tight cards as-cards"}.get(look, "tight cards"), "total": total,
        "query": asked.as_query(), "export_query": without_strangers(request.GET), "long": total > AT_ONCE,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.OWNER)
def add(request: ActorRequest) -> HttpResponse:
    form = SupplierForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            link = add_supplier(actor=request.actor, firm=FirmSaid(**form.cleaned_data), now=timezone.now())
        except RuleBroken as broken:
            form.add_error(broken.field, broken.words())
        else:
            messages.success(request, _("%(name)s is on your list. Nobody was told.") % {"name": link.name_zh})
            return redirect("suppliers:supplier", link.pk)
    return render(request, "suppliers/add.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@wearing(Hat.OWNER)
def supplier(request: ActorRequest, link_id: UUID) -> HttpResponse:
    try:
        link = link_for(request.actor, link_id)
    except Absent:
        if stands_as := standing_line(request.actor, link_id):
            return redirect("suppliers:supplier", stands_as)
        raise
    invitation = open_invitation(request.actor, link, now=timezone.now()) if link.state != SupplyLink.State.JOINED else None
    standing, today = standing_approvals(request.actor, [link.pk]).get(link.pk, []), timezone.localdate()
    context = {
        "link": link, "facts": row_of(link), "chips": SHOWN_STATES, "invitation": invitation, "now": timezone.now(),
        "approvals": [approval_chip(each, today=today) for each in standing], "way": way_of(request.actor, link),
        "events": what_happened(request.actor, link),
    }  # fmt: skip
    context["shows"] = shows_something(request.actor, link)
    context["merges"] = [merge_line(each) for each in merges_of(request.actor, link)]
    if invitation:
        context["url"] = join_url(invitation.pk)
    if link.state == SupplyLink.State.DECLINED:
        context["declined"] = last_word(request.actor, link)
    return render(request, "suppliers/supplier.html", context)


def sample_list() -> str:
    """Three invented rows that read without a problem."""
    return (
        "企业名称\t统一社会信用代码\t联系人\t手机号\t所属环节\t所在区\n"
        "宁波青纬织造有限公司（示例）\t0DEM0X1000000000AG\t何师傅\t19000000101\t机织\t海曙区\n"
        "宁波素杼辅料有限公司（示例）\t0DEM0X1000000000BK\t竺经理\t19000000102\t辅料\t鄞州区\n"
        "宁波岚彩印染有限公司（示例）\t0DEM0X1000000000CN\t励厂长\t19000000103\t印染\t奉化区\n"
    )
