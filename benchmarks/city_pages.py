"""What people wait for in a whole city: the pages of a chain owner and of the bureau over `load_demo --profile city`, eight at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from tempfile import TemporaryDirectory
from uuid import uuid4

import psycopg
from django.db import connections, transaction

from benchmarks import cluster, machine
from benchmarks.base import MET, NO_VERDICT, Benchmark, Result, Unequal
from benchmarks.figures import quantile
from benchmarks.processes import ROOT, Crew, serve
from benchmarks.wire import Wire, request_bytes
from tests import harness

CLIENTS = 8
PAGES = {
    "supplier_list": ("chen", "/suppliers/"),
    "morning": ("zhou", "/bureau/"),
    "compliance": ("zhou", "/bureau/agreements/"),
    "chain_map": ("zhou", "/bureau/chain/?of=platform"),
    "problem_map": ("zhou", "/bureau/problems/map/"),
}
# What the template database holds of the cast, children first.
CAST = (
    "records_grant", "suppliers_site", "suppliers_supplylink", "parties_membership", "parties_person", "parties_orgrole",
    "parties_organisationcode", "parties_organisation",
)  # fmt: skip


class CityPages(Benchmark):
    title = "pages of a city of 20,436 firms over HTTP, signed in, hat on, eight clients at a time"
    anchor = "–"
    ours = "granian, one worker a core; " + ", ".join(path for _who, path in PAGES.values())
    limit = "–"
    goal = "every answer is whole; median and p99 printed"

    def open(self, stack: ExitStack) -> None:
        servers = cluster.servers()
        name = harness.clone(servers, harness.ensure_template(servers), f"qcc_b_city_{os.getpid()}_{uuid4().hex[:4]}")
        stack.callback(harness.drop, servers, name)
        with psycopg.connect(servers.postgres.url("qcc_owner", name), autocommit=True) as owner:
            for table in CAST:
                owner.execute(f"delete from {table}")
        env = cluster.environment(name)
        words = ["manage.py", "load_demo", "--skip-checks", "--profile", "tiny" if self.quick else "city"]
        subprocess.run([sys.executable, *words], cwd=ROOT, env=env, check=True, capture_output=True)
        with psycopg.connect(servers.postgres.superuser_url(name), autocommit=True) as free:
            free.execute("vacuum (analyze)")
        harness.point_django_at(servers, name)
        stack.callback(connections.close_all)
        self._cookies = {who: {"Cookie": f"sessionid={session_of(who)}"} for who in ("chen", "zhou")}
        static = stack.enter_context(TemporaryDirectory(prefix="qcchain-static-"))
        served = cluster.environment(name, DJANGO_SETTINGS_MODULE="qcchain.settings.base", QCCHAIN_STATIC=static)
        # A page names its files by their hash: they are collected for these servers alone.
        subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput"], cwd=ROOT, env=served, check=True, capture_output=True)
        self._port = serve(stack, served).port
        self._crew = Crew(stack, "benchmarks.list50.load", CLIENTS, env)

    def check(self) -> None:
        for name, (who, path) in PAGES.items():
            answer = Wire(self._port).ask(request_bytes("GET", path, self._cookies[who]))
            if answer.status != 200:
                raise Unequal(f"{name}: {path} answers {answer.status}")

    def measure(self) -> Result:
        load_before = machine.wait_until_quiet(0 if self.quick else machine.PATIENCE)
        lines, figures = [], {}
        for name, (who, path) in PAGES.items():
            answers = self._crew.run(port=self._port, paths=[path], headers=self._cookies[who], seconds=2.0 if self.quick else 10.0)
            if sum(answer["bad"] for answer in answers):
                raise Unequal(f"{name}: some answers were not 200")
            taken = [ms for answer in answers for ms in answer["ms"]]
            figures[name] = {"median": quantile(taken, 0.5), "p99": quantile(taken, 0.99), "answers": len(taken)}
            lines.append(
                f"{name:<14} {CLIENTS} clients: median {figures[name]['median']:.1f} ms, p99 {figures[name]['p99']:.1f} ms ({len(taken)} answers)"
            )
        lines.append(f"load average before timing: {load_before:.2f} on {machine.cores()} cores")
        return Result(NO_VERDICT if machine.too_busy(load_before, machine.cores()) else MET, lines, figures)


def session_of(username: str) -> str:
    """The session of a visitor of the demo."""
    from django.test import Client

    from foundation.actor import Hat, acting_as
    from parties.models import Person

    client = Client()
    with transaction.atomic(), acting_as(Hat.LOBBY):
        client.force_login(Person.objects.get(username=username), backend="parties.sign_in.SignInBackend")
    return str(client.cookies["sessionid"].value)
