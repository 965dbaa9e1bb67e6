"""Why an audit came to its score: both sides read the same page."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audits.models import Question
from audits.score_cards import asked_words, card
from audits.selectors import audit_for
from audits.selectors.scores import scores_of
from audits.views.tools import home_crumb, in_language, is_zh, other_of
from foundation.actor import ActorRequest, Hat, wearing

SIDES = (Hat.OWNER, Hat.SUPPLIER)


@wearing(*SIDES)
@require_safe
def score(request: ActorRequest, audit_id: UUID) -> HttpResponse:
    """The number, what took it down, each question's part in it, and every computation before. Before the review: that there is none."""
    audit = audit_for(request.actor, audit_id)
    scores = scores_of(request.actor, audit)
    name = other_of(request.actor, audit.agreement)
    title = in_language(audit.checklist.name_zh, audit.checklist.name_en)
    questions = Question.objects.visible_to(request.actor).filter(version_id=audit.checklist_id)
    context = {
        "audit": audit, "name": name, "title": title, "now": timezone.now(),
        "crumbs": [*home_crumb(), {"url": reverse("audits:audit", args=[audit.pk]), "label": name}, {"label": _("Why this score")}],
        "card": card(scores[0], asked_words(questions, zh=is_zh()), scores) if scores else None,
        "heads": [{"label": _("Question")}, {"label": _("Weight")}, {"label": _("Fulfilled")}, {"label": _("In the sum"), "end": True}],
    }  # fmt: skip
    return render(request, "audits/score.html", context)
