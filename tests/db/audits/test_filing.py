"""The supplier answers, photographs and submits once; afterwards nobody changes an answer."""

import json
from datetime import date
from functools import partial
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from agreements.models import Obligation
from audits import services
from audits.models import Audit, Response, ResponseEvidence
from audits.selectors import audit_for, sheet_of
from foundation.actor import Actor, Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification, Todo
from records.models import EvidenceShare, RecordEntry
from tests.cast import BY_NAME, actor
from tests.clients import signed_in
from tests.db.audits.stage import STARTS, agreement_in_force, answered, first_audit, moment, photo, submitted
from tests.world_visits import under_way

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-10")


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


def save(audit, who="lin", number=1, answer="yes", note="", now=NOW):
    with as_actor(actor(who)):
        return services.save_answer(actor=actor(who), audit_id=audit.pk, number=number, answer=answer, note=note, now=now)


def submit(audit, who="lin", now=NOW):
    with as_actor(actor(who)):
        return services.submit_audit(actor=actor(who), audit_id=audit.pk, now=now)


def state(audit):
    with acting_as(Hat.CLOCK):
        return Audit.objects.get(pk=audit.pk).state


def responses(who="lin"):
    with as_actor(actor(who)):
        return list(Response.objects.visible_to(actor(who)).order_by("question__order").values_list("question__order", "answer", "note"))


def test_an_answer_is_kept_at_once_and_a_later_one_takes_its_place():
    audit = first_audit(agreement_in_force())

    save(audit, answer="no", note="夜班没有")
    save(audit, answer="yes")

    assert responses() == [(1, "yes", "")]
    assert state(audit) == "in_progress"


def test_the_same_answer_sent_again_changes_nothing():
    audit = first_audit(agreement_in_force())

    first = save(audit, answer="yes", now=NOW)
    again = save(audit, answer="yes", now=moment("2026-03-10", 11))

    assert (again.pk, again.answered_at) == (first.pk, NOW)


def test_a_note_may_come_before_the_answer():
    audit = first_audit(agreement_in_force())

    save(audit, answer="", note="表已换新")

    assert responses() == [(1, "", "表已换新")]


@pytest.mark.parametrize(("values", "code"), [({"answer": "maybe"}, "answer_unknown"), ({"note": "长" * 501}, "note_too_long")])
def test_what_cannot_be_read_is_refused_and_nothing_is_kept(values, code):
    audit = first_audit(agreement_in_force())

    with pytest.raises(RuleBroken, match=code):
        save(audit, **values)

    assert responses() == []
    assert state(audit) == "notified"


def test_a_question_that_is_not_on_the_list_is_absent():
    audit = first_audit(agreement_in_force())

    with pytest.raises(Absent):
        save(audit, number=6)


def test_another_mill_finds_no_audit_to_answer():
    audit = first_audit(agreement_in_force())

    with pytest.raises(Absent):
        save(audit, who="wu")
    with as_actor(actor("wu")), pytest.raises(Absent):
        audit_for(actor("wu"), audit.pk)

    assert responses() == []


def test_the_chain_owner_may_not_answer_for_the_supplier():
    audit = first_audit(agreement_in_force())

    with pytest.raises(NotYours):
        save(audit, who="chen")

    assert state(audit) == "notified"


def test_who_may_only_look_does_not_answer():
    audit = first_audit(agreement_in_force())
    viewer = Actor(**{**actor("lin").__dict__, "roles": frozenset({"viewer"})})

    with as_actor(viewer), pytest.raises(NotYours):
        services.save_answer(actor=viewer, audit_id=audit.pk, number=1, answer="yes", note="", now=NOW)

    assert responses() == []


def test_the_chain_owner_sees_no_answer_before_the_audit_is_submitted(tmp_path):
    audit = first_audit(agreement_in_force())
    answered(audit, tmp_path, NOW)

    assert responses("chen") == []


def test_a_photo_hangs_once_and_can_be_taken_away_again(tmp_path):
    audit = first_audit(agreement_in_force())
    taken = photo("lin", tmp_path, NOW, client_id="shot-1")
    again = photo("lin", tmp_path, NOW, client_id="shot-1")
    with as_actor(actor("lin")):
        for evidence in (taken, again):
            services.add_photo(actor=actor("lin"), audit_id=audit.pk, number=1, evidence=evidence, now=NOW)
        hung = list(ResponseEvidence.objects.values_list("evidence_id", flat=True))
        services.remove_photo(actor=actor("lin"), audit_id=audit.pk, number=1, evidence_id=taken.pk)
        left = ResponseEvidence.objects.count()

    assert (hung, left) == ([taken.pk], 0)


def test_a_seventh_photo_is_refused(tmp_path):
    audit = first_audit(agreement_in_force())
    with as_actor(actor("lin")):
        for _ in range(6):
            services.add_photo(actor=actor("lin"), audit_id=audit.pk, number=1, evidence=photo("lin", tmp_path, NOW), now=NOW)
        with pytest.raises(RuleBroken, match="too_many_photos"):
            services.add_photo(actor=actor("lin"), audit_id=audit.pk, number=1, evidence=photo("lin", tmp_path, NOW), now=NOW)

        assert ResponseEvidence.objects.count() == 6


def test_another_firms_photo_cannot_be_hung_under_an_answer(tmp_path):
    audit = first_audit(agreement_in_force())
    foreign = photo("wu", tmp_path, NOW)

    with as_actor(actor("lin")), pytest.raises(Absent):
        services.add_photo(actor=actor("lin"), audit_id=audit.pk, number=1, evidence=foreign, now=NOW)

    with as_actor(actor("lin")):
        assert ResponseEvidence.objects.count() == 0


def test_submitting_hands_over_answers_photos_duty_entry_and_news(tmp_path):
    audit = submitted(agreement_in_force(), tmp_path, q3="no", q5="na")

    assert (state(audit), audit.submitted_by) == ("submitted", "林杼")
    assert [(n, a) for n, a, _ in responses("chen")] == [(1, "yes"), (2, "yes"), (3, "no"), (4, "yes"), (5, "na")]
    with as_actor(actor("chen")):
        duties = {o.kind: o for o in Obligation.objects.visible_to(actor("chen"))}
        shares = list(EvidenceShare.objects.visible_to(actor("chen")))
        entry = RecordEntry.objects.select_related("payload").get(kind="audit_submitted")
        todo = Todo.objects.get(kind="audit_to_review")
        assert Notification.objects.filter(kind="audit_to_review").count() == 1
        assert ResponseEvidence.objects.visible_to(actor("chen")).count() == 3
    assert (duties["self_check"].met_on, duties["review"].met_on) == (date(2026, 3, 10), None)
    assert (duties["review"].side, duties["review"].due_on) == ("owner", date(2026, 3, 17))  # five working days
    answers = json.loads(entry.payload.text)["sheet"]
    assert [(a["code"], a["answer"], len(a["photos"])) for a in answers] == [
        ("MW-1", "yes", 1), ("MW-2", "yes", 1), ("MW-3", "no", 1), ("MW-4", "yes", 0), ("MW-5", "na", 0),
    ]  # fmt: skip
    assert {sha for a in answers for sha in a["photos"]} == {share.sha256 for share in shares}
    assert (todo.due_on, todo.facts["other_en"]) == (date(2026, 3, 17), "Yunzhu Textile (demo)")
    with as_actor(actor("lin")):
        assert Todo.objects.filter(done_at=None).count() == 0


def test_submitting_twice_submits_once(tmp_path):
    audit = submitted(agreement_in_force(), tmp_path)

    again = submit(audit, now=moment("2026-03-11"))

    assert again.submitted_at == moment("2026-03-10", 10)
    with as_actor(actor("chen")):
        assert RecordEntry.objects.filter(kind="audit_submitted").count() == 1
        assert Notification.objects.filter(kind="audit_to_review").count() == 1
        assert Obligation.objects.filter(kind="review").count() == 1


def test_what_is_missing_is_named_and_nothing_is_submitted(tmp_path):
    audit = first_audit(agreement_in_force())
    answered(audit, tmp_path, NOW)
    save(audit, number=4, answer="no")  # needs a photo now
    save(audit, number=5, answer="na")  # needs a reason now

    with pytest.raises(RuleBroken) as refused:
        submit(audit)

    assert (refused.value.code, refused.value.facts) == ("answers_missing", {"numbers": "4, 5"})
    assert state(audit) == "in_progress"
    assert responses("chen") == []
    with as_actor(actor("lin")):
        assert Obligation.objects.get(kind="self_check").met_on is None
        assert RecordEntry.objects.filter(kind="audit_submitted").count() == 0


def test_an_untouched_self_check_cannot_be_submitted():
    audit = first_audit(agreement_in_force())

    with pytest.raises(RuleBroken, match="answers_missing"):
        submit(audit)

    assert state(audit) == "notified"


def test_without_a_grant_the_photos_stay_the_suppliers(tmp_path):
    submitted(agreement_in_force(shares=False), tmp_path)

    with as_actor(actor("chen")):
        assert EvidenceShare.objects.count() == 0


def test_after_submission_no_verb_changes_an_answer(tmp_path):
    audit = submitted(agreement_in_force(), tmp_path)
    before = responses()

    with pytest.raises(RuleBroken, match="audit_not_open"):
        save(audit, answer="no")
    with as_actor(actor("lin")):
        hung = ResponseEvidence.objects.first()
        with pytest.raises(RuleBroken, match="audit_not_open"):
            services.remove_photo(actor=actor("lin"), audit_id=audit.pk, number=1, evidence_id=hung.evidence_id)

    assert responses() == before


@pytest.mark.parametrize("verb", ["update", "delete"])
@pytest.mark.parametrize("model", [Response, ResponseEvidence])
def test_after_submission_the_database_itself_keeps_answers_and_photos(tmp_path, model, verb):
    submitted(agreement_in_force(), tmp_path)
    with as_actor(actor("lin")):
        before = list(model.objects.order_by("pk").values())
        change = partial(model.objects.update, owner_org_id=None) if verb == "update" else model.objects.all().delete
        with pytest.raises(DatabaseError), transaction.atomic():
            change()

        assert list(model.objects.order_by("pk").values()) == before


def test_a_submitted_answer_cannot_be_added_behind_the_owners_back(tmp_path):
    audit = submitted(agreement_in_force(), tmp_path)
    with as_actor(actor("lin")):
        response = Response.objects.first()
        with pytest.raises(DatabaseError, match="submitted audit"), transaction.atomic():
            ResponseEvidence.objects.create(response=response, supplier_org_id=audit.supplier_org_id, evidence_id=uuid4(), added_at=NOW)

        assert ResponseEvidence.objects.filter(response=response).count() == 1


def test_a_sheet_costs_three_questions_however_many_answers(tmp_path, django_assert_num_queries):
    audit = submitted(agreement_in_force(), tmp_path)

    with as_actor(actor("chen")):
        found = audit_for(actor("chen"), audit.pk)
        with django_assert_num_queries(3):
            sheet = sheet_of(actor("chen"), found)

    assert (sheet.done(), len(sheet.questions)) == (5, 5)


def test_two_agreements_of_one_mill_stay_apart():
    mine = first_audit(agreement_in_force("chen", "lin"))
    with as_actor(actor("fang")):
        assert Audit.objects.visible_to(actor("fang")).count() == 0

    assert mine.supplier_org_id == BY_NAME["lin"].org_id
    assert mine.notice_on == STARTS


def test_a_visit_is_the_teams_to_answer_and_never_the_sites(tmp_path):
    agreement = agreement_in_force()
    visit = under_way(actor("chen"), agreement, now=NOW)
    held = {"actor": actor("lin"), "audit_id": visit, "now": NOW}

    with as_actor(actor("lin")):
        for act in (partial(services.save_answer, **held, number=1, answer="yes", note=""), partial(services.submit_audit, **held)):
            with pytest.raises(RuleBroken, match="audit_not_open"):
                act()

        assert Audit.objects.get(pk=visit).state == "in_progress"
    assert signed_in("lin").get(f"/audits/{visit}/check/").status_code == 302
