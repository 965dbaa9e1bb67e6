"""Views of a list that somebody keeps: their tabs and their page, the same for every list. A list says how its filters are read and told."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.actor import ActorRequest
from foundation.asked import typed
from foundation.errors import RuleBroken
from suppliers.list_forms import ViewForm
from suppliers.models import SavedView
from suppliers.selectors import saved_view_for, saved_views
from suppliers.services.saved_views import Narrowing, ViewSaid, drop_view, keep_view, open_first, rename_view


@dataclass(frozen=True)
class KeptList:
    """A list with kept views: which one, its name for readers, its addresses, and its filters from an address and in words."""

    of: SavedView.Of
    title: Any
    list_name: str
    views_name: str
    view_name: str
    read: Callable[[Mapping[str, str]], Narrowing]
    said: Callable[[dict[str, str]], Iterable[tuple[str, str]]]

    def of_query(self, query: str) -> Narrowing:
        """The filters from the text behind a question mark."""
        return self.read(dict(parse_qsl(query.removeprefix("?"), max_num_fields=50)))


def to_first_view(request: HttpRequest, kept: KeptList, views: list[SavedView]) -> HttpResponse | None:
    """An address without anything opens the view that somebody chose to open first: one's own before the firm's."""
    first = next((view for view in reversed(views) if view.is_default), None)
    return HttpResponseRedirect(f"{reverse(kept.list_name)}?{first.query}") if first and not request.GET else None


def kept_tabs(kept: KeptList, views: Iterable[SavedView], here: str, *, may_keep: bool) -> list[dict[str, Any]]:
    """The views kept; the current one is that whose filters are on. Filters that no view has may be kept, if they are worth it."""
    tabs = [{"url": "?" + view.query, "label": view.name, "current": here == view.query, "icon": "" if view.person_id else "eye"} for view in views]
    if may_keep and not any(tab["current"] for tab in tabs):
        tabs.append({"url": reverse(kept.views_name) + "?" + here, "label": _("Keep this view"), "icon": "bookmark", "current": False})
    return tabs


def views_page(request: ActorRequest, kept: KeptList) -> HttpResponse:
    """The views kept, and a name for the filters that came along."""
    asked = kept.of_query(request.POST.get("query", "")) if request.method == "POST" else kept.read(request.GET)
    form = ViewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            view = keep_view(actor=request.actor, said=ViewSaid(**form.cleaned_data), wanted=asked, now=timezone.now(), of=kept.of)
        except RuleBroken as broken:
            form.add_error(broken.field, broken.words())
        else:
            messages.success(request, _("The view is kept."))
            return redirect(reverse(kept.list_name) + "?" + view.query)
    views = [
        {"view": view, "said": kept.said(kept.of_query(view.query).chosen()), "change_url": reverse(kept.view_name, args=[view.pk])}
        for view in saved_views(request.actor, of=kept.of)
    ]
    context = {
        "form": form, "query": asked.as_query(), "said": [words for _name, words in kept.said(asked.chosen())], "views": views,
        "list_url": reverse(kept.list_name), "list_title": kept.title,
    }  # fmt: skip
    return render(request, "suppliers/views.html", context, status=422 if form.errors else 200)


def change_view(request: ActorRequest, kept: KeptList, view_id: UUID) -> HttpResponse:
    """Rename a view, let the list open with it or not, or delete it."""
    view, wish = saved_view_for(request.actor, view_id, of=kept.of), request.POST.get("wish", "")
    try:
        if wish == "delete":
            drop_view(actor=request.actor, view=view)
        elif wish in ("first", "not-first"):
            open_first(actor=request.actor, view=view, yes=wish == "first")
        else:
            rename_view(actor=request.actor, view=view, name=typed(request, "name"))
    except RuleBroken as broken:
        messages.warning(request, broken.words())
    else:
        messages.success(request, _("The view is deleted.") if wish == "delete" else _("The view is changed."))
    return redirect(kept.views_name)
