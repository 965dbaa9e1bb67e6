"""What an officer types about measures, campaigns and reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from agreements.forms import DAY
from oversight.campaign_rules import Rule
from oversight.models import Campaign, PolicyTool
from oversight.services.campaigns import CampaignSaid
from oversight.services.policies import PolicySaid
from oversight.words_campaigns import LANGUAGES, POLICY_KINDS, SIZES
from parties.fields import DayField
from parties.forms import NamesSelect
from suppliers.firm_words import STANDARDS

LONGEST = 2000
WEEKS_TO_DO = 4
PLAIN = ("regions", "towns", "nodes", "sizes", "above_scale")


def _id() -> str:
    return uuid4().hex


def _words(label: Any, *, rows: int = 4, required: bool = True, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST, required=required, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


def _ticked(label: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text)


class RuleForm(forms.Form):
    """The registry's part of a rule; a form of a campaign adds the closer part. `places` are regions in the reader's language."""

    regions = _ticked(_("Districts"), _("None chosen: the whole city."))
    towns = _ticked(_("Towns"), _("Only these towns, if any is chosen."))
    nodes = _ticked(_("Steps of the chain"), _("None chosen: all of them."))
    sizes = _ticked(_("Size of the firm"), _("None chosen: every size."))
    above_scale = forms.BooleanField(label=_("Only firms above scale"), required=False)

    def __init__(self, choices: Mapping[str, list[tuple[str, str]]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in choices.items():
            if name in self.fields:
                self.fields[name].choices = rows  # type: ignore[attr-defined]
        self.fields["sizes"].choices = list(SIZES.items())  # type: ignore[attr-defined]

    def rule(self) -> Rule:
        """The rule that the valid form says."""
        given = self.cleaned_data
        names = (*PLAIN, "lacks_certificate", "open_findings", "no_agreement")
        return Rule.of({name: given[name] for name in names if name in given})


class PolicyForm(RuleForm):
    """A measure of the list."""

    client_id = forms.CharField(widget=forms.HiddenInput, max_length=60, initial=_id)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(POLICY_KINDS.items()))
    title_zh = forms.CharField(label=_("Name in Chinese"), max_length=80)
    title_en = forms.CharField(label=_("Name in English"), max_length=160, required=False)
    eligible_zh = _words(_("Who may have it, in Chinese"))
    eligible_en = _words(_("Who may have it, in English"), required=False)
    apply_zh = _words(_("How to ask for it, in Chinese"), help_text=_("Where, with which papers, how long it takes."))
    apply_en = _words(_("How to ask for it, in English"), required=False)
    contact = forms.CharField(label=_("Whom to ask"), max_length=120, required=False)
    source = forms.CharField(label=_("The document it rests on"), max_length=200, required=False)
    valid_from = DayField(label=_("First day"), widget=DAY, initial=timezone.localdate)
    valid_to = DayField(label=_("Last day"), widget=DAY, required=False, help_text=_("Empty: until you take it off the list."))
    field_order = (
        "kind", "title_zh", "title_en", "eligible_zh", "eligible_en", "apply_zh", "apply_en", "contact", "source", "valid_from", "valid_to",
        *PLAIN,
    )  # fmt: skip

    def said(self) -> PolicySaid:
        """The measure that the valid form says."""
        names = PolicySaid.__dataclass_fields__.keys() - {"rule"}
        return PolicySaid(rule=self.rule(), **{name: self.cleaned_data[name] for name in names})


class CampaignForm(RuleForm):
    """A campaign as a draft."""

    client_id = forms.CharField(widget=forms.HiddenInput, max_length=60, initial=_id)
    problem_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title_zh = forms.CharField(
        label=_("Name in Chinese"), max_length=60, help_text=_("It stands in the message and in the mail: name no firm.")
    )
    title_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    message_zh = _words(_("Message in Chinese"), rows=6)
    message_en = _words(_("Message in English"), rows=6, required=False)
    task_zh = forms.CharField(label=_("What the firm is to do, in Chinese"), max_length=200)
    task_en = forms.CharField(label=_("What the firm is to do, in English"), max_length=300, required=False)
    due_on = DayField(label=_("Until"), widget=DAY, initial=lambda: timezone.localdate() + timedelta(weeks=WEEKS_TO_DO))
    policy_id = forms.ChoiceField(label=_("A measure that helps"), required=False, widget=NamesSelect)
    lacks_certificate = forms.ChoiceField(label=_("Without a valid certificate"), required=False)
    open_findings = forms.BooleanField(label=_("Only firms with a critical or major finding that is open"), required=False)
    no_agreement = forms.BooleanField(label=_("Only firms without an agreement in force"), required=False)
    field_order = (
        "title_zh", "title_en", "message_zh", "message_en", "task_zh", "task_en", "due_on", "policy_id", *PLAIN,
        "lacks_certificate", "open_findings", "no_agreement",
    )  # fmt: skip

    def __init__(self, *args: Any, policies: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["policy_id"].choices = [("", _("None of the list")), *policies]  # type: ignore[attr-defined]
        self.fields["lacks_certificate"].choices = [("", _("Whatever they hold")), *STANDARDS.items()]  # type: ignore[attr-defined]

    def said(self) -> CampaignSaid:
        """The draft that the valid form says."""
        names = CampaignSaid.__dataclass_fields__.keys() - {"rule", "policy_id"}
        policy = self.cleaned_data["policy_id"]
        return CampaignSaid(
            rule=self.rule(), policy_id=UUID(policy) if policy else None, **{name: self.cleaned_data[name] for name in names}
        )


class ReportForm(forms.Form):
    """A report of a month or a quarter."""

    client_id = forms.CharField(widget=forms.HiddenInput, max_length=60, initial=_id)
    period = forms.ChoiceField(label=_("Period"))
    language = forms.ChoiceField(label=_("Language of the report"), choices=tuple(LANGUAGES.items()), initial=get_language)
    parts = forms.MultipleChoiceField(label=_("Parts"), widget=forms.CheckboxSelectMultiple)
    words = _words(_("In your own words"), required=False, help_text=_("Stands before the figures. Name no firm."))

    def __init__(self, periods: list[tuple[str, str]], parts: list[tuple[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = periods  # type: ignore[attr-defined]
        self.fields["parts"].choices = parts  # type: ignore[attr-defined]
        self.fields["parts"].initial = [code for code, _label in parts]


def initial_of(row: Campaign | PolicyTool) -> dict[str, Any]:
    """A row as its form shows it."""
    rule = Rule.of(row.rule)
    named = {name: getattr(rule, name) for name in (*PLAIN, "lacks_certificate", "open_findings", "no_agreement")}
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.fields if field.attname not in ("rule", "id")}
    return {**columns, **named}


def asked_beforehand(query: Mapping[str, str]) -> dict[str, Any]:
    """What a link from a problem, a map's cell or a measure fills in: a campaign is meant for that place, that step."""
    said: dict[str, Any] = {
        name: [query[short]] for short, name in (("region", "regions"), ("town", "towns"), ("node", "nodes")) if query.get(short)
    }
    for short, name in (("problem", "problem_id"), ("policy", "policy_id")):
        try:
            said |= {name: str(UUID(query[short]))} if query.get(short) else {}
        except ValueError:
            continue
    return said


def days_to(day: date | None, today: date) -> int | None:
    """Days from today to the last day; None without one."""
    return None if day is None else (day - today).days
