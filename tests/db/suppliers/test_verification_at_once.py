"""Two clerks press at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from foundation.errors import RuleBroken
from suppliers.services.verification import verify_firm
from tests.db.suppliers.test_verification import asks, by_pan, newcomer, org_of, told


def pressed(row):
    try:
        return by_pan(verify_firm, row).state
    except RuleBroken as broken:
        return broken.code
    finally:
        connection.close()


@pytest.mark.usefixtures("fresh_database")
def test_one_firm_is_verified_once():
    firm = newcomer()
    row = asks(firm)

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(pressed, [row, row]))

    assert said == ["verified", "verified"]
    assert told(firm) == ["firm_verified"]


@pytest.mark.usefixtures("fresh_database")
def test_of_two_firms_with_one_code_one_is_verified():
    first, second = newcomer(), newcomer(contact="19000000556", by="fang")
    rows = [asks(first), asks(second, "2")]

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(pressed, rows))

    assert sorted(said) == ["verification_code_taken", "verified"]
    assert sorted(org_of(firm)[0] for firm in (first, second)) == ["verified", "verifying"]
