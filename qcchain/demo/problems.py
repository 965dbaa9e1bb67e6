"""Common problems in every state, a project that was adopted with what it changed, one that runs, and a technique that firms work by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid4

from django.utils import timezone

from foundation.actor import Actor, Hat, acting_as, as_actor
from onestop.services.offers import OfferSaid, put_offer
from oversight.models import Problem, ProjectFirm, ProjectReading, ResearchProject, Technique
from oversight.selectors.projects import institutes
from oversight.services.consents import join_project
from oversight.services.figures import publish_figure
from oversight.services.problems import (
    About,
    EvidenceSaid,
    ProblemSaid,
    add_evidence,
    move_problem,
    register_problem,
    report_problem,
    settle_report,
)
from oversight.services.projects import (
    ProjectSaid,
    add_milestone,
    finish_milestone,
    move_project,
    offer_research,
    propose_project,
    say_competence,
)
from oversight.services.technique_uses import offer_technique
from oversight.services.techniques import TechniqueSaid, adopt_technique, draft_technique, publish_technique
from qcchain.demo.firms import HAISHU, Firm
from qcchain.demo.moments import Moments

SEED = 83
FIRMS = 12  # in the project that was adopted
LOTS = 8  # of each firm, before and after


@dataclass(frozen=True)
class Told:
    """One problem as it is told: how long ago, what, its evidence (firms looked at, not conforming), and where it stands."""

    days: int
    statement: str
    about: About
    severity: int
    sample: tuple[int, int]
    states: tuple[str, ...]
    cause: str = ""


SAMPLED = "海曙区产品质量监督抽查结果通报（示例）"
PROBLEMS = (
    Told(330, "深色针织面料湿摩擦色牢度低于3级", About("colour", "dyeing", [HAISHU], "CF-RUB-W"), 4, (42, 17), (), "浮色未洗净，固色剂用量凭经验"),
    Told(150, "染色面料批间色差大，拼缝可见", About("colour", "dyeing", [HAISHU], "COL-DE"), 4, (36, 12), (), "染料换批未打小样，配方未修正"),
    Told(60, "混纺纱纤维含量与标识不符", About("fibre", "spinning", [], "FIB-CON"), 3, (58, 13), ()),
    Told(400, "羊绒针织品起球", About("strength", "knitting", [], "PIL"), 3, (40, 11), ("watch",), "捻度偏低，缩绒时间不一"),
    Told(500, "水洗后尺寸变化超出约定", About("dimensions", "garment", [], "DIM"), 3, (33, 9), ("solution_trial", "solved"), "面料未充分回缩即裁剪"),
)  # fmt: skip
REPORTS = (("lancai", "深色布湿摩擦总在2-3级，客户退了两批"), ("yunzhu", "拼缝处看得出两缸颜色，客户每次都问"), ("lanzhi", "新规格的成分吊牌不知道按哪一条写"))
STEPS = "染后先做两道80℃皂洗，每道10分钟\n取样做湿摩擦，低于3级再皂洗一道\n固色剂按布重2%，60℃保温20分钟\n出缸前测酸碱度，调到6.0至6.5\n每缸留样，贴标签存一年"


def tell_problems(firms: dict[str, Firm], moments: Moments) -> None:
    """As the database owner."""
    officer, lab = firms["bureau"].actor(), firms["lab"].actor()
    suppliers = [firm for firm in firms.values() if firm.hat == Hat.SUPPLIER and not firm.is_neutral]
    rows = [_problem(officer, told, moments) for told in PROBLEMS]
    with as_actor(lab):
        say_competence(actor=lab, categories=["colour", "fibre", "strength"], nodes=[], now=moments.ago(320))
        offer_research(actor=lab, problem=rows[2], words="有纤维定量和标识研究团队，可承担二十家企业的基线测试（示例）", now=moments.ago(20))
    _reports(officer, firms, rows, moments)
    adopted = _project(officer, lab, rows[0], ProjectSaid("湿摩擦色牢度提升攻关（示例）", lab.org_id, _others(officer, lab), "CF-RUB-W", "", "2-3", "3-4", 20, 6), moments.ago(310))  # fmt: skip
    _finished(officer, lab, adopted, suppliers, moments)
    running = _project(officer, lab, rows[1], ProjectSaid("染色批间色差控制攻关（示例）", lab.org_id, _others(officer, lab), "PH", "GB/T 7573-2009", "6.9", "6.5", 20, 8), moments.ago(120))  # fmt: skip
    _running(lab, running, suppliers, moments)


def _problem(officer: Actor, told: Told, moments: Moments) -> Problem:
    at = moments.ago(told.days)
    with as_actor(officer):
        said = ProblemSaid(f"{told.statement}（示例）", told.about, told.severity, told.cause)
        row = register_problem(actor=officer, said=said, client_id=uuid4(), now=at)
        looked, out = told.sample
        day = timezone.localdate(at) - timedelta(days=15)
        add_evidence(actor=officer, problem=row, said=EvidenceSaid("supervision", SAMPLED, day, looked, out), client_id=uuid4(), now=at)
        row = move_problem(actor=officer, problem=row, state="confirmed", words="", now=at + timedelta(days=3))
        for number, state in enumerate(told.states, start=1):
            row = move_problem(actor=officer, problem=row, state=state, words="", now=at + timedelta(days=60 * number))
    return row


def _others(officer: Actor, lab: Actor) -> list[UUID]:
    with as_actor(officer):
        return [row.pk for row in institutes(officer) if row.pk != lab.org_id][:6]


def _reports(officer: Actor, firms: dict[str, Firm], rows: list[Problem], moments: Moments) -> None:
    for number, (key, words) in enumerate(REPORTS):
        firm, at = firms[key].actor(), moments.ago(12 - 4 * number)
        about = About("colour" if number < 2 else "labels", "dyeing" if number < 2 else "knitting")
        with as_actor(firm):
            row = report_problem(actor=firm, words=words, about=about, origin="words", client_id=uuid4(), now=at)
        if number < 2:
            with as_actor(officer):
                settle_report(actor=officer, report=row, problem=rows[number], reply="已并入该问题，谢谢。", now=at + timedelta(days=1))


def _project(officer: Actor, lab: Actor, problem: Problem, said: ProjectSaid, at: datetime) -> ResearchProject:
    with as_actor(officer):
        row = propose_project(actor=officer, problem=problem, said=said, client_id=uuid4(), now=at)
        row = move_project(actor=officer, project=row, state="approved", words="", now=at + timedelta(days=10))
    with as_actor(lab):
        for name, days in (("基线测试完成并汇总", 40), ("中试方案在三家企业验证", 110), ("推广到全部参加企业", 170)):
            add_milestone(actor=lab, project=row, name=name, due_on=timezone.localdate(at) + timedelta(days=10 + days), now=at + timedelta(days=11))
        return move_project(actor=lab, project=row, state="running", words="", now=at + timedelta(days=12))


def _finished(officer: Actor, lab: Actor, row: ResearchProject, suppliers: list[Firm], moments: Moments) -> None:
    random = Random(SEED)
    takers = suppliers[3 : 3 + FIRMS]
    for firm in takers:
        maker = firm.actor()
        with as_actor(maker):
            part = join_project(actor=maker, project=row, consents=True, changed_on=moments.day(-180), now=moments.ago(175))
        _graded(row, part, random)
    publish_figure(row, now=moments.ago(98))
    with as_actor(lab):
        for step in row.milestones.order_by("due_on"):
            finish_milestone(actor=lab, project=row, milestone_id=step.pk, done_on=step.due_on, words="", now=moments.ago(100))
        result = "十二家企业试用两道皂洗加定量固色，达到3-4级的批次明显增加；每公斤布增加成本约0.6元。"
        row = move_project(actor=lab, project=row, state="review", words=result, now=moments.ago(95))
        technique = draft_technique(actor=lab, problem=row.problem, project=row, said=_technique(), client_id=uuid4(), now=moments.ago(92))
    with as_actor(officer):
        move_project(actor=officer, project=row, state="adopted", words="", now=moments.ago(90))
    with as_actor(lab):
        technique = publish_technique(actor=lab, technique=technique, now=moments.ago(88))
    for firm in takers[:8]:
        with as_actor(firm.actor()):
            adopt_technique(actor=firm.actor(), technique=technique, now=moments.ago(80))


def _technique() -> TechniqueSaid:
    return TechniqueSaid(
        "深色针织布两道皂洗加定量固色（示例）", STEPS, "初经检测有限公司（示例）梅析", cost="每公斤布约0.6元，每缸多40分钟", limits="不适用于涂料印花；涤纶需另行还原清洗。",
        trial="十二家企业，改前改后各八批，结果见项目页。", question="深色布出缸前是否逐缸做湿摩擦并留样？", nodes=["dyeing"],
    )  # fmt: skip


def tell_help(firms: dict[str, Firm], moments: Moments) -> None:
    """The institute offers help with its technique at the desk. After the desk's own stories, so that no request of theirs waits for it."""
    lab = firms["lab"].actor()
    said = OfferSaid("quality", "上门调试皂洗与定量固色（示例）", "到车间按技术调试两道皂洗和固色用量，带走湿摩擦对比数据。", "每天800元，首次上门免费", 8, 5, 4, ["dyeing"])
    with as_actor(lab):
        for technique in Technique.objects.visible_to(lab).filter(state="published", publisher_org_id=lab.org_id):
            made = offer_technique(actor=lab, technique=technique, said=said, client_id=uuid4(), now=moments.ago(30))
            put_offer(actor=lab, offer=made, state="published")


def _graded(row: ResearchProject, part: ProjectFirm, random: Random) -> None:
    """Grades of lots before and after, as tenths of a grade: the project is over, so nothing writes them anew."""
    lots = [(day, random.choice((20, 25, 25, 30, 30, 35))) for day in sorted(random.sample(range(-170, 0), LOTS))]
    lots += [(day, random.choice((30, 30, 35, 35, 35, 40))) for day in sorted(random.sample(range(170), LOTS))]
    with acting_as(Hat.CLOCK):
        ProjectReading.objects.bulk_create(
            ProjectReading(project=row, series_id=part.series_id, label=part.label, day=day, readings=[value], decimals=1) for day, value in lots
        )


def _running(lab: Actor, row: ResearchProject, suppliers: list[Firm], moments: Moments) -> None:
    """Seven firms follow their own acidity; the second step is late."""
    for firm in suppliers[:7]:
        maker = firm.actor()
        with as_actor(maker):
            join_project(actor=maker, project=row, consents=True, changed_on=moments.day(-90), now=moments.ago(85))
    publish_figure(row, now=moments.ago(30))
    with as_actor(lab):
        first = row.milestones.order_by("due_on").first()
        if first is not None:
            finish_milestone(actor=lab, project=row, milestone_id=first.pk, done_on=moments.day(-70), words="二十家基线", now=moments.ago(70))
