"""Every route × every hat × {own, another firm's, absent} × method: another firm's thing answers exactly as one that does not exist."""

from itertools import product

import pytest

from tests.contract.matrix.filling import CAPABILITIES, OPEN_TO, things, values
from tests.contract.matrix.people import ABSENT, ABSENT_WORDS, FIXED, METHODS, OTHERS, OWN, ask, face_of, opens, shut_to
from tests.contract.matrix.routes import routes

# HEAD is GET without its words; that it breaks nothing, the addresses without a thing try.
ASKED = [method for method in METHODS if method != "HEAD"]


def test_the_matrix_knows_every_name_that_an_address_may_carry(crowd):
    known = set(crowd.stories[0].ids) | set(FIXED) | CAPABILITIES

    assert {(r.pattern, name) for r in routes() for name in r.params if name not in known} == set()
    assert len(routes()) > 60


@pytest.mark.parametrize("who", list(OTHERS))
def test_another_firms_thing_answers_like_one_that_does_not_exist(crowd, papers_unprinted, who):
    told_apart, broken, looked, shut = [], [], set(), set()
    for route, method in product([r for r in routes() if things(r)], ASKED):
        nowhere = route.at(values(route, None))
        if not opens(crowd, method, nowhere) or (route in shut and method != "POST"):
            continue
        absent = ask(crowd, who, method, nowhere)
        none = face_of(absent, ABSENT, *ABSENT_WORDS.values())
        if none[0] >= 500:
            broken.append((method, route.pattern, None, none[0]))
        if absent.looks.blind:
            if absent.status_code == 403 and shut_to(who, nowhere):
                shut.add(route)
            continue  # a view that asked for nothing has answered for every id
        looked.add(route.pattern)
        if who in OWN:
            own = ask(crowd, who, method, route.at(values(route, crowd.stories[OWN[who]])))
            if own.status_code >= 500:
                broken.append((method, route.pattern, OWN[who], own.status_code))
        if route.pattern.startswith(OPEN_TO.get(who, ("-",))):
            continue
        # One foreign story by every method; the further ways of peeping by the two that read and write.
        for number in OTHERS[who] if method in ("GET", "POST") else OTHERS[who][:1]:
            other = values(route, crowd.stories[number])
            seen = face_of(ask(crowd, who, method, route.at(other)), *(other[n] for n in things(route)))
            if seen != none or seen[0] >= 500 or (seen[0] == 200 and method != "OPTIONS"):
                told_apart.append((method, route.pattern, number, seen[0], none[0]))

    assert (told_apart, broken) == ([], [])
    assert len(looked) >= 40 or who not in OWN  # the matrix would be green on a product that nobody watches
