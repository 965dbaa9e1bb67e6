// One question on one screen; what was found opens under a "no". And photos that belong to nothing yet.
import { banner, both, button, chip, clock, day, h, icon, link, said, stateLine, t } from "./el.js";
import { number, photosWanted, pointsOf } from "./questions.js";
import { soon } from "./sync.js";
import { answer, answerTo, attach, discard, dropFinding, dueOn, failed, find, findingOn, lacks, othersPhotos, photograph, photosOf, visit } from "./visit.js";
import { signature } from "./signature.js";
import { gone, stitches } from "./walk.js";

let tools = null;
export const drawWith = given => {
  tools = given;
  // From the camera into this phone; said where it cannot be read.
  tools.shoot = async (event, audit, to) => {
    const input = event.target, [file] = input.files;
    input.closest("label").setAttribute("aria-busy", "true");
    let photo = null;
    try { if (file) photo = await photograph(audit, file, to); soon(); } catch (error) { alertBy(input, t(error?.name === "QuotaExceededError" ? "phone_full" : "photo_unreadable")); }
    input.value = "";
    input.closest("label").removeAttribute("aria-busy");
    if (photo) tools.again();
    return photo;
  };
};
const alertBy = (input, words) => { input.closest("label").parentElement.querySelector(".shot-error")?.remove(); input.closest("label").after(h("p.sm.shot-error", { role: "alert" }, words)); };

export async function question(audit, code) {
  const found = await visit(audit);
  if (!found) return gone();
  const at = found.questions.findIndex(q => q.code === code), q = found.questions[at];
  if (!q) { location.replace(`#/v/${audit}`); return null; }
  const base = `#/v/${audit}`, to = other => other ? `${base}/q/${encodeURIComponent(other.code)}` : base;
  const section = found.sections.find(each => each.questions.includes(q));
  const standing = answerTo(found, q), wanted = photosWanted(q, standing);
  return { title: t("question_n", { n: at + 1 }), node: h("div.narrow.stack",
    h("div", h("a.sm.backlink", { href: base }, said(both(section) || both(found.pack.supplier))), h("div.row.between.mt-2", h("span.sm.muted.num", t("question_of", { n: at + 1, total: found.total })), standing.at && h("span.sm.faint", standing.by ? [said(standing.by), " ", clock(standing.at)] : clock(standing.at))), h("div.mt-2", stitches(found, q))),
    standing.rivals?.length > 0 && banner("bad", "swap", t("conflict_here"), " ", h("a", { href: "#/queue" }, t("look"))),
    h("fieldset.field", h("legend", h("h1", said(both(q.text)))), both(q.help) && h("p.hint", said(both(q.help))), q.is_critical && h("p.hint", t("critical_question")), example(found, q), last(found, q), h("div.full.mt-2", input(found, q, standing))),
    q.kind !== "signature" && photos(found, q, wanted),
    notes(found, q, standing),
    failed(found, q) && (await finding(found, q)),
    h("div.footbar", h("a.btn.big", { href: at ? to(found.questions[at - 1]) : base }, icon("back"), h("span.vh", t("previous"))), link([t(lacks(found, q) ? "later_next" : "next"), icon("next")], to(found.questions[at + 1]), "btn primary big"))) };
}

// How good looks, by the chain owner's own picture.
function example(found, q) {
  const small = q.example && found.examples?.[q.example.evidence];
  return small && h("details", h("summary", t("example")), h("figure.photo", h("img.pic", { src: tools.objectUrl({ photo: q.example.evidence, small }), alt: t("example_alt", { question: both(q.text) }), width: 340, height: 255 })));
}

function last(found, q) {
  const before = (found.pack.last?.findings ?? []).filter(one => one.question === q.code), answered = found.pack.last?.answers?.[q.code];
  return [before.map(one => h("p.hint", icon("clock"), " ", t("seen_before", { day: one.raised_on }), " ", said(one.title))), !before.length && answered?.value && h("p.hint", t("last_time", { value: valueWords(q, answered) }))];
}

export function valueWords(q, said) {
  if (said.na) return t("na");
  if (said.value === null || said.value === undefined) return t("not_answered");
  if (q.kind === "yes_no") return t(said.value);
  if (q.kind === "choice") return both(q.options.find(option => option.code === said.value)) || said.value;
  if (q.kind === "number") return `${said.value} ${q.unit}`.trim();
  return typeof said.value === "object" ? said.value.name : String(said.value);
}

function input(found, q, standing) {
  const save = async said => { await answer(found, q, { value: null, na: false, note: document.getElementById("note")?.value.trim() ?? standing.note, ...said }); soon(); };
  const many = [...(CHOICES[q.kind]?.(q) ?? []), { value: "na", na: true, words: t("na"), icon: "minus" }];
  const choices = h("div.opts", many.map((one, n) => opt(one, n, one.na ? standing.na : !standing.na && standing.value === one.value, () => save(one.na ? { na: true } : { value: one.value }).then(() => tools.again()))));
  if (q.kind === "number") return [h("div.affix", h("input.input.short.num", { id: "number", inputMode: "decimal", value: standing.value ?? "", "aria-label": both(q.text), onchange: event => {
    const typed = event.target.value.trim(), read = typed ? number(typed) : null;
    event.target.setAttribute("aria-invalid", String(Boolean(typed && read === null)));
    error.hidden = !(typed && read === null);
    if (!typed || read !== null) save({ value: read }).then(() => tools.again());
  } }), h("span", q.unit)), (q.lowest || q.highest) && h("p.hint", t("limits", { lowest: q.lowest || "–", highest: q.highest || "–", unit: q.unit })), choices].concat(error);
  if (q.kind === "text") return [h("textarea.input", { id: "text", rows: 4, maxLength: 500, "aria-label": both(q.text), value: standing.value ?? "", onchange: event => save({ value: event.target.value.trim() || null }) }), choices];
  if (q.kind === "signature") { const pad = signature(standing.value ?? {}, both(q.text)); pad.node.addEventListener("change", () => save({ value: pad.value() })); return [pad.node, choices]; }
  return choices;
}
const error = h("p.err", { hidden: true, role: "alert" }, icon("alert"), t("not_a_number"));

const CHOICES = {
  yes_no: () => [{ value: "yes", words: t("yes"), icon: "check", tone: "good" }, { value: "no", words: t("no"), icon: "x", tone: "bad" }],
  scale: q => pointsOf(q).toReversed().map(points => ({ value: points, words: `${points}${q.options.length ? " " + both(q.options.find(option => Number(option.points) === points)) : ""}` })),
  choice: q => q.options.map(option => ({ value: option.code, words: both(option) })),
};
const opt = (one, n, checked, onchange) => h(`label.opt${one.tone ? "." + one.tone : ""}`, h("input", { type: "radio", name: "answer", id: `answer-${n}`, value: one.value, checked, onchange }), one.icon && icon(one.icon), said(one.words));

function tile(photo, foot) {
  return h("figure.photo", h("img.pic", { src: tools.objectUrl(photo), alt: t("your_photo", { time: clock(photo.taken_at) }), width: 340, height: 255 }), stateLine(photo.state), photo.words && h("p.sm", both(photo.words)), foot);
}

function photos(found, q, wanted) {
  const mine = photosOf(found, q), others = othersPhotos(found, q).length, most = found.pack.limits?.photos_per_question ?? 6;
  return h("section.stack-2", h("div.row.between", h("h2", t("photo")), h("span.sm.muted", wanted ? t("photos_wanted", { n: wanted, taken: mine.length + others }) : t("photos_n", { n: mine.length + others }))),
    h("div.photos.two-up", mine.map((photo, n) => tile(photo, button(t("remove"), () => discard(photo).then(() => tools.again()), { look: "quiet", name: "x", id: `photo-away-${n}` }))),
      others > 0 && h("p.sm.muted", t("others_photos", { n: others })), mine.length < most && shot(found, { question: q.code }, mine.length ? "photo_more" : "photo_take")),
    found.unsorted.length > 0 && h("details", h("summary", `${t("from_unsorted")} ${found.unsorted.length}`), h("div.photos.two-up", found.unsorted.map(photo => tile(photo, button(t("attach_here"), () => attach(photo, { question: q.code }).then(() => { soon(); tools.again(); }), { name: "link" }))))));
}

const shot = (found, to, words) => h("label.addshot", h("input.vh", { type: "file", accept: "image/*", capture: "environment", id: "photo", onchange: event => tools.shoot(event, found.audit, to) }), icon("camera"), h("span", t(words)));

function notes(found, q, standing) {
  const area = h("textarea.input", { id: "note", rows: 2, maxLength: found.pack.limits?.note ?? 500, value: standing.note ?? "", onchange: event => answer(found, q, { note: event.target.value.trim() }).then(() => soon()) });
  return h("section.stack-2", h("h2", h("label", { htmlFor: "note" }, t("note"), " ", h("span.optional.sm.muted", t("note_optional")))), area, !failed(found, q) && phrases(found, area));
}

const phrases = (found, into) => h("div.phrases", { role: "group", "aria-label": t("phrases") }, (found.pack.phrases ?? []).map(one => h("button.phrase", { type: "button", onclick: () => {
  into.value = [into.value.trim(), both(one)].filter(Boolean).join(both(one).match(/[\u4e00-\u9fff]/) ? "；" : "; ");
  into.dispatchEvent(new Event("change"));
} }, said(both(one)))));

// Requirement · evidence · gap: three lines that become one sentence.
async function finding(found, q) {
  const before = findingOn(found, q), said_ = before ?? { grade: q.is_critical ? "critical" : "minor", clause_ref: "", requirement: both(q.text), observed: answerTo(found, q).note, gap: "" };
  const area = (name, rows = 2) => h("textarea.input", { id: `finding-${name}`, rows, maxLength: 500, value: said_[name] ?? "", onchange: () => keep() });
  const areas = { requirement: area("requirement"), observed: area("observed"), gap: area("gap") };
  const grades = ["critical", "major", "minor", "ofi"].map(grade => h("label.opt", h("input", { type: "radio", name: "grade", id: `grade-${grade}`, value: grade, checked: said_.grade === grade, onchange: () => keep() }), t("grade_" + grade)));
  const clauses = h("select.input", { id: "clause", onchange: () => keep() }, h("option", { value: "" }, t("no_clause")), (found.pack.clauses ?? []).map(one => h("option", { value: one.id, selected: said_.clause_ref === one.id || (!before && q.clause_type && one.type === q.clause_type), lang: undefined }, both(one.title) || one.type)));
  const earlier = found.pack.seen_before?.[q.code] ?? [];
  const whole = h("p.said", { id: "finding-sentence" }), due = h("p.hint");
  const read = () => ({ grade: grades.map(label => label.querySelector("input")).find(radio => radio.checked)?.value ?? "minor", clause_ref: clauses.value, ...Object.fromEntries(Object.entries(areas).map(([name, one]) => [name, one.value.trim()])) });
  const tell = said => { whole.textContent = said.observed || said.gap ? t("finding_sentence", said) : "…"; due.textContent = said.grade === "ofi" ? t("ofi_why") : t("due_on", { day: day(dueOn(found.pack, said.grade)) }); };
  const keep = async () => { const said = read(); tell(said); if (said.observed && said.gap) { await find(await visit(found.audit), q, said); state.textContent = t("finding_kept"); soon(); } else state.textContent = t("finding_lacks"); };
  const state = h("p.sm.muted", { role: "status" }, before ? t("finding_kept") : t("finding_lacks"));
  tell(read());
  const field = (name, input) => h("div.field", h("label", { htmlFor: input.id }, t(name)), input);
  return h("section.card.stack", { id: "finding" }, h("h2", t("what_was_found")), earlier.length > 0 && h("p.sm", chip("warn", "undo", t("nth_time", { n: earlier.length + 1 })), " ", t("seen_on", { days: earlier.join(", ") })), h("fieldset.field", h("legend", t("grade")), h("div.opts", grades), due), field("clause", clauses),
    field("requirement", areas.requirement), field("observed", areas.observed), phrases(found, areas.observed), field("gap", areas.gap), h("div", h("p.sm.muted", t("one_sentence")), whole), state,
    before && button(t("drop_finding"), () => dropFinding(found, before).then(() => tools.again()), { look: "quiet danger", name: "x" }));
}

export async function unsorted(audit) {
  const found = await visit(audit);
  if (!found) return gone();
  const choose = photo => h("select.input", { "aria-label": t("belongs_to"), onchange: event => event.target.value && attach(photo, { question: event.target.value }).then(() => { soon(); tools.again(); }) },
    h("option", { value: "" }, t("belongs_to")), found.questions.map((q, n) => h("option", { value: q.code }, `${n + 1} ${both(q.text)}`)));
  return { title: t("unsorted"), node: h("div.narrow.stack", h("div", h("a.sm.backlink", { href: `#/v/${audit}` }, said(both(found.pack.supplier))), h("h1", `${t("unsorted")} ${found.unsorted.length}`), h("p.muted", t("unsorted_why"))),
    h("div.photos.two-up", found.unsorted.map(photo => tile(photo, [choose(photo), button(t("remove"), () => discard(photo).then(() => tools.again()), { look: "quiet", name: "x" })])), shot(found, {}, "photo_take"))) };
}
