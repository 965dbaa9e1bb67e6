"""Statistics that were handed in, newest first, and what must be mended in the file at hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from oversight.chain import first_day_of
from oversight.models import ChainImport
from oversight.words_chain import ORIGINS, fault_words
from suppliers.words import place_names, quarter_words


def counts_face(rows: Sequence[ChainImport], org_id: UUID | None, faults: Iterable[Any] = ()) -> dict[str, Any]:
    names = place_names()
    labels = (_("Quarter"), _("Places under"), _("Source"), _("Day of the figures"), _("Firms"), _("Lines"), _("Handed in by"), _("State"))
    return {
        "heads": [{"label": label, "end": at in (4, 5)} for at, label in enumerate(labels)],
        "labels": labels,
        "rows": [
            {
                "row": row,
                "quarter": quarter_words(first_day_of(row.quarter)),
                "own": row.is_of(org_id),
                "place": names.get(row.parent_code, row.parent_code),
                "source": row.source or ORIGINS[row.origin],
            }
            for row in rows
        ],
        "faults": [_("Row %(line)s: %(words)s") % {"line": fault.line, "words": fault_words(fault.code, fault.facts)} for fault in faults],
    }
