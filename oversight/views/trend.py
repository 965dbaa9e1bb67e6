"""How both sides kept their word, quarter by quarter: a line for each side, with its table to take away."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.actor import ActorRequest, Hat, wearing
from oversight.faces import trend as faces
from oversight.filters import Asked
from oversight.selectors import chain_owners
from oversight.selectors.trend import kept_by_quarter
from oversight.views.tools import table_response
from parties.selectors import chain_nodes, regions


@wearing(Hat.BUREAU)
@require_safe
def trend(request: ActorRequest) -> HttpResponse:
    asked = Asked.of(request.GET)
    quarters = kept_by_quarter(request.actor, asked, today=timezone.localdate())
    known = {"owners": chain_owners(request.actor), "regions": regions(), "nodes": chain_nodes()}
    return render(request, "oversight/trend.html", {**faces.trend_face(quarters, asked, **known, language=get_language() or "")})


@wearing(Hat.BUREAU)
@require_safe
def trend_export(request: ActorRequest) -> HttpResponse:
    quarters = kept_by_quarter(request.actor, Asked.of(request.GET), today=timezone.localdate())
    return table_response(request, _("Compliance by quarter"), "compliance-by-quarter", faces.trend_table(quarters))
