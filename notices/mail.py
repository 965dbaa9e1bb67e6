"""Mail and text messages: a subject and a link, never a value. Written in each reader's language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from notices.kinds import subject_of
from notices.models import Notification
from notices.sms import port
from parties.selectors import people_of


def mail_notification(notification_id: str, *, key: str) -> int:
    """Mail one notification to the firm's people who have an address; returns how many. Clock only."""
    notification = Notification.objects.get(pk=notification_id)
    sent = 0
    for person in people_of(notification.org_id):
        if person.email:
            with override(person.locale):
                _message(
                    notification, to=person.email, name=person.name, message_id=f"<{key}-{person.pk}@qcchain>".replace(":", "-")
                ).send()
            sent += 1
    return sent


def _message(notification: Notification, *, to: str, name: str, message_id: str) -> EmailMessage:
    # One line: a name with a line end in it would be a header of its own, and is refused by every mail server.
    subject = " ".join(subject_of(notification.kind, notification.facts).split())
    link = settings.PUBLIC_URL + reverse("notices:inbox")
    body = render_to_string("notices/mail.txt", {"name": name, "subject": subject, "link": link})
    return EmailMessage(subject=f"qcchain · {subject}", body=body, to=[to], headers={"Message-ID": message_id})


def send_text(*, phone: str, kind: str, facts: dict[str, Any], key: str) -> None:
    """One text message, in Chinese: a phone number is all we know of its reader."""
    with override("zh-hans"):
        words = subject_of(kind, facts)
    port().send(phone=phone, text=f"【qcchain】{words} {facts.get('link', '')}".strip(), key=key)
