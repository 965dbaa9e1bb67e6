"""The pages of one person, in each hat and both languages."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from notices.services import close_todo, put_todo
from parties.models import ApiToken, Person
from records.models import Grant
from tests.cast import BY_NAME, actor, key
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()
FACTS = {"other_zh": "宁波砚棠服饰有限公司（示例）", "other_en": "Yantang Apparel (demo)", "number": "QCA-2026-0001"}


def ask(who: str, kind: str, *, days: int | None = None):
    m, subject = BY_NAME[who], uuid4()
    due = timezone.localdate() + timedelta(days=days) if days is not None else None
    put_todo(org_id=m.org_id, hat=Hat(m.hat), kind=kind, subject_id=subject, facts=FACTS, due_on=due, now=NOW)
    return subject


@pytest.mark.parametrize(
    ("who", "english", "chinese"),
    [
        ("lin", "Nothing to do now", "现在没有待办"),
        ("chen", "Nothing to do today", "今天没有待办"),
        ("zhou", "Nothing needs you today", "今天没有需要您处理的事"),
        ("mei", "Nothing waits for the laboratory", "实验室没有待办"),
        ("pan", "Tasks", "待办"),
    ],
)
def test_each_hat_has_its_home_in_both_languages(who, english, chinese):
    in_english = signed_in(who, "en").get("/home/")
    in_chinese = signed_in(who, "zh-hans").get("/home/")

    assert (in_english.status_code, in_chinese.status_code) == (200, 200)
    assert english in in_english.content.decode()
    assert chinese in in_chinese.content.decode()
    assert '<html lang="en"' in in_english.content.decode()


def test_a_suppliers_home_puts_the_shortest_that_unblocks_most_first():
    ask("lin", "self_check_due", days=3)
    ask("lin", "agreement_to_sign", days=6)
    done = ask("lin", "document_due", days=1)
    close_todo(kind="document_due", subject_id=done, now=NOW)

    page = signed_in("lin", "en").get("/home/")

    assert page.context["first"].kind == "agreement_to_sign"
    assert [line.kind for line in page.context["next"]] == ["self_check_due"]
    assert (page.context["done_count"], page.context["total"]) == (1, 3)
    assert "Sign the agreement with Yantang Apparel (demo)" in page.content.decode()


def test_an_owners_home_puts_our_own_overdue_first():
    ask("chen", "audit_to_review", days=-9)
    ask("chen", "owner_duty_due", days=-1)
    ask("chen", "obligation_overdue", days=-20)
    ask("chen", "finding_answered", days=4)

    page = signed_in("chen", "en").get("/home/")

    assert [line.kind for line in page.context["late"]] == ["audit_to_review", "owner_duty_due", "obligation_overdue"]
    assert [line.kind for line in page.context["ahead"]] == ["finding_answered"]
    assert page.context["ours"] == 2


def test_another_mills_tasks_are_not_mine():
    ask("lin", "agreement_to_sign", days=6)

    page = signed_in("wu", "en").get("/home/")

    assert page.context["first"] is None


def notices_queries(client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in caught.captured_queries if "notices_" in query["sql"]]


def test_the_frame_costs_two_queries_and_nothing_for_strangers():
    assert len(notices_queries(signed_in("lin"), "/help/")) == 2
    assert notices_queries(Client(), "/help/") == []
    assert notices_queries(signed_in("lin"), "/hat/") == []


def test_the_number_beside_a_link_is_what_is_open():
    ask("lin", "agreement_to_sign", days=6)
    ask("lin", "self_check_due", days=3)

    rail = signed_in("lin").get("/help/").context["nav"]["rail"]

    counts = {link["url"]: link["count"] for group in rail for link in group["links"]}
    assert (counts["/home/"], counts["/agreements/"], counts["/audits/"], counts["/findings/"]) == (2, 1, 1, 0)
    assert [link["url"] for group in rail for link in group["links"] if link["current"]] == ["/help/"]


def test_the_start_is_public_and_leads_the_signed_in_home():
    public = Client(HTTP_ACCEPT_LANGUAGE="en").get("/")

    assert public.status_code == 200
    assert "Quality that both sides can show" in public.content.decode()
    assert "<code>chen</code>" in public.content.decode()
    assert signed_in("lin").get("/")["Location"] == "/home/"
    assert Client().get("/home/")["Location"] == "/account/sign-in/?next=/home/"


def test_the_first_page_on_a_new_device_speaks_the_persons_language():
    client = signed_in("chen")
    del client.cookies["django_language"]

    page = client.get("/home/")

    assert '<html lang="en"' in page.content.decode()
    assert page.cookies["django_language"].value == "en"


def test_the_language_switch_keeps_the_page_and_remembers_the_person():
    client = signed_in("lin")

    answer = client.post("/language/", {"language": "en", "next": "/privacy/?a=1"})

    assert (answer.status_code, answer["Location"]) == (302, "/privacy/?a=1")
    assert answer.cookies["django_language"].value == "en"
    with acting_as(Hat.LOBBY):
        assert Person.objects.get(pk=key("person", "lin")).locale == "en"


def test_the_language_switch_leads_nowhere_else_and_takes_no_third_language():
    away = Client().post("/language/", {"language": "en", "next": "https://elsewhere.example/"})
    unknown = Client().post("/language/", {"language": "xx"})

    assert away["Location"] == "/"
    assert "django_language" not in unknown.cookies


def test_a_hat_of_another_firm_cannot_be_put_on():
    client = signed_in("lin")

    refused = client.post("/hat/", {"hat": f"{BY_NAME['wu'].org_id}:supplier"})

    assert refused.status_code == 422
    assert client.get("/home/").context["nav"]["hat"]["org"] == BY_NAME["lin"].org_zh


def test_the_own_hat_is_put_on():
    assert signed_in("lin").post("/hat/", {"hat": f"{BY_NAME['lin'].org_id}:supplier"})["Location"] == "/home/"


def test_name_and_language_are_changed_on_the_own_page():
    client = signed_in("lin")

    answer = client.post("/me/", {"name": "林小杼", "locale": "en"})

    assert (answer.status_code, answer.cookies["django_language"].value) == (302, "en")
    with acting_as(Hat.LOBBY):
        person = Person.objects.get(pk=key("person", "lin"))
    assert (person.name, person.locale) == ("林小杼", "en")


def test_an_empty_name_is_refused_and_nothing_changes():
    answer = signed_in("lin").post("/me/", {"name": " ", "locale": "en"})

    assert answer.status_code == 422
    with acting_as(Hat.LOBBY):
        assert Person.objects.get(pk=key("person", "lin")).name == BY_NAME["lin"].name


def test_a_key_is_shown_once_then_ended():
    client = signed_in("lin")

    made = client.post("/me/keys/", {"name": "ERP", "scopes": "read write"})
    secret = made.context["secret"]
    later = client.get("/me/")

    assert made.status_code == 200
    assert secret in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    assert secret not in later.content.decode()
    with as_actor(actor("lin")):
        row = ApiToken.objects.get()
    assert row.scopes == ["read", "write"]
    assert client.post(f"/me/keys/{row.pk}/revoke/")["Location"] == "/me/"
    with as_actor(actor("lin")):
        assert ApiToken.objects.get().revoked_at is not None


def test_a_key_without_a_name_is_refused_and_none_is_made():
    answer = signed_in("lin").post("/me/keys/", {"name": "", "scopes": "read"})

    assert answer.status_code == 422
    with as_actor(actor("lin")):
        assert ApiToken.objects.count() == 0


def test_another_firms_key_is_absent():
    client = signed_in("lin")
    client.post("/me/keys/", {"name": "ERP", "scopes": "read"})
    with as_actor(actor("lin")):
        row = ApiToken.objects.get()

    assert signed_in("wu").post(f"/me/keys/{row.pk}/revoke/").status_code == 404
    with as_actor(actor("lin")):
        assert ApiToken.objects.get().revoked_at is None


def test_the_theme_can_be_chosen_without_script():
    assert signed_in("lin").post("/me/theme/", {"theme": "dark"}).cookies["theme"].value == "dark"


def test_who_sees_what_is_computed_from_the_grants():
    page = signed_in("wu", "en").get("/privacy/")
    with acting_as(Hat.CLOCK):
        Grant.objects.filter(from_org_id=BY_NAME["wu"].org_id, to_org_id=BY_NAME["fang"].org_id).update(revoked_at=NOW)
    after = signed_in("wu", "en").get("/privacy/")

    assert sorted(reader.name for reader in page.context["sees"]) == ["Lucen Home (demo)", "Yantang Apparel (demo)"]
    assert [reader.name for reader in after.context["sees"]] == ["Yantang Apparel (demo)"]
    assert Client().get("/privacy/").context["sees"] is None
