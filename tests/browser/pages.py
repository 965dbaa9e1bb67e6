"""Every page that a persona may open, from the URL configuration, and what must be true of each of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import product
from typing import Any
from zlib import crc32

from django.urls import resolve
from django.utils import timezone

from agreements.models import Agreement, DraftBatch
from agreements.services import draft_agreement, send_agreement
from agreements.services.batches import add_suppliers
from audits.models import Audit
from audits.services import tick as audits_tick
from audits.services.programmes import ProgrammeSaid, draft_programme
from foundation.actor import Hat, as_actor
from onestop.services.portraits import share_portrait
from oversight.services.campaigns import CampaignSaid, draft_campaign
from parties.models import Membership
from parties.services.colleagues import ColleagueSaid, colleague_token, invite_colleague
from records.services.sequencer import sequence_once
from suppliers.models import SupplyLink
from suppliers.services.firm_sharing import show_to_owner
from tests import harness
from tests.browser.conftest import Stack, running_product
from tests.cast import BY_NAME, actor, link_id
from tests.contract.matrix.routes import Route, routes
from tests.world import build_story, invited
from tests.world_visits import under_way

PERSONAS = ("chen", "lin", "zhou", "pan", "mei", "an", "nobody")
# Other floors of the building: data for programs, downloads, pictures, and pieces that a page fetches for itself.
NOT_PAGES = {"notices:count", "records:evidence_file", "records:shared_file", "records:uploads", "records:upload", "agreements:text_pdf", "agreements:kept", "agreements:sign_certificate_back", "suppliers:export_file", "inspections:result_file_progress", "audits:packs", "audits:pack", "audits:state", "audits:finding_pack", "records:tus", "records:tus_upload", "oversight:case_file", "oversight:appeal_file"}
FILES = ("api/", "healthz", "readyz")
# Where somebody is sent on from, on purpose: the landing of a signed-in person is home, home of the bureau is its morning.
SENT_ON = {"onestop:portrait_why", "onestop:portrait_share", "onestop:portrait_appeal", "inspections:lot_by_token", "desk:landing", "desk:home", "account_login", "account_set_password", "account_reauthenticate", "suppliers:welcome", "suppliers:join_steps", "oversight:project_new", "oversight:technique_new", "agreements:talk", "agreements:propose", "agreements:days", "agreements:clause", "agreements:return", "suppliers:join_account", "suppliers:import_progress", "agreements:waive", "agreements:consent", "agreements:resume", "agreements:renew", "agreements:sample_change", "agreements:sample_return", "inspections:inspection_correct", "inspections:result_correct", "inspections:sampling_resume", "inspections:lot_decide", "inspections:change_edit"}
# Pages of a firm's own things, which only lin has in this world.
LINS_OWN = {"site_id", "process_id", "product_id", "instrument_id", "paper_id", "membership_id", "colleague_invitation_id", "deputy_id", "result_import_id"}
# Things that only these persons have.
WHOSE = {"score_appeal_id": ("lin", "zhou"), "portrait_token": ("nobody",), "report_of_problem_id": ("chen", "zhou"), "round_id": ("lin", "zhou", "mei"), "participant_id": ("mei",), "request_id": ("lin", "an"), "offer_id": ("an",)}
# A page of one's own file: the story's is lin's.
ONLY_LINS = {"records:file"}
# A technique is worded by the institute that wrote it.
ONLY_MEIS = {"oversight:technique_edit"}
# The checklist of the story is chen's own; a supplier reads one once a visit uses it.
ONLY_CHENS = {"audits:checklist", "audits:checklist_changes"}
# Signed out, these lead to the door.
FOR_THE_SIGNED_IN = {"account_logout", "account_change_password", "desk:hat"}
ABSENT_PAGE = Route("no-such-page/", "absent")


@dataclass
class World:
    """A running product and, for each person, the things that addresses may name."""

    name: str
    stack: Stack
    ids: dict[str, dict[str, list[Any]]] = field(default_factory=dict)


@contextmanager
def web_over(servers: harness.Servers, template: str, blocker: Any, name: str) -> Iterator[World]:
    """A web process over a database of its own, empty of stories."""
    with running_product(servers, template, blocker) as stack:
        yield World(name, stack, {"chen": {"link_id": [link_id("chen", "lin")]}})


def furnish(world: World) -> None:
    """Stories in every state that a page draws: drafts, sent, in force; audits open, filed; a disputed entry; an invitation."""
    now = timezone.now()
    start = now - timedelta(days=98)
    story = build_story("chen", "lin", now=start)
    build_story("chen", "wu", now=now)
    sent = sent_agreement(now)
    audits_tick(now)
    link, token = invited("chen", now=now)
    sequence_once(now=now)
    lin = actor("lin")
    with as_actor(lin):
        open_audit = Audit.objects.visible_to(lin).filter(kind="self_check", state__in=("planned", "notified", "in_progress")).order_by("visit_on").first()
    ids = {name: [value] for name, value in story.ids.items()}
    ids["agreement_id"] += [story.ids["draft_id"], sent.pk]
    ids["audit_id"] += [open_audit.pk] if open_audit else []
    ids["link_id"] += [link.pk]
    with as_actor(actor("chen")):
        ids["audit_id"] += list(Audit.objects.filter(kind="second_party", agreement_id=story.ids["agreement_id"]).values_list("pk", flat=True)[:1])
        ids["audit_id"].append(under_way(actor("chen"), Agreement.objects.get(pk=story.ids["agreement_id"]), now=now))
        add_suppliers(actor=actor("chen"), batch=DraftBatch.objects.get(pk=story.ids["batch_id"]), links=[link], now=now)
    with as_actor(lin):
        colleague = invite_colleague(actor=lin, said=ColleagueSaid("沈缕", "19000000077", ["staff"]), now=now)
        joined = SupplyLink.objects.visible_to(lin).get(pk=link_id("chen", "lin"))
        show_to_owner(actor=lin, link=joined, what=["certificates"], now=now)
        shown = share_portrait(actor=lin, for_whom="", client_id="of-a-page", customer=joined.pk, now=now)
        ids["token"] = [token, colleague_token(colleague.pk)]
        ids["membership_id"] += list(Membership.objects.visible_to(lin).filter(person=lin.person_id, role="cqo").values_list("pk", flat=True))
    # The doors of an invitation are counted per caller: one persona walks through them.
    world.ids = {who: {name: found for name, found in ids.items() if name != "token" or who == "nobody"} for who in PERSONAS}
    plan, campaign = drafts(now)
    world.ids["zhou"] = {**world.ids["zhou"], "agreement_id": [story.ids["agreement_id"]], "campaign_id": [*ids["campaign_id"], campaign]}
    world.ids["chen"] = {**world.ids["chen"], "portrait_id": [shown.pk], "programme_id": [*ids["programme_id"], plan]}


def drafts(now: Any) -> tuple[Any, Any]:
    """A programme and a campaign that are not begun: these alone are edited."""
    buyer, officer, soon = actor("chen"), actor("zhou"), timezone.localdate(now) + timedelta(days=30)
    with as_actor(buyer):
        programme = ProgrammeSaid(name="针织年度走访", checklist="mill-walk-1", starts_on=soon, spring_before=0, spring_after=0)
        plan = draft_programme(actor=buyer, said=programme, client_id="of-a-page", now=now)
    with as_actor(officer):
        asked = CampaignSaid(title_zh="酸碱度自查月", message_zh="请抽三批自测。", task_zh="自测三批", due_on=soon)
        return plan.pk, draft_campaign(actor=officer, said=asked, client_id="of-a-page", now=now).pk


def sent_agreement(now: Any) -> Any:
    """An agreement that waits for both signatures."""
    buyer = actor("chen")
    with as_actor(buyer):
        link = SupplyLink.objects.get(pk=link_id("chen", "lin"))
        draft = draft_agreement(
            actor=buyer, link=link, template_code="cashmere-yarn-1", effective_from=timezone.localdate(now) + timedelta(days=20), effective_to=None, now=now,
        )  # fmt: skip
        return send_agreement(actor=buyer, agreement=draft, now=now)


def addresses_of(world: World, who: str) -> Iterator[tuple[Route, str]]:
    """Every page address that this person's hat opens, with the things of this world in its holes."""
    fixed = {"number": [1, 2] if world.name == "demo" else [1], "library_code": ["PH", "COL-DE"]}
    values = {**fixed, **world.ids.get(who, {})}
    for route in routes():
        if not _is_page(route) or not all(name in values for name in route.params) or (who != "lin" and (LINS_OWN.intersection(route.params) or route.name in ONLY_LINS)) or (who != "chen" and route.name in ONLY_CHENS):
            continue
        if who != "mei" and route.name in ONLY_MEIS:
            continue
        if any(who not in WHOSE.get(name, (who,)) for name in route.params):
            continue
        for choice in product(*(values[name] for name in route.params)):
            address = route.at(dict(zip(route.params, choice, strict=True)))
            if _may_open(address, who):
                yield route, address
    yield ABSENT_PAGE, "/no-such-page/"


def _is_page(route: Route) -> bool:
    last = route.pattern.rstrip("/").rsplit("/", 1)[-1]
    return not (route.pattern.startswith(FILES) or route.name in NOT_PAGES or "." in last or last.startswith("export"))


def _may_open(address: str, who: str) -> bool:
    hats = getattr(resolve(address).func, "hats", None)
    return hats is None or (who in BY_NAME and Hat(BY_NAME[who].hat) in hats)


RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# One journey into the page: words by language, its frame, its width.
LOOK = r"""() => {
  const han = /[\u3400-\u4dbf\u4e00-\u9fff]/;
  const marked = el => { const of = el.closest('[lang]'); return of && of.getAttribute('lang').toLowerCase().startsWith('zh'); };
  const chinese = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const el = n.parentElement;
    if (han.test(n.data) && !el.closest('script,style,textarea') && !marked(el)) chinese.push(n.data.trim().slice(0, 60));
  }
  for (const el of document.body.querySelectorAll('[alt],[aria-label],[placeholder],[title]'))
    for (const a of ['alt', 'aria-label', 'placeholder', 'title'])
      if (han.test(el.getAttribute(a) || '') && !marked(el)) chinese.push(`@${a}: ${el.getAttribute(a).slice(0, 60)}`);
  const main = document.querySelector('main');
  return {
    lang: document.documentElement.lang, title: document.title.replace('· qcchain', '').trim(),
    h1: document.querySelectorAll('h1').length, chinese, hanInMain: !!main && han.test(main.innerText),
  };
}"""
OVER = "() => document.documentElement.scrollWidth - innerWidth"
WIDEST = r"""() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.vh'))
  .slice(0, 3).map(e => e.tagName + '.' + e.className).join(' < ')"""


# What makes a contrast, of every text to be seen: its colour and size, each layer that it lies on, and which one stands out of the flow.
PAINT = r"""() => {
  const beneath = new Map();
  const under = el => {
    if (!el) return '';
    if (!beneath.has(el)) {
      const s = getComputedStyle(el);
      const plain = s.backgroundColor === 'rgba(0, 0, 0, 0)' && s.backgroundImage === 'none' && s.opacity === '1' && s.filter === 'none';
      const own = plain ? '' : [s.backgroundColor, s.backgroundImage, s.opacity, s.filter, s.mixBlendMode].join();
      const apart = s.position === 'static' && s.float === 'none' ? '' : s.position + el.tagName + el.getAttribute('class');
      const off = el.matches(':disabled') ? 'disabled' : ['aria-disabled', 'aria-hidden'].filter(a => el.getAttribute(a) === 'true').join();
      beneath.set(el, [under(el.parentElement), own, apart, off].filter(Boolean).join('/'));
    }
    return beneath.get(el);
  };
  const painted = new Map();
  const paint = el => {
    if (!el.getClientRects().length || !el.checkVisibility({opacityProperty: true, visibilityProperty: true})) return;
    const s = getComputedStyle(el);
    const look = [under(el), s.color, s.fontSize, s.fontWeight, s.textShadow, s.textIndent, s.clipPath].join('|');
    if (!painted.has(look)) painted.set(look, el);
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) if (n.data.trim()) paint(n.parentElement);
  document.body.querySelectorAll('input,select,textarea').forEach(paint);
  window.painted = [...painted.values()];
  return [...painted.keys()];
}"""
# By width: what was found with enough contrast. It is most of a page's time, and the frame is the same on all.
READABLE: dict[int, set[int]] = {}


def axe(page: Any, rules: list[str] | None = None, *, contrast: bool = True, of: list[int] | None = None) -> list[str]:
    """The violations of a page, or of those of its painted texts: rule, then the first places."""
    wanted = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    how = {"runOnly": wanted, "resultTypes": ["violations"], "preload": False, "rules": {} if contrast else {"color-contrast": {"enabled": False}}}
    found = page.evaluate("([of, how]) => axe.run(of ? {include: of.map(i => painted[i])} : document, how)", [of, how])["violations"]
    return [f"{v['id']}: " + " | ".join(n["html"][:110] + " " + n["any"][0]["message"][:140] if n["any"] else n["html"][:110] for n in v["nodes"][:3]) for v in found]


def unreached(page: Any) -> list[str]:
    """The violations of a page; a contrast is measured unless one like it was measured and found good before."""
    painted = [hash(each) for each in page.evaluate(PAINT)]
    readable = READABLE.setdefault(page.viewport_size["width"], set())
    unknown = [place for place, look in enumerate(painted) if look not in readable]
    pale = axe(page, ["color-contrast"], of=unknown) if unknown else []
    if not pale:
        readable.update(painted)
    return pale + axe(page, contrast=False)


# Each page in both languages, with everybody whom it is made for: QCCHAIN_ALL_PAGES=1.
ALL_PAGES = bool(os.environ.get("QCCHAIN_ALL_PAGES"))


def is_walked(pattern: str, address: str, who: str, language: str) -> bool:
    """Whether a page is looked at by this person in this language.

    Chen and Lin open every page of theirs, one in Chinese what the other opens in English; the others what is made for them alone.
    """
    if ALL_PAGES:
        return True
    in_chinese = (crc32(pattern.encode()) % 2 == 0) != (who == "chen")
    if in_chinese != language.startswith("zh"):
        return False
    hats = getattr(resolve(address).func, "hats", None) if pattern != ABSENT_PAGE.pattern else None
    return who in ("chen", "lin", "nobody") or (hats is not None and not {Hat.OWNER, Hat.SUPPLIER}.intersection(hats))


def faults_of(page: Any, language: str, other_width: dict[str, int]) -> list[str]:
    """What is wrong with the page that is open."""
    seen, faults = page.evaluate(LOOK), unreached(page) + _too_wide(page, other_width)
    if seen["lang"] != ("zh-Hans" if language.startswith("zh") else "en"):
        faults.append(f"html lang is {seen['lang']}")
    if seen["h1"] != 1:
        faults.append(f"{seen['h1']} h1")
    if not seen["title"]:
        faults.append("no title")
    if language == "en" and seen["chinese"]:
        faults.append(f"Chinese on an English page: {seen['chinese'][:4]}")
    if language != "en" and not seen["hanInMain"]:
        faults.append("no Chinese in main")
    return faults


def _too_wide(page: Any, other: dict[str, int]) -> list[str]:
    faults, first = [], page.viewport_size
    for size in (first, other):
        if size != first:
            page.set_viewport_size(size)
        over = page.evaluate(OVER)
        if over > 0:
            faults.append(f"{over} px too wide at {size['width']}: {page.evaluate(WIDEST)}")
    page.set_viewport_size(first)
    return faults
