"""The frame's links for each hat: at a desk a rail, on a phone four tabs. A page that a hat may not open is not offered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from foundation.actor import Hat
from notices.selectors import Open


@dataclass(frozen=True)
class Place:
    """One link of the frame; `kinds` are the open todos whose things its number counts, `also` other addresses that belong to it."""

    url_name: str
    icon: str
    label: Any
    kinds: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


TASKS = Place("desk:home", "tasks", _("Tasks"), ("*",))
INBOX = Place("notices:inbox", "inbox", _("Inbox"))
AGREEMENTS = Place("agreements:list", "pen", _("Agreements"), ("agreement_to_review", "agreement_to_sign", "agreement_returned"))
DUTIES = Place("agreements:obligations", "calendar", _("Duties"), ("document_due", "owner_duty_due", "obligation_overdue"))
SAMPLES = Place("agreements:samples", "eye", _("Sealed samples"), ("sample_to_confirm", "sample_returned"))
LOTS = Place("inspections:lots", "spool", _("Lots"), also=("/sampling/", "/inspections/", "/results/"))
SIGNALS = Place("inspections:signals", "bell", _("Signals"), ("signals_to_look_at",))
CHANGES = Place("inspections:changes", "bell", _("Change notices"), ("change_to_answer", "change_may_start"))
TO_TEST = Place("inspections:samples_to_test", "flask", _("Samples to test"), ("arbitration_to_test",))
CONSISTENCY = Place("inspections:consistency", "chart", _("Consistency"))
PACKS = Place("desk:packs", "print", _("Quarterly packs"))
LIBRARY = Place("agreements:library", "bookmark", _("Library"))
AUDITS = Place("audits:list", "shield", _("Audits"), ("visit_to_accept", "visit_day_asked", "self_check_due", "audit_to_review"))
FINDINGS = Place(
    "audits:findings", "alert", _("Findings"),
    ("finding_raised", "finding_answered", "finding_contested", "finding_planned", "finding_to_carry_out", "finding_effect", "finding_late"),
)  # fmt: skip
APPEALS = Place("audits:appeals", "shield", _("Appeals"), ("appeal_to_decide",))
SCORE_APPEALS = Place("oversight:score_appeals", "shield", _("Appeals against scores"))
RECORD = Place("records:streams", "record", _("Common record"), ("entry_disputed",))
FILES = Place("records:files", "upload", _("Our files"))
FIRM = Place("suppliers:firm", "factory", _("My firm"))
PEOPLE = Place("parties:people", "user", _("People and roles"))
SEES = Place("desk:privacy", "eye", _("Who sees what"))
ME = Place("desk:me", "user", pgettext_lazy("foot tab", "Me"))
HELP = Place("desk:help", "info", _("Help"))
NUMBERS = Place("desk:numbers", "chart", _("Numbers to try"))
PORTRAIT = Place("onestop:portrait", "chart", _("Quality portrait"))
PORTRAITS = Place("onestop:portraits_shown", "chart", _("Portraits of suppliers"))
MIDDLES = Place("onestop:middles", "chart", _("Scores by step"))
METHODS = Place("onestop:score_methods", "chart", _("Score methods"))
TO_VERIFY = Place("suppliers:verifications", "shield", _("Firms to verify"))
POLICIES = Place("oversight:policies", "hand", _("Policy tools"), also=("/bureau/policies/",))
CAMPAIGNS = Place("oversight:campaigns", "bell", _("Campaigns"))
REPORTS = Place("oversight:reports", "print", _("Reports"))
ASKED = Place("oversight:campaigns_told", "bell", _("Asked by the bureau"), ("campaign_task",))
ROUNDS = Place("oversight:rounds", "flask", _("Comparison rounds"), ("round_invited", "round_results_due", "round_to_release"))
SERVICES = Place("onestop:catalogue", "hand", _("One-stop help"), ("service_quoted", "service_to_confirm"))
BOARD = Place(
    "onestop:board", "hand", _("Board"), ("service_to_answer", "service_to_deliver", "service_sent_back"), also=("/services/requests/",)
)
OFFERS = Place("onestop:offers", "bookmark", _("Your offers"))
PROMISES = Place("onestop:promises", "hand", _("One-stop services"), also=("/services/",))
PROBLEMS = Place(
    "oversight:problems", "alert", _("Problems and research"), also=("/lists/projects/", "/problems/", "/projects/", "/techniques/")
)
PROBLEM_DESK = Place(
    "oversight:problem_desk_list",
    "inbox",
    _("Problem desk"),
    ("problem_reported", "research_offered", "project_to_judge"),
    also=("/bureau/projects/",),
)
RESEARCH = Place("oversight:research", "flask", _("Research"))
MAPS = Place("oversight:map", "map", _("Map"), also=("/bureau/chain/", "/bureau/problems/map/"))
CHAIN = Place("oversight:chain_map", "map", _("Industry chain"))
WORK, MINE = _("My work"), _("Mine")

RAILS: dict[Hat, list[tuple[Any, list[Place]]]] = {
    Hat.OWNER: [
        ("", [TASKS, INBOX]),
        (
            WORK,
            [
                Place("suppliers:list", "factory", _("Suppliers")),
                AGREEMENTS,
                DUTIES,
                SAMPLES,
                LOTS,
                SIGNALS,
                CONSISTENCY,
                CHANGES,
                AUDITS,
                FINDINGS,
                PORTRAITS,
                SERVICES,
                PACKS,
            ],
        ),
        (MINE, [PROBLEMS, POLICIES, ASKED, ROUNDS, RECORD, FILES, FIRM, PEOPLE, SEES, SCORE_APPEALS, ME, LIBRARY, NUMBERS, HELP]),
    ],
    Hat.SUPPLIER: [
        ("", [TASKS, INBOX]),
        (WORK, [AGREEMENTS, DUTIES, SAMPLES, LOTS, SIGNALS, CONSISTENCY, CHANGES, AUDITS, FINDINGS, SERVICES, PACKS, FIRM]),
        (MINE, [PORTRAIT, PROBLEMS, POLICIES, ASKED, ROUNDS, RECORD, FILES, PEOPLE, SEES, SCORE_APPEALS, ME, LIBRARY, NUMBERS, HELP]),
    ],
    Hat.BUREAU: [
        ("", [Place("oversight:morning", "home", _("Today"), ("*",)), INBOX]),
        (
            _("Oversight"),
            [
                Place("oversight:compliance", "pen", _("Compliance")),
                Place("oversight:cases", "eye", _("Duty cases")),
                Place("oversight:bureau_appeals", "shield", _("Appeals"), ("score_appeal_to_decide",)),
                MAPS,
                PROBLEM_DESK,
                PROBLEMS,
                PROMISES,
                MIDDLES,
                CAMPAIGNS,
                POLICIES,
                REPORTS,
                ROUNDS,
            ],
        ),
        (MINE, [PEOPLE, SEES, ME, LIBRARY, NUMBERS, HELP]),
    ],
    Hat.LAB: [
        ("", [Place("desk:home", "home", _("Today"), ("*",)), INBOX, TO_TEST, RESEARCH, BOARD, OFFERS, ROUNDS, APPEALS]),
        (MINE, [PROBLEMS, POLICIES, FILES, FIRM, PEOPLE, SEES, ME, LIBRARY, NUMBERS, HELP]),
    ],
    Hat.PROVIDER: [
        ("", [Place("desk:home", "home", _("Today"), ("*",)), INBOX, BOARD, OFFERS]),
        (MINE, [PROBLEMS, POLICIES, FILES, FIRM, PEOPLE, SEES, ME, LIBRARY, NUMBERS, HELP]),
    ],
    Hat.PLATFORM: [
        ("", [TASKS, INBOX, TO_VERIFY, METHODS, PROMISES, Place("jobs:work", "spool", _("Background work"))]),
        (MINE, [CHAIN, PROBLEMS, POLICIES, PEOPLE, SEES, ME, LIBRARY, NUMBERS, HELP]),
    ],
}
BOOK = Place("records:streams", "record", pgettext_lazy("foot tab", "Record"))
FEET: dict[Hat, list[Place]] = {
    Hat.OWNER: [TASKS, Place("suppliers:list", "factory", _("Suppliers")), AGREEMENTS, ME],
    Hat.SUPPLIER: [TASKS, AGREEMENTS, BOOK, ME],
    Hat.BUREAU: [Place("oversight:morning", "home", _("Today")), Place("oversight:compliance", "pen", _("Compliance")), MAPS, ME],
    Hat.LAB: [Place("desk:home", "home", _("Today")), INBOX, ME],
    Hat.PROVIDER: [Place("desk:home", "home", _("Today")), BOARD, INBOX, ME],
    Hat.PLATFORM: [TASKS, TO_VERIFY, Place("jobs:work", "spool", _("Background work")), ME],
}  # fmt: skip
HAT_WORDS: dict[Hat, Any] = {
    Hat.OWNER: _("Chain owner"),
    Hat.SUPPLIER: _("Supplier"),
    Hat.BUREAU: _("Bureau"),
    Hat.LAB: _("Laboratory, institute"),
    Hat.PROVIDER: _("Service provider"),
    Hat.PLATFORM: _("Platform"),
}


def rail_of(hat: Hat, path: str, counts: dict[str, Open]) -> list[dict[str, Any]]:
    """The rail of a hat on one page, with what is open beside each link."""
    groups = RAILS[hat]
    here = _here([place for _heading, places in groups for place in places], path)
    return [{"heading": heading, "links": [_link(place, here, counts) for place in places]} for heading, places in groups]


def foot_of(hat: Hat, path: str) -> list[dict[str, Any]]:
    """The tabs at a phone's foot."""
    here = _here(FEET[hat], path)
    return [_link(place, here, {}) for place in FEET[hat]]


def _link(place: Place, here: str, counts: dict[str, Open]) -> dict[str, Any]:
    if place.kinds == ("*",):
        count = sum(each.lines for each in counts.values())
    else:
        count = sum(counts[kind].things for kind in place.kinds if kind in counts)
    return {"url": reverse(place.url_name), "icon": place.icon, "label": place.label, "count": count, "current": place.url_name == here}


def _here(places: list[Place], path: str) -> str:
    """The link whose address, or one that belongs to it, begins this page's address; the longest that matched wins. The home of a hat is its first link."""
    if path == reverse("desk:home"):
        return places[0].url_name
    matched = [
        (len(address), place.url_name) for place in places for address in (reverse(place.url_name), *place.also) if path.startswith(address)
    ]
    return max(matched, key=lambda match: match[0], default=(0, ""))[1]
