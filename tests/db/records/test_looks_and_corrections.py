"""Walls of the record: a look that was noted stays noted, a correction stays in its relation, nobody keeps a record with a stranger."""

import os

import psycopg
import pytest
from django.db import IntegrityError, transaction
from uuid_utils.compat import uuid7

from foundation.actor import Hat, acting_as, as_actor
from records.models import AccessEvent, RecordEntry, RecordStream
from tests.cast import BY_NAME, actor, key
from tests.db.records.conftest import NOW, begin_stream, write_entry


@pytest.mark.usefixtures("fresh_database")
def test_who_looked_is_never_rewritten_not_even_by_the_owner_of_the_tables() -> None:
    chen = actor("chen")
    with as_actor(chen):
        look = {"org_id": BY_NAME["lin"].org_id, "viewer_org_id": chen.org_id, "viewer_name_zh": chen.org_name_zh, "person_name": "陈棠"}
        AccessEvent.objects.bulk_create([AccessEvent(**look, what="evidence", subject_id=key("photo"), at=NOW)])

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        for statement in (
            "update records_accessevent set person_name = 'x'",
            "delete from records_accessevent",
            "truncate records_accessevent",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
                owner.execute(statement)

    with as_actor(actor("lin")):
        assert list(AccessEvent.objects.values_list("person_name", flat=True)) == ["陈棠"]


@pytest.mark.django_db
def test_an_entry_corrects_nothing_of_another_relation() -> None:
    theirs, ours = write_entry(begin_stream("fang", "wu"), "fang"), write_entry(begin_stream())
    names = [f.attname for f in RecordEntry._meta.concrete_fields]
    forged = RecordEntry(**{**{name: getattr(ours, name) for name in names}, "id": uuid7(), "corrects_id": theirs.pk})

    with (
        as_actor(actor("chen")),
        pytest.raises(IntegrityError, match="correction_stands_in_the_relation_it_corrects"),
        transaction.atomic(),
    ):
        RecordEntry.objects.bulk_create([forged])

    with acting_as(Hat.CLOCK):
        assert RecordEntry.objects.filter(corrects__isnull=False).count() == 0


@pytest.mark.django_db
def test_no_record_is_opened_with_a_firm_that_has_not_accepted() -> None:
    with pytest.raises(IntegrityError, match="record_is_kept_by_two_linked_firms"), transaction.atomic():
        begin_stream("fang", "lin")

    with acting_as(Hat.CLOCK):
        assert RecordStream.objects.count() == 0
