"""`make test`: the checks, then every test in its order against one trial cluster, and one line that counts them all."""

import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from qcchain.embedded.browser import why_no_browser
from qcchain.embedded.failure import say
from qcchain.embedded.places import PROJECT
from qcchain.embedded.processes import die_with_parent, kill_group
from qcchain.embedded.trial import run_to_its_end, trial_places, trial_servers, with_kept_bytecode

NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Stage:
    """Tests that run together; those that kill servers or watch a clock run alone."""

    folders: tuple[str, ...]
    options: tuple[str, ...] = ()


STAGES = (
    # The longest first, as they stand: sorted by their number of tests, the matrix would come last and alone.
    Stage(("contract", "db", "property", "unit"), ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")),
    Stage(("chaos",)),
    Stage(("browser",), ("-n", "2", "--dist", "loadgroup")),
)


def test_everything(more: Sequence[str]) -> int:
    """Run all stages though one fails; 0 only when all passed."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, _as_interrupt)
    env, not_run = with_kept_bytecode(os.environ), ""
    reason = why_no_browser()
    if reason:
        not_run = f"Not run: the tests in tests/browser and those that print to PDF in Chinese — {reason}"
        say(not_run)
        env["QCCHAIN_NO_BROWSER"] = "1"
    env["QCCHAIN_TOLD"] = f"{os.getpid()}_{int(time.time())}"
    postgres, valkey = trial_servers("test")
    ahead = None
    try:
        say("Starting the servers for the tests …")
        postgres.ensure_running()
        valkey.ensure_running()
        run_to_its_end(["python", "-m", "qcchain.words", "compile"], env)
        # Work for one core, beside checks that take the other: whoever comes before it is done waits for it.
        ahead = subprocess.Popen([sys.executable, "-m", "tests.ahead"], env=env, cwd=PROJECT, start_new_session=True, preexec_fn=die_with_parent)
        failed = run_to_its_end(["make", "--no-print-directory", "--keep-going", "check-here"], env) != 0
        reports = trial_places("test").data / "reports"
        codes = [_run_stage(number, stage, more, env, reports) for number, stage in enumerate(STAGES)]
    finally:
        if ahead is not None:
            kill_group(ahead.pid)
            ahead.wait()
        valkey.release()
        postgres.release()
    if not_run:
        say(not_run)
    if failed:
        say("make check FAILED; see the top.")
    say(_closing_line(reports, time.monotonic() - began))
    return 1 if failed or any(code not in (0, NOTHING_COLLECTED) for code in codes) else 0


def _run_stage(number: int, stage: Stage, more: Sequence[str], env: dict[str, str], reports: Path) -> int:
    folders = [f"tests/{name}" for name in stage.folders if (PROJECT / "tests" / name).is_dir()]
    report = reports / f"stage{number}.xml"
    report.unlink(missing_ok=True)
    if not folders or (folders == ["tests/browser"] and "QCCHAIN_NO_BROWSER" in env):
        return NOTHING_COLLECTED
    say(f"\n== {' '.join(folders)}")
    return run_to_its_end(["python", "-m", "pytest", *folders, *stage.options, f"--junitxml={report}", *more], env)


def _closing_line(reports: Path, seconds: float) -> str:
    """The sum of the stages, in pytest's own words."""
    sums: Counter[str] = Counter()
    for report in sorted(reports.glob("stage*.xml")):
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            for kind in ("tests", "failures", "errors", "skipped"):
                sums[kind] += int(suite.get(kind, "0"))
    passed = sums["tests"] - sums["failures"] - sums["errors"] - sums["skipped"]
    parts = [f"{sums['failures']} failed"] if sums["failures"] else []
    parts += [f"{passed} passed"]
    parts += [f"{sums[kind]} {word}" for kind, word in (("skipped", "skipped"), ("errors", "errors")) if sums[kind]]
    return f"{'=' * 20} {', '.join(parts)} in {seconds:.2f}s (all stages) {'=' * 20}"


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
