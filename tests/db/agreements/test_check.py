"""Anybody asks whether a paper stands, and learns that and nothing else."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client

from agreements.models import AgreementVersion
from agreements.selectors import current_version
from agreements.selectors.papers import papers_of, state_of_hash
from agreements.services.papers_kept import bytes_of
from agreements.views import verify
from foundation.actor import Hat, acting_as, as_actor
from tests.agreed import in_force, sent
from tests.cast import actor
from tests.clients import signed_in

pytestmark = pytest.mark.django_db
LIN = actor("lin")
NOWHERE = "ab" * 32


def facts(agreement):
    with as_actor(LIN):
        version = current_version(LIN, agreement)
        (text,) = [paper for paper in papers_of(LIN, version) if paper.kind == "text"]
    return version, text


def asked(sha256, client=None):
    return (client or Client()).get(f"/verify/agreement/{sha256}/", headers={"accept-language": "en"})


def shape(response):
    """The page without what was asked and what was answered."""
    page = response.content.decode()
    for pattern in (
        r'name="csrfmiddlewaretoken" value="[^"]+"', r"nonce[-=][^\s;>]+", r'"X-CSRFToken": "[^"]+"', r"/verify/agreement/[0-9a-f]{64}/",
        r'<section class="card" id="answer".*?</section>',
    ):  # fmt: skip
        page = re.sub(pattern, "X", page, flags=re.S)
    return page


def put_in(version, state):
    with acting_as(Hat.CLOCK):
        AgreementVersion.objects.filter(pk=version.pk).update(state=state)


STATES = {
    "in_force": "valid",
    "superseded": "superseded",
    "ended": "ended",
    "in_review": "not_ours",
    "replaced": "not_ours",
    "withdrawn": "not_ours",
}


def test_a_hash_gets_one_of_four_words():
    version, text = facts(in_force())
    told = {}
    for state in STATES:
        put_in(version, state)
        told[state] = {state_of_hash(sha256) for sha256 in (version.sha256, text.sha256)}

    assert told == {state: {word} for state, word in STATES.items()}
    assert state_of_hash(NOWHERE) == "not_ours"


def test_a_text_that_nobody_has_signed_is_answered_like_one_that_does_not_exist():
    version, text = facts(sent())

    none, unsigned, paper = (asked(sha256) for sha256 in (NOWHERE, version.sha256, text.sha256))

    for response in (unsigned, paper):
        assert (response.status_code, shape(response)) == (none.status_code, shape(none))
        assert answer(response) == answer(none)
        assert sorted(response.headers) == sorted(none.headers)


def answer(response) -> str:
    said = re.search(r'<section class="card" id="answer".*?</section>', response.content.decode(), re.S)[0]
    return re.sub(r'<code class="hash">.*?</code>', "", said)


def test_every_answer_has_the_same_page_and_tells_no_name_number_or_day():
    agreement = in_force()
    version, _text = facts(agreement)
    none, known = asked(NOWHERE), asked(version.sha256)

    assert (none.status_code, known.status_code) == (200, 200)
    assert shape(none) == shape(known)
    page = known.content.decode()
    for secret in (
        agreement.number,
        str(agreement.pk),
        agreement.owner_name_en,
        agreement.supplier_name_en,
        agreement.owner_name_zh,
        "2026",
        "2027",
    ):
        assert secret not in page
    assert ("Valid" in answer(known), "Not ours" in answer(none)) == (True, True)
    assert "no-store" in known["Cache-Control"]


def test_the_file_itself_is_hashed_while_it_comes_in_and_not_kept(monkeypatch):
    _version, text = facts(in_force())
    raw = bytes_of(text)
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/verify/agreement/").content.decode())[1]

    def sent_in(raw, **said):
        return client.post("/verify/agreement/", {**said, "file": SimpleUploadedFile("x.pdf", raw)}, headers={"accept-language": "en"})

    assert sent_in(raw).status_code == 403  # a form of another site is refused
    whole, cut = sent_in(raw, csrfmiddlewaretoken=token), sent_in(raw[:-1], csrfmiddlewaretoken=token)
    assert ("Valid" in answer(whole), "Not ours" in answer(cut)) == (True, True)
    monkeypatch.setattr(verify, "MOST_BYTES", 1000)
    large = sent_in(raw, csrfmiddlewaretoken=token)
    assert (large.status_code, "never larger" in large.content.decode()) == (422, True)


@pytest.mark.parametrize("said", ["", "abc", "g" * 64, "0" * 65, "'; drop table agreements_agreement; --"])
def test_what_is_no_fingerprint_is_said_in_words(said):
    response = Client().post("/verify/agreement/", {"sha256": said}, headers={"accept-language": "en"})

    assert response.status_code == 422
    assert "64 characters" in response.content.decode()


def test_a_fingerprint_may_be_typed_as_it_is_printed():
    version, _text = facts(in_force())
    printed = " ".join(version.sha256[at : at + 4].upper() for at in range(0, 64, 4))

    for client in (Client(), signed_in("wu", "en")):
        response = client.post("/verify/agreement/", {"sha256": printed}, headers={"accept-language": "en"})
        assert (response.status_code, "Valid" in answer(response)) == (200, True)


def test_so_many_questions_from_one_address_and_no_more(monkeypatch):
    monkeypatch.setattr(verify, "MOST", 3)

    assert [asked(NOWHERE).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_the_lobby_reads_no_paper_and_no_other_hat_may_ask_the_function():
    facts(sent())
    with acting_as(Hat.LOBBY), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select * from agreements_agreementpaper")
    with as_actor(LIN), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select agreement_paper_state('x')")


def test_it_reads_in_chinese_by_itself():
    response = Client().get("/verify/agreement/", headers={"accept-language": "zh-CN"})

    assert "核验文件" in response.content.decode()
