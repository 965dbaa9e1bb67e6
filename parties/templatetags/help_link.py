"""A button on any page of a firm's thing that leads to the desk of services."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.templatetags.qc import icon
from parties.help_links import help_url

register = template.Library()


@register.simple_tag(takes_context=True)
def help_link(context: template.Context, about: str, subject_id: UUID) -> SafeString:
    """`{% help_link "finding" finding.pk %}`: nothing where the reader has nobody to ask."""
    request: Any = context.get("request")
    actor = getattr(request, "actor", None)
    url = help_url(actor, about, subject_id) if actor else ""
    return (
        format_html('<a class="btn no-print" href="{}">{}{}</a>', url, icon("hand"), _("Ask for help with it")) if url else SafeString("")
    )
