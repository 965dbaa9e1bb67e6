"""A viewer reads. Whatever binds the firm, speaks for it or changes its lists needs a role that covers it."""

from dataclasses import replace

import pytest
from django.core import mail
from django.utils import timezone

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours
from notices.mail import mail_notification
from notices.models import Notification
from notices.services import tell
from records.models import Ack, Grant, RecordEntry
from records.services.acks import agree_with, dispute
from records.services.evidence import revoke_grant
from suppliers.models import Invitation, SupplierImport, SupplyLink
from suppliers.services.firm import PaperFacts, file_paper
from suppliers.services.invitations import invite
from suppliers.services.joining import join_with_own_firm
from suppliers.services.links import FirmSaid, add_supplier
from suppliers.services.lists import start_import
from tests.agreed import in_force
from tests.cast import actor, key
from tests.world import invited, photo

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def viewer(who):
    return replace(actor(who), roles=frozenset({"viewer"}))


def is_refused(who, act):
    with as_actor(who), pytest.raises(NotYours) as refused:
        act()
    return refused.value.code == "role_missing"


def test_a_viewer_does_not_join_a_chain_owner_for_the_firm():
    link, token = invited("fang", now=NOW, uscc="0DEM0A0000000000L1")
    lin = viewer("lin")

    assert is_refused(lin, lambda: join_with_own_firm(actor=lin, token=token, now=NOW))

    with as_actor(actor("fang")):
        assert SupplyLink.objects.get(pk=link.pk).supplier_org_id is None


def test_a_viewer_says_nothing_of_an_entry_of_the_record():
    agreement, lin = in_force(), viewer("lin")
    with as_actor(lin):
        entry = RecordEntry.objects.visible_to(lin).filter(stream_id=agreement.stream_id).latest("at")

    assert is_refused(lin, lambda: dispute(actor=lin, entry=entry, reason="not so at all", now=NOW))
    assert is_refused(lin, lambda: agree_with(actor=lin, entry=entry, now=NOW))

    with as_actor(lin):
        assert Ack.objects.visible_to(lin).count() == 0


def test_a_viewer_changes_no_list_and_invites_nobody():
    chen = viewer("chen")
    said = FirmSaid(name_zh="宁波青纬印染有限公司（示例）", uscc="0DEM0B65AKBN4TH2CJ")
    link, _ = invited("chen", now=NOW)
    with as_actor(chen):
        before = SupplyLink.objects.count(), Invitation.objects.count(), SupplierImport.objects.count()

    assert is_refused(chen, lambda: add_supplier(actor=chen, firm=said, now=NOW))
    assert is_refused(chen, lambda: start_import(actor=chen, file_name="a.csv", data="企业名称\n甲", now=NOW))
    assert is_refused(chen, lambda: invite(actor=chen, links=[link], now=NOW))

    with as_actor(chen):
        assert (SupplyLink.objects.count(), Invitation.objects.count(), SupplierImport.objects.count()) == before


def test_a_viewer_neither_files_a_paper_nor_closes_what_the_firm_shows():
    lin = viewer("lin")
    with as_actor(lin):
        grant = Grant.objects.visible_to(lin).earliest("id")

    assert is_refused(lin, lambda: revoke_grant(actor=lin, grant=grant, now=NOW))
    assert is_refused(
        lin, lambda: file_paper(actor=lin, paper=PaperFacts(kind="permit"), path=photo(), name="a.jpg", client_id="p1", now=NOW)
    )

    with as_actor(lin):
        assert Grant.objects.get(pk=grant.pk).revoked_at is None


def test_a_name_with_a_line_end_writes_no_header_of_a_mail():
    facts = {"other_zh": "甲\r\nBcc: spy@evil.example", "other_en": "A\r\nBcc: spy@evil.example"}
    with acting_as(Hat.CLOCK):
        tell(org_id=actor("chen").org_id, hat=Hat.OWNER, kind="supplier_joined", subject_id=key("link", "x"), facts=facts, now=NOW)
        told = Notification.objects.get(kind="supplier_joined", subject_id=key("link", "x"))

        assert mail_notification(str(told.pk), key="k") == 1

    message = mail.outbox[-1]
    assert message.subject == "qcchain · A Bcc: spy@evil.example has joined"
    assert message.recipients() == ["chen@demo.example"]
