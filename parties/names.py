"""Firms' names: alike when only brackets, spaces, width, old characters or the legal ending differ; sorted by pinyin."""

import re
import unicodedata
from functools import lru_cache

from pypinyin import lazy_pinyin, load_phrases_dict, load_single_dict
from pypinyin.constants import PHRASES_DICT, RE_HANS
from pypinyin.contrib.mmseg import p_set

# Reads wrong by default, and stands in Ningbo's places and surnames.
_PLACES = {
    "江厦": ["jiāng", "xià"],
    "石碶": ["shí", "qì"],
    "大碶": ["dà", "qì"],
    "新碶": ["xīn", "qì"],
    "深甽": ["shēn", "zhèn"],
}
_CHARACTERS = {"鄞": "yín", "碶": "qì", "𠮷": "jí", "㙦": "xié", "㛃": "jié"}
_SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "任": "ren",
    "查": "zha",
    "盖": "ge",
    "缪": "miao",
    "乐": "yue",
    "朴": "piao",
    "翟": "zhai",
    "尉": "wei",
    "区": "ou",
    "种": "chong",
    "重": "chong",
    "覃": "qin",
    "娄": "lou",
    "励": "li",
    "竺": "zhu",
}
# A surname with one or two more characters, or with what people in a mill are called.
_PERSON = re.compile(r"^\w(\w{1,2}|\w{0,2}(师傅|经理|厂长|会计|主管|女士|先生|老师|总))$")
_FIRM_ENDING = re.compile(
    r"(股份有限公司|有限责任公司|集团有限公司|有限公司|股份公司|集团公司|集团|公司|工厂|厂|(co|company)\.?,?(ltd|limited)?\.?|ltd\.?|limited|inc\.?)$"
)
_BRACKETS = str.maketrans("（）〔〕［］【】「」", "()()()()()")
_INVISIBLE = re.compile(r"[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]+")
_REMARK = re.compile(r"\([^()]*\)$")
# Only what firms' names in the trade are written with; no attempt at the language.
_OLD = (
    "紡織廠製業針線絲綢麗華東國際貿實發興達進術設計蘭聖偉億龍鳳錦綉電機環裝飾產園藝紅縣鎮區寧慶與雲氈襪絨層團責無衛體價優質軟"
    "輕銀鋼鐵橋漢陽錢張陳趙孫楊黃劉馬葉倫澤豐勝紗緯經緞綿單帶鈕釦鏈輔範聯創藍綠順風飛鷹凱維納紹餘長寶鴻賢榮儀檢測驗務貨開關廣"
    "門間紙繩縫紉縐綸縷紋"
)
_NEW = (
    "纺织厂制业针线丝绸丽华东国际贸实发兴达进术设计兰圣伟亿龙凤锦绣电机环装饰产园艺红县镇区宁庆与云毡袜绒层团责无卫体价优质软"
    "轻银钢铁桥汉阳钱张陈赵孙杨黄刘马叶伦泽丰胜纱纬经缎绵单带纽扣链辅范联创蓝绿顺风飞鹰凯维纳绍余长宝鸿贤荣仪检测验务货开关广"
    "门间纸绳缝纫绉纶缕纹"
)
_SIMPLIFIED = str.maketrans(_OLD, _NEW)
# Where brackets are all that there is to fold: most names of a long list.
_PLAIN = re.compile(f"(?:(?![{_OLD}])[\u4e00-\u9fffa-z0-9()（）])+")
_LATIN = re.compile(r"[a-z0-9]+")
# What folding leaves as it is; brackets part words, of whatever width.
_FOLDED = re.compile(r"[\u4e00-\u9fffa-z0-9()（）]+")
_RUNS = re.compile(f"[a-z0-9]+|{RE_HANS.pattern.strip('^$')}")

load_single_dict({ord(character): reading for character, reading in _CHARACTERS.items()})
# How ends of names read that were met before: dropped by nobody, so they are short and not too many.
_ENDS: dict[str, tuple[str, ...]] = {}
_LONGEST_END, _MOST_ENDS = 8, 16_384

load_phrases_dict({place: [[syllable] for syllable in syllables] for place, syllables in _PLACES.items()})
# Of every word that the dictionary knows, each beginning; `in` on the prefix set itself is a call more for each character.
_BEGINNINGS: set[str] = p_set._set  # type: ignore[attr-defined]


@lru_cache(maxsize=32_768)  # a long list asks for each of its names three times
def name_key(name: str) -> str:
    """Equal for two spellings of one name: width, case, brackets, spaces, unseen marks and old characters do not count."""
    if _PLAIN.fullmatch(name):
        return name.replace("（", "(").replace("）", ")")
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", name).translate(_BRACKETS))
    return folded.translate(_SIMPLIFIED).casefold()


def normalised_name(name: str) -> str:
    """Equal for two names that are *likely* one firm's: `name_key` without closing remark and legal ending. To be confirmed by a person."""
    return likely_name(name_key(name))


@lru_cache(maxsize=32_768)
def likely_name(key: str) -> str:
    """normalised_name() of a name whose name_key() is known."""
    bare = _REMARK.sub("", key)
    return _FIRM_ENDING.sub("", bare) or bare or key


def pinyin_key(name: str) -> str:
    """The name in plain pinyin without tones or blanks, for sorting and for search by initials."""
    return "".join(pinyin_syllables(name))


def pinyin_initials(name: str) -> str:
    """The first letter of each syllable, as people type them: 云杼针织 → yzzz."""
    return "".join(syllable[0] for syllable in pinyin_syllables(name) if syllable)


def pinyin_syllables(name: str) -> list[str]:
    """Pinyin of each character; runs of other letters and digits stay together. The surname of a short name reads as one."""
    text = name if _FOLDED.fullmatch(name) else unicodedata.normalize("NFKC", name).casefold().strip()
    syllables = [part for run in _RUNS.findall(text) for part in _read(run)]
    if text[:1] in _SURNAMES and _PERSON.match(text):
        syllables[0] = _SURNAMES[text[0]]
    return syllables


def _read(run: str) -> tuple[str, ...]:
    """As lazy_pinyin() reads it: the longest known word, then the rest. Firms' names end alike, so their ends are mostly known already."""
    if run.isascii():
        return (run,)
    heads, rest, end = [], run, ""
    while rest and rest not in _ENDS:
        if len(rest) == 1 or rest[:2] not in _BEGINNINGS:
            end, rest = rest, rest[1:]
            heads.append((end, _read_word(end[0])))
            continue
        word = _first_word(rest)
        # A word that is cut off: each character by itself.
        heads.append((rest, _read_word(word) if word else tuple(part for character in rest for part in _read_word(character))))
        rest = rest[len(word) :] if word else ""
    read = _ENDS[rest] if rest else ()
    for end, head in reversed(heads):
        read = head + read
        if len(end) <= _LONGEST_END and len(_ENDS) < _MOST_ENDS:
            _ENDS[end] = read
    return read


def _first_word(text: str) -> str:
    """The longest known word with which this begins, or its first character; "" where it may be the beginning of one and ends."""
    known = 1
    for end in range(2, len(text) + 1):
        if text[:end] not in _BEGINNINGS:
            return text[:known]
        if text[:end] in PHRASES_DICT:
            known = end
    return text[:known] if known > 1 else ""


@lru_cache(maxsize=16_384)
def _read_word(word: str) -> tuple[str, ...]:
    return tuple(part for item in lazy_pinyin(word) for part in _LATIN.findall(item))
