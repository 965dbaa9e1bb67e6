"""The list of policy tools: the bureau keeps it, everybody reads what is published, a firm says what it asked for."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from foundation.actor import Hat, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from oversight.campaign_rules import Rule
from oversight.models import PolicyTool, PolicyUse
from oversight.selectors.policies import PoliciesAsked, policies, policy_for
from oversight.services import policies as verbs
from parties.models import OrgRole
from tests.cast import BY_NAME, actor
from tests.clients import signed_in, with_token

pytestmark = pytest.mark.django_db
ZHOU, LIN, CHEN, MEI = actor("zhou"), actor("lin"), actor("chen"), actor("mei")
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
SAID = verbs.PolicySaid(
    kind="testing", title_zh="检测费减半", title_en="Testing at half price", eligible_zh="小微企业", apply_zh="到一站式窗口", valid_from=TODAY,
    rule=Rule(regions=("330203",)),
)  # fmt: skip


def drafted(said=SAID, client_id=""):
    with as_actor(ZHOU):
        return verbs.draft_policy(actor=ZHOU, said=said, client_id=client_id or uuid4().hex, now=NOW)


def published(said=SAID):
    row = drafted(said)
    with as_actor(ZHOU):
        return verbs.publish_policy(actor=ZHOU, policy_id=row.pk, now=NOW)


def listed(who, **asked):
    with as_actor(who):
        return [row.title_zh for row in policies(who, PoliciesAsked(**asked), today=TODAY)[0]]


@pytest.mark.parametrize("who", ["chen", "lin", "mei", "an", "pan"])
def test_a_draft_is_the_bureaus_own(who):
    row, reader = drafted(), actor(who)

    with as_actor(reader):
        assert PolicyTool.objects.visible_to(reader).count() == 0
        with pytest.raises(Absent):
            policy_for(reader, row.pk)


@pytest.mark.parametrize("who", ["chen", "lin", "mei", "an", "pan", "zhou"])
def test_what_is_published_is_everybodys(who):
    published()

    assert listed(actor(who)) == ["检测费减半"]
    assert signed_in(who).get("/lists/policies/").status_code == 200


def test_the_same_client_id_is_drafted_once():
    assert drafted(client_id="one").pk == drafted(replace(SAID, title_zh="别的"), client_id="one").pk


def test_a_measure_whose_days_are_over_leaves_the_list_and_is_found_among_the_old():
    published(replace(SAID, valid_from=TODAY - timedelta(days=9), valid_to=TODAY - timedelta(days=1)))
    published(replace(SAID, title_zh="今天最后一天", valid_to=TODAY))

    assert listed(LIN) == ["今天最后一天"]
    assert listed(LIN, state="retired") == ["检测费减半"]


def test_a_firm_finds_what_fits_it():
    published()
    published(replace(SAID, title_zh="别的区", rule=Rule(regions=("330206",))))
    published(replace(SAID, title_zh="人人都有", rule=Rule()))

    assert listed(LIN, fits=True) == ["人人都有", "检测费减半"]
    assert listed(LIN, q="half") == ["人人都有", "别的区", "检测费减半"]
    assert listed(LIN, kind="credit") == []


def test_days_that_cannot_be_are_refused_and_nothing_is_written():
    with as_actor(ZHOU), pytest.raises(RuleBroken, match="policy_days"):
        verbs.draft_policy(actor=ZHOU, said=replace(SAID, valid_to=TODAY - timedelta(days=1)), client_id="x", now=NOW)

    assert listed(ZHOU, state="draft") == []


def test_a_firm_says_once_that_it_asked_and_nobody_reads_that_it_did():
    row = published()
    with as_actor(LIN):
        verbs.say_used(actor=LIN, policy_id=row.pk, now=NOW)
        verbs.say_used(actor=LIN, policy_id=row.pk, now=NOW + timedelta(days=1))
        assert [use.at for use in PolicyUse.objects.visible_to(LIN)] == [NOW]

    for who in (ZHOU, CHEN, MEI):
        with as_actor(who):
            assert PolicyUse.objects.visible_to(who).count() == 0
            assert policy_for(who, row.pk).n_used == 0


def test_uptake_is_kept_in_fives():
    row = published()
    with as_actor(actor("pan")):
        for who in ("mei", "an", "zhou", "pan"):
            OrgRole.objects.create(org_id=BY_NAME[who].org_id, hat="supplier")
    counts = []
    for who in ("chen", "lin", "fang", "wu", "mei", "an"):
        firm = actor(who) if who in ("chen", "fang") else replace(actor(who), hat=Hat.SUPPLIER)
        with as_actor(firm):
            verbs.say_used(actor=firm, policy_id=row.pk, now=NOW)
            counts.append(policy_for(firm, row.pk).n_used)

    assert counts == [0, 0, 0, 0, 5, 5]


def test_what_is_not_offered_is_not_asked_for():
    row = published()
    with as_actor(ZHOU):
        verbs.retire_policy(actor=ZHOU, policy_id=row.pk, now=NOW)
        with pytest.raises(RuleBroken, match="policy_is_retired"):
            verbs.publish_policy(actor=ZHOU, policy_id=row.pk, now=NOW)

    with as_actor(LIN):
        with pytest.raises(RuleBroken, match="policy_not_open"):
            verbs.say_used(actor=LIN, policy_id=row.pk, now=NOW)
        assert PolicyUse.objects.visible_to(LIN).count() == 0


def test_only_the_bureau_keeps_the_list():
    row = drafted()
    looker = replace(ZHOU, roles=frozenset({"viewer"}))

    for who in (CHEN, MEI):
        with as_actor(who), pytest.raises(NotYours):
            verbs.publish_policy(actor=who, policy_id=row.pk, now=NOW)
    with as_actor(looker), pytest.raises(NotYours):
        verbs.publish_policy(actor=looker, policy_id=row.pk, now=NOW)
    assert listed(ZHOU, state="draft") == ["检测费减半"]


def test_the_pages_from_a_draft_to_a_firm_that_asked():
    officer, mill = signed_in("zhou", "en"), signed_in("lin", "en")
    sent = {
        "client_id": "page", "kind": "credit", "title_zh": "质量贷", "eligible_zh": "有画像", "apply_zh": "找银行", "valid_from": f"{TODAY}",
        "sizes": ["small"],
    }  # fmt: skip
    saved = officer.post("/bureau/policies/new/", sent)
    policy_id = saved.url.rsplit("/", 2)[1]
    hidden = mill.get(saved.url).status_code
    officer.post(f"/bureau/policies/{policy_id}/publish/")
    changed = officer.post(f"/bureau/policies/{policy_id}/edit/", {**sent, "title_zh": "质量贷款"})
    page = mill.get(saved.url).content.decode()
    used = mill.post(f"{saved.url}asked/")

    assert (saved.status_code, hidden, changed.status_code, used.status_code) == (302, 404, 302, 302)
    assert "质量贷款" in page
    assert "fits your firm" in page
    assert "Your firm has asked for it" in mill.get(saved.url).content.decode()
    for address in (
        "/lists/policies/?fits=1&q=%00",
        "/lists/lists.xlsx",
        "/lists/policies/export/?as=csv",
        "/lists/policies/export/?as=xlsx",
    ):
        assert mill.get(address).status_code == 200, address
    assert officer.get("/lists/policies/?state=draft").status_code == 200
    assert mill.get("/bureau/policies/new/").status_code == 403


def test_the_same_by_api():
    client, headers = signed_in("zhou"), with_token("zhou")
    body = {
        "kind": "training",
        "title_zh": "首席质量官培训",
        "eligible_zh": "中小企业",
        "apply_zh": "网上报名",
        "valid_from": f"{TODAY}",
        "nodes": ["knitting"],
    }
    made = client.post("/api/v1/bureau/policies/", body, content_type="application/json", **headers)
    policy_id = made.json()["id"]
    moved = client.post(f"/api/v1/bureau/policies/{policy_id}/move/", {"step": "publish"}, content_type="application/json", **headers)
    found = client.get("/api/v1/policies/?kind=training", **with_token("mei")).json()["results"]
    used = client.post(f"/api/v1/policies/{policy_id}/asked/", content_type="application/json", **with_token("lin"))

    assert (made.status_code, moved.json()["state"], used.status_code) == (201, "published", 200)
    assert [(row["id"], row["rule"], row["used"]) for row in found] == [
        (policy_id, {"nodes": ["knitting"]}, {"at_least": 0, "untold": False})
    ]
