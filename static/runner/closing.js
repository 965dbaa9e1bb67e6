// The closing meeting: the findings on one screen, the auditee's word, a name on glass.
import { banner, both, day, h, icon, said, t } from "./el.js";
import { signature } from "./signature.js";
import { soon } from "./sync.js";
import { closeMeeting, dueOn, visit } from "./visit.js";
import { gone } from "./walk.js";

const WORDS = ["agrees", "remarks", "refuses"];

export async function closing(audit) {
  const found = await visit(audit);
  if (!found) return gone();
  const before = found.closing ?? {}, { pack } = found;
  const shown = found.findings.map(one => ({ finding: one.finding, grade: one.grade, due_on: dueOn(pack, one.grade) }));
  const role = h("input.input", { id: "role", maxLength: 60, value: before.role ?? "" }), remark = h("textarea.input", { id: "remark", rows: 3, maxLength: 500, value: before.remark ?? "" });
  const pad = signature({ name: before.name ?? "", ...before.signature }), error = h("p.err", { role: "alert", hidden: true });
  const words = WORDS.map(word => h("label.choice", h("input", { type: "radio", name: "word", value: word, checked: (before.word ?? "agrees") === word }), h("span", h("b", t("word_" + word)), h("small", t("word_" + word + "_why")))));
  const keep = async event => {
    event.preventDefault();
    const word = words.map(each => each.querySelector("input")).find(each => each.checked).value, signed = pad.value();
    const lacks = !signed ? "name_lacks" : word !== "agrees" && !remark.value.trim() ? "remark_lacks" : "";
    error.hidden = !lacks;
    if (lacks) { error.replaceChildren(icon("alert"), t(lacks)); return; }
    await closeMeeting(audit, { name: signed.name, role: role.value.trim(), word, remark: remark.value.trim(), signature: word === "refuses" ? null : signed, shown });
    soon();
    location.hash = `#/v/${audit}`;
  };
  return { title: t("closing"), node: h("div.narrow.stack", h("div", h("a.sm.backlink", { href: `#/v/${audit}` }, said(both(pack.supplier))), h("h1", t("closing")), h("p.muted", t("closing_why"))),
    found.done < found.total && banner("", "alert", t("answers_lack", { n: found.total - found.done })),
    h("section.stack-2", h("h2", t("findings_n", { n: shown.length })), shown.length === 0 ? h("p", t("no_findings")) : h("div.stack-2", found.findings.map((one, n) => card(one, shown[n])))),
    h("form.stack", { onsubmit: keep, noValidate: true }, h("fieldset.field", h("legend", t("auditee_word")), h("div.choices", words)),
      h("div.field", h("label", { htmlFor: "remark" }, t("remark")), h("p.hint", t("remark_why")), remark), h("div.field", h("label", { htmlFor: "role" }, t("role")), role), pad.node, error,
      h("div.footbar", h("a.btn.big", { href: `#/v/${audit}` }, icon("back"), h("span.vh", t("back"))), h("button.btn.primary.big", { type: "submit" }, t("keep_closing"), icon("check"))))) };
}

const card = (one, { due_on }) => h("div.card.stack-2", h("div.row.between", h("b", t("grade_" + one.grade)), one.grade !== "ofi" && h("span.sm.due", t("due_on", { day: day(due_on) }))), h("p", said(t("finding_sentence", one))));
