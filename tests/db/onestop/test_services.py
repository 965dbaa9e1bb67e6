"""A firm asks, a provider quotes, delivers into the firm's own files, and is rated."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification, Todo
from onestop.models import ServiceCall, ServiceOffer, ServiceRequest
from onestop.selectors import consented
from onestop.selectors.consented import place_told
from onestop.selectors.offers import offer_for, offers
from onestop.selectors.requests import board, call_for, calls_of, demand, keepers, promises, request_for, states
from onestop.services.offers import OfferSaid, draft_offer
from onestop.services.requests import (
    RequestSaid,
    accept_quote,
    ask_service,
    confirm_service,
    dispute_service,
    rate_service,
    withdraw_service,
)
from onestop.services.serving import begin_service, deliver_service, hand_over_service, pass_service, quote_service
from onestop.services.untouched import nudge_providers, tick
from parties.models import Organisation
from records.models import Evidence
from records.services.evidence import file_evidence
from tests.cast import actor
from tests.world import photo
from tests.world_services import an_offer, asked_for, quoted

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 3, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Tuesday
LIN, WU, AN, MEI, ZHOU, CHEN, PAN = (actor(who) for who in ("lin", "wu", "an", "mei", "zhou", "chen", "pan"))


def as_clock(model, **where):
    with acting_as(Hat.CLOCK):
        return model.objects.get(**where)


def file_of(who, *, now=NOW):
    with as_actor(who):
        return file_evidence(actor=who, path=photo(), name="报告.jpg", client_id=str(uuid4()), now=now)


def ordered(*, now=NOW):
    an_offer(now=now)
    row = asked_for(LIN, now=now)
    call = quoted(row, now=now)
    with as_actor(LIN):
        return accept_quote(actor=LIN, request=row, call=call, now=now), call


def delivered(*, now=NOW):
    row, call = ordered(now=now)
    report = file_of(AN, now=now)
    with as_actor(AN):
        call = deliver_service(actor=AN, call=call, report="换了固色剂", files=[report], now=now)
    return as_clock(ServiceRequest, pk=row.pk), call


def test_a_request_goes_to_everybody_who_offers_the_kind_and_names_no_firm():
    an_offer(now=NOW)
    an_offer(now=NOW, who="mei")
    an_offer(now=NOW, kind="credit")
    row = asked_for(LIN, now=NOW)

    with as_actor(AN):
        mine = call_for(AN, row.pk)
        held = ServiceCall.objects.filter(pk=mine.pk).values_list().get()
    with as_actor(LIN):
        assert {call.provider_org_id for call in calls_of(LIN, row)} == {AN.org_id, MEI.org_id}
    assert (mine.need, mine.node_code, mine.region_code, mine.firm_name_zh, mine.contact) == (
        "湿摩擦色牢度只有2-3级",
        "dyeing",
        "",  # nobody else of the step is at home in Lin's district
        "",
        "",
    )
    assert not [word for word in (str(LIN.org_id), LIN.org_name_zh, LIN.org_name_en, LIN.person_name) if word in str(held)]
    assert row.answer_due_at == NOW + timedelta(hours=48)  # sixteen working hours, from Tuesday 10:00


def test_the_same_client_id_asks_once():
    an_offer(now=NOW)
    said, key = RequestSaid("quality", "帮忙看看", "林杼"), uuid4()
    with as_actor(LIN):
        first = ask_service(actor=LIN, said=said, client_id=key, now=NOW)
        again = ask_service(actor=LIN, said=said, client_id=key, now=NOW + timedelta(hours=1))

    assert first.pk == again.pk
    with acting_as(Hat.CLOCK):
        assert ServiceCall.objects.filter(request=first).count() == 1


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (RequestSaid("magic", "x", "y"), "service_kind_unknown"),
        (RequestSaid("quality", "  ", "y"), "service_need_missing"),
        (RequestSaid("quality", "x", " "), "service_contact_missing"),
        (RequestSaid("quality", "请到我们云杼 纺织来看看", "y"), "service_names_firm"),
        (RequestSaid("quality", "x", "y", node_code="nowhere"), "service_step_unknown"),
        (RequestSaid("quality", "x", "y", facts=["grade"]), "service_fact_unknown"),
        (RequestSaid("brand", "x", "y"), "service_nobody_offers"),
    ],
)
def test_a_request_that_says_too_little_is_refused_and_nothing_is_kept(said, code):
    an_offer(now=NOW)
    with as_actor(LIN), pytest.raises(RuleBroken) as broken, transaction.atomic():
        ask_service(actor=LIN, said=said, client_id=uuid4(), now=NOW)

    assert broken.value.code == code
    with acting_as(Hat.CLOCK):
        assert not ServiceRequest.objects.exists()


def test_help_is_never_asked_about_another_firms_thing():
    an_offer(now=NOW)
    with as_actor(WU), pytest.raises(Absent):
        ask_service(actor=WU, said=RequestSaid("quality", "x", "y", about="finding", subject_id=uuid4()), client_id=uuid4(), now=NOW)


def test_only_the_chosen_provider_learns_who_asks():
    an_offer(now=NOW)
    an_offer(now=NOW, who="mei")
    row = asked_for(LIN, now=NOW)
    call, other = quoted(row, now=NOW + timedelta(hours=3)), quoted(row, now=NOW, who="mei")
    with as_actor(LIN):
        row = accept_quote(actor=LIN, request=row, call=call, now=NOW + timedelta(hours=4))
        again = accept_quote(actor=LIN, request=row, call=call, now=NOW + timedelta(hours=5))

    chosen, left = as_clock(ServiceCall, pk=call.pk), as_clock(ServiceCall, pk=other.pk)
    assert (row.state, row.answer_minutes, str(row.deliver_by), again.accepted_at) == ("accepted", 180, "2026-03-10", row.accepted_at)
    assert (chosen.state, chosen.firm_name_zh, chosen.contact, chosen.phone) == ("chosen", LIN.org_name_zh, "林师傅", "19000000001")
    assert (left.state, left.firm_name_zh, left.contact) == ("not_chosen", "", "")
    with acting_as(Hat.CLOCK):
        assert not Todo.objects.filter(kind__in=["service_to_answer", "service_quoted"], done_at=None).exists()
        assert Todo.objects.get(kind="service_to_deliver", done_at=None).org_id == AN.org_id
        assert Notification.objects.get(kind="service_not_chosen").facts == {"other_zh": "质量管理", "other_en": "quality management"}


def test_the_district_is_told_only_among_five_firms_of_the_step(monkeypatch):
    firm = as_clock(Organisation, pk=LIN.org_id)
    assert place_told(firm, "knitting") == ""  # four of the cast are suppliers or chain owners there

    monkeypatch.setattr(consented, "FEWEST", 4)

    assert (place_told(firm, "knitting"), place_told(firm, "dyeing"), place_told(firm, "")) == ("330203", "", "330203")


def test_a_quote_that_was_said_anew_is_not_ordered_as_it_was_read():
    an_offer(now=NOW)
    row = asked_for(LIN, now=NOW)
    read = quoted(row, now=NOW)
    with as_actor(AN):
        quote_service(actor=AN, call=call_for(AN, row.pk), price="8000元", days=5, words="", now=NOW)

    with as_actor(LIN), pytest.raises(RuleBroken, match="service_quote_changed"), transaction.atomic():
        accept_quote(actor=LIN, request=as_clock(ServiceRequest, pk=row.pk), call=read, now=NOW)

    assert (as_clock(ServiceRequest, pk=row.pk).state, as_clock(ServiceCall, pk=read.pk).contact) == ("offered", "")


def test_a_quote_of_another_request_is_not_chosen():
    an_offer(now=NOW)
    row, other = asked_for(LIN, now=NOW), asked_for(WU, now=NOW)
    quoted(row, now=NOW)
    strange = quoted(other, now=NOW)
    with as_actor(LIN), pytest.raises(RuleBroken, match="service_quote_unknown"), transaction.atomic():
        accept_quote(actor=LIN, request=as_clock(ServiceRequest, pk=row.pk), call=strange, now=NOW)

    assert as_clock(ServiceRequest, pk=row.pk).state == "offered"


def test_what_is_delivered_stands_among_the_firms_own_files_once():
    row, call = delivered()

    (said,) = as_clock(ServiceCall, pk=call.pk).files
    with as_actor(LIN):
        filed = Evidence.objects.visible_to(LIN).get(pk=said["handed_id"])
    with as_actor(AN):
        mine = Evidence.objects.visible_to(AN).get(pk=said["evidence_id"])
        deliver_service(actor=AN, call=call, report="换了固色剂", files=[mine], now=NOW)
    assert (row.state, filed.sha256, filed.name, filed.person_name) == ("delivered", mine.shared_sha256, "报告.jpg", AN.person_name)
    with as_actor(LIN):
        assert Evidence.objects.visible_to(LIN).count() == 1


def test_a_delivery_without_a_file_is_refused():
    _row, call = ordered()
    with as_actor(AN), pytest.raises(RuleBroken, match="service_file_missing"), transaction.atomic():
        deliver_service(actor=AN, call=call, report="好了", files=[], now=NOW)

    assert as_clock(ServiceRequest, pk=call.request_id).state == "accepted"


def test_what_is_sent_back_is_delivered_again_confirmed_and_rated():
    row, call = delivered()
    with as_actor(LIN):
        row = dispute_service(actor=LIN, request=row, why="没有湿摩擦的结果", now=NOW)
    with as_actor(AN):
        better = file_of(AN)
        deliver_service(actor=AN, call=call, report="补上了", files=[better], now=NOW)
    with as_actor(LIN):
        confirm_service(actor=LIN, request=row, now=NOW)
        row = rate_service(actor=LIN, request=row, satisfaction=4, words="很快", now=NOW)
        rate_service(actor=LIN, request=row, satisfaction=1, words="again", now=NOW)

    offer = as_clock(ServiceOffer, provider_org_id=AN.org_id)
    assert (row.state, row.satisfaction, row.disputes) == ("rated", 4, 1)
    assert (offer.n_rated, offer.n_first_pass, offer.n_satisfied, offer.answer_minutes) == (1, 0, 1, 0)
    assert len(as_clock(ServiceCall, pk=call.pk).files) == 2


def test_a_photo_goes_to_the_chosen_provider_only():
    an_offer(now=NOW)
    shot = file_of(LIN)
    with as_actor(LIN):
        row = ask_service(actor=LIN, said=RequestSaid("quality", "看照片", "林杼"), client_id=uuid4(), now=NOW, photo=shot)
    call = quoted(row, now=NOW)
    with as_actor(AN):
        assert not Evidence.objects.visible_to(AN).exists()
    with as_actor(LIN):
        accept_quote(actor=LIN, request=as_clock(ServiceRequest, pk=row.pk), call=call, now=NOW)
    with as_actor(AN):
        assert Evidence.objects.visible_to(AN).get(pk=call_for(AN, row.pk).photo_id).sha256 == shot.shared_sha256


def test_a_request_is_taken_back_until_the_work_begins():
    row, call = ordered()
    with as_actor(AN):
        begin_service(actor=AN, call=call, now=NOW)
    with as_actor(LIN), pytest.raises(RuleBroken, match="service_over"), transaction.atomic():
        withdraw_service(actor=LIN, request=row, now=NOW)
    other = asked_for(LIN, now=NOW)
    with as_actor(LIN):
        assert withdraw_service(actor=LIN, request=other, now=NOW).state == "withdrawn"
    with as_actor(AN):
        assert call_for(AN, other.pk).state == "withdrawn"


def test_a_request_that_is_handed_over_keeps_its_clock():
    an_offer(now=NOW)
    row = asked_for(LIN, now=NOW)
    an_offer(now=NOW, who="mei")
    with as_actor(AN):
        call = call_for(AN, row.pk)
        hand_over_service(actor=AN, call=call, to_org_id=MEI.org_id, now=NOW + timedelta(hours=2))
        with pytest.raises(RuleBroken, match="service_over"), transaction.atomic():
            quote_service(actor=AN, call=call, price="1", days=1, words="", now=NOW)
    with as_actor(MEI):
        assert call_for(MEI, row.pk).clock_at == row.answer_due_at


def test_nobody_answers_and_the_bureau_hears_of_it_once_without_a_name():
    an_offer(now=NOW)
    row = asked_for(LIN, now=NOW)
    tick(NOW + timedelta(hours=47))
    early = as_clock(ServiceRequest, pk=row.pk).escalated_at
    assert (tick(NOW + timedelta(hours=49)), tick(NOW + timedelta(hours=60))) == (1, 0)

    with acting_as(Hat.CLOCK):
        (told,) = Notification.objects.filter(kind="service_untouched")
        assert early is None
        assert (told.org_id, told.facts) == (ZHOU.org_id, {"other_zh": "质量管理", "other_en": "quality management"})
    with as_actor(ZHOU):
        assert nudge_providers(actor=ZHOU, request_id=row.pk, now=NOW + timedelta(hours=50)) == 1
        assert nudge_providers(actor=ZHOU, request_id=row.pk, now=NOW + timedelta(hours=51)) == 0


def test_when_all_pass_the_firm_and_the_bureau_hear_of_it_at_once():
    an_offer(now=NOW)
    row = asked_for(LIN, now=NOW)
    with as_actor(AN):
        pass_service(actor=AN, call=call_for(AN, row.pk), why="设备在修", now=NOW)

    with acting_as(Hat.CLOCK):
        kinds = set(Notification.objects.filter(subject_id=row.pk).values_list("kind", flat=True))
    assert {"service_passed", "service_untouched", "service_brought_up"} <= kinds


def test_walls_keep_requests_and_copies_apart():
    an_offer(now=NOW)
    row = asked_for(LIN, now=NOW)
    for stranger in (WU, CHEN):
        with as_actor(stranger):
            assert not ServiceRequest.objects.all().exists()
            assert not ServiceCall.objects.all().exists()
            with pytest.raises(Absent):
                request_for(stranger, row.pk)
    with as_actor(MEI):
        assert not ServiceCall.objects.all().exists()
        with pytest.raises(NotYours):
            withdraw_service(actor=MEI, request=row, now=NOW)
    with as_actor(AN), pytest.raises(DatabaseError), transaction.atomic():
        ServiceRequest.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("watcher", [ZHOU, PAN], ids=["bureau", "platform"])
def test_bureau_and_platform_read_states_and_no_word_of_a_firm(watcher):
    an_offer(now=NOW)
    row = asked_for(LIN, now=NOW)
    with as_actor(watcher):
        (seen,) = states(watcher, now=NOW)
        (kept,) = [each for each in promises(watcher, since=NOW.date(), now=NOW + timedelta(days=3)) if each.asked]
        for column in ("org_id", "need", "facts", "contact", "org_name_zh"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"select {column} from onestop_servicerequest")
    assert (seen.pk, seen.state, kept.kind, kept.untouched) == (row.pk, "new", "quality", 1)


def test_who_is_late_with_an_answer_or_a_report_stands_first():
    row, _call = ordered()  # by An, until the tenth of March
    an_offer(now=NOW, who="mei", kind="metrology")
    asked = asked_for(LIN, now=NOW, kind="metrology")

    def said(days):
        with as_actor(PAN):
            late = {each.pk for each in states(PAN, late=True, now=NOW + timedelta(days=days))}
            rows = keepers(PAN, since=NOW.date(), now=NOW + timedelta(days=days))
        return late, [
            (each.provider_name_zh, each.late_answers, each.late_reports, each.in_time, each.answered, each.delivered) for each in rows
        ]

    assert said(1) == (set(), [(MEI.org_name_zh, 0, 0, 0, 0, 0), (AN.org_name_zh, 0, 0, 1, 1, 0)])
    assert said(7)[0] == {asked.pk}  # An has all of its last day
    assert said(8) == ({asked.pk, row.pk}, [(MEI.org_name_zh, 1, 0, 0, 0, 0), (AN.org_name_zh, 0, 1, 1, 1, 0)])
    with as_actor(LIN), pytest.raises(NotYours):
        keepers(LIN, since=NOW.date(), now=NOW)


def test_a_draft_offer_is_its_providers_own():
    row = an_offer(now=NOW, publish=False)
    with as_actor(AN):
        assert offer_for(AN, row.pk).pk == row.pk
    for other in (LIN, MEI, ZHOU):
        with as_actor(other):
            assert offers(other) == []
            with pytest.raises(Absent):
                offer_for(other, row.pk)
    with as_actor(AN), pytest.raises(RuleBroken, match="offer_numbers_out_of_range"), transaction.atomic():
        draft_offer(actor=AN, said=OfferSaid("quality", "a", "b", "c", 0, 5, 5), client_id=uuid4(), now=NOW)


def test_the_board_stands_by_the_clock():
    an_offer(now=NOW)
    late, soon = asked_for(LIN, now=NOW + timedelta(hours=5)), asked_for(WU, now=NOW)
    with as_actor(AN):
        assert [call.request_id for call in board(AN)] == [soon.pk, late.pk]
        (first, second) = board(AN, limit=1)
        assert [call.pk for call in board(AN, after=(first.clock_at, first.pk))] == [second.pk]


def test_a_state_is_never_jumped_and_a_request_never_removed():
    an_offer(now=NOW)
    row = asked_for(LIN, now=NOW)
    with acting_as(Hat.CLOCK):
        for change in ({"state": "rated"}, {"state": "delivered"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                ServiceRequest.objects.filter(pk=row.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            ServiceRequest.objects.filter(pk=row.pk).delete()
    assert as_clock(ServiceRequest, pk=row.pk).state == "new"


def test_demand_of_fewer_than_five_firms_is_told_to_nobody():
    an_offer(now=NOW)
    for _ in range(6):
        asked_for(LIN, now=NOW)
    with as_actor(AN):
        assert {cell.firms for line in demand(AN, today=NOW.date()) for cell in line} == {None}
