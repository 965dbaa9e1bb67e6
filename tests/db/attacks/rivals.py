"""Two rival chain owners and one supplier: what the rival may know of the firm, and everything that the other owner can ask about it."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from agreements.selectors import current_version
from agreements.services import draft_agreement, send_agreement, sign_agreement
from foundation.actor import Hat, acting_as, as_actor
from parties.models import Person
from parties.selectors import actor_of, wearables
from suppliers.models import SupplyLink
from suppliers.services.invitations import invite
from suppliers.services.joining import Newcomer, join_as_new_firm
from suppliers.services.links import FirmSaid, add_supplier
from tests.cast import PASSWORD, actor, link_id
from tests.clients import signed_in, with_token
from tests.db.suppliers.stage import NOW

CODE, TWIN_CODE, ODD_CODE = "0DEM0N1000000000AC", "0DEM0N1000000000BF", "0DEM0N1000000000CJ"
NAME, TWIN = "宁波禾缕纺纱有限公司（示例）", "寧波禾縷紡紗厂（示例）"
SECRET = "cotton-and-indigo"
# A firm that is listed is listed in each of them, and one that has agreed has joined.
DEPTHS = ("invited", "declined", "agreed", "merged")


def rival_knows(depth: str, code: str = CODE, name: str = NAME) -> None:
    """Fang has the firm on its list, and has come as far with it as `depth` says. `merged`: under another code of the same firm."""
    fang = actor("fang")
    with as_actor(fang):
        link = add_supplier(actor=fang, firm=FirmSaid(name, code, phone="19000000321", contact="何师傅"), now=NOW)
        if depth == "merged":
            from suppliers.services.merges import merge_links

            other = add_supplier(actor=fang, firm=FirmSaid(TWIN, TWIN_CODE), now=NOW)
            merge_links(actor=fang, kept=link, absorbed=other, chosen={}, now=NOW)
        if depth in ("listed", "merged"):
            return
        ((_, token),) = invite(actor=fang, links=[link], now=NOW)
    if depth == "declined":
        from suppliers.services.joining import decline

        with acting_as(Hat.LOBBY):
            decline(token=token, word="不是我们", now=NOW)
    if depth in ("joined", "agreed"):
        with acting_as(Hat.LOBBY):
            newcomer = Newcomer("何禾", f"1900000{code[-5:-2]}9", SECRET)
            person = join_as_new_firm(token=token, who=newcomer, node_codes=["spinning"], now=NOW)
        if depth == "agreed":
            _agree(link, person)


def _agree(link: SupplyLink, person: Person) -> None:
    fang, today = actor("fang"), timezone.localdate(NOW)
    with acting_as(Hat.LOBBY):
        maker = actor_of(person, wearables(person, on=today)[0])
    with as_actor(fang):
        link = SupplyLink.objects.get(pk=link.pk)
        draft = draft_agreement(actor=fang, link=link, template_code="garment-1", effective_from=today, effective_to=None, now=NOW)
        sent = send_agreement(actor=fang, agreement=draft, now=NOW)
        sha256 = current_version(fang, sent).sha256
        sign_agreement(actor=fang, agreement=sent, sha256=sha256, password=PASSWORD, now=NOW)
    with as_actor(maker):
        sign_agreement(actor=maker, agreement=sent, sha256=sha256, password=SECRET, now=NOW)


UUID_ = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
OWN = [
    (re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"'), b"CSRF"), (re.compile(rb'"X-CSRFToken": ?"[^"]+"'), b"CSRF"),
    (re.compile(rb'nonce="[^"]+"'), b"NONCE"), (re.compile(rb"/join/[\w-]{32}/"), b"/join/TOKEN/"),
    (re.compile(rb'<path [^>]*class="qrline"[^>]*/>'), b"QR"), (re.compile(rb'"[A-Za-z0-9_-]{60,}"'), b'"CURSOR"'),
]  # fmt: skip


def masked(body: bytes) -> bytes:
    """The body without what is random in every answer: our own ids by the order in which they come, tokens, the code drawn from one."""
    for pattern, word in OWN:
        body = pattern.sub(word, body)
    seen: dict[bytes, bytes] = {}
    return UUID_.sub(lambda found: seen.setdefault(found[0], b"ID%d" % len(seen)), body)


@dataclass
class Heard:
    """One answer as the asking owner gets it."""

    step: str
    status: int
    kind: str
    body: bytes
    queries: int


@dataclass
class Asker:
    """Chen, who asks everything about one firm: by page, by API, and at the door."""

    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page, self.api, self.key, self.guest = signed_in("chen", "en"), Client(), with_token("chen"), Client()

    def __call__(self, step: str, client: Client, method: str, address: str, data: Any = None, **more: Any) -> Any:
        with CaptureQueriesContext(connection) as asked:
            response = getattr(client, method)(address, data, **more)
            raw = b"".join(response.streaming_content) if response.streaming else response.content
        body = cells(raw) if address.partition("?")[0].endswith(".xlsx") and response.status_code == 200 else raw
        place = response.headers.get("Location", "").encode()
        self.heard.append(Heard(step, response.status_code, response.headers["Content-Type"], masked(place + b"\n" + body), len(asked)))
        response.raw = raw
        return response

    def get(self, step: str, address: str, data: Any = None) -> Any:
        return self(step, self.page, "get", address, data)

    def post(self, step: str, address: str, data: Any = None) -> Any:
        return self(step, self.page, "post", address, data)

    def call(self, step: str, method: str, address: str, body: Any = None) -> Any:
        if method == "get":
            return self(step, self.api, "get", f"/api/v1/{address}", body, **self.key)
        return self(step, self.api, method, f"/api/v1/{address}", json.dumps(body or {}), content_type="application/json", **self.key)


def cells(raw: bytes) -> bytes:
    """A workbook by its cells: its container holds the time of day."""
    book = load_workbook(io.BytesIO(raw))
    return json.dumps([[[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)] for sheet in book]).encode()


LIST = (
    "企业名称,统一社会信用代码,联系人,手机号\n"
    f"{NAME},{CODE},何师傅,19000000123\n{TWIN},{TWIN_CODE},何会计,19000000124\n{NAME[:-4]},{CODE[:-1]}D,何总,19000000125\n"
    f"禾缕纺纱,{ODD_CODE},,\n{NAME},{CODE},,\n"
)


def ask_everything() -> list[Heard]:
    """The whole walk: lists, counts, search, adding, imports, invitations, merges, exports, the door."""
    ask = Asker()
    _look(ask, "before")
    _import(ask)
    line = _add(ask)
    _look(ask, "after")
    _merge(ask, line)
    _invite(ask, line)
    return ask.heard


def _look(ask: Asker, when: str) -> None:
    page = reverse("suppliers:list")
    ask.get(f"{when}: list", page, {"all": "1"})
    for words in (NAME, "禾缕", "hlfs", CODE):
        ask.get(f"{when}: search {words}", page, {"query": words})
    for words in ("helv", CODE[:6], TWIN_CODE):
        ask.call(f"{when}: api search {words}", "get", "suppliers/", {"query": words})
    for state in ("invited", "joined"):
        ask.get(f"{when}: state {state}", page, {"state": state})
    for name in ("export_csv", "export_xlsx", "twins", "merges", "invitations", "bulk_history", "import_new"):
        ask.get(f"{when}: {name}", reverse(f"suppliers:{name}"))
    for address in ("suppliers/twins/", "suppliers/merges/", "suppliers/invitations/", "suppliers/imports/"):
        ask.call(f"{when}: api {address}", "get", address)
    for address in ("/home/", "/inbox/", "/privacy/"):
        ask.get(f"{when}: {address}", address)


def _import(ask: Asker) -> None:
    page = ask.post("import: read", reverse("suppliers:import_new"), {"list": LIST})["Location"]
    for only in ("", "all", "problems", "duplicate"):
        ask.get(f"import: preview {only}", page, {"only": only} if only else None)
    ask.get("import: errors", f"{page}errors.csv")
    ask.get("import: errors", f"{page}errors.xlsx")
    ask.post("import: mend", f"{page}rows/4/", {"field": "uscc", "value": CODE, "only": "all"})
    ask.post("import: mend", f"{page}rows/4/", {"field": "uscc", "value": ODD_CODE, "only": "all"})
    ask.post("import: confirm", f"{page}confirm/")
    ask.get("import: done", page)
    ask.post("import: undo", f"{page}undo/")
    batch = ask.call("import: api", "post", "suppliers/imports/", {"list": LIST}).json()
    ask.call("import: api rows", "get", f"suppliers/imports/{batch['id']}/rows/")
    ask.call("import: api confirm", "post", f"suppliers/imports/{batch['id']}/confirm/")
    ask.call("import: api undo", "post", f"suppliers/imports/{batch['id']}/undo/")


def _add(ask: Asker) -> str:
    ask.call("add: wrong code", "post", "suppliers/", {"name_zh": NAME, "uscc": CODE[:-1] + "D"})
    made = ask.call("add", "post", "suppliers/", {"name_zh": NAME, "uscc": CODE, "phone": "19000000123"}).json()
    ask.call("add: again", "post", "suppliers/", {"name_zh": NAME, "uscc": CODE})
    ask.post("add: again by page", reverse("suppliers:add"), {"name_zh": NAME, "uscc": CODE})
    ask.post("add: its twin", reverse("suppliers:add"), {"name_zh": TWIN, "uscc": TWIN_CODE, "contact": "何会计"})
    ask.get("line", reverse("suppliers:supplier", args=[made["id"]]))
    ask.call("line: api", "get", f"suppliers/{made['id']}/")
    ask.call("line: not invited", "get", f"suppliers/{made['id']}/invitation/")
    return str(made["id"])


def _merge(ask: Asker, line: str) -> None:
    with as_actor(actor("chen")):
        twin = SupplyLink.objects.visible_to(actor("chen")).get(uscc=TWIN_CODE).pk
    page = reverse("suppliers:merge", args=[line])
    ask.get("merge: pick", page)
    ask.get("merge: compare", page, {"with": twin})
    ask.post("merge: with one that joined", reverse("suppliers:merge", args=[link_id("chen", "lin")]), {"with": link_id("chen", "wu")})
    ask.post("merge: with another's", page, {"with": link_id("fang", "wu")})
    done = ask.call("merge: api", "post", "suppliers/merges/", {"kept": line, "absorbed": str(twin)}).json()
    ask.get("merge: history", reverse("suppliers:merges"))
    ask.get("merge: the absorbed line", reverse("suppliers:supplier", args=[twin]))
    ask.call("merge: its code again", "post", "suppliers/", {"name_zh": TWIN, "uscc": TWIN_CODE})
    ask.post("merge: a list brings both", reverse("suppliers:import_new"), {"list": LIST})
    ask.call("merge: split", "post", f"suppliers/merges/{done['id']}/split/")
    ask.post("merge: two firms", reverse("suppliers:twins"), {"one": line, "other": twin})


def _invite(ask: Asker, line: str) -> None:
    ask.call("invite", "post", f"suppliers/{line}/invitation/")
    shown = ask.call("invite: link", "get", f"suppliers/{line}/invitation/").json()
    token = shown["url"].rstrip("/").rsplit("/", 1)[1]
    ask.get("invite: page", reverse("suppliers:invitation", args=[line]))
    ask.get("invite: poster", reverse("suppliers:poster", args=[line]))
    ask.call("invite: remind", "post", f"suppliers/{line}/invitation/remind/")
    ask.call("invite: many", "post", "suppliers/invitations/", {"do": "invite", "filters": {"query": "禾缕"}})
    ask.post("invite: many again", reverse("suppliers:invite"), {"all": "1", "do": "invite", "query": "query=禾缕"})
    ask.get("invite: overview", reverse("suppliers:invitations"))
    ask.get("invite: list", reverse("suppliers:invitation_links"))
    for name in ("join", "join_steps", "join_not_us"):
        ask(f"door: {name}", ask.guest, "get", reverse(f"suppliers:{name}", args=[token]))
    ask("door: who signs in", ask.guest, "get", reverse("suppliers:join_account", args=[token]) + "?nodes=spinning")
    ask("door: the owner itself looks", ask.page, "get", reverse("suppliers:join", args=[token]))
    ask("door: the owner itself accepts", ask.page, "post", reverse("suppliers:join_accept", args=[token]))
    ask("door: not us", ask.guest, "post", reverse("suppliers:join_not_us", args=[token]), {"why": "other_firm"})
    ask("door: over", ask.guest, "get", reverse("suppliers:join", args=[token]))
    ask.get("invite: declined", reverse("suppliers:invitation", args=[line]))
    ask.call("invite: revoke what is over", "post", f"suppliers/{line}/invitation/revoke/")
    _look(ask, "in the end")
