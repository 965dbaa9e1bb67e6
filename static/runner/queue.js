// Everything that waits: each operation, each photo; and two answers to one question, side by side.
import { both, button, clock, h, link, megabytes, said, stateChip, t } from "./el.js";
import { valueWords } from "./question.js";
import * as store from "./store.js";
import { soon, sync } from "./sync.js";
import { drop, resolve, visit, waiting } from "./visit.js";

export async function queue() {
  const packs = await store.all("packs"), ops = (await store.all("ops")).filter(op => op.state !== "done"), photos = await store.all("photos");
  const visits = (await Promise.all(packs.filter(pack => pack.kind === "visit").map(pack => visit(pack.audit)))).filter(Boolean);
  const clashes = visits.flatMap(found => found.conflicts.map(row => [found, row])), waits = photos.filter(waiting).length + ops.filter(waiting).length;
  return { title: t("queue"), node: h("div.narrow.stack", h("div", h("a.sm.backlink", { href: "#/" }, t("back_home")), h("h1", t("queue")), h("p.muted", waits ? t("queue_why", { n: waits }) : t("queue_empty"))),
    clashes.map(([found, row]) => clash(found, row)),
    waits > 0 && button(t("send_now"), () => sync(), { look: "primary big full", name: "upload" }),
    photos.length > 0 && h("section.stack-2", h("h2", t("photo")), h("ul.oblist.card.flush", photos.map(photo => h("li.row.between", h("span.sm", said(photo.name), h("small.muted", ` ${megabytes(photo.size)} MB${photo.state === "sending" ? ` · ${Math.floor(photo.sent * 100 / photo.size)}%` : ""}`)), stateChip(photo.state, photo.taken_at))))),
    ops.length > 0 && h("section.stack-2", h("h2", t("what_was_done")), h("ul.oblist.card.flush", ops.map(op => h("li.row.between", h("span.sm", `${t("op_" + op.kind)} `, op.wire.question && h("b", op.wire.question), op.words && h("small", " ", said(both(op.words)))), stateChip(op.state, op.wire.client_time), op.state === "refused" && button(t("drop"), () => drop(op).then(() => soon()), { look: "quiet", name: "x" }))))) ) };
}

function clash(found, row) {
  const q = found.pack.checklist.questions.find(each => each.code === row.question), sides = [row, ...row.rivals];
  return h("section.card.stack", { id: `conflict-${row.question}` }, h("h2", said(both(q?.text))), h("p.sm.muted", t("conflict_why")),
    sides.map(side => h("div.row.between", h("span", h("b", said(valueWords(q, side))), h("small.muted", " ", said(side.by ?? side.person ?? t("you")), ` ${clock(side.at ?? side.client_time)}`), side.note && h("p.sm", said(side.note))),
      button(t("keep_this"), () => resolve(found, row.question, side.op).then(() => soon()), {}))), link(t("look_at_question"), `#/v/${found.audit}/q/${encodeURIComponent(row.question)}`, "sm"));
}
