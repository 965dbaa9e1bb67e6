"""Effects of the outbox: the text message that brings a firm in."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from jobs.services import note_failure, once, run_effect
from notices.mail import send_text
from suppliers.services.exports import TASK as WRITE_EXPORT
from suppliers.services.exports import note_export_failed, write_export
from suppliers.services.invitations import join_url
from suppliers.services.inviting import TASK as WORK_INVITATIONS
from suppliers.services.inviting import give_up, work_invitations
from suppliers.services.lists_work import READ, WRITE, asker, let_go, read_list, write_list


@shared_task(name="suppliers.send_invitation")
def send_invitation(*, key: str, invitation_id: str, phone: str, facts: dict[str, Any]) -> None:
    """One text message with the link, made here so that it stands nowhere else."""
    facts = {**facts, "link": join_url(UUID(invitation_id))}
    try:
        run_effect("suppliers.send_invitation", key, lambda now: send_text(phone=phone, kind="invitation_waiting", facts=facts, key=key))
    except Exception as error:
        note_failure("suppliers.send_invitation", key, type(error).__name__)  # never its words: they may hold the link
        raise


@shared_task(name=READ)
def read_list_in_chunks(*, key: str, import_id: str, org_id: str, person_id: str) -> None:
    """Read a long list into a preview."""
    _work_on_list(READ, read_list, key, UUID(import_id), UUID(org_id), UUID(person_id))


@shared_task(name=WRITE)
def write_list_in_chunks(*, key: str, import_id: str, org_id: str, person_id: str) -> None:
    """Put the ready rows of a long list on the owner's."""
    _work_on_list(WRITE, write_list, key, UUID(import_id), UUID(org_id), UUID(person_id))


def _work_on_list(task: str, work: Callable[..., None], key: str, import_id: UUID, org_id: UUID, person_id: UUID) -> None:
    """Go on where the last chunk was committed. The claim falls with the last chunk, so a killed worker's list comes again."""
    now = timezone.now()
    try:
        if actor := asker(org_id, person_id):
            work(actor=actor, import_id=import_id, now=now, claim=lambda: once(task, key, now=now))
        else:
            let_go(org_id, import_id)
        # Cancelled meanwhile, or there was nothing to do: it is done all the same.
        run_effect(task, key, lambda _: None)
    except Exception as error:
        note_failure(task, key, f"{type(error).__name__}: {error}")
        raise


@shared_task(name=WRITE_EXPORT)
def write_export_file(*, key: str, job_id: str, org_id: str) -> None:
    """Make the file of a long list."""
    try:
        write_export(key=key, job_id=UUID(job_id), org_id=UUID(org_id))
    except Exception as error:
        note_export_failed(job_id=UUID(job_id), org_id=UUID(org_id))
        note_failure(WRITE_EXPORT, key, type(error).__name__)
        raise


@shared_task(name=WORK_INVITATIONS)
def invite_or_remind_many(*, key: str, job_id: str, org_id: str, person_id: str) -> None:
    """Invite or remind many, step by step; a killed worker's job goes on after its last step."""
    now, job = timezone.now(), UUID(job_id)
    try:
        if actor := asker(UUID(org_id), UUID(person_id)):
            work_invitations(actor=actor, job_id=job, now=now)
        else:
            give_up(org_id=UUID(org_id), job_id=job, now=now)
        run_effect(WORK_INVITATIONS, key, lambda _: None)
    except Exception as error:
        note_failure(WORK_INVITATIONS, key, type(error).__name__)
        raise
