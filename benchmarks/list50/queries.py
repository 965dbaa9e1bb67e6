"""How many queries one page costs: asked inside a process of its own, because each project has its own settings.

`python -m benchmarks.list50.queries PATH [HEADER VALUE]` prints the number.
"""

from __future__ import annotations

import sys

import django


def count(path: str, *header: str) -> int:
    """The queries of the second such request, once everything that is read once has been read."""
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.ALLOWED_HOSTS = ["*"]
    client = Client(headers=dict([header]) if header else None)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
    return len(queries)


if __name__ == "__main__":
    print(count(*sys.argv[1:]))
