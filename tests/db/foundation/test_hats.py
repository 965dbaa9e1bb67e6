"""The second wall, asked directly: what the database lets a hat see."""

import pytest
from django.db import ProgrammingError, connection, transaction

from foundation.actor import Hat, acting_as
from suppliers.models import SupplyLink
from tests.cast import BY_NAME, link_id

pytestmark = pytest.mark.django_db


def test_without_a_hat_nothing_may_be_read():
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        SupplyLink.objects.count()


def test_a_supplier_sees_its_own_links_only():
    with acting_as(Hat.SUPPLIER, org_id=BY_NAME["lin"].org_id):
        seen = set(SupplyLink.objects.values_list("id", flat=True))

    assert seen == {link_id("chen", "lin")}


def test_the_former_hat_is_back_after_a_block():
    with acting_as(Hat.SUPPLIER, org_id=BY_NAME["lin"].org_id):
        with acting_as(Hat.OWNER, org_id=BY_NAME["chen"].org_id):
            assert SupplyLink.objects.count() == 2
        assert set(SupplyLink.objects.values_list("id", flat=True)) == {link_id("chen", "lin")}


def test_the_former_hat_is_back_after_an_error():
    with acting_as(Hat.SUPPLIER, org_id=BY_NAME["lin"].org_id):
        with pytest.raises(ZeroDivisionError), acting_as(Hat.OWNER, org_id=BY_NAME["chen"].org_id):
            raise ZeroDivisionError
        with connection.cursor() as cursor:
            cursor.execute("select current_setting('role'), current_setting('app.org')")
            assert cursor.fetchone() == ("qcc_hat_supplier", str(BY_NAME["lin"].org_id))


def test_an_owner_cannot_tie_a_line_to_a_firm_by_itself():
    with acting_as(Hat.OWNER, org_id=BY_NAME["fang"].org_id):
        with pytest.raises(ProgrammingError, match="only when the firm accepts"), transaction.atomic():
            SupplyLink.objects.filter(id=link_id("fang", "wu")).update(supplier_org_id=BY_NAME["lin"].org_id)

        assert SupplyLink.objects.get(id=link_id("fang", "wu")).supplier_org_id == BY_NAME["wu"].org_id
