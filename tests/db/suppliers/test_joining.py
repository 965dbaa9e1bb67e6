"""Invitations and the door: who comes in, once, and what nobody learns."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import NotYours, RuleBroken
from jobs.models import OutboxEvent
from notices.models import Notification
from parties.models import Membership, Organisation, OrganisationCode, OrgRole, Person
from parties.selectors import token_hash
from records.models import Grant
from suppliers.models import Invitation, Site, SupplyLink
from suppliers.selectors import WillSee, invited_by, link_for, supplier_links, who_sees_what, will_see
from suppliers.services.invitations import invite, join_url, remind, token_of
from suppliers.services.joining import Newcomer, decline, join_as_new_firm, join_with_own_firm
from suppliers.services.links import FirmSaid, add_supplier
from suppliers.services.lists import confirm_import, start_import
from tests.cast import BY_NAME, actor, link_id
from tests.db.suppliers.stage import NEW_CODE, NOW, invited, listed, state_of

pytestmark = pytest.mark.django_db
NEWCOMER = {"name": "何禾", "contact": "19000000123", "password": "cotton-and-indigo"}


def joined(token: str, now=NOW, person=None, node_codes=("spinning",), **more) -> Person:
    who = person or Newcomer(**{**NEWCOMER, **more})
    with acting_as(Hat.LOBBY):
        return join_as_new_firm(token=token, who=who, node_codes=node_codes, now=now)


def world() -> tuple[int, ...]:
    """How many firms, people, members and grants there are."""
    with acting_as(Hat.CLOCK):
        return tuple(model.objects.count() for model in (Organisation, Person, Membership, OrgRole, Grant, Notification))


def test_an_invitation_keeps_no_token_and_can_be_shown_again():
    invitation, token = invited()

    with as_actor(actor("chen")):
        kept = Invitation.objects.values().get(pk=invitation.pk)
    with acting_as(Hat.CLOCK):
        event = OutboxEvent.objects.get(task="suppliers.send_invitation")

    assert len(token) == 32
    assert token_of(invitation.pk) == token
    assert join_url(invitation.pk).endswith(f"/join/{token}/")
    assert token not in str(kept)
    assert token not in str(event.payload)
    assert event.payload["phone"] == "+8619000000123"
    assert state_of(invitation.link_id).state == "invited"


def test_a_new_invitation_ends_the_earlier_one():
    first, old = invited()
    with as_actor(actor("chen")):
        _, new = invite(actor=actor("chen"), links=[link_for(actor("chen"), first.link_id)], now=NOW + timedelta(hours=1))[0]

    with acting_as(Hat.LOBBY):
        assert invited_by(old, now=NOW + timedelta(hours=1)) is None
        assert invited_by(new, now=NOW + timedelta(hours=1)).uscc == NEW_CODE


def test_a_firm_that_has_joined_is_not_invited():
    with as_actor(actor("chen")):
        link = link_for(actor("chen"), link_id("chen", "lin"))
        with pytest.raises(RuleBroken, match="nothing_picked"):
            invite(actor=actor("chen"), links=[link], now=NOW)
        assert not Invitation.objects.exists()


def test_nobody_invites_from_another_owners_list():
    link = listed()

    with as_actor(actor("fang")), pytest.raises(NotYours):
        invite(actor=actor("fang"), links=[link], now=NOW)

    assert state_of(link.pk).state == "listed"


def test_a_reminder_goes_out_once_a_day():
    invitation, _ = invited()
    with as_actor(actor("chen")):
        link = link_for(actor("chen"), invitation.link_id)
        for hours in (1, 2, 30):
            remind(actor=actor("chen"), link=link, now=NOW + timedelta(hours=hours))

    with acting_as(Hat.CLOCK):
        assert OutboxEvent.objects.filter(task="suppliers.send_invitation").count() == 3


def test_a_new_firm_comes_in_with_its_first_person():
    invitation, token = invited(name_en="Helü Spinning (demo)")

    person = joined(token)

    link = state_of(invitation.link_id)
    with acting_as(Hat.CLOCK):
        org = Organisation.objects.get(pk=link.supplier_org_id)
        roles = set(Membership.objects.filter(person=person, org=org).values_list("role", flat=True))
        told = Notification.objects.get(kind="supplier_joined")
        code = OrganisationCode.objects.get(org=org)
        site = Site.objects.get(org_id=org.pk)
    assert (link.state, link.joined_at) == ("joined", NOW)
    assert (org.name_zh, org.name_en, org.state, org.node_codes) == (link.name_zh, "Helü Spinning (demo)", "registered", ["spinning"])
    assert (code.claimed, code.verified, site.node_codes) == (NEW_CODE, None, ["spinning"])
    assert roles == {"org_admin", "signatory", "quality"}
    assert (told.org_id, told.subject_id, told.facts["other_zh"]) == (actor("chen").org_id, link.pk, link.name_zh)
    assert person.phone == "+8619000000123"
    assert person.check_password("cotton-and-indigo")


def test_joining_grants_the_firms_facts_and_nothing_else():
    invitation, token = invited()
    joined(token)
    link = state_of(invitation.link_id)
    lin = actor("lin")
    newcomer = type(lin)(hat=Hat.SUPPLIER, org_id=link.supplier_org_id)

    with as_actor(newcomer):
        seen = who_sees_what(newcomer, on=NOW.date())

    assert [(s.grant.what, s.grant.to_org_id, s.by_a_clause, s.may_be_switched_off) for s in seen] == [
        ("firm", actor("chen").org_id, False, False)
    ]


def test_what_is_shown_before_accepting_is_what_accepting_grants():
    _, token = invited()
    with acting_as(Hat.LOBBY):
        shown = will_see(token)
        joined(token)

    with acting_as(Hat.CLOCK):
        given = Grant.objects.filter(from_org_id=Organisation.objects.get(name_en="").pk)
        assert shown == [WillSee(*row) for row in given.values_list("to_name_zh", "to_name_en", "what")]
    assert shown == [WillSee(actor("chen").org_name_zh, actor("chen").org_name_en, "firm")]


def test_a_double_submit_joins_once():
    _, token = invited()
    joined(token)
    before = world()

    with pytest.raises(RuleBroken, match="invitation_over"):
        joined(token, contact="19000000124")

    assert world() == before


@pytest.mark.parametrize("why", ["unknown", "expired", "revoked", "declined", "used"])
def test_an_invitation_that_is_over_opens_nothing_and_says_no_reason(why):
    invitation, token = invited()
    later = NOW + timedelta(days=30) if why == "expired" else NOW
    if why == "unknown":
        token = token_of(uuid4())
    if why == "revoked":
        with as_actor(actor("chen")):
            invite(actor=actor("chen"), links=[link_for(actor("chen"), invitation.link_id)], now=NOW)
    if why == "declined":
        with acting_as(Hat.LOBBY):
            decline(token=token, now=NOW)
    if why == "used":
        joined(token)
    before = world()

    with acting_as(Hat.LOBBY):
        assert invited_by(token, now=later) is None
        with pytest.raises(RuleBroken, match="invitation_over"):
            decline(token=token, now=later)
    with pytest.raises(RuleBroken, match="invitation_over"):
        joined(token, now=later, contact="other@demo.example")

    assert world() == before


def test_declining_tells_the_owner_once_and_ends_the_invitation():
    invitation, token = invited()
    with acting_as(Hat.LOBBY):
        decline(token=token, now=NOW)

    with acting_as(Hat.CLOCK):
        told = Notification.objects.get(kind="supplier_declined")
    assert (told.org_id, state_of(invitation.link_id).state) == (actor("chen").org_id, "declined")
    with as_actor(actor("chen")):
        assert len(invite(actor=actor("chen"), links=[link_for(actor("chen"), invitation.link_id)], now=NOW)) == 1


def test_a_firm_that_is_here_accepts_with_its_own_code():
    first, token = invited()
    person = joined(token)
    firm_id = state_of(first.link_id).supplier_org_id
    newcomer = type(actor("lin"))(hat=Hat.SUPPLIER, org_id=firm_id, person_id=person.pk, roles=frozenset({"org_admin"}))
    second, other_token = invited("fang")

    with acting_as(Hat.LOBBY):
        assert join_with_own_firm(actor=newcomer, token=other_token, now=NOW) == second.link_id
        with pytest.raises(RuleBroken, match="invitation_over"):
            join_with_own_firm(actor=newcomer, token=other_token, now=NOW)

    assert state_of(second.link_id, "fang").supplier_org_id == firm_id
    with as_actor(newcomer):
        assert {s.grant.to_org_id for s in who_sees_what(newcomer, on=NOW.date())} == {actor("chen").org_id, actor("fang").org_id}


def test_a_firm_with_another_code_is_told_so_and_nothing_changes():
    invitation, token = invited()
    before = world()

    with acting_as(Hat.LOBBY), pytest.raises(RuleBroken, match="names_another_firm"):
        join_with_own_firm(actor=actor("wu"), token=token, now=NOW)

    assert (state_of(invitation.link_id).state, world()) == ("invited", before)


@pytest.mark.parametrize(
    ("said", "code"),
    [({"contact": "12"}, "contact_invalid"), ({"contact": "lin@demo.example"}, "contact_taken"), ({"node_codes": []}, "node_missing")],
)
def test_what_is_missing_lets_nobody_in_and_leaves_nothing(said, code):
    invitation, token = invited()
    before = world()

    with pytest.raises(RuleBroken, match=code):
        joined(token, **said)

    assert (state_of(invitation.link_id).state, world()) == ("invited", before)


def told_to_the_owner(uscc: str) -> list[object]:
    """Everything that Chen is answered, and how many questions it took, from the list to the joined firm."""
    chen, answers = actor("chen"), []

    def ask(verb):
        with CaptureQueriesContext(connection) as queries:
            try:
                answer = verb()
            except RuleBroken as broken:
                answer = (broken.code, broken.field)
        answers.append((answer, len(queries)))
        return answer

    with as_actor(chen):
        text = f"企业名称,统一社会信用代码,手机号\n宁波禾缕纺纱有限公司（示例）,{uscc},19000000123\n"
        batch = start_import(actor=chen, file_name="x", data=text, now=NOW)
        ask(lambda: [(r.outcome, r.issues, r.values.get("known", False)) for r in batch.rows.all()])
        ask(lambda: confirm_import(actor=chen, batch=batch, now=NOW))
        ask(lambda: type(add_supplier(actor=chen, firm=FirmSaid("宁波禾缕纺纱有限公司（示例）", uscc), now=NOW)))
        link = SupplyLink.objects.get(uscc=uscc)
        ask(lambda: [(i.name_zh, i.state) for i in supplier_links(chen, query="禾缕").rows])
        _, token = invite(actor=chen, links=[link], now=NOW)[0]
    with acting_as(Hat.LOBBY):
        ask(lambda: invited_by(token, now=NOW).name_zh)
        ask(lambda: join_as_new_firm(token=token, who=Newcomer(**{**NEWCOMER, "contact": f"{uscc[-3:]}@demo.example"}), node_codes=["spinning"], now=NOW).name)
    with as_actor(chen):
        ask(lambda: [(i.name_zh, i.state, i.joined_at) for i in supplier_links(chen, query="禾缕").rows])
        told = Notification.objects.visible_to(chen).values("kind", "facts").get(subject_id=link.pk)
    return [*answers, told["kind"]]


def test_no_answer_differs_because_another_owner_knows_the_firm():
    _, token = invited("fang", uscc="0DEM0N1000000000BF")
    joined(token)

    with transaction.atomic():
        known = told_to_the_owner("0DEM0N1000000000BF")
        transaction.set_rollback(True)
    unknown = told_to_the_owner("0DEM0N1000000000CJ")

    assert known == unknown
    assert known[-1] == "supplier_joined"


def test_wu_sees_neither_lins_firm_nor_its_grants():
    wu, lin = actor("wu"), actor("lin")
    with as_actor(wu):
        assert {s.grant.from_org_id for s in who_sees_what(wu, on=NOW.date())} == {wu.org_id}
        assert not Organisation.objects.filter(pk=lin.org_id).exists()
        assert not Site.objects.filter(org_id=lin.org_id).exists()
        assert not SupplyLink.objects.filter(pk=link_id("chen", "lin")).exists()


def test_the_lobby_may_not_take_an_invitation_for_a_firm_it_names():
    invitation, token = invited()
    with acting_as(Hat.LOBBY), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute("select door_take(%s, %s, %s)", [token_hash(token), BY_NAME["wu"].org_id, NOW])

    assert state_of(invitation.link_id).supplier_org_id is None
