"""The Celery app and the beat's timetable: the clock only asks, the database knows what is due."""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qcchain.settings.base")

TICK_SECONDS = float(os.environ.get("QCCHAIN_TICK_SECONDS", "60"))  # tests do not wait a minute

app = Celery("qcchain")
app.conf.update(settings.CELERY_SETTINGS)
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "tick": {"task": "qcchain.tick", "schedule": TICK_SECONDS, "options": {"expires": max(TICK_SECONDS - 5, 1)}},
}
