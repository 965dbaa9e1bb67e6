"""What people type about drafts for many suppliers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.forms import TemplateChoice


class BatchForm(TemplateChoice):
    """Template, days, and who: ticked, pasted, or all that fit the filter above."""

    batch_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    names = forms.CharField(
        label=_("Paste names or codes"), required=False, max_length=60_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line, as they stand in your list. Whoever is not found is named to you; nothing is drafted yet."),
    )  # fmt: skip
    field_order = ("batch_id", "template", "effective_from", "effective_to", "names")

    def __init__(self, templates: Iterable[Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(templates, *args, **kwargs)
        self.order_fields(self.field_order)


def picked_ids(values: Iterable[str]) -> list[UUID]:
    """The ids among what was ticked."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
