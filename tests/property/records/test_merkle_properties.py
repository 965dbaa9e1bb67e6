"""What must hold of every tree, not only of the published ones."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from records.merkle import (
    Frontier,
    Head,
    complete_spans,
    consistency_proof,
    consistency_spans,
    inclusion_proof,
    inclusion_spans,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [hashlib.sha256(str(number).encode()).digest() for number in range(200)]
SIZES = st.integers(1, len(LEAVES))


def textbook_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word: the slow recursion that the frontier must agree with."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(textbook_root(leaves[:split]), textbook_root(leaves[split:]))


@given(st.integers(0, len(LEAVES)))
def test_growing_tree_has_the_root_of_the_tree_built_at_once(size: int) -> None:
    assert root(LEAVES[:size]) == textbook_root(LEAVES[:size])


@given(st.integers(0, 100), st.integers(0, 100))
def test_frontier_goes_on_from_its_stored_bytes(before: int, after: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:before]:
        frontier = frontier.append(leaf)

    again = Frontier.from_bytes(frontier.to_bytes())
    for leaf in LEAVES[before : before + after]:
        again = again.append(leaf)

    assert again.size == before + after
    assert again.root() == root(LEAVES[: before + after])


@given(SIZES, st.data())
def test_inclusion_proof_verifies_and_no_altered_one_does(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof, head = inclusion_proof(LEAVES[:size], index), Head(size, root(LEAVES[:size]))

    assert verify_inclusion(leaf=LEAVES[index], index=index, head=head, proof=proof)
    assert not verify_inclusion(leaf=LEAVES[index], index=index, head=head, proof=[*proof, head.root])
    if proof:
        at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
        altered = (int.from_bytes(proof[at], "big") ^ (1 << bit)).to_bytes(32, "big")
        assert not verify_inclusion(leaf=LEAVES[index], index=index, head=head, proof=[*proof[:at], altered, *proof[at + 1 :]])
        assert not verify_inclusion(leaf=LEAVES[index], index=index, head=head, proof=proof[:-1])


@given(SIZES, st.data())
def test_leaf_is_not_found_where_it_does_not_stand(size: int, data: st.DataObject) -> None:
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size + 3))
    proof, head = inclusion_proof(LEAVES[:size], index), Head(size, root(LEAVES[:size]))

    assert verify_inclusion(leaf=LEAVES[index], index=other, head=head, proof=proof) is (other == index)


@given(SIZES, st.data())
def test_consistency_proof_verifies_and_a_rewritten_past_does_not(size: int, data: st.DataObject) -> None:
    old_size = data.draw(st.integers(1, size))
    proof, new = consistency_proof(LEAVES[:size], old_size), Head(size, root(LEAVES[:size]))
    rewritten = [hashlib.sha256(b"rewritten").digest(), *LEAVES[1:old_size]]

    assert verify_consistency(old=Head(old_size, root(LEAVES[:old_size])), new=new, proof=proof)
    assert not verify_consistency(old=Head(old_size, root(rewritten)), new=new, proof=proof)
    assert not verify_consistency(old=Head(old_size, root(LEAVES[:old_size])), new=new, proof=[*proof, new.root])


@given(SIZES, st.data())
def test_proofs_can_be_made_from_stored_complete_subtrees(size: int, data: st.DataObject) -> None:
    spans = [*inclusion_spans(data.draw(st.integers(0, size - 1)), size), *consistency_spans(data.draw(st.integers(1, size)), size)]

    for start, end in spans:
        total = b""
        for first, last in reversed(complete_spans(start, end)):
            assert (last - first).bit_count() == 1
            assert first % (last - first) == 0
            stored = root(LEAVES[first:last])
            total = node_hash(stored, total) if total else stored
        assert total == root(LEAVES[start:end])
