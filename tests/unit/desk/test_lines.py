"""Every kind of line has its words in both languages, its minutes and its page."""

import re
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils.translation import override

from desk.lines import KINDS, first_of, in_order, line_of, url_for
from desk.nav import FEET, RAILS, rail_of
from foundation.actor import BUSINESS_HATS, Hat
from notices.kinds import SUBJECTS
from notices.links import leads_to

ONE = UUID(int=1)
TODAY = date(2026, 6, 15)
HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass
class Asked:
    """A todo as the database would give it."""

    kind: str
    due_on: date | None = None
    hat: str = "supplier"
    pk: UUID = ONE
    subject_id: UUID = ONE
    facts: dict = field(default_factory=lambda: {"other_zh": "砚棠", "other_en": "Yantang", "number": "QCA-1"})


def test_the_desk_and_the_inbox_know_the_same_kinds():
    assert set(KINDS) == set(SUBJECTS)


def test_a_kind_that_nobody_named_is_an_error():
    with pytest.raises(KeyError):
        line_of(Asked("status_changed"))


# Of a problem and its research nobody is told who else is in it.
NAMELESS = {"problem_to_research", "project_joined", "project_moved", "research_offer_settled"}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_is_said_in_both_languages(kind):
    with override("en"):
        english = line_of(Asked(kind))
    with override("zh-hans"):
        chinese = line_of(Asked(kind))

    assert ("Yantang" in english.verb) == ("砚棠" in chinese.verb) == (kind not in NAMELESS)
    assert not HAN.search(english.verb + english.sub + english.action)
    assert HAN.search(chinese.verb.replace("砚棠", ""))
    assert HAN.search(chinese.action)
    assert english.minutes >= 1


@pytest.mark.parametrize("hat", [Hat.OWNER, Hat.SUPPLIER])
def test_each_kind_opens_a_page_of_its_subject(hat):
    pages = {kind: url_for(kind, hat, ONE) for kind in KINDS}

    # What is about the firm itself opens the firm's own page; invitations that ran out and signals open their list.
    of_the_firm = {"firm_verified", "firm_returned", "firm_checked_again", "firm_suspended", "licence_to_mend"}
    of_the_bureau = {"duty_case_opened", "duty_looked", "duty_case_closed", "bureau_digest"}  # who looked, and the morning
    lists = {"invitation_waiting", "invitations_ran_out", "signals_to_look_at"}
    assert {kind for kind, url in pages.items() if str(ONE) not in url} == lists | of_the_firm | of_the_bureau
    assert leads_to("finding_raised", hat, ONE) == reverse("audits:finding", args=[ONE])


def test_the_bureaus_lines_open_its_own_table():
    assert url_for("obligation_overdue", Hat.BUREAU, ONE) == "/bureau/agreements/?overdue=1"


def test_the_first_task_is_the_shortest_that_unblocks_most():
    lines = [line_of(Asked(kind)) for kind in ("document_due", "agreement_to_review", "agreement_to_sign", "self_check_due")]

    assert first_of(lines, today=TODAY).kind == "agreement_to_sign"
    assert first_of([], today=TODAY) is None


def test_of_two_alike_the_late_one_comes_first():
    lines = [line_of(Asked("finding_raised", date(2026, 6, 20))), line_of(Asked("self_check_due", date(2026, 6, 14)))]

    assert first_of(lines, today=TODAY).kind == "self_check_due"


def test_our_own_overdue_duties_stand_before_the_other_sides():
    lines = [
        line_of(Asked("agreement_in_force")),
        line_of(Asked("audit_to_review", date(2026, 6, 16))),
        line_of(Asked("obligation_overdue", date(2026, 6, 1))),
        line_of(Asked("owner_duty_due", date(2026, 6, 10))),
    ]

    assert [line.kind for line in in_order(lines, today=TODAY)] == [
        "owner_duty_due",
        "obligation_overdue",
        "audit_to_review",
        "agreement_in_force",
    ]


@pytest.mark.parametrize("hat", BUSINESS_HATS)
def test_every_link_of_the_frame_leads_somewhere(hat):
    places = [place for _heading, group in RAILS[hat] for place in group] + FEET[hat]

    assert all(reverse(place.url_name).startswith("/") for place in places)
    assert len(FEET[hat]) <= 4
    assert {kind for place in places for kind in place.kinds} - {"*"} <= set(KINDS)


def test_a_page_lights_the_link_whose_address_matched_the_longest():
    here = {
        path: [str(link["url"]) for group in rail_of(Hat.BUREAU, path, {}) for link in group["links"] if link["current"]]
        for path in ("/bureau/problems/map/", "/bureau/problems/", "/bureau/chain/")
    }

    assert here == {
        "/bureau/problems/map/": [reverse("oversight:map")],
        "/bureau/problems/": [reverse("oversight:problem_desk_list")],
        "/bureau/chain/": [reverse("oversight:map")],
    }
