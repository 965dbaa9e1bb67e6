// How the phone speaks with the server: docs/adr/0030-offline-contract.md.
import { page } from "./el.js";

const SMALLEST = 1 << 15, LARGEST = 1 << 19;
const base64 = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
let csrf = "", identity = null, piece = 1 << 18;

export class Cut extends Error {}          // no line, or a server in trouble: keep everything, try again
export class SignIn extends Error {}       // nobody, or somebody else, is signed in: keep everything, ask
export class Refused extends Error { constructor(status, said) { super(said?.code ?? String(status)); this.status = status; this.said = said; } }

async function ask(url, how = {}, seconds = 30) {
  const stop = new AbortController(), clock = setTimeout(() => stop.abort(), seconds * 1000);
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", cache: "no-store", redirect: "manual", signal: stop.signal, ...how, headers: { "X-CSRFToken": csrf, Accept: "application/json", ...how.headers } });
  } catch { throw new Cut(); } finally { clearTimeout(clock); }
  if (answer.status === 401 || answer.type === "opaqueredirect") throw new SignIn();
  if (answer.status >= 500 || answer.status === 429) throw new Cut();
  return answer;
}

async function read(answer) {
  try { return await answer.json(); } catch { throw new Cut(); }
}

const post = (url, body) => ask(url, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
const get = async url => {
  const answer = await ask(url);
  if (!answer.ok) throw new Refused(answer.status, await read(answer));
  return read(answer);
};

// Who is signed in, the token of that session, and what is ahead.
export async function ahead() {
  const said = await get(page.urls.packs);   // no hat that goes on visits meets Refused
  csrf = said.csrf;
  identity = { person: said.person, hat: said.hat, org: said.org };
  return said;
}

export async function pack(url) {
  const answer = await ask(url, {}, 120);
  if (!answer.ok) throw new Refused(answer.status, await read(answer));
  try { const text = await answer.text(); return { pack: JSON.parse(text), size: new Blob([text]).size }; } catch { throw new Cut(); }
}

// A picture that a pack names; null where it is not to be had.
export async function picture(url) {
  const answer = await ask(url, { redirect: "follow", headers: { Accept: "image/*" } }, 60);
  if (!answer.ok || !/^image\//.test(answer.headers.get("Content-Type") ?? "")) return null;
  try { return await answer.blob(); } catch { throw new Cut(); }
}

export const visitUrl = (audit, what) => `/audits/${audit}/${what}/`;
export const findingUrl = (finding, what) => `/findings/${finding}/${what}/`;
export const state = audit => get(visitUrl(audit, "state"));

export async function send(url, ops) {
  const answer = await post(url, { ...identity, sent_at: new Date().toISOString(), ops });
  const said = await read(answer);
  if (answer.status === 409 && said.code === "other_person") throw new SignIn();
  if (answer.status === 403) throw new SignIn();       // the token is of another session
  if (!answer.ok) throw new Refused(answer.status, said);
  return said;
}

export async function handIn(audit, client_id, sha256) {
  const answer = await post(visitUrl(audit, "hand-in"), { ...identity, client_id, client_time: new Date().toISOString(), sha256 });
  const said = await read(answer);
  if (!answer.ok) throw new Refused(answer.status, said);
  return said;
}

// One file by tus 1.0.0: where it broke off, it goes on. `told(bytes)` hears how far it is.
export async function upload(photo, told) {
  const tus = { "Tus-Resumable": "1.0.0" };
  const meta = { filename: photo.name, sha256: photo.sha256, client_id: photo.photo, purpose: "photo" };
  const made = await ask(page.urls.tus, { method: "POST", headers: { ...tus, "Upload-Length": String(photo.size), "Upload-Metadata": Object.entries(meta).map(([key, value]) => `${key} ${base64(value)}`).join(",") } });
  if (made.status !== 201) throw new Refused(made.status, await read(made).catch(() => null));
  const url = made.headers.get("Location");
  let at = Number(made.headers.get("Upload-Offset") ?? 0);
  if (!made.headers.has("Upload-Offset")) at = Number((await ask(url, { method: "HEAD", headers: tus })).headers.get("Upload-Offset") ?? 0);
  while (at < photo.size) {
    // A bad line gets small pieces: each that arrives is kept.
    const sent = piece;
    piece = Math.max(SMALLEST, piece >> 1);
    const answer = await ask(url, { method: "PATCH", body: photo.blob.slice(at, at + sent), headers: { ...tus, "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream" } });
    piece = Math.min(LARGEST, sent << 1);
    if (answer.status === 409) { at = Number((await ask(url, { method: "HEAD", headers: tus })).headers.get("Upload-Offset") ?? 0); continue; }
    if (answer.status !== 204 && answer.status !== 200) throw new Refused(answer.status, await read(answer).catch(() => null));
    at = Number(answer.headers.get("Upload-Offset") ?? photo.size);
    told(at);
  }
}
