"""Effects of the outbox: the text message that brings a firm in."""

from typing import Any
from uuid import UUID

from celery import shared_task

from jobs.services import note_failure, run_effect
from notices.mail import send_text
from suppliers.services.invitations import join_url


@shared_task(name="suppliers.send_invitation")
def send_invitation(*, key: str, invitation_id: str, phone: str, facts: dict[str, Any]) -> None:
    """One text message with the link, made here so that it stands nowhere else."""
    facts = {**facts, "link": join_url(UUID(invitation_id))}
    try:
        run_effect(
            "suppliers.send_invitation", key, lambda now: send_text(phone=phone, kind="invitation_waiting", facts=facts, key=key)
        )
    except Exception as error:
        note_failure("suppliers.send_invitation", key, type(error).__name__)  # never its words: they may hold the link
        raise
