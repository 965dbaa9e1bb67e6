"""Districts, towns and chain nodes by the words people use for them."""

import re
from collections import defaultdict
from functools import cache, lru_cache
from typing import NamedTuple

from parties.reference import RegionRow, chain_nodes, regions

_KIND_ENDINGS = ("街道", "镇", "乡")
_REGION_FRONT = re.compile(
    r"^(?:(?:中国)?(?:浙江省?)?宁波市?|(?:中国)?浙江省?|(?:zhejiang(?:province)?)?ningbo(?:city|municipality)?)(?=.)"
)
_REGION_TAIL = re.compile(r"(ningbo(city|municipality)?)?(zhejiang(province)?)?(p?r?china)?$")
_REGION_KIND = re.compile(r"(区|县|市|district|county|city)$")
_ZONES = {
    "QW": "前湾新区 前湾 qianwan qianwannewarea qianwannewdistrict qianwannewzone",
    "GX": "高新区 高新 国家高新区 hitechzone hightechzone hitech hightech hitechdistrict hightechdistrict gaoxin gaoxinqu",
}
_PUNCTUATION = re.compile(r"[\s,，.、\-'’()（）]+")
_SEPARATORS = re.compile(r"[、/,，;；+＋／\n]+")


class TownMatch(NamedTuple):
    """`name` where the town lies in the region or the region is unknown; `elsewhere` is the code of the other it lies in."""

    name: str | None
    elsewhere: str | None


@lru_cache(maxsize=4096)
def region_code(text: str) -> str | None:
    """The code of a district or zone, with or without province, city and kind, in either language; None for anything else."""
    plain = _fold(text)
    known = _region_words()
    for attempt in (plain, _REGION_FRONT.sub("", plain), _REGION_FRONT.sub("", _REGION_TAIL.sub("", plain))):
        code = known.get(attempt) or known.get(_REGION_KIND.sub("", attempt))
        if code:
            return code
    return None


@lru_cache(maxsize=4096)
def town_match(text: str, region: str | None) -> TownMatch:
    """The town that this name means in this region, or anywhere where the region is not known."""
    towns = _town_words().get(_fold(text), ())
    here = [town for town in towns if region is None or town.parent == region]
    if len(here) == 1:
        return TownMatch(here[0].name_zh, None)
    return TownMatch(None, towns[0].parent if towns and not here else None)


def town_code(name_zh: str) -> str:
    """The code of a town by its full name, which no two towns of Ningbo share; "" where there is none."""
    return next((row.code for row in regions() if row.kind == "town" and row.name_zh == name_zh), "")


@cache
def region_names() -> dict[str, str]:
    """Code → Chinese name of districts and zones."""
    return {row.code: row.name_zh for row in regions() if row.kind in ("district", "zone")}


def split_words(text: str) -> list[str]:
    """The words of a cell that may name several chain nodes; a known word with a separator in it stays whole."""
    if node_code(text):
        return [text]
    return [word for word in (part.strip() for part in _SEPARATORS.split(text)) if word]


@lru_cache(maxsize=4096)
def node_code(word: str) -> str | None:
    """The chain node that a word means."""
    plain = _fold_node(word)
    known = _node_words()
    return known.get(plain) or known.get(plain.removesuffix("环节"))


@cache
def node_names() -> dict[str, str]:
    """Code → Chinese name."""
    return {node.code: node.name_zh for node in chain_nodes()}


@cache
def _region_words() -> dict[str, str]:
    words = {word: code for code, listed in _ZONES.items() for word in listed.split()}
    for row in regions():
        if row.kind == "district":
            words[_REGION_KIND.sub("", row.name_zh)] = words[row.pinyin] = row.code
    return words


@cache
def _town_words() -> dict[str, tuple[RegionRow, ...]]:
    words: dict[str, list[RegionRow]] = defaultdict(list)
    for row in regions():
        if row.kind != "town":
            continue
        ending = next(kind for kind in _KIND_ENDINGS if row.name_zh.endswith(kind))
        for word in {row.name_zh, row.name_zh.removesuffix(ending), row.pinyin, _fold(row.name_en)}:
            words[word].append(row)
    return {word: tuple(rows) for word, rows in words.items()}


@cache
def _node_words() -> dict[str, str]:
    return {_fold_node(word): node.code for node in chain_nodes() for word in node.words}


def _fold(text: str) -> str:
    return _PUNCTUATION.sub("", text.translate(HALF_WIDTH)).casefold()


def _fold_node(word: str) -> str:
    return re.sub(r"\s+", "", word.translate(HALF_WIDTH)).casefold()


HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
