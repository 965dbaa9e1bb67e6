"""What would tell providers who asks before the firm has chosen one: its name, or that of a firm it deals with. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from parties.names import name_key, normalised_name

SHORTEST, SHORTEST_WITHOUT_PLACE = 2, 3  # 宁波纺织 without its place is a trade and no name
_PLACE = re.compile(r"^(浙江省?)?(宁波市?)?|^ningbo")


def names_in(text: str, names: Iterable[str]) -> bool:
    """Whether one of these firms stands in a text: without its place and legal ending too, however it is spaced.

    >>> names_in("我们云杼纺织的湿摩擦", ["宁波云杼纺织有限公司（示例）"]), names_in("宁波，湿摩擦 2-3 级", ["宁波云杼纺织有限公司"])
    (True, False)
    """
    folded = name_key(text)
    return any(name in folded for name in _bare(names))


def without_names(text: str, names: Iterable[str], *, instead: str) -> str:
    """The text with each of these firms' names replaced.

    >>> without_names("Asked by Yunzhu  Textile Co., Ltd. in May", ["Yunzhu Textile Co., Ltd. (demo)"], instead="…")
    'Asked by … Co., Ltd. in May'
    """
    bare = sorted(_bare(names), key=len, reverse=True)
    spaced = "|".join(r"\s*".join(map(re.escape, name)) for name in bare)
    return re.sub(spaced, lambda _found: instead, text, flags=re.IGNORECASE) if spaced else text


def _bare(names: Iterable[str]) -> set[str]:
    found = {bare for name in names if len(bare := normalised_name(name)) >= SHORTEST}
    return found | {short for name in found if len(short := _PLACE.sub("", name)) >= SHORTEST_WITHOUT_PLACE}
