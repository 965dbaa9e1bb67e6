// The first screen: what lies on this phone, what can be taken along, what was handed in.
import { banner, both, button, chip, clock, day, h, icon, link, megabytes, page, said, t } from "./el.js";
import { sha256 } from "./pictures.js";
import * as store from "./store.js";
import { line, soon, take } from "./sync.js";
import { visit } from "./visit.js";
import * as wire from "./wire.js";

export async function signIn() {
  return { title: t("title"), node: h("div.narrow.stack", h("h1", t("sign_in_first")), h("p.muted", t("sign_in_why")),
    store.othersWait("-") && banner("", "lock", t("others_wait")), link(t("sign_in"), page.urls.sign_in, "btn primary big full")) };
}

export async function home() {
  const [packs, ahead, receipts] = await Promise.all([store.all("packs"), store.note("ahead", []), store.all("notes")]);
  const visits = await Promise.all(packs.filter(pack => pack.kind === "visit").map(pack => visit(pack.audit)));
  const actions = packs.filter(pack => pack.kind === "finding");
  const others = ahead.filter(one => !packs.some(pack => pack.audit === one.audit));
  const handed = receipts.filter(row => row.key.startsWith("receipt:")).map(row => row.value).sort((a, b) => b.at - a.at).slice(0, 5);
  return { title: t("title"), node: h("div.narrow.stack", h("h1", t("title")),
    visits.length + actions.length + others.length === 0 && empty(),
    visits.length > 0 && h("section.stack-2", h("h2", t("on_this_phone")), h("div.tasks", h("ul.plain-list", visits.map(packed)))),
    actions.length > 0 && h("section.stack-2", h("h2", t("corrective_actions")), h("div.tasks", h("ul.plain-list", actions.map(toAnswer)))),
    others.length > 0 && h("section.stack-2", h("h2", t("to_take_along")), h("p.sm.muted", t("take_on_wifi")), h("div.tasks", h("ul.plain-list", others.map(offered)))),
    handed.length > 0 && h("section.stack-2", h("h2", t("handed_in")), handed.map(receipt)),
    link(t("to_product"), "/", "sm backlink")) };
}

const empty = () => h("div.card.stack", h("p.say", t("nothing_here")), h("p.muted", t("nothing_here_why")));

const task = (href, state, name, small, when) => h("li", h(`a.task.${state}`, { href }, h("span.dot", { "aria-hidden": "true" }, state === "done" && icon("check")), h("span", h("b", said(name)), h("small", small)), h("span.when", when)));

function packed(found) {
  const { pack, audit } = found;
  const small = found.opening ? t("answered_of", { done: found.done, total: found.total }) : t("ready_offline", { size: megabytes(found.size) });
  return task(`#/v/${audit}`, found.opening ? "part" : "wait", both(pack.supplier), small, found.waits ? `● ${found.waits}` : day(pack.visit.visit_on));
}

const toAnswer = ({ audit, pack }) => task(`#/f/${audit}`, "wait", t("finding_of", { owner: both(pack.owner) }), both({ zh: pack.gap, en: pack.gap }), pack.due_on ? day(pack.due_on) : "");

function offered(one) {
  const told = h("small", `${day(one.visit_on)}${one.half ? " · " + t(one.half) : ""}`);
  const get = button(t("take_along"), async () => {
    get.disabled = true;
    told.textContent = t("taking");
    try { await take(one.url); soon(0); } catch (error) { get.disabled = false; told.textContent = t(error instanceof wire.Refused ? "not_for_you" : "no_line"); }
  }, { name: "download" });
  return h("li", h("div.task.wait", h("span.dot", { "aria-hidden": "true" }), h("span", h("b", said(both(one.supplier))), told), get));
}

const receipt = one => h("div.card.stack-2", h("div.row.between", h("b", said(both(one.supplier))), chip("good", "check", t("all_there"))),
  h("p.sm", t("receipt", { answered: one.answered, asked: one.asked, photos: one.arrived, time: `${day(one.at)} ${clock(one.at)}` })), h("p.sm.mono.break", one.hash));

// Asked for by a link of the desk: fetched at once, then opened.
export async function fetchVisit(audit) {
  if (!await store.get("packs", audit)) {
    try { await wire.ahead(); await take(wire.visitUrl(audit, "pack")); } catch (error) {
      return { title: t("title"), node: h("div.narrow.stack", h("h1", t("not_taken")), h("p", t(error instanceof wire.Refused ? "not_for_you" : error instanceof wire.SignIn ? "sign_in_first" : "no_line")), error instanceof wire.SignIn && link(t("sign_in"), page.urls.sign_in, "btn primary big full"), link(t("back_home"), "#/", "btn big full")) };
    }
  }
  location.replace(`#/v/${audit}`);
  return null;
}

// At the gate: the code's hash is in the pack, so the right visit opens without any network.
export async function atGate(token) {
  const hash = await sha256(token), packs = await store.all("packs");
  let audit = packs.find(({ pack }) => pack.gate_sha256 === hash)?.audit;
  if (!audit) {
    try {
      const { packs: ahead } = await wire.ahead();
      const one = ahead.find(each => each.gate_sha256 === hash);
      if (one) audit = await take(one.url);
    } catch { /* without a line only the packs on this phone count */ }
  }
  if (audit) await store.keep("gate:" + audit, token);
  location.hash = audit ? `#/v/${audit}` : "#/";
  if (!audit) line.gate = "unknown";
}
