"""A committed world for the matrix: built once, every request undone."""

import logging
import os
from uuid import uuid4

import pytest
from django.db import connections

from tests import harness
from tests.contract.matrix.looking import watched


@pytest.fixture(scope="module")
def unsaid():
    """A refusal is no news here: tens of thousands of them are asked for, and each would be written down with its traceback."""
    log = logging.getLogger("django.request")
    before = log.level
    log.setLevel(logging.ERROR)
    yield
    log.setLevel(before)


@pytest.fixture(scope="module")
def crowd(servers, peopled, django_db_blocker, unsaid):
    from tests.contract.matrix.people import assemble

    before = harness.addresses()
    name = peopled.clone(f"qcc_m_{os.getpid()}_{uuid4().hex[:6]}")
    with django_db_blocker.unblock():
        harness.point_django_at(servers, name)
        with watched():
            yield assemble(peopled.stories)
        connections.close_all()
        harness.point_django_back(before)
    harness.drop(servers, name)
