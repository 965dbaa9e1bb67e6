"""A container's health check: python -m qcchain.embedded.probe ADDRESS [CHECK]; exit code 0 when well."""

import json
import sys
import urllib.error
import urllib.request


def is_well(address: str, check: str | None = None) -> bool:
    """Whether the address answers 200; with ``check``, whether that one line of /readyz is ok whatever the others say."""
    # The probe comes from inside, where nobody speaks HTTPS.
    asked = urllib.request.Request(address, headers={"X-Forwarded-Proto": "https"})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(asked, timeout=5) as answer:
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        status, body = refused.code, refused.read()
    except OSError:
        return False
    if check is None:
        return bool(status == 200)
    try:
        return bool(json.loads(body)[check]["ok"])
    except (ValueError, KeyError, TypeError):
        return False


if __name__ == "__main__":
    sys.exit(0 if is_well(*sys.argv[1:3]) else 1)
