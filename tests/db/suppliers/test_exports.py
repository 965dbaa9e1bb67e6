"""A list to take away: at once while it is short, else from the background, kept for a day, told once."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, RuleBroken
from jobs.models import Job, OutboxEvent
from notices.models import Notification
from suppliers.filters import wanted
from suppliers.models import ExportFile, SupplyLink
from suppliers.selectors import export_file_for, export_for
from suppliers.services import exports
from suppliers.services.exports import ask_export, sweep_exports, write_export
from suppliers.views import exports as pages
from tests.cast import actor
from tests.clients import signed_in
from tests.db.suppliers.stage import NOW, listed

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://x","x")'


def asked(job_id=None, filters=None, kind="csv", who="chen"):
    with as_actor(actor(who)):
        return ask_export(actor=actor(who), job_id=job_id or uuid4(), wanted=wanted(filters or {}), kind=kind, language="en", now=NOW)


def written(job):
    return write_export(key=f"export:{job.pk}", job_id=job.pk, org_id=job.org_id)


def file_of(job, who="chen", now=None):
    with as_actor(actor(who)):
        return export_file_for(actor(who), job.pk, now=now or ExportFile.objects.first().created_at)


def lines(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.fixture
def dangerous():
    link = listed()
    with as_actor(actor("chen")):
        SupplyLink.objects.filter(pk=link.pk).update(contact=FORMULA, tag="@SUM(1)")
    return link


def test_a_short_list_comes_at_once_exactly_as_filtered_and_nothing_in_it_runs(dangerous):
    client = signed_in("chen")

    rows = lines(client.get(reverse("suppliers:export_csv") + "?state=listed").content)
    none = lines(client.get(reverse("suppliers:export_csv") + "?state=declined").content)

    assert [row[1] for row in rows[1:]] == [dangerous.uscc]
    assert rows[1][2] == f"'{FORMULA}"
    assert "'@SUM(1)" in rows[1]
    assert len(none) == 1


def test_a_long_list_is_asked_for_on_a_page_that_keeps_the_filters(monkeypatch):
    monkeypatch.setattr(pages, "AT_ONCE", 1)
    client = signed_in("chen")

    sent = client.get(reverse("suppliers:export_csv") + "?state=joined&evil=1")
    posted = client.post(reverse("suppliers:exports"), {"query": "state=joined&evil=1", "kind": "xlsx", "client_id": str(uuid4())})

    assert sent["Location"] == "/suppliers/exports/?state=joined"
    assert posted.status_code == 302
    with as_actor(actor("chen")):
        job = Job.objects.get()
    assert (job.total, job.facts["filters"], job.facts["kind"], job.state) == (2, {"state": "joined"}, "xlsx", "waiting")
    assert client.get(posted["Location"]).status_code == 200


def test_the_file_is_made_once_told_once_and_taken_away(dangerous, monkeypatch):
    monkeypatch.setattr(exports, "STEP", 1)
    job = asked()

    assert written(job) is True
    assert written(job) is False

    rows = lines(bytes(file_of(job).content))
    assert [row[1] for row in rows[1:]] == ["0DEM0A0000000000W1", dangerous.uscc, "0DEM0A0000000000L1"]
    assert rows[2][2] == f"'{FORMULA}"
    with as_actor(actor("chen")):
        done = export_for(actor("chen"), job.pk)
        assert (done.state, done.done, done.total) == ("done", 3, 3)
        assert Notification.objects.filter(kind="export_ready", subject_id=job.pk).count() == 1
    response = signed_in("chen").get(reverse("suppliers:export_file", args=[job.pk]))
    assert response["Content-Disposition"].startswith('attachment; filename="suppliers-')
    assert response.content == bytes(file_of(job).content)


def test_a_job_asked_twice_is_one_and_a_fourth_waits():
    job_id = uuid4()
    assert asked(job_id).pk == asked(job_id).pk
    asked()
    asked()

    with pytest.raises(RuleBroken) as refused:
        asked()

    assert refused.value.code == "export_runs"
    with acting_as(Hat.CLOCK):
        assert OutboxEvent.objects.filter(task="suppliers.write_export").count() == 3


def test_a_worker_that_broke_leaves_no_file_and_the_next_try_makes_it(monkeypatch):
    job = asked()
    with monkeypatch.context() as broken:
        broken.setattr(exports, "list_document", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            written(job)
    exports.note_export_failed(job_id=job.pk, org_id=job.org_id)
    with as_actor(actor("chen")):
        assert (export_for(actor("chen"), job.pk).state, ExportFile.objects.count()) == ("failed", 0)

    assert written(job) is True
    with as_actor(actor("chen")):
        assert export_for(actor("chen"), job.pk).state == "done"


def test_another_owner_sees_neither_the_job_nor_the_file():
    job = asked()
    written(job)
    client = signed_in("fang")

    for name in ("export", "export_file"):
        assert client.get(reverse(f"suppliers:{name}", args=[job.pk])).status_code == 404
    with as_actor(actor("fang")):
        assert ExportFile.objects.count() == 0


def test_a_file_is_kept_for_a_day():
    job = asked()
    written(job)
    made = file_of(job).created_at
    later = made + timedelta(hours=24, seconds=1)

    assert sweep_exports(now=made + timedelta(hours=23)) == 0
    with pytest.raises(Absent):
        file_of(job, now=later)
    assert sweep_exports(now=later) == 1
    page = signed_in("chen").get(reverse("suppliers:export", args=[job.pk])).content.decode()
    assert reverse("suppliers:export_file", args=[job.pk]) not in page
