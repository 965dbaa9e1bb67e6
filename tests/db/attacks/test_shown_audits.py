"""One audit, two chain owners: the one who reads the copy learns nothing of the one who was there, and the other way round."""

import pytest
from django.db import DatabaseError, connection, transaction

from audits import services
from audits.copying import Choice
from audits.models import Audit, AuditCopy, AuditShare
from audits.selectors.copies import copies, copy_for, halves_saved, readers_for, shown_of
from audits.services.copies import Showing, body_of, decide_copy, show_audit, take_back
from foundation.actor import Actor, Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification, Todo
from records.models import RecordEntry
from tests.cast import BY_NAME, actor
from tests.clients import signed_in
from tests.db.audits.stage import agreement_in_force, answered, first_audit, moment

pytestmark = pytest.mark.django_db
WU, CHEN, FANG = actor("wu"), actor("chen"), actor("fang")


@pytest.fixture(autouse=True)
def evidence_root(settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def audit(tmp_path):
    """Wu's, for Chen: one finding that names Chen's firm, reviewed."""
    made = first_audit(agreement_in_force("chen", "wu", number="YT-2026-77"))
    answered(made, tmp_path, moment("2026-03-10"), who="wu", q3="no")
    with as_actor(WU):
        services.submit_audit(actor=WU, audit_id=made.pk, now=moment("2026-03-10", 10))
    words = f"{BY_NAME['chen'].org_zh}的协议 YT-2026-77：陈棠看到天平过期，Yantang Apparel 不接受"
    seen = services.Observation(grade="major", requirement="计量器具在校准有效期内", observed=words, question_code="MW-3")
    with as_actor(CHEN):
        services.raise_finding(actor=CHEN, audit_id=made.pk, seen=seen, client_id="f1", now=moment("2026-03-11"))
        return services.accept_audit(actor=CHEN, audit_id=made.pk, now=moment("2026-03-12"))


@pytest.fixture
def other():
    """Wu's agreement with Fang."""
    return agreement_in_force("fang", "wu", number="LC-9")


def show(audit, other, *, who=WU, choice=Choice(), client_id="s1", on="2026-03-20"):
    with as_actor(who):
        return show_audit(actor=who, audit_id=audit.pk, showing=Showing(other.pk, choice), client_id=client_id, now=moment(on))


def decide(copy, *, recognised=True, reason="", who=FANG):
    with as_actor(who):
        return decide_copy(actor=who, copy_id=copy.pk, recognised=recognised, reason=reason, now=moment("2026-03-21"))


def every_word_seen_by(who, *tables):
    """All rows of these tables that this hat reads, as text."""
    with as_actor(actor(who)), connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f"select to_jsonb(t)::text from {table} t")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


SEEN = (
    "audits_auditcopy", "audits_audit", "audits_finding", "audits_findingtext", "audits_auditscore", "audits_auditreport", "records_recordentry",
    "records_recordpayload", "notices_todo", "notices_notification", "records_evidenceshare",
)  # fmt: skip


def test_the_reader_finds_no_trace_of_the_first_owner(audit, other):
    show(audit, other, choice=Choice(with_words=True))

    seen = every_word_seen_by("fang", *SEEN)
    chen = BY_NAME["chen"]
    for trace in (
        str(audit.pk), str(audit.agreement_id), str(audit.programme_id), str(audit.agreement.stream_id), str(chen.org_id), str(chen.person_id),
        "砚棠", "Yantang", "陈棠", "YT-2026-77", "2026-03-10", "2026-03-11", "2026-03-12", "photo.jpg",
    ):  # fmt: skip
        assert trace not in seen, trace
    assert "天平过期" in seen


def test_the_first_owner_finds_no_trace_of_the_reader(audit, other):
    before = every_word_seen_by("chen", *SEEN)

    copy = show(audit, other)
    decide(copy)

    seen = every_word_seen_by("chen", *SEEN)
    assert seen == before
    for trace in (str(copy.pk), str(BY_NAME["fang"].org_id), "鹿岑", "LC-9"):
        assert trace not in seen


@pytest.mark.parametrize("who", ["chen", "fang"])
def test_which_audit_was_shown_is_the_suppliers_secret(audit, other, who):
    show(audit, other)

    with as_actor(actor(who)), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        AuditShare.objects.count()
    with as_actor(actor(who)):
        assert shown_of(actor(who), audit) == []


def test_the_reader_is_told_and_decides_and_the_supplier_is_told_of_that(audit, other):
    copy = show(audit, other)
    with as_actor(FANG):
        assert [row.pk for row in copies(FANG)] == [copy.pk]
        assert Todo.objects.filter(kind="copy_to_decide", done_at=None).count() == 1

    decided = decide(copy)

    assert (decided.state, decided.decided_by, decided.halves_saved) == ("recognised", "方岑", 0)  # a self-check saves nobody a visit
    with as_actor(FANG):
        assert Todo.objects.filter(kind="copy_to_decide", done_at=None).count() == 0
    with as_actor(WU):
        assert Notification.objects.filter(kind="copy_decided").count() == 1
        kinds = list(RecordEntry.objects.filter(stream_id=other.stream_id).values_list("kind", flat=True))
    assert sorted(k for k in kinds if k in ("audit_shown", "audit_recognised")) == ["audit_recognised", "audit_shown"]


def test_days_saved_are_counted_on_both_sides(audit, other):
    with acting_as(Hat.CLOCK):
        Audit.objects.filter(pk=audit.pk).update(halves=3)
    copy = show(audit, other)
    with as_actor(FANG), transaction.atomic():
        AuditCopy.objects.filter(pk=copy.pk).update(state="recognised", halves_saved=3)

    for who in (FANG, WU):
        with as_actor(who):
            assert halves_saved(who) == (3, 1)
    with as_actor(CHEN):
        assert halves_saved(CHEN) == (0, 0)


def test_deciding_twice_decides_once(audit, other):
    copy = show(audit, other)
    decide(copy)

    again = decide(copy, recognised=False, reason="改主意")

    assert again.state == "recognised"
    with as_actor(WU):
        assert RecordEntry.objects.filter(kind__in=("audit_recognised", "audit_not_recognised")).count() == 1


def test_not_recognising_needs_a_reason(audit, other):
    copy = show(audit, other)

    with pytest.raises(RuleBroken, match="finding_reason_missing"):
        decide(copy, recognised=False, reason=" ")

    with as_actor(FANG):
        assert copy_for(FANG, copy.pk).state == "shown"
    assert decide(copy, recognised=False, reason="没有看染色").state == "not_recognised"


def test_shown_twice_by_the_same_form_is_shown_once(audit, other):
    first, again = show(audit, other), show(audit, other)

    assert first.pk == again.pk
    with as_actor(WU):
        assert AuditCopy.objects.count() == 1


def test_a_newer_copy_takes_the_place_of_one_that_is_undecided(audit, other):
    old, new = show(audit, other), show(audit, other, client_id="s2", on="2026-03-22")

    with as_actor(FANG):
        assert [row.pk for row in copies(FANG)] == [new.pk]
        with pytest.raises(Absent):
            copy_for(FANG, old.pk)


def test_what_was_taken_back_is_not_there_any_more_and_what_is_recognised_stays(audit, other):
    copy = show(audit, other)
    with as_actor(WU):
        take_back(actor=WU, copy_id=copy.pk, now=moment("2026-03-21"))
    with as_actor(FANG):
        assert copies(FANG) == []

    kept = show(audit, other, client_id="s2")
    decide(kept)
    with as_actor(WU), pytest.raises(RuleBroken, match="copy_is_recognised"):
        take_back(actor=WU, copy_id=kept.pk, now=moment("2026-03-23"))
    with as_actor(FANG):
        assert copy_for(FANG, kept.pk).state == "recognised"


@pytest.mark.parametrize(("hat", "state"), [("wu", "recognised"), ("fang", "taken_back"), ("fang", "shown")])
def test_the_database_lets_each_side_say_only_its_own_word(audit, other, hat, state):
    copy = show(audit, other)

    with as_actor(actor(hat)), pytest.raises(DatabaseError), transaction.atomic():
        AuditCopy.objects.filter(pk=copy.pk).update(state=state)

    with as_actor(WU):
        assert copy_for(WU, copy.pk).state == "shown"


def test_neither_side_edits_the_body_of_a_copy(audit, other):
    copy = show(audit, other)

    for who in (WU, FANG):
        with as_actor(who), pytest.raises(DatabaseError), transaction.atomic():
            AuditCopy.objects.filter(pk=copy.pk).update(body={})


def test_it_is_shown_to_another_owner_of_ones_own_only(audit, other):
    strange = agreement_in_force("chen", "lin")
    with as_actor(WU):
        assert [row.pk for row in readers_for(WU, audit)] == [other.pk]

    for target in (audit.agreement, strange):
        with pytest.raises(RuleBroken, match="no_such_reader"):
            show(audit, target)

    with as_actor(WU):
        assert AuditCopy.objects.count() == 0


@pytest.mark.parametrize(("who", "error"), [("chen", NotYours), ("fang", Absent), ("lin", Absent)])
def test_nobody_but_its_supplier_shows_an_audit(audit, other, who, error):
    with pytest.raises(error):
        show(audit, other, who=actor(who))

    with as_actor(WU):
        assert AuditCopy.objects.count() == 0


def test_who_may_only_look_shows_nothing(audit, other):
    viewer = Actor(**{**WU.__dict__, "roles": frozenset({"viewer"})})

    with pytest.raises(NotYours):
        show(audit, other, who=viewer)


def test_an_audit_that_is_not_finished_is_not_shown(other):
    early = first_audit(agreement_in_force("chen", "wu"))

    with pytest.raises(RuleBroken, match="audit_not_finished"):
        show(early, other)

    with as_actor(FANG):
        assert copies(FANG) == []


def test_a_section_that_is_not_there_is_refused(audit, other):
    with as_actor(WU), pytest.raises(RuleBroken, match="section_unknown"):
        body_of(WU, audit, Choice(sections=("zz",)))


def test_a_strangers_copy_is_absent(audit, other):
    copy = show(audit, other)

    for who in ("chen", "lin"):
        with as_actor(actor(who)), pytest.raises(Absent):
            copy_for(actor(who), copy.pk)
    with as_actor(actor("zhou")), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        AuditCopy.objects.count()


def page(who, path, language="en", **data):
    client = signed_in(who, language=language)
    return client.post(path, data) if data else client.get(path)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_both_sides_read_the_copy_and_neither_page_names_the_first_owner(audit, other, language):
    copy = show(audit, other, choice=Choice(with_words=True))

    reader = page("fang", f"/audits/shown/{copy.pk}/", language).content.decode()
    supplier = page("wu", f"/audits/shown/{copy.pk}/", language)

    for trace in (str(audit.pk), "砚棠", "Yantang", "陈棠", "YT-2026-77"):
        assert trace not in reader, trace
    assert (supplier.status_code, f"/audits/{audit.pk}/" in supplier.content.decode()) == (200, True)
    for who, path in (("fang", "/audits/shown/"), ("wu", "/audits/shown/"), ("wu", f"/audits/{audit.pk}/show/")):
        assert page(who, path, language).status_code == 200


def test_the_supplier_reads_first_and_then_shows(audit, other):
    path = f"/audits/{audit.pk}/show/"
    looked = page("wu", path, reader=str(other.pk), with_words="on", go="look", client_id="web")
    with as_actor(WU):
        assert AuditCopy.objects.count() == 0

    sent = page("wu", path, reader=str(other.pk), with_words="on", go="show", client_id="web")

    assert (looked.status_code, "▇▇" in looked.content.decode()) == (200, True)
    with as_actor(WU):
        (copy,) = copies(WU)
    assert (sent.status_code, sent["Location"]) == (302, f"/audits/shown/{copy.pk}/")


def test_the_reader_decides_on_the_page(audit, other):
    copy = show(audit, other)

    empty = page("fang", f"/audits/shown/{copy.pk}/decline/", reason="")
    done = page("fang", f"/audits/shown/{copy.pk}/recognise/", x="1")

    assert (empty.status_code, done.status_code) == (422, 302)
    with as_actor(WU):
        assert copy_for(WU, copy.pk).state == "recognised"


def test_a_form_that_names_a_stranger_is_refused(audit, other):
    answer = page("wu", f"/audits/{audit.pk}/show/", reader=str(audit.agreement_id), go="show", client_id="web")

    assert answer.status_code == 422
    with as_actor(WU):
        assert AuditCopy.objects.count() == 0


def test_an_owner_may_not_open_the_form_and_a_stranger_finds_nothing(audit, other):
    copy = show(audit, other)

    assert page("chen", f"/audits/{audit.pk}/show/").status_code == 403
    assert page("lin", f"/audits/{audit.pk}/show/").status_code == 404
    assert page("chen", f"/audits/shown/{copy.pk}/").status_code == 404
