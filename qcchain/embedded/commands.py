"""The start command of each process, once: the supervisor runs these, docker-compose.yml holds the same by a test."""

SETTINGS_APP = "qcchain"


def web(*, host: str = "127.0.0.1", port: int = 8000, workers: int = 2) -> list[str]:
    return [
        *("python", "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", "4", "--respawn-failed-workers", "--workers-kill-timeout", "10", "--no-ws", "qcchain.wsgi:application"),
    ]


def worker(*, concurrency: int = 2) -> list[str]:
    return ["python", "-m", "celery", "-A", SETTINGS_APP, "worker", "--loglevel", "INFO", "--concurrency", str(concurrency)]


def beat(*, schedule: str) -> list[str]:
    return ["python", "-m", "celery", "-A", SETTINGS_APP, "beat", "--loglevel", "INFO", "--schedule", schedule]


def relay() -> list[str]:
    return manage("relay")


def migrations() -> list[list[str]]:
    """Run as the owner, in this order, before anything serves."""
    return [manage("prepare_roles"), manage("migrate", "--noinput"), manage("load_library")]


def manage(*words: str) -> list[str]:
    return ["python", "manage.py", *words]
