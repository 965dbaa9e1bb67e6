"""A suspended agreement is a state of its own to the bureau: days, no reason, nothing overdue."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agreements import tasks
from agreements.services import suspend_agreement
from foundation.actor import as_actor
from tests.agreed import at, in_force
from tests.cast import actor
from tests.clients import signed_in

pytestmark = pytest.mark.django_db


def test_the_bureau_reads_since_when_and_not_why():
    today = timezone.localdate()
    starts = today - timedelta(days=60)
    agreement = in_force(now=at(starts), starts=starts, ends=None)
    with as_actor(actor("chen")):
        suspend_agreement(
            actor=actor("chen"), agreement=agreement, reason="染色车间反复超标", effective_on=starts + timedelta(days=3), now=at(starts, 15)
        )
    tasks.tick(at(today, 1))

    client = signed_in("zhou", "en")
    page = client.get(f"/bureau/agreements/{agreement.pk}/").content.decode()
    assert "Suspended from" in page
    assert "反复超标" not in page
    assert "0 overdue" in page
    table = client.get("/bureau/agreements/?state=suspended").content.decode()
    assert agreement.number in table
    assert agreement.number not in client.get("/bureau/agreements/?state=in_force").content.decode()
