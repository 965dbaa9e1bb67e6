"""Duty cases: contents open look by look, each look is told, a flagged one at its close; nothing else opens."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from agreements.models import AgreementVersion, Clause
from audits.models import FindingText
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from inspections.models import CharacteristicResult, Lot
from notices.models import Notification
from oversight.models import DutyCase, DutyLook
from oversight.selectors.duty import clauses_opened, finding_opened, lots_opened
from oversight.services.duty import CaseSaid, cases_run_out, close_case, look, open_case, run_out, widen_case
from records.models import AccessEvent, Evidence
from tests.cast import actor
from tests.clients import signed_in, with_token
from tests.db.oversight.duty_world import SECRET_WORDS, SEEN_WORDS, story
from tests.lots import a_lot

pytestmark = pytest.mark.django_db
ZHOU, LIN, CHEN, WU = actor("zhou"), actor("lin"), actor("chen"), actor("wu")
WHY = "有人投诉色牢度与协议不符"
CONTENTS = (AgreementVersion, Clause, FindingText, Lot, CharacteristicResult, Evidence)


@pytest.fixture
def world():
    """Chen's agreement with Lin and its finding, and Chen's with Wu, which no case is about."""
    story("chen", "wu")
    return story()


def opened(world, *, flagged=False, scopes=None, now=None):
    now = now or timezone.now()
    said = CaseSaid(
        "complaint", WHY, scopes or (("agreement", world["agreement_id"]),), flagged, "会惊动被查的人，证据会消失" if flagged else ""
    )
    with as_actor(ZHOU):
        return open_case(actor=ZHOU, said=said, client_id=uuid4().hex, now=now)


def looks_told(who):
    with as_actor(actor(who)):
        return list(AccessEvent.objects.filter(what__startswith="duty_").order_by("at", "id"))


def heard(who, kind):
    with as_actor(actor(who)):
        return Notification.objects.filter(org_id=actor(who).org_id, kind=kind).count()


def test_without_a_look_no_content_reaches_the_bureau(world):
    opened(world, scopes=(("agreement", world["agreement_id"]), ("finding", world["finding_id"]), ("firm", LIN.org_id)))

    with as_actor(ZHOU):
        assert [model.__name__ for model in CONTENTS if model.objects.visible_to(ZHOU).exists()] == []


def test_a_look_opens_that_agreement_and_is_told_to_both_sides_at_once(world):
    case, now = opened(world), timezone.now()

    with as_actor(ZHOU):
        noted = look(actor=ZHOU, case=case, what="clauses", subject_id=world["agreement_id"], now=now)
        version, clauses = clauses_opened(ZHOU, world["agreement_id"])
        others = Clause.objects.visible_to(ZHOU).exclude(version__agreement_id=world["agreement_id"]).exists()
        findings = FindingText.objects.visible_to(ZHOU).exists()

    assert version is not None and version.in_force
    assert {clause.text_en for clause in clauses} == {SECRET_WORDS}
    assert (others, findings) == (False, False)
    assert sorted(noted.org_ids) == sorted([CHEN.org_id, LIN.org_id])
    for who in ("chen", "lin"):
        (event,) = looks_told(who)
        assert (event.what, event.subject_id, event.case_code, event.reason, event.why, event.person_name, event.told_at) == (
            "duty_clauses", world["agreement_id"], case.code, "complaint", WHY, "周衡", now,
        )  # fmt: skip
        assert (heard(who, "duty_case_opened"), heard(who, "duty_looked")) == (1, 1)
    assert looks_told("wu") == []


def test_a_case_opens_what_it_is_about_and_nothing_beside_it(world):
    case, now = opened(world, scopes=(("finding", world["finding_id"]),)), timezone.now()

    with as_actor(ZHOU):
        for what, subject in (("clauses", world["agreement_id"]), ("files", LIN.org_id), ("lots", LIN.org_id), ("finding", uuid4())):
            with pytest.raises(Absent):
                look(actor=ZHOU, case=case, what=what, subject_id=subject, now=now)
        look(actor=ZHOU, case=case, what="finding", subject_id=world["finding_id"], now=now)
        found = finding_opened(ZHOU, world["finding_id"])
        closed = Clause.objects.visible_to(ZHOU).exists()

    assert found.text is not None and found.text.observed == SEEN_WORDS
    assert not closed
    assert [event.what for event in looks_told("lin")] == ["duty_finding"]


def test_the_database_refuses_a_look_that_no_case_covers_whatever_the_product_says(world):
    case, now = opened(world, scopes=(("finding", world["finding_id"]),)), timezone.now()
    row = {"case": case, "office_org_id": ZHOU.org_id, "what": "clauses", "subject_id": world["agreement_id"], "person_id": ZHOU.person_id}

    with as_actor(ZHOU), pytest.raises(DatabaseError, match="no open case covers this look"), transaction.atomic():
        DutyLook.objects.create(**row, person_name="周衡", at=now)

    with as_actor(ZHOU):
        assert DutyLook.objects.count() == 0
    assert looks_told("lin") == []


def test_the_list_of_a_firms_lots_opens_no_other_makers(world):
    """Whoever made a lot is told of a look at it: the list of its customer's lots would show it untold."""
    made = a_lot()
    case, now = opened(world, scopes=(("firm", CHEN.org_id), ("firm", LIN.org_id))), timezone.now()

    with as_actor(ZHOU):
        look(actor=ZHOU, case=case, what="lots", subject_id=CHEN.org_id, now=now)
        of_the_customer = (lots_opened(ZHOU, CHEN.org_id), Lot.objects.visible_to(ZHOU).exists())
        look(actor=ZHOU, case=case, what="lots", subject_id=LIN.org_id, now=now)
        of_the_maker = [lot.pk for lot in lots_opened(ZHOU, LIN.org_id)]

    assert of_the_customer == ([], False)
    assert of_the_maker == [made.pk]
    assert [event.what for event in looks_told("lin")] == ["duty_lots"]


def test_nobody_but_the_bureau_opens_a_case_or_reads_one(world):
    case = opened(world)

    for who in ("chen", "lin", "mei", "an", "pan"):
        them = actor(who)
        with as_actor(them), pytest.raises(NotYours):
            open_case(actor=them, said=CaseSaid("complaint", WHY, (("firm", WU.org_id),)), client_id="x", now=timezone.now())
        assert signed_in(who).get(f"/bureau/cases/{case.pk}/").status_code == 403
    with as_actor(ZHOU):
        assert DutyCase.objects.visible_to(ZHOU).count() == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (CaseSaid("curiosity", WHY, (("firm", WU.org_id),)), "duty_reason_unknown"),
        (CaseSaid("complaint", "投诉", (("firm", WU.org_id),)), "duty_why_short"),
        (CaseSaid("complaint", WHY, (("firm", WU.org_id),), True, "保密"), "duty_flag_why_short"),
        (CaseSaid("complaint", WHY, ()), "duty_scope_missing"),
    ],
)
def test_a_case_without_its_reason_does_not_open(said, code):
    with as_actor(ZHOU), pytest.raises(RuleBroken) as broken:
        open_case(actor=ZHOU, said=said, client_id="x", now=timezone.now())

    assert broken.value.code == code
    with as_actor(ZHOU):
        assert not DutyCase.objects.visible_to(ZHOU).exists()


def test_the_same_case_sent_twice_opens_once_and_tells_once(world):
    said = CaseSaid("complaint", WHY, (("agreement", world["agreement_id"]), ("finding", world["finding_id"])))

    with as_actor(ZHOU):
        first = open_case(actor=ZHOU, said=said, client_id="same", now=timezone.now())
        again = open_case(actor=ZHOU, said=said, client_id="same", now=timezone.now())

    assert first.pk == again.pk
    assert heard("lin", "duty_case_opened") == 1


def test_of_a_flagged_case_nothing_is_told_until_it_closes_and_then_each_look_with_its_own_time(world):
    case, now = opened(world, flagged=True), timezone.now()
    with as_actor(ZHOU):
        look(actor=ZHOU, case=case, what="clauses", subject_id=world["agreement_id"], now=now)
    assert (looks_told("lin"), heard("lin", "duty_case_opened"), heard("lin", "duty_looked")) == ([], 0, 0)

    later = now + timedelta(days=3)
    with as_actor(ZHOU):
        close_case(actor=ZHOU, case=case, outcome="核实后未发现违约，结案。", now=later)
        close_case(actor=ZHOU, case=case, outcome="核实后未发现违约，结案。", now=later + timedelta(hours=1))

    (event,) = looks_told("lin")
    assert (event.at, event.told_at, event.why) == (now, later, WHY)
    assert heard("lin", "duty_case_closed") == 1
    with as_actor(ZHOU):
        assert DutyLook.objects.get().told_at == later
        case.refresh_from_db()
        with pytest.raises(RuleBroken):
            look(actor=ZHOU, case=case, what="clauses", subject_id=world["agreement_id"], now=later)


def test_a_flagged_case_that_nobody_closes_is_closed_by_the_clock_and_told(world):
    case = opened(world, flagged=True)
    with as_actor(ZHOU):
        look(actor=ZHOU, case=case, what="clauses", subject_id=world["agreement_id"], now=timezone.now())

    after = case.ends_at + timedelta(minutes=1)
    with acting_as(Hat.CLOCK):
        assert cases_run_out(case.ends_at - timedelta(minutes=1)) == []
        for row in cases_run_out(after):
            run_out(case=row, now=after)
        assert cases_run_out(after) == []

    assert [event.told_at for event in looks_told("lin")] == [after]


def test_looks_and_cases_are_not_rewritten(world):
    case = opened(world)
    with as_actor(ZHOU):
        look(actor=ZHOU, case=case, what="clauses", subject_id=world["agreement_id"], now=timezone.now())
        for change in (
            lambda: DutyCase.objects.filter(pk=case.pk).update(why="另一个理由，十个字以上的"),
            lambda: DutyLook.objects.update(person_name="别人"),
            lambda: DutyLook.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        assert (DutyCase.objects.get(pk=case.pk).why, DutyLook.objects.get().person_name) == (WHY, "周衡")


def test_a_case_takes_one_more_firm_in_once(world):
    case, now = opened(world), timezone.now()

    with as_actor(ZHOU):
        widen_case(actor=ZHOU, case=case, kind="firm", subject_id=WU.org_id, now=now)
        widen_case(actor=ZHOU, case=case, kind="firm", subject_id=WU.org_id, now=now)
        with pytest.raises(Absent):
            widen_case(actor=ZHOU, case=case, kind="firm", subject_id=uuid4(), now=now)

    assert heard("wu", "duty_case_opened") == 1


def test_the_pages_lead_from_a_reason_to_the_words_and_the_firm_reads_who_looked(world):
    client = signed_in("zhou", "en")
    start = f"/bureau/cases/new/agreement/{world['agreement_id']}/"
    refused = client.post(start, {"reason": "complaint", "why": "short", "client_id": "p1"})
    assert refused.status_code == 422 and "short" in refused.content.decode()

    made = client.post(start, {"reason": "complaint", "why": WHY, "client_id": "p1"})

    assert made.status_code == 302
    page = client.get(made["Location"]).content.decode()
    door = f"{made['Location']}agreements/{world['agreement_id']}/"
    assert WHY in page and door in page
    words = client.get(door)
    assert words.status_code == 200 and SECRET_WORDS in words.content.decode()
    for language in ("zh-hans", "en"):
        told = signed_in("lin", language).get("/privacy/looks/").content.decode()
        assert WHY in told
    assert signed_in("wu").get("/privacy/looks/").content.decode().count(WHY) == 0
    export = client.get("/bureau/cases/export/?as=csv").content.decode("utf-8-sig")
    assert WHY in export


def test_the_api_opens_looks_and_closes(world):
    client, head = signed_in("zhou"), with_token("zhou")
    said = {"reason": "statistics", "why": WHY, "scopes": [{"kind": "agreement", "id": str(world["agreement_id"])}]}

    made = client.post("/api/v1/bureau/cases/", said, content_type="application/json", **head)
    assert made.status_code == 201, made.content
    case = made.json()["id"]
    text = client.get(f"/api/v1/bureau/cases/{case}/agreements/{world['agreement_id']}/", **head).json()
    shut = client.post(
        f"/api/v1/bureau/cases/{case}/close/", {"outcome": "统计完成，未见异常情况"}, content_type="application/json", **head
    )
    after = client.get(f"/api/v1/bureau/cases/{case}/agreements/{world['agreement_id']}/", **head)

    assert {clause["text"]["en"] for clause in text["clauses"]} == {SECRET_WORDS}
    assert shut.status_code == 200 and shut.json()["closed_at"]
    assert after.status_code == 422
    assert client.get("/api/v1/bureau/cases/", **with_token("lin")).status_code == 403
