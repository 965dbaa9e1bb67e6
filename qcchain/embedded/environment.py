"""What the started programs are told: addresses, the secret, the data folder."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from qcchain.embedded.failure import LauncherFailure
from qcchain.embedded.places import PROJECT, Places
from qcchain.embedded.postgres import Postgres, role_prefix
from qcchain.embedded.processes import MARK
from qcchain.embedded.valkey import Valkey


@dataclass(frozen=True)
class Servers:
    """The embedded servers, or None where an address was given instead."""

    postgres: Postgres | None
    valkey: Valkey | None


def chosen_servers(places: Places, environ: Mapping[str, str]) -> Servers:
    """Which servers we start: none whose address the environment has.

    Raises LauncherFailure when only one of the two database addresses is there.
    """
    if bool(environ.get("DATABASE_URL")) != bool(environ.get("DATABASE_OWNER_URL")):
        raise LauncherFailure(
            "Of DATABASE_URL and DATABASE_OWNER_URL only one is set.",
            "Set both (the login that serves, the owner that migrates), or neither for the embedded PostgreSQL.",
        )
    return Servers(
        postgres=None if environ.get("DATABASE_URL") else embedded_postgres(places),
        valkey=None if environ.get("REDIS_URL") else embedded_valkey(places),
    )


def embedded_postgres(places: Places, *, fast: bool = False) -> Postgres:
    return Postgres(places.postgres(), places.run(), fast=fast, log_file=places.log / "postgres.log")


def embedded_valkey(places: Places, *, fast: bool = False) -> Valkey:
    return Valkey(places.valkey, places.run(), fast=fast, log_file=places.log / "valkey.log")


def program_environment(places: Places, servers: Servers, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of the programs that serve; the owner's address is not in it."""
    # A PGHOST or PGSERVICE of the person's own would lead libpq elsewhere.
    told = {name: value for name, value in environ.items() if not name.startswith("PG") and name != "DATABASE_OWNER_URL"}
    if servers.postgres:
        told["DATABASE_URL"] = servers.postgres.url(role_prefix() + "login")
    if servers.valkey:
        told["REDIS_URL"] = servers.valkey.url()
    told.setdefault("DJANGO_SECRET_KEY", kept_secret(places.data / "secret-key"))
    told.setdefault("PORT", "8000")
    return told | {
        "QCCHAIN_DATA": str(places.data),
        "QCCHAIN_ROLE_PREFIX": role_prefix(),
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(PROJECT),
        MARK: places.token,
    }


def owner_environment(servers: Servers, told: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """The same for the programs that change the schema."""
    url = servers.postgres.url(role_prefix() + "owner") if servers.postgres else environ["DATABASE_OWNER_URL"]
    return {**told, "DATABASE_OWNER_URL": url}


def kept_secret(path: Path) -> str:
    """A random secret, made once and readable by us alone."""
    if not path.exists():
        half = path.with_suffix(".new")
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(50))
        half.rename(path)
    return path.read_text()
