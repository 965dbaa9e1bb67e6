"""The report builder and its archive."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from foundation.actor import ActorRequest, Hat, wearing
from foundation.templatetags.qc import changed_query
from oversight.forms_campaigns import ReportForm
from oversight.models import Report
from oversight.report_files import file_name, language_words, notes_of, period_words, title_of
from oversight.report_parts import PARTS
from oversight.report_periods import offered
from oversight.selectors.reports import file_for, files_of, report_for, reports
from oversight.services.reports import ReportSaid, make_report
from oversight.views.tools import after_of, after_text, file_response, may_write, tried
from parties.roles import MAY_WRITE

PAGE = 25


@require_safe
@wearing(Hat.BUREAU)
def report_list(request: ActorRequest) -> HttpResponse:
    """The archive, newest first."""
    found, more = reports(request.actor, after=after_of(request), size=PAGE)
    context = {
        "lines": [{"row": row, "title": title_of(row), "language": language_words(row)} for row in found], "shown": len(found), "may_write": may_write(request),
        "heads": [{"label": label} for label in (_("Report"), pgettext("report", "Language"), _("Figures as of"), _("Made by"), "SHA-256")],
        "more_url": changed_query(request.GET, {"after": after_text(found[-1].as_of, found[-1].pk)}) if more else "",
    }  # fmt: skip
    return render(request, "oversight/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.BUREAU)
def report_new(request: ActorRequest) -> HttpResponse:
    """Choose period and parts; the figures are read and frozen at once."""
    request.actor.must_hold(*MAY_WRITE)
    periods = [(period.code, period_words(period.code)) for period in offered(timezone.localdate())]
    form = ReportForm(periods, [(code, title) for code, (title, _make) in PARTS.items()], request.POST or None)
    saved: list[Report] = []

    def save() -> None:
        given: dict[str, Any] = form.cleaned_data
        said = ReportSaid(period=given["period"], parts=given["parts"], words=given["words"], language=given["language"])
        saved.append(make_report(actor=request.actor, said=said, client_id=given["client_id"], now=timezone.now()))

    if request.method == "POST" and form.is_valid() and tried(form, save):
        messages.success(request, _("The report is in the archive. Its figures do not change any more."))
        return redirect("oversight:report", saved[0].pk)
    return render(request, "oversight/report_form.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@wearing(Hat.BUREAU)
def report(request: ActorRequest, report_id: UUID) -> HttpResponse:
    """One report as it was frozen, with its files."""
    row = report_for(request.actor, report_id)
    context = {"row": row, "title": title_of(row), "files": files_of(request.actor, row), "notes": notes_of(row), "made_in": language_words(row)}
    return render(request, "oversight/report.html", context)


@require_safe
@wearing(Hat.BUREAU)
def report_file(request: ActorRequest, report_id: UUID, *, kind: str) -> HttpResponse:
    """A file as it was made that day."""
    row = report_for(request.actor, report_id)
    kept = file_for(request.actor, report_id, kind)
    return file_response(bytes(kept.content), file_name(row), kind)
