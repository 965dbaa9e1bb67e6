"""A batch as its page shows it: progress, what differs side by side, and what comes of each supplier. No queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from agreements.cards import last_day
from agreements.clause_forms import label_of, said_of
from agreements.forms import in_language
from agreements.models import DraftBatch, DraftBatchRow
from agreements.services.batches import Outlook, body_of, days_of, merged
from foundation.errors import RuleBroken

MOST_COLUMNS = 6
# Where a number comes from goes with it; the number alone is put side by side.
BESIDE = ("source", "source_zh")
ROW_CHIPS: dict[str, tuple[str, str, Any]] = {
    "waiting": ("", "clock", pgettext_lazy("batch", "Not drafted yet")),
    "refused": ("bad", "x", pgettext_lazy("batch", "Not drafted")),
    "drafted": ("good", "pen", pgettext_lazy("batch", "Drafted")),
    "unsent": ("bad", "x", pgettext_lazy("batch", "Not sent")),
    "sent": ("good", "check", pgettext_lazy("batch", "Sent")),
}
BATCH_CHIPS: dict[str, tuple[str, str, Any]] = {
    "choosing": ("", "pen", pgettext_lazy("batch", "Being prepared")),
    "drafting": ("info", "clock", pgettext_lazy("batch", "Being drafted")),
    "drafted": ("good", "check", pgettext_lazy("batch", "Drafts made")),
    "sending": ("info", "clock", pgettext_lazy("batch", "Being sent")),
    "sent": ("good", "check", pgettext_lazy("batch", "Sent")),
}
Column = tuple[int, str]


def batch_card(batch: DraftBatch) -> dict[str, Any]:
    """A batch in one line."""
    template = batch.template
    return {
        "batch": batch, "name": in_language(template.name_zh, template.name_en), "starts": batch.effective_from,
        "last_day": last_day(batch.effective_to), "chips": BATCH_CHIPS, "url": reverse("agreements:batch", args=[batch.pk]),
    }  # fmt: skip


def work_card(batch: DraftBatch, rows: Sequence[DraftBatchRow]) -> dict[str, Any]:
    """How far a worker has come, counted from the rows themselves; and what may be asked next."""
    at_work = batch.state in ("drafting", "sending")
    counts = {state: sum(1 for row in rows if row.state == state) for state in ROW_CHIPS}
    waiting = counts["waiting"] if batch.state == "drafting" else counts["drafted"]
    total = len(rows) if batch.state == "drafting" else len(rows) - counts["waiting"] - counts["refused"]
    return {
        "id": batch.pk, "url": reverse("agreements:batch", args=[batch.pk]), "ended": not at_work, "total": total, "done": total - waiting,
        "title": _("Drafts") if batch.state == "drafting" else _("Sending"), "counts": counts,
        "to_draft": counts["waiting"] + counts["refused"], "to_send": counts["drafted"] + counts["unsent"],
        "made": counts["drafted"] + counts["unsent"] + counts["sent"],
    }  # fmt: skip


def batch_columns(batch: DraftBatch, rows: Iterable[DraftBatchRow]) -> list[dict[str, Any]]:
    """Every parameter that differs for somebody, with what all have; those that fit on a page."""
    found: dict[Column, None] = {}
    for row in rows:
        for order, said in sorted(row.changes.items(), key=lambda item: int(item[0])):
            for name in said:
                if name not in BESIDE:
                    found.setdefault((int(order), name))
    columns = []
    for order, name in sorted(found)[:MOST_COLUMNS]:
        body = body_of(batch.template, order)
        params = merged(body["params"], batch.changes.get(str(order), {}))
        label = f"{_('Clause %(n)s') % {'n': order}} · {label_of(body['type'], name, params)}"
        columns.append({"order": order, "name": name, "label": label, "for_all": said_of(name, params.get(name))})
    return columns


def batch_lines(batch: DraftBatch, looks: Iterable[Outlook], columns: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The suppliers side by side."""
    return [_line(batch, look, columns) for look in looks]


def _line(batch: DraftBatch, look: Outlook, columns: Sequence[dict[str, Any]]) -> dict[str, Any]:
    row = look.row
    starts, ends = days_of(batch, row)
    cells = []
    for column in columns:
        said = row.changes.get(str(column["order"]), {})
        differs = column["name"] in said
        cells.append(
            {
                "label": column["label"],
                "value": said_of(column["name"], said[column["name"]]) if differs else column["for_all"],
                "differs": differs,
            }
        )
    waits = row.state in ("waiting", "refused")
    code, facts = (row.code, row.facts) if row.state in ("refused", "unsent") else (look.code, look.facts or {})
    return {
        "row": row, "name": in_language(row.name_zh, row.name_en), "starts": starts, "last_day": last_day(ends), "cells": cells, "chips": ROW_CHIPS,
        "why": RuleBroken(code, **facts).words() if code else "", "has_one": look.has_one if waits and not code else None, "waits": waits,
        "hidden": sum(name not in BESIDE for said in row.changes.values() for name in said) - sum(1 for cell in cells if cell["differs"]),
    }  # fmt: skip
