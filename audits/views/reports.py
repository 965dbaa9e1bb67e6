"""The report of an audit: printed once for what it says, taken away by both sides, asked about by anybody who holds it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.documents import public_address
from agreements.hash_only import Hashed
from audits.models import AuditReport
from audits.report_papers import check_address
from audits.selectors import audit_for
from audits.selectors.reports import paper_state, report_for, report_of_token, reports_of
from audits.services.reports import bytes_of, copy_token, may_be_printed, print_report, token_of_copy
from audits.views.tools import home_crumb, in_language, other_of
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent
from jobs.papers import qr_svg
from parties.limits import address_of, over_limit

SIDES = (Hat.OWNER, Hat.SUPPLIER)
MOST, WINDOW_SECONDS = 60, 600
View = Callable[..., HttpResponse]


def counted(view: View) -> View:
    """So many questions from one address, and no more for a while."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if over_limit("check-report", address_of(request), most=MOST, seconds=WINDOW_SECONDS):
            return render(request, "429.html", {"wait_minutes": WINDOW_SECONDS // 60}, status=429)
        return view(request, *args, **kwargs)

    return guarded


@wearing(*SIDES)
@require_safe
def report(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """What was printed so far, and a code that the other one's phone reads."""
    audit = audit_for(request.actor, audit_id)
    name = other_of(request.actor, audit.agreement)
    reports = reports_of(request.actor, audit)
    copy = public_address(reverse("audits:report_copy", args=[copy_token(reports[0])])) if reports else ""
    context = {
        "audit": audit, "name": name, "title": in_language(audit.checklist.name_zh, audit.checklist.name_en), "now": timezone.now(),
        "reports": [{"report": each, "check": check_address(each)} for each in reports], "copy": copy, "qr": qr_svg(copy) if copy else "",
        "can": may_be_printed(audit),
        "crumbs": [*home_crumb(), {"url": reverse("audits:audit", args=[audit.pk]), "label": name}, {"label": _("Report")}],
    }  # fmt: skip
    return render(request, "audits/report.html", context)


@wearing(*SIDES)
@require_POST
def report_print(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """Print it as it stands; while it says the same, nothing is printed anew."""
    before = len(reports_of(request.actor, audit_for(request.actor, audit_id)))
    made = print_report(actor=request.actor, audit_id=audit_id, now=timezone.now())
    messages.success(request, _("The report is printed and kept.") if made.number > before else _("It says the same as the last one."))
    return redirect("audits:report", audit_id)


@wearing(*SIDES)
@require_safe
def report_pdf(request: ActorRequest, audit_id: UUID, number: int) -> HttpResponse:
    """The bytes as they were kept."""
    return _file(report_for(request.actor, audit_id, number))


def _file(row: AuditReport) -> HttpResponse:
    response = HttpResponse(bytes_of(row), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="audit-report-{row.number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@counted
def report_copy(request: HttpRequest, report_token: str) -> HttpResponse:
    """The auditee's own copy, by a code that is good for a day. Anything else is not there."""
    token = token_of_copy(report_token)
    if token is None:
        raise Absent
    return _file(report_of_token(token))


@require_http_methods(["GET", "HEAD", "POST"])
@counted
def report_check(request: HttpRequest, report_token: str) -> HttpResponse:
    """Does this paper stand? POST holds a file against it: it is hashed while it comes in and never kept."""
    state = paper_state(report_token)
    same: bool | None = None
    file = request.FILES.get("file") if request.method == "POST" else None
    if state is not None and isinstance(file, Hashed):
        same = file.sha256 == state.sha256
    context = {"state": state, "token": report_token, "same": same, "is_newest": state is not None and state.number == state.newest}
    return render(request, "audits/report_check.html", context)
