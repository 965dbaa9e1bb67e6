"""A stamped copy as pages show it: whose it is, what each side said, and what follows. No queries but what was fetched with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agreements.models import Signature, StampedCopy
from agreements.paper_words import STAMPED_CHIPS
from agreements.words import SIDES

PICTURES = ("image/jpeg", "image/png", "image/webp")


def copy_card(copy: StampedCopy, signatures: Mapping[str, Signature]) -> dict[str, Any]:
    """One copy with its state: it waits, it counts, it was refused, or the firm has signed otherwise."""
    words = {word.side: word for word in copy.words.all()}
    pages = sorted(copy.pages.all(), key=lambda page: page.number)
    signature = signatures.get(copy.side)
    counts = signature is not None and signature.method == "stamped_scan" and len(words) == 2 and all(w.matches for w in words.values())
    refused = next((word for word in words.values() if not word.matches), None)
    state = "counts" if counts else "differs" if refused else "waits" if signature is None else "settled"
    return {
        "copy": copy, "side": str(SIDES[copy.side]), "state": state, "chip": STAMPED_CHIPS[state], "refused": refused, "words": words,
        "said": [{"side": str(SIDES[side]), "word": words.get(side)} for side in ("owner", "supplier")],
        "pages": [{"paper": page, "is_picture": page.mime in PICTURES} for page in pages],
    }  # fmt: skip
