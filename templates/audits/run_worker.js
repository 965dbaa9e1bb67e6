// Keeps the runner's page and its files, and nothing of anybody: packs, answers and photos lie in the page's own database.
const FILES = {{ files|safe }}, PAGE = "{{ page }}", NAME = "qcchain-runner-{{ version }}", PATIENCE = 4000;

addEventListener("install", event => {
  event.waitUntil(caches.open(NAME).then(kept => kept.addAll([...FILES, new Request(PAGE, { cache: "reload" })])).then(() => skipWaiting()));
});
addEventListener("activate", event => {
  const old = names => Promise.all(names.filter(name => name.startsWith("qcchain-runner-") && name !== NAME).map(name => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => clients.claim()));
});

// The newest page while there is a line, else the kept one; a line that hangs counts as none.
async function page(request) {
  const kept = await caches.open(NAME), stop = new AbortController(), clock = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const fresh = await fetch(PAGE, { signal: stop.signal, credentials: "same-origin", cache: "no-store" });
    if (!fresh.ok || fresh.redirected) throw new Error(String(fresh.status));
    await kept.put(PAGE, fresh.clone());
    return fresh;
  } catch {
    return await kept.match(PAGE) ?? fetch(request);
  } finally { clearTimeout(clock); }
}

addEventListener("fetch", event => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const under = url.pathname.startsWith(PAGE) && !/\.(js|webmanifest|crt)$/.test(url.pathname);
  if (request.mode === "navigate" && under) event.respondWith(page(request));
  else if (FILES.includes(url.pathname)) event.respondWith(caches.match(request, { ignoreSearch: true }).then(kept => kept ?? fetch(request)));
});
