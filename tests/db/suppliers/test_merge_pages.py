"""The pages of merging, as a browser without script gets them, and the same verbs by the API."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from foundation.actor import as_actor
from suppliers.models import Merge, SupplyLink
from suppliers.selectors.merges import twins
from tests.cast import actor, link_id
from tests.clients import signed_in, with_token
from tests.db.suppliers.stage import NOW, listed

pytestmark = pytest.mark.django_db
CHEN = actor("chen")
ONE, OTHER = "0DEM0N1000000000AC", "0DEM0N1000000000BF"
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def pair():
    return (
        listed(uscc=ONE, name="宁波禾缕纺纱有限公司", phone="", contact="何师傅", node_codes=["spinning"]),
        listed(uscc=OTHER, name="寧波禾縷紡紗厂", phone="19000000456", contact="何会计", node_codes=["weaving"]),
    )


def standing() -> set:
    with as_actor(CHEN):
        return set(SupplyLink.objects.visible_to(CHEN).values_list("pk", flat=True))


def words(response) -> str:
    body = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"<[^>]+>", " ", re.sub(r'<(\w+)[^>]*lang="zh-Hans"[^>]*>.*?</\1>', "", body, flags=re.S))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_is_whole_in_both_languages(language, pair):
    one, other = pair
    chen = signed_in("chen", language)
    merge = reverse("suppliers:merge", args=[one.pk])
    pages = [
        merge,
        f"{merge}?query=云杼",
        f"{merge}?query=none",
        f"{merge}?with={other.pk}",
        reverse("suppliers:twins"),
        reverse("suppliers:merges"),
    ]
    for page in [*pages, merge]:
        response = chen.get(page)
        assert response.status_code == 200, page
        assert bool(HAN.search(words(response))) == (language == "zh-hans"), (page, HAN.findall(words(response)))
    chen.post(merge, {"with": other.pk})
    for page in (reverse("suppliers:twins"), reverse("suppliers:merges"), reverse("suppliers:supplier", args=[one.pk])):
        assert bool(HAN.search(words(chen.get(page)))) == (language == "zh-hans"), page


def test_a_person_compares_chooses_merges_and_splits(pair):
    one, other = pair
    chen = signed_in("chen", "en")
    page = chen.get(reverse("suppliers:merge", args=[one.pk]), {"with": other.pk}).content.decode()
    assert re.findall(r'name="choose-(\w+)" value="(\w+)"( checked)?', page) == [
        ("name_zh", "kept", " checked"), ("name_zh", "other", ""), ("contact", "kept", " checked"), ("contact", "other", ""),
        ("nodes", "kept", " checked"), ("nodes", "other", ""), ("nodes", "both", ""),
    ]  # fmt: skip

    answer = chen.post(reverse("suppliers:merge", args=[one.pk]), {"with": other.pk, "choose-contact": "other", "choose-nodes": "both"})

    assert answer.url == reverse("suppliers:supplier", args=[one.pk])
    assert other.pk not in standing()
    with as_actor(CHEN):
        merge = Merge.objects.visible_to(CHEN).get()
    assert merge.wrote == {"contact": "何会计", "phone": "+8619000000456", "node_codes": ["spinning", "weaving"]}
    assert chen.get(reverse("suppliers:supplier", args=[other.pk])).url == reverse("suppliers:supplier", args=[one.pk])
    shown = chen.get(reverse("suppliers:supplier", args=[one.pk])).content.decode()
    assert reverse("suppliers:split", args=[merge.pk]) in shown

    chen.post(reverse("suppliers:split", args=[merge.pk]))

    assert {one.pk, other.pk} <= standing()


def test_one_that_has_joined_is_put_first(pair):
    chen, lin = signed_in("chen", "en"), link_id("chen", "lin")
    answer = chen.get(reverse("suppliers:merge", args=[pair[0].pk]), {"with": lin})
    assert answer.url == f"{reverse('suppliers:merge', args=[lin])}?with={pair[0].pk}"

    refused = chen.post(reverse("suppliers:merge", args=[lin]), {"with": link_id("chen", "wu")})

    assert refused.status_code == 422
    assert "two firms" in refused.content.decode()
    assert link_id("chen", "wu") in standing()


def test_two_firms_are_told_apart_on_the_page(pair):
    one, other = pair
    chen = signed_in("chen", "en")
    assert str(other.pk) in chen.get(reverse("suppliers:twins")).content.decode()

    chen.post(reverse("suppliers:twins"), {"one": one.pk, "other": other.pk})

    with as_actor(CHEN):
        assert twins(CHEN) == []
    assert str(other.pk) not in chen.get(reverse("suppliers:twins")).content.decode()


@pytest.mark.parametrize("bad", ["", "no-uuid", "00000000-0000-0000-0000-000000000001"])
def test_a_line_that_is_not_the_owners_is_absent(bad, pair):
    chen = signed_in("chen", "en")
    for answer in (
        chen.get(reverse("suppliers:merge", args=[pair[0].pk]), {"with": bad or "x"}),
        chen.post(reverse("suppliers:twins"), {"one": pair[0].pk, "other": bad}),
        chen.post(reverse("suppliers:merge", args=[link_id("fang", "wu")]), {"with": bad}),
    ):
        assert answer.status_code == 404
    for page in ("merges", "twins"):
        assert chen.get(reverse(f"suppliers:{page}"), {"after": f"{bad}~x~\x00"}).status_code == 200


def test_the_same_verbs_by_the_api(pair):
    one, other = pair
    headers, api = with_token("chen"), Client()

    def post(path, body=None):
        return api.post(path, json.dumps(body or {}), content_type="application/json", **headers)

    pairs = api.get("/api/v1/suppliers/twins/", **headers).json()["results"]
    assert [{p["one"]["id"], p["other"]["id"]} for p in pairs] == [{str(one.pk), str(other.pk)}]
    made = post("/api/v1/suppliers/merges/", {"kept": str(one.pk), "absorbed": str(other.pk), "chosen": {"contact": "other"}})
    again = post("/api/v1/suppliers/merges/", {"kept": str(one.pk), "absorbed": str(other.pk)})
    assert (made.status_code, made.json()["wrote"]["contact"], again.json()["id"]) == (201, "何会计", made.json()["id"])
    assert [m["id"] for m in api.get("/api/v1/suppliers/merges/", **headers).json()["results"]] == [made.json()["id"]]
    refused = post("/api/v1/suppliers/merges/", {"kept": str(link_id("chen", "lin")), "absorbed": str(link_id("chen", "wu"))})
    assert (refused.status_code, refused.json()["code"]) == (422, "merge_two_joined")
    split = post(f"/api/v1/suppliers/merges/{made.json()['id']}/split/")
    assert split.json()["undone_at"]
    assert post("/api/v1/suppliers/twins/", {"one": str(one.pk), "other": str(other.pk)}).status_code == 204
    assert api.get("/api/v1/suppliers/twins/", **headers).json()["results"] == []
