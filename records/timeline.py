"""Entries as people read them: one line each, with what either side said of it. Pages of upper floors use it for their own things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from foundation.actor import Actor
from foundation.templatetags.qc import Chip
from records.models import Ack, RecordEntry, RecordStream
from records.selectors import last_words
from records.words import KINDS, NEUTRAL, SAID, SIDES, sentence


@dataclass(frozen=True)
class Line:
    """One entry, told."""

    entry: RecordEntry
    words: str
    icon: str
    tone: str
    by: str
    said: list[Chip]
    disputed: bool


def lines_of(actor: Actor, entries: Sequence[RecordEntry]) -> list[Line]:
    """The entries in their order, each with the latest word of either side: one query for all."""
    words = last_words(actor, [entry.pk for entry in entries])
    return [_line(entry, words.get(entry.pk, {})) for entry in entries]


def _line(entry: RecordEntry, said: dict[str, Ack]) -> Line:
    look = KINDS.get(entry.kind, NEUTRAL)
    return Line(
        entry=entry,
        words=told(entry),
        icon=look.icon,
        tone=look.tone,
        by=speaker(entry),
        said=[said_by(side, word_of(entry, said, side)) for side in ("owner", "supplier")],
        disputed=any(ack.word == Ack.Word.DISPUTED for ack in said.values()),
    )


def told(entry: RecordEntry) -> str:
    """What an entry says, in the reader's language."""
    payload = getattr(entry, "payload", None)
    return sentence(entry.kind, payload.text if payload else None)


def word_of(entry: RecordEntry, said: dict[str, Ack], side: str) -> str:
    """A side's latest word; who wrote the entry stands by it unless they said otherwise."""
    if side in said:
        return said[side].word
    return "wrote" if entry.side == side else ""


def said_by(side: str, word: str) -> Chip:
    """A side and its word as one chip."""
    tone, icon, label = SAID[word]
    return Chip(tone=tone, icon=icon, label=_("%(side)s: %(word)s") % {"side": SIDES[side], "word": label})


def firm_of(stream: RecordStream, side: str) -> str:
    """The name of a side's firm in the reader's language."""
    zh, en = getattr(stream, f"{side}_name_zh"), getattr(stream, f"{side}_name_en")
    return zh if (get_language() or "").startswith("zh") else en or zh


def other_side(actor: Actor) -> str:
    """The side that the actor is not."""
    return "supplier" if actor.hat.value == "owner" else "owner"


def speaker(entry: RecordEntry) -> str:
    """Who wrote it: person and firm, or the calendar."""
    if entry.side == "clock":
        return str(SIDES["clock"])
    return f"{entry.actor_name} · {firm_of(entry.stream, entry.side)}"
