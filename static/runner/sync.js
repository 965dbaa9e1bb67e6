// Sends what waits, in the order in which it was made, and believes only what the server answers.
import { reduced, sha256 } from "./pictures.js";
import * as store from "./store.js";
import { STEPS, changed, waiting, whenChanged } from "./visit.js";
import * as wire from "./wire.js";

const DONE = ["submitted", "reviewed", "closed", "cancelled"];
const SOON = 2 * 24 * 3_600_000, STALE = 12 * 3_600_000;
const FIRST = 500, LAST = 60_000;
// What is known of the line: "" before the first try, then offline, sign_in, other, sending or rest.
export const line = { state: "", waits: 0, synced: null, skew: 0 };
let running = null, again = false, pause = FIRST, timer = 0, moved = false;

export function soon(ms = 300) { clearTimeout(timer); timer = setTimeout(() => sync(), ms); }

// One run at a time; whoever asks meanwhile gets another one after it.
export function sync() {
  if (running) { again = true; return running; }
  running = run().finally(() => { running = null; if (again) { again = false; soon(); } });
  return running;
}

async function run() {
  if (!store.isOpen()) return;
  moved = false;
  try {
    const ahead = await identify();
    say("sending");
    for (const audit of await subjects()) await sendAll(audit).catch(gone);
    await freshen(ahead);
    await store.keep("synced", Date.now());
    line.synced = Date.now();
    pause = FIRST;
    say("rest");
  } catch (error) {
    await calm();
    if (error instanceof wire.SignIn) return say("sign_in");
    if (!(error instanceof wire.Cut)) console.error(error);
    say("offline");
    pause = moved ? FIRST : Math.min(pause * 2, LAST);
    if (navigator.onLine) soon(pause);
  } finally { await recount(); }
}

// What waits is told as it comes to wait, and not when a run ends: one that hangs must not leave "all on the server" standing.
async function recount() {
  line.waits = await store.count().catch(() => line.waits);
  changed("line");
}
whenChanged(what => { if (what === "queue") recount(); });

const say = state => { line.state = state; changed("line"); };

async function identify() {
  const said = await wire.ahead(), mine = await store.note("who");
  if (mine && (mine.person !== said.person || mine.hat !== said.hat || mine.org !== said.org)) throw new wire.SignIn();
  if (!mine) await store.keep("who", { person: said.person, hat: said.hat, org: said.org, name: said.person_name });
  line.skew = Math.round((Date.now() - new Date(said.server_time)) / 1000);
  const before = JSON.stringify(await store.note("ahead"));
  await store.keep("ahead", said.packs);
  if (before !== JSON.stringify(said.packs)) changed("queue");
  return said.packs;
}

// One visit that the server refuses whole, being called off or another team's by now, does not stop the next.
const gone = error => { if (!(error instanceof wire.Refused)) throw error; };

// What colleagues answered meanwhile; packs that are due soon or have grown old; visits that somebody else has handed in.
async function freshen(ahead) {
  const kept = await store.all("packs");
  for (const { audit, pack, at } of kept.filter(row => row.kind === "visit")) {
    const one = ahead.find(each => each.audit === audit), begun = await store.note("opening:" + audit);
    if (one && !begun && (Date.now() - at > STALE || one.visit_on !== pack.visit.visit_on || one.half !== pack.visit.half)) await take(one.url).catch(gone);
    else await wire.state(audit).then(state => DONE.includes(state.state) ? leaveBehind(audit, state) : merge(audit, state)).catch(gone);
  }
  for (const { audit } of kept.filter(row => row.kind === "finding")) await take(wire.findingUrl(audit, "pack"), "finding").catch(gone);
  const soon = new Date(Date.now() + SOON).toISOString().slice(0, 10), today = new Date(Date.now() - SOON).toISOString().slice(0, 10);
  if (navigator.connection?.saveData) return;
  for (const one of ahead) if (one.visit_on >= today && one.visit_on <= soon && !kept.some(row => row.audit === one.audit)) await take(one.url).catch(gone);
}

// Handed in by a colleague: what still waits here stays to be looked at, else only the receipt stays.
async function leaveBehind(audit, state) {
  const waits = [...await store.all("ops"), ...await store.all("photos")].some(row => row.audit === audit && row.state !== "done");
  if (waits) return merge(audit, state);
  const kept = await store.get("packs", audit);
  if (!kept) return;
  const { pack } = kept, { asked, answered, photos, arrived, sha256: hash } = state.on_server;
  await store.keep("receipt:" + audit, { audit, supplier: pack.supplier, asked, answered, photos, arrived, hash, at: Date.now() });
  await store.forget(audit);
  for (const key of ["opening:", "closing:", "server:"]) await store.away("notes", key + audit);
  changed("queue");
}

const subjects = async () => {
  const [ops, photos] = await Promise.all([store.all("ops"), store.all("photos")]);
  return [...new Set([...ops, ...photos].filter(waiting).map(row => row.audit))];
};

// What was on its way when the line went is on this phone again; the server knows it by its client_id if it did arrive.
async function calm() {
  for (const name of ["ops", "photos"]) for (const row of await store.all(name).catch(() => []))
    if (row.state === "sending") await store.put(name, { ...row, state: "local" });
}

async function sendAll(audit) {
  const pack = await store.get("packs", audit);
  if (!pack) return;
  const isVisit = pack.kind !== "finding", url = isVisit ? wire.visitUrl(audit, "ops") : wire.findingUrl(audit, "ops");
  const most = pack.pack.limits?.ops_per_post ?? 100;
  // A step acts at once: its photos go before it.
  await sendOps(audit, url, row => !STEPS.has(row.kind), most);
  await sendPhotos(audit);
  await sendOps(audit, url, () => true, most);
  if (isVisit) await merge(audit, await wire.state(audit));
  else await shed(audit);
}

// A supplier's photos are on the server and named there: nothing of them stays here.
async function shed(finding) {
  if ((await store.all("ops")).some(row => row.audit === finding)) return;
  for (const row of await store.all("photos")) if (row.audit === finding && row.state === "done") await store.away("photos", row.photo);
  changed("queue");
}

async function sendOps(audit, url, which, most) {
  for (;;) {
    const rows = (await store.all("ops")).filter(row => row.audit === audit && waiting(row) && which(row)).slice(0, most);
    if (!rows.length) return;
    await store.within(["ops"], async shelf => { for (const row of rows) await shelf("ops").put({ ...await shelf("ops").get(row.seq), state: "sending", tried: true }); });
    changed("line");
    const said = await wire.send(url, rows.map(row => row.wire));
    if (Number.isFinite(said.skew_seconds)) line.skew = -said.skew_seconds;
    await heard(audit, rows, said.results);
    if (said.state?.answers) await merge(audit, said.state);
    else if (said.state?.finding) await store.change("packs", audit, { pack: said.state });
  }
}

async function heard(audit, rows, results) {
  moved = true;
  const by = Object.fromEntries(results.map(result => [result.client_id, result]));
  await store.within(["ops", "answers", "findings"], async shelf => {
    for (const row of rows) {
      const result = by[row.wire.client_id] ?? { status: "refused", code: "no_answer" };
      if (result.status === "refused") { await shelf("ops").put({ ...row, tried: true, state: "refused", words: result.words, code: result.code }); continue; }
      await shelf("ops").away(row.seq);
      const { kind, wire: { question, finding } } = row;
      if (kind === "answer" || kind === "resolve") await versioned(shelf("answers"), [audit, question], result);
      if (kind === "finding") await versioned(shelf("findings"), finding, result);
    }
  });
  changed("queue");
}

async function versioned(shelf, key, result) {
  const row = await shelf.get(key);
  if (row && result.version) await shelf.put({ ...row, version: result.version });
}

async function sendPhotos(audit) {
  for (const { photo } of (await store.all("photos")).filter(row => row.audit === audit && waiting(row))) {
    const row = await store.change("photos", photo, { state: "sending" });
    if (!row) continue;
    changed("line");
    try {
      await wire.upload(row, sent => { moved = true; store.change("photos", photo, { sent }); changed("line"); });
      await store.change("photos", photo, { state: "done", sent: row.size });
    } catch (error) {
      if (!(error instanceof wire.Refused)) throw error;
      await store.change("photos", photo, { state: "refused", words: error.said?.words, code: error.said?.code });
    }
    changed("queue");
  }
}

// What the server holds, laid over what this phone holds; what is still on its way from here stays as it is.
export async function merge(audit, state) {
  await store.within(["packs", "answers", "findings", "photos", "ops", "notes"], async shelf => {
    if (!await shelf("packs").get(audit)) return;       // handed in meanwhile: nothing of it comes back
    const ops = (await shelf("ops").all()).filter(row => row.audit === audit && row.state !== "done");
    for (const [question, there] of Object.entries(state.answers)) {
      const row = await shelf("answers").get([audit, question]), mine = ops.some(op => (op.kind === "answer" || op.kind === "resolve") && op.wire.question === question);
      const { version, op, value, na, note, person, client_time, photos = [], rivals = [] } = there;
      await shelf("answers").put(mine ? { ...row, audit, question, photos } : { audit, question, version, op, value, na, note, by: person, at: client_time, photos, rivals });
    }
    for (const there of state.findings) if (!ops.some(op => op.kind === "finding" && op.wire.finding === there.finding)) await shelf("findings").put({ ...there, audit });
    const dropped = (await shelf("findings").all()).filter(row => row.audit === audit && row.version && !state.findings.some(there => there.finding === row.finding) && !ops.some(op => op.wire.finding === row.finding));
    for (const row of dropped) await shelf("findings").away(row.finding);
    await shelf("notes").put({ key: "server:" + audit, value: { ...state.on_server, state: state.state, lacks: state.lacks, photos_there: state.photos, follow_up: state.follow_up, closing: state.closing, opening: state.opening, at: state.server_time } });
    if (state.opening && !await shelf("notes").get("opening:" + audit)) await shelf("notes").put({ key: "opening:" + audit, value: state.opening });
    if (state.closing && !await shelf("notes").get("closing:" + audit)) await shelf("notes").put({ key: "closing:" + audit, value: state.closing });
  });
  changed("queue");
}

// The lines that the server hashes too, from what this phone holds.
export async function hashOf(found) {
  const there = found.server?.photos_there ?? [], held = Object.fromEntries(found.photos.map(photo => [photo.photo, photo.sha256]));
  const lines = [
    ...Object.values(found.answers).filter(row => row.op).map(row => `a ${row.question} ${row.op}`),
    ...found.findings.map(row => `f ${row.finding} ${row.op}`),
    ...found.items.filter(row => row.outcome).map(row => `l ${row.finding} ${row.outcome}`),
    ...there.filter(photo => photo.arrived).map(photo => `p ${photo.photo} ${held[photo.photo] ?? photo.sha256}`),
  ];
  const bytes = lines.map(words => new TextEncoder().encode(words)).sort((a, b) => { for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i] - b[i]; return a.length - b.length; });
  return sha256(bytes.map(each => new TextDecoder().decode(each) + "\n").join(""));
}

// True only when nothing waits here and both sides hash the same.
export async function allThere(found) {
  return found.waits === 0 && found.refused.length === 0 && found.photos.every(photo => photo.state === "done") && Boolean(found.server?.complete) && await hashOf(found) === found.server.sha256;
}

export async function refresh(audit) { await merge(audit, await wire.state(audit)); }

export async function take(url, kind = "visit") {
  const { pack, size } = await wire.pack(url), audit = pack.audit ?? pack.finding;
  // Nothing is left to do on site: nothing of it is kept.
  if (kind === "visit" && DONE.includes(pack.visit.state)) throw new wire.Refused(409, { code: "visit_not_open" });
  const { examples = {} } = await store.get("packs", audit) ?? {};
  await store.put("packs", { audit, kind, pack, size, sha256: pack.sha256, at: Date.now(), examples });
  if (pack.state?.answers) await merge(audit, pack.state);
  await illustrate(pack, examples).catch(() => {});
  await store.change("packs", audit, { examples, size: size + Object.values(examples).reduce((sum, blob) => sum + blob.size, 0) });
  changed("queue");
  return audit;
}

// The pictures of how good looks, small, put into `examples`. A line that goes does not spoil the pack: the rest comes with the next one.
async function illustrate({ checklist, limits }, examples) {
  if (navigator.connection?.saveData) return;
  for (const { evidence, url } of (checklist?.questions ?? []).map(q => q.example).filter(one => one && !(one.evidence in examples))) {
    const picture = await wire.picture(url);
    if (picture) examples[evidence] = await reduced(picture, limits.example_long_side);
  }
}

// Handed in: the server has all of it, so nothing of it stays here but the receipt.
export async function handIn(found, client_id, leave) {
  const state = await wire.handIn(found.audit, client_id, await hashOf(found));
  leave();
  await leaveBehind(found.audit, state);
  await store.count();
  changed("queue");
}

addEventListener("online", () => { pause = FIRST; soon(0); });
addEventListener("offline", () => say("offline"));
document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(0); });
setInterval(() => { if (navigator.onLine && !document.hidden) soon(0); }, 30_000);
