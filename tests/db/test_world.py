"""The whole story through the verbs, without a browser."""

import pytest
from django.utils import timezone

from records.services.verify import verify_record
from tests.world import build_story

pytestmark = pytest.mark.django_db


def test_the_story_of_two_pairs_stands_and_its_record_holds():
    now = timezone.now()

    first, second = build_story("chen", "lin", now=now), build_story("fang", "wu", now=now)

    assert all(first.ids.values()), first.ids
    assert first.ids["agreement_id"] != second.ids["agreement_id"]
    verdict = verify_record()
    assert (verdict.holds, verdict.problem) == (True, "")
    assert verdict.entries > 10
