"""`python -m tests.ahead`: the template and the world of stories, built while the checks run, so that no test waits for them."""

import os
from contextlib import nullcontext
from uuid import uuid4


class _Open:
    """Nothing blocks the database here."""

    unblock = staticmethod(nullcontext)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qcchain.settings.test")
    import django

    django.setup()
    from django.db import connections

    from tests import harness
    from tests.peopled import Peopled

    harness.keep_bytecode()
    servers = harness.start_servers()
    try:
        template = harness.ensure_template(servers)
        own = harness.clone(servers, template, f"qcc_t_{os.getpid()}_{uuid4().hex[:6]}")
        harness.point_django_at(servers, own)
        Peopled(servers, template, _Open).release()
        connections.close_all()
        harness.drop(servers, own)
    finally:
        servers.release()


if __name__ == "__main__":
    main()
