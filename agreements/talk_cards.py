"""What is said of a text, as pages show it: each proposal beside the words that stand, whose turn it is, what changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from agreements.diff import aligned, changes, now, was
from agreements.models import Agreement, AgreementVersion, Clause, Comment, Proposal
from agreements.proposing import clause_sha
from agreements.selectors import clauses_of, signatures_of
from agreements.selectors.negotiation import comments_before, comments_of, former_text, proposals_in_draft, proposals_of
from agreements.turns import turn_of
from agreements.words import clause_title
from foundation.actor import Actor, Hat
from parties.roles import MAY_WRITE

State = Proposal.State
# state -> (tone, icon, label), as the chip tag takes it
PROPOSAL_CHIPS: dict[str, tuple[str, str, Any]] = {
    "open": ("warn", "clock", pgettext_lazy("proposal", "Waits for an answer")),
    "accepted": ("good", "check", pgettext_lazy("proposal", "Accepted")),
    "declined": ("", "x", pgettext_lazy("proposal", "Declined")),
    "countered": ("", "comment", pgettext_lazy("proposal", "Answered with other words")),
    "withdrawn": ("", "undo", pgettext_lazy("proposal", "Withdrawn")),
}


def text_diff(before: tuple[str, str], after: tuple[str, str]) -> list[dict[str, Any]]:
    """Both languages, the reader's first, each with the runs of the former and of the later text; given as zh, en."""
    runs = [(lang, changes(old, new)) for lang, old, new in zip(("zh-Hans", "en"), before, after, strict=True)]
    said = [{"lang": lang, "was": was(found), "now": now(found)} for lang, found in runs]
    return said if (get_language() or "").startswith("zh") else said[::-1]


def proposal_card(actor: Actor, proposal: Proposal, clause: Clause | None) -> dict[str, Any]:
    """One proposal beside the clause that it would change."""
    mine = proposal.org_id == actor.org_id
    is_open, may = proposal.state == State.OPEN, bool(actor.roles.intersection(MAY_WRITE))
    stands = (clause.text_zh, clause.text_en) if clause is not None and proposal.kind != Proposal.Kind.ADD else ("", "")
    return {
        "proposal": proposal, "mine": mine, "chips": PROPOSAL_CHIPS, "whose": _("Our proposal") if mine else _("Their proposal"),
        "what": {"change": "", "add": _("A new clause"), "remove": _("Take this clause out")}[proposal.kind],
        "diff": text_diff(stands, (proposal.text_zh, proposal.text_en)), "is_open": is_open,
        "stale": bool(proposal.base and clause is not None and clause_sha(clause) != proposal.base),
        "may_answer": is_open and may and (proposal.in_draft or not mine), "may_withdraw": is_open and may and mine and not proposal.in_draft,
        "may_take_back": may and not proposal.in_draft and proposal.state in (State.ACCEPTED, State.DECLINED) and not mine,
    }  # fmt: skip


def talk_of(actor: Actor, agreement: Agreement, version: AgreementVersion) -> dict[str, Any]:
    """Whose turn it is with a sent text, what is open and what is said, clause by clause."""
    said = proposals_of(actor, version)
    clauses = {clause.order: clause for clause in clauses_of(actor, version)}
    waiting = [each for each in said if each.state == State.OPEN]
    signed = set(signatures_of(actor, version))
    turn = turn_of(version.state, waiting, signed)
    side = "owner" if actor.hat == Hat.OWNER else "supplier"
    may = bool(actor.roles.intersection(MAY_WRITE))
    by_clause = {number: _of_clause(actor, agreement, may and side not in signed) for number in (0, *clauses)}
    for number, mine in _by_clause(said).items():
        cards = [proposal_card(actor, each, clauses.get(number)) for each in mine]
        by_clause[number] |= {"open": [c for c in cards if c["is_open"]], "settled": [c for c in cards if not c["is_open"]]}
        by_clause[number]["is_settled"] = any(each.state == State.ACCEPTED and each.kind != Proposal.Kind.ADD for each in mine)
    for number, words in _comments(actor, version, clauses).items():
        by_clause[number] |= _words(actor, words)
    return {
        "by_clause": by_clause, "turn": turn, "mine": turn is not None and turn.side == side, "version": version,
        "waiting": [{**proposal_card(actor, each, clauses.get(each.clause_order)), "title": _title(clauses.get(each.clause_order), each)} for each in waiting],
        "accepted": sum(each.state == State.ACCEPTED for each in said), "is_talked_about": True,
        "may_agree": may and side == "supplier" and version.state == "in_review" and not waiting, "side": side,
        "has_signed": side in signed, "to_read": [c.order for c in clauses.values() if not by_clause[c.order]["fine"]],
    }  # fmt: skip


def _comments(actor: Actor, version: AgreementVersion, clauses: dict[int, Clause]) -> dict[int, list[Comment]]:
    """Every word and mark by the clause that it is about now. A new text drops no question that waits: a word goes along with its
    clause, a mark too where the clause reads as it did."""
    found: dict[int, list[Comment]] = defaultdict(list)
    former: dict[UUID, dict[int, tuple[int, bool]]] = {}
    for row in comments_before(actor, version):
        if row.version_id not in former:
            pairs = _paired(clauses_of(actor, row.version), list(clauses.values()))
            former[row.version_id] = {old.order: (new.order, _texts(old) == _texts(new)) for old, new in pairs if old and new}
        number, is_same = former[row.version_id].get(row.clause_order, (0, False))
        if number and (is_same or row.kind == Comment.Kind.SAID):
            found[number].append(row)
    for row in comments_of(actor, version):
        found[row.clause_order].append(row)
    return found


def talk_of_draft(actor: Actor, version: AgreementVersion) -> dict[str, Any]:
    """The late edits of a draft, each on its clause."""
    late = proposals_in_draft(actor, version)
    if not late:
        return {}
    clauses = {clause.order: clause for clause in clauses_of(actor, version)}
    found = {
        number: {"open": [proposal_card(actor, each, clauses.get(number)) for each in mine], "in_draft": True}
        for number, mine in _by_clause(late).items()
    }
    return {"by_clause": found, "late": len(late)}


def text_changes(actor: Actor, version: AgreementVersion, clauses: list[Clause]) -> list[dict[str, Any]]:
    """What a text says otherwise than the one that it took the place of, clause by clause."""
    former = former_text(actor, version)
    if former is None:
        return []
    pairs = _paired(clauses_of(actor, former), clauses)
    return [
        {
            "clause": new or old,
            "gone": new is None,
            "new": old is None,
            "title": clause_title(new or old),
            "diff": text_diff(_texts(old), _texts(new)),
        }
        for old, new in pairs
        if _texts(old) != _texts(new)
    ]


def _paired(before: list[Clause], after: list[Clause]) -> list[tuple[Clause | None, Clause | None]]:
    return aligned(before, after, same=lambda c: (c.type, c.text_zh, c.text_en), alike=lambda c: (c.type, c.params.get("characteristic")))


def _texts(clause: Clause | None) -> tuple[str, str]:
    return (clause.text_zh, clause.text_en) if clause is not None else ("", "")


def _title(clause: Clause | None, proposal: Proposal) -> str:
    return clause_title(clause) if clause is not None and proposal.kind != Proposal.Kind.ADD else _("A new clause")


def _by_clause(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.clause_order].append(row)
    return found


def _of_clause(actor: Actor, agreement: Agreement, may: bool) -> dict[str, Any]:
    return {
        "open": [], "settled": [], "is_settled": False, "may_propose": may, "agreement_id": agreement.pk, "is_talked_about": True,
        "client_id": uuid4(), **_words(actor, []),
    }  # fmt: skip


def _words(actor: Actor, rows: list[Comment]) -> dict[str, Any]:
    """What was said of a clause, and whether it was found fine by this side and by the other."""
    marks = [row for row in rows if row.kind == Comment.Kind.FINE and row.resolved_at is None]
    return {
        "has_open_words": any(row.kind == Comment.Kind.SAID and row.resolved_at is None for row in rows),
        "said": [{"row": row, "mine": row.org_id == actor.org_id} for row in rows if row.kind == Comment.Kind.SAID],
        "fine": next((row for row in marks if row.org_id == actor.org_id), None),
        "fine_theirs": next((row for row in marks if row.org_id != actor.org_id), None),
    }
