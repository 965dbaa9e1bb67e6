// Improves the pages for readings: the bar fills while one types, Enter leads to the next reading, a block pasted from a table spreads over the grid.
// Without it the bar fills when the page comes back, and a block is pasted into its own field.
const plain = text => text.normalize("NFKC").replace(/[−–—]/g, "-").replace(/[\s,]/g, "");

function fill(box) {
  const bar = document.getElementById(box.dataset.fills);
  if (!bar) return;
  const sign = box.form.elements[`${box.name}-sign`]?.value === "-" ? -1 : 1;
  const value = box.value.trim() ? sign * Number(plain(box.value)) : NaN;
  const { low, high, lower, upper } = bar.dataset;
  const known = Number.isFinite(value);
  const out = known && ((lower !== undefined && value < Number(lower)) || (upper !== undefined && value > Number(upper)));
  const part = bar.querySelector("[data-fill]");
  part.setAttribute("width", known ? Math.max(0, Math.min(100, 100 * (value - low) / (high - low))).toFixed(2) : "0");
  part.setAttribute("class", out ? "sig" : "c1");
}

function boxesOf(form) {
  return [...form.querySelectorAll("input.num:not([type=hidden])")];
}

document.addEventListener("input", event => {
  if (event.target.matches?.("[data-fills]")) fill(event.target);
  const sign = event.target.matches?.("select.sign") && document.getElementById(`id_${event.target.name.replace(/-sign$/, "")}`);
  if (sign) fill(sign);
});

document.addEventListener("keydown", event => {
  if (event.key !== "Enter" || event.isComposing || !event.target.matches?.("input.num, input.lot-no")) return;
  const boxes = boxesOf(event.target.form);
  const next = boxes[boxes.indexOf(event.target) + 1];
  event.preventDefault();           // the last Enter leads on as well: nothing is sent by mistake
  (next ?? event.target.form.querySelector("select, button[type=submit]:not([name=more])"))?.focus();
});

document.addEventListener("paste", event => {
  const box = event.target.closest?.("[data-cell]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!box || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const [row, column] = box.dataset.cell.split(",").map(Number);
  text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").forEach((line, down) => line.split("\t").forEach((value, right) => {
    const cell = document.querySelector(`[data-cell="${row + down},${column + right}"]`);
    if (cell) cell.value = value.trim();
  }));
});
