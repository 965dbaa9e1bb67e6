// What every screen is made of: elements, icons, words. Words come with the page, questions with the pack; none stand in the script.
export const page = JSON.parse(document.getElementById("runner").textContent);
const zh = page.language.startsWith("zh");

export function t(key, facts = {}) {
  const words = page.words[key] ?? key;
  return words.replace(/%\((\w+)\)s/g, (_all, name) => facts[name] ?? "");
}

// A text in two languages: ours where it is there, else the other one.
export const both = pair => (zh ? pair?.zh || pair?.en : pair?.en || pair?.zh) || "";

const HAN = /[\u3400-\u9fff]/;
const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${page.icons}#${name}`);
  svg.append(use);
  return svg;
}

// What a field was drawn with is an attribute too: so two drawings of a screen can be told apart.
const DEFAULTS = { value: "defaultValue", checked: "defaultChecked", selected: "defaultSelected" };

// h("p.muted", {onclick, hidden, …}, children…). A property that the element has is set, anything else is an attribute.
export function h(what, props, ...children) {
  const [tag, ...classes] = what.split(".");
  const made = document.createElement(tag || "div");
  if (classes.length) made.className = classes.join(" ");
  if (props && (props.nodeType || typeof props !== "object" || Array.isArray(props))) { children.unshift(props); props = null; }
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null) continue;
    if (name === "data") Object.assign(made.dataset, value);
    else if (name in made) { made[name] = value; if (DEFAULTS[name] in made) made[DEFAULTS[name]] = value; }
    else if (value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(3).filter(child => child !== null && child !== undefined && child !== false && child !== ""));
  return made;
}

// Words that may be Chinese on an English page.
export const said = (words, tag = "span") => h(tag, { lang: !zh && HAN.test(words ?? "") ? "zh-Hans" : undefined }, words ?? "");
export const chip = (tone, name, words) => h(`span.chip${tone ? "." + tone : ""}`, icon(name), words);
export const button = (words, onclick, { look = "", name, ...rest } = {}) =>
  h(`button.btn${look ? "." + look.split(" ").join(".") : ""}`, { type: "button", onclick, ...rest }, name && icon(name), words);
export const link = (words, href, look = "btn") => h(`a.${look.split(" ").join(".")}`, { href }, words);
export const banner = (tone, name, ...words) => h(`div.banner.round${tone ? "." + tone : ""}`, { role: "status" }, icon(name), h("span", ...words));

export const clock = when => new Intl.DateTimeFormat(zh ? "zh-CN" : "en-GB", { hour: "2-digit", minute: "2-digit", hour12: false }).format(new Date(when));
// A day as the server writes it has no time: read it as this phone's own.
export const day = when => new Intl.DateTimeFormat(zh ? "zh-CN" : "en-GB", { month: zh ? "long" : "short", day: "numeric", weekday: "short" }).format(/^\d{4}-\d\d-\d\d$/.test(when) ? new Date(when + "T12:00") : new Date(when));
export const megabytes = bytes => Math.max(0.1, bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);

// The three states of everything that is kept: on this phone, on its way, on the server. Only the server's word makes the third.
const STATES = { local: ["warn", "● "], sending: ["info", "◐ "], done: ["good", "✓ "], refused: ["bad", "! "] };
export function stateChip(state, when) {
  const [tone, sign] = STATES[state];
  return h("span.chip." + tone, sign + t("state_" + state) + (when ? " · " + clock(when) : ""));
}
export const stateLine = state => h("span.cap." + STATES[state][0], STATES[state][1] + t("state_" + state));

export const uuid = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((b, i) =>
  ([4, 6, 8, 10].includes(i) ? "-" : "") + (i === 6 ? (b & 15) | 64 : i === 8 ? (b & 63) | 128 : b).toString(16).padStart(2, "0")).join("");
