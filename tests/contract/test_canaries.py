"""Random canaries in every text field of every firm: none ever in a foreign response, export or mail."""

import io
import os
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from itertools import product
from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.core import mail
from django.db import connections, models
from django.utils import timezone

from audits.services import accept_audit, refuse_action
from foundation.actor import Hat, acting_as, as_actor
from jobs.models import OutboxEvent
from notices.mail import mail_notification
from notices.models import Notification
from records.models import EvidenceShare
from records.services.evidence import note_look
from suppliers.models import SupplyLink
from tests import cast, harness
from tests.clients import signed_in, with_token
from tests.contract.matrix.filling import CAPABILITIES, things
from tests.contract.matrix.looking import watched
from tests.contract.matrix.people import FIXED, Crowd, ask
from tests.contract.matrix.routes import routes
from tests.peopled import PAIRS
from tests.world import build_story, invited

WHO = [m.who for m in cast.CAST]
CANARY = re.compile(r"kanari[0-9a-f]{10}")
# Text that no person types: states, kinds, codes, hashes, paths, addresses of the machine, and words of the library.
NOT_TYPED = re.compile(
    r"(^|_)(state|kind|side|hat|method|sha256|hash|canonical|path|mime|code|codes|word|task|key|number|grade|answer|result_class|type|size|uscc|"
    r"claimed|verified|phone|email|username|password|locale|what|client_id|taken_at|pinyin_key|gram|ip|role|region|town|source|last_error|outcome|purpose|education|"
    r"initials|gate_token|safety_class|capacity_unit|category|field|became|"
    r"origin|entered_via|verdict|stage|decision|severity|severity_after|cause|klass|language|digest|period|base|binds|drafted_by|illuminant|grams|unit|token|half|languages)$"
)
EMPTY_HERE = {  # typed elsewhere; a word of why
    "suppliers_paper", "records_ack", "jobs_job", "jobs_idempotencykey",
    "agreements_speclimit",  # the library is everybody's to read
    "oversight_campaign", "oversight_policytool", "oversight_report", "oversight_weaklinknote",  # words of the bureau, which name no firm
    "onestop_serviceoffer",  # a provider's words, for everybody to read
}  # fmt: skip


# What an officer reads under a case that names its reason, and what both sides lay before the bureau: tests/db/oversight/test_duty.py.
BEFORE_THE_BUREAU = ("/bureau/cases/", "/bureau/appeals/", "/api/v1/bureau/cases/", "/api/v1/bureau/appeals/")


@pytest.fixture(scope="module")
def aviary(servers, template, django_db_setup, django_db_blocker, unsaid):
    """The world again, but every word that a person typed carries a canary of the firms that may read it."""
    before, originals = harness.addresses(), dict(cast.BY_NAME)
    name = harness.clone(servers, template, f"qcc_c_{os.getpid()}_{uuid4().hex[:6]}")
    birds = {who: f"kanari{uuid4().hex[:10]}" for who in WHO}
    with django_db_blocker.unblock():
        harness.point_django_at(servers, name)
        _rename(servers, name, birds)
        allowed = {bird: _readers_of_names(who) for who, bird in birds.items()}
        stories = []
        for owner, supplier in PAIRS:
            bird = f"kanari{uuid4().hex[:10]}"
            allowed[bird] = {owner, supplier}
            stories.append(build_story(owner, supplier, now=timezone.now(), mark=bird))
            _go_on(stories[-1], bird)
        crowd = Crowd({w: signed_in(w) for w in WHO}, {w: with_token(w) for w in WHO}, stories)
        with watched():
            yield crowd, allowed
        connections.close_all()
        harness.point_django_back(before)
    cast.BY_NAME.update(originals)
    harness.drop(servers, name)


def _go_on(story, bird):
    """What the story leaves out: a look at a file, an answer sent back, a verdict, an invitation."""
    owner, now = cast.actor(story.owner), timezone.now() + timedelta(minutes=10)
    link, _token = invited(
        story.owner, now=now, name=f"青纬{bird}", uscc="0DEM0B65AKBN4TH2CJ" if story.supplier != "wu" else "0DEM091QNECBJWFYPK"
    )
    with as_actor(owner):
        SupplyLink.objects.filter(pk=link.pk).update(address=f"示例路 {bird}")
        note_look(actor=owner, share=EvidenceShare.objects.get(pk=story.ids["share_id"]), now=now)
        refuse_action(actor=owner, finding_id=story.ids["finding_id"], reason=f"照片看不清{bird}", now=now)
        accept_audit(actor=owner, audit_id=story.ids["audit_id"], now=now)


def _rename(servers, name, birds):
    """Names of firms and people get their canary, everywhere a copy may lie. As the superuser."""
    with psycopg.connect(servers.postgres.superuser_url(name), port=5432, autocommit=True) as connection:
        connection.execute("set session_replication_role = replica")
        for who, bird in birds.items():
            member = cast.BY_NAME[who]
            for table, column in (
                ("parties_organisation", "name_zh"), ("parties_organisation", "name_en"), ("parties_membership", "org_name_zh"),
                ("parties_membership", "org_name_en"), ("suppliers_site", "name_zh"), ("suppliers_site", "name_en"), ("suppliers_site", "address"), ("suppliers_supplylink", "name_zh"),
                ("suppliers_supplylink", "name_en"), ("suppliers_supplylink", "owner_name_zh"), ("suppliers_supplylink", "owner_name_en"),
                ("records_grant", "to_name_zh"), ("records_grant", "to_name_en"),
            ):  # fmt: skip
                plain = member.org_en if column.endswith("_en") else member.org_zh
                where = f"org_id = '{member.org_id}'" if column == "address" else f"{column} = '{plain}'"
                connection.execute(f"update {table} set {column} = {column} || %s where {where}", [bird])
            for table, column in (("parties_person", "name"), ("parties_membership", "person_name"), ("suppliers_supplylink", "contact")):
                connection.execute(f"update {table} set {column} = {column} || %s where {column} = %s", [bird, member.name])
            cast.BY_NAME[who] = replace(member, name=member.name + bird, org_zh=member.org_zh + bird, org_en=member.org_en + bird)


def _readers_of_names(who):
    """A firm's name is known to itself, to those it deals with, and to the two offices that keep the registry; theirs, a laboratory's and a provider's to all."""
    if who in ("zhou", "pan", "mei", "an"):
        return set(WHO)
    partners = {b for a, b in PAIRS if a == who} | {a for a, b in PAIRS if b == who}
    return {who, *partners, "zhou", "pan"}


def birds_in(body):
    text = body.decode("utf-8", "replace")
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            text = "".join(book.read(part).decode("utf-8", "replace") for part in book.namelist())
    return set(CANARY.findall(text))


def addresses(stories):
    """Of each route its addresses: one, or one of every story."""
    for route in routes():
        if not things(route) and not CAPABILITIES.intersection(route.params):
            yield [route.at(FIXED)]
        elif not CAPABILITIES.intersection(route.params):
            yield [route.at({**FIXED, **story.ids}) for story in stories]


def test_no_page_export_or_api_answer_holds_a_foreign_canary(aviary, papers_unprinted):
    crowd, allowed = aviary
    escaped, heard = [], {who: set() for who in WHO}

    for told, who in product(addresses(crowd.stories), WHO):
        for address in dict.fromkeys(told):
            answer = ask(crowd, who, "GET", address)
            found = birds_in(answer.body)
            heard[who] |= found
            if who == "zhou" and address.startswith(BEFORE_THE_BUREAU):
                continue
            escaped += [(who, address, bird) for bird in found if who not in allowed[bird]]
            if answer.looks.blind:
                break  # asked about no story, it answers so for each

    assert escaped == []
    for who in ("chen", "fang", "lin", "wu"):  # the test would be green on a silent product
        assert {bird for bird, readers in allowed.items() if who in readers and len(readers) == 2} <= heard[who]


def test_no_mail_holds_a_foreign_canary(aviary):
    _crowd, allowed = aviary
    mail.outbox = []
    with acting_as(Hat.CLOCK):
        events = list(OutboxEvent.objects.filter(task="notices.send_mail"))
        for event in events:
            mail_notification(event.payload["notification_id"], key=event.key)
        assert Notification.objects.count() == len(events) > 10

    readers = {f"{m.who}@demo.example": m.who for m in cast.CAST}
    escaped = [
        (readers[to], bird)
        for message in mail.outbox
        for to in message.to
        for bird in CANARY.findall(f"{message.subject}{message.body}")
        if readers[to] not in allowed[bird]
    ]
    assert (escaped, len(mail.outbox) > 10) == ([], True)


# Said to the bureau, or by it: a line of an appeal, the reason of its own case.
SAID_TO_THE_BUREAU = {"records_appealentry", "oversight_dutycase"}


def test_no_table_that_the_bureau_may_read_holds_the_words_of_two_sides(aviary):
    """Every row and every column that its hat reaches, without a page between, and without a look under a case."""
    _crowd, allowed = aviary
    of_two_sides, heard, asked = {bird for bird, readers in allowed.items() if len(readers) == 2}, {}, 0
    with as_actor(cast.actor("zhou")), connections["default"].cursor() as cursor:
        cursor.execute(
            "select c.relname, string_agg(quote_ident(a.attname), ', ') from pg_class c join pg_attribute a on a.attrelid = c.oid "
            "where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm') and attnum > 0 and not attisdropped "
            "and has_column_privilege(c.oid, attnum, 'select') group by 1"
        )
        for table, columns in cursor.fetchall():
            cursor.execute(f"select string_agg(concat_ws(' ', {columns}), ' ') from {table}")
            asked += 1
            words = set(CANARY.findall(cursor.fetchone()[0] or ""))
            if words & of_two_sides:
                heard[table] = len(words & of_two_sides)

    assert asked > 60
    assert set(heard) == SAID_TO_THE_BUREAU


def test_every_field_that_a_person_types_carries_a_canary_somewhere(aviary, servers):
    silent = []
    with psycopg.connect(servers.postgres.superuser_url(connections["default"].settings_dict["NAME"]), port=5432) as connection:
        for model in apps.get_models():
            if not hasattr(model, "seen_by") or model._meta.db_table in EMPTY_HERE:
                continue
            for field in model._meta.fields:
                if not isinstance(field, (models.CharField, models.TextField)) or NOT_TYPED.search(field.column):
                    continue
                table = model._meta.db_table
                if not connection.execute(f"select count(*) from {table} where {field.column} like '%%kanari%%'").fetchone()[0]:
                    silent.append(f"{table}.{field.column}")

    assert (set(silent) - set(SILENT), set(SILENT) - set(silent)) == (set(), set())


# Each field stands here by name, so that a new one is seen. A clause of this world is the template's own text, word for word; nothing
# was undone, verified twice or mapped by hand in it, an export is named by its day, a serial number is kept in capitals.
SILENT = [
    # What everybody may read holds nobody's mark; and the bureau reads every report of a problem.
    "oversight_problem.statement", "oversight_problemevent.words", "oversight_problemevidence.source_name", "oversight_problemreport.reply",
    "oversight_problemreport.words", "oversight_researchoffer.words", "oversight_researchproject.direction", "oversight_researchproject.from_value",
    "oversight_researchproject.result", "oversight_researchproject.title", "oversight_researchproject.to_value", "oversight_milestone.name",
    "oversight_milestone.note", "oversight_projectfirm.label", "oversight_projectmember.org_name_en", "oversight_projectmember.org_name_zh",
    "oversight_projectreading.label", "oversight_technique.contact", "oversight_technique.cost", "oversight_technique.limits",
    "oversight_technique.name", "oversight_technique.question", "oversight_technique.steps", "oversight_technique.trial",
    "suppliers_bulkedit.undone_by", "suppliers_exportfile.name", "suppliers_instrument.serial", "suppliers_alikename.other_name", "suppliers_columnmemory.header", "suppliers_merge.undone_by",
    "suppliers_verification.verified_by", "inspections_changepoint.undone_by", "inspections_signal.withdrawn_why", "inspections_resultcolumnmemory.header", "inspections_resultimport.layout", "agreements_clause.text_zh", "agreements_clause.text_en",
    # The product on a blind sample is said without its firm; no hold, concession, arbitration, change or joint action was answered.
    "inspections_arbitration.verdict_reason", "inspections_arbitrationsample.product", "inspections_arbitrationsample.verdict_reason",
    "inspections_changereply.answered_by", "inspections_changereply.why", "inspections_concession.answered_by", "inspections_hold.ended_by",
    # Words of the machine; no copy of an audit was decided, and none is shown of a true audit.
    "audits_auditcopy.decided_by", "audits_auditcopy.reason", "audits_auditscore.band", "audits_auditscore.why",
    "audits_riskrating.band", "audits_ownerprogramme.required_skill", "audits_yearplan.confirmed_by",  # a letter; a node; no plan was confirmed
    "audits_visitop.subject",  # a question's code, or a phone's own id
    # An appeal reaches a third party: its words hold no name; nobody has decided it.
    "audits_findingappeal.contested_because", "audits_findingappeal.gap", "audits_findingappeal.observed", "audits_findingappeal.requirement",
    "audits_findingappeal.upheld_because", "audits_findingappeal.why", "audits_findingappeal.words", "audits_findingevidence.step",
    # A round of comparison is the bureau's own words, read by all who take part; nobody was left out of it, no sample came damaged.
    "oversight_comparisonround.name_zh", "oversight_comparisonround.name_en", "oversight_comparisonround.product_zh", "oversight_comparisonround.product_en",
    "oversight_comparisonround.benchmark_zh", "oversight_comparisonround.benchmark_en", "oversight_comparisonround.instructions",
    "oversight_roundmeasure.assigned", "oversight_roundmeasure.sample", "oversight_roundparticipant.part", "oversight_roundparticipant.excluded_because", "oversight_roundsheet.condition",
    "oversight_roundsheet.condition_note", "oversight_roundsheet.conditioning", "oversight_roundreading.rater",
    "oversight_chainimport.quarter",  # 2026Q3
    "oversight_weaklinkfigure.standing",  # a word of the machine: above the city, below it
    "oversight_chainsum.lines", "suppliers_savedview.of",  # counts; the name of a list
    # What a firm needs is for providers to read; this one was quoted in a provider's words, and nobody was chosen.
    "onestop_servicerequest.about", "onestop_servicerequest.need", "onestop_servicerequest.provider_name_en", "onestop_servicerequest.provider_name_zh",
    "onestop_servicerequest.rating_words", "onestop_servicerequest.why", "onestop_servicecall.contact", "onestop_servicecall.firm_name_en",
    "onestop_servicecall.firm_name_zh", "onestop_servicecall.need", "onestop_servicecall.price", "onestop_servicecall.rating_words",
    "onestop_servicecall.report", "onestop_servicecall.why", "onestop_servicecall.words",
    # Words of the machine: what each side says of a verdict, the state before a hold, how it ended.
    "inspections_arbitration.owner_said", "inspections_arbitration.supplier_said",
    "inspections_hold.ended_as", "inspections_hold.was", "inspections_jointaction.answered_by", "inspections_jointaction.closed_by",
    # Of these agreements nothing was amended, read, waived, suspended, declined or held against a stamped copy, and no sample was sealed.
    "agreements_agreementversion.summary", "agreements_clause.changed_by", "agreements_clausereading.value", "agreements_comment.resolved_by",
    "agreements_proposal.reply", "agreements_proposal.settled_by", "agreements_proposal.text_en", "agreements_proposal.text_zh",
    "agreements_sealedsample.owner_confirmed_by", "agreements_sealedsample.owner_holder", "agreements_stampedword.person_name",
    # Words of the machine and of a list; nobody decided a proposed change.
    "audits_checklistversion.family", "audits_checklistversion.scoring", "audits_question.element", "audits_question.highest", "audits_question.lowest",
    "audits_question.photo", "audits_question.proposes", "audits_question.section", "audits_question.sub_element", "audits_proposedchange.decided_by",
    "audits_proposedchange.entry",
    "agreements_stampedword.reason", "agreements_statuswords.person_name", "agreements_statuswords.reason", "agreements_waiver.by_name", "agreements_waiver.why",
    # Words of the machine about a look, a part and a band; nothing was taken back, and no method of this world came so far as to a second person.
    "onestop_portrait.revoked_by", "onestop_portraitlook.net", "onestop_portraitlook.device", "onestop_nodemiddle.part", "records_score.band",
    "onestop_seriesindex.version", "onestop_seriesindex.weakest",
    "records_score.why", "records_scoremethod.why", "records_scoremethod.proposed_by", "records_scoremethod.approved_by",
    # A word of a list; in a story nobody has looked, reminded, closed a case, or decided an appeal, which concerns no chain owner there.
    "oversight_dutycase.reason", "oversight_dutycase.flagged_why", "oversight_dutycase.closed_by", "oversight_dutylook.person_name",
    "oversight_reminderround.sent_by", "records_accessevent.reason", "records_accessevent.why", "records_scoreappeal.part",
    "records_scoreappeal.respondent_name_zh", "records_scoreappeal.respondent_name_en", "records_scoreappeal.reasons",
    "records_scoreappeal.decided_by", "records_appealopinion.lab_name_zh", "records_appealopinion.lab_name_en", "records_appealopinion.question",
    "records_appealopinion.asked_by", "records_appealopinion.opinion", "records_appealopinion.answered_by",
    "oversight_reportfile.extension",  # pdf, xlsx, docx
]  # fmt: skip
