"""Effects of the outbox that oversight asks for."""

from __future__ import annotations

from uuid import UUID

from celery import shared_task

from jobs.services import note_failure
from oversight.services.campaigns import TASK as TELL_CAMPAIGN
from oversight.services.campaigns import tell_piece


@shared_task(name=TELL_CAMPAIGN)
def tell_campaign(*, key: str, campaign_id: str, after: str) -> None:
    """Tell the next firms of a campaign."""
    try:
        tell_piece(key=key, campaign_id=UUID(campaign_id), after=after)
    except Exception as error:
        note_failure(TELL_CAMPAIGN, key, type(error).__name__)
        raise
