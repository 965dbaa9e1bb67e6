"""What a team found, on the page of a visit: for its own firm, and for the one that was visited once it is handed in."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from audits.models import Audit
from audits.selectors.running import Standing, on_team, standing_of
from audits.status import AHEAD
from audits.views.tools import asked, picture_of
from audits.views.walk import words_of
from audits.words_running import AUDITEE
from foundation.actor import ActorRequest, Hat
from records.selectors import evidences, shares_for

FILED = ("submitted", "reviewed", "closed")


def walked_piece(request: ActorRequest, audit: Audit) -> dict[str, Any]:
    """The answers with their photos, the closing meeting, and the next step of whoever reads."""
    owner = request.actor.hat is Hat.OWNER
    said: dict[str, Any] = {
        "steps": owner and (audit.state in AHEAD or audit.state == Audit.State.IN_PROGRESS),
        "on_team": owner and on_team(request.actor, audit) is not None, "run_url": f"{reverse('audits:run')}#/v/{audit.pk}",
        "to_review": owner and audit.state == Audit.State.SUBMITTED, "words": AUDITEE,
        "prepares": not owner and audit.state in AHEAD,
    }  # fmt: skip
    if audit.state in FILED:
        standing = standing_of(request.actor, audit)
        said |= {"closing": standing.closing, "rows": _rows(request, standing)}
    return {"walked": said}


def _rows(request: ActorRequest, standing: Standing) -> list[dict[str, Any]]:
    pictures = _pictures(request, standing)
    found = []
    for question in standing.asked():
        row = standing.by_question.get(question.pk)
        photos = [pictures[photo.evidence_id] for photo in standing.photos_under(question) if photo.evidence_id in pictures]
        found.append({
            "number": question.order, "asked": asked(question), "said": words_of(standing, question), "note": row.note if row else "",
            "photos": photos,
        })  # fmt: skip
    return found


def _pictures(request: ActorRequest, standing: Standing) -> dict[Any, dict[str, Any]]:
    """The team's own photos for its firm, what is shown of them for the other."""
    wanted, alt = [photo.evidence_id for photo in standing.photos if photo.evidence_id], _("Photo of the visit")
    if request.actor.hat is Hat.OWNER:
        return {
            pk: picture_of(reverse("records:evidence_file", args=[pk]), row, alt) for pk, row in evidences(request.actor, wanted).items()
        }
    shared = shares_for(request.actor, wanted)
    return {pk: picture_of(reverse("records:shared_file", args=[share.pk]), share, alt) for pk, share in shared.items()}
