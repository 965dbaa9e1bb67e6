"""A visit at a desk, by plain forms: begun, answered, a clash decided, closed, handed in, reviewed, read by the supplier."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audits.models import AuditTeam, VisitAnswer, VisitFinding
from foundation.actor import as_actor
from tests.cast import actor
from tests.clients import signed_in
from tests.db.audits.stage import picture
from tests.visits import NOON, colleague, op, sends, standing, visit

pytestmark = pytest.mark.django_db
CHEN = actor("chen")


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


def answer(client, audit, number, value, **said):
    form = {"client_id": str(uuid4()), "base_version": "0", "value": value, "note": "", "go": "next", **said}
    return client.post(f"/audits/{audit.pk}/walk/{number}/", form)


def test_a_visit_goes_from_beginning_to_end_without_a_script():
    audit, client = visit(), signed_in("chen", "en")
    here = f"/audits/{audit.pk}/walk/"

    assert client.post(f"{here}start/", {"client_id": str(uuid4()), "names": "王师傅\n李工"}).status_code == 302
    for number in range(1, 6):
        files = {"photo": SimpleUploadedFile("a.jpg", picture(100 + number), "image/jpeg")} if number < 4 else {}
        assert answer(client, audit, number, "no" if number == 3 else "yes", **files).status_code == 302
    wrong = client.post(f"{here}send/")
    key = str(uuid4())
    found = {
        "client_id": key,
        "grade": "minor",
        "question": "MW-3",
        "requirement": "Scales are calibrated",
        "observed": "One ran out",
        "gap": "",
        "clause_ref": "",
    }
    assert client.post(f"{here}finding/", found).status_code == 302
    closed = {"client_id": str(uuid4()), "name": "王师傅", "role": "", "word": "agrees", "remark": "", "signed": "王师傅"}
    assert client.post(f"{here}closing/", closed).status_code == 302
    assert client.post(f"{here}send/").url == f"/audits/{audit.pk}/"
    assert client.post(f"{here}review/").status_code == 302

    assert (wrong.status_code, "Not handed in yet" in wrong.content.decode()) == (422, True)
    page = signed_in("lin", "en").get(f"/audits/{audit.pk}/").content.decode()
    assert ("王师傅" in page, page.count("/evidence/shared/") > 2, "Scales are calibrated" in page) == (True, True, True)
    assert standing(CHEN, audit).audit.state == "reviewed"


def test_a_clash_is_shown_with_both_answers_and_decided_by_a_button():
    audit, client, li = visit(), signed_in("chen", "en"), colleague()
    with as_actor(CHEN):
        AuditTeam.objects.create(
            audit=audit,
            owner_org_id=audit.owner_org_id,
            supplier_org_id=audit.supplier_org_id,
            person_id=li.person_id,
            person_name="小林",
            joined_at=NOON,
        )
    sends(li, audit, op("start"), op("answer", question="MW-4", value="no", note="料架松了"))

    assert answer(client, audit, 4, "yes").url == f"/audits/{audit.pk}/walk/4/"
    page = client.get(f"/audits/{audit.pk}/walk/4/").content.decode()
    with as_actor(CHEN):
        rival = VisitAnswer.objects.get().rivals[0]
    kept = client.post(f"/audits/{audit.pk}/walk/4/resolve/", {"keep": str(rival), "base_version": "1"})

    assert ("小林" in page, "料架松了" in page, kept.status_code) == (True, True, 302)
    with as_actor(CHEN):
        assert (VisitAnswer.objects.get().value, VisitAnswer.objects.get().rivals) == ("yes", [])


def test_a_finding_in_the_making_may_be_dropped():
    audit, client = visit(), signed_in("chen")
    key = str(uuid4())
    sends(CHEN, audit, op("start"), op("finding", finding=key, grade="minor", requirement="标识", observed="没有"))

    assert client.post(f"/audits/{audit.pk}/walk/finding/drop/", {"finding": key}).status_code == 302

    with as_actor(CHEN):
        assert VisitFinding.objects.get().dropped_at is not None


def test_a_wrong_form_keeps_what_was_typed_and_changes_nothing():
    audit, client = visit(), signed_in("chen", "en")
    sends(CHEN, audit, op("start"))

    said = answer(client, audit, 5, "perhaps", note="seen twice")

    assert (said.status_code, "seen twice" in said.content.decode()) == (422, True)
    with as_actor(CHEN):
        assert VisitAnswer.objects.count() == 0
