// What lies on this phone: one database per person and hat, by an opaque name. Nobody opens another's.
const SHELVES = {
  packs: { keyPath: "audit" },
  answers: { keyPath: ["audit", "question"] },
  ops: { keyPath: "seq", autoIncrement: true },
  photos: { keyPath: "photo" },
  findings: { keyPath: "finding" },
  notes: { keyPath: "key" },
};
const NAME = "qcchain-runner-", LEFT = "qcchain-runner-left";
let db = null, who = "";

const done = request => new Promise((good, bad) => { request.onsuccess = () => good(request.result); request.onerror = () => bad(request.error); });

export async function open(key) {
  close();
  const request = indexedDB.open(NAME + key, 1);
  request.onupgradeneeded = () => { for (const [name, how] of Object.entries(SHELVES)) request.result.createObjectStore(name, how); };
  db = await done(request);
  db.onversionchange = close;
  who = key;
}

export function close() { db?.close(); db = null; who = ""; }
export const isOpen = () => db !== null;

// One transaction over several shelves: all of it is kept, or nothing. `work` gets a function that finds a shelf.
export function within(names, work, mode = "readwrite") {
  return new Promise((good, bad) => {
    const tx = db.transaction(names, mode, { durability: "strict" });
    let result;
    tx.oncomplete = () => good(result);
    tx.onabort = tx.onerror = () => bad(tx.error ?? new Error("aborted"));
    Promise.resolve(work(name => wrap(tx.objectStore(name)))).then(value => { result = value; }, error => { try { tx.abort(); } catch { /* it has ended */ } bad(error); });
  });
}

const wrap = shelf => ({
  get: key => done(shelf.get(key)), all: range => done(shelf.getAll(range)), put: row => done(shelf.put(row)), away: key => done(shelf.delete(key)),
});

export const get = (name, key) => within([name], shelf => shelf(name).get(key), "readonly");
export const all = (name, range) => within([name], shelf => shelf(name).all(range), "readonly");
export const put = (name, row) => within([name], shelf => shelf(name).put(row));
export const away = (name, key) => within([name], shelf => shelf(name).away(key));
export const change = (name, key, what) => within([name], async shelf => {
  const row = await shelf(name).get(key);
  if (row) await shelf(name).put({ ...row, ...what });
  return row;
});
export const answersOf = audit => all("answers", IDBKeyRange.bound([audit, ""], [audit, "\uffff"]));
export const note = async (key, otherwise) => (await get("notes", key))?.value ?? otherwise;
export const keep = (key, value) => put("notes", { key, value });

// How much each person's database still has to send, outside of it: so that nobody need open another's to know whether it may go.
const left = () => { try { return JSON.parse(localStorage.getItem(LEFT)) ?? {}; } catch { return {}; } };
const leave = table => { try { localStorage.setItem(LEFT, JSON.stringify(table)); } catch { /* storage is refused: nothing is kept either */ } };

export async function count() {
  if (!db) return 0;
  const waits = row => row.state === "local" || row.state === "sending";
  const [ops, photos] = await Promise.all([all("ops"), all("photos")]);
  const found = ops.filter(waits).length + photos.filter(waits).length;
  leave({ ...left(), [who]: found });
  return found;
}

export const othersWait = key => Object.entries(left()).some(([other, n]) => other !== key && n > 0);

// What is nobody's any more goes: whoever is not here and has sent everything leaves nothing behind.
export async function sweep(key) {
  const table = left();
  for (const [other, n] of Object.entries(table)) {
    if (other === key || n > 0) continue;
    await new Promise(gone => { const request = indexedDB.deleteDatabase(NAME + other); request.onsuccess = request.onerror = request.onblocked = gone; });
    delete table[other];
  }
  leave(table);
}

// All of one visit, once it is on the server.
export const forget = audit => within(["packs", "answers", "ops", "photos", "findings"], async shelf => {
  await shelf("packs").away(audit);
  for (const row of await shelf("answers").all(IDBKeyRange.bound([audit, ""], [audit, "\uffff"]))) await shelf("answers").away([audit, row.question]);
  for (const row of await shelf("ops").all()) if (row.audit === audit) await shelf("ops").away(row.seq);
  for (const [name, key] of [["photos", "photo"], ["findings", "finding"]]) for (const row of await shelf(name).all()) if (row.audit === audit) await shelf(name).away(row[key]);
});

// Said before the first answer: "" when this phone keeps what it is given, else why not.
export async function refusal() {
  if (!("indexedDB" in self) || !crypto.subtle) return isSecureContext ? "storage_refused" : "no_https";
  try {
    await done(indexedDB.open(NAME + "try", 1)).then(tried => { tried.close(); indexedDB.deleteDatabase(NAME + "try"); });
    localStorage.setItem(NAME + "try", "1");
    localStorage.removeItem(NAME + "try");
  } catch { return "storage_refused"; }
  const { quota = Infinity } = await navigator.storage?.estimate?.() ?? {};
  // Private windows keep little and forget it with the window.
  return quota < 120e6 ? "storage_private" : "";
}

export async function persist() {
  if (!navigator.storage?.persist) return false;
  return await navigator.storage.persisted() || navigator.storage.persist();
}
