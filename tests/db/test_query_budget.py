"""What a page may cost: the number of queries of every page route, in a file. Spending more is a visible line in the diff.

After a change that is meant: `QCCHAIN_WRITE_BUDGET=1 pytest tests/db/test_query_budget.py`, and look at the diff.
"""

import json
import os
from pathlib import Path

import pytest
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext
from django.urls import resolve
from django.utils import timezone

from foundation.actor import Hat
from parties.uscc import check_character
from tests.clients import signed_in, with_token
from tests.contract.matrix.filling import values
from tests.contract.matrix.people import Crowd, ask
from tests.contract.matrix.routes import routes
from tests.world import build_story, invited

WRITING = bool(os.environ.get("QCCHAIN_WRITE_BUDGET"))
BUDGET = Path(__file__).with_name("query_budget.json")
WHO = {"chen": "owner", "lin": "supplier", "zhou": "bureau", "pan": "platform", "mei": "lab", "an": "provider"}


def open_to(address, hat):
    """Whether a page is made for a hat; that it is shut for the others, the matrix tries."""
    hats = getattr(resolve(address).func, "hats", None)
    return hats is None or Hat(hat) in hats


def cost(crowd, who, address):
    """How many queries a page puts; None where it does not open."""
    reset_queries()  # the log is cut off when it is full, and would count nothing
    with CaptureQueriesContext(connection) as queries:
        response = ask(crowd, who, "GET", address)
    if response.status_code != 200:
        return None
    return len([q for q in queries.captured_queries if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "ROLLBACK"))])


def cost_at_most(crowd, who, address, most):
    """The cost of a page; one that is over is asked again, now that caches of reference data are warm."""
    found = cost(crowd, who, address)
    return found if found is None or found <= most else cost(crowd, who, address)


def spent(story, budget):
    crowd = Crowd({w: signed_in(w) for w in WHO}, {w: with_token(w) for w in WHO}, [story])
    found = {}
    for route in routes():
        for who, hat in WHO.items():
            address = route.at(values(route, story))
            if not open_to(address, hat):
                continue
            most = 0 if WRITING else budget.get(f"/{route.pattern}", {}).get(hat, 0)
            n = cost_at_most(crowd, who, address, most)
            if n is not None:
                found.setdefault(f"/{route.pattern}", {})[hat] = n
    return found


def test_no_page_spends_more_than_its_budget(told, papers_unprinted):
    budget = json.loads(BUDGET.read_text(encoding="utf-8"))
    found = spent(told["chen", "lin"], budget)
    if WRITING:
        budget = found
        BUDGET.write_text(json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")

    over = {
        f"{p} {h}": (n, budget.get(p, {}).get(h)) for p, hats in found.items() for h, n in hats.items() if n > budget.get(p, {}).get(h, 0)
    }
    assert over == {}
    assert len(found) > 50


def test_no_page_of_a_person_needs_more_than_thirty_queries():
    budget = json.loads(BUDGET.read_text(encoding="utf-8"))

    assert {p: hats for p, hats in budget.items() if max(hats.values()) > 30} == {}


def listed_twice(now, *bodies):
    """Two lines of like names on chen's list, so that the question for twins has an answer before and after."""
    for body, name in zip(bodies, ("宁波初经针织有限公司（示例）", "宁波初经针织厂（示例）"), strict=True):
        invited("chen", now=now, name=name, uscc=body + check_character(body))


@pytest.mark.django_db
def test_a_list_costs_the_same_with_twice_the_rows():
    now = timezone.now()
    build_story("chen", "lin", now=now)
    listed_twice(now, "0DEM0P10000000001", "0DEM0P10000000002")
    crowd = Crowd({w: signed_in(w) for w in WHO}, {w: with_token(w) for w in WHO}, [])
    before = {(who, address): n for who, address in _lists() if (n := cost(crowd, who, address)) is not None}
    build_story("chen", "wu", now=now)
    after = {key: cost_at_most(crowd, *key, n) for key, n in before.items()}

    assert {key: (n, after[key]) for key, n in before.items() if after[key] > n} == {}
    assert len(before) > 25


def _lists():
    """Every page and answer that names no thing."""
    return [(who, route.at({})) for route in routes() if not route.params for who in ("chen", "zhou") if open_to(route.at({}), WHO[who])]
