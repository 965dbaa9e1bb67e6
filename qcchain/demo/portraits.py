"""Scores of a week ago and of last night, a portrait that a bank opened twice and a chain owner may read, a method that waits for a second person."""

from __future__ import annotations

from collections.abc import Mapping

from foundation.actor import Hat, acting_as, as_actor
from onestop.models import PortraitLook
from onestop.scoring import BANDS, FIRST_BODY, PARTS
from onestop.selectors.portraits import customers
from onestop.selectors.scores import score_of
from onestop.services.indices import keep_indices
from onestop.services.methods import draft_method, propose_method, try_method
from onestop.services.portraits import share_portrait
from onestop.services.scoring import say_middles, score_firms
from qcchain.demo.firms import Firm
from qcchain.demo.moments import Moments

SHOWN_BY, CUSTOMER = "yunzhu", "yantang"
READER = "宁波示例银行海曙支行（示例）"


def tell_portraits(firms: Mapping[str, Firm], moments: Moments) -> None:
    """Called once everything else has happened: scores are made of what is there."""
    keep_indices(now=moments.ago(7, 3))
    score_firms(now=moments.ago(7, 3))
    say_middles(month=moments.today.replace(day=1))
    _show(firms, moments)
    score_firms(now=moments.now)
    _propose(firms["platform"], moments)


def _show(firms: Mapping[str, Firm], moments: Moments) -> None:
    supplier = firms[SHOWN_BY].actor()
    with as_actor(supplier):
        score = score_of(supplier, supplier.org_id)
        if score is None or score.value_hundredths is None:
            return
        portrait = share_portrait(actor=supplier, for_whom=READER, client_id="demo-portrait", now=moments.ago(6, 15))
        link = next(each for each in customers(supplier) if each.owner_org_id == firms[CUSTOMER].id)
        share_portrait(actor=supplier, for_whom="", client_id="demo-portrait-customer", now=moments.ago(4, 10), customer=link.pk)
    with acting_as(Hat.CLOCK):
        for days, hour, device in ((5, 9, "WeChat · Android"), (2, 14, "Edge · Windows")):
            PortraitLook.objects.create(
                portrait=portrait, org_id=supplier.org_id, at=moments.ago(days, hour), net="203.0.113.0", device=device
            )


def _propose(platform: Firm, moments: Moments) -> None:
    keeper = platform.actor()
    parts = FIRST_BODY["parts"]
    said = {f"weight_{name}": parts[name]["weight"] for name in PARTS} | {f"least_{name}": parts[name]["least"] for name in PARTS}
    said |= {"weight_compliance": 20, "weight_correcting": 15, "least_parts": FIRST_BODY["least_parts"]}
    said |= {f"floor_{band}": FIRST_BODY["floors"][band] for band in BANDS[:-1]}
    why = "整改答复比去年快，企业希望它多占一点：履约减 5，整改加 5。"
    with as_actor(keeper):
        method = draft_method(actor=keeper, said=said, why=why, client_id="demo-method", now=moments.ago(3))
        try_method(actor=keeper, method_id=method.pk, now=moments.ago(3))
        propose_method(actor=keeper, method_id=method.pk, now=moments.ago(3, 11))
