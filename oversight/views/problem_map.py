"""The problem map: weak links by place and step of the chain, one published quarter at a time."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from foundation.templatetags.qc import changed_query
from oversight.documents import TYPES, file_of
from oversight.faces.map_tabs import map_tabs
from oversight.faces.problem_map import Seen, cell_face, map_table, problem_map_face, problems_of
from oversight.faces.problem_map_seen import seen_cell, seen_map
from oversight.selectors.problem_map import cell_over_time, confirmed_by_category, notes_of
from oversight.selectors.problems import Wanted, problems
from oversight.services.problem_map import MOST_WORDS, note_cell
from oversight.words_problem_map import quarter_code

MOST_PROBLEMS = 10


class NoteForm(forms.Form):
    """Why a cell is not taken up as a problem."""

    words = forms.CharField(
        label=gettext_lazy("Why this is not taken up"), max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Other officers read it beside the figure. Name no firm."),
    )  # fmt: skip
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"client_id": uuid4()})


@require_safe
@wearing(Hat.BUREAU)
def problem_map(request: ActorRequest) -> HttpResponse:
    seen = seen_map(request.actor, request.GET.dict())
    face = problem_map_face(seen, confirmed_by_category(request.actor)) if seen else {}
    return render(request, "oversight/problem_map.html", {**face, "maps": map_tabs("problems"), "now": timezone.now()})


@require_safe
@wearing(Hat.BUREAU)
def problem_map_export(request: ActorRequest) -> HttpResponse:
    seen = seen_map(request.actor, request.GET.dict())
    if seen is None:
        raise Absent
    kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    response = HttpResponse(file_of(kind, _("Problem map"), map_table(seen)), content_type=TYPES[kind])
    # Named by what was asked, never by what is in it.
    name = f"problem-map-{seen.asked.category}-{quarter_code(seen.period)}-{seen.here[0].parent_id}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.BUREAU)
def problem_map_cell(request: ActorRequest) -> HttpResponse:
    seen = seen_cell(request.actor, request.GET.dict())
    figure = seen.figures.get((seen.asked.place, seen.asked.node))
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            note_cell(actor=request.actor, figure=figure, **form.cleaned_data, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(broken.field, broken.words())
        else:
            messages.success(request, _("Your note is kept beside the figure."))
            return redirect(seen.url("problem_map_cell"))
    over_time = cell_over_time(request.actor, category=seen.asked.category, place=seen.asked.place, node=seen.asked.node)
    known = problems(request.actor, Wanted(state="open", **problems_of(seen)), limit=MOST_PROBLEMS)
    context = {**cell_face(seen, figure, over_time, known), "form": form, "register_url": _register_url(seen), "now": timezone.now()}
    context["notes"] = notes_of(request.actor, figure) if figure else []
    return render(request, "oversight/problem_map_cell.html", context, status=422 if form.errors else 200)


def _register_url(seen: Seen) -> str:
    """The form of a new problem, with what the cell already says."""
    return reverse("oversight:problem_new") + changed_query(QueryDict(), problems_of(seen))
