// A follow-up without a network: what was open is looked at again, one finding on one screen.
import { day, h, icon, said, stateLine, t } from "./el.js";
import * as store from "./store.js";
import { soon } from "./sync.js";
import { photograph, takeStep, visit, waiting } from "./visit.js";
import { gone } from "./walk.js";

const OUTCOMES = ["put_right", "still_open"];

export async function look(audit, finding) {
  const found = await visit(audit), item = found?.items.find(one => one.finding === finding);
  if (!item) return gone();
  const key = `draft:${audit}:${finding}`, typed = await store.note(key, item), mine = found.photos.filter(photo => photo.finding === finding);
  const seen = h("textarea.input", { id: "seen", rows: 3, maxLength: 1000, value: typed.seen ?? "" }), error = h("p.err", { role: "alert", hidden: true });
  const choices = OUTCOMES.map(outcome => h("label.opt" + (outcome === "put_right" ? ".good" : ".bad"), h("input", { type: "radio", name: "outcome", id: outcome, value: outcome, checked: typed.outcome === outcome }), icon(outcome === "put_right" ? "check" : "x"), t(outcome)));
  const read = () => ({ outcome: choices.map(label => label.querySelector("input")).find(radio => radio.checked)?.value ?? "", seen: seen.value.trim() });
  const refuse = words => { error.hidden = !words; if (words) error.replaceChildren(icon("alert"), t(words)); return Boolean(words); };
  const shoot = async event => {
    const [file] = event.target.files;
    try { if (file) await photograph(audit, file, { finding }); refuse(""); soon(); } catch { refuse("photo_unreadable"); }
    event.target.value = "";
  };
  const keep = async event => {
    event.preventDefault();
    const words = read();
    if (refuse(words.outcome && words.seen ? "" : "look_lacks")) return;
    await takeStep(audit, "look_again", { finding, ...words, photos: mine.filter(photo => photo.state !== "refused").map(photo => photo.photo) });
    await store.away("notes", key);
    soon();
    location.hash = `#/v/${audit}`;
  };
  return { title: t("look_again"), node: h("div.narrow.stack", h("div", h("a.sm.backlink", { href: `#/v/${audit}` }, t("follow_up")), h("h1", t("look_again")), h("p.sub.muted", t("grade_" + item.grade), item.due_on && ` · ${t("due_on", { day: day(item.due_on) })}`)),
    h("section.card.stack-2", h("p", said(t("finding_sentence", item)))),
    h("form.stack", { onsubmit: keep, noValidate: true, oninput: () => store.keep(key, read()) }, h("fieldset.field", h("legend", t("what_you_see")), h("div.opts", choices)), h("div.field", h("label", { htmlFor: "seen" }, t("in_your_words")), seen),
      h("div.photos.two-up", mine.map(photo => h("figure.photo", stateLine(photo.state)))), h("label.addshot", h("input.vh", { type: "file", accept: "image/*", capture: "environment", onchange: shoot }), icon("camera"), h("span", t(mine.length ? "photo_more" : "photo_take"))), error,
      h("div.footbar", h("a.btn.big", { href: `#/v/${audit}` }, icon("back"), h("span.vh", t("back"))), h("button.btn.primary.big", { type: "submit", disabled: found.ops.some(op => op.kind === "look_again" && op.wire.finding === finding && waiting(op) && op.tried) }, t("keep_closing"), icon("check"))))) };
}
