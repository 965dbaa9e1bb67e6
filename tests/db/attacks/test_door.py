"""The functions behind the door do for a firm only what that firm itself asks, whatever a caller passes."""

import pytest
from django.db import ProgrammingError, connection
from django.utils import timezone

from foundation.actor import as_actor
from parties.selectors import token_hash
from suppliers.models import SupplyLink
from tests.cast import actor
from tests.world import invited

pytestmark = pytest.mark.django_db
LINS_CODE = "0DEM0A0000000000L1"


def taken(who, token, org_id):
    with as_actor(actor(who)), connection.cursor() as cursor:
        cursor.execute("select door_take(%s, %s, %s)", [token_hash(token), org_id, timezone.now()])
        return cursor.fetchone()[0]


def supplier_of(link):
    with as_actor(actor("fang")):
        return SupplyLink.objects.get(pk=link.pk).supplier_org_id


def test_no_firm_joins_in_the_place_of_another():
    link, token = invited("fang", now=timezone.now(), uscc=LINS_CODE)

    assert taken("wu", token, actor("lin").org_id) is None
    assert supplier_of(link) is None


def test_the_firm_itself_joins():
    link, token = invited("fang", now=timezone.now(), uscc=LINS_CODE)

    assert taken("lin", token, actor("lin").org_id) == link.pk
    assert supplier_of(link) == actor("lin").org_id


@pytest.mark.parametrize(
    "statement",
    [
        "update parties_organisation set state = 'verified' where id = %s",
        "update parties_organisation set is_demo = false where id = %s",
        "update parties_organisationcode set claimed = '0DEM0A0000000000W1' where org_id = %s",
    ],
)
@pytest.mark.parametrize("who", ["lin", "chen", "mei"])
def test_no_firm_verifies_itself_or_takes_the_code_of_another(who, statement):
    with pytest.raises(ProgrammingError, match="permission denied"), as_actor(actor(who)), connection.cursor() as cursor:
        cursor.execute(statement, [actor(who).org_id])
