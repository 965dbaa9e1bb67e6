"""A round with two samples, and a firm's products over rounds: what is asked, what is filed, and what each sees of it."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from foundation.actor import Hat, as_actor
from foundation.errors import RuleBroken
from oversight.models import ComparisonRound, RoundMeasure, RoundReading, RoundSheet
from oversight.selectors.comparison import own_past
from oversight.services.comparison import MeasureSaid, RoundSaid, add_measure, create_round, move_round
from tests.cast import actor
from tests.clients import signed_in
from tests.world_rounds import a_round, other_lab, published

pytestmark = pytest.mark.django_db
NOW = timezone.now()
TODAY = timezone.localdate(NOW)
ZHOU, MEI, LIN = actor("zhou"), actor("mei"), actor("lin")


def test_a_round_is_not_opened_while_an_indicator_stands_for_one_sample_only():
    with as_actor(ZHOU):
        made = create_round(actor=ZHOU, said=RoundSaid("interlab", "pH 双样品比对", "棉布", TODAY, TODAY), client_id="two", now=NOW)
        for sample in ("A", "A", "C"):
            said = MeasureSaid("PH", "GB/T 7573-2009", sample=sample)
            if sample == "C":
                with pytest.raises(RuleBroken) as third:
                    add_measure(actor=ZHOU, round_id=made.pk, said=said)
            else:
                add_measure(actor=ZHOU, round_id=made.pk, said=said)
        with pytest.raises(RuleBroken) as lonely:
            move_round(actor=ZHOU, round_id=made.pk, to="open", now=NOW)
        add_measure(actor=ZHOU, round_id=made.pk, said=MeasureSaid("PH", "GB/T 7573-2009", sample="B"))
        with pytest.raises(RuleBroken) as few:
            move_round(actor=ZHOU, round_id=made.pk, to="open", now=NOW)

        asked = list(RoundMeasure.objects.filter(round=made).order_by("sample").values_list("sample", flat=True))
        assert (third.value.code, lonely.value.code, few.value.code) == ("sample_unknown", "sample_without_other", "round_needs_takers")
        assert (asked, ComparisonRound.objects.get(pk=made.pk).state) == (["A", "B"], "draft")


def test_a_file_names_each_sample_and_its_readings_reach_the_indicator_of_it():
    made, mei = a_round(now=NOW, samples="AB"), signed_in("mei")
    blank = mei.get(f"/rounds/{made.pk}/sheets/?blank=1").content.decode("utf-8-sig").splitlines()
    filled = [blank[0], *(",".join([*line.split(",")[:6], value]) for line, value in zip(blank[1:], ("6.8", "7.9"), strict=True))]

    sent = mei.post(f"/rounds/{made.pk}/sheets/", {"file": SimpleUploadedFile("a.csv", "\n".join(filled).encode(), "text/csv")})

    with as_actor(MEI):
        kept = list(RoundReading.objects.filter(round=made).order_by("measure__order").values_list("measure__sample", "values"))
    assert ([line.split(",")[1] for line in blank[1:]], sent.status_code) == (["PH-A", "PH-B"], 302)
    assert kept == [("A", [Decimal("6.8")]), ("B", [Decimal("7.9")])]


def test_a_laboratory_sees_its_two_samples_beside_each_other_and_no_name():
    made = published(now=NOW, made=a_round(now=NOW, samples="AB"))

    mei, zhou = (signed_in(who).get(f"/rounds/{made.pk}/").content.decode() for who in ("mei", "zhou"))

    assert ('id="y1-t"' in mei, "样品 A" in mei, "您的两个结果偏向同一侧" in mei, mei.count("同侧偏离")) == (True, True, True, 1)
    assert ("检测所1" in mei, "100 % 的方差为两样品共有" in zhou) == (False, True)
    with as_actor(MEI):
        assert [(each.measure.sample, each.line["verdict"]) for each in own_past(MEI)] == [("A", "act"), ("B", "act")]
    assert signed_in("mei").get("/rounds/own/").content.decode().count('class="plot') == 2


def test_a_firm_follows_its_own_product_over_the_rounds_of_a_series_and_nobody_elses():
    makers = [LIN, *(replace(other_lab(number), hat=Hat.SUPPLIER) for number in range(5))]
    for number in range(3):
        made = a_round(now=NOW, takers=makers, tester=MEI)
        published(now=NOW - timedelta(days=30 * (3 - number)), made=made)
    other = a_round(now=NOW, takers=makers, tester=MEI)
    with as_actor(ZHOU):
        ComparisonRound.objects.filter(pk=other.pk).update(series_code="another")
    published(now=NOW, made=other)

    with as_actor(LIN):
        past = own_past(LIN)
        assert {row.sheet_id for row in RoundReading.objects.filter(round=other)} == {RoundSheet.objects.visible_to(LIN).get(round=other).pk}
    page = signed_in("lin").get("/rounds/own/").content.decode()
    with as_actor(MEI):  # it tested the products, and took no part with one
        assert own_past(MEI) == []
    with as_actor(actor("wu")):
        assert own_past(actor("wu")) == []

    assert [(each.line["value"], each.standing > 1, each.followed[-1]) for each in past] == [(7.6, True, "ph")] * 3 + [(7.6, True, "another")]
    assert (page.count('class="plot'), "最近三轮产品都偏在全体的同一侧" in page, "本企业产品与全体比较" in page) == (2, True, True)
