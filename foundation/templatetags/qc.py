"""Words and small marks that every template needs: icons, chips, deadlines, fingerprints, times in Shanghai.

Everything that decides is a plain function with its inputs as arguments; the tags below them only print.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, ngettext, pgettext, pgettext_lazy

register = template.Library()

SHANGHAI = ZoneInfo("Asia/Shanghai")
SOON_DAYS = 3
HASH_GROUP = 4
# Our own short names: the framework's Chinese ones are not short (星期三 for 周三).
WEEKDAYS = (
    pgettext_lazy("weekday", "Mon"),
    pgettext_lazy("weekday", "Tue"),
    pgettext_lazy("weekday", "Wed"),
    pgettext_lazy("weekday", "Thu"),
    pgettext_lazy("weekday", "Fri"),
    pgettext_lazy("weekday", "Sat"),
    pgettext_lazy("weekday", "Sun"),
)

# Ideographs; a run also takes the full-width punctuation beside them.
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
HAN_RUN = re.compile(r"[\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]+")


@dataclass(frozen=True)
class Chip:
    """A state as it is shown: never by colour alone."""

    tone: str
    icon: str
    label: str


@dataclass(frozen=True)
class Due:
    """A deadline in words, the day under it, and its tone ("late", "soon" or "")."""

    words: str
    day: str
    tone: str


def shanghai_day(value: date | datetime) -> date:
    """The calendar day in Shanghai of a moment; a day stays itself."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).date()
    return value


def day_words(value: date | datetime, *, now: date | datetime) -> str:
    """A day as people say it: "Wed 25 Nov", 11月25日 周三; with its year when that is not this year."""
    day, today = shanghai_day(value), shanghai_day(now)
    # Translators: date formats in Django's letters: 25 Nov
    shape = pgettext("date format", "j M") if day.year == today.year else pgettext("date format", "j M Y")
    said = format_date(datetime(day.year, day.month, day.day, tzinfo=SHANGHAI), shape)
    return gettext("%(weekday)s %(day)s") % {"weekday": WEEKDAYS[day.weekday()], "day": said}


def moment_words(value: datetime, *, now: datetime) -> str:
    """A moment as people say it, in Shanghai: "25 Nov 14:02", with its year when that is not this year."""
    local = value.astimezone(SHANGHAI)
    this_year = local.year == shanghai_day(now).year
    shape = pgettext("date format", "j M H:i") if this_year else pgettext("date format", "j M Y H:i")
    return format_date(local, shape)


def due_words(due: date | datetime, *, now: date | datetime, met: date | datetime | None = None) -> Due:
    """Say a deadline: words first, date under. A met one says when it was met, and is never late."""
    if met is not None:
        return Due(words=gettext("done"), day=day_words(met, now=now), tone="")
    days = (shanghai_day(due) - shanghai_day(now)).days
    # A moment that has passed today is late, though its day is not over.
    passed = isinstance(due, datetime) and isinstance(now, datetime) and due < now
    if days < 0:
        words, tone = ngettext("%(days)s day late", "%(days)s days late", -days) % {"days": -days}, "late"
    elif passed:
        words, tone = gettext("late today"), "late"
    elif days == 0:
        words, tone = gettext("today"), "soon"
    elif days == 1:
        words, tone = gettext("tomorrow"), "soon"
    else:
        words, tone = ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}, "soon" if days <= SOON_DAYS else ""
    return Due(words=words, day=day_words(due, now=now), tone=tone)


def chip_for(state: str, chips: Mapping[str, tuple[str, str, Any]]) -> Chip:
    """Look a state up in its app's table: state -> (tone, icon, label). Raises KeyError for a state nobody drew."""
    tone, icon_name, label = chips[state]
    return Chip(tone=tone, icon=icon_name, label=str(label))


def hash_groups(value: str) -> list[str]:
    """A fingerprint in groups of four, as people compare it."""
    bare = value.replace(" ", "").lower()
    return [bare[i : i + HASH_GROUP] for i in range(0, len(bare), HASH_GROUP)]


def in_runs(text: str) -> list[tuple[str, bool]]:
    """Cut a text into (run, is Chinese), in order and without loss."""
    runs: list[tuple[str, bool]] = []
    at = 0
    for match in HAN_RUN.finditer(text):
        if not HAN.search(match.group()):
            continue
        if match.start() > at:
            runs.append((text[at : match.start()], False))
        runs.append((match.group(), True))
        at = match.end()
    if at < len(text):
        runs.append((text[at:], False))
    return runs


def changed_query(query: QueryDict, changes: Mapping[str, Any]) -> str:
    """The query string with some parameters replaced; None or "" takes one away. Always starts with "?"."""
    new = query.copy()
    for key, value in changes.items():
        if value is None or value == "":
            new.pop(key, None)
        elif isinstance(value, list | tuple):
            new.setlist(key, [str(each) for each in value])
        else:
            new[key] = str(value)
    return "?" + new.urlencode()


@register.simple_tag
def icon(name: str, classes: str = "", label: str = "") -> SafeString:
    """One picture of the sprite. Silent for screen readers unless labelled: a word stands beside it."""
    css = f"i {classes}".strip()
    href = f"{static('icons.svg')}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, href)
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', css, href)


def sentences(*said: str) -> str:
    """Sentences one after the other, as the reader's language sets them: Chinese leaves no space between."""
    return str(gap()).join(str(each) for each in said if each)


@register.simple_tag
def gap() -> str:
    """What stands between two sentences in the reader's language."""
    return "" if _is_chinese() else " "


@register.simple_tag
def colon() -> str:
    """A colon and what follows it in the reader's language."""
    return "：" if _is_chinese() else ": "


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


@register.simple_tag
def chip(state: str, chips: Mapping[str, tuple[str, str, Any]]) -> SafeString:
    """A state as a chip, from its app's table of states."""
    found = chip_for(state, chips)
    return format_html('<span class="chip {}">{}{}</span>', found.tone, icon(found.icon), found.label)


@register.simple_tag(takes_context=True)
def due(
    context: template.Context, when: date | datetime | None, met: date | datetime | None = None, now: datetime | None = None
) -> SafeString:
    """A deadline: words first, date under. The moment is the context\'s ``now`` where the view gave one."""
    # A name the template does not have arrives as "", not as None.
    if not when and not met:
        return mark_safe('<span class="due faint">—</span>')
    moment = now or context.get("now") or timezone.now()
    said = due_words(when or met or moment, now=moment, met=met or None)
    return format_html('<span class="{}">{}<small>{}</small></span>', f"due {said.tone}".strip(), said.words, said.day)


@register.simple_tag(takes_context=True)
def when(context: template.Context, value: date | datetime | None) -> SafeString:
    """A moment or a day as a <time> element, said in Shanghai's time and the reader's language."""
    if not value:
        return mark_safe("—")
    now = context.get("now") or timezone.now()
    words = moment_words(value, now=now) if isinstance(value, datetime) else day_words(value, now=now)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


@register.filter
def clock(value: datetime) -> str:
    """The time of day in Shanghai, 14:02."""
    return value.astimezone(SHANGHAI).strftime("%H:%M")


@register.filter
def short_hash(value: str | bytes | None, groups: int = 2) -> str:
    """The first groups of a fingerprint, for a list: "7c1f 0b9e"."""
    return " ".join(hash_groups(value.hex() if isinstance(value, bytes) else value or "")[:groups])


@register.simple_tag
def fingerprint(value: str | bytes) -> SafeString:
    """A whole fingerprint; the ends, which people compare, are strong."""
    groups = hash_groups(value.hex() if isinstance(value, bytes) else value)
    if len(groups) < 4:
        return format_html('<code class="hash"><b>{}</b></code>', " ".join(groups))
    head, body, tail = " ".join(groups[:2]), " ".join(groups[2:-1]), groups[-1]
    return format_html('<code class="hash"><b>{}</b> {} <b>{}</b></code>', head, body, tail)


@register.simple_tag(takes_context=True)
def query_with(context: template.Context, **changes: Any) -> str:
    """This page's query string with some parameters changed, for links that keep the other filters."""
    return changed_query(context["request"].GET, changes)


@register.filter
def in_its_language(value: Any) -> str:
    """Mark Chinese runs on a page in another language: readers pronounce, and fonts draw, by the mark."""
    text = "" if value is None else str(value)
    if (get_language() or "").startswith("zh") or not HAN.search(text):
        return conditional_escape(text)
    parts: Iterable[tuple[SafeString]] = (
        (format_html('<span lang="zh-Hans">{}</span>', run) if is_chinese else format_html("{}", run),) for run, is_chinese in in_runs(text)
    )
    return format_html_join("", "{}", parts)


@register.filter
def option_language(value: Any) -> str:
    """The mark of an option, which holds no span: Chinese words on a page in another language."""
    needed = HAN.search(str(value)) and not (get_language() or "").startswith("zh")
    return mark_safe(' lang="zh-Hans"') if needed else ""


@register.filter
def minus(value: Decimal | float | int | str | None) -> str:
    """A number with the true minus sign; a missing one is a dash."""
    return "—" if value is None or value == "" else str(value).replace("-", "\u2212")


@register.filter
def hat_label(firm: str, role: str) -> str:
    """One hat in one line: firm · role."""
    return f"{firm} · {role}" if role else firm


@register.filter
def aria_now(current: Any) -> SafeString:
    """The attribute of the link for the page one is on."""
    return mark_safe(' aria-current="page"') if current else mark_safe("")


@register.filter
def stitches(done: int, total: int) -> list[str]:
    """Progress one can count: the class of each stitch; the next one is "now"."""
    return ["on" if i < done else "now" if i == done else "" for i in range(total)]
