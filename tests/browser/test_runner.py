"""A visit on a phone without a network: taken along, begun at the gate, walked, closed, sent over a bad line, handed in."""

from __future__ import annotations

import io
import json
import random
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from PIL import Image

from audits.models import Audit, CorrectiveAction, Finding
from audits.questions import Answer, asked_of, fails, missing
from audits.selectors.running import standing_of, visit_for
from audits.services.handing_in import hand_in
from audits.visit_state import state_json
from foundation.actor import as_actor
from suppliers.models import Site
from tests.browser.conftest import PHONE, open_eyes
from tests.browser.line import BadLine
from tests.cast import actor
from tests.clients import signed_in
from tests.db.audits.stage import agreement_in_force
from tests.visits import colleague, op, sends, visit, walked

CHEN, LIN = actor("chen"), actor("lin")
GATE = "gate-of-the-mill-01"


@dataclass
class Mill:
    """Two visits at Lin's mill and a finding of a third."""

    audit: Audit
    other: Audit
    finding: Any
    second: Any


@pytest.fixture(scope="module")
def mill(stack, tmp_path_factory) -> Mill:
    return furnished(tmp_path_factory.mktemp("past"))


def furnished(folder: Path) -> Mill:
    second, now = colleague(), timezone.now()
    with transaction.atomic():
        agreement = agreement_in_force(starts=timezone.localdate() - timedelta(days=200))
        with as_actor(LIN):
            Site.objects.filter(org_id=LIN.org_id, is_main=True).update(gate_token=GATE)
        audit = visit(agreement, checklist="bedding-process-1", team=(second,))
        other = visit(agreement)
        past = visit(agreement)
        minor = op(
            "finding", finding=uuid4(), question="MW-3", grade="minor", requirement="校准有效", observed="标签过期", gap="两个月没校准"
        )
        walked(past, folder, findings=(minor,), q3="no")
        with as_actor(CHEN):
            hand_in(actor=CHEN, audit_id=past.pk, sha256=None, now=now)
            finding = Finding.objects.get(audit_id=past.pk)
    return Mill(audit, other, finding, second)


@pytest.fixture
def line(stack):
    made = BadLine(stack.url)
    yield made
    made.close()


def shot(folder: Path, number: int) -> str:
    """A photo as a camera gives it: large, and unlike the others."""
    grain = random.Random(number)
    small = Image.frombytes("RGB", (160, 120), grain.randbytes(160 * 120 * 3))
    out = io.BytesIO()
    small.resize((2400, 1800), Image.Resampling.BICUBIC).save(out, "JPEG", quality=92)
    path = folder / f"IMG_{number}.jpg"
    path.write_bytes(out.getvalue())
    return str(path)


def phone(browser, stack, line, who: str):
    eyes = open_eyes(browser, stack, screen=PHONE, language="zh-hans", who=who)
    return eyes.context, eyes.page()


def ready(page: Any, url: str) -> None:
    """The runner is open and its worker keeps it."""
    page.goto(f"{url}/audits/run/")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def clean(page: Any) -> None:
    found = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))"
    )
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def state_of(audit: Audit) -> dict[str, Any]:
    with as_actor(CHEN):
        standing = standing_of(CHEN, visit_for(CHEN, audit.pk))
        return json.loads(json.dumps(state_json(standing, timezone.now()), default=str))


def rows(page: Any, shelf: str) -> int:
    return page.evaluate(
        """async shelf => { const name = (await indexedDB.databases()).map(d => d.name).find(n => /^qcchain-runner-[0-9a-f]{8}/.test(n));
        if (!name) return 0;
        const db = await new Promise(good => { const r = indexedDB.open(name); r.onsuccess = () => good(r.result); });
        const n = await new Promise(good => { const r = db.transaction(shelf).objectStore(shelf).count(); r.onsuccess = () => good(r.result); });
        db.close(); return n; }""",
        shelf,
    )


def test_a_visit_without_a_network_ends_with_all_of_it_on_the_server_after_twenty_cuts(stack, browser, mill, line, tmp_path):
    context, page = phone(browser, stack, line, "chen")
    context.add_cookies([{**cookie, "url": line.url} for cookie in ({"name": c["name"], "value": c["value"]} for c in context.cookies())])
    ready(page, line.url)
    page.get_by_role("listitem").filter(has_text="云杼").get_by_role("button", name="下载").first.wait_for()
    page.goto(f"{line.url}/audits/run/#/get/{mill.audit.pk}")
    page.get_by_role("link", name="开始审核").wait_for()

    context.set_offline(True)
    page.goto(f"{line.url}/audits/run/gate/{GATE}/")
    page.get_by_role("link", name="开始审核").click()
    assert "已扫门口的码" in page.inner_text("main")
    page.get_by_label("首次会议到场的人").fill("王师傅，李工")
    page.get_by_role("button", name="开始").click()
    page.get_by_text("仅在本机").first.wait_for()

    context.set_offline(False)
    page.get_by_role("button", name="立即上传").click()
    page.locator("#runner-line").get_by_text("全部已存").wait_for()
    context.set_offline(True)
    asked = state_of(mill.audit)["on_server"]["asked"]
    assert asked == 12
    codes = page.evaluate("[...document.querySelectorAll('.ask a')].map(a => decodeURIComponent(a.hash.split('/').pop()))")
    clash = op("answer", question=codes[4], base_version=0, value="no", na=False, note="夜班漏签")
    with transaction.atomic():
        assert sends(mill.second, mill.audit, clash, now=timezone.now())[0]["status"] == "saved"

    page.get_by_role("link", name="继续", exact=True).click()
    for number in range(12):
        page.get_by_text(f"第 {number + 1} 题，共 12 题").wait_for()
        bad = number == 2
        if page.locator("#number").count():
            page.locator("#number").fill("1.5")
            page.locator("#number").blur()
        else:
            page.get_by_role("radio", name="不合格" if bad else "合格", exact=True).check()
        page.locator("#photo").set_input_files(shot(tmp_path, number))
        page.locator(".photo img").wait_for()
        if bad:
            page.get_by_label("主要").check()
            page.get_by_label("事实").fill("三卷布没有批号")
            page.get_by_label("差距").fill("追溯中断")
            page.get_by_label("差距").blur()
            page.locator("#finding [role=status]").get_by_text("已留在本机").wait_for()
            clean(page)
        page.get_by_role("link", name="下一题").click()
    page.get_by_role("link", name="进入末次会议").click()
    page.get_by_role("heading", name="末次会议").wait_for()
    assert "三卷布没有批号" in page.inner_text("main")
    page.get_by_label("职务").fill("厂长")
    page.get_by_label("姓名").fill("王师傅")
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 20, steps=5)
    page.mouse.up()
    clean(page)
    page.get_by_role("button", name="保存").click()
    page.get_by_text("还没有全部上传").wait_for()
    page.reload()
    page.locator("#runner-line").get_by_text("仅在本机").wait_for()
    assert (list(state_of(mill.audit)["answers"]), state_of(mill.audit)["photos"]) == ([codes[4]], [])

    line.cuts = 20
    context.set_offline(False)
    page.get_by_text("有 1 题出现两个答案").wait_for(timeout=90_000)
    page.goto(f"{line.url}/audits/run/#/queue")
    card = page.locator(f"#conflict-{codes[4]}")
    assert {"合格", "不合格"} <= set(card.locator("b").all_inner_texts()) and "夜班漏签" in card.inner_text()
    clean(page)
    card.locator(".row").filter(has_not_text="夜班漏签").get_by_role("button", name="用这个").click()
    page.goto(f"{line.url}/audits/run/#/v/{mill.audit.pk}")
    page.get_by_text("12／12 题、12 张照片已在服务器").wait_for(timeout=120_000)
    there = state_of(mill.audit)
    assert line.made == 20
    assert page.locator("p.mono").inner_text() == there["on_server"]["sha256"]
    assert (there["on_server"]["answered"], there["on_server"]["arrived"], there["closing"]["word"], there["opening"]["by_gate"]) == (
        12,
        12,
        "agrees",
        True,
    )
    assert (there["answers"][codes[4]]["value"], [f["gap"] for f in there["findings"]]) == ("yes", ["追溯中断"])
    assert max(photo["size"] for photo in there["photos"]) <= 400_000

    page.get_by_role("button", name="提交审核").click()
    page.get_by_role("heading", name="已提交").wait_for()
    assert "12／12 题、12 张照片已在服务器" in page.inner_text("main")
    assert state_of(mill.audit)["state"] == "submitted"
    assert [rows(page, shelf) for shelf in ("photos", "ops", "answers")] == [0, 0, 0]


def test_a_corrective_action_is_written_without_a_network_and_goes_by_itself(stack, browser, mill, tmp_path):
    context, page = phone(browser, stack, None, "lin")
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


def test_what_waits_is_shown_to_nobody_else_and_kept_until_its_own_person_signs_in(stack, browser, mill):
    context, page = phone(browser, stack, None, "chen")
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
