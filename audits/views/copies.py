"""One audit, many owners: the supplier shows a finished audit to another; who reads it recognises it or says why not."""

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

from audits.copy_cards import ANSWER_CHIPS, body_card, days_words, month_words, reader_name
from audits.copy_forms import DeclineForm, ShowForm
from audits.copying import Choice
from audits.models import Audit, AuditCopy, ChecklistVersion
from audits.selectors import audit_for
from audits.selectors.copies import FINISHED, PAGE, copies, copy_for, halves_saved, readers_for, shown_of, source_audits
from audits.services import copies as services
from audits.services.copies import Showing, body_of
from audits.status import GRADE_CHIPS
from audits.views.tools import home_crumb, in_language, is_zh, moment_cursor, other_of, shown, tried
from audits.words_scores import COPY_CHIPS
from foundation.actor import ActorRequest, Hat, wearing
from foundation.htmx import fragment
from foundation.templatetags.qc import changed_query

SIDES = (Hat.OWNER, Hat.SUPPLIER)


@wearing(*SIDES)
@require_safe
def shown_list(request: ActorRequest) -> HttpResponse:
    """What was shown to the reader, or by it; and how many days of audits that has saved."""
    found = copies(request.actor, after=moment_cursor(request))
    page, owner = found[:PAGE], request.actor.hat is Hat.OWNER
    halves, audits = halves_saved(request.actor)
    last = page[-1] if len(found) > PAGE else None
    here = shown(request, len(page))
    context = {
        "rows": "audits/_copy_rows.html", "id": "copies", "chips": COPY_CHIPS, "now": timezone.now(), "is_owner": owner, "shown": here,
        "copies": [{"copy": each, "name": reader_name(each, zh=is_zh(), owner=owner), "month": month_words(each.month)} for each in page],
        "heads": [{"label": _("Firm")}, {"label": _("State")}, {"label": _("Month")}, {"label": _("Shown on"), "end": True}],
        "saved": days_words(halves), "audits": audits, "halves": halves, "step": PAGE,
        "crumbs": [*home_crumb(), {"label": _("Shown audits")}],
        "more_url": changed_query(request.GET, {"after": f"{last.shown_at.isoformat()}_{last.pk}", "seen": here}) if last else "",
    }  # fmt: skip
    piece = "parts/_more_rows.html" if request.GET.get("after") else "audits/_copies.html"
    return fragment(request, piece, context, page="audits/copies.html")


@wearing(*SIDES)
@require_safe
def shown_one(request: ActorRequest, share_of_audit_id: UUID) -> HttpResponse:
    """One copy, as both sides of it read it."""
    return _one(request, copy_for(request.actor, share_of_audit_id))


def _one(request: ActorRequest, copy: AuditCopy, form: DeclineForm | None = None, *, status: int = 200) -> HttpResponse:
    owner = request.actor.hat is Hat.OWNER
    name = reader_name(copy, zh=is_zh(), owner=owner)
    context = {
        "copy": copy, "name": name, "is_owner": owner, "card": body_card(copy.body, zh=is_zh()), "chips": COPY_CHIPS, "now": timezone.now(),
        "grades": GRADE_CHIPS, "answer_chips": ANSWER_CHIPS, "saved": days_words(copy.halves_saved), "would_save": days_words(copy.halves),
        "form": form or DeclineForm(), "source": source_audits(request.actor, [copy]).get(copy.pk) if not owner else None,
        "crumbs": [*home_crumb(), {"url": reverse("audits:shown"), "label": _("Shown audits")}, {"label": name}],
    }  # fmt: skip
    return render(request, "audits/copy.html", context, status=status)


@wearing(Hat.OWNER)
@require_POST
def recognise(request: ActorRequest, share_of_audit_id: UUID) -> HttpResponse:
    """It takes the place of a visit of one's own."""
    services.decide_copy(actor=request.actor, copy_id=share_of_audit_id, recognised=True, now=timezone.now())
    messages.success(request, _("Recognised. The supplier is told."))
    return redirect("audits:shown_one", share_of_audit_id)


@wearing(Hat.OWNER)
@require_POST
def decline(request: ActorRequest, share_of_audit_id: UUID) -> HttpResponse:
    """It does not, for a reason."""
    copy, form = copy_for(request.actor, share_of_audit_id), DeclineForm(request.POST)
    if form.is_valid():
        values = {
            "actor": request.actor,
            "copy_id": copy.pk,
            "recognised": False,
            "reason": form.cleaned_data["reason"],
            "now": timezone.now(),
        }
        if tried(form, lambda: services.decide_copy(**values)):
            return redirect("audits:shown_one", share_of_audit_id)
    return _one(request, copy, form, status=422)


@wearing(Hat.SUPPLIER)
@require_POST
def take_back(request: ActorRequest, share_of_audit_id: UUID) -> HttpResponse:
    """Show it no more."""
    services.take_back(actor=request.actor, copy_id=share_of_audit_id, now=timezone.now())
    messages.success(request, _("Taken back. The chain owner sees it no more."))
    return redirect("audits:shown_one", share_of_audit_id)


@wearing(Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """Choose to whom and what, read what would be seen, then show it. `go=look` only reads."""
    audit = audit_for(request.actor, audit_id)
    checklist = ChecklistVersion.objects.visible_to(request.actor).get(pk=audit.checklist_id)
    readers = [(str(row.pk), in_language(row.owner_name_zh, row.owner_name_en)) for row in readers_for(request.actor, audit)]
    sections = [(each["code"], in_language(each["name_zh"], each["name_en"])) for each in checklist.sections]
    if request.method != "POST":
        return _show_page(request, audit, ShowForm(readers, sections), Choice())
    form = ShowForm(readers, sections, request.POST)
    valid = form.is_valid()
    choice = Choice(tuple(form.cleaned_data.get("sections", ())), form.cleaned_data.get("with_words", False))
    if valid and request.POST.get("go") != "look":
        made: list[AuditCopy] = []
        if tried(form, lambda: made.append(_shown(request, audit, form, choice))):
            messages.success(request, _("Shown. The chain owner is told."))
            return redirect("audits:shown_one", made[0].pk)
    return _show_page(request, audit, form, choice, status=422 if form.errors else 200)


def _shown(request: ActorRequest, audit: Audit, form: ShowForm, choice: Choice) -> AuditCopy:
    showing = Showing(UUID(form.cleaned_data["reader"]), choice)
    client_id = form.cleaned_data["client_id"]
    return services.show_audit(actor=request.actor, audit_id=audit.pk, showing=showing, client_id=client_id, now=timezone.now())


def _show_page(request: ActorRequest, audit: Audit, form: ShowForm, choice: Choice, *, status: int = 200) -> HttpResponse:
    name, can = other_of(request.actor, audit.agreement), audit.state in FINISHED and audit.kind != Audit.Kind.FOLLOW_UP
    context: dict[str, Any] = {
        "audit": audit, "name": name, "form": form, "can": can, "readers": form.fields["reader"].choices,  # type: ignore[attr-defined]
        "card": body_card(body_of(request.actor, audit, choice), zh=is_zh()) if can else None, "grades": GRADE_CHIPS,
        "answer_chips": ANSWER_CHIPS, "earlier": [_earlier(each) for each in shown_of(request.actor, audit)], "chips": COPY_CHIPS,
        "now": timezone.now(), "own_checklist": can and not body_of(request.actor, audit, choice)["checklist"],
        "crumbs": [*home_crumb(), {"url": reverse("audits:audit", args=[audit.pk]), "label": name}, {"label": _("Show to another")}],
    }  # fmt: skip
    return render(request, "audits/copy_show.html", context, status=status)


def _earlier(copy: AuditCopy) -> dict[str, Any]:
    return {"copy": copy, "name": reader_name(copy, zh=is_zh(), owner=False)}
