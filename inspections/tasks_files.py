"""What workers do with files of results. Safe to repeat: a killed worker's file goes on after its last chunk."""

from collections.abc import Callable
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from inspections.services.result_files_work import READ, WRITE, asker, file_in_background, let_go, read_in_background
from jobs.services import note_failure, once, run_effect


@shared_task(name=READ)
def read_result_file(*, key: str, import_id: str, org_id: str, person_id: str, hat: str) -> None:
    """Read a long file into its preview."""
    _work(READ, read_in_background, key, UUID(import_id), (UUID(org_id), UUID(person_id), hat))


@shared_task(name=WRITE)
def file_result_file(*, key: str, import_id: str, org_id: str, person_id: str, hat: str) -> None:
    """File what is ready in a long file."""
    _work(WRITE, file_in_background, key, UUID(import_id), (UUID(org_id), UUID(person_id), hat))


def _work(task: str, work: Callable[..., None], key: str, import_id: UUID, who: tuple[UUID, UUID, str]) -> None:
    """The claim falls with the last chunk, so that a killed worker's file comes again."""
    now = timezone.now()
    try:
        if actor := asker(*who):
            work(actor=actor, import_id=import_id, now=now, claim=lambda: once(task, key, now=now))
        else:
            let_go(who[0], import_id, who[2])
        # Stopped meanwhile, or there was nothing to do: it is done all the same.
        run_effect(task, key, lambda _: None)
    except Exception as error:
        note_failure(task, key, f"{type(error).__name__}: {error}")
        raise
