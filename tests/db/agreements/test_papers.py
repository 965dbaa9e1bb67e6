"""Papers are printed once and kept: the text names its paper, and what is handed out is what was kept."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from agreements.models import AgreementPaper, AgreementVersion, Signature
from agreements.selectors import current_version
from agreements.selectors.papers import papers_of, state_of_hash
from agreements.services.papers_kept import PaperDamaged, bytes_of
from agreements.services.sheets import NotNumberedYet, make_signature_sheet
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import RuleBroken
from jobs.models import OutboxEvent
from records.services.sequencer import sequence_once
from tests.agreed import NOW, in_force, kinds, seen_by_clock, sent, signed_by
from tests.cast import actor
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
CHEN, LIN, WU = actor("chen"), actor("lin"), actor("wu")


@pytest.fixture
def store(tmp_path, settings):
    """Bytes of this test alone, so that they may be spoilt."""
    settings.EVIDENCE_ROOT = tmp_path
    return tmp_path


def version_of(agreement, who="lin"):
    with as_actor(actor(who)):
        return current_version(actor(who), agreement)


def text_paper_of(agreement, who="lin"):
    with as_actor(actor(who)):
        (paper,) = papers_of(actor(who), version_of(agreement, who))
    return paper


def test_the_text_names_the_paper_that_was_printed_once():
    agreement = sent()
    version, paper = version_of(agreement), text_paper_of(agreement)

    said, raw = json.loads(version.canonical), bytes_of(paper)

    assert (said["schema"], said["text_pdf"]) == ("qcchain-agreement/2", paper.sha256)
    assert hashlib.sha256(version.canonical.encode()).hexdigest() == version.sha256
    assert (hashlib.sha256(raw).hexdigest(), len(raw), raw[:5]) == (paper.sha256, paper.size, b"%PDF-")
    assert version.sha256.encode() not in raw  # a paper cannot name the text that names it


@pytest.mark.parametrize("spoilt", [b"%PDF-other", None])
def test_a_paper_whose_bytes_changed_is_neither_handed_out_nor_signed(store, spoilt):
    agreement = sent()
    paper = text_paper_of(agreement)
    at = store / paper.path
    at.write_bytes(spoilt) if spoilt else at.unlink()

    with pytest.raises(PaperDamaged):
        bytes_of(paper)
    with pytest.raises(RuleBroken, match="paper_damaged"):
        signed_by("lin", agreement)
    page = signed_in("lin", "en").get(f"/agreements/{agreement.pk}/text.pdf")

    assert (page.status_code, page["Content-Type"][:9]) == (500, "text/html")
    assert "not the one whose fingerprint was signed" in page.content.decode()
    assert kinds(agreement) == ["agreement_sent"]
    assert seen_by_clock(agreement).state == "in_review"


def test_both_sides_take_the_same_bytes_and_another_firm_finds_nothing():
    agreement = sent()
    address = f"/agreements/{agreement.pk}/papers/1/text.pdf"

    taken = [signed_in(who).get(address) for who in ("chen", "lin")]

    assert {response.content for response in taken} == {bytes_of(text_paper_of(agreement))}
    assert taken[0]["Content-Disposition"] == f'attachment; filename="{agreement.number}-v1.pdf"'
    assert taken[0]["X-Content-Type-Options"] == "nosniff"
    assert signed_in("wu").get(address).status_code == 404
    with as_actor(WU):
        assert AgreementPaper.objects.count() == 0  # the second wall, without any filter of ours


def test_the_sheet_waits_for_the_record_and_is_printed_once():
    agreement = in_force()
    version = version_of(agreement)
    with acting_as(Hat.CLOCK):
        assert OutboxEvent.objects.filter(task="agreements.make_signature_sheet", key=str(version.pk)).count() == 1
        with pytest.raises(NotNumberedYet):
            make_signature_sheet(version_id=version.pk, now=NOW)
        assert AgreementPaper.objects.filter(kind="signatures").count() == 0
    page = signed_in("lin", "en")
    assert "is being prepared" in page.get(f"/agreements/{agreement.pk}/").content.decode()
    assert page.get(f"/agreements/{agreement.pk}/papers/1/signatures.pdf").status_code == 404

    sequence_once(now=NOW)
    with acting_as(Hat.CLOCK):
        sheet = make_signature_sheet(version_id=version.pk, now=NOW + timedelta(hours=1))
        again = make_signature_sheet(version_id=version.pk, now=NOW + timedelta(hours=2))

    assert (again.pk, kinds(agreement)[0]) == (sheet.pk, "agreement_sheet_kept")
    assert kinds(agreement).count("agreement_sheet_kept") == 1
    assert page.get(f"/agreements/{agreement.pk}/papers/1/signatures.pdf").content == bytes_of(sheet)
    assert "is being prepared" not in page.get(f"/agreements/{agreement.pk}/").content.decode()
    states = {state_of_hash(sha256) for sha256 in (version.sha256, text_paper_hash(version), sheet.sha256)}
    assert states == {"valid"}


def text_paper_hash(version):
    return json.loads(version.canonical)["text_pdf"]


def lock_by_hand(row, text) -> None:
    row.save()
    row.canonical, row.sha256, row.locked_at = text, hashlib.sha256(text.encode()).hexdigest(), NOW
    row.save(update_fields=["canonical", "sha256", "locked_at"])


def test_a_text_is_not_locked_with_a_paper_that_is_not_kept():
    agreement = sent()
    version = version_of(agreement, "chen")
    row = AgreementVersion(
        agreement_id=agreement.pk, owner_org_id=version.owner_org_id, supplier_org_id=version.supplier_org_id, number=9,
        effective_from=version.effective_from,
    )  # fmt: skip
    with as_actor(CHEN), pytest.raises(DatabaseError, match="the text names a paper that is not kept"), transaction.atomic():
        lock_by_hand(row, json.dumps({"text_pdf": "0" * 64}))

    with acting_as(Hat.CLOCK):
        assert AgreementVersion.objects.filter(agreement=agreement).count() == 1


@pytest.mark.parametrize("method", ["stamped_scan", "certificate"])
def test_the_database_takes_no_stamp_and_no_certificate_without_its_proof(method):
    agreement = sent()
    version = version_of(agreement)
    with as_actor(LIN), pytest.raises(DatabaseError, match=r"signs (once both|with its proof)"), transaction.atomic():
        Signature.objects.create(
            version=version, owner_org_id=version.owner_org_id, supplier_org_id=version.supplier_org_id, side="supplier", org_id=LIN.org_id,
            person_id=LIN.person_id, person_name="林杼", method=method, sha256=version.sha256, at=NOW,
        )  # fmt: skip

    assert seen_by_clock(agreement).state == "in_review"


def test_a_text_from_before_papers_were_kept_is_printed_now_and_says_so():
    agreement = sent()
    with as_actor(CHEN):
        version = current_version(CHEN, agreement)
        said = {name: value for name, value in json.loads(version.canonical).items() if name != "text_pdf"} | {
            "schema": "qcchain-agreement/1"
        }
        older = json.dumps(said)
        old = AgreementVersion.objects.create(
            agreement=agreement, owner_org_id=version.owner_org_id, supplier_org_id=version.supplier_org_id, number=2, canonical=older,
            sha256=hashlib.sha256(older.encode()).hexdigest(), locked_at=NOW, state="replaced", effective_from=version.effective_from,
        )  # fmt: skip

    page = signed_in("lin", "en")
    pdf, room = page.get(f"/agreements/{agreement.pk}/papers/2/text.pdf"), page.get(f"/agreements/{agreement.pk}/").content.decode()

    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    assert "printed now" in room
    assert papers_are(old) == 0


def papers_are(version) -> int:
    with acting_as(Hat.CLOCK):
        return AgreementPaper.objects.filter(version=version).count()


def run(statement) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, ["0" * 64] if "%s" in statement else [])


KEPT = ["update agreements_agreementpaper set sha256 = %s", "delete from agreements_agreementpaper"]


@pytest.mark.parametrize("statement", KEPT)
def test_no_hat_changes_or_drops_a_paper(statement):
    agreement = sent()
    paper = text_paper_of(agreement)
    for hat, org_id in ((Hat.OWNER, CHEN.org_id), (Hat.SUPPLIER, LIN.org_id), (Hat.CLOCK, None)):
        with acting_as(hat, org_id=org_id), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            run(statement)

    assert text_paper_of(agreement).sha256 == paper.sha256
