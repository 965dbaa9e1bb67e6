"""Where the data live: one login without rights of its own, one owner that migrates."""

import os
from typing import Any

import dj_database_url


def databases() -> dict[str, dict[str, Any]]:
    """The default database: as the login role, or as the owner when a schema command asks for it."""
    as_owner = os.environ.get("QCCHAIN_AS_OWNER") == "1"
    url = os.environ.get("DATABASE_OWNER_URL" if as_owner else "DATABASE_URL", "postgres://qcc_login@localhost/qcchain")
    config: dict[str, Any] = dict(dj_database_url.parse(url))
    config["ATOMIC_REQUESTS"] = not as_owner
    config["OPTIONS"] = {**config.get("OPTIONS", {})}
    if os.environ.get("QCCHAIN_POOL") == "1" and not as_owner:
        config["OPTIONS"]["pool"] = {"min_size": 2, "max_size": int(os.environ.get("QCCHAIN_POOL_SIZE", "8")), "timeout": 20}
    else:
        config["CONN_MAX_AGE"] = 60
        config["CONN_HEALTH_CHECKS"] = True
    return {"default": config}
