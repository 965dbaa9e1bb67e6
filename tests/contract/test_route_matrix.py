"""Every route × every hat × {own, another firm's, absent} × method. Another firm's thing answers exactly as one that does not exist."""

from itertools import product

import pytest

from tests.contract.matrix.people import ABSENT, FIXED, METHODS, OTHERS, OWN, ask, face_of
from tests.contract.matrix.routes import routes

# A token in an address is a capability: whoever holds it is invited. Its unknown and spent forms are tested with the door.
CAPABILITIES = {"token"}
# The bureau reads the state of every agreement, and only through these addresses.
OPEN_TO = {"zhou": ("bureau/", "api/v1/bureau/"), "pan": ("jobs/", "api/v1/jobs/")}


def values(route, story):
    """The holes filled from a story (None: nothing of it exists), or the reason why that cannot be."""
    filled = {}
    for name in route.params:
        if name in FIXED:
            filled[name] = FIXED[name]
        elif name in CAPABILITIES:
            filled[name] = "no-such-token"
        else:
            filled[name] = ABSENT if story is None else story.ids[name]
    return filled


def things(route):
    return [name for name in route.params if name not in FIXED and name not in CAPABILITIES]


def test_the_matrix_knows_every_name_that_an_address_may_carry(crowd):
    known = set(crowd.stories[0].ids) | set(FIXED) | CAPABILITIES

    assert {(r.pattern, name) for r in routes() for name in r.params if name not in known} == set()
    assert len(routes()) > 60


@pytest.mark.parametrize("who", list(OTHERS))
def test_another_firms_thing_answers_like_one_that_does_not_exist(crowd, who):
    told_apart = []
    for route, number, method in product(routes(), OTHERS[who], METHODS):
        if not things(route) or route.pattern.startswith(OPEN_TO.get(who, ("-",))):
            continue
        other, absent = values(route, crowd.stories[number]), values(route, None)
        seen = face_of(ask(crowd, who, method, route.at(other)), *(other[n] for n in things(route)))
        none = face_of(ask(crowd, who, method, route.at(absent)), ABSENT)
        if seen != none or seen[0] >= 500 or (seen[0] == 200 and method != "OPTIONS"):
            told_apart.append((method, route.pattern, seen[0], none[0]))

    assert told_apart == []


@pytest.mark.parametrize("who", list(OTHERS))
def test_no_address_breaks_for_anybody(crowd, who):
    broken = []
    for route, method in product(routes(), METHODS):
        story = crowd.stories[OWN[who]] if who in OWN else None
        response = ask(crowd, who, method, route.at(values(route, story)))
        if response.status_code >= 500:
            broken.append((method, route.pattern, response.status_code))

    assert broken == []


@pytest.mark.parametrize("who", ["chen", "fang", "lin", "wu"])
def test_filters_and_orderings_by_a_foreign_id_answer_like_those_by_an_absent_one(crowd, who):
    names = ("link", "agreement", "audit", "finding", "stream", "entry", "owner", "supplier", "after", "site", "q", "order", "region", "evidence")
    keys = {"link": "link_id", "agreement": "agreement_id", "audit": "audit_id", "finding": "finding_id", "stream": "stream_id", "entry": "entry_id"}
    told_apart = []
    for route, name in product([r for r in routes() if not r.params], names):
        foreign = crowd.stories[OTHERS[who][0]].ids[keys.get(name, "agreement_id")]
        seen = face_of(ask(crowd, who, "GET", f"{route.at({})}?{name}={foreign}"), foreign)
        none = face_of(ask(crowd, who, "GET", f"{route.at({})}?{name}={ABSENT}"), ABSENT)
        if seen != none or seen[0] >= 500:
            told_apart.append((route.pattern, name, seen[0], none[0]))

    assert told_apart == []


def test_a_hat_reaches_its_own_things(crowd):
    """The matrix would be green on a product that answers 404 to all."""
    reached = {
        who: {
            route.pattern
            for route in routes()
            if things(route) and ask(crowd, who, "GET", route.at(values(route, crowd.stories[OWN[who]]))).status_code == 200
        }
        for who in OWN
    }

    assert all(len(patterns) >= 8 for patterns in reached.values()), reached
