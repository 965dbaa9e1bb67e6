"""What people type about lines of their list: a value for many, a decision, a place in the chain, the name of a view."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parties.fields import DayField
from suppliers.list_words import APPROVAL_STATES, BULK_FIELDS, tier_said
from suppliers.models import CategoryApproval
from suppliers.words import districts, node_names

_STATES = [(code, APPROVAL_STATES[code][2]) for code in CategoryApproval.State.values]


class NodeChoice(forms.ChoiceField):
    """One step of the chain, in the reader's language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=lambda: list(node_names().items()), **kwargs)


class TagForm(forms.Form):
    tag = forms.CharField(
        label=BULK_FIELDS["tag"],
        max_length=20,
        required=False,
        help_text=_("Your own word for a group, such as “autumn”. Empty takes it away."),
    )

    def said(self) -> Any:
        return self.cleaned_data["tag"]


class TierForm(forms.Form):
    tier = forms.ChoiceField(
        label=BULK_FIELDS["tier"], choices=lambda: [(str(n), tier_said(n)) for n in range(1, 6)],
        help_text=_("Tier 1 delivers to you, tier 2 to a firm of tier 1."),
    )  # fmt: skip

    def said(self) -> Any:
        return self.cleaned_data["tier"]


class StepsForm(forms.Form):
    nodes = forms.MultipleChoiceField(
        label=BULK_FIELDS["nodes"], choices=lambda: list(node_names().items()), widget=forms.CheckboxSelectMultiple
    )

    def said(self) -> Any:
        return self.cleaned_data["nodes"]


class AddStepForm(forms.Form):
    add_node = NodeChoice(label=BULK_FIELDS["add_node"])

    def said(self) -> Any:
        return self.cleaned_data["add_node"]


class RegionForm(forms.Form):
    region = forms.ChoiceField(label=BULK_FIELDS["region"], choices=lambda: districts())

    def said(self) -> Any:
        return self.cleaned_data["region"]


class ApprovalForm(forms.Form):
    """One decision on one category."""

    category = NodeChoice(label=_("Chain step"))
    state = forms.ChoiceField(label=_("State"), choices=_STATES)
    until = DayField(label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def said(self) -> Any:
        return self.cleaned_data


CHANGES: dict[str, type[forms.Form]] = {
    "tag": TagForm, "tier": TierForm, "nodes": StepsForm, "add_node": AddStepForm, "region": RegionForm, "approval": ApprovalForm,
}  # fmt: skip


class ChainForm(forms.Form):
    """Through whom a firm delivers, by name or code; empty: it is said by tier alone."""

    via = forms.CharField(
        label=_("Delivers through"), max_length=80, required=False,
        help_text=_("Name, initials or code of a firm on your list. Empty: it delivers to you, or you do not know through whom."),
    )  # fmt: skip
    tier = forms.ChoiceField(label=BULK_FIELDS["tier"], choices=lambda: [(str(n), tier_said(n)) for n in range(1, 6)], required=False)


class ViewForm(forms.Form):
    """A name for the filters that are on."""

    name = forms.CharField(label=_("Name of the view"), max_length=40)
    for_all = forms.BooleanField(label=_("For everybody in the firm"), required=False)
    opens_first = forms.BooleanField(label=_("Open the list with it"), required=False)
