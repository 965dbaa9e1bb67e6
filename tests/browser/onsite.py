"""What people do with a phone on site: kept ready, walked question by question, looked into."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

from django.test import Client
from PIL import Image

from foundation.actor import Hat, acting_as
from parties.models import Person
from tests.browser.conftest import PHONE, open_eyes

AXE_RULES = "['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']"
# Looks into the database of whoever is signed in; `%s` is what is read of it.
STORE = """async said => { const name = (await indexedDB.databases()).map(d => d.name).find(n => /^qcchain-runner-[0-9a-f]{8}/.test(n));
  if (!name) return said.none;
  const heard = request => new Promise(good => { request.onsuccess = () => good(request.result); });
  const db = await heard(indexedDB.open(name)), shelf = db.transaction(said.shelf).objectStore(said.shelf), found = await heard(shelf.getAll());
  db.close(); return said.count ? found.length : found.map(row => [row.kind, row.wire.client_id]); }"""


def phone(browser: Any, stack: Any, who: str | Person) -> tuple[Any, Any]:
    """A phone of one of the cast, or of a colleague: its browser, and a page."""
    eyes = open_eyes(browser, stack, screen=PHONE, language="zh-hans", who=who if isinstance(who, str) else None)
    if isinstance(who, Person):
        client = Client()
        with acting_as(Hat.LOBBY):
            client.force_login(who, backend="parties.sign_in.SignInBackend")
        eyes.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": stack.url}])
    return eyes.context, eyes.page()


def ready(page: Any, url: str) -> None:
    """The runner is open and its worker keeps it."""
    page.goto(f"{url}/audits/run/")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def taken_along(page: Any, url: str, audit: Any) -> None:
    """The visit lies on this phone."""
    ready(page, url)
    page.goto(f"{url}/audits/run/#/get/{audit.pk}")
    page.get_by_role("link", name="开始审核").wait_for()


def clean(page: Any) -> None:
    found = page.evaluate(
        f"axe.run(document, {{runOnly: {AXE_RULES}}}).then(r => r.violations.map(v => [v.id, v.nodes[0].html]))"
    )
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def rows(page: Any, shelf: str) -> int:
    """How much lies on a shelf of this phone."""
    return page.evaluate(STORE, {"shelf": shelf, "count": True, "none": 0})


def waiting(page: Any) -> list[tuple[str, str]]:
    """What waits on this phone: kind and id of each operation, in order."""
    return [(kind, client_id) for kind, client_id in page.evaluate(STORE, {"shelf": "ops", "count": False, "none": []})]


def shot(folder: Path, number: int, size: tuple[int, int] = (1600, 1200)) -> str:
    """A photo as a camera gives it: large, and unlike the others."""
    grain = random.Random(number)
    small = Image.frombytes("RGB", (160, 120), grain.randbytes(160 * 120 * 3))
    out = io.BytesIO()
    small.resize(size, Image.Resampling.BICUBIC).save(out, "JPEG", quality=92)
    path = folder / f"IMG_{number}.jpg"
    path.write_bytes(out.getvalue())
    return str(path)


def answers_with_photo(page: Any, folder: Path, number: int, *, of: int, passes: bool = True) -> None:
    """The question that stands on the screen: judged, and photographed."""
    page.get_by_text(f"第 {number} 题，共 {of} 题").wait_for()
    page.get_by_role("radio", name="合格" if passes else "不合格", exact=True).check()
    page.locator("#photo").set_input_files(shot(folder, number, (2400, 1800) if number == 1 else (1600, 1200)))
    page.locator(".photos .photo img").wait_for()


def signs(page: Any, name: str) -> None:
    """A name, and a stroke on glass."""
    page.get_by_label("姓名").fill(name)
    box = page.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 20, steps=5)
    page.mouse.up()
