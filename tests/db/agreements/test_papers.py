"""Papers are printed once and kept: the text names its paper, and what is handed out is what was kept."""

import hashlib
import json

import pytest

from agreements.models import AgreementPaper
from agreements.selectors import current_version
from foundation.actor import as_actor
from tests.agreed import sent, signed_by
from tests.cast import actor

pytestmark = pytest.mark.django_db
CHEN, LIN = actor("chen"), actor("lin")


def test_the_text_names_the_paper_that_was_printed_once():
    agreement = sent()
    with as_actor(LIN):
        version = current_version(LIN, agreement)
        paper = AgreementPaper.objects.visible_to(LIN).get(version=version)

    said = json.loads(version.canonical)
    assert (said["schema"], said["text_pdf"]) == ("qcchain-agreement/2", paper.sha256)
    assert hashlib.sha256(version.canonical.encode()).hexdigest() == version.sha256
    signed_by("lin", agreement)
