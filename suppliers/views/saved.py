"""Views of the list that somebody keeps."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from foundation.actor import ActorRequest, Hat, wearing
from foundation.asked import typed
from foundation.errors import RuleBroken
from suppliers.filters import wanted, wanted_of_query
from suppliers.list_forms import ViewForm
from suppliers.list_words import filters_said
from suppliers.selectors import saved_view_for, saved_views
from suppliers.services.saved_views import ViewSaid, drop_view, keep_view, open_first, rename_view


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.OWNER)
def views(request: ActorRequest) -> HttpResponse:
    """The views kept, and a name for the filters that came along."""
    asked = wanted_of_query(request.POST.get("query", "")) if request.method == "POST" else wanted(request.GET)
    form = ViewForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            view = keep_view(actor=request.actor, said=ViewSaid(**form.cleaned_data), wanted=asked, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(broken.field, broken.words())
        else:
            messages.success(request, _("The view is kept."))
            return redirect(reverse("suppliers:list") + "?" + view.query)
    kept = [{"view": view, "said": filters_said(wanted_of_query(view.query).chosen())} for view in saved_views(request.actor)]
    context = {"form": form, "query": asked.as_query(), "said": [words for _name, words in filters_said(asked.chosen())], "views": kept}
    return render(request, "suppliers/views.html", context, status=422 if form.errors else 200)


@require_POST
@wearing(Hat.OWNER)
def change(request: ActorRequest, view_id: UUID) -> HttpResponse:
    """Rename a view, let the list open with it or not, or delete it."""
    view, wish = saved_view_for(request.actor, view_id), request.POST.get("wish", "")
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
    return redirect("suppliers:views")
