"""python -m benchmarks list · python -m benchmarks run NAME… | --all [--quick] [--json FILE]"""

from __future__ import annotations

import argparse
import json
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import django

from benchmarks import catalogue, cluster, machine
from benchmarks.base import MISSED
from benchmarks.processes import unwind_on_sigterm
from qcchain.embedded.processes import end_with_make


def main(words: list[str]) -> int:
    options = _options(words)
    if options.chore == "list":
        django.setup()
        for name in catalogue.PLACES:
            print(f"{name:<14} {catalogue.find(name).title}")
        return 0
    names = list(catalogue.PLACES) if options.all else options.names
    if not names or (unknown := [name for name in names if name not in catalogue.PLACES]):
        print(f"Name some of: {', '.join(catalogue.PLACES)}; or --all." + (f" Unknown: {', '.join(unknown)}." if names else ""))
        return 2
    unwind_on_sigterm()
    print(f"{machine.describe()}; load average {machine.load():.2f}")
    try:
        cluster.servers()
        results = {name: run(name, quick=options.quick) for name in names}
    finally:
        cluster.release()
    if options.json:
        Path(options.json).write_text(json.dumps({"machine": machine.describe(), "quick": options.quick, "results": results}, indent=1))
    return 1 if any(result["verdict"] == MISSED for result in results.values()) else 0


def run(name: str, *, quick: bool) -> dict[str, Any]:
    """One benchmark from preparation to verdict; equal outputs are checked before anything is timed."""
    kind = catalogue.find(name)
    print(
        f"\n== {name}: {kind.title}\n   anchor: {kind.anchor}\n   tuned:  {kind.tuned}\n   ours:   {kind.ours}\n   limit:  {kind.limit}\n   goal:   {kind.goal}",
        flush=True,
    )
    began, benchmark = time.monotonic(), kind(quick=quick)
    with ExitStack() as stack:
        benchmark.open(stack)
        benchmark.check()
        result = benchmark.measure()
    for line in result.lines:
        print(f"   {line}")
    print(f"   goal {result.verdict.upper()}{' (quick run)' if quick else ''}; {time.monotonic() - began:.0f} s", flush=True)
    return {"title": kind.title, "goal": kind.goal, "verdict": result.verdict, "lines": result.lines, "figures": result.figures}


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    chores = parser.add_subparsers(dest="chore", required=True)
    chores.add_parser("list")
    runs = chores.add_parser("run")
    runs.add_argument("names", nargs="*", metavar="NAME")
    runs.add_argument("--all", action="store_true")
    runs.add_argument("--quick", action="store_true", help="small amounts: shows that it works, proves nothing")
    runs.add_argument("--json", metavar="FILE")
    return parser.parse_args(words)


if __name__ == "__main__":
    end_with_make()
    sys.exit(main(sys.argv[1:]))
