"""The entry point of the web process. It refuses to serve as a role that row security would not hold."""

import os
import sys

from django.core.wsgi import get_wsgi_application

from qcchain.proxies import behind

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qcchain.settings.base")
os.environ.setdefault("QCCHAIN_POOL", "1")  # hats end with their transaction, so pooled connections are safe
application = behind(get_wsgi_application(), os.environ.get("QCCHAIN_PROXIES", ""))


def _refuse_unsafe_login() -> None:
    from django.db import connection

    from qcchain.readiness import unsafe_login

    mend = unsafe_login()
    connection.close()
    if mend:
        sys.exit(mend)


_refuse_unsafe_login()
