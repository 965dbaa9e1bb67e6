"""What is too large is refused in words, before any of it is read."""

import pytest
from django.conf import settings

from tests.clients import signed_in

pytestmark = pytest.mark.django_db
MEGABYTES = settings.EVIDENCE_MAX_BYTES // 1024 // 1024
ABOVE = str(settings.EVIDENCE_MAX_BYTES + 2 * 1024 * 1024)


@pytest.mark.parametrize(("language", "words"), [("en", f"This is larger than {MEGABYTES} MB"), ("zh-hans", f"文件超过 {MEGABYTES} MB")])
def test_a_page_says_so_in_the_language_of_its_reader(language, words):
    answer = signed_in("lin", language).post("/samples/new/", CONTENT_LENGTH=ABOVE)

    assert (answer.status_code, answer.content.decode().startswith(words)) == (413, True)


def test_a_program_gets_a_problem_document_in_both_languages():
    answer = signed_in("lin").post("/api/v1/samples", CONTENT_LENGTH=ABOVE)

    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    assert (answer.json()["code"], set(answer.json()["title"])) == ("request_too_large", {"zh", "en"})
