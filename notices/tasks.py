"""Effects of the outbox: send the mail, send the text message. Each claims its key in its own transaction."""

from typing import Any

from celery import shared_task

from jobs.services import note_failure, run_effect
from notices.mail import mail_notification, send_text


@shared_task(name="notices.send_mail")
def send_mail(*, key: str, notification_id: str) -> None:
    """One mail per person of the firm; the Message-ID carries the key, so that a mail server can drop a twin."""
    try:
        run_effect("notices.send_mail", key, lambda now: mail_notification(notification_id, key=key))
    except Exception as error:
        note_failure("notices.send_mail", key, f"{type(error).__name__}: {error}")
        raise


@shared_task(name="notices.send_sms")
def send_sms(*, key: str, phone: str, kind: str, facts: dict[str, Any]) -> None:
    """One text message through the port."""
    try:
        run_effect("notices.send_sms", key, lambda now: send_text(phone=phone, kind=kind, facts=facts, key=key))
    except Exception as error:
        note_failure("notices.send_sms", key, f"{type(error).__name__}: {error}")
        raise
