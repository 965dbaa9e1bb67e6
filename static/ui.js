// Progressive enhancement only: every page reads, filters, answers and signs without this file.
// Listeners sit on the document, so that pieces swapped in by htmx work like those that came with the page.
const root = document.documentElement;
root.dataset.js = "";

const yearInSeconds = 31536000;
const toastLifeMs = 10000;

function switchTheme() {
  const asked = root.dataset.theme;
  const dark = asked ? asked === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  // The server writes data-theme from the cookie on the next page.
  document.cookie = `theme=${root.dataset.theme};path=/;max-age=${yearInSeconds};samesite=lax`;
}

function close(button) {
  const dialog = button.closest("dialog");
  if (dialog) dialog.close();
  else button.closest(".toast, .banner")?.remove();
}

// A suggested phrase is put where the person is writing, and stays editable.
function addPhrase(button) {
  const box = document.getElementById(button.dataset.phraseFor);
  if (!box) return;
  const gap = box.value && !/[\s，。；]$/.test(box.value) ? (root.lang.startsWith("zh") ? "，" : "; ") : "";
  box.value += gap + button.dataset.phrase;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  box.focus();
}

// Counting with one thumb: a press is one piece more or fewer, within what the field takes.
function step(box, by) {
  if (!box) return;
  box.value = Math.min(Number(box.max || Infinity), Math.max(0, Number(box.value || 0) + by));
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", event => {
  const target = event.target.closest("[data-theme-switch], [data-opens], [data-closes], [data-phrase], [data-copy], [data-print], [data-step]");
  if (!target) return;
  const { dataset } = target;
  if ("themeSwitch" in dataset) switchTheme();
  if ("closes" in dataset) close(target);
  if ("phrase" in dataset) addPhrase(target);
  if ("copy" in dataset) navigator.clipboard?.writeText(dataset.copy).then(() => { target.querySelector("[data-copied]")?.removeAttribute("hidden"); });
  if ("print" in dataset) print();
  if ("step" in dataset) step(document.getElementById(dataset.stepFor), Number(dataset.step));
  if ("opens" in dataset) {
    const dialog = document.getElementById(dataset.opens);     // a link to a page of its own where there is no script
    if (dialog?.showModal) { event.preventDefault(); dialog.showModal(); }
  }
});

// A form that is on its way takes no second press. The server also refuses the second one by its key.
document.addEventListener("submit", event => {
  const form = event.target;
  if (form.method === "dialog" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  setTimeout(() => { delete form.dataset.sent; }, 8000);
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  // Coming back, the browser ticks again what was ticked, and says so to nobody.
  for (const table of document.querySelectorAll("table[data-bulk]")) countPicked(table);
});

// A list's filters apply on choosing; the button stays for those who type.
document.addEventListener("change", event => {
  if (event.target.matches("form[data-auto] select, form[data-auto] input[type=date]")) event.target.form.requestSubmit();
  if (event.target.matches("input[type=file][data-auto]")) event.target.form.requestSubmit();
  showPicked(event);
});

function showPicked(event) {
  const table = event.target.closest?.("table[data-bulk]");
  if (table) countPicked(table, event.target);
}

function countPicked(table, changed) {
  const all = table.querySelector("[data-all]"), rows = [...table.querySelectorAll(".pick")];
  if (all && changed === all) for (const row of rows) row.checked = all.checked;
  const picked = rows.filter(row => row.checked).length;
  const bar = document.getElementById(table.dataset.bulk), count = bar?.querySelector("[data-count]");
  if (count) count.textContent = picked;
  if (bar) bar.hidden = picked === 0;
  if (all) { all.checked = picked > 0 && picked === rows.length; all.indeterminate = picked > 0 && picked < rows.length; }
}

// A toast leaves by itself, but never while it is read or reached.
function fade(toast) {
  setTimeout(() => { if (toast.matches(":hover, :focus-within")) fade(toast); else toast.remove(); }, toastLifeMs);
}
function settle(scope) {
  for (const toast of scope.querySelectorAll(".toast-dock .toast:not([data-timed])")) { toast.dataset.timed = ""; fade(toast); }
  scope.querySelector(".errors[tabindex]")?.focus();
  for (const table of document.querySelectorAll("table[data-bulk]")) countPicked(table);
}
settle(document);
document.addEventListener("htmx:afterSwap", event => settle(event.target));

// "On this phone": while the line is cut nothing is lost silently.
const offline = () => { for (const banner of document.querySelectorAll("[data-offline]")) banner.hidden = navigator.onLine; };
addEventListener("online", offline);
addEventListener("offline", offline);
offline();

addEventListener("keydown", event => {
  if ((event.metaKey || event.ctrlKey) && event.key === "k") { const search = document.querySelector("[data-search]"); if (search) { event.preventDefault(); search.click(); } }
});
