// Keys for a queue: j and k go on and back, Enter opens (the browser's own), v verifies, r goes to the reasons.
const page = document.querySelector("[data-queue]");
const typing = target => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

function step(by) {
  const rows = [...page.querySelectorAll("[data-row]")];
  if (rows.length) {
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(Math.max(at + by, 0), rows.length - 1)].focus();
    return;
  }
  page.querySelector(by > 0 ? "[data-next]" : "[data-prev]")?.click();
}

if (page) addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const press = { j: () => step(1), k: () => step(-1), v: () => page.querySelector("[data-verify]")?.requestSubmit(page.querySelector("[data-verify] button:not([disabled])") ?? undefined), r: () => page.querySelector("[data-reasons] input")?.focus() }[event.key];
  if (press) { event.preventDefault(); press(); }
});
