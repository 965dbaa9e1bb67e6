"""What series, their causes of change and their sources of readings are called."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

ORIGINS: dict[str, Any] = {
    "self": pgettext_lazy("origin of results", "the supplier's own test"),
    "customer": pgettext_lazy("origin of results", "the chain owner's test"),
    "lab": pgettext_lazy("origin of results", "a laboratory"),
    "instrument": pgettext_lazy("origin of results", "an instrument on the line"),
}
CAUSES: dict[str, Any] = {
    "machine": pgettext_lazy("change point", "Machine"),
    "material": pgettext_lazy("change point", "Material"),
    "method": pgettext_lazy("change point", "Way of working"),
    "person": pgettext_lazy("change point", "People"),
    "environment": pgettext_lazy("change point", "Environment"),
    "measuring": pgettext_lazy("change point", "Measuring"),
    "other": pgettext_lazy("change point", "Other"),
}
# What less and more of each coordinate look like.
DIRECTIONS: tuple[tuple[Any, Any], ...] = ((_("darker"), _("lighter")), (_("greener"), _("redder")), (_("bluer"), _("yellower")))
