"""What a look opened is shut again when its transaction ends, and none slips in behind the closing of its case."""

from threading import Thread

from django.db import connection, transaction
from django.utils import timezone

from agreements.models import Clause
from foundation.actor import as_actor
from foundation.errors import RuleBroken
from oversight.models import DutyLook
from oversight.services.duty import CaseSaid, close_case, look, open_case
from tests.cast import actor
from tests.db.oversight.duty_world import story

ZHOU = actor("zhou")


def _committed():
    with transaction.atomic():
        made = story()
        with as_actor(ZHOU):
            said = CaseSaid(
                "supervision", "双随机抽查，核对协议条款", (("agreement", made["agreement_id"]),), True, "告知会影响现场核查结果"
            )
            made["case"] = open_case(actor=ZHOU, said=said, client_id="c", now=timezone.now())
    return made


def test_what_a_look_opened_is_shut_in_the_next_transaction(fresh_database):
    made = _committed()

    with transaction.atomic(), as_actor(ZHOU):
        look(actor=ZHOU, case=made["case"], what="clauses", subject_id=made["agreement_id"], now=timezone.now())
        inside = Clause.objects.visible_to(ZHOU).count()
    with transaction.atomic(), as_actor(ZHOU):
        after, noted = Clause.objects.visible_to(ZHOU).count(), DutyLook.objects.visible_to(ZHOU).count()

    assert (inside, after, noted) == (2, 0, 1)


def test_a_look_waits_for_a_case_that_is_being_closed_and_then_is_refused(fresh_database):
    made, now = _committed(), timezone.now()
    answers: list[str] = []

    def look_late() -> None:
        try:
            with transaction.atomic(), as_actor(ZHOU):
                look(actor=ZHOU, case=made["case"], what="clauses", subject_id=made["agreement_id"], now=now)
            answers.append("opened")
        except RuleBroken:
            answers.append("refused")
        finally:
            connection.close()

    other = Thread(target=look_late)
    with transaction.atomic():
        with as_actor(ZHOU):
            close_case(actor=ZHOU, case=made["case"], outcome="核实后未发现违约，结案。", now=now)
        other.start()
        other.join(timeout=0.5)
        assert answers == []
    other.join(timeout=20)

    assert answers == ["refused"]
    with transaction.atomic(), as_actor(ZHOU):
        assert not DutyLook.objects.visible_to(ZHOU).exists()
