"""What a person types about themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class MeForm(forms.Form):
    """Name and language."""

    name = forms.CharField(label=_("Your name"), max_length=60)
    locale = forms.ChoiceField(label=_("Language of pages and mails"), choices=settings.LANGUAGES)


class KeyForm(forms.Form):
    """A new API key."""

    name = forms.CharField(label=_("What the key is for"), max_length=60, help_text=_("So that you know it again: ERP, laboratory system."))
    scopes = forms.ChoiceField(
        label=_("What it may do"),
        choices=[("read", _("Read")), ("read write", _("Read and write"))],
        widget=forms.RadioSelect,
        initial="read",
    )

    def clean_scopes(self) -> Any:
        return self.cleaned_data["scopes"].split()
