"""The real product in a real Chromium: granian, a worker, beat and the relay over one database of the test's own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from playwright.sync_api import Error, Locator
from xdist.scheduler import LoadScopeScheduling

from qcchain.embedded import commands
from tests import harness

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
CHROMIUM = next((p for p in ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome") if Path(p).exists()), None)
# What Playwright 1.65 switches off, for of two such flags Chromium reads the last; and the two pages behind the address bar, which it
# draws for every window though nobody ever sees them.
OFF = [
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch",
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
]  # fmt: skip
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--force-color-profile=srgb", f"--disable-features={','.join(OFF)}",
]  # fmt: skip
# Sent to the browser once, not with every question.
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


# What takes long, before the rest: else one of two processes walks on alone at the end.
FIRST = ("test_pages", "test_runner", "test_story", "test_bring_in", "test_papers", "test_amendment")


class OneProductInOneProcess(LoadScopeScheduling):
    """Tests that look at one running product stay in one process; the next product stands in the other.

    By marks it would not hold: xdist 3.8 writes them into an attribute that pytest 9.2 no longer reads, and nobody says so.
    """

    def __init__(self, config: pytest.Config, log: Any) -> None:
        config.option.loadscopereorder = False  # by their number, not by their length
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneProductInOneProcess | None:
    return OneProductInOneProcess(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    items.sort(key=lambda item: FIRST.index(item.path.stem) if item.path.parent == here and item.path.stem in FIRST else len(FIRST))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": FLAGS, "headless": True}


@pytest.fixture(scope="session", autouse=True)
def _a_click_leads_on() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Locator, "click", _and_is_there(Locator.click))
        yield


def _and_is_there(click: Any) -> Any:
    """A click, and the page to which it leads: Playwright comes back before, and who looks or leaves then does so on the last one."""

    def clicked(button: Locator, **how: Any) -> None:
        page = button.page
        begun: list[Any] = []
        over: list[Any] = []

        def note(request: Any) -> None:
            if request.is_navigation_request() and request.frame == page.main_frame and request.redirected_from is None:
                begun.append(request)

        def gone(request: Any) -> None:
            if request.is_navigation_request() and request.frame == page.main_frame:
                over.append(request)

        def there(frame: Any) -> None:
            if frame == page.main_frame and begun:
                over.append(frame)

        heard = {"request": note, "requestfailed": gone, "framenavigated": there}
        for event, ear in heard.items():
            page.on(event, ear)
        try:
            click(button, **how)
            with suppress(Error):  # a page on its way to another
                page.evaluate("1")  # no promise: where scripts are off, no timer would ever keep it
            page.wait_for_timeout(20)
            end = time.monotonic() + 15
            while len(over) < len(begun) and time.monotonic() < end:
                page.wait_for_timeout(20)
            if begun:
                page.wait_for_load_state("domcontentloaded")
        finally:
            for event, ear in heard.items():
                page.remove_listener(event, ear)

    return clicked


@dataclass
class Stack:
    """A running product."""

    url: str
    database: str
    processes: list[subprocess.Popen[bytes]]

    def stop(self) -> None:
        for process in self.processes:
            os.killpg(process.pid, signal.SIGTERM)
        end = time.monotonic() + 10
        for process in self.processes:
            try:
                process.wait(max(end - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(servers: harness.Servers, database: str, port: int, wanted: list[list[str]]) -> Stack:
    """The product's own processes, with the supervisor's own start commands."""
    url = f"http://127.0.0.1:{port}"
    env = {**harness.environment(servers, database), "PORT": str(port), "QCCHAIN_TICK_SECONDS": "2", "QCCHAIN_PUBLIC_URL": url}
    with open(servers.postgres.run_dir / f"stack-{database}.log", "ab") as log:
        processes = [
            subprocess.Popen([sys.executable, *words[1:]], cwd=harness.ROOT, env=env, start_new_session=True, stdout=log, stderr=log)
            for words in wanted
        ]
    return Stack(url, database, processes)


# The web process of this test process. It stays: to start it and to draw its first page takes longer than many a journey.
STANDING: list[Stack] = []


@contextmanager
def running_product(servers: harness.Servers, template: str, blocker: Any, *, background: bool = False) -> Iterator[Stack]:
    """A database as new, under the name that the web process knows, and the product over it."""
    before, name = harness.addresses(), f"qcc_b_{os.getpid()}"
    harness.drop(servers, name)
    harness.clone(servers, template, name)
    with blocker.unblock():
        harness.point_django_at(servers, name)
        web = _web_over(servers, name)
        port = int(web.url.rsplit(":", 1)[1])
        schedule = servers.postgres.run_dir / f"beat-{name}-{uuid4().hex[:6]}"
        beside = [commands.worker(concurrency=1), commands.beat(schedule=str(schedule)), commands.relay()] if background else []
        running = _start(servers, name, port, beside)
        try:
            yield running
        finally:
            running.stop()
            connections.close_all()
            harness.point_django_back(before)


def _web_over(servers: harness.Servers, database: str) -> Stack:
    if not STANDING:
        port = _free_port()
        STANDING.append(_start(servers, database, port, [commands.web(port=port, workers=1)]))
        _wait_until_it_answers(STANDING[0])
    else:
        _wait_until_it_is_connected(STANDING[0])
    return STANDING[0]


@pytest.fixture(scope="session", autouse=True)
def _the_web_ends(servers: harness.Servers) -> Iterator[None]:
    yield
    for web in STANDING:
        web.stop()
        harness.drop(servers, web.database)


@pytest.fixture(scope="module", autouse=True)
def _windows_close(browser: Any) -> Iterator[None]:
    """Whoever stays would go on asking a product that is another's by then."""
    yield
    for context in browser.contexts:
        context.close()


def _wait_until_it_answers(stack: Stack) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{stack.url}/healthz", timeout=2).read()
            return
        except OSError:
            assert time.monotonic() < end, "the product did not start"
            time.sleep(0.2)


# One for each of its four threads, and one: it notices on each by itself that the database is another.
CONNECTIONS = 5


def _wait_until_it_is_connected(stack: Stack) -> None:
    end, well = time.monotonic() + 60, 0
    while well < CONNECTIONS:
        assert time.monotonic() < end, "the product did not find its database"
        try:
            answer = urllib.request.urlopen(f"{stack.url}/readyz", timeout=20).read()
        except urllib.error.HTTPError as not_ready:  # no worker and no relay stand
            answer = not_ready.read()
        well = well + 1 if json.loads(answer)["database"]["ok"] else 0


@pytest.fixture(scope="module")
def stack(request, servers, template, django_db_setup, django_db_blocker) -> Iterator[Stack]:
    """A database of this module's own and the product over it; with worker, beat and relay where the module is marked `background`."""
    with running_product(servers, template, django_db_blocker, background=request.node.get_closest_marker("background") is not None) as running:
        yield running


@dataclass
class Eyes:
    """How somebody looks at the product: on which screen, in which language."""

    context: Any
    url: str

    def page(self) -> Any:
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        return page


def open_eyes(browser: Any, stack: Stack, *, screen: dict[str, int], language: str, who: str | None = None, dark: bool = False) -> Eyes:
    """A browser of one person; with `who` already signed in."""
    context = browser.new_context(
        viewport=screen, base_url=stack.url, locale="zh-CN" if language.startswith("zh") else "en-GB", timezone_id="Asia/Shanghai",
        color_scheme="dark" if dark else "light", is_mobile=screen["width"] < 768, has_touch=screen["width"] < 768, bypass_csp=False,
        reduced_motion="reduce",  # a colour on its way to another is nobody's contrast
    )  # fmt: skip
    cookies = [{"name": "django_language", "value": language, "url": stack.url}]
    if who:
        from tests.clients import signed_in

        cookies.append({"name": "sessionid", "value": signed_in(who, language).cookies["sessionid"].value, "url": stack.url})
    context.add_cookies(cookies)
    context.add_init_script(AXE)
    return Eyes(context, stack.url)
