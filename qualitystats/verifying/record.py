"""Checkers of 08_record: RFC 6962 trees and RFC 8785 canonical JSON, written a second time and as plainly as the texts put it.

The product's own code for these lives in its app `records`, whose tests run the same files; two hands that agree prove more than one.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections.abc import Sequence
from typing import Any

from qualitystats.verifying import Document, Report, Tally, checks

try:
    import rfc8785
except ImportError:  # the numbers need it for nothing else
    rfc8785 = None  # type: ignore[assignment]


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The tree hash by the recursion of the text.

    Args:
        leaves: The entries themselves, not their hashes.
    Returns:
        32 bytes.
    Raises:
        Nothing.
    Source: RFC 6962, 2.1.

    >>> root_of([]).hex()[:8]
    'e3b0c442'
    """
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    middle = 1 << ((len(leaves) - 1).bit_length() - 1)
    return _node(root_of(leaves[:middle]), root_of(leaves[middle:]))


@checks("rfc6962_reference_tree.json", keys=("leaf_inputs_hex", "root_hash_by_size_hex"))
def reference_tree(document: Document) -> Report:
    """The root of every size."""
    tally, data = Tally(document.name), document.data
    leaves = [bytes.fromhex(text) for text in data["leaf_inputs_hex"]]
    for size, expected in enumerate(data["root_hash_by_size_hex"]):
        tally.equal(f"root of {size} leaves", root_of(leaves[:size]).hex(), expected)
    return tally.report()


@checks("rfc6962_vectors.json", like=lambda document: isinstance(document.data, dict) and "RFC 6962 leaf" in str(document.data.get("hash")))
def proofs(document: Document) -> Report:
    """Proofs of inclusion and of consistency, of whole trees and of subtrees: those that hold and those that were tampered with."""
    tally = Tally(document.name)
    for case in document.data["cases"]:
        tally.equal(case["path"], _holds(case), not case["wantErr"])
    tally.note("a second hand: the product's own rule is proved by the tests of records")
    return tally.report()


@checks("rfc8785_vectors.json", like=lambda document: isinstance(document.data, dict) and "RFC 8785" in str(document.data.get("source")))
def canonical_json(document: Document) -> Report:
    """Texts in, canonical bytes out."""
    if rfc8785 is None:
        return Report(document.name, len(document.data["cases"]), 0, None, "not checked: the package rfc8785 is not installed")
    tally = Tally(document.name)
    for case in document.data["cases"]:
        found = rfc8785.dumps(json.loads(case["input_utf8"]))
        tally.equal(case["name"], found.hex(), case["expected_utf8_hex"])
    return tally.report()


def _holds(case: dict[str, Any]) -> bool:
    proof = [_raw(step) for step in case["proof"] or []]
    kind = case["kind"]
    if kind == "inclusion":
        return _included(_raw(case["leafHash"]), case["leafIdx"], case["treeSize"], _raw(case["root"]), proof)
    if kind == "consistency":
        old, new = case["size1"], case["size2"]
        if old == new:
            return not proof and case["root1"] == case["root2"]
        return 0 < old < new and _consistent((0, old), _raw(case["root1"]), new, _raw(case["root2"]), proof)
    start, end = case["start"], case["end"]
    if kind == "subtreeinclusion":
        inside = _is_subtree(start, end) and start <= case["leafIdx"] < end
        return inside and _included(_raw(case["leafHash"]), case["leafIdx"] - start, end - start, _raw(case["root"]), proof)
    if start == end:
        return not proof and 0 <= end <= case["size"] and _raw(case["root1"]) == hashlib.sha256(b"").digest()
    within = _is_subtree(start, end) and end <= case["size"]
    return within and _consistent((start, end), _raw(case["root1"]), case["size"], _raw(case["root2"]), proof)


def _included(leaf: bytes, index: int, size: int, root: bytes, proof: list[bytes]) -> bool:
    """Down the tree from the top, taking siblings from the end of the proof."""

    def climb(at: int, width: int, steps: list[bytes]) -> bytes | None:
        if width == 1:
            return leaf if not steps else None
        if not steps:
            return None
        middle = 1 << ((width - 1).bit_length() - 1)
        if at < middle:
            below = climb(at, middle, steps[:-1])
            return below and _node(below, steps[-1])
        below = climb(at - middle, width - middle, steps[:-1])
        return below and _node(steps[-1], below)

    return 0 <= index < size and _hashes(leaf, *proof) and climb(index, size, proof) == root


def _consistent(span: tuple[int, int], part: bytes, size: int, root: bytes, proof: list[bytes]) -> bool:
    """The part's root and the whole's, both rebuilt from the proof, by the recursion of SUBPROOF."""

    def rebuild(span: tuple[int, int], width: int, known: bool, steps: list[bytes]) -> tuple[bytes, bytes] | None:
        start, end = span
        if (start, end) == (0, width):
            if known:
                return (part, part) if not steps else None
            return (steps[0], steps[0]) if len(steps) == 1 else None
        if not steps:
            return None
        middle = 1 << ((width - 1).bit_length() - 1)
        sibling, rest = steps[-1], steps[:-1]
        if end <= middle:
            below = rebuild((start, end), middle, known, rest)
            return below and (below[0], _node(below[1], sibling))
        if start >= middle:
            below = rebuild((start - middle, end - middle), width - middle, known, rest)
            return below and (below[0], _node(sibling, below[1]))
        below = rebuild((0, end - middle), width - middle, False, rest)
        return below and (_node(sibling, below[0]), _node(sibling, below[1]))

    return _hashes(part, *proof) and rebuild(span, size, True, proof) == (part, root)


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _is_subtree(start: int, end: int) -> bool:
    return 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0


def _hashes(*values: bytes) -> bool:
    return all(len(value) == 32 for value in values)


def _raw(text: str | None) -> bytes:
    return b64decode(text or "")
