"""A supplier's own firm: what it says of itself, and who sees what."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent, RuleBroken
from records.selectors import evidence_for
from records.services.evidence import photo_looks_blurred, revoke_grant
from suppliers.firm_words import SHARES
from suppliers.forms import LicenceForm
from suppliers.models import Paper
from suppliers.selectors import grant_for, links_of_firm, papers_of, who_sees_what
from suppliers.selectors.firm_lists import firm_home
from suppliers.selectors.verification import own_verification
from suppliers.services.firm import PaperFacts, file_paper
from suppliers.services.firm_shelf import FIRM_HATS
from suppliers.verification_words import own_face
from suppliers.views.firm_home import cards_of, missing_in, months_of
from suppliers.words import GRANTS, NODE_ICONS, ORG_STATES, ROLES, in_language, node_names, place_said


@require_safe
@wearing(*FIRM_HATS)
def firm(request: ActorRequest) -> HttpResponse:
    """The firm's own home: what is missing, what it has, what runs out when, who sees what."""
    actor, today = request.actor, timezone.localdate()
    home = firm_home(actor, on=today)
    org, joins = home.firm.org, actor.hat == Hat.SUPPLIER
    missing = missing_in(home, actor.hat)
    context = {
        "firm": home.firm, "name": in_language(org.name_zh, org.name_en), "org_chips": ORG_STATES, "place": place_said(org.region_id, org.town_id),
        "nodes": [{"name": node_names().get(code, code), "icon": NODE_ICONS.get(code, "factory")} for code in org.node_codes],
        "tasks": [{"url": task.url, "verb": task.verb, "sub": task.sub} for task in missing.tasks], "done": missing.done, "total": missing.total,
        "cards": cards_of(home, today), "months": months_of(home, today),
        "colleagues": [(name, [str(ROLES[role]) for role in roles]) for name, roles in home.firm.colleagues],
        "owners": [(link, in_language(link.owner_name_zh, link.owner_name_en)) for link in links_of_firm(actor)] if joins else [],
        "seen": seen_lines(actor), "joins": joins,
        "verification": own_face(org.state, own_verification(actor), mend_url=reverse("suppliers:paper_new") + "?kind=business_licence"),
    }  # fmt: skip
    return render(request, "suppliers/firm.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.SUPPLIER)
def welcome(request: ActorRequest) -> HttpResponse:
    """Right after joining: the licence by a photo, and who will see what."""
    form = LicenceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            blurred = _file_licence(request, form)
        except RuleBroken as broken:
            form.add_error("file", broken.words())
        else:
            return redirect(reverse("suppliers:welcome") + ("?blurred=1" if blurred else ""))
    has_licence = _licence(request) is not None
    labels = [_("Your firm"), _("What you do"), _("Who signs in"), _("Licence")]
    marks = [{"label": label, "state": "done" if at < 3 or has_licence else "now"} for at, label in enumerate(labels)]
    context = {"form": form, "steps": marks, "has_licence": has_licence, "seen": seen_lines(request.actor), "name": _own_name(request)}
    context |= {"blurred": "blurred" in request.GET, "again": "again" in request.GET or bool(form.errors)}
    return render(request, "suppliers/welcome.html", context, status=422 if form.errors else 200)


@require_POST
@wearing(Hat.SUPPLIER)
def sharing(request: ActorRequest) -> HttpResponse:
    """Switch off what was shown of one's own free will."""
    try:
        grant = grant_for(request.actor, UUID(request.POST.get("grant", "")))
    except ValueError:
        raise Absent from None
    revoke_grant(actor=request.actor, grant=grant, now=timezone.now())
    messages.success(request, _("Switched off. %(name)s no longer sees it.") % {"name": in_language(grant.to_name_zh, grant.to_name_en)})
    return redirect("suppliers:firm")


def seen_lines(actor: Any) -> list[dict[str, Any]]:
    """Who sees what, by receiver: words for the rows of grants, and nothing that is not in them."""
    lines: dict[Any, dict[str, Any]] = {}
    for seen in who_sees_what(actor):
        grant = seen.grant
        name = in_language(grant.to_name_zh, grant.to_name_en)
        entry = lines.setdefault(grant.to_org_id, {"name": name, "things": []})
        entry["things"].append({"words": str({**GRANTS, **SHARES}.get(grant.what, grant.what)), "seen": seen})
    return list(lines.values())


def _file_licence(request: ActorRequest, form: Any) -> bool:
    """Keep the photo, a second one in the place of the first; whether it looks blurred."""
    upload: TemporaryUploadedFile = form.cleaned_data["file"]
    before = _licence(request)
    paper = file_paper(
        actor=request.actor, paper=PaperFacts("business_licence"), path=Path(upload.temporary_file_path()), name=upload.name or "",
        client_id=str(form.cleaned_data["client_id"]), now=timezone.now(), replaces=before if before and before.state == "uploaded" else None,
    )  # fmt: skip
    return photo_looks_blurred(evidence_for(request.actor, paper.evidence_id))


def _licence(request: ActorRequest) -> Paper | None:
    """The newest photo of the licence."""
    return next((paper for paper, _file_of in papers_of(request.actor) if paper.kind == "business_licence"), None)


def _own_name(request: ActorRequest) -> str:
    return in_language(request.actor.org_name_zh, request.actor.org_name_en)
