"""The entry point of the web process. It refuses to serve as a role that row security would not hold."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qcchain.settings.base")
os.environ.setdefault("QCCHAIN_POOL", "1")  # hats end with their transaction, so pooled connections are safe
application = get_wsgi_application()


def _refuse_unsafe_login() -> None:
    from django.db import connection

    from qcchain.readiness import unsafe_login

    mend = unsafe_login()
    connection.close()
    if mend:
        sys.exit(mend)


_refuse_unsafe_login()
