"""What a firm shows to a chain owner: by class, true at every moment, switched off at once, and nothing else ever."""

import pytest
from django.urls import reverse

from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import Absent, NotYours, RuleBroken
from notices.models import Notification
from records.models import AccessEvent, EvidenceShare, Grant
from records.services.evidence import revoke_grant
from suppliers.models import SharedThing
from suppliers.selectors.firm_lists import thing_for
from suppliers.selectors.firm_shared import shown_by
from suppliers.services.firm import PaperFacts, file_paper, retire_paper
from suppliers.services.firm_sharing import show_to_owner
from tests.cast import actor, link_id
from tests.clients import signed_in
from tests.db.suppliers.firm_stage import certificate, in_days, instrument, joined, picture, product
from tests.db.suppliers.stage import NOW

pytestmark = pytest.mark.django_db
LIN, CHEN, FANG, WU = (actor(who) for who in ("lin", "chen", "fang", "wu"))


@pytest.fixture(autouse=True)
def now(monkeypatch, settings, tmp_path):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    settings.EVIDENCE_ROOT = tmp_path


def show(*what, owner="chen", supplier="lin"):
    link = joined(owner, supplier)
    with as_actor(actor(supplier)):
        show_to_owner(actor=actor(supplier), link=link, what=what, now=NOW)


def seen_by(owner="chen", supplier="lin"):
    """class -> what the owner reads, as one word per thing."""
    link = joined(owner, supplier)
    with as_actor(actor(owner)):
        try:
            shown = shown_by(actor(owner), link)
        except Absent:
            return None
        return {
            what: sorted(row.facts.get("number") or row.facts.get("serial") or row.facts.get("code") for row in rows)
            for what, rows in shown.items()
        }


def grants():
    with as_actor(LIN):
        return sorted(Grant.objects.visible_to(LIN).filter(revoked_at=None).values_list("what", flat=True))


def switch_off(what):
    with as_actor(LIN):
        revoke_grant(actor=LIN, grant=Grant.objects.visible_to(LIN).get(what=what), now=NOW)


def test_joining_shows_nothing_of_the_lists():
    certificate(), product(), instrument()

    assert seen_by() is None
    assert grants() == ["firm"]


def test_a_class_is_shown_to_one_owner_and_to_no_other():
    certificate(number="ISO-1"), product(), instrument(), certificate(who="wu", number="WU-1")

    show("certificates", "instruments")
    show("certificates", "instruments")

    assert seen_by() == {"certificates": ["ISO-1"], "instruments": ["TP-100"]}
    assert grants() == ["certificates", "firm", "instruments"]
    assert [seen_by("chen", "wu"), seen_by("fang", "wu")] == [None, None]
    for stranger in (FANG, WU, LIN):
        with as_actor(stranger):
            assert SharedThing.objects.visible_to(stranger).count() == 0


def test_the_database_itself_shows_only_what_was_granted():
    certificate(number="ISO-1")
    show("certificates")

    with as_actor(FANG):
        assert SharedThing.objects.count() == 0
    with as_actor(CHEN):
        assert SharedThing.objects.count() == 1


def test_what_changes_later_is_shown_and_what_is_retired_is_not():
    show("certificates", "products")
    assert seen_by() is None

    paper = certificate(number="ISO-1")
    product("P-1")
    assert seen_by() == {"certificates": ["ISO-1"], "products": ["P-1"]}

    with as_actor(LIN):
        retire_paper(actor=LIN, paper=paper, now=NOW)
    assert seen_by() == {"products": ["P-1"]}


def test_papers_that_are_no_certificates_stay_at_home():
    with as_actor(LIN):
        file_paper(actor=LIN, paper=PaperFacts("business_licence", number="BL"), path=picture(), name="a.jpg", client_id="bl", now=NOW)
    certificate(number="ISO-1")

    show("certificates")

    assert seen_by() == {"certificates": ["ISO-1"]}


def test_the_owner_is_told_once_and_only_when_there_is_something_to_see():
    def told():
        with as_actor(CHEN):
            return list(Notification.objects.visible_to(CHEN).filter(kind="firm_shows").values_list("subject_id", "facts__other_zh"))

    show("products")
    assert told() == []
    certificate()
    show("certificates", "products")
    show("certificates")

    assert told() == [(link_id("chen", "lin"), LIN.org_name_zh)]
    page = signed_in("chen", "en").get(reverse("suppliers:supplier", args=[link_id("chen", "lin")])).content.decode()
    assert reverse("suppliers:shared_firm", args=[link_id("chen", "lin")]) in page


def test_switching_off_closes_the_class_and_nothing_else():
    paper = certificate(number="ISO-1")
    product("P-1")
    show("certificates", "products")
    with as_actor(LIN):
        evidence_id = thing_for(LIN, type(paper), paper.pk).evidence_id
    _share_for_an_agreement(evidence_id)

    switch_off("certificates")

    assert seen_by() == {"products": ["P-1"]}
    assert grants() == ["firm", "products"]
    with as_actor(CHEN):
        assert EvidenceShare.objects.visible_to(CHEN).get().revoked_at is None
    certificate(number="ISO-2")
    assert seen_by() == {"products": ["P-1"]}


def test_a_class_that_was_switched_off_is_shown_again_from_that_day():
    certificate(number="ISO-1")
    show("certificates")
    switch_off("certificates")

    show("certificates")

    assert seen_by() == {"certificates": ["ISO-1"]}
    with as_actor(LIN):
        assert Grant.objects.visible_to(LIN).filter(what="certificates").count() == 1


def test_nobody_shows_what_is_not_theirs_nor_an_unknown_class():
    certificate()
    link = joined()

    with as_actor(LIN), pytest.raises(RuleBroken, match="share_unknown"):
        show_to_owner(actor=LIN, link=link, what=["firm"], now=NOW)
    with as_actor(WU), pytest.raises(NotYours):
        show_to_owner(actor=WU, link=link, what=["certificates"], now=NOW)
    with as_actor(CHEN), pytest.raises(NotYours):
        show_to_owner(actor=CHEN, link=link, what=["certificates"], now=NOW)

    assert (seen_by(), grants()) == (None, ["firm"])


def test_the_owner_reads_and_opens_and_the_firm_learns_of_each_look():
    paper = certificate(number="ISO-1", scope="针织纱", expires_on=in_days(30))
    instrument(calibration_due_on=in_days(-1))
    show("certificates", "instruments")
    chen, page = signed_in("chen", "en"), reverse("suppliers:shared_firm", args=[link_id("chen", "lin")])

    read = chen.get(page)
    opened = chen.get(reverse("suppliers:shared_paper", args=[link_id("chen", "lin"), paper.pk]), follow=True)

    assert read.status_code == 200
    assert [word in read.content.decode() for word in ("ISO-1", "Runs out soon", "Overdue", "TP-100")] == [True] * 4
    assert (opened.status_code, opened["Content-Type"]) == (200, "image/jpeg")
    with as_actor(LIN):
        looks = AccessEvent.objects.visible_to(LIN).order_by("at", "id")
        assert sorted((look.what, look.viewer_org_id) for look in looks) == [
            ("certificates", CHEN.org_id), ("certificates", CHEN.org_id), ("instruments", CHEN.org_id),
        ]  # fmt: skip


def test_nothing_shown_no_such_firm_and_another_owners_firm_are_one_answer():
    paper = certificate()
    show("certificates")
    pages = [
        signed_in(who).get(reverse("suppliers:shared_firm", args=[link]))
        for who, link in (("chen", link_id("chen", "wu")), ("fang", link_id("chen", "lin")), ("chen", link_id("chen", "nobody")))
    ]
    files = [
        signed_in(who).get(reverse("suppliers:shared_paper", args=[link, pk]))
        for who, link, pk in (
            ("fang", link_id("fang", "wu"), paper.pk),
            ("chen", link_id("chen", "wu"), paper.pk),
            ("chen", link_id("chen", "lin"), link_id("no", "paper")),
        )
    ]

    assert [each.status_code for each in (*pages, *files)] == [404] * 6
    with as_actor(LIN):
        assert AccessEvent.objects.visible_to(LIN).count() == 0


def test_a_firm_shows_and_switches_off_on_its_own_pages():
    certificate(number="ISO-1")
    lin = signed_in("lin")
    page = reverse("suppliers:share")

    assert "锦棠" not in lin.get(page).content.decode()
    nothing = lin.post(page, {"link": str(link_id("chen", "lin"))})
    foreign = lin.post(page, {"link": str(link_id("fang", "wu")), "what": ["certificates"]})
    shown = lin.post(page, {"link": str(link_id("chen", "lin")), "what": ["certificates"]})

    assert [nothing.status_code, foreign.status_code, shown.status_code] == [422, 422, 302]
    home = lin.get(reverse("suppliers:firm")).content.decode()
    assert "贵企业的证书" in home
    with as_actor(LIN):
        grant = Grant.objects.visible_to(LIN).get(what="certificates")
    assert lin.post(reverse("suppliers:sharing"), {"grant": grant.pk}).status_code == 302
    assert seen_by() is None


def _share_for_an_agreement(evidence_id):
    """The same file is shown to the same owner for another reason too."""
    with acting_as(Hat.CLOCK):
        EvidenceShare.objects.create(
            evidence_id=evidence_id, org_id=LIN.org_id, grantee_org_id=CHEN.org_id, kind="jpeg", mime="image/jpeg", name="a.jpg", size=1,
            sha256="0" * 64, path="x", received_at=NOW, granted_at=NOW,
        )  # fmt: skip
