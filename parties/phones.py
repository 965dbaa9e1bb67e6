"""Chinese mobile numbers as people type them, to E.164."""

import re

_MOBILE = re.compile(r"^(?:\+?86|0086)?(1[3-9]\d{9})$")


def phone_e164(typed: str) -> str | None:
    """+86… for a mobile number with or without prefix, spaces or hyphens; None for anything else.

    >>> phone_e164("190 0000-7018")
    '+8619000007018'
    """
    match = _MOBILE.match(re.sub(r"[\s\-()]", "", typed))
    return f"+86{match[1]}" if match else None
