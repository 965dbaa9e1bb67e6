"""A visit on site: taps are applied once, clashes keep both, and nothing counts as handed in before all of it is on the server."""

import hashlib
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from audits.models import Audit, AuditTeam, Closing, Finding, FindingEvidence, VisitAnswer, VisitFinding, VisitOp, VisitPhoto
from audits.selectors.running import visits_ahead
from audits.services.handing_in import VisitDiffers, hand_in, review_visit
from audits.services.running import apply_ops
from foundation.actor import as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification
from records.models import EvidenceShare, RecordEntry
from tests.cast import actor
from tests.visits import NOON, arrived, closing, colleague, op, sends, shot, standing, visit, walked

pytestmark = pytest.mark.django_db
CHEN = actor("chen")


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


def started(**words) -> Audit:
    audit = visit(**words)
    sends(CHEN, audit, op("start", names=["王师傅"]))
    return audit


def test_starting_opens_the_visit_and_notes_who_was_met():
    audit = visit()

    said = sends(CHEN, audit, op("start", names=["王师傅", " 李工 ", "王师傅"]))

    assert [each["status"] for each in said] == ["saved"]
    stands = standing(CHEN, audit)
    assert (stands.audit.state, stands.audit.started_at, stands.opening.names, stands.opening.by_gate) == (
        "in_progress",
        NOON,
        ["王师傅", "李工"],
        False,
    )


def test_who_is_visited_learns_of_an_unannounced_visit_when_it_begins():
    audit = visit(announced=False)
    with as_actor(actor("lin")):
        assert (Audit.objects.filter(pk=audit.pk).count(), Notification.objects.filter(subject_id=audit.pk).count()) == (0, 0)

    sends(CHEN, audit, op("start"), op("start"))

    with as_actor(actor("lin")):
        assert Audit.objects.get(pk=audit.pk).state == "in_progress"
        assert [row.kind for row in Notification.objects.filter(subject_id=audit.pk)] == ["visit_begun"]
        entry = RecordEntry.objects.get(kind="visit_begun", subject_id=audit.pk)
        assert json.loads(entry.payload.text)["announced"] is False


def test_a_phone_without_a_network_for_a_day_is_not_late_for_it():
    audit = visit()

    sends(CHEN, audit, op("start"), now=NOON + timedelta(days=1))

    with as_actor(CHEN):
        entry = RecordEntry.objects.get(kind="visit_begun", subject_id=audit.pk)
        assert json.loads(entry.payload.text)["begun_at"] == NOON.isoformat()


def test_a_device_in_the_year_one_and_a_photo_larger_than_the_world_break_nothing():
    audit = visit()
    ops = [op("start", client_time="0001-01-01T00:00:00Z"), shot(1) | {"size": 10**30}]

    with as_actor(CHEN):
        said = apply_ops(actor=CHEN, audit_id=audit.pk, ops=ops, sent_at=NOON + timedelta(days=9), now=NOON)

    assert [(each.status, each.code) for each in said] == [("saved", ""), ("refused", "fields_to_mend")]
    with as_actor(CHEN):
        entry = RecordEntry.objects.get(kind="visit_begun", subject_id=audit.pk)
        assert json.loads(entry.payload.text)["begun_at"] == NOON.isoformat()


def test_the_code_of_another_gate_starts_nothing():
    audit = visit()

    said = sends(CHEN, audit, op("start", gate="elsewhere"))

    assert (said[0]["status"], said[0]["code"]) == ("refused", "gate_of_another_place")
    stands = standing(CHEN, audit)
    assert (stands.audit.state, stands.opening) == ("notified", None)


def test_nothing_is_said_before_the_visit_begins():
    audit = visit()

    said = sends(CHEN, audit, op("answer", question="MW-1", value="yes"))

    assert (said[0]["status"], said[0]["code"]) == ("refused", "visit_not_open")
    with as_actor(CHEN):
        assert (VisitOp.objects.count(), VisitAnswer.objects.count()) == (0, 0)


def test_an_operation_sent_again_is_applied_once():
    audit, tap = started(), op("answer", question="MW-5", value="yes", note="看过")

    first, again = sends(CHEN, audit, tap)[0], sends(CHEN, audit, tap)[0]

    assert (first["status"], first["version"], again["status"], again["version"]) == ("saved", 1, "repeated", 1)
    with as_actor(CHEN):
        assert VisitOp.objects.filter(kind="answer").count() == 1
        assert list(VisitAnswer.objects.values_list("value", "note", "version")) == [("yes", "看过", 1)]


def test_one_refused_operation_does_not_stop_the_next():
    audit = started()

    said = sends(
        CHEN, audit, op("answer", question="MW-99", value="yes"), op("answer", question="MW-5", value="maybe"), op("dance"),
        op("answer", question="MW-5", value="no", colour="red"), op("answer", question="MW-5", value="no"),
    )  # fmt: skip

    assert [(each["status"], each.get("code")) for each in said] == [
        ("refused", "question_unknown"), ("refused", "answer_not_of_this_question"), ("refused", "operation_unknown"),
        ("refused", "fields_to_mend"), ("saved", None),
    ]  # fmt: skip
    with as_actor(CHEN):
        assert list(VisitAnswer.objects.values_list("value", flat=True)) == ["no"]


def test_two_auditors_who_disagree_keep_both_until_one_is_chosen():
    li = colleague()
    audit = started(team=(li,))
    mine, theirs = op("answer", question="MW-4", value="yes", base_version=0), op("answer", question="MW-4", value="no", base_version=0)

    assert sends(CHEN, audit, mine)[0]["status"] == "saved"
    said = sends(li, audit, theirs)[0]

    assert (said["status"], said["stands"]["value"], said["stands"]["person"]) == ("conflict", "yes", CHEN.person_name)
    stands = standing(CHEN, audit)
    assert [(str(question.code), lack) for question, lack in stands.lacks()][-2:] == [("MW-4", "conflict"), ("MW-5", "answer")]
    assert [rival.person_name for rival in stands.rivals.values()] == ["小林"]

    kept = sends(CHEN, audit, op("resolve", question="MW-4", base_version=1, keep=theirs["client_id"]))[0]

    assert (kept["status"], kept["version"]) == ("saved", 2)
    with as_actor(CHEN):
        row = VisitAnswer.objects.get()
        assert (row.value, row.answered_by, str(row.op), row.rivals) == ("no", "小林", theirs["client_id"], [])
        assert VisitOp.objects.filter(subject="MW-4").count() == 3


def test_the_same_answer_by_two_people_is_no_clash():
    li = colleague()
    audit = started(team=(li,))
    sends(CHEN, audit, op("answer", question="MW-4", value="yes"))

    assert sends(li, audit, op("answer", question="MW-4", value="yes"))[0]["status"] == "saved"


def test_a_phone_that_corrects_itself_before_it_had_an_answer_clashes_with_nobody():
    audit = started()
    first = op("answer", question="MW-5", value="yes")
    then = op("answer", question="MW-5", value="no", after=first["client_id"])

    said = sends(CHEN, audit, first, then)

    assert [(each["status"], each["version"]) for each in said] == [("saved", 1), ("saved", 2)]


def test_a_second_word_of_a_waiting_answer_takes_its_place():
    li = colleague()
    audit = started(team=(li,))
    first = op("answer", question="MW-4", value="no")
    sends(CHEN, audit, op("answer", question="MW-4", value="yes"))

    said = sends(li, audit, first, op("answer", question="MW-4", na=True, note="没有", after=first["client_id"]))

    assert [each["status"] for each in said] == ["conflict", "conflict"]
    with as_actor(CHEN):
        assert len(VisitAnswer.objects.get().rivals) == 1


def test_two_who_write_one_finding_at_once_end_with_two():
    li, key = colleague(), str(uuid4())
    audit = started(team=(li,))
    words = {"finding": key, "question": "MW-3", "grade": "major", "requirement": "校准有效", "observed": "天平已过期"}
    sends(CHEN, audit, op("finding", **words))

    said = sends(li, audit, op("finding", **words | {"observed": "台秤已过期"}))[0]

    assert said["status"] == "conflict"
    with as_actor(CHEN):
        assert set(VisitFinding.objects.values_list("observed", flat=True)) == {"天平已过期", "台秤已过期"}


def test_a_photo_is_here_only_when_its_bytes_are_the_declared_ones(tmp_path):
    audit, photo = started(), shot(120, question="MW-1")
    sends(CHEN, audit, photo)
    assert [row.photo for row in standing(CHEN, audit).not_here()] == [standing(CHEN, audit).photos[0].photo]

    arrived(CHEN, photo, 121, tmp_path)  # another file under that number

    assert len(standing(CHEN, audit).not_here()) == 1


def test_a_photo_first_and_its_question_later(tmp_path):
    audit, photo = started(), shot(120)
    arrived(CHEN, photo, 120, tmp_path)
    sends(CHEN, audit, photo)
    assert len(standing(CHEN, audit).unsorted()) == 1

    sends(CHEN, audit, op("attach", photo=photo["photo"], question="MW-2"))

    stands = standing(CHEN, audit)
    assert (stands.unsorted(), [len(stands.photos_under(question)) for question in stands.questions]) == ([], [0, 1, 0, 0, 0])


def test_the_hash_is_over_what_has_come_and_the_phone_can_compute_it(tmp_path):
    audit, answer, photo, away = started(), op("answer", question="MW-5", value="yes"), shot(120, question="MW-1"), shot(130)
    arrived(CHEN, photo, 120, tmp_path)
    sends(CHEN, audit, answer, photo, away)

    lines = [f"a MW-5 {answer['client_id']}\n", f"p {photo['photo']} {photo['sha256']}\n"]
    assert standing(CHEN, audit).digest() == hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def test_handing_in_raises_the_findings_and_shows_everything_to_the_supplier(tmp_path):
    found = op("finding", finding=uuid4(), question="MW-3", grade="major", requirement="校准有效", observed="天平已过期", gap="仍在使用")
    audit = visit()
    walked(audit, tmp_path, findings=(found,), q3="no")
    proof = shot(140, finding=found["finding"])
    arrived(CHEN, proof, 140, tmp_path)
    sends(CHEN, audit, proof)
    with as_actor(actor("lin")):
        assert (VisitAnswer.objects.count(), VisitPhoto.objects.count(), Closing.objects.count(), Finding.objects.count()) == (0, 0, 0, 0)

    for _again in range(2):
        with as_actor(CHEN):
            handed = hand_in(actor=CHEN, audit_id=audit.pk, sha256=standing(CHEN, audit).digest(), now=NOON)

    assert (handed.state, handed.submitted_by) == ("submitted", CHEN.person_name)
    with as_actor(actor("lin")):
        assert (VisitAnswer.objects.count(), VisitPhoto.objects.count(), Closing.objects.get().name) == (5, 4, "王师傅")
        finding = Finding.objects.get()
        assert (finding.state, finding.grade, finding.text.gap, str(finding.client_id)) == ("raised", "major", "仍在使用", found["finding"])
        assert FindingEvidence.objects.get().evidence_id in set(EvidenceShare.objects.values_list("evidence_id", flat=True))
        assert EvidenceShare.objects.count() == 4
        assert Notification.objects.filter(kind="visit_handed_in").count() == 1
        assert RecordEntry.objects.filter(kind="visit_handed_in", subject_id=audit.pk).count() == 1
    said = sends(CHEN, audit, op("answer", question="MW-5", value="no", base_version=1))
    assert (said[0]["status"], said[0]["code"]) == ("refused", "visit_not_open")


def lacking(audit, tmp_path, what):
    """A visit that is whole but for one thing."""
    if what == "answer":
        sends(CHEN, audit, op("answer", question="MW-5", base_version=1))
    if what == "photo on its way":
        sends(CHEN, audit, shot(150))
    if what == "a finding that was not shown":
        sends(CHEN, audit, op("finding", finding=uuid4(), grade="minor", requirement="标识", observed="没有"))
    if what == "two answers":
        li = colleague()
        with as_actor(CHEN):
            AuditTeam.objects.create(
                audit=audit,
                owner_org_id=audit.owner_org_id,
                supplier_org_id=audit.supplier_org_id,
                person_id=li.person_id,
                person_name="小林",
                joined_at=NOON,
            )
        sends(li, audit, op("answer", question="MW-5", value="no"))


@pytest.mark.parametrize("what", ["answer", "photo on its way", "a finding that was not shown", "two answers"])
def test_what_still_lacks_something_is_not_handed_in(tmp_path, what):
    audit = visit()
    walked(audit, tmp_path)
    lacking(audit, tmp_path, what)

    with as_actor(CHEN), pytest.raises(RuleBroken) as refused, transaction.atomic():
        hand_in(actor=CHEN, audit_id=audit.pk, sha256=None, now=NOON)

    assert refused.value.code == "visit_not_complete"
    assert standing(CHEN, audit).audit.state == "in_progress"


def test_a_phone_that_holds_something_else_hands_nothing_in(tmp_path):
    audit = visit()
    walked(audit, tmp_path)

    with as_actor(CHEN), pytest.raises(VisitDiffers):
        hand_in(actor=CHEN, audit_id=audit.pk, sha256="0" * 64, now=NOON)

    assert standing(CHEN, audit).audit.state == "in_progress"


def test_an_auditee_may_refuse_but_not_agree_without_signing():
    audit = started()

    said = sends(CHEN, audit, closing(signature=None), closing(word="remarks"), closing(word="refuses", signature=None))

    assert [(each["status"], each.get("code")) for each in said] == [
        ("refused", "signature_missing"), ("refused", "remark_missing"), ("saved", None),
    ]  # fmt: skip
    with as_actor(CHEN):
        assert Closing.objects.get().word == "refuses"


def test_review_closes_a_visit_without_findings_with_its_class(tmp_path):
    audit = visit()
    walked(audit, tmp_path)
    with as_actor(CHEN):
        hand_in(actor=CHEN, audit_id=audit.pk, sha256=None, now=NOON)
        reviewed = review_visit(actor=CHEN, audit_id=audit.pk, now=NOON)

    assert (reviewed.state, reviewed.result_class) == ("closed", "A")


def test_who_is_not_on_the_team_finds_nothing():
    audit = started()

    for who in (colleague(), actor("fang")):
        with as_actor(who):
            assert visits_ahead(who) == []
        with pytest.raises(Absent):
            sends(who, audit, op("answer", question="MW-5", value="yes"))
    with pytest.raises(NotYours):
        sends(actor("lin"), audit, op("answer", question="MW-5", value="yes"))
    with as_actor(CHEN):
        assert [row.pk for row in visits_ahead(CHEN)] == [audit.pk]
        assert VisitAnswer.objects.count() == 0


def test_the_history_and_what_was_handed_in_are_kept_by_the_database(tmp_path):
    audit = visit()
    walked(audit, tmp_path)
    with as_actor(CHEN):
        hand_in(actor=CHEN, audit_id=audit.pk, sha256=None, now=NOON)

    with as_actor(CHEN):
        with pytest.raises(IntegrityError, match="what was handed in is not changed"), transaction.atomic():
            VisitAnswer.objects.filter(audit=audit).update(value="no")
        answer = VisitAnswer.objects.filter(audit=audit).first()
        with pytest.raises(IntegrityError, match="while its visit runs"), transaction.atomic():
            VisitOp.objects.create(
                audit=audit, owner_org_id=audit.owner_org_id, client_id=uuid4(), kind="answer", body={}, outcome="saved", person_id=CHEN.person_id,
                person_name="x", received_at=NOON,
            )  # fmt: skip
        assert answer.value == "yes"
