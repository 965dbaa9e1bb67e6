"""Chinese mobile numbers as people type them, to E.164; and what can be dialled at all."""

import re

_MOBILE = re.compile(r"^(?:\+?86|0086)?(1[3-9]\d{9})$")
# Any line of any country, with its area and an extension.
_DIALLED = re.compile(r"\+?\d{7,15}((?:x|ext\.?|转|#)\d{1,6})?", re.IGNORECASE)


def phone_e164(typed: str) -> str | None:
    """+86… for a mobile number with or without prefix, spaces or hyphens; None for anything else.

    >>> phone_e164("190 0000-7018")
    '+8619000007018'
    """
    match = _MOBILE.match(re.sub(r"[\s\-()]", "", typed))
    return f"+86{match[1]}" if match else None


def can_be_dialled(typed: str) -> bool:
    """Whether this is a telephone number of any kind.

    >>> can_be_dialled("0574-8700 0000 转 12"), can_be_dialled("+49 (30) 123456"), can_be_dialled("abc")
    (True, True, False)
    """
    return bool(_DIALLED.fullmatch(re.sub(r"[\s\-()（）]", "", typed)))
