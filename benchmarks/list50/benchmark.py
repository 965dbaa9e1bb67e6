"""The list of 50 over HTTP: the product signed in with its hat on, the documented DRF default and the same tuned without either."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from typing import Any

from benchmarks import cluster
from benchmarks.base import Race, Unequal
from benchmarks.figures import quantile
from benchmarks.list50 import rows
from benchmarks.processes import ROOT, Crew, serve
from benchmarks.wire import Wire, request_bytes
from tests.cast import BY_NAME

CLIENTS, PAGES, ANCHOR = 8, 10, "benchmarks.anchors.drf_list"
OURS = "/api/v1/suppliers/"


class List50(Race):
    title = "a list of 50 suppliers over 20,000, each with its latest agreement and kept obligations"
    anchor = "DRF ModelViewSet, nested serializers two deep, PageNumberPagination; owner role, no row security, no sign-in"
    tuned = "the same with prefetch_related"
    ours = f"GET {OURS} from granian, signed in by token, hat on, row security on"
    limit = "an empty Django view in the same server"
    goal = "at least 15× the default"
    over, at_least, unit = "anchor", 15.0, "answers/s"

    def open(self, stack: ExitStack) -> None:
        name = stack.enter_context(cluster.database("list50"))
        rows.fill(cluster.superuser(stack, name), many=2_000 if self.quick else 20_000)
        self._ours_env = cluster.environment(name, DJANGO_SETTINGS_MODULE="qcchain.settings.base")
        self._anchor_env = cluster.environment(name, DJANGO_SETTINGS_MODULE=f"{ANCHOR}.settings")
        self._headers = token_headers("chen")
        ours = serve(stack, self._ours_env).port
        theirs = serve(stack, self._anchor_env, target=f"{ANCHOR}.wsgi:application").port
        owner = BY_NAME["chen"].org_id
        numbered = {
            lane: [f"/{word}/?owner={owner}&page={n}" for n in range(1, PAGES + 1)]
            for lane, word in (("anchor", "suppliers"), ("tuned", "tuned"))
        }
        self._targets: dict[str, tuple[int, list[str], dict[str, str]]] = {
            "ours": (ours, follow(ours, OURS, self._headers), self._headers),
            "anchor": (theirs, numbered["anchor"], {}),
            "tuned": (theirs, numbered["tuned"], {}),
            "limit": (theirs, ["/empty/"], {}),
        }
        self._crew = Crew(stack, "benchmarks.list50.load", CLIENTS, self._anchor_env)
        self._taken: dict[str, list[float]] = {lane: [] for lane in self._targets}

    def check(self) -> None:
        pages = {
            lane: [plain(ask(port, path, headers)) for path in paths]
            for lane, (port, paths, headers) in self._targets.items()
            if lane != "limit"
        }
        if [len(page) for page in pages["ours"]] != [50] * PAGES:
            raise Unequal(f"ours: pages of {[len(page) for page in pages['ours']]} rows")
        for lane in ("anchor", "tuned"):
            for number, (mine, theirs) in enumerate(zip(pages["ours"], pages[lane], strict=True), start=1):
                if mine != theirs:
                    differing = next((pair for pair in zip(mine, theirs, strict=False) if pair[0] != pair[1]), (len(mine), len(theirs)))
                    raise Unequal(f"page {number}: ours and {lane} differ: {differing}")

    def lanes(self) -> Mapping[str, Callable[[], float]]:
        return {lane: partial(self._burst, lane) for lane in self._targets}

    def _burst(self, lane: str) -> float:
        port, paths, headers = self._targets[lane]
        seconds = 1.0 if self.quick else 4.0
        answers = self._crew.run(port=port, paths=paths, headers=headers, seconds=seconds)
        if sum(answer["bad"] for answer in answers):
            raise Unequal(f"{lane}: some answers were not 200")
        taken = [ms for answer in answers for ms in answer["ms"]]
        self._taken[lane] += taken
        return len(taken) / seconds

    def notes(self) -> list[str]:
        lines = []
        for lane, taken in self._taken.items():
            lines.append(
                f"{lane:<12} {CLIENTS} clients: median {quantile(taken, 0.5):.1f} ms, p99 {quantile(taken, 0.99):.1f} ms ({len(taken)} answers)"
            )
        counted = {"ours": self._queries(self._ours_env, self._targets["ours"][1][1], "Authorization", self._headers["Authorization"])}
        counted |= {lane: self._queries(self._anchor_env, self._targets[lane][1][1]) for lane in ("anchor", "tuned")}
        return [*lines, "queries a page: " + ", ".join(f"{lane} {number}" for lane, number in counted.items())]

    def _queries(self, env: Mapping[str, str], path: str, *header: str) -> int:
        words = [sys.executable, "-m", "benchmarks.list50.queries", path, *header]
        return int(subprocess.run(words, cwd=ROOT, env=dict(env), check=True, capture_output=True, text=True).stdout.split()[-1])


def token_headers(who: str) -> dict[str, str]:
    from tests.clients import with_token

    return {"Authorization": with_token(who, "read")["HTTP_AUTHORIZATION"]}


def ask(port: int, path: str, headers: Mapping[str, str]) -> Any:
    answer = Wire(port).ask(request_bytes("GET", path, headers))
    if answer.status != 200:
        raise Unequal(f"{path}: {answer.status} {answer.body[:200]!r}")
    return json.loads(answer.body)


def follow(port: int, path: str, headers: Mapping[str, str]) -> list[str]:
    """The addresses of the first pages, by their cursors."""
    paths = [path]
    while len(paths) < PAGES:
        following = ask(port, paths[-1], headers)["next"]
        paths.append("/" + following.split("/", 3)[3] if following.startswith("http") else following)
    return paths


FIELDS = ("id", "uscc", "contact", "phone", "node_codes", "region_code", "town_code", "headcount", "address", "since", "state")
COUNTED = ("met", "met_late", "overdue", "open")


def plain(page: Any) -> list[dict[str, Any]]:
    """What all must say alike, whatever the keys around it."""
    rows = page["items"] if "items" in page else page["results"]
    return [
        {
            **{name: row[name] for name in FIELDS},
            "zh": row["name"]["zh"] if "name" in row else row["name_zh"],
            "en": row["name"]["en"] if "name" in row else row["name_en"],
            **{name: row[name] and datetime.fromisoformat(row[name]).astimezone(UTC) for name in ("created_at", "joined_at")},
            "agreement": row["agreement"] and _agreement(row["agreement"]),
        }
        for row in rows
    ]


def _agreement(agreement: Any) -> dict[str, Any]:
    kept = agreement.get("obligations", agreement)
    facts = {name: agreement[name] for name in ("id", "number", "state", "effective_from", "effective_to")}
    return facts | {side: [kept[side][name] for name in COUNTED] for side in ("owner", "supplier")}
