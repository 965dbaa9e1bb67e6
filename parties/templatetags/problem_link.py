"""A button that takes what is on a page to the bureau as a common problem, with nobody named."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from foundation.templatetags.qc import icon
from parties.problem_links import report_url

register = template.Library()


@register.simple_tag(takes_context=True)
def problem_link(context: template.Context, origin: str, characteristic: str = "", node: str = "") -> SafeString:
    """`{% problem_link "finding" code %}`: nothing where the reader reports no problems."""
    actor: Any = getattr(context.get("request"), "actor", None)
    url = report_url(actor, origin, characteristic or "", node or "") if actor else ""
    return format_html('<a class="btn no-print" href="{}">{}{}</a>', url, icon("comment"), _("Report as a common problem")) if url else SafeString("")
