"""The tree of the common record: RFC 6962 over SHA-256, as pure functions.

Leaves are handed in as leaf *hashes*: whoever keeps the tree needs no entry to prove where it stands. Proofs are checked as in
RFC 9162 (2.1.3.2, 2.1.4.2); the subtree forms, of which the usual ones are those that start at leaf 0, follow
draft-ietf-plants-merkle-tree-certs.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Proof = Sequence[bytes]
Span = tuple[int, int]


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.append(leaf)
    return frontier.root()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that a growing tree must remember: its size and the roots of its complete subtrees, widest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count() or any(len(peak) != HASH_SIZE for peak in self.peaks):
            raise ValueError(f"a frontier of size {self.size} needs one 32-byte peak per set bit, not {len(self.peaks)}")

    def append(self, leaf: bytes) -> "Frontier":
        peaks, carry, width = list(self.peaks), leaf, self.size
        while width & 1:
            carry = node_hash(peaks.pop(), carry)
            width >>= 1
        return Frontier(self.size + 1, (*peaks, carry))

    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        *rest, total = self.peaks
        for peak in reversed(rest):
            total = node_hash(peak, total)
        return total

    def to_bytes(self) -> bytes:
        return self.size.to_bytes(8, "big") + b"".join(self.peaks)

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Frontier":
        """Raises ValueError when the bytes are no frontier."""
        body = stored[8:]
        if len(stored) < 8 or len(body) % HASH_SIZE:
            raise ValueError(f"stored frontier of {len(stored)} bytes is cut")
        peaks = tuple(body[at : at + HASH_SIZE] for at in range(0, len(body), HASH_SIZE))
        return cls(int.from_bytes(stored[:8], "big"), peaks)


@dataclass(frozen=True, slots=True)
class Head:
    """What a signed head claims: so many leaves, and this root over them."""

    size: int
    root: bytes


def inclusion_spans(index: int, size: int) -> list[Span]:
    """The ranges of leaves whose roots make the inclusion proof, nearest sibling first.

    A keeper of a large tree reads these roots from stored nodes (see ``complete_spans``) instead of from the leaves.
    """
    if not 0 <= index < size:
        raise ValueError(f"index {index} is outside 0..{size - 1}")
    spans: list[Span] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old_size: int, new_size: int) -> list[Span]:
    """The ranges of leaves whose roots show that the old tree is a prefix of the new one."""
    if not 0 < old_size <= new_size:
        raise ValueError(f"old size {old_size} is outside 1..{new_size}")
    spans: list[Span] = []
    start, end, is_left_edge = 0, new_size, True
    while end != old_size:
        middle = start + _split(end - start)
        if old_size <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start, is_left_edge = middle, False
    if not is_left_edge:  # the verifier knows the old root itself, never a part of it
        spans.append((start, end))
    return spans[::-1]


def complete_spans(start: int, end: int) -> list[Span]:
    """Cut a range into the complete subtrees it stands on: those whose roots never change as the tree grows."""
    spans: list[Span] = []
    while start < end:
        width = 1 << ((end - start).bit_length() - 1)
        if start:
            width = min(width, start & -start)
        spans.append((start, start + width))
        start += width
    return spans


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    return [root(leaves[start:end]) for start, end in inclusion_spans(index, len(leaves))]


def consistency_proof(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    return [root(leaves[start:end]) for start, end in consistency_spans(old_size, len(leaves))]


def verify_inclusion(*, leaf: bytes, index: int, head: Head, proof: Proof) -> bool:
    """Whether ``leaf`` (a leaf hash) stands at ``index`` in the tree of ``head``."""
    if not 0 <= index < head.size or not _are_hashes(leaf, head.root, *proof):
        return False
    at, last, total = index, head.size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            total = node_hash(sibling, total)
            while not at & 1 and at:  # an edge leaf climbs over the levels where it has no sibling
                at, last = at >> 1, last >> 1
        else:
            total = node_hash(total, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and hmac.compare_digest(total, head.root)


def verify_consistency(*, old: Head, new: Head, proof: Proof) -> bool:
    """Whether the tree of ``new`` only added leaves to the tree of ``old``.

    From an empty tree nothing can be shown: only equal heads and an empty proof pass.
    """
    if old.size == new.size:
        return not proof and hmac.compare_digest(old.root, new.root)
    if old.size == 0:
        return False
    return verify_subtree_consistency(span=(0, old.size), subtree_root=old.root, head=new, proof=proof)


def is_subtree(span: Span) -> bool:
    """Whether [start, end) can be a node of some tree: its start is aligned to its width, rounded up."""
    start, end = span
    return 0 <= start < end and start % (1 << (end - start - 1).bit_length()) == 0


def verify_subtree_inclusion(*, leaf: bytes, index: int, span: Span, root: bytes, proof: Proof) -> bool:
    """Whether ``leaf`` stands at ``index`` of the whole tree, inside the subtree ``span`` with this root."""
    start, end = span
    if not is_subtree(span):
        return False
    return verify_inclusion(leaf=leaf, index=index - start, head=Head(end - start, root), proof=proof)


def verify_subtree_consistency(*, span: Span, subtree_root: bytes, head: Head, proof: Proof) -> bool:
    """Whether the subtree over ``span`` is part of the tree of ``head``. An empty one is part of every tree."""
    if span[0] == span[1]:
        return not proof and 0 <= span[1] <= head.size and hmac.compare_digest(subtree_root, EMPTY_ROOT)
    if not is_subtree(span) or span[1] > head.size or not _are_hashes(subtree_root, head.root, *proof):
        return False
    first, at, last = span[0], span[1] - 1, head.size - 1
    while first != at and (at == last or at & 1):
        first, at, last = first >> 1, at >> 1, last >> 1
    rest = list(proof)
    if first == at:
        seed = subtree_root
    elif rest:
        seed = rest.pop(0)
    else:
        return False
    part = whole = seed
    for sibling in rest:
        if last == 0:
            return False
        if at & 1 or at == last:
            if first < at:
                part = node_hash(sibling, part)
            whole = node_hash(sibling, whole)
            while not at & 1 and at:
                first, at, last = first >> 1, at >> 1, last >> 1
        else:
            whole = node_hash(whole, sibling)
        first, at, last = first >> 1, at >> 1, last >> 1
    return last == 0 and hmac.compare_digest(part, subtree_root) and hmac.compare_digest(whole, head.root)


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _are_hashes(*values: bytes) -> bool:
    return all(len(value) == HASH_SIZE for value in values)
