"""What two firms keep of themselves: Lin a small mill with a certificate that runs out soon, the laboratory its accreditation."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID, uuid5

from agreements.schedule import add_months
from foundation.actor import Actor, as_actor
from qcchain.demo.firms import Firm
from qcchain.demo.moments import Moments
from qcchain.demo.pictures import drawn
from qcchain.demo.relations import link_id
from suppliers.models import Site, SupplyLink
from suppliers.services.firm import PaperFacts, file_paper
from suppliers.services.firm_instruments import InstrumentSaid, add_instrument
from suppliers.services.firm_places import ProcessSaid, add_process
from suppliers.services.firm_products import ProductSaid, add_product
from suppliers.services.firm_sharing import show_to_owner

_NAMES = UUID("5d7f0a52-2b9e-5a55-9a0c-6b3f5c1d9e44")
MILL = "yunzhu"
MACHINES = (("knitting", "大圆机 6 台、横机 2 台", 45, "t"), ("spinning", "络筒机 1 台", None, ""))
PRODUCTS = (
    ("YZ-26S", "精梳棉针织纱", "spinning", "26 支，棉 100%", "B", ("本白", "靛蓝")),
    ("YZ-180J", "棉氨汗布", "knitting", "32 支，棉 95% 氨纶 5%，180 g/m²", "B", ("本白", "烟灰", "藏青")),
    ("YZ-210R", "婴幼儿罗纹布", "knitting", "40 支双股，棉 100%，210 g/m²", "A", ("本白",)),
)
# Days from today until which the calibration holds; None: nobody has said.
INSTRUMENTS = (
    ("balance", "DEMO-TP-1", "示例 FA2004", -12),
    ("grey_scale", "DEMO-HK-2", "", 21),
    ("light_box", "DEMO-GY-3", "", 240),
    ("length", "DEMO-GC-4", "", None),
)
PAPERS = ((MILL, "oeko_tex_100", 24, "OT-DEMO-0311", "针织纱和针织布"), ("lab", "cma", 410, "CMA-DEMO-2207", "纺织品色牢度、强力、成分"))


def keep_houses(firms: Mapping[str, Firm], moments: Moments, pictures: Path) -> None:
    """File the papers, fill the mill's lists, and show its certificates to the chain owner it works with most."""
    for key, standard, days, number, scope in PAPERS:
        facts = PaperFacts(
            "certificate", number, add_months(moments.today, -11), moments.day(days), standard=standard, scope=scope, issuer="示例认证中心"
        )
        _file(firms[key], facts, pictures / f"{key}-{standard}.jpg", moments)
    mill, owner = firms[MILL].actor(), firms["yantang"]
    with as_actor(mill):
        _fill(mill, moments)
        link = SupplyLink.objects.visible_to(mill).get(pk=link_id(owner, firms[MILL]))
        show_to_owner(actor=mill, link=link, what=["certificates"], now=moments.ago(40))


def _file(firm: Firm, facts: PaperFacts, path: Path, moments: Moments) -> None:
    actor = firm.actor()
    path.write_bytes(drawn("paper", firm.number))
    with as_actor(actor):
        file_paper(actor=actor, paper=facts, path=path, name=path.name, client_id=f"demo-{firm.key}", now=moments.ago(90))


def _fill(mill: Actor, moments: Moments) -> None:
    at = moments.ago(85)
    site = Site.objects.visible_to(mill).get(org_id=mill.org_id, is_main=True)
    for node, machines, capacity, unit in MACHINES:
        add_process(actor=mill, said=ProcessSaid(site.pk, node, machines, capacity, unit), client_id=_id("process", node), now=at)
    for code, name, node, construction, safety_class, colours in PRODUCTS:
        said = ProductSaid(code, name, node, construction, safety_class, colours)
        add_product(actor=mill, said=said, client_id=_id("product", code), now=at)
    for kind, serial, model, days in INSTRUMENTS:
        due = None if days is None else moments.day(days)
        told = InstrumentSaid(kind, serial, site.pk, model, due and add_months(due, -12), due)
        add_instrument(actor=mill, said=told, client_id=_id("instrument", serial), now=at)


def _id(*words: str) -> UUID:
    return uuid5(_NAMES, ":".join(words))
