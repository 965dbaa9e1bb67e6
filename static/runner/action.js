// A supplier's corrective action without a network: correction, cause, action, a photo.
import { banner, both, day, h, icon, link, page, said, stateLine, t } from "./el.js";
import * as store from "./store.js";
import { soon, take } from "./sync.js";
import { answerFinding, photograph } from "./visit.js";
import * as wire from "./wire.js";

export async function action(finding) {
  let kept = await store.get("packs", finding);
  if (!kept) {
    try { await wire.ahead(); await take(wire.findingUrl(finding, "pack"), "finding"); kept = await store.get("packs", finding); } catch (error) {
      return { title: t("title"), node: h("div.narrow.stack", h("h1", t("not_taken")), h("p", t(error instanceof wire.Refused ? "not_for_you" : "no_line")), link(t("back_home"), "#/", "btn big full"), error instanceof wire.SignIn && link(t("sign_in"), page.urls.sign_in, "btn primary big full")) };
    }
  }
  const { pack } = kept, ops = (await store.all("ops")).filter(op => op.audit === finding), photos = (await store.all("photos")).filter(photo => photo.audit === finding);
  const sent = await store.note("action:" + finding), refused = ops.find(op => op.state === "refused"), waits = ops.some(op => op.kind === "answer_finding" && op.state !== "refused");
  const there = sent && !waits && !refused;
  return { title: t("corrective_action"), node: h("div.narrow.stack", h("div", h("a.sm.backlink", { href: "#/" }, t("back_home")), h("h1", t("corrective_action")), h("p.sub.muted", said(both(pack.owner)), " · ", t("grade_" + pack.grade), pack.due_on && ` · ${t("due_on", { day: day(pack.due_on) })}`)),
    h("section.card.stack-2", h("p", said(t("finding_sentence", pack)))),
    refused && banner("bad", "alert", both(refused.words) || refused.code, " ", h("a", { href: wire.findingUrl(finding, "").replace("//", "/") }, t("to_desk_finding"))),
    there ? [banner("good", "check", t("action_there")), link(t("back_home"), "#/", "btn big full")] : form(pack, finding, sent ?? {}, photos),
    waits && banner("", "phone", t("action_local"))) };
}

function form(pack, finding, before, photos) {
  const areas = Object.fromEntries(["correction", "cause", "action"].map(name => [name, h("textarea.input", { id: name, rows: 3, maxLength: 1000, value: before[name] ?? "" })]));
  let photo = photos.at(-1) ?? null;
  const shown = h("div", photo && stateLine(photo.state)), error = h("p.err", { role: "alert", hidden: true });
  const shoot = async event => {
    const [file] = event.target.files;
    try { if (file) photo = await photograph(finding, file, {}); error.hidden = true; shown.replaceChildren(stateLine("local")); } catch { error.hidden = false; error.replaceChildren(icon("alert"), t("photo_unreadable")); }
    event.target.value = "";
  };
  const send = async event => {
    event.preventDefault();
    const said = Object.fromEntries(Object.entries(areas).map(([name, area]) => [name, area.value.trim()])), lacks = Object.values(said).some(words => !words) || (pack.grade === "critical" && !photo);
    error.hidden = !lacks;
    if (lacks) { error.replaceChildren(icon("alert"), t(pack.grade === "critical" && !photo ? "critical_photo" : "three_lines")); return; }
    for (const op of (await store.all("ops")).filter(op => op.audit === finding && op.state === "refused")) await store.away("ops", op.seq);
    await answerFinding(finding, { ...said, photo: photo?.photo ?? null });
    soon();
    dispatchEvent(new HashChangeEvent("hashchange"));
  };
  return h("form.stack", { onsubmit: send, noValidate: true }, Object.entries(areas).map(([name, area]) => h("div.field", h("label", { htmlFor: name }, t("action_" + name)), h("p.hint", t("action_" + name + "_why")), area)),
    h("label.addshot", h("input.vh", { type: "file", accept: "image/*", capture: "environment", onchange: shoot }), icon("camera"), h("span", t(photo ? "photo_more" : "photo_take"))), shown, error,
    h("div.footbar", h("a.btn.big", { href: "#/" }, icon("back"), h("span.vh", t("back"))), h("button.btn.primary.big", { type: "submit" }, t("keep_action"), icon("check"))));
}
