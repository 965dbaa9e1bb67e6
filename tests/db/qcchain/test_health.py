"""/healthz and /readyz, and the login that may not serve."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from jobs.models import OutboxEvent
from jobs.services import beat, put_outbox
from qcchain.readiness import unsafe_login
from records.services.sequencer import sequence_once
from tests import harness
from tests.cast import actor

pytestmark = pytest.mark.django_db


def ready():
    response = Client().get("/readyz")
    return response.status_code, {name for name, check in response.json().items() if not check["ok"]}


def test_healthz_needs_nothing():
    assert Client().get("/healthz").json() == {"process": "ok"}


def test_readyz_names_what_does_not_turn():
    assert ready() == (503, {"relay", "sequencer"})


def test_readyz_is_green_when_the_loops_turn():
    beat("relay", now=timezone.now())
    sequence_once(now=timezone.now())

    assert ready() == (200, set())


def test_readyz_says_how_far_the_relay_is_behind():
    beat("relay", now=timezone.now())
    beat("sequencer", now=timezone.now())
    with as_actor(actor("chen")):
        put_outbox("notices.send_mail", key="old")
    with acting_as(Hat.CLOCK):
        OutboxEvent.objects.update(created_at=timezone.now() - timedelta(minutes=5))

    assert ready() == (503, {"relay"})


def test_the_test_login_is_safe():
    assert unsafe_login() == ""


@pytest.mark.parametrize("role", ["postgres", "qcc_owner"])
def test_a_web_process_refuses_to_start_as_superuser_or_owner(servers, fresh_database, role):
    env = {**harness.environment(servers, fresh_database), "DATABASE_URL": servers.postgres.url(role, fresh_database)}

    done = subprocess.run([sys.executable, "-c", "import qcchain.wsgi"], cwd=harness.ROOT, env=env, capture_output=True, text=True)

    assert done.returncode == 1
    assert "Point DATABASE_URL at the login role" in done.stderr
