// One visit as this phone knows it: its pack, the answers, photos and findings, and what still has to be sent.
// What is written is an operation of docs/adr/0030: kept in the same transaction as what it changes here.
import { both, uuid } from "./el.js";
import { taken } from "./pictures.js";
import { NOTHING, askedOf, fails, missing } from "./questions.js";
import * as store from "./store.js";

const now = () => new Date().toISOString();
const listeners = new Set();
export const whenChanged = listener => listeners.add(listener);
export const changed = what => { for (const listener of listeners) listener(what); };
export const waiting = row => row.state === "local" || row.state === "sending";
const ofAudit = async (name, audit) => (await store.all(name)).filter(row => row.audit === audit);

// What acts at once on the server: its photos have to be there before it.
export const STEPS = new Set(["answer_finding", "contain", "plan", "carry_out", "look_again"]);

export async function visit(audit) {
  const kept = await store.get("packs", audit);
  if (!kept) return null;
  const [rows, photos, findings, ops, order, closing, opening, server] = await Promise.all([
    store.answersOf(audit), ofAudit("photos", audit), ofAudit("findings", audit), ofAudit("ops", audit), store.note("order:" + kept.pack.site.id),
    store.note("closing:" + audit), store.note("opening:" + audit), store.note("server:" + audit)]);
  const answers = Object.fromEntries(rows.map(row => [row.question, row]));
  const asked = askedOf(kept.pack.checklist.questions, answers, kept.pack.site.nodes ?? []);
  const found = { ...kept, answers, photos, findings, ops, closing, opening, server };
  found.items = itemsOf(server?.follow_up ?? [], ops);
  found.sections = inOrder(sectionsOf(kept.pack.checklist, asked), order ?? kept.pack.checklist.order ?? []);
  found.questions = found.sections.flatMap(section => section.questions);
  return Object.assign(found, countsOf(found));
}

function sectionsOf(checklist, asked) {
  const known = checklist.sections;
  const strays = [...new Set(asked.map(q => q.section))].filter(code => !known.some(section => section.code === code)).map(code => ({ code }));
  return [...known, ...strays].map(section => ({ ...section, questions: asked.filter(q => q.section === section.code) })).filter(section => section.questions.length);
}

// By place, not by standard: as the sections were walked here the last time.
const inOrder = (sections, order) => [...sections].sort((a, b) => (order.indexOf(a.code) + 1 || 99) - (order.indexOf(b.code) + 1 || 99));

// Of a follow-up: what is looked at again, with the word that still waits here laid over the server's.
function itemsOf(there, ops) {
  const said = Object.fromEntries(ops.filter(op => op.kind === "look_again").map(op => [op.wire.finding, op.wire]));
  return there.map(item => ({ ...item, ...(said[item.finding] ?? {}) }));
}

function countsOf(found) {
  return {
    done: found.questions.filter(q => !lacks(found, q)).length + found.items.filter(item => item.outcome).length,
    total: found.questions.length + found.items.length,
    waits: [...found.ops, ...found.photos].filter(waiting).length,
    unsorted: found.photos.filter(photo => !photo.question && !photo.finding),
    conflicts: Object.values(found.answers).filter(row => row.rivals?.length),
    refused: found.ops.filter(op => op.state === "refused"),
  };
}

export const answerTo = (found, question) => found.answers[question.code] ?? NOTHING;
export const photosOf = (found, question) => found.photos.filter(photo => photo.question === question.code);
export const othersPhotos = (found, question) => (answerTo(found, question).photos ?? []).filter(id => !found.photos.some(photo => photo.photo === id));
export const photoCount = (found, question) => photosOf(found, question).length + othersPhotos(found, question).length;
export const lacks = (found, question) => missing(question, answerTo(found, question), photoCount(found, question));
export const failed = (found, question) => fails(question, answerTo(found, question));
export const findingOn = (found, question) => found.findings.find(finding => finding.question === question.code);
export const nameOf = pack => both(pack.supplier);

const op = (audit, kind, wire, more = {}) =>
  ({ audit, kind, state: "local", tried: false, ...more, wire: { client_id: uuid(), kind, client_time: now(), ...wire } });

// The last operation on the same thing that has no answer yet: replaced where nobody can have seen it, else followed.
async function latest(shelf, audit, kind, same) {
  return (await shelf("ops").all()).findLast(row => row.audit === audit && row.kind === kind && waiting(row) && same(row.wire));
}

async function keptOp(shelf, made, same) {
  const before = await latest(shelf, made.audit, made.kind, same);
  if (before && !before.tried && before.state === "local") {
    const wire = { ...before.wire, ...made.wire, client_id: before.wire.client_id };
    if ("base_version" in before.wire) Object.assign(wire, { base_version: before.wire.base_version, after: before.wire.after });
    await shelf("ops").put({ ...before, wire });
    return wire;
  }
  if (before && "base_version" in made.wire) Object.assign(made.wire, { after: before.wire.client_id, base_version: before.wire.base_version });
  await shelf("ops").put(made);
  return made.wire;
}

// What is said is laid over what stands when it is kept, not over what stood when the screen was drawn: a note does not undo a tap.
export async function answer({ audit }, { code }, said) {
  await store.within(["answers", "ops"], async shelf => {
    const standing = { ...NOTHING, ...await shelf("answers").get([audit, code]) ?? { audit, question: code, version: 0, photos: [], rivals: [] } };
    const { value: was, na, note } = standing, value = { value: was ?? null, na: Boolean(na), note: note ?? "", ...said };
    if (JSON.stringify([was, na, note]) === JSON.stringify([value.value, value.na, value.note])) return;
    const wire = await keptOp(shelf, op(audit, "answer", { question: code, base_version: standing.version, after: null, ...value }), other => other.question === code);
    await shelf("answers").put({ ...standing, ...value, op: wire.client_id, at: wire.client_time });
  });
  changed("queue");
}

// Photo first: with a question, a finding, or with nothing yet. `audit` is the visit, or the finding that a supplier answers.
export async function photograph(audit, file, { question = null, finding = null } = {}) {
  const shot = await taken(file);
  const photo = { photo: uuid(), audit, question, finding, taken_at: now(), state: "local", sent: 0, ...shot };
  const { sha256, original_sha256, size, name, taken_at } = photo;
  await store.within(["photos", "ops"], async shelf => {
    await shelf("photos").put(photo);
    await shelf("ops").put(op(audit, "photo", { photo: photo.photo, sha256, original_sha256, size, name, taken_at, question, finding }));
  });
  changed("queue");
  return photo;
}

export async function attach(photo, { question = null, finding = null }) {
  await store.within(["photos", "ops"], async shelf => {
    await shelf("photos").put({ ...await shelf("photos").get(photo.photo), question, finding });
    const declared = await latest(shelf, photo.audit, "photo", wire => wire.photo === photo.photo);
    if (declared && !declared.tried) await shelf("ops").put({ ...declared, wire: { ...declared.wire, question, finding } });
    else await keptOp(shelf, op(photo.audit, "attach", { photo: photo.photo, question, finding }), wire => wire.photo === photo.photo);
  });
  changed("queue");
}

export async function discard(photo) {
  await store.within(["photos", "ops"], async shelf => {
    const mine = (await shelf("ops").all()).filter(row => row.wire.photo === photo.photo && row.kind !== "answer_finding");
    const unseen = photo.state === "local" && !photo.sent && mine.every(row => row.state === "local" && !row.tried);
    await shelf("photos").away(photo.photo);
    for (const row of mine) if (waiting(row) && !row.tried) await shelf("ops").away(row.seq);
    if (!unseen) await shelf("ops").put(op(photo.audit, "detach", { photo: photo.photo }));
  });
  changed("queue");
}

// What was found at a question; changed as often as one likes until it is handed in.
export async function find(found, question, said) {
  const before = findingOn(found, question), finding = before?.finding ?? uuid(), words = { question: question.code, ...said };
  await store.within(["findings", "ops"], async shelf => {
    const made = op(found.audit, "finding", { finding, base_version: before?.version ?? 0, after: null, ...words });
    const wire = await keptOp(shelf, made, other => other.finding === finding);
    await shelf("findings").put({ version: 0, photos: [], ...before, ...words, finding, audit: found.audit, op: wire.client_id });
  });
  changed("queue");
  return finding;
}

export async function dropFinding(found, finding) {
  await store.within(["findings", "ops"], async shelf => {
    await shelf("findings").away(finding.finding);
    const all = (await shelf("ops").all()).filter(row => row.kind === "finding" && row.wire.finding === finding.finding);
    for (const row of all) if (waiting(row) && !row.tried) await shelf("ops").away(row.seq);
    if (finding.version || all.some(row => row.tried)) await shelf("ops").put(op(found.audit, "drop_finding", { finding: finding.finding }));
  });
  changed("queue");
}

// The order in which a place is walked is remembered with the site.
export async function move(found, code, by) {
  const sections = found.sections.map(section => section.code), at = sections.indexOf(code), to = at + by;
  if (to < 0 || to >= sections.length) return;
  [sections[at], sections[to]] = [sections[to], sections[at]];
  await single(found.audit, "order", { sections }, { key: "order:" + found.pack.site.id, value: sections });
}

async function single(audit, kind, wire, noted) {
  await store.within(["ops", "notes"], async shelf => {
    await keptOp(shelf, op(audit, kind, wire), () => true);
    await shelf("notes").put(noted);
  });
  changed("queue");
}

export const open = (audit, said) => single(audit, "start", said, { key: "opening:" + audit, value: { ...said, at: now() } });
export const closeMeeting = (audit, said) => single(audit, "closing", said, { key: "closing:" + audit, value: { ...said, at: now() } });

// Of two answers one is kept; the other stays in the history of the server.
export async function resolve(found, question, keep) {
  const row = found.answers[question], chosen = row.op === keep ? row : row.rivals.find(rival => rival.op === keep);
  await store.within(["answers", "ops"], async shelf => {
    await keptOp(shelf, op(found.audit, "resolve", { question, base_version: row.version, keep }), wire => wire.question === question);
    await shelf("answers").put({ ...row, value: chosen.value, na: chosen.na, note: chosen.note, rivals: [] });
  });
  changed("queue");
}

// One step of a supplier's corrective action, or a look at what was open: by the same queue, in the place of one that was refused.
export async function takeStep(audit, kind, said) {
  const same = wire => wire.finding === said.finding;
  await store.within(["ops"], async shelf => {
    for (const row of await shelf("ops").all()) if (row.audit === audit && row.kind === kind && row.state === "refused" && same(row.wire)) await shelf("ops").away(row.seq);
    await keptOp(shelf, op(audit, kind, said), same);
  });
  changed("queue");
}

// What the server refused and a person lets go; an opening or closing may then be done anew.
export async function drop(row) {
  await store.away("ops", row.seq);
  const noted = { start: "opening:", closing: "closing:" }[row.kind];
  if (noted) for (const key of [noted, "gate:"]) await store.away("notes", key + row.audit);
  changed("queue");
}

// The day on which a finding is due: the days of its grade, then on to the next day of work.
export function dueOn(pack, grade, from = new Date()) {
  const at = new Date(from);
  at.setDate(at.getDate() + (pack.due_days[grade] ?? 0));
  const iso = () => `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
  for (let tries = 0; tries < 40 && pack.days_off.includes(iso()); tries++) at.setDate(at.getDate() + 1);
  return iso();
}
