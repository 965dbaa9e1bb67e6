"""Make the hats: one NOLOGIN role each, which the login role may put on but never inherits."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from psycopg import sql

from foundation.actor import Hat, role_of


class Command(BaseCommand):
    help = "Create the database role of each hat and let the login role put them on. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        login = f"{settings.QCCHAIN_ROLE_PREFIX}login"
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext('qcchain roles'))")
            cursor.execute("select current_user")
            owner = cursor.fetchone()[0]
            for hat in Hat:
                self._make(cursor, role_of(hat), login, owner)
            cursor.execute(sql.SQL("revoke create on schema public from public"))

    def _make(self, cursor: Any, role: str, login: str, owner: str) -> None:
        cursor.execute("select 1 from pg_roles where rolname = %s", [role])
        if cursor.fetchone() is None:
            cursor.execute(sql.SQL("create role {} nologin").format(sql.Identifier(role)))
            self.stdout.write(f"made {role}")
        cursor.execute(sql.SQL("grant usage on schema public to {}").format(sql.Identifier(role)))
        for guest in (login, owner):  # the owner puts hats on when it loads demo data through the verbs
            grant = sql.SQL("grant {} to {} with inherit false, set true").format(sql.Identifier(role), sql.Identifier(guest))
            cursor.execute(grant)
