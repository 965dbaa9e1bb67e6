"""Celery: the queue only says "look now"; what is due stands in the database."""

import os

REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")


def broker_url() -> str:
    """Kombu's spelling of a unix socket differs from redis-py's."""
    if REDIS_URL.startswith("unix://"):
        path, _, query = REDIS_URL.removeprefix("unix://").partition("?")
        number = query.partition("db=")[2] or "0"
        return f"redis+socket://{path}?virtual_host={number}"
    return REDIS_URL


CELERY = {
    "broker_url": broker_url(),
    "broker_connection_retry_on_startup": True,
    "broker_transport_options": {"visibility_timeout": 900, "unacked_restore_interval": 5, "unacked_restore_throttle": 1},
    "task_ignore_result": True,
    "task_acks_late": True,
    "task_reject_on_worker_lost": True,
    "task_time_limit": 600,
    "task_soft_time_limit": 540,
    "worker_prefetch_multiplier": 1,
    "worker_hijack_root_logger": False,
    "timezone": "Asia/Shanghai",
    "enable_utc": True,
}
