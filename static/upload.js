// Sends a file in pieces before its form goes; without this the form carries it.
const piece = 1 << 19, side = 2048, small = 4e5, most = 8;
const hex = b => [...new Uint8Array(b)].map(x => x.toString(16).padStart(2, "0")).join("");
const make = (tag, what) => Object.assign(document.createElement(tag), what);

// The canvas also turns a photo upright and forgets the place.
async function shrunk(file) {
  if (!/^image\/(jpeg|webp)$/.test(file.type) || file.size <= small) return file;
  try {
    const pic = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, side / Math.max(pic.width, pic.height));
    const canvas = make("canvas", { width: pic.width * scale, height: pic.height * scale });
    canvas.getContext("2d").drawImage(pic, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise(done => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob?.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, ".jpg"), { type: blob.type }) : file;
  } catch { return file; }
}

async function ask(url, method, body, headers) {
  const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  const answer = await fetch(url, { method, body, headers: { "X-CSRFToken": token, ...headers } });
  return { status: answer.status, ...await answer.json() };
}

async function send(file, input, say) {
  const { upload, purpose, local, again } = input.dataset;
  const sha256 = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  const told = JSON.stringify({ name: file.name, size: file.size, sha256, purpose, client_id: purpose + "-" + sha256.slice(0, 48) });
  let at = -1, url, tries = 0;
  for (;;) try {
    const got = at < 0 ? await ask(upload, "POST", told, { "Content-Type": "application/json" })
      : await ask(url, "PATCH", file.slice(at, at + piece), { "Upload-Offset": at });
    if (got.evidence_id) return got.evidence_id;
    if (got.status > 299 && got.status !== 409) throw { final: got.words };
    at = got.received; url = got.url || url; tries = 0;
    say(`${local} · ${Math.floor(at * 100 / file.size)}%`);
  } catch (error) {
    if (error.final || ++tries > most) throw error;
    say(again); at = -1;
    await new Promise(done => setTimeout(done, Math.min(500 * 2 ** tries, 15000)));
  }
}

document.addEventListener("change", async event => {
  const input = event.target;
  if (!input.dataset?.upload || !input.files.length || !crypto.subtle) return;
  event.stopImmediatePropagation();
  const { into, saved, again, auto } = input.dataset;
  const line = input.form.querySelector("[data-upload-status]"), say = words => { line.textContent = words; };
  try {
    for (const file of input.files) {
      const value = await send(await shrunk(file), input, say);
      input.before(make("input", { type: "hidden", name: into, value }));
    }
    input.value = ""; input.required = false; say(saved);
    if (auto !== undefined) input.form.requestSubmit();
  } catch (error) { say(error.final || again); }
}, true);
