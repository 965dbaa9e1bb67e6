"""The port for a certificate authority, with a double that signs for real: a keyed digest over the hash, detached from it."""

import hmac
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest

from agreements.models import AgreementPaper, Signature
from agreements.selectors import current_version
from agreements.services.ca import CaRefused, Proof, begin_certificate, sign_with_certificate
from agreements.services.papers_kept import bytes_of
from foundation.actor import Hat, acting_as, as_actor
from foundation.errors import RuleBroken
from tests.agreed import NOW, kinds, seen_by_clock, sent, signed_by
from tests.cast import actor
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
CHEN, LIN = actor("chen"), actor("lin")


class DoubleCa:
    """Signs whatever it is sent, with a key of its own; verifies only that very hash."""

    name_zh, name_en = "示例认证", "Example authority"
    key = bytes(range(32))

    def signed(self, sha256):
        return hmac.digest(self.key, bytes.fromhex(sha256), "sha256")

    def begin(self, wanted):
        signed = self.signed(wanted.sha256).hex()
        return f"https://ca.example/sign?state={wanted.state}&signed={signed}&back={wanted.back_url}"

    def read_return(self, answer):
        try:
            return bytes.fromhex(answer["signed"])
        except (KeyError, ValueError):
            raise CaRefused("no answer") from None

    def verify(self, *, sha256, raw, at):
        if not hmac.compare_digest(raw, self.signed(sha256)):
            raise CaRefused("other hash")
        return Proof(raw, "CN=林杼", "01")


@pytest.fixture
def authority(settings):
    settings.AGREEMENT_CA = f"{__name__}.DoubleCa"
    # A test module is not importable by a dotted name in importlib mode: the port is handed the class itself.
    import agreements.services.ca as port

    former, port.import_string = port.import_string, lambda name: DoubleCa
    yield DoubleCa
    port.import_string = former


def begun(agreement, who="lin", *, sha256=None):
    with as_actor(actor(who)):
        said = sha256 or current_version(actor(who), agreement).sha256
        onward = begin_certificate(actor=actor(who), agreement=agreement, sha256=said, back_url="https://q.example/back", now=NOW)
    return dict(parse_qsl(urlsplit(onward).query))


def taken(agreement, answer, who="lin", *, now=NOW + timedelta(minutes=1)):
    with as_actor(actor(who)):
        return sign_with_certificate(actor=actor(who), agreement=agreement, state=answer["state"], answer=answer, now=now)


def assert_unsigned(agreement):
    with acting_as(Hat.CLOCK):
        assert Signature.objects.count() == AgreementPaper.objects.filter(kind="proof").count() == 0
    assert (kinds(agreement), seen_by_clock(agreement).state) == (["agreement_sent"], "in_review")


def test_a_certificate_signs_and_its_proof_is_kept(authority):
    agreement = sent()
    answer = begun(agreement)
    signature, again = taken(agreement, answer), taken(agreement, answer)

    with as_actor(CHEN):
        proof = AgreementPaper.objects.visible_to(CHEN).get(kind="proof")
    assert (again.pk, signature.method, proof.side) == (signature.pk, "certificate", "supplier")
    assert bytes_of(proof).hex() == answer["signed"]
    assert kinds(agreement) == ["agreement_signed", "agreement_sent"]


SPOILT = {
    "ca_signature_is_not_valid": lambda answer: {**answer, "signed": "00" * 64},
    "ca_answer_is_not_ours": lambda answer: {**answer, "state": answer["state"] + "x"},
}


@pytest.mark.parametrize("code", SPOILT)
def test_an_answer_that_proves_nothing_signs_nothing(authority, code):
    agreement = sent()
    answer = SPOILT[code](begun(agreement))

    with pytest.raises(RuleBroken, match=code):
        taken(agreement, answer)

    assert_unsigned(agreement)


def test_an_answer_is_of_one_person_and_one_text(authority):
    agreement = sent()
    answer = begun(agreement)

    with pytest.raises(RuleBroken, match="ca_answer_is_not_ours"):
        taken(agreement, answer, "chen")
    with pytest.raises(RuleBroken, match="text_changed"):
        begun(agreement, sha256="0" * 64)

    assert_unsigned(agreement)


def test_without_an_authority_there_is_no_such_way(settings):
    agreement = sent()

    with pytest.raises(RuleBroken, match="ca_is_off"):
        begun(agreement)
    page = signed_in("lin", "en").get(f"/agreements/{agreement.pk}/sign/").content.decode()

    assert "/sign/certificate/" not in page
    assert_unsigned(agreement)


def test_the_way_there_and_back_by_pages(authority):
    agreement, client = sent(), signed_in("lin", "en")
    room = client.get(f"/agreements/{agreement.pk}/sign/").content.decode()
    with as_actor(LIN):
        sha256 = current_version(LIN, agreement).sha256
    there = client.post(f"/agreements/{agreement.pk}/sign/certificate/", {"sha256": sha256})
    link = there.content.decode().split('href="https://ca.example', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    answer = dict(parse_qsl(urlsplit(f"https://ca.example{link}").query))
    back = client.get(f"/agreements/{agreement.pk}/sign/certificate/back/", answer)
    assert "Sign with a certificate of Example authority" in room
    assert (there.status_code, back.status_code) == (200, 200)
    assert_unsigned(agreement)  # a link alone writes nothing

    done = client.post(f"/agreements/{agreement.pk}/sign/certificate/back/", answer)

    assert (done.status_code, done["Location"]) == (302, f"/agreements/{agreement.pk}/")
    signed_by("chen", agreement, now=NOW)
    with acting_as(Hat.CLOCK):
        assert sorted(Signature.objects.values_list("method", flat=True)) == ["certificate", "click_password"]
