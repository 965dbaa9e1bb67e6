"""A visit on two phones without a network: taken along, begun at the gate, walked, closed, sent over a bad line, handed in."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audits.models import Audit, CorrectiveAction, FollowUpItem, VisitOp
from audits.questions import Answer, asked_of, fails, missing
from audits.selectors.running import standing_of, visit_for
from audits.services.steps import accept_plan
from audits.visit_state import state_json
from foundation.actor import as_actor
from tests.browser.conftest import PHONE, open_eyes
from tests.browser.line import BadLine
from tests.browser.mill import ASKED, CHEN, GATE, LIN, PICTURED, Mill, furnished
from tests.browser.onsite import answers_with_photo, clean, phone, ready, rows, shot, signs, taken_along, waiting
from tests.clients import signed_in


@pytest.fixture(scope="module")
def mill(stack, tmp_path_factory) -> Mill:
    return furnished(tmp_path_factory.mktemp("past"))


@pytest.fixture
def line(stack):
    made = BadLine(stack.url)
    yield made
    made.close()


def state_of(audit: Audit) -> dict[str, Any]:
    with as_actor(CHEN):
        standing = standing_of(CHEN, visit_for(CHEN, audit.pk))
        return json.loads(json.dumps(state_json(standing, timezone.now()), default=str))


def test_two_auditors_without_a_network_end_with_forty_two_of_forty_two_on_the_server_after_twenty_cuts(stack, browser, mill, line, tmp_path):
    (first, page), (second, other) = phone(browser, stack, "chen"), phone(browser, stack, mill.colleague)
    taken_along(page, line.url, mill.audit)
    taken_along(other, line.url, mill.audit)
    here = f"{line.url}/audits/run/#/v/{mill.audit.pk}"

    first.set_offline(True)
    second.set_offline(True)
    page.goto(f"{line.url}/audits/run/gate/{GATE}/")
    page.get_by_role("link", name="开始审核").click()
    assert "已扫门口的码" in page.inner_text("main")
    page.get_by_label("首次会议到场的人").fill("王师傅，李工")
    page.get_by_role("button", name="开始").click()
    page.get_by_role("link", name="继续", exact=True).click()
    page.get_by_text("合格的样子").click()
    page.wait_for_function("document.querySelector('details .pic')?.naturalWidth === 640")
    for number in range(1, 7):
        answers_with_photo(page, tmp_path, number, of=ASKED, passes=number != 3)
        if number == 3:
            page.get_by_label("主要").check()
            page.get_by_label("事实").fill("三卷布没有批号")
            page.get_by_label("差距").fill("追溯中断")
            page.get_by_label("差距").blur()
            page.locator("#finding [role=status]").get_by_text("已留在本机").wait_for()
            clean(page)
        page.get_by_role("link", name="下一题").click()
    page.goto(here)
    for number in range(13, 29):
        page.locator(f"#pass-S-{number}").click()
    page.get_by_role("link", name="进入末次会议").click()
    page.get_by_text("还有 20 题没完成").wait_for()
    assert "三卷布没有批号" in page.inner_text("main")
    page.get_by_label("职务").fill("厂长")
    signs(page, "王师傅")
    clean(page)
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已完成 22／42 题").first.wait_for()
    page.reload()
    page.locator("#runner-line").get_by_text("仅在本机").wait_for()

    other.goto(f"{here}/start")
    other.get_by_label("首次会议到场的人").fill("李工，赵工")
    other.get_by_role("button", name="开始").click()
    other.get_by_text("仅在本机").first.wait_for()
    other.goto(f"{here}/q/S-7")
    for number in range(7, 13):
        answers_with_photo(other, tmp_path, number, of=ASKED)
        other.get_by_role("link", name="下一题").click()
    other.goto(f"{here}/q/S-20")
    other.get_by_role("radio", name="不合格", exact=True).check()
    other.locator("#note").fill("夜班漏签")
    other.locator("#note").blur()
    other.goto(here)
    for number in range(28, 43):
        other.locator(f"#pass-S-{number}").click()
    other.get_by_text("已完成 22／42 题").first.wait_for()
    written = [*waiting(page), *waiting(other)]
    assert Counter(kind for kind, _ in written) == {"start": 2, "answer": 44, "photo": PICTURED, "finding": 1, "closing": 1}
    assert (state_of(mill.audit)["state"], state_of(mill.audit)["answers"], state_of(mill.audit)["photos"]) == ("notified", {}, [])

    line.cuts = 20
    second.set_offline(False)
    first.set_offline(False)
    for screen in (other, page):
        screen.locator("#runner-line").get_by_text("全部已存").wait_for(timeout=90_000)
    assert state_of(mill.audit)["on_server"]["arrived"] == PICTURED  # it is said of nothing that is not there
    page.get_by_role("button", name="立即上传").click()
    page.get_by_text("有 1 题出现两个答案").wait_for()
    page.goto(f"{line.url}/audits/run/#/queue")
    card = page.locator("#conflict-S-20")
    card.wait_for()
    assert {"合格", "不合格"} <= set(card.locator("b").all_inner_texts())
    assert [word in card.inner_text() for word in ("夜班漏签", "小林", CHEN.person_name)] == [True, True, True]
    clean(page)
    card.locator(".row").filter(has_not_text="夜班漏签").get_by_role("button", name="用这个").click()
    card.wait_for(state="detached")
    page.goto(here)
    page.get_by_text("42／42 题、12 张照片已在服务器").wait_for()
    other.get_by_role("button", name="立即上传").click()
    other.get_by_text("42／42 题、12 张照片已在服务器").wait_for()

    there = state_of(mill.audit)
    assert line.made == 20
    assert {one.locator("p.mono").inner_text() for one in (page, other)} == {there["on_server"]["sha256"]}
    assert {name: there["on_server"][name] for name in ("asked", "answered", "photos", "arrived", "complete")} == {
        "asked": ASKED, "answered": ASKED, "photos": PICTURED, "arrived": PICTURED, "complete": True,
    }  # fmt: skip
    assert (there["closing"]["word"], there["opening"]["by_gate"], set(there["opening"]["names"])) == ("agrees", True, {"王师傅", "李工", "赵工"})
    assert (there["answers"]["S-20"]["value"], [f["gap"] for f in there["findings"]]) == ("yes", ["追溯中断"])
    assert max(photo["size"] for photo in there["photos"]) <= 400_000
    with as_actor(CHEN):
        applied = list(VisitOp.objects.filter(audit=mill.audit).values_list("kind", "client_id", "outcome"))
    assert {(kind, str(client_id)) for kind, client_id, _ in applied if kind != "resolve"} == set(written)
    assert (len(applied), [kind for kind, _, outcome in applied if outcome == "conflict"]) == (len(written) + 1, ["answer"])

    page.get_by_role("button", name="提交审核").click()
    page.get_by_role("heading", name="已提交").wait_for()
    other.goto(f"{line.url}/audits/run/#/")
    other.get_by_role("button", name="立即上传").click()
    other.get_by_role("heading", name="已提交").wait_for()
    for screen in (page, other):
        assert "42／42 题、12 张照片已在服务器" in screen.inner_text("main")
        assert [rows(screen, shelf) for shelf in ("packs", "photos", "ops", "answers")] == [0, 0, 0, 0]
    assert state_of(mill.audit)["state"] == "submitted"


def test_a_corrective_action_is_written_without_a_network_and_goes_by_itself(stack, browser, mill, tmp_path):
    context, page = phone(browser, stack, "lin")
    ready(page, stack.url)
    page.goto(f"{stack.url}/audits/run/#/f/{mill.finding.pk}")
    page.get_by_label("立即纠正").wait_for()
    context.set_offline(True)
    page.reload()
    for label, words in (("立即纠正", "停用卡尺"), ("原因", "没有提醒"), ("防止再发", "建台账，每月核对")):
        page.get_by_label(label).fill(words)
    page.locator("input[type=file]").set_input_files(shot(tmp_path, 40))
    page.get_by_text("● 本机").wait_for()
    page.get_by_role("button", name="保存并发送").click()
    page.get_by_text("有网络后自动发送").wait_for()
    clean(page)
    with as_actor(LIN):
        assert CorrectiveAction.objects.filter(finding=mill.finding).count() == 0

    context.set_offline(False)
    page.get_by_text("您的整改已送到链主").wait_for(timeout=30_000)
    with as_actor(LIN):
        assert CorrectiveAction.objects.get(finding=mill.finding).cause == "没有提醒"


def test_what_was_found_again_goes_step_by_step_without_a_network(stack, browser, mill, tmp_path):
    context, page = phone(browser, stack, "lin")
    ready(page, stack.url)
    page.goto(f"{stack.url}/audits/run/#/f/{mill.repeated.pk}")
    page.get_by_label("您立即做了什么").wait_for()
    assert "第 2 次发现" in page.inner_text("main") and page.get_by_label("立即纠正").count() == 0
    context.set_offline(True)
    page.get_by_label("您立即做了什么").fill("停用所有卡尺")
    page.get_by_label("查了哪些").fill("三批")
    page.reload()  # what was typed is kept
    page.get_by_role("button", name="保存并发送").click()
    day = timezone.localdate() + timedelta(days=9)
    for label, words in (("为什么会发生", "没人记日期"), ("原因", "没有台账"), ("防止再发", "建台账"), ("负责人", "王师傅"), ("完成日期", day.isoformat())):
        page.get_by_label(label).fill(words)
    page.get_by_role("button", name="保存并发送").click()
    page.locator("#runner-line").get_by_text("仅在本机 · 2 项待上传").wait_for()
    assert [kind for kind, _ in waiting(page)] == ["contain", "plan"]
    clean(page)

    context.set_offline(False)
    page.get_by_text("计划待链主确认").wait_for()
    with as_actor(CHEN):
        accept_plan(actor=CHEN, finding_id=mill.repeated.pk, now=timezone.now())
    page.get_by_role("button", name="立即上传").click()
    page.get_by_label("您做了什么").wait_for()
    context.set_offline(True)
    page.get_by_label("您做了什么").fill("台账已建，全部送检")
    page.get_by_role("button", name="保存并发送").click()
    page.get_by_text("这一步需要照片").wait_for()
    page.locator("input[type=file]").set_input_files(shot(tmp_path, 41))
    page.get_by_text("● 本机").wait_for()
    page.get_by_role("button", name="保存并发送").click()
    page.get_by_text("有网络后自动发送").wait_for()
    context.set_offline(False)
    page.get_by_text("您的整改已送到链主").wait_for()
    with as_actor(LIN):
        done = CorrectiveAction.objects.get(finding=mill.repeated)
        assert (done.finding.state, done.plan.whys, done.plan.planned_for, done.action) == ("implemented", ["没人记日期"], day, "台账已建，全部送检")
    assert [rows(page, shelf) for shelf in ("ops", "photos")] == [0, 0]


def test_a_follow_up_looks_without_a_network_at_what_was_open_and_at_nothing_else(stack, browser, mill, line):
    context, page = phone(browser, stack, "chen")
    taken_along(page, line.url, mill.again)
    page.locator("#runner-line").get_by_text("全部已存").wait_for()
    line.hangs = True
    page.get_by_role("button", name="立即上传").click()
    page.get_by_role("link", name="开始审核").click()
    page.get_by_role("button", name="开始").click()
    page.locator("#runner-line").get_by_text("1 项待上传").wait_for()  # and no longer that all is saved, though the line only hangs
    context.set_offline(True)
    line.hangs = False
    page.get_by_text("已完成 0／1 题").first.wait_for()
    page.get_by_role("link", name="继续", exact=True).click()
    page.get_by_label("已改好").check()
    page.get_by_label("用您的话写").fill("新标签，在有效期内")
    clean(page)
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="进入末次会议").click()
    signs(page, "王师傅")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已完成 1／1 题").first.wait_for()
    with as_actor(CHEN):
        assert FollowUpItem.objects.get(audit=mill.again).outcome == ""

    context.set_offline(False)
    page.get_by_text("1／1 题、0 张照片已在服务器").wait_for()
    page.get_by_role("button", name="提交审核").click()
    page.get_by_role("heading", name="已提交").wait_for()
    with as_actor(CHEN):
        item = FollowUpItem.objects.select_related("audit").get(audit=mill.again)
    assert (item.finding_id, item.outcome, item.seen, item.audit.state) == (mill.finding.pk, "put_right", "新标签，在有效期内", "submitted")


def test_what_waits_is_shown_to_nobody_else_and_kept_until_its_own_person_signs_in(stack, browser, mill):
    context, page = phone(browser, stack, "chen")
    ready(page, stack.url)
    page.goto(f"{stack.url}/audits/run/#/get/{mill.other.pk}")
    page.get_by_role("link", name="开始审核").click()
    context.set_offline(True)
    page.get_by_role("button", name="开始").click()
    page.locator("#runner-line").get_by_text("仅在本机 · 1 项待上传").wait_for()
    chens = next(c for c in context.cookies() if c["name"] == "sessionid")

    context.clear_cookies(name="sessionid")
    context.set_offline(False)
    page.get_by_text("请登录后发送").wait_for()
    page.locator("#runner-line").get_by_text("仅在本机 · 1 项待上传").wait_for()

    fangs = signed_in("fang").cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": fangs, "url": stack.url}])
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    page.goto(f"{stack.url}/home/")
    page.goto(f"{stack.url}/audits/run/")
    page.get_by_text("目前没有安排给您的审核").wait_for()
    page.wait_for_timeout(800)
    assert "云杼" not in page.inner_text("body") and asked == []
    page.get_by_role("link", name="全部审核").count()
    page.goto(f"{stack.url}/account/sign-out/")
    page.locator("main form button[type=submit], form[action*=sign-out] button").first.click()
    page.goto(f"{stack.url}/audits/run/")
    page.get_by_role("heading", name="请先登录").wait_for()
    assert "本机还有别人未发送的内容" in page.inner_text("main")

    context.add_cookies([{k: chens[k] for k in ("name", "value", "domain", "path")}])
    page.goto(f"{stack.url}/home/")
    page.goto(f"{stack.url}/audits/run/")
    page.locator("#runner-line").get_by_text("全部已存").wait_for()
    with as_actor(CHEN):
        assert Audit.objects.get(pk=mill.other.pk).state == "in_progress"


@dataclass
class Asked:
    code: str
    kind: str
    options: list[Any]
    lowest: str = ""
    highest: str = ""
    photo: str = "none"
    photos_least: int = 1
    show_if: Any = ()
    node_codes: Any = ()


def test_the_phone_judges_answers_as_the_server_does(stack, browser):
    scale = [Asked(f"s{n}", "scale", [], photo="on_no", show_if=[{"code": "y", "is": ["yes", "na"]}]) for n in range(2)]
    questions = [
        Asked("y", "yes_no", [], photo="always", photos_least=2), *scale,
        Asked("n", "number", [], lowest="1.5", highest="9", show_if=[{"code": "s0", "above": "4"}]),
        Asked("m", "number", [], show_if=[{"code": "n", "below": "3"}], node_codes=["dyeing"]),
        Asked("c", "choice", [{"code": "a", "share": 100}, {"code": "b", "share": 50}, {"code": "z", "share": None}], photo="on_no"),
        Asked("t", "text", [], show_if=[{"code": "c", "is_not": ["a"]}]), Asked("p", "photo", [], photos_least=3), Asked("g", "signature", []),
    ]  # fmt: skip
    values = {
        "y": ["yes", "no"], "s0": [0, 4, 6, 10], "s1": [8], "n": ["1.4", "1.50", "12"], "m": ["2"], "c": ["a", "b", "z"], "t": ["字"], "p": [None],
        "g": [{"name": "王", "strokes": []}],
    }  # fmt: skip
    dice = random.Random(7)
    cases = []
    for _case in range(120):
        said = {
            q.code: Answer(dice.choice([None, *values[q.code]]), dice.random() < 0.15, dice.choice(["", "因为"]))
            for q in questions
            if dice.random() < 0.8
        }
        cases.append(
            (
                {code: {"value": a.value, "na": a.na, "note": a.note} for code, a in said.items()},
                dice.choice([[], ["dyeing"], ["knitting"]]),
                dice.randrange(4),
                said,
            )
        )
    page = open_eyes(browser, stack, screen=PHONE, language="en").page()
    page.goto(f"{stack.url}/audits/run/")
    heard = page.evaluate(
        """async ([questions, cases]) => { const rules = await import("/static/runner/questions.js");
        return cases.map(([said, nodes, photos]) => rules.askedOf(questions, said, nodes).map(q => [q.code, rules.missing(q, said[q.code], photos), rules.fails(q, said[q.code])])); }""",
        [[{**q.__dict__, "show_if": list(q.show_if), "node_codes": list(q.node_codes)} for q in questions], [case[:3] for case in cases]],
    )
    wanted = [
        [[q.code, missing(q, said.get(q.code), photos), fails(q, said.get(q.code))] for q in asked_of(questions, said, nodes)]
        for _json, nodes, photos, said in cases
    ]

    assert heard == wanted
