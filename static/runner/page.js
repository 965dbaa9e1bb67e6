// The runner's page: who is here, which screen, and the line that says where the work is.
import { banner, clock, h, icon, link, page, t } from "./el.js";
import { line, soon, sync } from "./sync.js";
import { whenChanged } from "./visit.js";
import * as screens from "./screens.js";
import * as store from "./store.js";

const main = document.getElementById("main"), status = document.getElementById("runner-line"), warnings = document.getElementById("runner-warnings");
const HOUR = 3_600_000;
let turn = 0, key = "", pressed = false, later = false;
const urls = new Map();

// Which person and hat this browser belongs to now: an opaque word that the server keeps up to date; "-" after signing out.
const here = () => /(?:^|; )qcc_here=([0-9a-f]{8,}|-)/.exec(document.cookie)?.[1] ?? "-";

const ROUTES = [
  [/^$/, screens.home],
  [/^queue$/, screens.queue],
  [/^v\/([\w-]+)$/, screens.overview],
  [/^v\/([\w-]+)\/start$/, screens.start],
  [/^v\/([\w-]+)\/q\/([^/]+)$/, screens.question],
  [/^v\/([\w-]+)\/photos$/, screens.unsorted],
  [/^v\/([\w-]+)\/l\/([\w-]+)$/, screens.look],
  [/^v\/([\w-]+)\/close$/, screens.closing],
  [/^get\/([\w-]+)$/, screens.fetchVisit],
  [/^f\/([\w-]+)$/, screens.action],
];

async function show({ keep = false } = {}) {
  const mine = ++turn;
  if (here() !== key) return begin();
  const path = decodeURIComponent(location.hash.replace(/^#\/?/, ""));
  let made;
  if (key === "-") made = await screens.signIn();
  else {
    const [, screen, args] = ROUTES.map(([shape, screen]) => [shape.exec(path), screen]).filter(([found]) => found).map(([found, screen]) => [0, screen, found.slice(1)])[0] ?? [0, screens.home, []];
    made = await screen(...args);
  }
  if (mine !== turn || !made) return;
  // A button under a finger must not be taken away: the screen is drawn anew once it is lifted, and only where something is to be seen.
  if (keep && pressed) { later = true; return; }
  const top = keep ? scrollY : 0, focused = keep ? document.activeElement?.id : "";
  if (keep && main.firstElementChild?.isEqualNode(made.node)) return;
  main.replaceChildren(made.node);
  document.title = `${made.title} · qcchain`;
  scrollTo(0, top);
  if (!keep) main.focus({ preventScroll: true });
  else if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

// One address for one small picture, as long as the page is open.
function objectUrl(photo) {
  if (!urls.has(photo.photo)) urls.set(photo.photo, URL.createObjectURL(photo.small));
  return urls.get(photo.photo);
}
screens.drawWith({ objectUrl, again: () => show({ keep: true }) });

function tellLine() {
  const { state, waits, synced } = line;
  const old = synced && Date.now() - synced > 24 * HOUR;
  const words = key === "-" ? "" : waits ? t(state === "sending" ? "line_sending" : "line_local", { n: waits }) : state === "offline" ? t("line_offline") : synced ? t("line_synced", { time: clock(synced) }) : "";
  status.className = `saved runner-line${waits || old ? " local" : ""}`;
  status.replaceChildren(...(words ? [!waits && state === "offline" && icon("offline"), h("a", { href: "#/queue" }, `${waits ? (state === "sending" ? "◐ " : "● ") : state === "offline" ? "" : "✓ "}${words}`)].filter(Boolean) : []));
  const told = [
    state === "sign_in" && banner("", "lock", t("sign_in_to_send"), " ", link(t("sign_in"), page.urls.sign_in, "langlink")),
    old && waits > 0 && banner("bad", "alert", t(Date.now() - synced > 5 * 24 * HOUR ? "synced_days_ago" : "synced_a_day_ago", { n: waits })),
    Math.abs(line.skew) > 300 && banner("info", "clock", t("clock_differs", { n: Math.round(Math.abs(line.skew) / 60) })),
  ].filter(Boolean);
  warnings.replaceChildren(...standing, ...told);
}

// Said before the first answer, and as long as it is so.
const standing = [];
async function warn() {
  standing.length = 0;
  const refusal = await store.refusal();
  if (refusal) standing.push(banner("bad", "alert", t(refusal)));
  if (/MicroMessenger/i.test(navigator.userAgent)) standing.push(banner("", "globe", t("in_wechat")));
  const battery = await navigator.getBattery?.().catch(() => null);
  const low = () => {
    const at = standing.findIndex(node => node.dataset.battery);
    if (at >= 0) standing.splice(at, 1);
    if (!battery.charging && battery.level < 0.15) {
      const told = banner("", "alert", t("battery_low"));
      told.dataset.battery = "1";
      standing.push(told);
      soon(0);
    }
    tellLine();
  };
  if (battery) { battery.addEventListener("levelchange", low); battery.addEventListener("chargingchange", low); low(); }
  return refusal !== "storage_refused" && refusal !== "no_https";
}

async function begin() {
  key = here();
  await store.sweep(key);
  store.close();
  for (const url of urls.values()) URL.revokeObjectURL(url);
  urls.clear();
  line.waits = 0; line.synced = null; line.state = "";
  if (key !== "-" && await warn()) {
    await store.open(key);
    line.synced = await store.note("synced", null);
    line.waits = await store.count();
    store.persist();
    soon(0);
  } else if (key !== "-") { main.replaceChildren(h("div.narrow.stack", h("h1", t("title")), link(t("work_online"), "/audits/", "btn primary big full"))); tellLine(); return; }
  tellLine();
  const gate = /^\/audits\/run\/gate\/([\w-]+)\//.exec(location.pathname)?.[1];
  if (gate && key !== "-") { await screens.atGate(gate); history.replaceState(null, "", page.urls.run + location.hash); }
  return show();
}

const lifted = () => setTimeout(() => { pressed = false; if (later) { later = false; show({ keep: true }); } });  // after the click that it makes
addEventListener("pointerdown", () => { pressed = true; }, true);
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, lifted, true);
addEventListener("hashchange", () => show());
whenChanged(what => { tellLine(); if (what === "screen" || screens.follows(location.hash, what)) show({ keep: true }); });
document.addEventListener("visibilitychange", () => { if (!document.hidden && here() !== key) begin(); });
document.getElementById("runner-sync").addEventListener("click", () => sync());

navigator.serviceWorker?.addEventListener("controllerchange", () => show({ keep: true }));
if ("serviceWorker" in navigator) navigator.serviceWorker.register(page.urls.worker, { scope: page.urls.run }).catch(() => {});
begin();
