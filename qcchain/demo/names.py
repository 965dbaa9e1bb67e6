"""Invented names, codes and numbers: the same for the same seed, never a real firm's. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from parties.names import pinyin_key
from parties.uscc import ALPHABET, check_character

SEED = 20260105
BODY = "0DEM0"  # no registry gives a code that begins so
MARK_ZH, MARK_EN = "（示例）", "(demo)"
BODY_LENGTH = 17  # and one check character

_FIRST = "云澜禾青拾砚鹿沐岚素初越霁栖朴溪墨知清衡润予蔚枫汀泊岫暖迟听松月映晴野"
_SECOND = "杼织缕纬纱棠岑缇彩经罗帛绶纨苎绮缦绢缃绪缙纶绒络丝练缨绫缀纹"
# Names of the cast and of the stories; the generator leaves them out.
TAKEN = frozenset(
    "云杼 澜织 禾缕 青纬 拾纱 砚棠 鹿岑 沐缇 岚彩 素杼 初经 越缕 溪绪 泊绶 朴帛 墨绮 润缨 衡缦 知绢 予缃 蔚练".split()  # noqa: SIM905
)
TRADES = {
    "fibre": ("纤维材料", "Fibre"),
    "spinning": ("纺纱", "Spinning"),
    "weaving": ("织造", "Weaving"),
    "knitting": ("针织", "Knitting"),
    "dyeing": ("印染", "Dyeing"),
    "trims": ("辅料", "Trims"),
    "garment": ("服饰", "Apparel"),
    "home": ("家纺", "Home Textiles"),
    "design": ("服装设计", "Design"),
    "service": ("纺织技术服务", "Textile Services"),
}
_SURNAMES = "陈林吴周梅潘方王张李徐沈胡竺励史俞童应夏戴毛钱孙郑冯蒋韩杨朱"
_CALLED = ("师傅", "经理", "厂长", "主管", "会计")


@dataclass(frozen=True, slots=True)
class FirmName:
    """One firm in both languages, marked as invented in both."""

    zh: str
    en: str


def firm_name(short: str, trade_zh: str, trade_en: str) -> FirmName:
    """宁波 + 字号 + trade + legal form + mark.

    >>> firm_name("云杼", "纺织", "Textile")
    FirmName(zh='宁波云杼纺织有限公司（示例）', en='Yunzhu Textile (demo)')
    """
    return FirmName(f"宁波{short}{trade_zh}有限公司{MARK_ZH}", f"{pinyin_key(short).capitalize()} {trade_en} {MARK_EN}")


def short_names(seed: int = SEED) -> Iterator[str]:
    """Invented 字号, each once, in the order of the seed."""
    pairs = [first + second for first in _FIRST for second in _SECOND]
    Random(seed).shuffle(pairs)
    return (pair for pair in pairs if pair not in TAKEN)


def long_names(seed: int = SEED) -> Iterator[str]:
    """Invented 字号 of three characters, each once: enough for a whole city."""
    triples = [first + second + third for first in _FIRST for second in _SECOND for third in _SECOND if second != third]
    Random(seed).shuffle(triples)
    return iter(triples)


def codes(seed: int = SEED) -> Iterator[str]:
    """Unified social credit codes over the body 0DEM0…, each with its valid check character, each once."""
    random, given = Random(seed), set()
    while True:
        first17 = BODY + "".join(random.choices(ALPHABET, k=BODY_LENGTH - len(BODY)))
        if first17 not in given:
            given.add(first17)
            yield first17 + check_character(first17)


def person_name(random: Random) -> str:
    """What somebody in a mill is called."""
    return random.choice(_SURNAMES) + random.choice(_CALLED)


def phone(number: int) -> str:
    """A mobile number of a block in which nobody has one: 190 0001 and four digits."""
    return f"+861900001{number:04d}"
