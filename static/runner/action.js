// A supplier's corrective action without a network: in one go, or step by step; the server says which steps are open.
import { banner, both, button, chip, day, h, icon, link, page, said, stateLine, t } from "./el.js";
import * as store from "./store.js";
import { soon, take } from "./sync.js";
import { STEPS, photograph, takeStep, waiting } from "./visit.js";
import * as wire from "./wire.js";

// kind of operation -> its fields, and how a photo goes with it.
const FORMS = {
  answer_finding: { fields: ["correction", "cause", "action"], photo: "one" },
  contain: { fields: ["measures", "scope"], photo: "some" },
  plan: { fields: ["why_1", "why_2", "why_3", "cause", "action", "prevention", "responsible", "planned_for"], photo: "" },
  carry_out: { fields: ["done"], photo: "needed" },
};
const OPTIONAL = new Set(["scope", "prevention", "why_1", "why_2", "why_3"]);
// What may be written while an earlier step still waits here.
const AFTER = { contain: "plan" };
const FIRST = ["answer_finding", "carry_out", "plan", "contain"];
const stepwise = new Set();

export async function action(finding) {
  let kept = await store.get("packs", finding);
  if (!kept) {
    try { await wire.ahead(); await take(wire.findingUrl(finding, "pack"), "finding"); kept = await store.get("packs", finding); } catch (error) {
      return { title: t("title"), node: h("div.narrow.stack", h("h1", t("not_taken")), h("p", t(error instanceof wire.Refused ? "not_for_you" : "no_line")), link(t("back_home"), "#/", "btn big full"), error instanceof wire.SignIn && link(t("sign_in"), page.urls.sign_in, "btn primary big full")) };
    }
  }
  const { pack } = kept, ops = (await store.all("ops")).filter(op => op.audit === finding), photos = (await store.all("photos")).filter(photo => photo.audit === finding);
  const refused = ops.find(op => op.state === "refused"), last = ops.findLast(op => STEPS.has(op.kind) && waiting(op));
  const kind = stepNow(finding, pack, last, refused);
  return { title: t("corrective_action"), node: h("div.narrow.stack", h("div", h("a.sm.backlink", { href: "#/" }, t("back_home")), h("h1", t("corrective_action")), h("p.sub.muted", said(both(pack.owner)), " · ", t("grade_" + pack.grade), pack.due_on && ` · ${t("due_on", { day: day(pack.due_on) })}`)),
    h("section.card.stack-2", pack.nth > 1 && h("p", chip("warn", "undo", t("nth_time", { n: pack.nth }))), h("p", said(t("finding_sentence", pack))), pack.plan && planWords(pack.plan)),
    refused && banner("bad", "alert", both(refused.words) || refused.code, " ", h("a", { href: wire.findingUrl(finding, "").replace("//", "/") }, t("to_desk_finding"))),
    last && banner("", "phone", t("action_local")),
    kind ? await form(pack, finding, kind, ops, photos) : !last && [banner("good", "check", t(pack.state === "closed" ? "action_closed" : "action_there")), link(t("back_home"), "#/", "btn big full")],
    kind === "answer_finding" && pack.steps.includes("contain") && button(t("step_by_step"), () => { stepwise.add(finding); again(); }, { look: "full", name: "tasks" })) };
}

const again = () => dispatchEvent(new HashChangeEvent("hashchange"));

// Which step is written now: the one after what waits here, what waits itself as long as nobody can have seen it, else what the server lets.
function stepNow(finding, pack, last, refused) {
  if (last) return AFTER[last.kind] ?? (last.tried ? "" : last.kind);
  if (refused && refused.kind in FORMS && pack.steps.includes(refused.kind)) return refused.kind;
  return FIRST.find(kind => pack.steps.includes(kind) && !(kind === "answer_finding" && stepwise.has(finding) && pack.steps.includes("contain"))) ?? "";
}

const planWords = plan => h("p.sm", chip(plan.state === "accepted" ? "good" : plan.state === "returned" ? "bad" : "info", "calendar", t("plan_" + plan.state)), " ", said(plan.action), ` · ${day(plan.planned_for)}`, plan.reason && [" · ", said(plan.reason)]);

// What is typed is kept as it is typed: nothing is lost when the phone goes away.
async function form(pack, finding, kind, ops, photos) {
  const { fields, photo: wants } = FORMS[kind], key = `draft:${finding}:${kind}`;
  const before = ops.findLast(op => op.kind === kind)?.wire ?? {}, typed = await store.note(key, fromOp(before));
  const areas = Object.fromEntries(fields.map(name => [name, field(name, typed[name] ?? "")]));
  const read = () => Object.fromEntries(Object.entries(areas).map(([name, area]) => [name, area.value.trim()]));
  const elsewhere = new Set(ops.filter(op => STEPS.has(op.kind) && op.kind !== kind).flatMap(op => op.wire.photos ?? [op.wire.photo]));
  let photo = photos.filter(one => !elsewhere.has(one.photo)).at(-1) ?? null;
  const shown = h("div", photo && stateLine(photo.state)), error = h("p.err", { role: "alert", hidden: true });
  const refuse = words => { error.hidden = !words; if (words) error.replaceChildren(icon("alert"), t(words)); return Boolean(words); };
  const shoot = async event => {
    const [file] = event.target.files;
    try { if (file) photo = await photograph(finding, file, {}); refuse(""); shown.replaceChildren(stateLine("local")); } catch { refuse("photo_unreadable"); }
    event.target.value = "";
  };
  const send = async event => {
    event.preventDefault();
    const words = read(), empty = fields.some(name => !OPTIONAL.has(name) && !words[name]), critical = wants === "one" && pack.grade === "critical";
    if (refuse(empty ? (kind === "answer_finding" ? "three_lines" : "fields_lack") : (critical || wants === "needed") && !photo ? (critical ? "critical_photo" : "photo_needed") : "")) return;
    await takeStep(finding, kind, toOp(kind, words, photo));
    await store.away("notes", key);
    soon();
    again();
  };
  return h("form.stack", { onsubmit: send, noValidate: true, oninput: () => store.keep(key, read()) }, kind !== "answer_finding" && h("h2", t("step_" + kind)),
    Object.entries(areas).map(([name, area]) => h("div.field", h("label", { htmlFor: name }, t("action_" + name), OPTIONAL.has(name) && [" ", h("span.optional.sm.muted", t("optional"))]), page.words[`action_${name}_why`] && h("p.hint", t(`action_${name}_why`)), area)),
    wants && [h("label.addshot", h("input.vh", { type: "file", accept: "image/*", capture: "environment", onchange: shoot }), icon("camera"), h("span", t(photo ? "photo_more" : "photo_take"))), shown], error,
    h("div.footbar", h("a.btn.big", { href: "#/" }, icon("back"), h("span.vh", t("back"))), h("button.btn.primary.big", { type: "submit" }, t("keep_action"), icon("check"))));
}

function field(name, value) {
  if (name === "planned_for") return h("input.input.short", { id: name, type: "date", value });
  if (name === "responsible" || name.startsWith("why_")) return h("input.input", { id: name, maxLength: name === "responsible" ? 60 : 200, value });
  return h("textarea.input", { id: name, rows: 3, maxLength: 1000, value });
}

// The words of a form and those of its operation: three whys are one chain.
const WHYS = ["why_1", "why_2", "why_3"];

function toOp(kind, words, photo) {
  const said = Object.fromEntries(Object.entries(words).filter(([name]) => !WHYS.includes(name)));
  if (kind === "plan") return { ...said, whys: WHYS.map(name => words[name]).filter(Boolean) };
  return kind === "answer_finding" ? { ...said, photo: photo?.photo ?? null } : { ...said, photos: photo ? [photo.photo] : [] };
}

const fromOp = ({ whys = [], ...said }) => ({ ...said, ...Object.fromEntries(whys.map((why, n) => [WHYS[n], why])) });
