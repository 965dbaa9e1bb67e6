"""What the tests of a firm's own lists share."""

from __future__ import annotations

import io
from datetime import date, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import UUID, uuid4

from PIL import Image

from foundation.actor import as_actor
from suppliers.models import Instrument, Paper, Process, Product, Site, SupplyLink
from suppliers.services.firm import PaperFacts, file_paper
from suppliers.services.firm_instruments import InstrumentSaid, add_instrument
from suppliers.services.firm_places import ProcessSaid, SiteSaid, add_process, add_site
from suppliers.services.firm_products import ProductSaid, add_product
from tests.cast import actor, key, link_id
from tests.db.suppliers.stage import NOW

TODAY = NOW.date()


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def picture(shade: int = 40) -> Path:
    path = Path(mkdtemp(prefix="qcchain-")) / "photo.jpg"
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), (shade, 90, 140)).save(buffer, "JPEG")
    path.write_bytes(buffer.getvalue())
    return path


def site(name: str = "二号车间", *, who: str = "lin", client_id: UUID | None = None, **more: Any) -> Site:
    with as_actor(actor(who)):
        return add_site(actor=actor(who), said=SiteSaid(name, **more), client_id=client_id or uuid4(), now=NOW)


def process(node: str = "dyeing", *, who: str = "lin", client_id: UUID | None = None, **more: Any) -> Process:
    said = ProcessSaid(more.pop("site_id", key("site", who)), node, **more)
    with as_actor(actor(who)):
        return add_process(actor=actor(who), said=said, client_id=client_id or uuid4(), now=NOW)


def product(code: str = "YZ-26S", *, who: str = "lin", client_id: UUID | None = None, **more: Any) -> Product:
    with as_actor(actor(who)):
        return add_product(
            actor=actor(who), said=ProductSaid(code, more.pop("name", "棉针织纱"), **more), client_id=client_id or uuid4(), now=NOW
        )


def instrument(serial: str = "TP-100", *, who: str = "lin", client_id: UUID | None = None, **more: Any) -> Instrument:
    said = InstrumentSaid(more.pop("kind", "balance"), serial, **more)
    with as_actor(actor(who)):
        return add_instrument(actor=actor(who), said=said, client_id=client_id or uuid4(), now=NOW)


def certificate(*, who: str = "lin", client_id: str = "", replaces: Paper | None = None, **more: Any) -> Paper:
    facts = PaperFacts("certificate", standard=more.pop("standard", "iso_9001"), number=more.pop("number", "016ZB26Q"), **more)
    with as_actor(actor(who)):
        return file_paper(
            actor=actor(who), paper=facts, path=picture(), name="cert.jpg", client_id=client_id or str(uuid4()), now=NOW, replaces=replaces
        )


def joined(owner: str = "chen", supplier: str = "lin") -> SupplyLink:
    with as_actor(actor(supplier)):
        return SupplyLink.objects.visible_to(actor(supplier)).get(pk=link_id(owner, supplier))
