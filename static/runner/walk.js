// A visit at a glance, and how it begins.
import { banner, both, button, chip, clock, day, h, icon, link, megabytes, page, said, t } from "./el.js";
import * as store from "./store.js";
import { allThere, handIn, line, soon } from "./sync.js";
import { answer, answerTo, failed, lacks, move, open, photoCount, visit } from "./visit.js";
import { photosWanted } from "./questions.js";

let tools = null;
const refusals = new Map();  // why a visit was not handed in, until it is
export const drawWith = given => { tools = given; };
export const gone = () => ({ title: t("title"), node: h("div.narrow.stack", h("h1", t("not_on_phone")), link(t("back_home"), "#/", "btn primary big full")) });
export const stitches = (found, at) => h("div.stitch", { role: "img", "aria-label": t("answered_of", { done: found.done, total: found.total }) },
  found.total <= 40 && found.questions.map(q => h("i" + (q === at ? ".now" : lacks(found, q) ? "" : ".on"))));

export async function overview(audit) {
  const found = await visit(audit);
  if (!found) { location.replace(`#/get/${audit}`); return null; }
  const { pack } = found;
  return { title: both(pack.supplier), node: h("div.narrow.stack",
    h("div", h("a.sm.backlink", { href: "#/" }, t("back_home")), h("h1", said(both(pack.supplier))), h("p.sub.muted", day(pack.visit.visit_on), pack.visit.half && ` · ${t(pack.visit.half)}`, " · ", said(both(pack.site)))),
    pack.checklist && (found.opening ? running(found) : ahead(found, audit)),
    found.opening && (await finish(found)),
    papers(found)) };
}

// Ready is only what opens without a network: the pack, and the page itself.
const kept = () => Boolean(navigator.serviceWorker?.controller);
const ahead = (found, audit) => [kept() ? banner("good", "check", t("ready_offline", { size: megabytes(found.size) })) : banner("", "alert", t("page_not_kept")), link(t("begin"), `#/v/${audit}/start`, "btn primary big full")];

function running(found) {
  const base = `#/v/${found.audit}`, next = nextOf(found, base), alone = (found.pack.team ?? []).length < 2;
  return [
    h("div.stack-2", h("div.row.between", h("span.sm.muted.num", t("answered_of", { done: found.done, total: found.total })), found.waits > 0 ? chip("warn", "phone", t("line_local", { n: found.waits })) : chip("good", "check", t("state_done"))), stitches(found)),
    next && link(t("go_on"), next, "btn primary big full"),
    // What a colleague answers lies on the colleague's phone until there is a line: the meeting does not wait for it.
    (next ? !alone : found.conflicts.length === 0) && link(t("to_closing"), `${base}/close`, next || found.closing ? "btn big full" : "btn primary big full"),
    found.conflicts.length > 0 && banner("bad", "swap", t("conflicts", { n: found.conflicts.length }), " ", h("a", { href: "#/queue" }, t("look"))),
    h("div.row", quickPhoto(found), link(`${t("unsorted")} ${found.unsorted.length}`, `${base}/photos`, "btn big")),
    found.sections.map((section, at) => part(found, section, at)),
    found.items.length > 0 && h("section.stack-2", h("h2", t("follow_up")), h("div.tasks", h("ul.plain-list", found.items.map(item => again(found, item))))),
  ];
}

function nextOf(found, base) {
  const q = found.questions.find(each => lacks(found, each)), item = found.items.find(each => !each.outcome);
  return q ? `${base}/q/${encodeURIComponent(q.code)}` : item ? `${base}/l/${item.finding}` : "";
}

function again(found, item) {
  const words = item.outcome ? t(item.outcome) : t("due_on", { day: item.due_on ? day(item.due_on) : "–" });
  return h("li.ask", h(`a.task.${item.outcome ? "done" : "wait"}`, { href: `#/v/${found.audit}/l/${item.finding}` }, h("span.dot", { "aria-hidden": "true" }, item.outcome && icon(item.outcome === "put_right" ? "check" : "x")),
    h("span", h("b", said(item.requirement)), h("small", `${t("grade_" + item.grade)} · ${words}`))));
}

// Photo first: what it belongs to is said later.
const quickPhoto = found => h("label.btn.big.shot", h("input.vh", { type: "file", accept: "image/*", capture: "environment", id: "quick-photo", onchange: event => tools.shoot(event, found.audit, {}) }), icon("camera"), t("photo_first"));

function part(found, section, at) {
  const several = found.sections.length > 1, name = both(section) || t("questions");
  return h("section.stack-2", h("div.row.between", h("h2", said(name)), several && h("span.row", arrow(found, section, -1, at === 0, name), arrow(found, section, 1, at === found.sections.length - 1, name))),
    h("div.tasks", h("ul.plain-list", section.questions.map(q => row(found, q)))));
}

const arrow = (found, section, by, off, name) => h("button.btn.icon", { type: "button", disabled: off, id: `move-${section.code}-${by}`, onclick: () => move(found, section.code, by) },
  h("span.vh", t(by < 0 ? "earlier" : "later", { name })), icon(by < 0 ? "rise" : "fall"));

function row(found, q) {
  const standing = answerTo(found, q), lack = lacks(found, q), bad = failed(found, q), answered = !lack || standing.value !== null || standing.na;
  const state = !lack ? "done" : answered ? "part" : "wait";
  const words = bad ? t("not_met") : lack === "photo" && answered ? t("photo_lacks") : "";
  return h("li.ask", h(`a.task.${state}`, { href: `#/v/${found.audit}/q/${encodeURIComponent(q.code)}` }, h("span.dot", { "aria-hidden": "true" }, !lack && icon(bad ? "x" : "check")),
    h("span", h("b", said(both(q.text))), h("small", [q.is_critical && t("critical_question"), words, photoCount(found, q) > 0 && t("photos_n", { n: photoCount(found, q) })].filter(Boolean).join(" · ")))),
  pass(found, q, answered));
}

// One tap where a question is passed as it stands; nothing is passed that wants a photo.
function pass(found, q, answered) {
  const value = q.kind === "yes_no" ? "yes" : null;
  if (value === null || answered || photosWanted(q, { value, na: false, note: "" }) > photoCount(found, q)) return null;
  return h("button.btn.big.pass", { type: "button", id: `pass-${q.code}`, onclick: () => answer(found, q, { value, na: false }).then(() => soon()) }, icon("check"), h("span.vh", t("pass_this", { question: both(q.text) })));
}

async function finish(found) {
  const { server } = found;
  if (!server || found.done < found.total || !found.closing) return null;
  if (!found.waits && server.closing && !server.closing.stands) return banner("bad", "alert", t("close_again"), " ", h("a", { href: `#/v/${found.audit}/close` }, t("to_closing")));
  if (!await allThere(found)) return banner("", "phone", t("not_all_there", { n: found.waits, answered: server.answered, asked: server.asked }));
  const give = button(t("hand_in"), async () => {
    give.disabled = true;
    try {
      const id = await store.note("hand-in:" + found.audit, crypto.randomUUID());
      await store.keep("hand-in:" + found.audit, id);
      await handIn(await visit(found.audit), id, () => { location.hash = "#/"; });
      refusals.delete(found.audit);
    } catch (error) { refusals.set(found.audit, both(error.said?.words) || t(error.said?.code === "visit_differs" ? "visit_differs" : "no_line")); give.disabled = false; tools.again(); soon(0); }
  }, { look: "primary big full", name: "upload", id: "hand-in" });
  const told = refusals.has(found.audit) ? h("p.err", { role: "alert" }, icon("alert"), refusals.get(found.audit)) : h("p.sm", t("hand_in_why"));
  return h("section.card.stack", banner("good", "check", t("on_server", { answered: server.answered, asked: server.asked, photos: server.arrived })), h("p.sm.mono.break", server.sha256), told, give);
}

function papers({ pack, at }) {
  const open = (words, rows) => rows.length > 0 && h("details", h("summary", `${words} ${rows.length}`), h("ul.stack-2", rows.map(each => h("li.sm", each))));
  return h("section.stack-2",
    open(t("last_findings"), (pack.last?.findings ?? []).map(one => [said(one.title), ` · ${t("grade_" + one.grade)} · ${one.raised_on}`])),
    open(t("certificates"), (pack.certificates ?? []).map(one => [said(one.name || one.standard), ` ${one.number} · ${t("until", { day: one.valid_to ?? "–" })}`])),
    open(t("contacts"), (pack.contacts ?? []).map(one => [said(one.name), " · ", said(one.role)])),
    open(t("team"), (pack.team ?? []).map(one => said(one.name))),
    h("p.sm.faint", t("packed_at", { time: `${day(at)} ${clock(at)}` })));
}

// Opening: by the gate's code where there was one, with the names of those who are there.
export async function start(audit) {
  const found = await visit(audit);
  if (!found) return gone();
  const gate = await store.note("gate:" + audit, null);
  const names = h("textarea.input", { id: "names", rows: 3, maxLength: 400 }), shot = h("p.sm.muted");
  const go = async event => {
    event.preventDefault();
    await open(audit, { gate, names: names.value.split(/[\n,，、;；]/).map(name => name.trim()).filter(Boolean).slice(0, 20) });
    soon();
    location.hash = `#/v/${audit}`;
  };
  return { title: t("begin"), node: h("div.narrow.stack", h("div", h("a.sm.backlink", { href: `#/v/${audit}` }, said(both(found.pack.supplier))), h("h1", t("begin"))),
    gate ? banner("good", "qr", t("at_gate")) : banner("info", "qr", t("no_gate")),
    h("form.stack", { onsubmit: go }, h("div.field", h("label", { htmlFor: "names" }, t("opening_names")), h("p.hint", t("opening_names_why")), names),
      h("label.btn.big.shot", h("input.vh", { type: "file", accept: "image/*", capture: "environment", onchange: async event => { if (await tools.shoot(event, audit, {})) shot.textContent = t("sheet_taken"); } }), icon("camera"), t("sheet_photo")), shot,
      h("div.footbar", h("a.btn.big", { href: `#/v/${audit}` }, icon("back"), h("span.vh", t("back"))), h("button.btn.primary.big", { type: "submit" }, t("begin_now"), icon("next"))))) };
}
export { line, page };
