"""Research: who works on it, what a firm consents to, what others see of it, and what comes out."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string
from django.utils import timezone

from audits.models import ChecklistDraft, Question
from audits.services.checklists import begin_draft, publish_draft
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification
from onestop.models import ServiceOffer
from onestop.services.offers import OfferSaid, put_offer
from oversight.models import Adoption, ProjectFirm, ProjectReading, ResearchProject, Technique, TechniqueOffer
from oversight.selectors.before_after import own_change, published_figure
from oversight.selectors.projects import feed, is_member, own_part, project_for
from oversight.selectors.techniques import adopters, offers_from, technique_for, techniques
from oversight.services.consents import follow, follow_all, join_project, revoke_consent, say_change_day
from oversight.services.figures import publish_figure
from oversight.services.projects import (
    ProjectSaid,
    add_milestone,
    finish_milestone,
    move_project,
    offer_research,
    propose_project,
    say_competence,
)
from oversight.services.technique_uses import offer_technique, put_question
from oversight.services.techniques import adopt_technique, draft_technique, drop_technique, next_version, publish_technique, write_technique
from oversight.words_problems import PROJECT_CHIPS
from tests.cast import CAST, actor, key
from tests.clients import signed_in, with_token
from tests.lots import a_lot
from tests.results import filed, ph
from tests.world_problems import a_problem, a_project, a_technique, confirmed, said_technique

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
ZHOU, MEI, LIN = actor("zhou"), actor("mei"), actor("lin")


@pytest.fixture
def problem():
    return confirmed(a_problem(now=NOW), now=NOW)


@pytest.fixture
def project(problem):
    return a_project(problem, now=NOW, firms=20)


def measured(supplier: str = "lin") -> date:
    """Three lots before a day and three after it, pH about 8 and about 7; the day."""
    day = TODAY - timedelta(days=40)
    for at, value in enumerate(("8.1", "8.0", "8.2", "7.0", "7.1", "6.9")):
        lot = a_lot(f"VA-{at}", owner="chen", supplier=supplier, made_on=day + timedelta(days=at - 3), now=NOW)
        filed(lot, replace(ph(value), measured_at=NOW), by=supplier, now=NOW)
    return day


def joined(project, who="lin", changed_on=None):
    with as_actor(actor(who)):
        return join_project(actor=actor(who), project=project, consents=True, changed_on=changed_on, now=NOW)


def test_research_starts_from_a_confirmed_problem_and_with_known_institutes():
    raw = a_problem(now=NOW)
    said = ProjectSaid("水洗酸碱度攻关小组", MEI.org_id, [], "PH", "", "8.2", "7.0", 20, 6)
    with as_actor(ZHOU):
        with pytest.raises(RuleBroken) as early:
            propose_project(actor=ZHOU, problem=raw, said=said, client_id=uuid4(), now=NOW)
        ready = confirmed(raw, now=NOW)
        refused = {}
        for name, wrong in (("lead", {"lead": LIN.org_id}), ("to", {"to_value": "3-5"}), ("same", {"to_value": "8.2"}), ("edition", {"edition": "GB/T 3922-2013"})):
            with pytest.raises(RuleBroken) as raised:
                propose_project(actor=ZHOU, problem=ready, said=replace(said, **wrong), client_id=uuid4(), now=NOW)
            refused[name] = raised.value.code

        assert early.value.code == "problem_not_open_to_research"
        assert refused == {
            "lead": "project_institute_unknown", "to": "project_value_unreadable", "same": "project_aim_is_where_it_starts", "edition": "project_edition_unknown",
        }  # fmt: skip
        assert ResearchProject.objects.count() == 0


def test_offers_are_taken_with_the_project_and_the_problem_follows(problem):
    with as_actor(MEI):
        offers = [offer_research(actor=MEI, problem=problem, words="有恒温水洗中试线", now=NOW) for _ in range(2)]
        assert offers[0].pk == offers[1].pk
    project = a_project(problem, now=NOW)

    with as_actor(MEI):
        problem.refresh_from_db()
        offers[0].refresh_from_db()
        told = set(Notification.objects.visible_to(MEI).values_list("kind", flat=True))
    assert (offers[0].state, problem.state, project.state) == ("taken", "in_research", "running")
    assert {"research_offer_settled", "project_moved"} <= told


def test_the_feed_holds_what_an_institute_said_it_can_do(problem):
    with as_actor(MEI):
        everything = [row.pk for row in feed(MEI, None)]
        other = feed(MEI, say_competence(actor=MEI, categories=["colour"], nodes=[], now=NOW))
        mine = feed(MEI, say_competence(actor=MEI, categories=["safety", "no-such"], nodes=["knitting", "no-such"], now=NOW))

        assert (everything, other, [row.pk for row in mine]) == ([problem.pk], [], [problem.pk])


def test_only_the_lead_and_the_bureau_move_a_project_and_a_result_is_said_before_it_is_judged(project):
    with as_actor(MEI):
        with pytest.raises(RuleBroken) as bureaus:
            move_project(actor=MEI, project=project, state="stopped", words="做不下去了，经费不足", now=NOW)
        with pytest.raises(RuleBroken) as silent:
            move_project(actor=MEI, project=project, state="review", words="", now=NOW)
        step = project.milestones.get()
        with pytest.raises(RuleBroken) as early:
            finish_milestone(actor=MEI, project=project, milestone_id=step.pk, done_on=TODAY + timedelta(days=1), words="", now=NOW)
        finish_milestone(actor=MEI, project=project, milestone_id=step.pk, done_on=TODAY, words="五家基线", now=NOW)
        move_project(actor=MEI, project=project, state="review", words="五家均值下降零点六", now=NOW)
    with as_actor(LIN), pytest.raises(NotYours):
        move_project(actor=LIN, project=project, state="adopted", words="", now=NOW)
    with as_actor(ZHOU):
        move_project(actor=ZHOU, project=project, state="adopted", words="", now=NOW)
        project.problem.refresh_from_db()

    codes = (bureaus.value.code, silent.value.code, early.value.code, project.problem.state)
    assert codes == ("project_move_unknown", "problem_needs_words", "milestone_day_odd", "solution_trial")


def test_a_proposed_project_is_seen_by_the_bureau_and_its_lead_alone(problem):
    said = ProjectSaid("水洗酸碱度攻关小组", MEI.org_id, [], "PH", "", "8.2", "7.0", 20, 6)
    with as_actor(ZHOU):
        row = propose_project(actor=ZHOU, problem=problem, said=said, client_id=uuid4(), now=NOW)
        with pytest.raises(RuleBroken) as raised:
            add_milestone(actor=ZHOU, project=row, name="这一步在很久以前就该做了", due_on=TODAY - timedelta(days=1), now=NOW)
    seen = set()
    for member in CAST:
        with as_actor(actor(member.who)):
            if ResearchProject.objects.visible_to(actor(member.who)).filter(pk=row.pk).exists():
                seen.add(member.who)

    assert (seen, raised.value.code) == ({"zhou", "mei"}, "milestone_day_odd")


def test_a_firm_joins_only_with_consent_and_others_see_neither_it_nor_its_lots(project):
    day = measured()
    with as_actor(LIN):
        with pytest.raises(RuleBroken) as raised:
            join_project(actor=LIN, project=project, consents=False, changed_on=day, now=NOW)
        assert (raised.value.code, own_part(LIN, project)) == ("consent_needed", None)
    part = joined(project, changed_on=day)

    with as_actor(MEI):
        rows = list(ProjectReading.objects.visible_to(MEI).values("label", "day", "readings", "decimals"))
        assert is_member(MEI, project)
        with pytest.raises(DatabaseError), transaction.atomic():
            ProjectFirm.objects.count()
    assert [row["day"] for row in sorted(rows, key=lambda row: row["day"])] == [-3, -2, -1, 0, 1, 2]
    assert {row["label"] for row in rows} == {part.label}
    for who in ("zhou", "chen", "wu", "an", "pan"):
        with as_actor(actor(who)):
            assert list(ProjectReading.objects.visible_to(actor(who))[:1]) == []
    with as_actor(actor("wu")):  # another firm of the same hat, past the first wall too
        assert ProjectReading.objects.count() == 0
        assert ProjectFirm.objects.count() == 0


def test_an_institute_outside_of_the_project_reads_no_reading(project):
    joined(project, changed_on=measured())
    with acting_as(Hat.LAB, org_id=key("another-institute")):
        assert ProjectReading.objects.count() == 0


def test_before_and_after_of_one_firm_is_its_own_and_nothing_is_pooled_under_five(project):
    joined(project, changed_on=measured())
    with as_actor(LIN):
        found = own_change(LIN, project)

        assert found is not None
        assert (found.change.n_before, found.change.n_after, round(found.change.difference, 2)) == (3, 3, -1.1)
        assert found.change.is_clear
        assert (publish_figure(project, now=NOW), published_figure(LIN, project)) == (None, None)


def test_a_consent_taken_back_leaves_no_reading_and_joining_again_keeps_the_label(project):
    part = joined(project, changed_on=measured())
    with as_actor(LIN):
        revoke_consent(actor=LIN, project=project, now=NOW)
        assert own_change(LIN, project) is None
        with pytest.raises(RuleBroken) as raised:
            say_change_day(actor=LIN, project=project, changed_on=TODAY, now=NOW)
    assert follow_all(NOW) == 0
    assert follow(part, project) == 0  # the clock had read it before it was taken back
    with acting_as(Hat.CLOCK):
        assert ProjectReading.objects.count() == 0
    again = joined(project, changed_on=TODAY - timedelta(days=40))

    assert (raised.value.code, again.pk, again.label) == ("project_not_joined", part.pk, part.label)
    assert follow_all(NOW) == 6


def test_a_full_or_finished_project_takes_no_firm(problem):
    project = a_project(problem, now=NOW, firms=5)
    with as_actor(ZHOU):
        move_project(actor=ZHOU, project=project, state="stopped", words="条件不成熟，先放一放", now=NOW)
    with as_actor(LIN):
        with pytest.raises(RuleBroken) as raised:
            join_project(actor=LIN, project=project_for(LIN, project.pk), consents=True, changed_on=None, now=NOW)
        assert (raised.value.code, own_part(LIN, project)) == ("project_not_open_to_firms", None)


def test_a_published_technique_is_never_changed_and_the_next_version_takes_its_place(problem, project):
    with as_actor(MEI):
        row = draft_technique(actor=MEI, problem=problem, project=project, said=said_technique(), client_id=uuid4(), now=NOW)
    with as_actor(LIN), pytest.raises(Absent):
        technique_for(LIN, row.pk)
    joined(project)
    with as_actor(MEI):
        row = publish_technique(actor=MEI, technique=row, now=NOW)
        with pytest.raises(RuleBroken) as raised:
            write_technique(actor=MEI, technique=row, said=said_technique("另一个名字"), now=NOW)
        with pytest.raises(DatabaseError), transaction.atomic():
            Technique.objects.filter(pk=row.pk).update(steps="别的")
        draft = next_version(actor=MEI, technique=row, client_id=uuid4(), now=NOW)
        assert next_version(actor=MEI, technique=row, client_id=uuid4(), now=NOW).pk == draft.pk
        second = publish_technique(actor=MEI, technique=draft, now=NOW)
    with as_actor(LIN):
        told = list(Notification.objects.visible_to(LIN).filter(kind="technique_published").values_list("subject_id", flat=True))
        seen = [(each.version, each.state) for each in techniques(LIN)]

        assert (raised.value.code, row.code == second.code, seen, technique_for(LIN, row.pk).state) == ("technique_not_draft", True, [(2, "published")], "retired")
        assert set(told) == {row.pk, second.pk}


def test_adopters_are_counted_from_five_on_and_named_to_nobody(problem):
    row = a_technique(problem, None, now=NOW)
    with as_actor(LIN):
        for _ in range(2):
            adopt_technique(actor=LIN, technique=row, now=NOW)
    few = adopters([row.code])[row.code]
    for number in range(4):
        firm = key("firm", str(number))
        with acting_as(Hat.SUPPLIER, org_id=firm):
            Adoption.objects.create(technique_code=row.code, firm_org_id=firm, adopted_on=TODAY, adopted_by="某人", at=NOW)
    five = adopters([row.code])[row.code]
    with as_actor(LIN):
        drop_technique(actor=LIN, technique=row, now=NOW)

    assert (few, five, adopters([row.code])[row.code], adopters(["no-such"])) == (None, 5, None, {"no-such": 0})
    with as_actor(actor("wu")):
        assert Adoption.objects.count() == 0


def test_a_question_goes_into_an_owners_draft_once_and_keeps_its_origin_when_it_is_published(problem):
    chen, row = actor("chen"), a_technique(problem, None, now=NOW)
    with as_actor(chen):
        mine = begin_draft(actor=chen, client_id="mine", body={"name_zh": "染整过程检查", "questions": [{"code": "Q-1", "text_zh": "有无留样？"}]}, now=NOW)
        for _ in range(2):
            mine = put_question(actor=chen, technique=row, draft_id=mine.pk, client_id=uuid4(), now=NOW)
        begun = {put_question(actor=chen, technique=row, draft_id=None, client_id=key("put"), now=NOW).pk for _ in range(2)}
    with as_actor(MEI):
        second = publish_technique(actor=MEI, technique=next_version(actor=MEI, technique=row, client_id=uuid4(), now=NOW), now=NOW)
    with as_actor(chen):
        with pytest.raises(RuleBroken) as raised:
            put_question(actor=chen, technique=technique_for(chen, row.pk), draft_id=mine.pk, client_id=uuid4(), now=NOW)
        mine = put_question(actor=chen, technique=second, draft_id=mine.pk, client_id=uuid4(), now=NOW)
        version = publish_draft(actor=chen, draft_id=mine.pk, revision=mine.revision, now=NOW)
        asked = list(Question.objects.filter(version=version).order_by("order").values_list("code", "text_zh", "source", "node_codes"))
    with as_actor(actor("fang")), pytest.raises(Absent):
        put_question(actor=actor("fang"), technique=second, draft_id=mine.pk, client_id=uuid4(), now=NOW)

    assert asked == [("Q-1", "有无留样？", "", []), ("Q-2", row.question, f"{row.code}/2 · {row.name}", ["knitting"])]
    assert (mine.revision, len(begun), raised.value.code) == (3, 1, "technique_not_in_force")
    with as_actor(actor("fang")):
        assert ChecklistDraft.objects.count() == 0


def test_an_offer_made_from_a_technique_stands_beside_it_once_it_is_published(problem):
    row, an, chosen = a_technique(problem, None, now=NOW), actor("an"), key("offer")
    said = OfferSaid("quality", "上门调试酸中和", "协助按技术调整末道水洗", "每天800元", 8, 5, 3, ["knitting"])
    with as_actor(an):
        made = {offer_technique(actor=an, technique=row, said=said, client_id=chosen, now=NOW).pk for _ in range(2)}
        mine = [each.pk for each in offers_from(an, row)]
    before = signed_in("lin").get(f"/techniques/{row.pk}/").content.decode()
    with as_actor(LIN):  # the second wall, past the first
        hidden = (TechniqueOffer.objects.count(), offers_from(LIN, row))
        with pytest.raises(NotYours):
            offer_technique(actor=LIN, technique=row, said=said, client_id=uuid4(), now=NOW)
    with as_actor(an):
        put_offer(actor=an, offer=ServiceOffer.objects.get(pk=mine[0]), state="published")
    with as_actor(LIN):
        shown = [each.pk for each in offers_from(LIN, row)]

    assert (set(mine), set(shown), hidden, len(made)) == (made, made, (0, []), 1)
    assert ("上门调试酸中和" in before, "上门调试酸中和" in signed_in("lin").get(f"/techniques/{row.pk}/").content.decode()) == (False, True)


def test_pages_carry_a_technique_into_a_checklist_and_to_the_desk(problem):
    row = a_technique(problem, None, now=NOW)
    chen, an, at = signed_in("chen"), signed_in("an"), f"/techniques/{row.pk}/"
    form = an.get(f"{at}offer/")
    words = {"kind": "quality", "title": row.name, "about": "上门调试", "price_note": "每天800元", "answer_hours": 8, "service_days": 5, "capacity": 3}
    offered = an.post(f"{at}offer/", {**words, "client_id": str(uuid4())})
    put = chen.post(f"{at}question/", {"draft": "", "client_id": str(uuid4())}, follow=True)
    strange = chen.post(f"{at}question/", {"draft": str(uuid4()), "client_id": str(uuid4())})
    token = with_token("chen")
    again = chen.post(f"/api/v1{at}question/", {"client_id": str(uuid4())}, content_type="application/json", **token)

    assert (form.status_code, row.code in form.content.decode(), offered.status_code) == (200, True, 302)
    assert (put.status_code, row.question in put.content.decode(), row.code in put.content.decode(), strange.status_code) == (200, True, True, 404)
    assert (again.status_code, again.json()["revision"]) == (200, 1)
    assert "加入该检查表" in chen.get(at).content.decode()


def test_pages_show_each_hat_its_part_and_the_data_to_members_alone(problem, project):
    joined(project, changed_on=measured())
    at = f"/projects/{project.pk}/"
    lin, mei, wu = signed_in("lin"), signed_in("mei"), signed_in("wu")
    joinable, own, data = wu.get(f"{at}join/").content.decode(), lin.get(f"{at}join/").content.decode(), mei.get(f"{at}data/").content.decode()
    export, card = mei.get(f"{at}data/export/?as=csv").content.decode("utf-8-sig"), mei.get(f"{at}data/export/?as=csv&part=card").content.decode("utf-8-sig")
    with as_actor(LIN):
        label = own_part(LIN, project).label

    assert "同意" in joinable and label not in joinable
    assert label in own and "change" in own and label in data
    assert export.splitlines()[0] == "label,days_since_change,reading,characteristic,edition"
    assert len(export.splitlines()) == 7 and LIN.org_name_zh not in export + card + data
    assert wu.get(f"{at}data/").status_code == 403
    assert mei.get("/research/").status_code == signed_in("zhou").get(at).status_code == signed_in("an").get("/lists/projects/").status_code == 200
    assert "少于 5 家" in signed_in("zhou").get(at).content.decode()
    left = lin.post(f"{at}leave/")
    assert (left.status_code, label in mei.get(f"{at}data/").content.decode()) == (302, False)


@pytest.mark.parametrize(("runs", "late"), [(True, True), (False, False)])
def test_only_a_project_that_goes_on_is_late(runs, late):
    row = SimpleNamespace(pk=uuid4(), title="t", code="R-1", problem=SimpleNamespace(code="P-1"), from_value=1, to_value=2, state="adopted", ends_on=date(2026, 1, 5))

    rows = render_to_string("oversight/_project_rows.html", {"lines": [{"row": row, "lead": "l", "late": 0, "runs": runs}], "chips": PROJECT_CHIPS})

    assert ('class="due late"' in rows) is late
