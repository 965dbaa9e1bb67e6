"""One list through three doors: what the page shows, what the API answers, what the command reports."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from suppliers.import_words import _ROW_WORDS
from suppliers.words import ROW_STATES
from tests.cast import BY_NAME
from tests.clients import signed_in, with_token

_ROW = re.compile(r'<tr id="row-(\d+)">(.*?)</tr>', re.S)
_CELL = re.compile(r'<td(?: class="cell-(?P<tone>\w+)")? data-f="(?P<field>\w+)"[^>]*>(?P<inner>.*?)</td>', re.S)
_CHIPS = {}


@dataclass
class CellSeen:
    """One cell as a person sees it."""

    value: str
    typed: str = ""
    tone: str = ""
    problem: str = ""
    marked: int = 0  # the place of the marked character, from 1
    suggestion: str = ""


@dataclass
class RowSeen:
    state: str
    notes: str
    cells: dict[str, CellSeen] = field(default_factory=dict)


@dataclass
class PageSeen:
    summary: str
    messages: list[str]
    rows: dict[int, RowSeen]


def text(piece: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", piece))


def through_the_page(name: str, data: bytes) -> tuple[Client, str, PageSeen]:
    """Upload, and read every row of the preview, page after page."""
    client = signed_in("chen")
    response = client.post(reverse("suppliers:import_new"), {"file": SimpleUploadedFile(name, data)})
    assert response.status_code == 302, response.content.decode()
    return client, response["Location"], looked_at(client, response["Location"])


def looked_at(client: Client, address: str) -> PageSeen:
    found, url = PageSeen("", [], {}), f"{address}?only=all"
    while url:
        page = client.get(url).content.decode()
        found.summary = text(re.search(r'<p class="sub">(.*?)</p>', page, re.S)[1])
        found.messages = [text(banner).strip() for banner in re.findall(r'<div class="banner round \w*">.*?<div>(.*?)</div>', page, re.S)]
        found.rows |= {int(number): _row(inner) for number, inner in _ROW.findall(page)}
        more = re.search(r'<a href="([^"]+)" rel="next"', page)
        url = html.unescape(more[1]) if more else ""
    return found


def _row(inner: str) -> RowSeen:
    state = re.search(r'<td data-a="st">(.*)', inner, re.S)[1]
    row = RowSeen(_state(text(state.partition("<small>")[0]).strip()), text(state.partition("<small>")[2]))
    for match in _CELL.finditer(inner):
        row.cells[match["field"]] = _cell(match["inner"], match["tone"] or "")
    return row


def _cell(inner: str, tone: str) -> CellSeen:
    shown, _, mend = inner.partition('<div class="mend')
    value, _, typed = shown.partition("<small>")
    problem = re.search(r"<b>(.*?)</b>", mend, re.S)
    quick = re.search(r'name="value" value="([^"]*)"><button class="btn quiet"', mend)
    return CellSeen(
        text(value), text(typed).partition("：")[2], tone, text(problem[1]).strip() if problem else "",
        len(text(value.partition("<mark>")[0])) + 1 if "<mark>" in value else 0, html.unescape(quick[1]) if quick else "",
    )  # fmt: skip


def _state(label: str) -> str:
    with override("zh-hans"):
        return {str(words): state for state, (_, _, words) in ROW_STATES.items()}[label]


def sentence_for(issue: dict[str, Any]) -> re.Pattern[str]:
    """What a person must be told for an issue, whatever was found."""
    code = issue["code"]
    if code == "uscc_char" and "suggestion" in issue:
        code = "uscc_char_suggestion"
    if code == "same_name_other_uscc" and "other_row" in issue:
        code = "same_name_other_row"
    with override("zh-hans"):
        said = re.split(r"%\((\w+)\)s", str(_ROW_WORDS[code]))
    parts = [
        re.escape(part) if place % 2 == 0 else re.escape(str(issue[part])) if part in issue else ".+" for place, part in enumerate(said)
    ]
    return re.compile("".join(parts))


def through_the_api(name: str, data: bytes) -> dict[str, Any]:
    """Send the file, then ask for its rows until none follow."""
    headers = with_token("chen")
    sent = Client().post("/api/v1/suppliers/imports/", {"file": SimpleUploadedFile(name, data)}, **headers)
    assert sent.status_code == 201, sent.content
    whole, rows, url = sent.json(), [], f"/api/v1/suppliers/imports/{sent.json()['id']}/rows/"
    while url:
        page = Client().get(url, **headers).json()
        rows += page["results"]
        url = page["next"]
    return {**whole, "rows": {row["number"]: row for row in rows}, "headers": headers}


def through_the_command(path: Path, report: Path, *, dry_run: bool = False) -> dict[str, Any]:
    words = [str(path), "--owner", BY_NAME["chen"].uscc, "--report", str(report), *(["--dry-run"] if dry_run else [])]
    call_command("import_suppliers", *words)
    return json.loads(report.read_text(encoding="utf-8"))
