"""One stream to take away: a table for people, JSON lines for a verifier. Pure: rows in, bytes out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jobs.exports import Value
from records.models import RecordEntry
from records.words import SIDES, kind_name, sentence

SHANGHAI = ZoneInfo("Asia/Shanghai")


def heads() -> list[str]:
    """The head of the table."""
    return [
        pgettext("record", "No."),
        _("When (Shanghai)"),
        pgettext("record", "Kind"),
        _("What it says"),
        pgettext("record", "Side"),
        pgettext("record", "Person"),
        _("Fingerprint"),
        _("Takes effect"),
    ]


def rows(entries: Iterable[RecordEntry]) -> Iterator[Sequence[Value]]:
    """Each entry as a row, in the given order."""
    for entry in entries:
        payload = getattr(entry, "payload", None)
        yield [
            entry.number,
            f"{entry.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
            kind_name(entry.kind),
            sentence(entry.kind, payload.text if payload else None),
            str(SIDES[entry.side]),
            entry.actor_name if entry.side != "clock" else "",
            bytes(entry.leaf).hex(),
            entry.effective_on,
        ]


def write_json_lines(entries: Iterable[RecordEntry], file: BinaryIO) -> int:
    """One entry a line with all that its leaf commits to, then one line that says how many there were: a cut file lacks it."""
    count = 0
    for entry in entries:
        payload = getattr(entry, "payload", None)
        line = {
            "canonical": entry.canonical,
            "leaf": bytes(entry.leaf).hex(),
            "payload": payload.text if payload else None,
            "salt": bytes(payload.salt).hex() if payload else None,
            "number": entry.number,
            "place": entry.place,
        }
        file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        count += 1
    file.write(json.dumps({"complete": True, "entries": count}).encode() + b"\n")
    return count
