"""What people type about problems, research and techniques; the rules themselves are asked in the verbs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from agreements.forms import DAY, in_language
from agreements.models import MethodEdition
from oversight.categories import CATEGORIES
from oversight.models import Problem
from oversight.selectors.projects import measurable
from oversight.services.problems import About
from oversight.words_problems import EVIDENCE_KINDS, SEVERITIES
from parties.fields import DayField
from parties.forms import NamesSelect
from parties.selectors import chain_nodes, names_of, regions

Choices = list[tuple[str, Any]]


def node_choices(any_words: Any = None) -> Choices:
    """The nodes of the chain, an empty choice first."""
    return [("", any_words or _("All of the chain, or I do not know")), *names_of(chain_nodes(), get_language() or "").items()]


def place_choices(any_words: Any = None) -> Choices:
    """Districts and zones."""
    rows = [row for row in regions() if row.kind in ("district", "zone")]
    return [("", any_words or _("The whole city, or I do not know")), *names_of(rows, get_language() or "").items()]


def characteristic_choices(*, only_measurable: bool = False) -> Choices:
    """Characteristics by name."""
    empty = [] if only_measurable else [("", _("No single characteristic"))]
    return [*empty, *((row.pk, in_language(row.name_zh, row.name_en)) for row in measurable())]


class ClientForm(forms.Form):
    """A form that is taken once, however often it is sent."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial={"client_id": uuid4(), **(initial or {})})

    @property
    def said_id(self) -> UUID:
        found: UUID = self.cleaned_data["client_id"]
        return found


class AboutForm(ClientForm):
    """What a problem is about."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["category"] = forms.ChoiceField(label=_("What kind"), choices=[("", "—"), *CATEGORIES.items()], required=False)
        self.fields["node"] = forms.ChoiceField(label=_("Where in the chain"), choices=node_choices(), required=False, widget=NamesSelect)
        self.fields["region"] = forms.ChoiceField(label=_("Where in the city"), choices=place_choices(), required=False, widget=NamesSelect)
        self.fields["characteristic"] = forms.ChoiceField(
            label=_("Characteristic"), choices=characteristic_choices(), required=False, widget=NamesSelect
        )

    def about(self) -> About:
        said = self.cleaned_data
        return About(said["category"], said["node"], [said["region"]] if said["region"] else [], said["characteristic"])


class ReportForm(AboutForm):
    """A problem in the reporter's own words: a minute on a phone."""

    origin = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)
    words = forms.CharField(
        label=_("What goes wrong"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you see, since when, and how often. You need not name anybody."),
    )  # fmt: skip


class ProblemForm(AboutForm):
    """A problem as the bureau writes it down."""

    statement = forms.CharField(
        label=_("The problem in one sentence"), max_length=200, help_text=_("Everybody reads it once it is confirmed. Name no firm.")
    )
    cause = forms.CharField(
        label=_("What is known of the cause"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    severity = forms.TypedChoiceField(label=_("How grave"), coerce=int, choices=list(SEVERITIES.items()), initial=3)
    field_order = ("client_id", "statement", "category", "severity", "node", "region", "characteristic", "cause")

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["category"].required = True
        self.order_fields(self.field_order)


class MoveForm(forms.Form):
    """The next state, with the bureau's words."""

    words = forms.CharField(
        label=_("In a few words"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed to close. Everybody reads it once the problem is confirmed."),
    )  # fmt: skip


class ResultForm(forms.Form):
    """The next state of a project, with what came out."""

    words = forms.CharField(
        label=_("What came out"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed to hand the result in, or to stop. Everybody reads it."),
    )  # fmt: skip


class ReplyForm(forms.Form):
    """What becomes of a report."""

    problem = forms.ChoiceField(label=_("Belongs to"), required=False, widget=NamesSelect)
    reply = forms.CharField(
        label=_("What the reporter is told"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed where you do not take it up."),
    )  # fmt: skip

    def __init__(self, problems: Iterable[Problem], data: Any = None) -> None:
        super().__init__(data)
        named = [(str(row.pk), f"{row.code} · {row.statement}"[:90]) for row in problems]
        self.fields["problem"].choices = [("", _("No problem that is written down")), *named]  # type: ignore[attr-defined]


class MergeForm(forms.Form):
    """Which problem it is the same as."""

    into = forms.ChoiceField(label=_("The same as"), widget=NamesSelect)

    def __init__(self, problems: Iterable[Problem], data: Any = None) -> None:
        super().__init__(data)
        self.fields["into"].choices = [(str(row.pk), f"{row.code} · {row.statement}"[:90]) for row in problems]  # type: ignore[attr-defined]


class EvidenceForm(ClientForm):
    """What a source outside the platform says."""

    kind = forms.ChoiceField(label=_("Source"), choices=list(EVIDENCE_KINDS.items()))
    source = forms.CharField(label=_("Which one"), max_length=120, help_text=_("Name and number of the notice, round or study."))
    seen_on = DayField(label=_("Day"), widget=DAY)
    looked_at = forms.IntegerField(label=_("Firms looked at"), min_value=1, max_value=100_000)
    nonconforming = forms.IntegerField(label=_("Firms that did not conform"), min_value=0, max_value=100_000)


class OfferForm(forms.Form):
    """What an institute brings."""

    words = forms.CharField(
        label=_("What you bring"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("People, equipment, earlier work; two or three sentences.")
    )  # fmt: skip


class CompetenceForm(forms.Form):
    """What an institute works on."""

    categories = forms.MultipleChoiceField(label=_("Fields"), choices=list(CATEGORIES.items()), widget=forms.CheckboxSelectMultiple)
    nodes = forms.MultipleChoiceField(
        label=_("Nodes of the chain"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all of them.")
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["nodes"].choices = node_choices()[1:]  # type: ignore[attr-defined]


class ProjectForm(ClientForm):
    """What a project is after, and who works on it."""

    title = forms.CharField(label=_("Title"), max_length=120)
    characteristic = forms.ChoiceField(label=_("Characteristic"), widget=NamesSelect)
    edition = forms.ChoiceField(
        label=_("Method edition"), required=False, help_text=_("Results of other editions are left out: two methods are not one series.")
    )
    from_value = forms.CharField(label=pgettext_lazy("project", "From"), max_length=12, help_text=_("A number, or a grade such as 2-3."))
    to_value = forms.CharField(label=pgettext_lazy("project", "To"), max_length=12)
    firms = forms.IntegerField(label=_("Firms"), min_value=5, max_value=500, initial=20)
    months = forms.IntegerField(label=pgettext_lazy("project", "Months"), min_value=1, max_value=60, initial=6)
    lead = forms.ChoiceField(label=_("Leads"), widget=NamesSelect)
    members = forms.MultipleChoiceField(label=_("Work on it too"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, institutes: Sequence[tuple[str, str]], data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["characteristic"].choices = characteristic_choices(only_measurable=True)  # type: ignore[attr-defined]
        editions = (
            MethodEdition.objects.order_by("code").values_list("code", flat=True)
        )
        self.fields["edition"].choices = [("", _("Any edition")), *((code, code) for code in editions)]  # type: ignore[attr-defined]
        self.fields["lead"].choices = institutes  # type: ignore[attr-defined]
        self.fields["members"].choices = institutes  # type: ignore[attr-defined]


class MilestoneForm(forms.Form):
    """A dated step."""

    name = forms.CharField(label=pgettext_lazy("project", "Step"), max_length=80)
    due_on = DayField(label=_("Due"), widget=DAY)


class DoneForm(forms.Form):
    """When a step was done."""

    done_on = DayField(label=_("Done on"), widget=DAY)
    note = forms.CharField(label=_("In a few words"), max_length=200, required=False)


class JoinForm(forms.Form):
    """A firm's consent."""

    consents = forms.BooleanField(label=_("We consent to all of the above. We may take this back at any time."), required=False)
    changed_on = DayField(
        label=_("We work the new way since"), required=False, widget=DAY, help_text=_("Leave it open where you have not changed yet. What lies before this day is “before”.")
    )  # fmt: skip


class ChangeDayForm(forms.Form):
    """The day of the change."""

    changed_on = DayField(label=_("We work the new way since"), widget=DAY)


class TechniqueForm(ClientForm):
    """A technique, written for a workshop."""

    name = forms.CharField(label=_("Name"), max_length=80)
    steps = forms.CharField(
        label=_("Steps"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One step a line, as you would tell a foreman."),
    )
    cost = forms.CharField(
        label=_("Cost"), max_length=200, required=False, help_text=_("Machines, chemicals, time; per metre or per kilogram.")
    )
    limits = forms.CharField(label=_("Where it does not work"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    trial = forms.CharField(label=_("Numbers of the trial"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    question = forms.CharField(
        label=_("Question for checklists"),
        max_length=200,
        required=False,
        help_text=_("One question by which an auditor sees whether it is done."),
    )
    contact = forms.CharField(label=_("Whom to ask"), max_length=120)
    nodes = forms.MultipleChoiceField(label=_("For these nodes"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["nodes"].choices = node_choices()[1:]  # type: ignore[attr-defined]


class QuestionForm(ClientForm):
    """Which checklist a technique's question goes into."""

    draft = forms.UUIDField(label=_("Checklist"), required=False, widget=NamesSelect)

    def __init__(self, drafts: Sequence[tuple[UUID, str]] = (), data: Any = None) -> None:
        super().__init__(data)
        self.fields["draft"].widget.choices = [*drafts, ("", _("A new checklist"))]  # type: ignore[attr-defined]
