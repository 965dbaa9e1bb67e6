"""What the database itself refuses of audits: answers and photos under another firm's audit, and an emptied library."""

import os
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, transaction

from audits.models import Question, Response, ResponseEvidence
from foundation.actor import as_actor
from tests.cast import BY_NAME, actor
from tests.db.audits.stage import agreement_in_force, first_audit, moment
from tests.db.audits.test_filing import save

pytestmark = pytest.mark.django_db
NOW = moment("2026-03-10")


def test_an_answer_to_another_firms_audit_is_refused():
    audit = first_audit(agreement_in_force())
    wu = actor("wu")
    with as_actor(wu):
        question = Question.objects.filter(version_id=audit.checklist_id).order_by("order").first()
        forged = Response(audit_id=audit.pk, question=question, supplier_org_id=wu.org_id, answered_by="吴澜", answered_at=NOW)

        with pytest.raises(IntegrityError, match="response_is_of_the_firm_that_is_audited"), transaction.atomic():
            Response.objects.bulk_create([forged])

        assert Response.objects.count() == 0


@pytest.mark.parametrize("shown_to", [None, "chen", "fang"])
def test_a_photo_under_another_firms_answer_is_refused(shown_to):
    response = save(first_audit(agreement_in_force()))
    wu, reader = actor("wu"), BY_NAME[shown_to].org_id if shown_to else None
    with as_actor(wu):
        forged = ResponseEvidence(
            response_id=response.pk, supplier_org_id=wu.org_id, owner_org_id=reader, evidence_id=uuid4(), added_at=NOW
        )

        with pytest.raises(IntegrityError, match=r"photo_(is_of|has_the_sides)"), transaction.atomic():
            ResponseEvidence.objects.bulk_create([forged])

        assert ResponseEvidence.objects.count() == 0


def test_a_photo_of_ones_own_is_not_shown_to_another_chain_owner():
    response = save(first_audit(agreement_in_force()))
    lin = actor("lin")
    with as_actor(lin):
        forged = ResponseEvidence(
            response_id=response.pk, supplier_org_id=lin.org_id, owner_org_id=BY_NAME["fang"].org_id, evidence_id=uuid4(), added_at=NOW
        )

        with pytest.raises(IntegrityError, match="photo_has_the_sides_of_its_answer"), transaction.atomic():
            ResponseEvidence.objects.bulk_create([forged])

        assert ResponseEvidence.objects.count() == 0


@pytest.mark.parametrize("table", ["checklistversion", "question", "response", "responseevidence"])
def test_what_is_published_or_submitted_is_not_emptied_by_the_owner_of_the_tables(table):
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
            owner.execute(f"truncate audits_{table} cascade")
        assert owner.execute("select count(*) > 0 from audits_question").fetchone() == (True,)
