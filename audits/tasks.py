"""What the clock and the relay call: find what is due, hand each to a service."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from audits import services
from audits.services.planning import TASK as PLAN_YEAR
from audits.services.planning import make_plan, note_plan_failed
from jobs.services import note_failure, run_effect


@shared_task(name="audits.tick")
def tick() -> int:
    """Make every programme and audit now due. Safe twice, and in two workers at once."""
    return services.tick(timezone.now())  # the moment is an argument below, never SQL now(): else no test can move it


@shared_task(name="audits.follow_programme")
def follow_programme(*, key: str) -> None:
    """What was decided of a programme reaches the calendar now, and not only with the next beat."""
    run_effect("audits.follow_programme", key, services.tick)


@shared_task(name="audits.tell_of_audit")
def tell_of_audit(*, key: str, audit_id: str) -> None:
    """Put a new audit on the supplier's list, exactly once."""
    try:
        run_effect("audits.tell_of_audit", key, lambda now: services.tell_of_audit(audit_id=UUID(audit_id), now=now))
    except Exception as error:
        note_failure("audits.tell_of_audit", key, f"{type(error).__name__}: {error}")
        raise


@shared_task(name=PLAN_YEAR)
def plan_year(*, key: str, plan_id: str, org_id: str) -> None:
    """Make a plan that was asked for."""
    try:
        make_plan(key=key, plan_id=UUID(plan_id), org_id=UUID(org_id))
        run_effect(PLAN_YEAR, key, lambda _: None)  # let go meanwhile: it is done all the same
    except Exception as error:
        note_plan_failed(plan_id=UUID(plan_id), org_id=UUID(org_id))
        note_failure(PLAN_YEAR, key, type(error).__name__)
        raise
