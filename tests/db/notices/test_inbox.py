"""The inbox: newest first, read once, nobody else's."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from foundation.actor import Hat, as_actor
from notices.models import Notification
from notices.services import tell
from tests.cast import BY_NAME, actor
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def told(who: str, kind: str = "audit_scheduled", *, minutes: int = 0):
    m = BY_NAME[who]
    facts = {"other_zh": "砚棠", "other_en": "Yantang", "number": "QCA-1"}
    return tell(org_id=m.org_id, hat=Hat(m.hat), kind=kind, subject_id=uuid4(), facts=facts, now=NOW - timedelta(minutes=minutes))


def test_the_newest_line_comes_first_with_its_words_and_its_link():
    older, newer = told("lin", minutes=5), told("lin", "finding_raised")

    page = signed_in("lin", "en").get("/inbox/")

    assert [line["id"] for line in page.context["lines"]] == [newer.pk, older.pk]
    assert "Yantang has raised a finding" in page.content.decode()
    assert f"/findings/{newer.subject_id}/" in page.content.decode()


def test_a_kind_that_nobody_has_named_is_refused_where_it_is_told_and_breaks_no_inbox():
    with pytest.raises(KeyError, match="no_such_kind"):
        told("lin", "no_such_kind")

    page = signed_in("lin").get("/inbox/")
    assert (page.status_code, page.context["lines"]) == (200, [])


def test_an_empty_inbox_teaches():
    assert "Nothing has come yet" in signed_in("lin", "en").get("/inbox/").content.decode()
    assert "都读完了" in signed_in("lin").get("/inbox/?show=unread").content.decode()


def test_one_line_is_marked_and_the_reader_stays():
    one, other = told("lin"), told("lin", minutes=1)
    client = signed_in("lin")

    answer = client.post("/inbox/read/", {"notification": str(one.pk), "next": "/inbox/?show=unread"})

    assert answer["Location"] == "/inbox/?show=unread"
    assert [line["id"] for line in client.get("/inbox/?show=unread").context["lines"]] == [other.pk]


def test_all_lines_are_marked():
    told("lin"), told("lin", minutes=1)
    client = signed_in("lin")

    assert client.get("/inbox/").context["nav"]["inbox_count"] == 2
    assert client.post("/inbox/read/", {"all": "1"})["Location"] == "/inbox/"
    assert client.get("/inbox/").context["nav"]["inbox_count"] == 0


def test_another_mills_line_is_neither_seen_nor_marked():
    line = told("lin")

    assert signed_in("wu").get("/inbox/").context["lines"] == []
    signed_in("wu").post("/inbox/read/", {"notification": str(line.pk)})
    with as_actor(actor("lin")):
        assert Notification.objects.get(pk=line.pk).read_at is None


def test_pages_follow_each_other_without_gap_or_twin():
    lines = [told("lin", minutes=n).pk for n in range(27)]
    client = signed_in("lin")

    first = client.get("/inbox/")
    second = client.get(f"/inbox/{first.context['more_url']}")

    assert [line["id"] for line in first.context["lines"] + second.context["lines"]] == lines
    assert 'rel="next"' not in second.content.decode()


def test_a_broken_cursor_starts_from_the_top():
    line = told("lin")

    assert [each["id"] for each in signed_in("lin").get("/inbox/?after=x~y").context["lines"]] == [line.pk]
