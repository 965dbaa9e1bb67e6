"""The chain map, its table to take away, and the page where statistics come in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import RuleBroken
from oversight import documents
from oversight.chain_documents import chain_table
from oversight.faces.chain import chain_face
from oversight.faces.chain_counts import counts_face
from oversight.forms_chain import ChainCountsForm
from oversight.selectors.chain_map import imports_so_far
from oversight.selectors.chain_page import ChainAsked, chain_look
from oversight.services.chain_map import StatSaid, import_chain_counts


@require_safe
@wearing(Hat.BUREAU, Hat.PLATFORM)
def chain_map(request: ActorRequest) -> HttpResponse:
    look = chain_look(request.actor, ChainAsked.read(request.GET))
    return render(request, "oversight/chain.html", chain_face(look))


@require_safe
@wearing(Hat.BUREAU, Hat.PLATFORM)
def chain_export(request: ActorRequest) -> HttpResponse:
    look = chain_look(request.actor, ChainAsked.read(request.GET))
    kind = "xlsx" if request.GET.get("as") == "xlsx" else "csv"
    # The bytes are made here: a streamed body would be written after the hat is off.
    response = HttpResponse(documents.file_of(kind, _("Industry chain"), chain_table(look)), content_type=documents.TYPES[kind])
    response["Content-Disposition"] = (
        f'attachment; filename="chain-{look.parent.code}-{look.source.quarter or timezone.localdate()}.{kind}"'
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.BUREAU, Hat.PLATFORM)
def chain_counts(request: ActorRequest) -> HttpResponse:
    """Statistics that were handed in, and the form for more."""
    now = timezone.now()
    form = ChainCountsForm(request.POST or None, request.FILES or None, today=timezone.localdate(now))
    faults: tuple[object, ...] = ()
    if request.method == "POST" and form.is_valid():
        said, file = form.cleaned_data, form.cleaned_data["file"]
        try:
            import_chain_counts(
                actor=request.actor,
                said=StatSaid(said["quarter"], said["source"], said["as_of"]),
                file_name=file.name,
                data=file.read(),
                now=now,
            )
            return redirect("oversight:chain_counts")
        except RuleBroken as broken:
            faults = getattr(broken, "faults", ())
            form.add_error(broken.field, broken.words())
    context = {"form": form, **counts_face(imports_so_far(request.actor), request.actor.org_id, faults)}
    return render(request, "oversight/chain_counts.html", context, status=422 if form.errors else 200)
