"""What a look opened is shut again when its transaction ends."""

from django.db import transaction
from django.utils import timezone

from agreements.models import Clause
from foundation.actor import as_actor
from oversight.models import DutyLook
from oversight.services.duty import CaseSaid, look, open_case
from tests.cast import actor
from tests.db.oversight.duty_world import story

ZHOU = actor("zhou")


def test_what_a_look_opened_is_shut_in_the_next_transaction(fresh_database):
    with transaction.atomic():
        made = story()
        with as_actor(ZHOU):
            said = CaseSaid("supervision", "双随机抽查，核对协议条款", (("agreement", made["agreement_id"]),))
            case = open_case(actor=ZHOU, said=said, client_id="c", now=timezone.now())

    with transaction.atomic(), as_actor(ZHOU):
        look(actor=ZHOU, case=case, what="clauses", subject_id=made["agreement_id"], now=timezone.now())
        inside = Clause.objects.visible_to(ZHOU).count()
    with transaction.atomic(), as_actor(ZHOU):
        after, noted = Clause.objects.visible_to(ZHOU).count(), DutyLook.objects.visible_to(ZHOU).count()

    assert (inside, after, noted) == (2, 0, 1)
