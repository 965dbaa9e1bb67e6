"""A worker of the product with one more task: an effect that leaves a row each time it is truly done."""

import django
from celery import shared_task
from django.db import connection

from qcchain.celery import app

django.setup()  # before any model: here the app module itself needs them

from jobs.services import run_effect  # noqa: E402

__all__ = ["app"]


@shared_task(name="chaos.leave_a_row")
def leave_a_row(*, key: str) -> None:
    run_effect("chaos.leave_a_row", key, lambda now: _row(key))


def _row(key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("insert into chaos_done (key) values (%s)", [key])
        cursor.execute("select pg_sleep(0.02)")
