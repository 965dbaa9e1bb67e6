"""What the page of a finding shows of the long way: statement, repeats, containment, plans, contests, appeals, effect. Values only."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from audits.forms_corrective import AppealForm, ContainForm, ContestForm, DoneForm, EffectForm, VerifyForm
from audits.models import Finding, FindingEvidence
from audits.selectors.corrective import (
    accepted_plan,
    appeals_of,
    containments_of,
    contests_of,
    effect_checks_of,
    evidence_under,
    lots_since,
    plans_of,
    third_parties,
    waiting_plan,
    was_brought_up,
    wordings_of,
)
from audits.selectors.repeats import alike
from audits.services.contesting import may_decide
from audits.statement import FISHBONE, Statement, pieces
from audits.status import FINDING_CHIPS, FINDING_MOVES, may
from audits.views.tools import in_language, picture_of
from audits.words_corrective import APPEAL_CHIPS, BRANCHES, PLAN_CHIPS
from foundation.actor import Actor, Hat
from foundation.templatetags.qc import HAN
from records.selectors import evidences, shares_for

# The steps of the long way, as the rail shows them: the states of each, in order.
RAIL = (
    ("raised", ("raised", "contested", "accepted", "reopened")),
    ("contained", ("contained",)),
    ("planned", ("action_planned",)),
    ("done", ("implemented", "answered")),
    ("verify", ("verify",)),
    ("closed", ("closed",)),
)
NEEDS_PLAN = (Finding.Grade.CRITICAL, Finding.Grade.MAJOR)


def statement_of(of: Finding) -> list[tuple[str, list[tuple[str, str]]]]:
    """The finding in one sentence, in each language: its pieces, each with the mark of its own language where that is another."""
    said = Statement(of.text.requirement, of.text.observed, of.text.gap)
    return [
        ("zh-Hans", [(words, "") for words, _typed in pieces(said, "zh")]),
        ("en", [(words, "zh-Hans" if typed and HAN.search(words) else "") for words, typed in pieces(said, "en")]),
    ]


def shots_of(actor: Actor, rows: list[FindingEvidence], alt: str) -> dict[UUID, dict[str, Any]]:
    """evidence id -> a photo for the page: the firm's own, or what the other side shows. What is not shown is not there."""
    mine = "owner" if actor.hat is Hat.OWNER else "supplier"
    own = evidences(actor, [row.evidence_id for row in rows if row.side == mine])
    shown = shares_for(actor, [row.evidence_id for row in rows if row.side != mine])
    found = {pk: picture_of(reverse("records:evidence_file", args=[pk]), row, alt) for pk, row in own.items()}
    return found | {pk: picture_of(reverse("records:shared_file", args=[share.pk]), share, alt) for pk, share in shown.items()}


def by_step(actor: Actor, of: Finding) -> dict[str, list[dict[str, Any]]]:
    """step -> its photos, oldest first."""
    rows = evidence_under(actor, of)
    shots = shots_of(actor, rows, _("Photo under the finding"))
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row.evidence_id in shots:
            found.setdefault(row.step, []).append(shots[row.evidence_id])
    return found


def rail_of(of: Finding) -> list[dict[str, Any]]:
    """Where the finding stands on its way; a withdrawn or noted one has none."""
    if of.state in ("draft", "withdrawn", "noted"):
        return []
    words = {
        "raised": pgettext("finding", "Raised"), "contained": pgettext("finding", "Contained"), "planned": pgettext("finding", "Action planned"),
        "done": pgettext("finding", "Carried out"), "verify": _("Effect"), "closed": pgettext("finding", "Closed"),
    }  # fmt: skip
    at = next(number for number, (_name, states) in enumerate(RAIL) if of.state in states)
    last = len(RAIL) - 1
    states = ["done" if n < at or at == last else "now" if n == at else "" for n in range(len(RAIL))]
    return [{"label": words[name], "state": state} for (name, _states), state in zip(RAIL, states, strict=True)]


def repeats_of(actor: Actor, of: Finding) -> dict[str, Any]:
    """How often it was found before, since when, and where to read of it."""
    earlier = alike(actor, of) if of.nth > 1 else []
    if not earlier:
        return {}
    first = timezone.localdate(earlier[0].raised_at)
    words = ngettext("Found %(nth)s time before, first on %(day)s", "Found %(nth)s times before, first on %(day)s", len(earlier))
    return {
        "words": words % {"nth": len(earlier), "day": first.isoformat()},
        "before": [{"url": reverse("audits:finding", args=[row.pk]), "at": row.raised_at, "state": row.state} for row in earlier],
        "chips": FINDING_CHIPS,
    }


def long_way(actor: Actor, of: Finding) -> dict[str, Any]:
    """What there is of the long way, finished for the page."""
    plans, shots = plans_of(actor, of), by_step(actor, of)
    checks = effect_checks_of(actor, of)
    return {
        "statement": statement_of(of), "steps": rail_of(of), "repeat": repeats_of(actor, of), "shots": shots,
        "containments": containments_of(actor, of), "plan_chips": PLAN_CHIPS,
        "plans": [{"plan": plan, "branches": [(BRANCHES[b], plan.fishbone[b]) for b in FISHBONE if b in plan.fishbone]} for plan in reversed(plans)],
        "plan_waits": waiting_plan(actor, of), "contests": contests_of(actor, of), "wordings": wordings_of(actor, of),
        "appeals": [_appeal(row) for row in appeals_of(actor, of)], "checks": [_check(actor, row) for row in checks],
        "brought_up": was_brought_up(actor, of), "decides": actor.hat is Hat.OWNER and may_decide(actor, of),
    }  # fmt: skip


def _appeal(row: Any) -> dict[str, Any]:
    state = row.outcome or row.state
    return {"row": row, "state": state, "chips": APPEAL_CHIPS, "party": in_language(row.arbiter_name_zh, row.arbiter_name_en)}


def _check(actor: Actor, row: Any) -> dict[str, Any]:
    lots = lots_since(actor, row)
    return {"row": row, "lots": lots, "there": len(lots), "missing": max(row.lots_wanted - len(lots), 0)}


def step_forms(actor: Actor, of: Finding) -> dict[str, Any]:
    """A form for every step that the reader may take now."""
    may_now = {verb for verb in ("contain", "plan", "done", "watch", "works", "contest") if may(FINDING_MOVES, of.state, verb, actor.hat)}
    forms: dict[str, Any] = {}
    if "contain" in may_now:
        forms["contain"] = ContainForm(auto_id="id_contain_%s")
    if "done" in may_now and accepted_plan(actor, of) is not None:
        forms["done"] = DoneForm(auto_id="id_done_%s")
    if "watch" in may_now:
        forms["verify"] = VerifyForm(auto_id="id_verify_%s")
    if "works" in may_now:
        forms["effect"] = EffectForm(auto_id="id_effect_%s")
    if "contest" in may_now:
        forms["contest"] = ContestForm(auto_id="id_contest_%s")
    if may_appeal(actor, of):
        forms["appeal"] = AppealForm(parties_of(actor, of), auto_id="id_appeal_%s")
    return forms


def may_appeal(actor: Actor, of: Finding) -> bool:
    """Whether the reader may take the finding to a third party now."""
    if not may(FINDING_MOVES, of.state, "appeal", actor.hat):
        return False
    upheld = any(row.decision in ("upheld", "reworded") for row in contests_of(actor, of))
    return upheld and all(row.state == "declined" for row in appeals_of(actor, of))


def parties_of(actor: Actor, of: Finding) -> list[tuple[str, str]]:
    """The third parties to choose from."""
    return [(str(one.pk), in_language(one.name_zh, one.name_en)) for one in third_parties(actor, of)]


def short_way(of: Finding) -> bool:
    """Whether it may be answered in one go; the long way comes first for what is grave, and is the only one for a repeat."""
    return of.nth == 1


def is_grave(of: Finding) -> bool:
    """Whether the page offers the long way first."""
    return of.grade in NEEDS_PLAN
