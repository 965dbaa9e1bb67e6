"""Databases of the benchmarks: a durable cluster of their own, cloned from the tests' template, dropped at the end."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from uuid import uuid4

import django
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qcchain.settings.test")

from django.db import connections

from qcchain.embedded.trial import trial_servers
from tests import harness


@cache
def servers() -> harness.Servers:
    """PostgreSQL (fsync on) and Valkey, started once for the whole run."""
    postgres, valkey = trial_servers("bench", fast=False)
    postgres.ensure_running()
    valkey.ensure_running()
    os.environ["REDIS_URL"] = valkey.url()
    django.setup()
    return harness.Servers(postgres, valkey)


def release() -> None:
    if servers.cache_info().currsize:
        connections.close_all()
        servers().release()


@contextmanager
def database(label: str) -> Iterator[str]:
    """A fresh database with schema, library and cast; Django in this process points at it as the login role."""
    name = harness.clone(servers(), harness.ensure_template(servers()), f"qcc_b_{label}_{os.getpid()}_{uuid4().hex[:4]}")
    try:
        harness.point_django_at(servers(), name)
        yield name
    finally:
        connections.close_all()
        harness.drop(servers(), name)


def environment(name: str, **more: str) -> dict[str, str]:
    """For programs of the product against that database."""
    return {**harness.environment(servers(), name), **more}


def superuser(stack: ExitStack, name: str) -> psycopg.Connection:
    """For preparing data: triggers and foreign keys are off, row security does not apply."""
    connection = psycopg.connect(servers().postgres.superuser_url(name), autocommit=True, port=5432)
    stack.callback(connection.close)
    connection.execute("set session_replication_role = replica")
    return connection
