"""An owner's list: look, find, add, invite, take away."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query
from suppliers.documents import MIMES, table_document
from suppliers.forms import ListForm, SupplierForm
from suppliers.import_words import FIELD_NAMES
from suppliers.imports import FIELDS
from suppliers.models import SupplyLink
from suppliers.selectors import PAGE, all_links, link_for, links_by_id, open_invitation, supplier_links
from suppliers.services.invitations import invite, join_url
from suppliers.services.links import FirmSaid, add_supplier
from suppliers.words import LINK_STATES, districts, in_language, node_names, nodes_said, place_names, place_said

FILTERS = ("query", "state", "node", "region")


@require_safe
@wearing(Hat.OWNER)
def supplier_list(request: ActorRequest) -> HttpResponse:
    filters = _filters(request)
    page = supplier_links(request.actor, **filters, after=request.GET.get("after", ""), limit=PAGE)
    applied = any(filters.values())
    if not page.rows and not applied and not request.GET.get("after"):
        return render(request, "suppliers/empty.html", {"form": ListForm(), "sample": sample_list()})
    context = {
        "rows": "suppliers/_rows.html", "links": [_row(link) for link in page.rows], "chips": LINK_STATES, "id": "links",
        "shown": len(page.rows), "step": PAGE, "more_url": changed_query(request.GET, {"after": page.after}) if page.after else "",
        "tabs": _tabs(request, filters), "find": {"name": "query", "label": _("Name, pinyin or code"), "value": filters["query"]},
        "selects": _selects(filters), "applied": _applied(request, filters), "kept": [{"name": "state", "value": filters["state"]}],
        "export_query": changed_query(request.GET, {"after": None}),
    }  # fmt: skip
    if request.GET.get("after"):
        return fragment(request, "parts/_more_rows.html", context, page="suppliers/list.html")
    return render(request, "suppliers/list.html", context)


@require_safe
@wearing(Hat.OWNER)
def export(request: ActorRequest, kind: str) -> HttpResponse:
    """The list under the filters of the page it was asked from."""
    # In the order in which a list comes in, so that one may go back in.
    heads = [str(words) for words in (*(FIELD_NAMES[name] for name in FIELDS), _("English name"), _("State"))]
    places = place_names()
    rows = [
        [link.name_zh, link.uscc, link.contact, link.phone, nodes_said(link.node_codes), places.get(link.region_code, ""),
         places.get(link.town_code, ""), link.headcount, link.address, link.since, link.name_en, str(LINK_STATES[link.state][2])]
        for link in all_links(request.actor, **_filters(request))
    ]  # fmt: skip
    body = table_document(kind, title=_("Suppliers"), heads=heads, rows=rows)
    return HttpResponse(body, content_type=MIMES[kind], headers={"Content-Disposition": f'attachment; filename="suppliers.{kind}"'})


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


@require_POST
@wearing(Hat.OWNER)
def invite_picked(request: ActorRequest) -> HttpResponse:
    """Invite what was picked in the list; one alone goes on to its link and code."""
    try:
        made = invite(actor=request.actor, links=links_by_id(request.actor, _ids(request)), now=timezone.now())
    except RuleBroken as broken:
        messages.warning(request, broken.words())
        return redirect("suppliers:list")
    if len(made) == 1:
        return redirect("suppliers:invitation", made[0][0].link_id)
    words = ngettext("%(n)s firm is invited.", "%(n)s firms are invited.", len(made)) % {"n": len(made)}
    messages.success(request, words)
    return redirect("suppliers:list")


@require_safe
@wearing(Hat.OWNER)
def supplier(request: ActorRequest, link_id: UUID) -> HttpResponse:
    link = link_for(request.actor, link_id)
    invitation = open_invitation(request.actor, link, now=timezone.now()) if link.state != SupplyLink.State.JOINED else None
    context = {"link": link, "facts": _row(link), "chips": LINK_STATES, "invitation": invitation, "now": timezone.now()}
    if invitation:
        context["url"] = join_url(invitation.pk)
    return render(request, "suppliers/supplier.html", context)


def sample_list() -> str:
    """Three invented rows that read without a problem."""
    return (
        "企业名称\t统一社会信用代码\t联系人\t手机号\t所属环节\t所在区\n"
        "宁波青纬织造有限公司（示例）\t0DEM0X1000000000AG\t何师傅\t19000000101\t机织\t海曙区\n"
        "宁波素杼辅料有限公司（示例）\t0DEM0X1000000000BK\t竺经理\t19000000102\t辅料\t鄞州区\n"
        "宁波岚彩印染有限公司（示例）\t0DEM0X1000000000CN\t励厂长\t19000000103\t印染\t奉化区\n"
    )


def _ids(request: HttpRequest) -> list[UUID]:
    ids = []
    for value in request.POST.getlist("link")[:5000]:
        try:
            ids.append(UUID(value))
        except ValueError:
            continue
    return ids


def _filters(request: HttpRequest) -> dict[str, str]:
    asked = {name: request.GET.get(name, "").replace("\x00", "").strip()[:80] for name in FILTERS}
    known: dict[str, Collection[str]] = {"state": LINK_STATES, "node": node_names(), "region": place_names()}
    return {name: value if name == "query" or value in known[name] else "" for name, value in asked.items()}


def _row(link: SupplyLink) -> dict[str, Any]:
    place = place_said(link.region_code, link.town_code)
    return {"link": link, "name": in_language(link.name_zh, link.name_en), "nodes": nodes_said(link.node_codes), "place": place}


def _tabs(request: HttpRequest, filters: dict[str, str]) -> list[dict[str, Any]]:
    def tab(state: str, label: Any) -> dict[str, Any]:
        return {"url": changed_query(request.GET, {"state": state, "after": None}), "label": label, "current": filters["state"] == state}

    return [tab("", _("All")), *(tab(state, chip[2]) for state, chip in LINK_STATES.items())]


def _selects(filters: dict[str, str]) -> list[dict[str, Any]]:
    nodes = [{"value": "", "label": _("All steps")}, *({"value": code, "label": name} for code, name in node_names().items())]
    regions = [{"value": "", "label": _("All districts")}, *({"value": code, "label": name} for code, name in districts())]
    return [
        {"name": "node", "label": _("Chain step"), "options": nodes, "value": filters["node"]},
        {"name": "region", "label": _("District"), "options": regions, "value": filters["region"]},
    ]


def _applied(request: HttpRequest, filters: dict[str, str]) -> list[dict[str, str]]:
    said = {
        "query": filters["query"], "state": str(LINK_STATES[filters["state"]][2]) if filters["state"] else "",
        "node": node_names().get(filters["node"], ""), "region": place_names().get(filters["region"], ""),
    }  # fmt: skip
    return [
        {"label": label, "url": changed_query(request.GET, {name: None, "after": None})} for name, label in said.items() if label
    ]  # fmt: skip
