"""The text that both sign, as one JSON value: whoever holds it can render the paper and recompute its hash. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from records.canonical import canonical

SCHEMA = "qcchain-agreement/2"  # names the paper on which the same words are printed
SCHEMA_WITHOUT_PAPER = "qcchain-agreement/1"
# Days of notice before either side may end it alone.
NOTICE_DAYS = 30
# Terms of every agreement; part of what is hashed, so a change here never touches what was signed.
TERMS = [
    {
        "zh": "本协议自上述起始日起生效；双方签署晚于该日的，自后一方签署之日起生效。",
        "en": "This agreement takes effect on the first day named above, or on the day of the second signature if that is later.",
    },
    {
        "zh": "双方签署同一份文本，以文本的 SHA-256 指纹为准；签署后任何改动均须另立新版本并重新签署。",
        "en": "Both sides sign the same text, known by its SHA-256; after signing, any change needs a new version and new signatures.",
    },
    {
        "zh": f"任何一方终止本协议，须提前 {NOTICE_DAYS} 日书面通知并说明理由；双方一致同意的，可即时终止。",
        "en": f"Either side may end this agreement with {NOTICE_DAYS} days' notice and its reason, or at once if both agree.",
    },
    {
        "zh": "中英文不一致时，以中文为准。",
        "en": "Where the Chinese and the English text differ, the Chinese text prevails.",
    },
]


def document(*, agreement: Any, version: Any, names: tuple[str, str], clauses: Iterable[Any]) -> dict[str, Any]:
    """The whole text of a version: parties, number, days, clauses with parameters and both languages, terms."""
    return {
        "schema": SCHEMA_WITHOUT_PAPER,
        "agreement": str(agreement.pk),
        "number": agreement.number,
        "version": version.number,
        "template": agreement.template_code,
        "title": {"zh": names[0], "en": names[1]},
        "parties": {
            "owner": _party(agreement.owner_org_id, agreement.owner_name_zh, agreement.owner_name_en),
            "supplier": _party(agreement.supplier_org_id, agreement.supplier_name_zh, agreement.supplier_name_en),
        },
        **({"change": version.summary} if getattr(version, "summary", "") else {}),
        "effective_from": version.effective_from.isoformat(),
        "effective_to": _day(version.effective_to),
        "clauses": [
            {"order": c.order, "type": c.type, "side": c.side, "params": c.params, "zh": c.text_zh, "en": c.text_en} for c in clauses
        ],
        "notice_days": NOTICE_DAYS,
        "terms": TERMS,
    }


def with_paper(value: dict[str, Any], text_pdf: str) -> dict[str, Any]:
    """The same text, naming the SHA-256 of the paper that was printed from it."""
    return {**value, "schema": SCHEMA, "text_pdf": text_pdf}


def locked(value: dict[str, Any]) -> tuple[str, str]:
    """The canonical text (RFC 8785) and its SHA-256."""
    raw = canonical(value)
    return raw.decode(), hashlib.sha256(raw).hexdigest()


def _party(org_id: UUID, name_zh: str, name_en: str) -> dict[str, str]:
    return {"id": str(org_id), "zh": name_zh, "en": name_en}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
