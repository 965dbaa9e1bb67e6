"""The demo's smallest profile, loaded as a fresh machine loads it: by the command, as the database owner."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connections, transaction
from scipy.stats import poisson

from agreements.compliance import state_of
from agreements.models import Agreement, ClauseReading, Obligation
from agreements.tasks import tick as agreements_tick
from audits.models import Audit, AuditorLeave, AuditScore, Booking, Finding, FindingAppeal, OwnerProgramme, Response, YearPlan
from audits.scoring import compute
from audits.services import tick as audits_tick
from foundation.actor import as_actor
from inspections.control_limits import FIRST_FIT
from inspections.models import Arbitration, ChangeReply, CharacteristicResult, Lot, Signal, WatchedSeries
from inspections.selectors.sources import sources_changed
from inspections.signals import FALSE_IN_20_LOTS
from jobs.models import OutboxEvent
from notices.models import Notification, Todo
from onestop.models import Portrait
from parties.models import Organisation, OrganisationCode, Person
from parties.uscc import problem
from qcchain.demo.firms import firms_of
from qcchain.demo.people import DEMO_PASSWORD
from records.models import Ack, RecordEntry, Score
from records.services.verify import verify_record
from suppliers.models import ImportRow, Invitation, Site, SupplyLink
from tests import harness

pytestmark = pytest.mark.usefixtures("loaded")
TODAY = date(2026, 6, 10)
NOW = datetime(2026, 6, 10, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
# What the template database holds of the cast, children first.
CAST_TABLES = (
    "records_grant", "suppliers_site", "suppliers_supplylink", "parties_membership", "parties_person", "parties_orgrole",
    "parties_organisationcode", "parties_organisation",
)  # fmt: skip
REAL = ("Consinee (demo data)", "Boyang (demo data)")


def an_empty_database(servers: harness.Servers, template: str) -> str:
    name = harness.clone(servers, template, f"qcc_demo_{os.getpid()}_{uuid4().hex[:6]}")
    with harness.psycopg.connect(servers.postgres.url("qcc_owner", name), autocommit=True) as owner:
        for table in CAST_TABLES:
            owner.execute(f"delete from {table}")
    return name


def load_demo(
    servers: harness.Servers, name: str, *words: str, settings: str = "qcchain.settings.test"
) -> subprocess.CompletedProcess[str]:
    env = {**harness.environment(servers, name), "DJANGO_SETTINGS_MODULE": settings}
    argv = [sys.executable, "manage.py", "load_demo", "--skip-checks", *words]
    return subprocess.run(argv, cwd=harness.ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def loaded(servers, template, django_db_setup, django_db_blocker) -> Iterator[str]:
    """One load for the module; the tests read it as its owner, who sees every row, and write nothing that stays."""
    before, name = harness.addresses(), an_empty_database(servers, template)
    done = load_demo(servers, name, "--profile", "tiny", f"--at={TODAY}")
    assert done.returncode == 0, done.stderr
    with django_db_blocker.unblock():
        harness.point_django_at_url(servers.postgres.url("qcc_owner", name))
        yield name
        connections.close_all()
        harness.point_django_back(before)
    harness.drop(servers, name)


def firm_actor(key: str):
    return next(firm.actor() for firm in firms_of(8, more_owners=False) if firm.key == key)


def states(side: str, **where) -> Counter[str]:
    rows = Obligation.objects.filter(side=side, **where)
    return Counter(state_of(o.due_on, o.met_on, o.waived_at is not None, o.void_at is not None, TODAY) for o in rows)


def picture() -> dict[str, list]:
    """All that the seed decides; ids, salts and moments of writing are each load's own."""
    return {
        "firms": sorted(Organisation.objects.values_list("name_zh", "name_en", "region_id", "town_id", "size", "code__verified")),
        "links": sorted(SupplyLink.objects.values_list("owner_name_en", "name_zh", "uscc", "state", "headcount")),
        "agreements": sorted(Agreement.objects.values_list("owner_name_en", "number", "supplier_name_zh", "state", "effective_from"), key=str),
        "obligations": sorted(Obligation.objects.values_list("agreement__number", "owner_org_id", "kind", "side", "due_on", "met_on"), key=str),
        "audits": sorted(Audit.objects.values_list("agreement__number", "owner_org_id", "period", "state", "visit_on", "result_class"), key=str),
        "findings": sorted(Finding.objects.values_list("owner_org_id", "grade", "state", "due_on"), key=str),
        "record": list(RecordEntry.objects.order_by("place").values_list("place", "number", "kind", "side", "at")),
    }  # fmt: skip


def test_the_profile_has_twelve_firms_beside_the_offices():
    assert Organisation.objects.exclude(node_codes=[]).count() == 12
    assert Organisation.objects.filter(is_demo=False).count() == 0
    assert Person.objects.filter(is_demo=False).count() == 0


def test_the_record_holds_and_every_entry_is_numbered():
    verdict = verify_record()

    assert (verdict.problem, verdict.entries) == ("", RecordEntry.objects.count())
    assert verdict.entries > 80
    assert RecordEntry.objects.filter(number=None).count() == 0
    assert RecordEntry.objects.filter(at__gt=NOW).count() == 0


def test_every_invented_firm_is_marked_and_every_code_is_valid():
    names = list(Organisation.objects.exclude(name_en__in=REAL).values_list("name_zh", "name_en"))
    listed = list(SupplyLink.objects.values_list("name_zh", flat=True))
    codes = [*OrganisationCode.objects.values_list("verified", flat=True), *SupplyLink.objects.values_list("uscc", flat=True)]

    assert [name for name in names if not (name[0].endswith("（示例）") and name[1].endswith("(demo)"))] == []
    assert [name for name in listed if not name.endswith("（示例）")] == []
    assert [code for code in codes if problem(code) is not None or not code.startswith("0DEM0")] == []


def test_duties_stand_in_every_state_on_either_side():
    owner, supplier = states("owner"), states("supplier")

    assert {"met", "met_late", "overdue", "scheduled"} <= set(owner)
    assert {"met", "met_late", "overdue", "due_soon"} <= set(supplier)


def test_agreements_stand_in_every_state_that_a_verb_reaches_but_the_end():
    assert {"draft", "in_review", "signing", "signed", "in_force"} <= set(Agreement.objects.values_list("state", flat=True))


def test_audits_findings_and_disputes_wait_for_each_persona():
    assert set(Audit.objects.values_list("state", flat=True)) >= {"in_progress", "submitted", "reviewed", "closed"}
    assert set(Finding.objects.values_list("state", flat=True)) >= {"raised", "answered", "contested", "closed"}
    assert set(Ack.objects.values_list("word", "side")) == {("disputed", "supplier")}
    assert set(ImportRow.objects.values_list("outcome", flat=True)) == {"accepted", "warning", "duplicate", "rejected"}
    assert Counter(SupplyLink.objects.exclude(state="joined").values_list("state", flat=True)) == {"listed": 2, "invited": 2, "declined": 1}
    assert Invitation.objects.filter(expires_at__lt=NOW).count() == 1


def test_lin_has_a_self_check_half_answered_and_due_within_days():
    lin = Person.objects.get(username="lin").memberships.first().org_id
    todos = {todo.kind: todo for todo in Todo.objects.filter(org_id=lin, done_at=None)}

    asked = {
        "agreement_to_sign",
        "agreement_to_review",
        "self_check_due",
        "finding_raised",
        "document_due",
        "sample_to_confirm",
        "sample_runs_out",
        "campaign_task",
        "service_quoted",
    }
    assert set(todos) == asked | {"paper_expiring", "calibration_due", "master_data_proposed"}
    assert todos["self_check_due"].due_on == date(2026, 6, 15)  # three days ahead is a Saturday
    assert Response.objects.filter(audit_id=todos["self_check_due"].subject_id).count() == 2


def test_two_visits_of_today_are_announced_confirmed_and_led_by_who_signs_in():
    ahead = Audit.objects.filter(kind="second_party", state="accepted")
    led = {(row.team.get().person_name, row.agreement.supplier_name_zh[2:4], row.visit_on, row.team.get().is_lead) for row in ahead}

    assert led == {(firm_actor("yantang").person_name, "云杼", TODAY, True), (firm_actor("lucen").person_name, "澜织", TODAY, True)}
    assert Site.objects.filter(pk__in=[row.site_id for row in ahead]).exclude(gate_token="").count() == 2


def test_lin_has_a_score_that_was_shown_and_an_appeal_that_waits_for_the_laboratory():
    lin, lab = (Person.objects.get(username=name).memberships.first().org_id for name in ("lin", "mei"))
    last = Score.objects.filter(subject_org_id=lin).order_by("number").last()

    assert (last.value_hundredths is not None, Portrait.objects.filter(org_id=lin).count()) == (True, 2)
    assert list(FindingAppeal.objects.values_list("supplier_org_id", "arbiter_org_id", "state")) == [(lin, lab, "asked")]


def test_chen_is_overdue_on_her_own_side():
    chen = Person.objects.get(username="chen").memberships.first().org_id

    assert states("owner", owner_org_id=chen, kind="owner_duty")["overdue"] >= 1
    assert Todo.objects.filter(org_id=chen, done_at=None, kind="owner_duty_due", due_on__lt=TODAY).count() >= 1


def test_nothing_but_kept_words_stands_under_a_real_firms_name():
    theirs = Agreement.objects.filter(owner_name_en__in=REAL)
    duties = Obligation.objects.filter(agreement__in=theirs)

    assert {agreement.owner_name_en for agreement in theirs} == set(REAL)
    assert Counter(states("owner", agreement__in=theirs) + states("supplier", agreement__in=theirs)).keys() <= {"met"}
    assert duties.filter(met_on=None).count() == 0
    assert Finding.objects.filter(audit__agreement__in=theirs).count() == 0
    assert Audit.objects.filter(agreement__in=theirs).exclude(state="closed", result_class="A").count() == 0
    assert Ack.objects.filter(entry__stream__agreements__in=theirs).count() == 0
    assert set(theirs.values_list("state", flat=True)) <= {"in_force", "in_review", "signing", "expired"}


def test_nothing_falls_due_under_a_real_firms_name_as_the_days_go_by():
    theirs = Obligation.objects.filter(agreement__owner_name_en__in=REAL)
    before = theirs.count()

    with transaction.atomic():
        for year, month in ((2026, 7), (2026, 9), (2027, 6)):
            later = NOW.replace(year=year, month=month)
            agreements_tick(later)
            audits_tick(later)
        after = (
            theirs.count(),
            theirs.filter(met_on=None).count(),
            Audit.objects.filter(agreement__owner_name_en__in=REAL).exclude(state="closed").count(),
        )
        transaction.set_rollback(True)

    assert after == (before, 0, 0)


def test_no_mail_waits_but_one_dead_letter_shows_and_inboxes_hold_unread_lines():
    left = list(OutboxEvent.objects.filter(done_at=None))

    assert [(event.task, event.dead_at is not None) for event in left] == [("notices.send_mail", True)]
    assert Notification.objects.filter(read_at=None).count() > 5


def test_the_clock_finds_nothing_left_to_do():
    with transaction.atomic():
        done = agreements_tick(NOW), audits_tick(NOW)
        transaction.set_rollback(True)

    assert done == (0, 0)


def test_only_the_published_visitors_can_sign_in():
    people = {person.username: person for person in Person.objects.all()}

    assert people["lin"].check_password(DEMO_PASSWORD)
    assert sorted(name for name, person in people.items() if person.has_usable_password()) == [
        "an",
        "chen",
        "fang",
        "lin",
        "mei",
        "pan",
        "wu",
        "xia",
        "zhong",
        "zhou",
    ]


def test_a_year_of_visits_is_planned_and_booked_around_a_course():
    plan = YearPlan.objects.get()
    away = AuditorLeave.objects.get()

    assert sorted(OwnerProgramme.objects.values_list("state", flat=True).distinct()) == ["active", "draft", "ended"]
    assert (plan.state, plan.figures["placed"] > 0) == ("confirmed", True)
    assert Booking.objects.count() >= plan.figures["placed"]
    assert not Booking.objects.filter(person_id=away.person_id, day__range=(date(2026, 8, 19), date(2026, 8, 21))).exists()


def test_a_second_load_changes_nothing(servers, loaded):
    before = picture()

    once = load_demo(servers, loaded, "--profile", "tiny", "--once", f"--at={TODAY}")
    again = load_demo(servers, loaded, "--profile", "tiny")

    assert (once.returncode, once.stdout) == (0, "Firms are there already; nothing was changed.\n")
    assert again.returncode == 1
    assert "holds firms already" in again.stderr
    assert picture() == before


def test_production_settings_refuse(servers, loaded, monkeypatch):
    monkeypatch.setenv("DJANGO_SECRET_KEY", "only for this test")
    monkeypatch.setenv("QCCHAIN_HOSTS", "demo.example")
    before = Organisation.objects.count()

    refused = load_demo(servers, loaded, "--once", settings="qcchain.settings.production")

    assert refused.returncode == 1
    assert "does not run under production settings" in refused.stderr
    assert Organisation.objects.count() == before


def test_the_same_seed_and_day_give_the_same_data(servers, template, loaded):
    first, other = picture(), an_empty_database(servers, template)
    argv = [sys.executable, "-m", "tests.sketched_load", "--profile", "tiny", f"--at={TODAY}"]  # how a paper looks is not compared
    done = subprocess.run(argv, cwd=harness.ROOT, env={**harness.environment(servers, other), "QCCHAIN_AS_OWNER": "1"}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

    harness.point_django_at_url(servers.postgres.url("qcc_owner", other))
    try:
        second = picture()
    finally:
        harness.point_django_at_url(servers.postgres.url("qcc_owner", loaded))
        harness.drop(servers, other)

    assert second == first


# What each planted series must raise, and nothing else: (product, characteristic) -> kinds of signals.
PLANTED = {
    ("HL-26A", "YRN-CNT"): {"ewma"},  # a spindle was changed
    ("HL-26B", "YRN-TWI"): {"beyond"},  # new bales: lots lie further apart
    ("HL-36C", "YRN-TWI"): {"beyond"},  # two machines in turn
    ("HL-48D", "YRN-CNT"): {"even"},  # readings that look copied
    ("HL-26E", "YRN-TWI"): {"own_bias"},  # the laboratory reads lower
    ("HL-26F", "FIB-CON"): {"out_of_limits", "beyond", "ewma"},  # wool in two lots
    ("QW-D19", "PH"): {"out_of_limits", "beyond", "ewma"},  # poor rinsing
    ("QW-D41", "COL-DE"): {"lot_to_lot"},  # b* drifts: all pass, the first and the last do not match
}


def test_each_planted_series_raises_its_own_alarm_and_no_other():
    found: dict[tuple[str, str], set[str]] = {}
    for product, code, kind in Signal.objects.values_list("series__product_code", "series__characteristic_code", "kind"):
        found.setdefault((product, code), set()).add(kind)

    assert {key: found.get(key, set()) for key in PLANTED} == PLANTED


def test_quiet_series_stay_quiet_at_the_stated_rate():
    quiet = [row for row in WatchedSeries.objects.all() if (row.product_code, row.characteristic_code) not in PLANTED and row.missing == 0]
    watched = sum(row.lots - FIRST_FIT for row in quiet)
    signals = Signal.objects.filter(series__in=quiet).count()

    assert len(quiet) == 18
    # A signal in each series for every so many lots would be chance alone: as many as the rate says, or as chance makes of it once in 1,000.
    assert signals <= poisson.ppf(0.999, FALSE_IN_20_LOTS[FIRST_FIT] * watched / 20)


def test_every_dye_lot_passes_and_yet_two_of_them_do_not_match():
    lots = CharacteristicResult.objects.filter(product_code="QW-D41", characteristic_code="COL-DE")
    signal = Signal.objects.get(series__product_code="QW-D41", kind="lot_to_lot")

    assert Counter(lots.values_list("verdict", flat=True)) == {"in": 24}
    assert float(signal.facts["delta_e"]) > 1.0


def test_readings_of_an_overdue_balance_are_kept_and_marked():
    rows = CharacteristicResult.objects.filter(instrument="DEMO-TP-1")

    assert [row.marks.count("instrument_overdue") for row in rows] == [1, 1, 1]


def test_a_lapsed_certificate_and_a_duty_of_the_chain_owner_are_on_the_lists():
    assert Todo.objects.filter(kind="paper_expiring", due_on__lt=TODAY, done_at=None).exists()
    assert Notification.objects.filter(kind="paper_lapsed").exists()
    assert states("owner", agreement__supplier_name_zh__contains="禾缕")["overdue"] >= 1


def test_results_alone_decide_where_a_clause_stands():
    told = ClauseReading.objects.filter(clause__params__characteristic="PH", agreement__supplier_name_zh__contains="青纬").latest(
        "as_of", "at"
    )

    assert (told.state, told.n > 0, len(told.refs) > 0) == ("breached", True, True)


def test_tops_from_another_firm_are_seen_on_the_first_lot_spun_from_them_and_nobody_was_told():
    lots = Lot.objects.filter(product_code="HL-26F").order_by("made_on")
    owner = firm_actor("lucen")
    with as_actor(owner):
        seen = [(lot.lot_no, each.told) for lot in lots for each in sources_changed(owner, lot)]

    assert seen == [("HL-26F-036", False)]


def test_lots_stand_in_the_states_that_a_day_of_decisions_finds():
    held = Lot.objects.filter(state="held").order_by("lot_no").values_list("lot_no", flat=True)

    assert {"released", "inspecting", "held", "not_accepted"} == set(Lot.objects.values_list("state", flat=True))
    assert list(held) == ["QW-D19-036", "QW-D41-024"]
    assert Todo.objects.filter(kind="lot_finding_to_raise", done_at=None).count() == 2
    assert Arbitration.objects.get().lot.lot_no == "QW-D41-024"
    assert ChangeReply.objects.filter(state="waiting").exists()


def test_visits_took_place_and_the_firm_visited_most_got_better():
    finished = list(Audit.objects.filter(kind="second_party", state__in=("reviewed", "closed")).order_by("visit_on"))
    # Under one agreement: another chain owner's visit to the same firm is another story.
    most, _times = Counter(audit.agreement_id for audit in finished).most_common(1)[0]
    classes = [audit.result_class for audit in finished if audit.agreement_id == most]

    assert classes == sorted(classes, reverse=True)
    assert set(AuditScore.objects.filter(audit__in=finished).values_list("audit_id", flat=True)) == {audit.pk for audit in finished}


def test_every_score_comes_out_of_its_inputs_again():
    scores = list(AuditScore.objects.all())
    again = [(came.value_hundredths, came.band) for came in (compute(score.inputs) for score in scores)]

    assert again == [(score.value_hundredths, score.band) for score in scores]
    assert len(scores) > 5
