"""Campaigns: many are told, each once; the bureau learns how many took it up, never which; a firm sees what it was told."""

import re
from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from jobs.models import OutboxEvent
from notices.models import Notification, Todo
from oversight.campaign_rules import Crowd, Rule
from oversight.models import Campaign, CampaignReach, CampaignUptake
from oversight.selectors.campaigns import campaign_for, preview, reach_for, told_to, uptake_of
from oversight.services import campaigns as verbs
from parties.models import OrgRole
from suppliers.models import Paper
from tests.cast import BY_NAME, actor
from tests.clients import signed_in, with_token
from tests.world_problems import a_problem, confirmed

pytestmark = pytest.mark.django_db
HAT = re.compile("set_config|current_setting|SAVEPOINT")  # what a hat and a block cost, which are not counted here
ZHOU, LIN, WU, CHEN = actor("zhou"), actor("lin"), actor("wu"), actor("chen")
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
SAID = verbs.CampaignSaid(
    title_zh="湿摩擦色牢度自查月", title_en="A month of wet rubbing", message_zh="请抽三批自测。", task_zh="自测三批并录入", due_on=TODAY + timedelta(days=20),
    rule=Rule(regions=("330203",), nodes=("knitting",)),
)  # fmt: skip


@pytest.fixture
def eight():
    """Four firms of the cast are of the chain; four offices take a supplier's hat, so that there are eight."""
    with as_actor(actor("pan")):
        for who in ("mei", "an", "zhou", "pan"):
            OrgRole.objects.create(org_id=BY_NAME[who].org_id, hat="supplier")


def draft(said=SAID):
    with as_actor(ZHOU):
        return verbs.draft_campaign(actor=ZHOU, said=said, client_id=uuid4().hex, now=NOW)


def send(row):
    with as_actor(ZHOU):
        verbs.send_campaign(actor=ZHOU, campaign_id=row.pk, now=NOW)
    work(row)
    return look(row)


def work(row):
    """What the worker does: every piece that was asked for."""
    for _ in range(20):
        with acting_as(Hat.CLOCK):
            asked = list(OutboxEvent.objects.filter(task=verbs.TASK, done_at=None, payload__campaign_id=str(row.pk)))
        if not asked:
            return
        for event in asked:
            verbs.tell_piece(key=event.key, campaign_id=row.pk, after=event.payload["after"])


def look(row):
    with as_actor(ZHOU):
        return campaign_for(ZHOU, row.pk)


def reaches(row):
    with acting_as(Hat.CLOCK):
        return {reach.org_id for reach in CampaignReach.objects.filter(campaign=row)}


def counts(row):
    with as_actor(ZHOU):
        kept = CampaignUptake.objects.visible_to(ZHOU).filter(campaign_id=row.pk).first()
    return (kept.told, kept.seen, kept.done, kept.passed) if kept else (0, 0, 0, 0)


def test_a_campaign_tells_every_firm_that_fits_in_its_hat_once(eight):
    row = send(draft())

    assert row.state == "sent"
    assert counts(row) == (8, 0, 0, 0)
    with acting_as(Hat.CLOCK):
        told = {(todo.org_id, todo.hat, todo.due_on) for todo in Todo.objects.filter(kind="campaign_task", subject_id=row.pk)}
        assert Notification.objects.filter(kind="campaign_task", subject_id=row.pk).count() == 8
    assert (CHEN.org_id, "owner", SAID.due_on) in told
    assert (LIN.org_id, "supplier", SAID.due_on) in told
    assert len(told) == 8


def test_pieces_follow_each_other_and_a_piece_that_comes_twice_tells_nobody_twice(eight, monkeypatch):
    monkeypatch.setattr(verbs, "PIECE", 3)
    row = send(draft())
    again = verbs.tell_piece(key=f"{row.pk}:", campaign_id=row.pk, after="")

    assert again is False
    assert (look(row).state, counts(row)) == ("sent", (8, 0, 0, 0))
    with acting_as(Hat.CLOCK):
        assert OutboxEvent.objects.filter(task=verbs.TASK).count() == 3
        assert Notification.objects.filter(kind="campaign_task").count() == 8


def test_a_piece_costs_as_many_statements_for_many_firms_as_for_a_few_and_skips_whoever_was_told(eight, monkeypatch):
    row, cost = draft(), []
    with as_actor(ZHOU):
        verbs.send_campaign(actor=ZHOU, campaign_id=row.pk, now=NOW)
    with acting_as(Hat.CLOCK):
        for size in (2, 100, 100):
            monkeypatch.setattr(verbs, "PIECE", size)
            Campaign.objects.filter(pk=row.pk).update(state="sending")
            with CaptureQueriesContext(connection) as queries:
                verbs.tell_firms(NOW, campaign_id=row.pk, after="")
            cost.append(len([query for query in queries if not HAT.search(query["sql"])]))
        mails = OutboxEvent.objects.filter(task="notices.send_mail")
        told = (Notification.objects.filter(kind="campaign_task").count(), Todo.objects.filter(kind="campaign_task").count(), mails.count())
        hurried = mails.filter(patient=False).count()

    # Two; then the other six; then nobody, though asked from the start again.
    assert (cost, counts(row)[0]) == ([7, 7, 3], 8)
    assert (told, hurried) == ((8, 8, 8), 0)


def test_sending_twice_sends_once(eight):
    row = send(draft())
    with as_actor(ZHOU):
        verbs.send_campaign(actor=ZHOU, campaign_id=row.pk, now=NOW + timedelta(hours=1))
    work(row)

    assert look(row).sent_at == NOW
    assert counts(row)[0] == 8


def test_a_draft_is_drafted_once_for_its_client_id():
    with as_actor(ZHOU):
        first = verbs.draft_campaign(actor=ZHOU, said=SAID, client_id="one", now=NOW)
        second = verbs.draft_campaign(actor=ZHOU, said=replace(SAID, title_zh="另一个"), client_id="one", now=NOW)

    assert (second.pk, second.title_zh) == (first.pk, SAID.title_zh)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (SAID, "campaign_too_narrow"),  # four firms only
        (replace(SAID, rule=Rule(regions=("330206",))), "campaign_too_narrow"),
        (replace(SAID, due_on=TODAY - timedelta(days=1)), "campaign_day_past"),
    ],
)
def test_a_campaign_to_a_few_or_for_a_day_gone_by_is_not_sent(said, code):
    row = draft(said)

    with as_actor(ZHOU), pytest.raises(RuleBroken) as broken:
        verbs.send_campaign(actor=ZHOU, campaign_id=row.pk, now=NOW)

    assert broken.value.code == code
    assert (look(row).state, look(row).sent_at, reaches(row)) == ("draft", None, set())
    with acting_as(Hat.CLOCK):
        assert not OutboxEvent.objects.filter(task=verbs.TASK).exists()


def test_what_is_a_firms_own_narrows_who_is_told_and_never_what_is_counted_before(eight):
    with as_actor(LIN):
        Paper.objects.create(
            org_id=LIN.org_id,
            kind="certificate",
            standard="iso_9001",
            evidence_id=uuid4(),
            filed_at=NOW,
            expires_on=TODAY + timedelta(days=90),
        )
    with as_actor(WU):
        Paper.objects.create(
            org_id=WU.org_id, kind="certificate", standard="iso_9001", evidence_id=uuid4(), filed_at=NOW, expires_on=date(2025, 1, 1)
        )
    rule = replace(SAID.rule, lacks_certificate="iso_9001")
    with as_actor(ZHOU):
        before = (preview(SAID.rule, today=TODAY), preview(rule, today=TODAY), preview(replace(SAID.rule, open_findings=True), today=TODAY))
    row = send(draft(replace(SAID, rule=rule)))

    assert before == (Crowd(5), Crowd(5), Crowd(5))
    assert LIN.org_id not in reaches(row)
    assert WU.org_id in reaches(row)
    assert counts(row)[0] == 7
    # Seven of eight lack the paper: "at least 5" of so few would say it of most of them.
    assert (row.fits, uptake_of(row)["told"]) == (8, Crowd(untold=True))


def test_the_bureau_learns_how_many_and_its_hat_cannot_read_which(eight):
    row = send(draft())
    with as_actor(LIN):
        verbs.note_seen(actor=LIN, campaign_id=row.pk, now=NOW)
        verbs.note_seen(actor=LIN, campaign_id=row.pk, now=NOW + timedelta(minutes=1))
    with as_actor(WU):
        verbs.answer_campaign(actor=WU, campaign_id=row.pk, done=True, now=NOW)
        verbs.answer_campaign(actor=WU, campaign_id=row.pk, done=True, now=NOW)
    with as_actor(CHEN):
        verbs.answer_campaign(actor=CHEN, campaign_id=row.pk, done=True, now=NOW)
        verbs.answer_campaign(actor=CHEN, campaign_id=row.pk, done=False, now=NOW)

    assert counts(row) == (8, 3, 1, 1)
    said = uptake_of(look(row))
    assert (said["told"], said["seen"], said["done"], said["passed"]) == (
        Crowd(5),
        Crowd(untold=True),
        Crowd(untold=True),
        Crowd(untold=True),
    )
    with as_actor(ZHOU):
        assert CampaignReach.objects.visible_to(ZHOU).count() == 0
    page = signed_in("zhou", "en").get(f"/bureau/campaigns/{row.pk}/").content.decode()
    assert "at least 5" in page
    assert "not told, to protect firms" in page
    assert [m.org_en for m in BY_NAME.values() if m.who in ("lin", "wu", "chen") and m.org_en in page] == []


def test_a_task_that_is_done_leaves_the_list_of_that_firm_only(eight):
    row = send(draft())
    with as_actor(WU):
        verbs.answer_campaign(actor=WU, campaign_id=row.pk, done=True, now=NOW)

    with acting_as(Hat.CLOCK):
        open_ones = set(Todo.objects.filter(kind="campaign_task", subject_id=row.pk, done_at=None).values_list("org_id", flat=True))
    assert WU.org_id not in open_ones
    assert len(open_ones) == 7


def test_a_stopped_campaign_asks_nothing_more_and_tells_nobody_else(eight, monkeypatch):
    monkeypatch.setattr(verbs, "PIECE", 3)
    row = draft()
    with as_actor(ZHOU):
        verbs.send_campaign(actor=ZHOU, campaign_id=row.pk, now=NOW)
    verbs.tell_piece(key=f"{row.pk}:", campaign_id=row.pk, after="")
    reached = next(iter(reaches(row)))
    with as_actor(ZHOU):
        verbs.stop_campaign(actor=ZHOU, campaign_id=row.pk, now=NOW)
        verbs.stop_campaign(actor=ZHOU, campaign_id=row.pk, now=NOW + timedelta(hours=1))
    work(row)

    assert (look(row).state, look(row).stopped_at, counts(row)[0]) == ("stopped", NOW, 3)
    with acting_as(Hat.CLOCK):
        assert not Todo.objects.filter(kind="campaign_task", subject_id=row.pk, done_at=None).exists()
    firm = next(m for m in BY_NAME.values() if m.org_id == reached)
    told = replace(actor(firm.who), hat=Hat.SUPPLIER)
    with as_actor(told), pytest.raises(RuleBroken, match="campaign_over"):
        verbs.answer_campaign(actor=told, campaign_id=row.pk, done=True, now=NOW)
    assert counts(row)[2] == 0


def test_a_sent_campaign_is_not_said_anew_nor_thrown_away(eight):
    row = send(draft())

    with as_actor(ZHOU):
        with pytest.raises(RuleBroken, match="campaign_is_sent"):
            verbs.change_campaign(actor=ZHOU, campaign_id=row.pk, said=replace(SAID, title_zh="别的"))
        with pytest.raises(RuleBroken, match="campaign_is_sent"):
            verbs.drop_campaign(actor=ZHOU, campaign_id=row.pk)

    assert look(row).title_zh == SAID.title_zh


def test_a_firm_sees_only_what_it_was_told(eight):
    row = send(draft(replace(SAID, rule=replace(SAID.rule, lacks_certificate="iso_9001"))))
    other = draft()

    with as_actor(LIN):
        assert [reach.campaign_id for reach in told_to(LIN)[0]] == [row.pk]
        assert list(Campaign.objects.visible_to(LIN).values_list("pk", flat=True)) == [row.pk]
        with pytest.raises(Absent):
            reach_for(LIN, other.pk)
    assert signed_in("lin").get(f"/campaigns/{other.pk}/").status_code == 404
    assert signed_in("lin").get(f"/campaigns/{uuid4()}/").status_code == 404


def test_only_the_bureau_runs_campaigns(eight):
    row = draft()

    with as_actor(CHEN), pytest.raises(NotYours):
        verbs.send_campaign(actor=CHEN, campaign_id=row.pk, now=NOW)
    looker = replace(ZHOU, roles=frozenset({"viewer"}))
    with as_actor(looker), pytest.raises(NotYours):
        verbs.send_campaign(actor=looker, campaign_id=row.pk, now=NOW)

    assert look(row).state == "draft"


def test_the_pages_from_a_draft_to_a_task_that_is_done(eight):
    officer, mill = signed_in("zhou", "en"), signed_in("lin", "en")
    form = officer.get("/bureau/campaigns/new/?region=330203&node=knitting")
    sent = {
        "client_id": "page", "title_zh": "自查月", "message_zh": "请自查。", "task_zh": "自测三批", "due_on": f"{SAID.due_on}", "regions": ["330203"],
        "nodes": ["knitting"],
    }  # fmt: skip
    bad = officer.post("/bureau/campaigns/new/", {**sent, "title_zh": ""})
    saved = officer.post("/bureau/campaigns/new/", sent)
    campaign_id = saved.url.rsplit("/", 2)[1]

    assert (form.context["form"]["regions"].value(), form.context["form"]["nodes"].value()) == (["330203"], ["knitting"])
    assert bad.status_code == 422
    assert "at least 5" in officer.get(saved.url).content.decode()
    assert officer.post(f"{saved.url}send/").status_code == 302
    work(type("Row", (), {"pk": campaign_id}))
    page = mill.get(f"/campaigns/{campaign_id}/").content.decode()
    assert "自测三批" in page
    assert mill.post(f"/campaigns/{campaign_id}/done/").status_code == 302
    assert counts(type("Row", (), {"pk": campaign_id}))[:3] == (8, 1, 1)
    assert f"/campaigns/{campaign_id}/" in mill.get("/campaigns/").content.decode()
    for address in (
        "/bureau/campaigns/",
        "/bureau/campaigns/?state=sent",
        "/bureau/campaigns/export/?as=csv",
        "/bureau/campaigns/export/?as=xlsx",
    ):
        assert officer.get(address).status_code == 200, address
        assert mill.get(address).status_code == 403, address


def test_a_campaign_from_a_problem_is_for_its_step_and_names_it(eight):
    problem, officer = confirmed(a_problem(now=NOW), now=NOW), signed_in("zhou", "en")

    form = officer.get(f"/bureau/campaigns/new/?problem={problem.pk}").context["form"]
    row = draft(replace(SAID, problem_id=problem.pk))

    assert (form["nodes"].value(), form["regions"].value(), form["problem_id"].value()) == (["knitting"], None, str(problem.pk))
    assert f"/bureau/campaigns/new/?problem={problem.pk}" in officer.get(f"/bureau/problems/{problem.pk}/").content.decode()
    assert f"/bureau/problems/{problem.pk}/" in officer.get(f"/bureau/campaigns/{row.pk}/").content.decode()
    with pytest.raises(Absent):
        draft(replace(SAID, problem_id=uuid4()))
    assert officer.get("/bureau/campaigns/new/?problem=none&policy=neither").status_code == 200


def test_the_same_by_api(eight):
    client, headers = signed_in("zhou"), with_token("zhou")
    body = {"title_zh": "自查月", "message_zh": "请自查。", "task_zh": "自测三批", "due_on": f"{SAID.due_on}", "regions": ["330203"]}
    made = client.post("/api/v1/bureau/campaigns/", body, content_type="application/json", **headers)
    address = f"/api/v1/bureau/campaigns/{made.json()['id']}/"
    sent = client.post(f"{address}send/", content_type="application/json", **headers)
    work(type("Row", (), {"pk": made.json()["id"]}))
    done = client.post(
        f"/api/v1/campaigns/{made.json()['id']}/answer/", {"done": True}, content_type="application/json", **with_token("lin")
    )

    assert (made.status_code, made.json()["fit"]) == (201, {"at_least": 5, "untold": False})
    assert sent.json()["state"] == "sending"
    assert (done.status_code, done.json()["state"]) == (200, "done")
    assert client.get(address, **headers).json()["uptake"]["told"] == {"at_least": 5, "untold": False}
