// Signing on glass: strokes in whole numbers of 0 to 4096, or the name typed.
import { button, h, t } from "./el.js";

const FULL = 4096, STROKES = 400, POINTS = 20_000;

export function signature({ name = "", strokes = [] } = {}, label = t("sign_here")) {
  const lines = strokes.map(line => [...line]);
  const canvas = h("canvas.glass", { width: 640, height: 240, role: "img", "aria-label": t("sign_area") });
  const typed = h("input.input", { value: name, maxLength: 60, autocomplete: "off", id: "signer" });
  const pen = canvas.getContext("2d");
  let now = null;

  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.lineWidth = 3; pen.lineCap = pen.lineJoin = "round"; pen.strokeStyle = getComputedStyle(canvas).color;
    for (const line of lines) {
      pen.beginPath();
      for (let i = 0; i < line.length; i += 2) pen.lineTo(line[i] * canvas.width / FULL, line[i + 1] * canvas.height / FULL);
      if (line.length === 2) pen.lineTo(line[0] * canvas.width / FULL + 1, line[1] * canvas.height / FULL);
      pen.stroke();
    }
  };
  const whole = (at, size) => Math.min(FULL, Math.max(0, Math.round(at * FULL / size)));
  const at = event => { const box = canvas.getBoundingClientRect(); return [whole(event.clientX - box.left, box.width), whole(event.clientY - box.top, box.height)]; };
  canvas.addEventListener("pointerdown", event => {
    if (lines.length >= STROKES) return;
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    lines.push(now = at(event));
    draw();
  });
  canvas.addEventListener("pointermove", event => { if (now && lines.flat().length < POINTS) { now.push(...at(event)); draw(); } });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { now = null; canvas.dispatchEvent(new Event("change", { bubbles: true })); });
  requestAnimationFrame(draw);

  const node = h("div.stack-2", h("div.field", h("label", { htmlFor: "signer" }, t("signer_name")), typed),
    h("div", h("p.sm.muted", label), canvas), h("p.sm.muted", t("sign_or_type")),
    button(t("sign_again"), () => { lines.length = 0; draw(); }, { look: "quiet", name: "undo" }));
  return { node, value: () => typed.value.trim() ? { name: typed.value.trim(), strokes: lines.map(line => [...line]) } : null };
}
