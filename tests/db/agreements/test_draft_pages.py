"""The pages of drafting: clauses, what a text asks each month, drafts for many; in either language, without script."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from agreements.models import Agreement, DraftBatch, Proposal
from agreements.selectors import clauses_of, current_version
from agreements.selectors.batches import batch_rows
from agreements.services.batches import work_batch
from foundation.actor import as_actor
from suppliers.models import SupplyLink
from tests.agreed import drafted
from tests.cast import actor, link_id
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
CHEN = actor("chen")
HAN = re.compile(r"[\u4e00-\u9fff]")
CHINESE_DATA = re.compile(r'<input\b[^>]*\blang="zh-Hans"[^>]*>|<([a-z0-9]+)\b[^>]*\blang="zh-Hans"[^>]*>.*?</\1>', re.S)


def main_of(response) -> str:
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main>")]


def fresh_draft(template="dyeing-2"):
    now = timezone.now()
    return drafted(template=template, starts=timezone.localdate(now) + timedelta(days=20), ends=None, now=now)


def clauses(agreement):
    with as_actor(CHEN):
        return clauses_of(CHEN, current_version(CHEN, agreement))


def seen_of(client, path) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', client.get(path).content.decode())
    assert found
    return found[1]


def begun(client, *suppliers, **said):
    starts = timezone.localdate() + timedelta(days=20)
    form = {
        "batch_id": uuid4(),
        "template": "garment-1",
        "effective_from": starts,
        "effective_to": starts + timedelta(days=364),
        "names": "",
    }
    response = client.post("/agreements/batches/new/", {**form, "link": [link_id("chen", each) for each in suppliers], **said})
    with as_actor(CHEN):
        return response, DraftBatch.objects.visible_to(CHEN).order_by("-created_at").first()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_of_drafting_reads_in_either_language(language):
    client, agreement = signed_in("chen", language), fresh_draft()
    _, batch = begun(client, "lin", "wu")
    base, mine = f"/agreements/{agreement.pk}/", f"/agreements/batches/{batch.pk}/"
    row = f"{mine}suppliers/{link_id('chen', 'lin')}/"
    paths = [
        "/agreements/new/", "/agreements/batches/", "/agreements/batches/new/", "/agreements/batches/new/?query=zzz&node=knitting", mine,
        f"{mine}days/", f"{mine}clauses/1/", row, f"{row}days/", f"{row}clauses/3/", base, f"{base}send/", f"{base}clauses/1/", f"{base}clauses/2/",
        f"{base}clauses/add/", f"{base}clauses/add/?type=characteristic_limit", f"{base}clauses/add/?type=characteristic_limit&pick=PH|GB/T 7573-2009",
        f"{base}clauses/add/?type=owner_duty", f"{base}clauses/add/?type=owner_duty&pick=training",
        *(f"{base}clauses/add/?type={kind}" for kind in ("sampling_plan", "process_requirement", "sealed_sample", "concession_rule", "dispute", "free_text")),
    ]  # fmt: skip

    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        main = main_of(response)
        if language == "en":
            assert not HAN.search(CHINESE_DATA.sub("", main)), (path, HAN.search(CHINESE_DATA.sub("", main)), main[-1500:])
        else:
            assert HAN.search(main), path


def test_a_clause_is_added_moved_and_taken_out_by_forms():
    client, agreement = signed_in("chen", "en"), fresh_draft()
    base = f"/agreements/{agreement.pk}/clauses/"
    n = len(clauses(agreement))
    said = {
        "name_zh": "会晤",
        "name_en": "Meetings",
        "words_zh": "双方每季度会晤一次。",
        "words_en": "Both meet.",
        "side": "both",
        "after": n,
    }

    refused = client.post(f"{base}add/?type=free_text", {**said, "words_zh": ""})
    added = client.post(f"{base}add/?type=free_text", said)
    assert (refused.status_code, added.status_code, len(clauses(agreement))) == (422, 302, n + 1)
    assert "not computed" in main_of(client.get(f"/agreements/{agreement.pk}/"))

    client.post(f"{base}move/", {"seen": seen_of(client, f"{base}{n + 1}/"), "to": "1"})
    assert clauses(agreement)[0].params["name_en"] == "Meetings"

    client.post(f"{base}remove/", {"seen": seen_of(client, f"{base}1/")})
    assert len(clauses(agreement)) == n
    assert client.post(f"{base}move/", {"seen": "0", "to": "x"}).status_code == 422


def test_a_limit_is_added_from_the_library_and_a_refusal_keeps_the_input():
    client, agreement = signed_in("chen", "en"), fresh_draft()
    path = f"/agreements/{agreement.pk}/clauses/add/?type=characteristic_limit&pick=YRN-CNT|GB/T 4743-2009"
    said = {
        "name_zh": "线密度",
        "name_en": "Linear density",
        "lower": "29",
        "upper": "27",
        "source": "agreed",
        "source_zh": "双方商定",
        "after": 0,
    }

    refused = client.post(path, said)
    added = client.post(path, {**said, "lower": "25", "cv_max": "2.5", "window_lots": "20"})

    assert refused.status_code == 422
    assert 'value="29"' in main_of(refused)
    assert "must be less than the upper bound 27" in main_of(refused)
    assert added.status_code == 302
    assert clauses(agreement)[0].params["unit"] == "tex"
    assert "coefficient of variation CV at most 2.5 %; over the last 20 lots" in clauses(agreement)[0].text_en


def test_two_colleagues_at_one_clause_lose_nothing():
    client, agreement = signed_in("chen", "en"), fresh_draft("garment-1")
    path = f"/agreements/{agreement.pk}/clauses/3/"
    seen, client_id = seen_of(client, path), uuid4()
    said = {"every_months": 6, "notice_days": 14, "review_days": 5, "seen": seen, "client_id": client_id}

    first = client.post(path, said)
    later = client.post(path, {**said, "every_months": 2})
    again = client.post(path, {**said, "every_months": 2})

    assert (first.status_code, later.status_code, again.status_code) == (302, 422, 422)
    page = main_of(later)
    assert "changed it at" in page
    assert "A colleague was quicker" in page
    assert "Every 6 month(s)" in page
    assert 'name="every_months" value="2"' in page
    with as_actor(CHEN):
        [kept] = Proposal.objects.visible_to(CHEN).filter(in_draft=True)
    assert kept.params["every_months"] == 2

    client.post(path, {**said, "every_months": 2, "seen": seen_of(client, path)})
    assert clauses(agreement)[2].params["every_months"] == 2


def test_what_a_text_asks_is_counted_and_said_to_be_an_estimate():
    client, agreement = signed_in("chen", "en"), fresh_draft()

    page = main_of(client.get(f"/agreements/{agreement.pk}/send/"))

    assert "Self-checks to answer" in page
    assert "our estimate, not measured" in page
    assert "each lot is tested for 10 limits" in re.sub(r"\s+", " ", page)


def test_a_batch_is_begun_told_apart_drafted_and_sent_by_forms():
    client = signed_in("chen", "en")
    response, batch = begun(client, "lin", "wu")
    mine, row = f"/agreements/batches/{batch.pk}/", f"/agreements/batches/{batch.pk}/suppliers/{link_id('chen', 'lin')}/"
    assert response["Location"] == mine

    refused = client.post(f"{row}clauses/1/", {"lower": "6", "source": "a", "source_zh": "甲"})
    said = client.post(f"{row}clauses/1/", {"lower": "4", "source": "agreed by both sides", "source_zh": "双方商定"})
    page = main_of(client.get(mine))
    assert (refused.status_code, said.status_code) == (422, 302)
    assert "all: 3" in page
    assert "<b>4</b>" in page

    client.post(f"{mine}draft/")
    client.post(f"{mine}draft/")
    assert "0 of 2 suppliers" in re.sub(r"\s+", " ", main_of(client.get(mine)))
    assert work_batch(actor=CHEN, batch_id=batch.pk, now=timezone.now()) == 2
    assert "2 of 2 drafted, 0 sent" in main_of(client.get(mine))

    client.post(f"{mine}send/")
    work_batch(actor=CHEN, batch_id=batch.pk, now=timezone.now())
    with as_actor(CHEN):
        assert [each.agreement.state for each in batch_rows(CHEN, batch)] == ["in_review", "in_review"]
    assert "2 of 2 drafted, 2 sent" in main_of(client.get(mine))


def test_a_batch_by_pasted_names_says_whom_it_did_not_find():
    client = signed_in("chen", "en")
    with as_actor(CHEN):
        lin = SupplyLink.objects.get(pk=link_id("chen", "lin"))

    refused, none = begun(client, names=f"{lin.name_zh}\nNobody Mill")
    found, batch = begun(client, names=lin.name_zh)

    assert (refused.status_code, none) == (422, None)
    assert "Nobody Mill" in main_of(refused)
    assert found.status_code == 302
    with as_actor(CHEN):
        assert [row.link_id for row in batch_rows(CHEN, batch)] == [lin.pk]


def test_a_batch_of_all_that_fit_and_an_empty_choice():
    client = signed_in("chen", "en")

    refused, none = begun(client)
    _, batch = begun(client, everybody="1")

    assert (refused.status_code, none) == (422, None)
    assert "Choose at least one supplier" in main_of(refused)
    with as_actor(CHEN):
        assert len(batch_rows(CHEN, batch)) == 2
        assert Agreement.objects.visible_to(CHEN).count() == 0


def test_a_batch_is_no_other_firms_and_no_suppliers():
    _, batch = begun(signed_in("chen", "en"), "lin")

    assert signed_in("fang").get(f"/agreements/batches/{batch.pk}/").status_code == 404
    assert signed_in("lin").get(f"/agreements/batches/{batch.pk}/").status_code in (403, 404)
