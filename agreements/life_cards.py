"""Versions, notices and what either side may do next, as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from agreements.cards import last_day, obligation_cards
from agreements.diff import aligned
from agreements.life_words import NOTICE_CHIPS
from agreements.models import Agreement, AgreementVersion, Clause, StatusNotice
from agreements.on_page import OnPage
from agreements.selectors import clauses_by_id, clauses_of
from agreements.selectors.agreements import version_at_work
from agreements.selectors.effects import Effect
from agreements.selectors.versions import suspended_by
from agreements.services.amending import BINDING, MAY_BE_WITHDRAWN
from agreements.services.ending_soon import AHEAD_DAYS
from agreements.services.states import BEFORE
from agreements.talk_cards import text_diff
from agreements.words import VERSION_CHIPS, clause_title
from foundation.actor import Actor, Hat
from parties.roles import MAY_WRITE

# By these names a clause of a later text is known to be the same thing changed.
NAMED_BY = ("characteristic", "document", "duty", "audit", "name_zh")
Action = dict[str, Any]


def text_url(agreement: Agreement, version: AgreementVersion) -> str:
    """Where a version is read. What the agreement's own page shows needs no number."""
    own = reverse("agreements:show", args=[agreement.pk])
    return own if agreement.state in BEFORE or version.state == AgreementVersion.State.IN_FORCE else f"{own}?version={version.number}"


def working_url(actor: Actor, agreement: Agreement) -> str:
    """Where the text that is worked on is read; without one, the agreement's own page."""
    version = version_at_work(actor, agreement)
    return text_url(agreement, version) if version is not None else reverse("agreements:show", args=[agreement.pk])


def version_rows(agreement: Agreement, versions: Iterable[AgreementVersion], shown: AgreementVersion | None = None) -> list[dict[str, Any]]:
    """Every version with its state and its days."""
    return [
        {
            "version": version,
            "chips": VERSION_CHIPS,
            "first": version.effective_from,
            "last": last_day(version.effective_to),
            "url": text_url(agreement, version),
            "is_shown": shown is not None and version.pk == shown.pk,
        }
        for version in versions
    ]


def notice_card(actor: Actor, notice: StatusNotice) -> dict[str, Any]:
    """One notice with what was said, and what this side may still do with it."""
    mine = notice.side == actor.hat.value
    stands = notice.done_at is None and notice.dropped_at is None
    said = next((word for word in notice.words.all() if word.side == notice.side), None)
    ends = notice.kind == StatusNotice.Kind.TERMINATE
    return {
        "notice": notice, "chips": NOTICE_CHIPS, "said": said, "mine": mine, "stands": stands, "ends": ends, "icon": NOTICE_CHIPS[notice.kind][1],
        "on": last_day(notice.effective_on) if ends else notice.effective_on,
        "may_take_back": stands and mine and _may(actor), "may_consent": stands and ends and not mine and _may(actor),
    }  # fmt: skip


def _may(actor: Actor) -> bool:
    return bool(actor.roles.intersection(MAY_WRITE))


def life_of(page: OnPage, standing: Mapping[str, StatusNotice]) -> dict[str, Any]:
    """What the agreement's page says of its versions and notices, and the steps that this side may take."""
    actor, agreement, version, versions, today = page.actor, page.agreement, page.version, page.versions, page.today
    at_work = page.at_work
    amendment = at_work if agreement.state in BINDING else None
    return {
        "versions": version_rows(agreement, versions, version), "many": len(versions) > 1, "at_work": amendment,
        "at_work_url": text_url(agreement, amendment) if amendment else "", "is_at_work": amendment is not None and amendment.pk == version.pk,
        "is_former": version.state in ("superseded", "replaced", "withdrawn") and len(versions) > 1,
        "suspended": suspended_by(actor, agreement), "notices": [notice_card(actor, each) for each in standing.values()],
        "ends_soon": _ends_soon(agreement, today, at_work), "actions": _actions(actor, agreement, standing, at_work),
        "chips": VERSION_CHIPS,
    }  # fmt: skip


def _ends_soon(agreement: Agreement, today: date, at_work: AgreementVersion | None) -> date | None:
    """The last day, when it is near and no later text is being worked on."""
    ends = agreement.effective_to
    if ends is None or agreement.state not in BINDING or at_work is not None:
        return None
    return last_day(ends) if ends <= today + timedelta(days=AHEAD_DAYS[0] + 1) else None


def _actions(
    actor: Actor, agreement: Agreement, standing: Mapping[str, StatusNotice], at_work: AgreementVersion | None
) -> list[Action]:
    """Which of the steps are open to this side now; the first is the most likely."""
    if not _may(actor):
        return []
    found: list[Action] = []
    is_owner, binds = actor.hat == Hat.OWNER, agreement.state in BINDING
    has_end = agreement.effective_to is not None
    if binds and at_work is None and "terminate" not in standing:
        if is_owner:
            found += [_action("amend", "pen", _("Amend"))] + ([_action("renew", "calendar", pgettext("agreement", "Renew"))] if has_end else [])
        else:
            found += [] if "amendment" in standing else [_action("ask_change", "pen", _("Ask for another text"))]
            found += [_action("ask_renewal", "calendar", _("Ask for a renewal"))] if has_end and "renewal" not in standing else []
    if agreement.state == Agreement.State.IN_FORCE and "suspend" not in standing:
        found.append(_action("suspend", "clock", _("Suspend")))
    if agreement.state == Agreement.State.SUSPENDED and "resume" not in standing:
        suspended = suspended_by(actor, agreement)
        found += [_action("resume", "next", _("Let it go on"))] if suspended and suspended.side == actor.hat.value else []
    if is_owner and at_work is not None and at_work.state in MAY_BE_WITHDRAWN:
        found.append(_action("withdraw_text", "undo", _("Take the new text back") if binds else _("Withdraw the agreement")))
    if binds and "terminate" not in standing:
        found.append(_action("terminate", "x", _("End it")))
    return [{**each, "url": reverse(f"agreements:{each['name']}", args=[agreement.pk])} for each in found]


def _action(name: str, icon: str, words: str) -> Action:
    return {"name": name, "icon": icon, "words": words}


def effect_card(actor: Actor, effect: Effect, title: str, *, today: date) -> dict[str, Any]:
    """What a notice would do to open duties: how many of each side, and the first of them."""
    clauses = clauses_by_id(actor, [row.clause_id for row in effect.first])
    return {
        "title": title, "effect": effect, "cards": obligation_cards(effect.first, clauses, today=today),
        "more": effect.total - len(effect.first),
    }  # fmt: skip


def differences(actor: Actor, before: AgreementVersion, after: AgreementVersion) -> dict[str, Any]:
    """Two versions side by side: the clauses that differ word by word, and how many do not."""
    pairs = aligned(
        clauses_of(actor, before), clauses_of(actor, after), same=lambda c: (c.type, c.text_zh, c.text_en), alike=_alike
    )  # fmt: skip
    changed = [_change(old, new) for old, new in pairs if _texts(old) != _texts(new)]
    return {"changed": changed, "same": len(pairs) - len(changed)}


def _alike(clause: Clause) -> tuple[Any, ...]:
    return (clause.type, *(clause.params.get(name) for name in NAMED_BY))


def _texts(clause: Clause | None) -> tuple[str, str]:
    return (clause.text_zh, clause.text_en) if clause is not None else ("", "")


def _change(old: Clause | None, new: Clause | None) -> dict[str, Any]:
    clause = new or old
    return {
        "clause": clause, "title": clause_title(clause), "new": old is None, "gone": new is None, "diff": text_diff(_texts(old), _texts(new)),
        "lang": "zh-Hans" if (get_language() or "").startswith("zh") else "en",
    }  # fmt: skip
