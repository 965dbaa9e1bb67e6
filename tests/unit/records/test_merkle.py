"""The tree against the vectors of github.com/transparency-dev/merkle (all 357 cases) and its reference roots."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from records.merkle import (
    EMPTY_ROOT,
    Frontier,
    Head,
    complete_spans,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root,
    verify_consistency,
    verify_inclusion,
    verify_subtree_consistency,
    verify_subtree_inclusion,
)

DATA = Path(__file__).parents[2] / "data" / "record"
CASES = json.loads((DATA / "rfc6962_vectors.json").read_text())["cases"]
REFERENCE = json.loads((DATA / "rfc6962_reference_tree.json").read_text())
LEAVES = [leaf_hash(bytes.fromhex(text)) for text in REFERENCE["leaf_inputs_hex"]]
ROOTS = [bytes.fromhex(text) for text in REFERENCE["root_hash_by_size_hex"]]


def raw(text: str | None) -> bytes:
    return b64decode(text or "")


def verdict(case: dict[str, Any]) -> bool:
    proof = [raw(step) for step in case["proof"] or []]
    if case["kind"] == "inclusion":
        head = Head(case["treeSize"], raw(case["root"]))
        return verify_inclusion(leaf=raw(case["leafHash"]), index=case["leafIdx"], head=head, proof=proof)
    if case["kind"] == "consistency":
        old, new = Head(case["size1"], raw(case["root1"])), Head(case["size2"], raw(case["root2"]))
        return verify_consistency(old=old, new=new, proof=proof)
    span = (case["start"], case["end"])
    if case["kind"] == "subtreeinclusion":
        leaf, part = raw(case["leafHash"]), raw(case["root"])
        return verify_subtree_inclusion(leaf=leaf, index=case["leafIdx"], span=span, root=part, proof=proof)
    head = Head(case["size"], raw(case["root2"]))
    return verify_subtree_consistency(span=span, subtree_root=raw(case["root1"]), head=head, proof=proof)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["path"])
def test_published_proof_is_judged_as_its_vector_says(case: dict[str, Any]) -> None:
    assert verdict(case) is not case["wantErr"]


def test_all_published_cases_are_read() -> None:
    assert len(CASES) == 357


@pytest.mark.parametrize("size", range(9))
def test_root_of_the_reference_tree_is_the_published_one(size: int) -> None:
    assert root(LEAVES[:size]) == ROOTS[size]


def test_root_of_three_leaves_is_built_by_hand_the_same() -> None:
    assert root(LEAVES[:3]) == node_hash(node_hash(LEAVES[0], LEAVES[1]), LEAVES[2])


def test_empty_tree_has_the_hash_of_nothing_as_root() -> None:
    assert Frontier().root() == EMPTY_ROOT == ROOTS[0]


def test_made_proofs_of_the_reference_tree_verify() -> None:
    head = Head(8, ROOTS[8])

    for index, leaf in enumerate(LEAVES):
        assert verify_inclusion(leaf=leaf, index=index, head=head, proof=inclusion_proof(LEAVES, index))
    for size in range(1, 9):
        proof = consistency_proof(LEAVES, size)
        assert verify_consistency(old=Head(size, ROOTS[size]), new=head, proof=proof)


def test_range_is_cut_into_the_complete_subtrees_it_stands_on() -> None:
    assert complete_spans(0, 11) == [(0, 8), (8, 10), (10, 11)]
    assert complete_spans(3, 8) == [(3, 4), (4, 8)]
    assert complete_spans(5, 5) == []


def test_frontier_that_was_cut_in_storage_is_refused() -> None:
    stored = Frontier().append(LEAVES[0]).append(LEAVES[1]).append(LEAVES[2]).to_bytes()

    with pytest.raises(ValueError, match="cut"):
        Frontier.from_bytes(stored[:-1])
    with pytest.raises(ValueError, match="one 32-byte peak per set bit"):
        Frontier.from_bytes(stored[:-32])


def test_proof_for_a_leaf_outside_the_tree_is_refused() -> None:
    with pytest.raises(ValueError, match=r"outside 0\.\.7"):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(ValueError, match=r"outside 1\.\.8"):
        consistency_proof(LEAVES, 0)
