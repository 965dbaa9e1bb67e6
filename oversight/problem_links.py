"""The way from a finding, a lot or the comparison of suppliers to a report of a problem: what it is about goes along, who it is about does not."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from foundation.actor import Actor
from oversight.categories import CHARACTERISTICS
from oversight.services.problems import REPORTERS


def report_url(actor: Actor, origin: str, characteristic: str, node: str) -> str:
    """The report's form, prefilled; empty for a hat that reports nothing."""
    if actor.hat not in REPORTERS:
        return ""
    said = {"origin": origin, "characteristic": characteristic, "node": node, "category": CHARACTERISTICS.get(characteristic, "")}
    return f"{reverse('oversight:problem_report_new')}?{urlencode({name: value for name, value in said.items() if value})}"
