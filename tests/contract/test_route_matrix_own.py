"""Every route that names no thing × every hat × method: nothing breaks, filters tell nothing, and a hat does reach its own things."""

from itertools import product

import pytest

from tests.contract.matrix.filling import things, values
from tests.contract.matrix.people import ABSENT, METHODS, OTHERS, OWN, ask, face_of, opens, shut_to
from tests.contract.matrix.routes import routes


@pytest.mark.parametrize("who", list(OTHERS))
def test_no_address_breaks_for_anybody(crowd, who):
    broken, shut = [], set()
    for route, method in product([r for r in routes() if not things(r)], METHODS):
        address = route.at(values(route, None))
        if not opens(crowd, method, address) or (route in shut and method != "POST"):
            continue
        response = ask(crowd, who, method, address)
        if response.status_code == 403 and shut_to(who, address):
            shut.add(route)
        if response.status_code >= 500:
            broken.append((method, route.pattern, response.status_code))

    assert broken == []


@pytest.mark.parametrize("who", ["chen", "lin"])  # one of either side: what a filter does, it does for the hat
def test_filters_and_orderings_by_a_foreign_id_answer_like_those_by_an_absent_one(crowd, papers_unprinted, who):
    names = (
        "link",
        "agreement",
        "audit",
        "finding",
        "stream",
        "entry",
        "owner",
        "supplier",
        "after",
        "site",
        "q",
        "order",
        "region",
        "evidence",
    )
    keys = {
        "link": "link_id",
        "agreement": "agreement_id",
        "audit": "audit_id",
        "finding": "finding_id",
        "stream": "stream_id",
        "entry": "entry_id",
    }
    told_apart, compared = [], 0
    for route in [r for r in routes() if not r.params]:
        plain = ask(crowd, who, "GET", route.at({})).looks
        for name in [n for n in names if not plain.unmoved_by(n)]:
            absent = ask(crowd, who, "GET", f"{route.at({})}?{name}={ABSENT}")
            none = seen = face_of(absent, ABSENT)
            if not absent.looks.blind_to(name):
                foreign = crowd.stories[OTHERS[who][0]].ids[keys.get(name, "agreement_id")]
                seen = face_of(ask(crowd, who, "GET", f"{route.at({})}?{name}={foreign}"), foreign)
                compared += 1
            if seen != none or seen[0] >= 500:
                told_apart.append((route.pattern, name, seen[0], none[0]))

    assert told_apart == []
    assert compared >= 100, compared  # it would be green on a product that nobody watches


def test_a_hat_reaches_its_own_things(crowd, papers_unprinted):
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
