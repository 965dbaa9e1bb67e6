"""What an audit found different from the supplier's page: old and new side by side. The supplier decides."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from audits.models import ProposedChange
from audits.selectors import audit_for
from audits.selectors.checklists import proposed_changes
from audits.services.master_data import decide_change
from audits.views.tools import in_language, other_of
from audits.words_checklists import CHANGE_CHIPS, PROPOSES
from foundation.actor import ActorRequest, Hat, wearing
from foundation.errors import Absent
from parties.roles import MAY_FILE


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_http_methods(["GET", "HEAD", "POST"])
def proposed(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """Each entry with what the page says and what the audit found."""
    audit = audit_for(request.actor, audit_id)
    if request.method == "POST":
        take = request.POST.get("do") == "take"
        decide_change(actor=request.actor, audit_id=audit.pk, entry=request.POST.get("entry", "")[:20], take=take, now=timezone.now())
        messages.success(request, _("Your page has the new value.") if take else _("Your page stays as it is."))
        return redirect("audits:master_data", audit.pk)
    rows = proposed_changes(request.actor, audit)
    if not rows:
        raise Absent
    context = {
        "audit": audit, "lines": [_line(row) for row in rows], "chips": CHANGE_CHIPS, "other": other_of(request.actor, audit.agreement),
        "checklist": in_language(audit.checklist.name_zh, audit.checklist.name_en), "mine": request.actor.hat is Hat.SUPPLIER,
        "may_decide": request.actor.hat is Hat.SUPPLIER and bool(request.actor.roles.intersection(MAY_FILE)),
    }  # fmt: skip
    return render(request, "audits/master_data.html", context)


def _line(row: ProposedChange) -> dict[str, object]:
    return {"row": row, "label": PROPOSES.get(row.entry, row.entry), "diff": {"was": row.old or "–", "now": row.new}}
