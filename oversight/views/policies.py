"""The list of policy tools: everybody reads it, the bureau keeps it, a firm says what it asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.actor import BUSINESS_HATS, Actor, ActorRequest, Hat, wearing
from foundation.asked import text_of as asked_text
from foundation.templatetags.qc import changed_query
from jobs.exports import xlsx_book
from jobs.papers import pdf_of
from oversight.campaign_rules import Rule, crowd
from oversight.forms_campaigns import PolicyForm, days_to, initial_of
from oversight.models import PolicyTool
from oversight.papers_campaigns import as_of_words, fives_words, policies_paper, policies_table
from oversight.report_parts import THREE_LISTS, Asked, frozen
from oversight.report_periods import Period
from oversight.selectors.policies import STATES, PoliciesAsked, own_firm, own_use, policies, policy_for
from oversight.services.policies import change_policy, draft_policy, publish_policy, retire_policy, say_used
from oversight.views.problems import list_tabs
from oversight.views.tools import after_of, after_text, file_response, may_write, place_names, rule_choices, table_response, tried
from oversight.words_campaigns import POLICY_CHIPS, POLICY_KINDS, crowd_words, days_left, rule_sentence, text_of
from parties.roles import MAY_WRITE
from suppliers.words import node_names

PAGE, MOST = 25, 500
FIRMS = (Hat.OWNER, Hat.SUPPLIER)
MOVES: dict[str, tuple[Any, Any]] = {
    "publish": (publish_policy, gettext_lazy("It stands on the list.")),
    "retire": (retire_policy, gettext_lazy("It is off the list.")),
}


def _asked(request: ActorRequest) -> PoliciesAsked:
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "open")
    known = ("open", "retired") if request.actor.hat != Hat.BUREAU else STATES
    return PoliciesAsked(
        kind=kind if kind in POLICY_KINDS else "", q=asked_text(request, "q", most=60), state=state if state in known else "open",
        fits=request.actor.hat in FIRMS and request.GET.get("fits") == "1",
    )  # fmt: skip


@require_safe
@wearing(*BUSINESS_HATS)
def policy_list(request: ActorRequest) -> HttpResponse:
    """What is offered, newest first; `?fits=1` is what fits the reader's own firm."""
    asked, today = _asked(request), timezone.localdate()
    found, more = policies(request.actor, asked, today=today, after=after_of(request), size=PAGE)
    firm = own_firm(request.actor) if request.actor.hat in FIRMS else None
    context = {
        "lines": [_line(row, firm, today) for row in found], "chips": POLICY_CHIPS, "shown": len(found),
        "heads": [{"label": label} for label in (_("Measure"), _("Kind"), _("State"), _("Until"), _("Asked for by firms"))],
        "more_url": changed_query(request.GET, {"after": after_text(found[-1].created_at, found[-1].pk)}) if more and not asked.fits else "",
        "may_keep": request.actor.hat == Hat.BUREAU and may_write(request), **_filters(request, asked), **_exports(request, asked),
    }  # fmt: skip
    return render(request, "oversight/policies.html", context)


def _line(row: PolicyTool, firm: Any, today: Any) -> dict[str, Any]:
    left = days_to(row.valid_to, today)
    state = "ended" if row.state == PolicyTool.State.PUBLISHED and left is not None and left < 0 else row.state
    return {
        "row": row, "title": text_of(row, "title"), "kind": POLICY_KINDS.get(row.kind, row.kind), "state": state, "until": row.valid_to,
        "left": days_left(left) if left is not None and left >= 0 else "", "used": crowd_words(crowd(row.n_used)),
        "fits": firm is not None and bool(row.rule) and Rule.of(row.rule).fits(firm),
    }  # fmt: skip


def _filters(request: ActorRequest, asked: PoliciesAsked) -> dict[str, Any]:
    states = {"open": _("Open today"), "draft": _("Drafts"), "retired": _("No longer offered")}
    known = list(states.items()) if request.actor.hat == Hat.BUREAU else [(key, label) for key, label in states.items() if key != "draft"]
    kinds = [("", _("Every kind")), *POLICY_KINDS.items()]
    selects = [("kind", _("Kind"), asked.kind, kinds), ("state", _("State"), asked.state, known)]
    if request.actor.hat in FIRMS:
        selects.append(("fits", pgettext("campaign", "For whom"), "1" if asked.fits else "", [("", _("For all firms")), ("1", _("That fit our firm"))]))
    return {
        "find": {"name": "q", "label": _("Name of the measure"), "value": asked.q}, "tabs": list_tabs("oversight:policies"),
        "selects": [
            {"name": name, "label": label, "value": value, "options": [{"value": each, "label": words} for each, words in options]}
            for name, label, value, options in selects
        ],
        "narrowed": bool(asked.kind or asked.q or asked.fits or asked.state != "open"),
    }  # fmt: skip


def _exports(request: ActorRequest, asked: PoliciesAsked) -> dict[str, str]:
    base = reverse("oversight:policies_export")
    urls = {kind: base + changed_query(request.GET, {"as": kind, "after": None}) for kind in ("csv", "xlsx")}
    papers = {"pdf_url": "oversight:policies_paper", "lists_pdf_url": "oversight:lists_pdf", "lists_xlsx_url": "oversight:lists_xlsx"}
    return {"csv_url": urls["csv"], "xlsx_url": urls["xlsx"], **{name: reverse(to) for name, to in papers.items()}}


@require_safe
@wearing(*BUSINESS_HATS)
def policies_export(request: ActorRequest) -> HttpResponse:
    """The same rows to take away."""
    today = timezone.localdate()
    rows, _more = policies(request.actor, _asked(request), today=today, size=MOST)
    return table_response(request, _("Policy tools"), "policies", policies_table(rows))


@require_safe
@wearing(*BUSINESS_HATS)
def policies_pdf(request: ActorRequest) -> HttpResponse:
    """What is offered today as a paper, with its day."""
    now = timezone.now()
    rows, _more = policies(request.actor, PoliciesAsked(), today=timezone.localdate(now), size=MOST)
    return file_response(pdf_of("oversight/paper_list.html", policies_paper(rows, now=now)), f"policies-{timezone.localdate(now)}", "pdf")


@require_safe
@wearing(*BUSINESS_HATS)
def three_lists(request: ActorRequest, *, kind: str) -> HttpResponse:
    """Problems, joint projects and measures in one document, with the moment of its figures."""
    now = timezone.now()
    parts = frozen(Asked(request.actor, Period.of(timezone.localdate(now), 1), now), THREE_LISTS)
    notes = [as_of_words(now), fives_words()]
    if kind == "xlsx":
        sheets = [(part["title"], part["heads"], [*part["rows"], *([note] for note in notes)]) for part in parts]
        return file_response(xlsx_book(sheets), f"lists-{timezone.localdate(now)}", kind)
    paper = {"title": _("The three lists"), "ref": f"{timezone.localdate(now)}", "parts": parts, "notes": notes}
    return file_response(pdf_of("oversight/paper_list.html", paper), f"lists-{timezone.localdate(now)}", kind)


@require_safe
@wearing(*BUSINESS_HATS)
def policy(request: ActorRequest, policy_id: UUID) -> HttpResponse:
    """One measure: who may have it, how to ask, how many did."""
    row, today = policy_for(request.actor, policy_id), timezone.localdate()
    firm = own_firm(request.actor) if request.actor.hat in FIRMS else None
    mine = request.actor.hat == Hat.BUREAU and row.org_id == request.actor.org_id and may_write(request)
    context = {
        **_line(row, firm, today), "chips": POLICY_CHIPS, "eligible": text_of(row, "eligible"), "how": text_of(row, "apply"),
        "whom": rule_sentence(Rule.of(row.rule), place_names(), node_names()), "has_rule": bool(row.rule),
        "use": own_use(request.actor, policy_id) if firm else None, "may_use": bool(firm) and may_write(request) and row.state == "published",
        "may_keep": mine and row.state != "retired", "campaign_url": reverse("oversight:campaign_new") + f"?policy={row.pk}",
    }  # fmt: skip
    return render(request, "oversight/policy.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.BUREAU)
def policy_new(request: ActorRequest) -> HttpResponse:
    request.actor.must_hold(*MAY_WRITE)
    return _edit(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Hat.BUREAU)
def policy_edit(request: ActorRequest, policy_id: UUID) -> HttpResponse:
    row = policy_for(request.actor, policy_id)
    request.actor.must_act_for(row.org_id, Hat.BUREAU)
    request.actor.must_hold(*MAY_WRITE)
    return _edit(request, row)


def _edit(request: ActorRequest, row: PolicyTool | None) -> HttpResponse:
    form = PolicyForm(rule_choices(), request.POST or None, initial=initial_of(row) if row else None)
    saved: list[PolicyTool] = []
    actor: Actor = request.actor

    def save() -> None:
        now, said = timezone.now(), form.said()
        if row is None:
            saved.append(draft_policy(actor=actor, said=said, client_id=form.cleaned_data["client_id"], now=now))
        else:
            saved.append(change_policy(actor=actor, policy_id=row.pk, said=said, now=now))

    if request.method == "POST" and form.is_valid() and tried(form, save):
        return redirect("oversight:policy", saved[0].pk)
    back = reverse("oversight:policy", args=[row.pk]) if row else reverse("oversight:policies")
    return render(request, "oversight/policy_form.html", {"form": form, "row": row, "back": back}, status=422 if form.errors else 200)


@require_POST
@wearing(Hat.BUREAU)
def policy_move(request: ActorRequest, policy_id: UUID, verb: str) -> HttpResponse:
    """Put it on the list, take it off."""
    move, said = MOVES[verb]
    move(actor=request.actor, policy_id=policy_id, now=timezone.now())
    messages.success(request, str(said))
    return redirect("oversight:policy", policy_id)


@require_POST
@wearing(*FIRMS)
def policy_use(request: ActorRequest, policy_id: UUID) -> HttpResponse:
    """The firm has asked for it."""
    say_used(actor=request.actor, policy_id=policy_id, now=timezone.now())
    messages.success(request, _("Noted. The bureau sees how many firms asked, not which."))
    return redirect("oversight:policy", policy_id)
