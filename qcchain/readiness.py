"""What must be true before this installation may serve."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from foundation.actor import Hat, acting_as
from jobs.models import OutboxEvent, Pulse
from records.models import RecordEntry

LAG_LIMIT = timedelta(seconds=30)


def readiness() -> dict[str, dict[str, Any]]:
    """Each check by name: ok, and what to do if not."""
    checks: dict[str, Callable[[], str]] = {
        "database": _database, "roles": _roles, "migrations": _migrations, "broker": _broker, "relay": _relay, "sequencer": _sequencer,
    }  # fmt: skip
    return {name: _asked(check) for name, check in checks.items()}


def _asked(check: Callable[[], str]) -> dict[str, Any]:
    try:
        mend = check()
    except Exception as error:  # a probe reports, whatever breaks; its words are the operator's, not a user's
        mend = f"{type(error).__name__}"
    return {"ok": not mend, "mend": mend}


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return ""


def unsafe_login() -> str:
    """Why the login role may not serve, or an empty string: it must be a guest in its own house."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select rolname, rolsuper, rolbypassrls, pg_has_role(oid, %s, 'USAGE') from pg_roles where rolname = session_user", [_owner()]
        )
        name, is_super, bypasses, inherits_owner = cursor.fetchone()
        cursor.execute("select count(*) from pg_tables where tableowner = session_user and schemaname = 'public'")
        owned = cursor.fetchone()[0]
    if is_super or bypasses or owned or inherits_owner:
        return f"The login {name} is superuser, bypasses row security or owns tables. Point DATABASE_URL at the login role."
    return ""


def _owner() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select tableowner from pg_tables where schemaname = 'public' and tablename = 'django_migrations'")
        row = cursor.fetchone()
    return str(row[0]) if row else "postgres"


def _roles() -> str:
    return unsafe_login()


def _migrations() -> str:
    with acting_as(Hat.CLOCK):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "Run manage.py migrate." if plan else ""


def _broker() -> str:
    client = redis.Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_timeout=2)
    client.ping()
    return ""


def _lag(name: str, oldest: Any) -> str:
    now = timezone.now()
    pulse = Pulse.objects.filter(name=name).first()
    if pulse is None or now - pulse.at > LAG_LIMIT:
        return f"The {name} has not turned for more than {LAG_LIMIT.seconds} s. Start manage.py relay."
    if oldest and now - oldest > LAG_LIMIT:
        return f"The {name} is behind by {int((now - oldest).total_seconds())} s."
    return ""


def _relay() -> str:
    with acting_as(Hat.CLOCK):
        waiting = OutboxEvent.objects.filter(done_at=None, dead_at=None, attempts=0)
        return _lag("relay", waiting.order_by("created_at").values_list("created_at", flat=True).first())


def _sequencer() -> str:
    with acting_as(Hat.CLOCK):
        return _lag("sequencer", RecordEntry.objects.filter(number=None).order_by("at").values_list("at", flat=True).first())
