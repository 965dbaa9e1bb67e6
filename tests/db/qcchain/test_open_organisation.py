"""The first organisations of an installation."""

import subprocess
import sys

import pytest

from tests import harness

WORDS = ["--hat", "bureau", "--name-zh", "宁波市局（示例）", "--username", "first", "--person", "郑一", "--region", "330203"]


@pytest.fixture
def run(servers, fresh_database):
    def command(*words, password="indigo-on-cotton-9"):
        env = harness.environment(servers, fresh_database)
        return subprocess.run(
            [sys.executable, "manage.py", "open_organisation", *words],
            cwd=harness.ROOT,
            env=env,
            input=password + "\n",
            capture_output=True,
            text=True,
        )

    return command


def test_an_office_is_opened_with_its_administrator_once(run):
    first, second = run(*WORDS), run(*WORDS)

    assert (first.returncode, second.returncode) == (0, 1)
    assert "signs in as its administrator" in first.stdout
    assert "taken" in second.stderr


def test_a_weak_password_or_an_unfit_code_opens_nothing(run):
    weak = run(*WORDS, password="12345")
    unfit = run("--hat", "owner", *WORDS[2:], "--uscc", "123")

    assert (weak.returncode, unfit.returncode) == (1, 1)
    assert "credit code" in unfit.stderr
    assert run(*WORDS).returncode == 0
