"""Servers, template and clones for the tests."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import dj_database_url
import psycopg
from django.db import connections
from psycopg import sql

from qcchain.embedded.locks import FileLock
from qcchain.embedded.postgres import Postgres
from qcchain.embedded.trial import trial_servers, with_kept_bytecode
from qcchain.embedded.valkey import Valkey
from tests.own import OwnNumbers, point_cache_at

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Servers:
    """PostgreSQL and Valkey of this test run."""

    postgres: Postgres
    valkey: Valkey
    own: OwnNumbers | None = None
    templates: list[FileLock] = field(default_factory=list)

    def release(self) -> None:
        for held in (*self.templates, *([self.own] if self.own else [])):
            held.drop()
        self.valkey.release()
        self.postgres.release()

    def superuser(self) -> psycopg.Connection:
        return psycopg.connect(self.postgres.superuser_url(), autocommit=True, port=5432)


def keep_bytecode() -> None:
    """For this process and all that it starts."""
    kept = with_kept_bytecode(os.environ)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.update(kept)
    sys.dont_write_bytecode, sys.pycache_prefix = False, kept["PYTHONPYCACHEPREFIX"]


def start_servers() -> Servers:
    postgres, valkey = trial_servers("test")
    postgres.ensure_running()
    valkey.ensure_running()
    own = OwnNumbers(valkey)
    os.environ["REDIS_URL"] = own.programs
    point_cache_at(own.cache)
    return Servers(postgres, valkey, own)


def _stamp() -> str:
    """What the template depends on: every migration, the reference data and the cast."""
    digest = hashlib.sha256()
    patterns = (
        "*/migrations/*.py",
        "parties/reference/*",
        "*/library/**/*.json",
        "tests/cast.py",
        "foundation/scope.py",
        "foundation/actor.py",
    )
    for path in sorted(p for pattern in patterns for p in ROOT.glob(pattern) if p.is_file()):
        digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def _alone(servers: Servers) -> Iterator[None]:
    with (servers.postgres.run_dir / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def ensure_template(servers: Servers) -> str:
    """Build the template once per state of the schema; later runs only clone it. It stays while a process that asked for it lives."""
    name = f"qcc_tpl_{_stamp()}"
    with _alone(servers), servers.superuser() as connection:
        users = _users_of(servers, name)
        users.take(shared=True)
        servers.templates.append(users)
        if template_stands(connection, name):
            return name
        for (old,) in connection.execute("select datname from pg_database where datname like 'qcc\\_tpl\\_%'").fetchall():
            _drop_unless_used(servers, connection, old)
        _build(servers, f"{name}_new")
        connection.execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(f"{name}_new"), sql.Identifier(name)))
    return name


def template_stands(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is not None


def _users_of(servers: Servers, template: str) -> FileLock:
    return FileLock(servers.postgres.run_dir / f"{template}.users")


def _drop_unless_used(servers: Servers, connection: psycopg.Connection, template: str) -> None:
    """Another run, over another state of the tree, may still clone from it. A half-built one has no users."""
    users = _users_of(servers, template)
    if users.take(wait=False):
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(template)))
        users.path.unlink()
    users.drop()


def _build(servers: Servers, name: str) -> None:
    servers.postgres.make_roles(name)
    env = environment(servers, name)
    for words in (["prepare_roles"], ["migrate", "--noinput"], ["load_library"]):
        subprocess.run([sys.executable, "manage.py", *words, "--skip-checks"], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, "-m", "tests.cast"], cwd=ROOT, env={**env, "QCCHAIN_AS_OWNER": "1"}, check=True)


def environment(servers: Servers, name: str) -> dict[str, str]:
    """What a program of the product needs to run against a test database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "qcchain.settings.test",
        "DATABASE_URL": servers.postgres.url("qcc_login", name),
        "DATABASE_OWNER_URL": servers.postgres.url("qcc_owner", name),
        "REDIS_URL": servers.own.programs if servers.own else servers.valkey.url(),
    }


def clone(servers: Servers, template: str, name: str) -> str:
    with _alone(servers), servers.superuser() as connection:
        connection.execute(sql.SQL("create database {} template {} owner qcc_owner").format(sql.Identifier(name), sql.Identifier(template)))
    return name


def drop(servers: Servers, name: str) -> None:
    with servers.superuser() as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def point_django_at(servers: Servers, name: str) -> None:
    point_django_at_url(servers.postgres.url("qcc_login", name))
    os.environ["DATABASE_OWNER_URL"] = servers.postgres.url("qcc_owner", name)


def addresses() -> dict[str, str]:
    """Where Django and its owner commands look now."""
    return {name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL") if name in os.environ}


def point_django_back(before: dict[str, str]) -> None:
    os.environ.update(before)
    point_django_at_url(before["DATABASE_URL"])


def point_django_at_url(url: str) -> None:
    connections.close_all()
    os.environ["DATABASE_URL"] = url
    parsed = dj_database_url.parse(url)
    for key in ("NAME", "USER", "HOST", "PORT", "PASSWORD"):
        connections["default"].settings_dict[key] = parsed.get(key, "")
    connections["default"].settings_dict["OPTIONS"] = {**parsed.get("OPTIONS", {})}
