"""Versions of an agreement: which stood when, and what differs between any two."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agreements.cards import firm_name, last_day, other_of
from agreements.life_cards import differences, life_of, notice_card, version_rows
from agreements.models import AgreementVersion
from agreements.on_page import OnPage
from agreements.selectors import agreement_for, current_version
from agreements.selectors.versions import notices_of, standing_notices, versions_of
from agreements.words import VERSION_CHIPS
from foundation.actor import ActorRequest, Hat, wearing


def piece(page: OnPage) -> dict[str, Any]:
    """What the agreement's page shows of it."""
    return life_of(page, standing_notices(page.actor, page.agreement))


@wearing(Hat.OWNER, Hat.SUPPLIER)
@require_safe
def versions(request: ActorRequest, agreement_id: UUID) -> HttpResponse:
    """Every version with its days; two of them held against each other, word by word, one under or beside the other."""
    actor = request.actor
    agreement = agreement_for(actor, agreement_id)
    known = versions_of(actor, agreement)
    by_number = {str(version.number): version for version in known}
    shown = current_version(actor, agreement, on=timezone.localdate())
    after = by_number.get(request.GET.get("to", ""), known[0])
    before = by_number.get(request.GET.get("from", ""), _one_before(known, after, shown))
    context = {
        "agreement": agreement, "rows": version_rows(agreement, known, shown), "name": firm_name(agreement, other_of(actor)),
        "notices": [notice_card(actor, notice) for notice in notices_of(actor, agreement)], "before": before, "after": after,
        "view": "side" if request.GET.get("view") == "side" else "inline", "chips": VERSION_CHIPS,
        "before_last": last_day(before.effective_to) if before else None, "after_last": last_day(after.effective_to),
        **(differences(actor, before, after) if before is not None and before.pk != after.pk else {}),
    }  # fmt: skip
    return render(request, "agreements/versions.html", context)


def _one_before(known: list[AgreementVersion], after: AgreementVersion, shown: AgreementVersion) -> AgreementVersion | None:
    """What a version is held against unless said otherwise: the text in force, or the one before it."""
    if shown.number < after.number:
        return shown
    return next((version for version in known if version.number < after.number), None)
