"""Checklists of a chain owner's own: drafted, published, retired; who reads them; what the database holds."""

import re

import pytest
from django.db import DatabaseError, connection, transaction

from agreements.models import Clause
from audits import services
from audits.models import Audit, AuditProgramme, ChecklistDraft, ChecklistVersion, ProposedChange, Question
from audits.questions import Answer
from audits.selectors.checklists import body_of, checklist_for, checklists, checklists_to_choose, questions_of
from audits.services.checklists import begin_draft, drop_draft, publish_draft, retire_checklist, save_draft
from audits.services.master_data import decide_change, propose_changes
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from suppliers.models import Site
from tests.agreed import drafted as drafted_agreement
from tests.cast import actor
from tests.clients import signed_in
from tests.db.audits.stage import FREQUENCY, agreement_in_force, first_audit, moment

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-02")
QUESTIONS = [
    {"code": "A-1", "text_zh": "有多少人？", "text_en": "How many people?", "kind": "number", "proposes": "site.headcount"},
    {"code": "A-2", "text_zh": "有批号吗？", "photo": "on_no", "show_if": [{"code": "A-1", "above": "0"}]},
]
BODY = {"name_zh": "自己的表", "minutes": 10, "questions": QUESTIONS}


def drafted(who="chen", body=BODY, client_id="d1", based_on=""):
    with as_actor(actor(who)):
        return begin_draft(actor=actor(who), client_id=client_id, body=body, based_on=based_on, now=NOW)


def published(who="chen", **said):
    draft = drafted(who, **said)
    with as_actor(actor(who)):
        return publish_draft(actor=actor(who), draft_id=draft.pk, revision=draft.revision, now=NOW)


def codes_seen(who):
    with as_actor(actor(who)):
        return {row.pk for row in checklists(actor(who))}


def test_a_draft_is_begun_saved_and_published_once():
    draft = drafted()
    again = drafted(body={"name_zh": "别的"})
    with as_actor(actor("chen")):
        saved = save_draft(actor=actor("chen"), draft_id=draft.pk, revision=1, body={**BODY, "minutes": 12}, now=NOW)
        repeated = save_draft(actor=actor("chen"), draft_id=draft.pk, revision=1, body={**BODY, "minutes": 12}, now=NOW)
        version = publish_draft(actor=actor("chen"), draft_id=draft.pk, revision=2, now=NOW)
        once_more = publish_draft(actor=actor("chen"), draft_id=draft.pk, revision=1, now=NOW)
        asked = questions_of(actor("chen"), version)

    assert (again.pk, again.body["name_zh"]) == (draft.pk, "自己的表")
    assert (saved.revision, repeated.revision) == (2, 2)
    assert once_more.pk == version.pk
    assert (version.number, version.minutes, version.question_count, version.name_en) == (1, 12, 2, "自己的表")
    assert version.pk == f"{version.family}-1"
    assert [(q.order, q.code, q.text_en, q.owner_org_id) for q in asked] == [
        (1, "A-1", "How many people?", actor("chen").org_id), (2, "A-2", "有批号吗？", actor("chen").org_id),
    ]  # fmt: skip


def test_who_saves_over_a_newer_draft_is_refused_and_nothing_changes():
    draft = drafted()
    with as_actor(actor("chen")):
        save_draft(actor=actor("chen"), draft_id=draft.pk, revision=1, body={**BODY, "minutes": 12}, now=NOW)

        with pytest.raises(RuleBroken, match="checklist_changed_meanwhile"):
            save_draft(actor=actor("chen"), draft_id=draft.pk, revision=1, body={**BODY, "minutes": 99}, now=NOW)
        with pytest.raises(RuleBroken, match="checklist_changed_meanwhile"):
            publish_draft(actor=actor("chen"), draft_id=draft.pk, revision=1, now=NOW)

        assert ChecklistDraft.objects.get(pk=draft.pk).body["minutes"] == 12
        assert ChecklistVersion.objects.filter(owner_org_id=actor("chen").org_id).count() == 0


def test_a_draft_with_faults_is_kept_and_not_published():
    draft = drafted(body={"name_zh": "坏表", "questions": [{"code": "A-1"}]})
    with as_actor(actor("chen")):
        with pytest.raises(RuleBroken, match="checklist_has_faults"):
            publish_draft(actor=actor("chen"), draft_id=draft.pk, revision=1, now=NOW)

        assert ChecklistDraft.objects.get(pk=draft.pk).published_id is None


def test_the_next_version_follows_from_ones_own_and_a_new_checklist_from_the_library():
    first = published()
    with as_actor(actor("chen")):
        same = begin_draft(actor=actor("chen"), client_id="d2", based_on=first.pk, now=NOW)
        with pytest.raises(RuleBroken, match="checklist_is_the_same"):
            publish_draft(actor=actor("chen"), draft_id=same.pk, revision=1, now=NOW)
        save_draft(actor=actor("chen"), draft_id=same.pk, revision=1, body={**same.body, "minutes": 30}, now=NOW)
        second = publish_draft(actor=actor("chen"), draft_id=same.pk, revision=2, now=NOW)
    third = published(client_id="d3", based_on="mill-walk-1")

    assert (second.family, second.number, second.based_on_id) == (first.family, 2, first.pk)
    assert third.family not in (first.family, "mill-walk")
    assert third.question_count == 5
    assert codes_seen("chen") & {first.pk, second.pk, third.pk} == {second.pk, third.pk}


def test_another_firm_finds_nothing_of_a_checklist_that_is_not_the_librarys():
    version, draft = published(), drafted(client_id="d9")

    assert "mill-walk-1" in codes_seen("fang") & codes_seen("lin") & codes_seen("wu")
    for who in ("fang", "lin", "wu"):
        with as_actor(actor(who)):
            assert version.pk not in codes_seen(who)
            assert Question.objects.filter(version_id=version.pk).count() == 0
            with pytest.raises(Absent):
                checklist_for(actor(who), version.pk)
    with as_actor(actor("fang")), pytest.raises(Absent):
        save_draft(actor=actor("fang"), draft_id=draft.pk, revision=1, body=BODY, now=NOW)


def test_a_supplier_reads_it_from_the_moment_an_audit_of_its_own_goes_by_it():
    version = published()
    audit = first_audit(agreement_in_force(frequency={**FREQUENCY, "checklist": version.pk}))

    assert audit.checklist_id == version.pk
    assert version.pk in codes_seen("lin")
    assert version.pk not in codes_seen("wu")
    with as_actor(actor("lin")):
        assert len(questions_of(actor("lin"), checklist_for(actor("lin"), version.pk))) == 2


def test_a_drafts_clause_takes_another_checklist_that_its_owner_is_offered_and_its_words_count_no_others_questions():
    version, foreign, agreement = published(), published("fang"), drafted_agreement()
    chen, at = signed_in("chen", "en"), f"/agreements/{agreement.pk}/clauses/3/"
    shown = chen.get(at).content.decode()
    said = {"every_months": 3, "notice_days": 14, "review_days": 5, "seen": re.search(r'name="seen" value="(\w{64})"', shown)[1]}

    refused = chen.post(at, {**said, "checklist": foreign.pk})
    taken = chen.post(at, {**said, "checklist": version.pk})

    with as_actor(actor("chen")):
        clause = Clause.objects.get(version__agreement=agreement, order=3)
    assert (refused.status_code, taken.status_code, clause.params["checklist"]) == (422, 302, version.pk)
    assert [f'value="{code}"' in shown for code in ("mill-walk-1", version.pk, foreign.pk)] == [True, True, False]
    assert "5 questions" not in clause.text_en and clause.text_en.startswith("Every 3 month(s) there is a self-check")
    assert "mill-walk-1" in chen.get(at).content.decode()  # and back again
    assert 'name="checklist"' in chen.get(f"/agreements/{agreement.pk}/clauses/add/?type=audit_frequency").content.decode()


def test_no_relation_goes_by_the_checklist_of_a_third_firm():
    agreement = agreement_in_force("fang", "wu", frequency={**FREQUENCY, "checklist": published().pk})

    services.tick(moment("2026-03-02"))

    with acting_as(Hat.CLOCK):
        assert AuditProgramme.objects.filter(agreement=agreement).count() == 0
        assert Audit.objects.filter(agreement=agreement).count() == 0


def refused(statement, *values):
    with (
        pytest.raises(DatabaseError, match=r"append-only|row-level security|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


def test_what_is_published_is_only_ever_retired():
    version = published()
    with as_actor(actor("chen")):
        refused("update audits_checklistversion set name_zh = 'x' where code = %s", version.pk)
        refused("update audits_checklistversion set retired_at = null where code = %s", version.pk)
        refused("delete from audits_question where version_id = %s", version.pk)
        refused("delete from audits_checklistversion where code = %s", version.pk)
        late = Question(version_id=version.pk, owner_org_id=actor("chen").org_id, order=3, code="A-9", text_zh="晚来的", text_en="late")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            late.save()
        retired = retire_checklist(actor=actor("chen"), code=version.pk, now=NOW)
        again = retire_checklist(actor=actor("chen"), code=version.pk, now=moment("2026-04-01"))

        assert (retired.retired_at, again.retired_at) == (NOW, NOW)
        assert version.pk not in {row.pk for row in checklists_to_choose(actor("chen"))}
        assert Question.objects.filter(version_id=version.pk).count() == 2


def test_nobody_retires_the_library_and_only_who_speaks_for_the_firm_publishes():
    draft = drafted()
    auditor = actor("chen").__class__(**{**actor("chen").__dict__, "roles": frozenset({"auditor"})})
    with as_actor(actor("chen")):
        with pytest.raises(NotYours):
            retire_checklist(actor=actor("chen"), code="mill-walk-1", now=NOW)
        with pytest.raises(NotYours):
            publish_draft(actor=auditor, draft_id=draft.pk, revision=1, now=NOW)

        assert ChecklistVersion.objects.get(pk="mill-walk-1").retired_at is None
        assert ChecklistDraft.objects.get(pk=draft.pk).published_id is None


def test_a_published_draft_is_not_thrown_away():
    draft, other = drafted(), drafted(client_id="d2")
    with as_actor(actor("chen")):
        publish_draft(actor=actor("chen"), draft_id=draft.pk, revision=1, now=NOW)
        drop_draft(actor=actor("chen"), draft_id=other.pk)
        with pytest.raises(RuleBroken, match="checklist_is_published"):
            drop_draft(actor=actor("chen"), draft_id=draft.pk)

        assert list(ChecklistDraft.objects.values_list("pk", flat=True)) == [draft.pk]


def test_a_version_is_the_body_it_was_published_from():
    version = published()
    with as_actor(actor("chen")):
        body = body_of(version, questions_of(actor("chen"), version))

    assert body["questions"][1]["show_if"] == [{"code": "A-1", "above": "0"}]
    assert (body["questions"][0]["proposes"], body["minutes"], body["sections"]) == ("site.headcount", 10, [])


@pytest.fixture
def visited():
    """An audit whose answer says 41 people, and a page that says otherwise."""
    version = published()
    audit = first_audit(agreement_in_force(frequency={**FREQUENCY, "checklist": version.pk}))
    with as_actor(actor("chen")):
        held = Audit.objects.select_related("agreement").get(pk=audit.pk)
        propose_changes(actor=actor("chen"), audit=held, answers={"A-1": Answer("41.0"), "A-2": Answer("yes")}, now=NOW)
        propose_changes(actor=actor("chen"), audit=held, answers={"A-1": Answer("50")}, now=NOW)
    return held


def headcount():
    with as_actor(actor("lin")):
        return Site.objects.get(org_id=actor("lin").org_id, is_main=True).headcount


def test_an_answer_that_differs_is_proposed_once_with_old_and_new(visited):
    before = headcount()
    with as_actor(actor("lin")):
        rows = list(ProposedChange.objects.visible_to(actor("lin")))
        assert [(row.entry, row.old, row.new, row.state) for row in rows] == [
            ("site.headcount", "" if before is None else str(before), "41", "open"),
        ]  # fmt: skip
    with as_actor(actor("wu")):
        assert ProposedChange.objects.count() == 0


def test_the_supplier_takes_it_over_and_its_page_changes(visited):
    with as_actor(actor("lin")):
        row = decide_change(actor=actor("lin"), audit_id=visited.pk, entry="site.headcount", take=True, now=NOW)
        again = decide_change(actor=actor("lin"), audit_id=visited.pk, entry="site.headcount", take=True, now=moment("2026-04-01"))
        with pytest.raises(RuleBroken, match="change_is_decided"):
            decide_change(actor=actor("lin"), audit_id=visited.pk, entry="site.headcount", take=False, now=NOW)

    assert (row.state, again.decided_at, headcount()) == ("taken_over", NOW, 41)


def test_what_the_supplier_leaves_stays_as_it_was(visited):
    before = headcount()
    with as_actor(actor("lin")):
        row = decide_change(actor=actor("lin"), audit_id=visited.pk, entry="site.headcount", take=False, now=NOW)

    assert (row.state, headcount()) == ("left", before)


def test_nobody_but_the_supplier_decides(visited):
    before = headcount()
    with as_actor(actor("chen")), pytest.raises(NotYours):
        decide_change(actor=actor("chen"), audit_id=visited.pk, entry="site.headcount", take=True, now=NOW)
    with as_actor(actor("wu")), pytest.raises(Absent):
        decide_change(actor=actor("wu"), audit_id=visited.pk, entry="site.headcount", take=True, now=NOW)

    assert headcount() == before
