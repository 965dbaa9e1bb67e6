"""The words of clauses: what a chosen value is called in either language, and the sentence that a type begins with. Pure.

A place {name} takes a value; {name_zh} and {name_en} take the words of a choice; [[…]] is left out where a value of it is missing.
Both languages are part of what is signed, so they stand here and not in the catalogues of the screen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

PLACE = re.compile(r"\{(\w+)\}")
PART = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)
NUMBER = re.compile(r"-\d[\d.]*")
BOTH = ("_zh", "_en")
BOUNDS = ("lower", "upper")

# parameter -> value -> its words
SAID: dict[str, dict[str, tuple[str, str]]] = {
    "stage": {
        "first_article": ("首件", "first article"),
        "in_process": ("过程", "in process"),
        "final": ("成品出货前", "finished, before shipment"),
        "incoming": ("来料", "incoming"),
        "third_party": ("第三方检验", "third party"),
    },
    "aql_critical": {"0": ("不得出现", "none accepted")},
    "frequency": {
        "continuous": ("全程连续", "continuously"),
        "each_lot": ("每批（缸）一次", "once for each lot"),
        "each_shift": ("每班一次", "once each shift"),
        "daily": ("每日一次", "once a day"),
        "weekly": ("每周一次", "once a week"),
        "monthly": ("每月一次", "once a month"),
        "each_change": ("每次换产品、换色时", "at each change of product or shade"),
    },
    "evidence": {
        "record": ("原始记录", "the original record"),
        "photo": ("现场照片", "a photo on site"),
        "chart": ("控制图", "a control chart"),
        "certificate": ("证书", "a certificate"),
        "sample": ("留样", "a kept sample"),
    },
    "what": {
        "people": ("关键岗位人员", "key people"),
        "machine": ("设备", "machines"),
        "material": ("原材料（含染化料、辅料）", "materials, dyes and chemicals included"),
        "method": ("工艺", "method"),
        "environment": ("生产环境", "environment"),
        "place": ("生产场地", "place of production"),
        "subcontractor": ("外协加工方", "subcontractor"),
        "brand": ("原材料品牌", "brand of a material"),
    },
    "granted_by": {
        "cqo": ("链主首席质量官", "chief quality officer"),
        "quality": ("链主质量负责人", "quality manager"),
        "signatory": ("链主授权签署人", "authorised signatory"),
    },
    "costs": {
        "party_found_wrong": ("由检验结论不利的一方承担", "are borne by the side that the result goes against"),
        "half_each": ("由双方各半承担", "are borne by both sides, half each"),
        "who_asked": ("由提出复检的一方承担", "are borne by the side that asked"),
        "chain_owner": ("由链主承担", "are borne by the chain owner"),
    },
    "audit": {"self_check": ("自查", "self-check"), "second_party": ("第二方审核", "second-party audit")},
}


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentence of a clause in both languages, with its places."""

    zh: str
    en: str


# The sentence with which a clause of a type is added by hand.
FIRST: dict[str, Wording] = {
    "characteristic_limit": Wording(
        "{name_zh}[[（安全类别 {safety_class} 类）]][[不低于 {lower_zh}]][[，不高于 {upper_zh}]]（{method}）"
        "[[；变异系数 CV 不大于 {cv_max}%]][[；任意两批之间的色差 ΔE 不大于 {lot_delta_e_max}]][[；过程性能指数 Ppk 不小于 {ppk_min}]]"
        "[[；按最近 {window_lots} 批计算]]。依据：{source_zh}。",
        "{name_en}[[ (safety class {safety_class})]][[ at least {lower_en}]][[, at most {upper_en}]] ({method})"
        "[[; coefficient of variation CV at most {cv_max} %]][[; any two lots differ by ΔE of at most {lot_delta_e_max}]]"
        "[[; process performance Ppk at least {ppk_min}]][[; over the last {window_lots} lots]]. Source: {source}.",
    ),
    "sampling_plan": Wording(
        "{name_zh}的{stage_zh}抽样检验按 {method} 执行[[，检验水平 {level}]][[；致命不合格：{aql_critical_zh}]]"
        "[[；严重不合格：AQL {aql_major}]][[；轻微不合格：AQL {aql_minor}]][[；计量项目每批测 {n} 个样品]][[；{switching_zh}]][[。依据：{source_zh}]]。",
        "Sampling of {name_en} ({stage_en}) follows {method}[[, inspection level {level}]][[; critical nonconformities: {aql_critical_en}]]"
        "[[; major: AQL {aql_major}]][[; minor: AQL {aql_minor}]][[; variables: {n} specimens a lot]][[; {switching_en}]][[. Source: {source}]].",
    ),
    "process_requirement": Wording(
        "{name_zh}：{what_zh}；频次：{frequency_zh}；凭据：{evidence_zh}[[，保存 {keep_months} 个月]]。",
        "{name_en}: {what_en}; how often: {frequency_en}; evidence: {evidence_en}[[, kept for {keep_months} months]].",
    ),
    "document_required": Wording(
        "协议生效后 {within_days} 天内，供应商提交{name_zh}[[，此后每 {every_months} 个月重新提交一次]]。",
        "Within {within_days} days of the agreement taking effect the supplier files: {name_en}[[; and again every {every_months} months]].",
    ),
    "change_notice": Wording(
        "[[下列内容：{what_zh}，]]发生变更的，供应商提前 {days} 天书面通知链主，链主书面同意后方可实施。",
        "The supplier gives {days} days' written notice of a change[[ of: {what_en}]], and waits for the chain owner's written consent.",
    ),
    "corrective_action_deadline": Wording(
        "对审核、检验发现的不符合，供应商[[在 {containment_hours} 小时内对严重项采取遏制措施，并]]按以下期限完成纠正措施："
        "严重 {critical} 天，主要 {major} 天，一般 {minor} 天。",
        "The supplier [[contains a critical finding within {containment_hours} hours and ]]completes corrective action on a finding within "
        "{critical} days (critical), {major} days (major) or {minor} days (minor).",
    ),
    "audit_frequency": Wording(
        "每 {every_months} 个月进行一次{audit_zh}，提前 {notice_days} 天通知；链主在收到结果后 {review_days} 个工作日内给出结论。",
        "Every {every_months} month(s) there is a {audit_en}, announced {notice_days} days ahead; the chain owner gives its verdict within "
        "{review_days} working days of the result.",
    ),
    "sealed_sample": Wording(
        "{name_zh}以双方共同封存的实物样为准，一式两份，各执一份；与封样的色差 ΔE 不大于 {delta_e_max}（{formula}，光源 {illuminant}，"
        "{observer} 视场）；封样有效期 {valid_months} 个月，到期前双方共同更换。依据：{source_zh}。",
        "For {name_en} the sample sealed by both sides binds, two pieces, one each; the colour difference to it is at most ΔE {delta_e_max} "
        "({formula}, illuminant {illuminant}, {observer} observer); it is valid for {valid_months} months and is replaced by both before that. "
        "Source: {source}.",
    ),
    "concession_rule": Wording(
        "不合格批须让步接收的，供应商发货前书面申请，只有{granted_by_zh}有权批准，并在 {answer_days} 个工作日内答复"
        "[[；让步数量不超过该批的 {max_share}%]][[，且不超过 {max_quantity} 件（米、公斤）]]；批准自签发起 {expiry_days} 天内有效，逾期作废。",
        "A lot that is not accepted may be shipped only under a concession asked for in writing beforehand: the chain owner's {granted_by_en} "
        "alone grants it and answers within {answer_days} working days[[; at most {max_share} % of the lot]]"
        "[[, and at most {max_quantity} pieces (metres, kilograms)]]; it lapses {expiry_days} days after it was granted.",
    ),
    "data_sharing": Wording(
        "供应商授权链主查看按本协议提交的内容；监管部门仅可见履约状态，不可见内容；其他客户不可见。",
        "The supplier lets the chain owner see what is filed under this agreement; the authority sees the state of the duties, never the "
        "content; other customers see nothing.",
    ),
    "dispute": Wording(
        "双方对检验结果有异议的，在 {days} 天内将共同封存的样品送{lab_zh}复检，复检结论为最终依据，检验费用{costs_zh}。",
        "If the sides disagree on a result, the sample sealed by both goes within {days} days to {lab_en}; its result is final, and the costs "
        "{costs_en}.",
    ),
    "free_text": Wording("{words_zh}", "{words_en}"),
}
DUTIES: dict[str, Wording] = {
    "share_results": Wording(
        "{name_zh}：链主每 {every_months} 个月向供应商反馈一次，最迟在周期结束后 {due_day_offset} 天。",
        "{name_en}: every {every_months} month(s) the chain owner shares them with the supplier, at the latest {due_day_offset} days after "
        "the period ends.",
    ),
    "training": Wording(
        "{name_zh}：链主每 {every_months} 个月组织一次，最迟在周期结束后 {due_day_offset} 天，不向供应商收费。",
        "{name_en}: every {every_months} month(s) the chain owner holds one, at the latest {due_day_offset} days after the period ends, free "
        "of charge for the supplier.",
    ),
    "reply": Wording(
        "{name_zh}：链主在收到后 {days} 个工作日内书面答复。",
        "{name_en}: the chain owner answers in writing within {days} working days of receipt.",
    ),
    "payment_term": Wording(
        "{name_zh}：链主自收货验收合格并收到发票之日起 {days} 天内付款，不以收到第三方付款为条件。",
        "{name_en}: the chain owner pays within {days} days of acceptance of the goods and receipt of the invoice, whether or not a third "
        "party has paid it.",
    ),
    "visit_notice": Wording(
        "{name_zh}：链主到访供应商现场，提前 {days} 天通知，并说明人员和事由。",
        "{name_en}: the chain owner announces a visit {days} days ahead, with who comes and why.",
    ),
}


def first_wording(clause_type: str, params: Mapping[str, Any]) -> Wording:
    """The sentence that a clause added by hand begins with."""
    return DUTIES[params["duty"]] if clause_type == "owner_duty" else FIRST[clause_type]


def places(text: str) -> set[str]:
    """The places that must have a value: those outside the parts that may be left out."""
    return set(PLACE.findall(PART.sub("", text)))


def written(text: str, value_at: Callable[[str], str]) -> str:
    """The sentence with its values, and without the parts that lack one."""

    def part(found: re.Match[str]) -> str:
        return found[1] if all(value_at(name) for name in PLACE.findall(found[1])) else ""

    return PLACE.sub(lambda place: value_at(place[1]), PART.sub(part, text))


def words_of(name: str, value: Any, language: str) -> str:
    """What a chosen value is called; several are listed."""
    if name == "switching":
        return (("按转移规则执行正常、加严、放宽检验", "the switching rules apply") if value else ("", ""))[language == "en"]
    if isinstance(value, list):
        return (", " if language == "en" else "、").join(words_of(name, each, language) for each in value)
    known = SAID.get(name, {}).get(str(value))
    if known is None:
        return f"AQL {value}" if name.startswith("aql_") else str(value)
    return known[language == "en"]


def signed(value: Any) -> str:
    """A value as print has it: the minus of a number is U+2212, never a hyphen; a grade keeps its hyphen."""
    said = str(value)
    return "\u2212" + said[1:] if NUMBER.fullmatch(said) else said


def value_at(params: Mapping[str, Any], name: str) -> str:
    """What stands at a place; "" where there is nothing to say."""
    value = params.get(name)
    if value not in (None, "", []) and not isinstance(value, bool):
        return signed(value)
    base = base_of(name)
    value = params.get(base) if base != name else None
    if value in (None, "", []):
        return ""
    return _with_unit(signed(value), params, name[-2:]) if base in BOUNDS else words_of(base, value, name[-2:])


def base_of(name: str) -> str:
    """The parameter whose words stand at a place: {level} its own, {stage_zh} that of the stage."""
    return name[:-3] if name.endswith(BOTH) else name


def _with_unit(value: str, params: Mapping[str, Any], language: str) -> str:
    if params.get("kind") == "ordinal":
        return f"grade {value}" if language == "en" else f"{value} 级"
    unit = str(params.get("unit") or "")
    return f"{value}{unit}" if unit == "%" and language == "zh" else f"{value} {unit}".strip()
