"""A line of a task list in words: what to do, for whom, how long it takes, and where. Facts come in, sentences go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from foundation.actor import Hat


@dataclass(frozen=True)
class Kind:
    """How one kind of todo is asked. `unblocks` says how much else waits for it; `ours` is a duty of the reader's own side."""

    ask: Any
    icon: str
    minutes: int
    url_name: str
    action: Any
    unblocks: int = 1
    ours: bool = True


@dataclass(frozen=True)
class Line:
    """One task, finished for the page."""

    id: UUID
    kind: str
    verb: str
    sub: str
    icon: str
    minutes: int
    url: str
    action: str
    unblocks: int
    ours: bool
    due: date | None = None
    state: str = ""
    when: Any = None


OPEN, READ = _("Open"), _("Read it")
AGREEMENT, AUDIT, FINDING, OBLIGATION, ENTRY, LINK = (
    "agreements:show",
    "audits:audit",
    "audits:finding",
    "agreements:obligation",
    "records:entry",
    "suppliers:supplier",
)
COPY = "audits:shown_one"
LIST, TAKE_AWAY, RESULT_FILE = "suppliers:import", "suppliers:export", "inspections:result_file"
SAMPLE = "agreements:sample"
LOT = "inspections:lot"
MASTER_DATA = "audits:master_data"
ACTION = "inspections:action"
SERIES = "inspections:sampling_series"
BATCH = "agreements:batch"
PAPER, INSTRUMENT = "suppliers:paper", "suppliers:instrument"
WITHOUT_SUBJECT = "suppliers:firm"
INVITATIONS = "suppliers:invitations"
SIGNALS = "inspections:signals"
HELP = "onestop:request"
LOOKS, MORNING = "desk:looks", "oversight:morning"
SCORE_APPEAL, BUREAU_APPEAL = "oversight:score_appeal", "oversight:bureau_appeal"
ROUND = "oversight:round"
KINDS: dict[str, Kind] = {
    "round_invited": Kind(_("Say whether you take part: %(other)s"), "flask", 3, ROUND, OPEN),
    "round_results_due": Kind(_("Enter the results of the comparison %(other)s"), "flask", 15, ROUND, OPEN),
    "round_to_release": Kind(_("Release the results of a colleague: %(other)s"), "check", 4, ROUND, OPEN),
    "round_left_out": Kind(_("Your results are not counted: %(other)s"), "alert", 1, ROUND, READ),
    "round_published": Kind(_("Read what the comparison found: %(other)s"), "chart", 3, ROUND, READ),
    "invitation_waiting": Kind(_("Answer the invitation of %(other)s"), "link", 3, WITHOUT_SUBJECT, OPEN, unblocks=5),
    "agreement_to_review": Kind(_("Read the agreement of %(other)s"), "eye", 4, AGREEMENT, READ, unblocks=4),
    "agreement_to_sign": Kind(_("Sign the agreement with %(other)s"), "pen", 2, AGREEMENT, _("Read and sign"), unblocks=4),
    "signatory_asked": Kind(_("Sign for your firm, a colleague asks: %(other)s"), "pen", 2, AGREEMENT, _("Read and sign"), unblocks=4),
    "stamped_to_check": Kind(_("Hold the stamped copy beside the text: %(other)s"), "camera", 4, AGREEMENT, OPEN, unblocks=4),
    "stamped_differs": Kind(_("Send a better stamped copy to %(other)s"), "undo", 4, AGREEMENT, OPEN, unblocks=4),
    "agreement_to_answer": Kind(
        _("Answer what %(other)s proposes in the agreement"), "comment", 3, "agreements:talk", _("Answer"), unblocks=4
    ),
    "clause_commented": Kind(_("Read what %(other)s says of a clause"), "comment", 1, "agreements:talk", READ),
    "agreement_returned": Kind(_("Mend the agreement that %(other)s returned"), "undo", 5, AGREEMENT, OPEN, unblocks=4),
    "agreement_in_force": Kind(_("See what the agreement with %(other)s asks of you"), "check", 2, AGREEMENT, READ),
    "amendment_in_force": Kind(_("See what the new text with %(other)s asks of you"), "check", 2, AGREEMENT, READ),
    "amendment_withdrawn": Kind(_("See that %(other)s took its new text back"), "undo", 1, AGREEMENT, OPEN),
    "agreement_withdrawn": Kind(_("See that %(other)s took its agreement back"), "undo", 1, AGREEMENT, OPEN),
    "amendment_asked": Kind(_("Answer %(other)s, which asks for another text"), "pen", 5, AGREEMENT, OPEN, unblocks=2),
    "renewal_asked": Kind(_("Answer %(other)s, which asks for the next period"), "calendar", 3, AGREEMENT, OPEN, unblocks=2),
    "agreement_ending": Kind(_("Renew the agreement with %(other)s, or let it end"), "calendar", 3, AGREEMENT, OPEN, unblocks=2),
    "agreement_ended": Kind(_("See that the agreement with %(other)s has ended"), "calendar", 1, AGREEMENT, READ),
    "suspend_notice": Kind(_("See when %(other)s suspends the agreement"), "clock", 1, AGREEMENT, READ),
    "resume_notice": Kind(_("See when the agreement with %(other)s goes on"), "next", 1, AGREEMENT, READ),
    "notice_taken_back": Kind(_("See what %(other)s took back"), "undo", 1, AGREEMENT, READ),
    "end_to_consent": Kind(_("Read why %(other)s ends the agreement"), "x", 3, AGREEMENT, READ, unblocks=2),
    "agreement_suspended": Kind(_("See that the agreement with %(other)s stands still"), "clock", 1, AGREEMENT, READ),
    "agreement_resumed": Kind(_("See that the agreement with %(other)s goes on"), "next", 1, AGREEMENT, READ),
    "agreement_terminated": Kind(_("See that the agreement with %(other)s was terminated"), "x", 1, AGREEMENT, READ),
    "self_check_due": Kind(_("Answer the self-check for %(other)s"), "camera", 5, AUDIT, _("Start"), unblocks=3),
    "audit_scheduled": Kind(_("See when the audit of %(other)s takes place"), "calendar", 1, AUDIT, OPEN),
    "visit_announced": Kind(_("See when %(other)s visits you and what to prepare"), "calendar", 1, AUDIT, READ),
    "visit_to_accept": Kind(_("Say whether the day suits you: %(other)s comes to visit"), "calendar", 2, AUDIT, _("Answer"), unblocks=3),
    "visit_soon": Kind(_("Prepare for the visit of %(other)s"), "calendar", 2, AUDIT, OPEN),
    "visit_soon_team": Kind(_("Prepare the visit to %(other)s"), "calendar", 5, AUDIT, OPEN),
    "visit_accepted": Kind(_("See that %(other)s agrees to the day"), "check", 1, AUDIT, READ),
    "visit_day_asked": Kind(_("Answer %(other)s, which asks for another day"), "calendar", 2, AUDIT, _("Answer"), unblocks=3),
    "visit_moved": Kind(_("See to which day %(other)s has moved its visit"), "calendar", 1, AUDIT, READ),
    "visit_day_kept": Kind(_("See why %(other)s keeps the day"), "calendar", 1, AUDIT, READ),
    "visit_called_off": Kind(_("See that %(other)s does not come"), "minus", 1, AUDIT, READ),
    "master_data_proposed": Kind(_("Decide what your page says: %(other)s found it otherwise"), "pen", 2, MASTER_DATA, _("Decide")),
    "audit_to_review": Kind(_("Judge the self-check of %(other)s"), "shield", 5, AUDIT, OPEN, unblocks=3),
    "visit_begun": Kind(_("See that the auditors of %(other)s are here"), "eye", 1, AUDIT, OPEN),
    "visit_handed_in": Kind(_("Read what the auditors of %(other)s wrote"), "shield", 3, AUDIT, READ),
    "visit_to_review": Kind(_("Review the visit of %(other)s"), "shield", 5, AUDIT, OPEN, unblocks=3),
    "visit_reviewed": Kind(_("See what the visit of %(other)s came to"), "shield", 1, AUDIT, READ),
    "audit_reviewed": Kind(_("Read what %(other)s says of your self-check"), "shield", 1, AUDIT, READ),
    "copy_to_decide": Kind(_("Decide whether the audit that %(other)s shows saves your own"), "shield", 5, COPY, OPEN, unblocks=2),
    "copy_decided": Kind(_("Read what %(other)s decided about the audit you showed"), "shield", 1, COPY, READ),
    "finding_raised": Kind(_("Answer the finding of %(other)s"), "alert", 4, FINDING, _("Answer"), unblocks=3),
    "finding_contested": Kind(_("Decide on the finding that %(other)s contests"), "comment", 4, FINDING, OPEN, unblocks=3),
    "finding_answered": Kind(_("Judge the answer of %(other)s to a finding"), "shield", 4, FINDING, OPEN, unblocks=3),
    "finding_closed": Kind(_("Read how the finding with %(other)s was closed"), "check", 1, FINDING, READ),
    "finding_refused": Kind(_("Answer the finding of %(other)s again"), "undo", 4, FINDING, _("Answer"), unblocks=3),
    "finding_noted": Kind(_("Read what %(other)s sees as an opportunity"), "comment", 1, FINDING, READ),
    "finding_reworded": Kind(_("Read the finding that %(other)s worded anew"), "pen", 2, FINDING, READ, unblocks=2),
    "finding_contained": Kind(_("See what %(other)s did at once"), "hold", 1, FINDING, OPEN),
    "finding_planned": Kind(_("Judge the plan of %(other)s for a finding"), "calendar", 4, FINDING, OPEN, unblocks=3),
    "finding_plan_returned": Kind(_("Plan again, %(other)s returned the plan"), "undo", 5, FINDING, OPEN, unblocks=3),
    "finding_to_carry_out": Kind(_("Carry out the plan for %(other)s and show it"), "camera", 5, FINDING, OPEN, unblocks=3),
    "finding_watched": Kind(_("See which lots %(other)s watches"), "eye", 1, FINDING, OPEN),
    "finding_effect": Kind(_("Say whether the action of %(other)s works"), "eye", 3, FINDING, OPEN, unblocks=2),
    "finding_reopened": Kind(_("Plan again, it did not work: %(other)s"), "undo", 5, FINDING, OPEN, unblocks=3),
    "finding_due_soon": Kind(_("Answer the finding of %(other)s before its day"), "clock", 4, FINDING, _("Answer"), unblocks=3),
    "finding_late": Kind(
        _("Talk with %(other)s about a finding whose day has passed"), "comment", 3, FINDING, OPEN, unblocks=2, ours=False
    ),
    "finding_appealed": Kind(_("Read why %(other)s appeals"), "shield", 2, FINDING, READ),
    "finding_appeal_ended": Kind(_("Read what the third party says: %(other)s"), "shield", 2, FINDING, READ),
    "appeal_to_decide": Kind(_("Decide the appeal %(other)s"), "shield", 10, "audits:appeal", OPEN, unblocks=3),
    "document_due": Kind(_("File the document for %(other)s"), "camera", 1, OBLIGATION, _("Take the photo"), unblocks=2),
    "owner_duty_due": Kind(_("Keep your own duty towards %(other)s"), "hand", 5, OBLIGATION, OPEN, unblocks=2),
    "entry_disputed": Kind(_("Answer the dispute of %(other)s over an entry"), "comment", 3, ENTRY, OPEN, unblocks=2),
    "obligation_overdue": Kind(_("Look at the overdue duty with %(other)s"), "alert", 2, OBLIGATION, OPEN, unblocks=2, ours=False),
    "duty_reminded": Kind(_("Keep the duty of which %(other)s reminds you"), "bell", 2, OBLIGATION, OPEN, unblocks=2),
    "supplier_joined": Kind(_("Send an agreement to %(other)s, which has joined"), "pen", 5, LINK, OPEN, unblocks=2),
    "invitations_ran_out": Kind(_("Invite again, the invitation ran out: %(other)s"), "link", 1, INVITATIONS, OPEN),
    "supplier_declined": Kind(_("Check the address of %(other)s, which declined"), "link", 2, LINK, OPEN),
    "firm_shows": Kind(_("Look at what %(other)s shows you"), "eye", 2, "suppliers:shared_firm", OPEN),
    "paper_expiring": Kind(_("Renew before it runs out: %(other)s"), "calendar", 2, PAPER, _("Renew")),
    "paper_lapsed": Kind(_("Renew, it has run out: %(other)s"), "calendar", 2, PAPER, _("Renew")),
    "calibration_due": Kind(_("Have it calibrated: %(other)s"), "calendar", 2, INSTRUMENT, OPEN),
    "calibration_lapsed": Kind(_("Have it calibrated, the day is past: %(other)s"), "calendar", 2, INSTRUMENT, OPEN),
    "result_file_read": Kind(_("Look through the results in %(other)s, which has been read"), "eye", 5, RESULT_FILE, OPEN),
    "result_file_filed": Kind(_("See what came of the results in %(other)s"), "check", 1, RESULT_FILE, OPEN),
    "list_read": Kind(_("Look through the list %(other)s, which has been read"), "eye", 5, LIST, OPEN),
    "export_ready": Kind(_("Take the list of %(other)s suppliers away"), "download", 1, TAKE_AWAY, OPEN),
    "plan_ready": Kind(_("Look at the plan of %(other)s visits"), "calendar", 10, "audits:plan", OPEN),
    "batch_drafted": Kind(_("Look through the %(other)s drafts of a batch"), "pen", 10, BATCH, OPEN),
    "batch_sent": Kind(_("See what came of the %(other)s agreements that were sent"), "check", 2, BATCH, OPEN),
    "firm_verified": Kind(_("See that %(other)s has verified your firm"), "shield", 1, WITHOUT_SUBJECT, OPEN),
    "firm_returned": Kind(_("Read why %(other)s returned your licence"), "undo", 1, WITHOUT_SUBJECT, READ),
    "firm_checked_again": Kind(_("See that %(other)s looks at your licence again"), "clock", 1, WITHOUT_SUBJECT, OPEN),
    "firm_suspended": Kind(_("Read why %(other)s suspended your firm"), "hold", 1, WITHOUT_SUBJECT, READ),
    "licence_to_mend": Kind(
        _("Photograph the business licence again: %(other)s returned it"), "camera", 2, WITHOUT_SUBJECT, OPEN, unblocks=3
    ),
    "sample_to_confirm": Kind(_("Compare your half of the swatch of %(other)s"), "eye", 3, SAMPLE, _("Compare"), unblocks=2),
    "sample_returned": Kind(_("Look at the sample that %(other)s sent back"), "undo", 3, SAMPLE, OPEN, unblocks=2),
    "joint_action_to_answer": Kind(_("Say what you found: %(other)s opened a joint action"), "comment", 5, ACTION, _("Answer"), unblocks=2),
    "joint_action_to_close": Kind(_("See what %(other)s found in the joint action"), "check", 3, ACTION, OPEN),
    "joint_action_closed": Kind(_("Read what came of the joint action with %(other)s"), "check", 1, ACTION, READ),
    "sample_sealed": Kind(_("See the sample sealed with %(other)s"), "check", 1, SAMPLE, OPEN),
    "sample_runs_out": Kind(_("Seal a new sample with %(other)s: one runs out"), "calendar", 4, SAMPLE, OPEN),
    "sampling_discontinued": Kind(_("Decide how inspection goes on: %(other)s"), "hold", 4, SERIES, OPEN, unblocks=3),
    "sampling_resumed": Kind(_("See why %(other)s resumes inspection"), "next", 1, SERIES, READ),
    "inspection_not_accepted": Kind(_("See why %(other)s does not accept a lot"), "x", 2, "inspections:inspection", READ),
    "lot_held": Kind(_("See why a lot is on hold: %(other)s"), "hold", 1, LOT, READ),
    "lot_released": Kind(_("See that %(other)s released a lot"), "check", 1, LOT, READ),
    "lot_not_accepted": Kind(_("Say what becomes of the lot that %(other)s does not accept"), "x", 3, LOT, OPEN, unblocks=3),
    "lot_finding_to_raise": Kind(
        _("Raise a finding on the lot of %(other)s that was not accepted"), "alert", 4, "audits:lot_finding", OPEN, unblocks=2
    ),
    "lot_decided": Kind(_("See what was decided about a lot: %(other)s"), "spool", 1, LOT, READ),
    "concession_to_answer": Kind(
        _("Answer the request of %(other)s for a concession"), "hand", 3, "inspections:concession", _("Answer"), unblocks=3
    ),
    "concession_answered": Kind(_("See how %(other)s answered your request for a concession"), "hand", 1, LOT, READ),
    "arbitration_asked": Kind(_("See what %(other)s asks a laboratory to decide"), "shield", 2, "inspections:arbitration", READ),
    "arbitration_moved": Kind(_("See how the arbitration with %(other)s stands"), "shield", 1, "inspections:arbitration", READ),
    "arbitration_decided": Kind(_("Read what the laboratory decided: %(other)s"), "shield", 2, "inspections:arbitration", READ),
    "arbitration_to_test": Kind(_("Test the sample %(other)s"), "flask", 20, "inspections:arbitration", OPEN, unblocks=3),
    "change_to_answer": Kind(
        _("Answer the change of which %(other)s tells you"), "bell", 3, "inspections:change_reply", _("Answer"), unblocks=2
    ),
    "change_answered": Kind(_("See what %(other)s says of your change"), "comment", 1, "inspections:change", READ),
    "change_moved": Kind(_("See how a change at %(other)s stands"), "bell", 1, "inspections:change_reply", READ),
    "change_may_start": Kind(_("Make the change, every customer has answered: %(other)s"), "next", 2, "inspections:change", OPEN),
    "signals_to_look_at": Kind(_("Look at signals, the most harmful first: %(other)s"), "chart", 3, SIGNALS, OPEN),
    "reading_out_of_limits": Kind(_("Look at the reading out of limits: %(other)s"), "alert", 2, "inspections:signal", OPEN, unblocks=2),
    "score_appeal_to_decide": Kind(_("Decide the appeal of %(other)s against a score"), "shield", 10, BUREAU_APPEAL, OPEN, unblocks=3),
    "score_appealed": Kind(_("Answer the appeal of %(other)s against a score"), "comment", 5, SCORE_APPEAL, _("Answer"), unblocks=2),
    "score_appeal_said": Kind(_("Read what %(other)s says about an appeal"), "comment", 1, SCORE_APPEAL, READ),
    "score_appeal_to_answer": Kind(
        _("Answer the bureau's question in the appeal %(other)s"), "flask", 10, SCORE_APPEAL, _("Answer"), unblocks=3
    ),
    "score_appeal_decided": Kind(_("Read how %(other)s decided the appeal"), "shield", 1, SCORE_APPEAL, READ),
    "duty_case_opened": Kind(_("See why %(other)s opened a duty case"), "eye", 1, LOOKS, READ),
    "duty_looked": Kind(_("See what %(other)s looked at, and why"), "eye", 1, LOOKS, READ),
    "duty_case_closed": Kind(_("See what %(other)s looked at, and why"), "eye", 1, LOOKS, READ),
    "bureau_digest": Kind(_("Read the morning: %(other)s"), "home", 2, MORNING, READ),
    "campaign_task": Kind(_("Do what the bureau asks: %(other)s"), "bell", 3, "oversight:campaign_told", OPEN, unblocks=2),
    "problem_reported": Kind(_("Answer a report of %(other)s"), "comment", 3, "oversight:problem_report", OPEN, unblocks=2),
    "problem_report_answered": Kind(_("Read what %(other)s says to your report"), "comment", 1, "oversight:own_report", READ),
    "problem_to_research": Kind(_("Look at a problem in your field"), "flask", 3, "oversight:problem", OPEN),
    "research_offered": Kind(_("Decide on an offer of %(other)s"), "flask", 4, "oversight:problem_desk", OPEN, unblocks=2),
    "research_offer_settled": Kind(_("See who works on a problem"), "flask", 1, "oversight:problem", READ),
    "project_moved": Kind(_("See how a research project goes on"), "spool", 1, "oversight:project", OPEN),
    "project_to_judge": Kind(_("Judge a research result of %(other)s"), "eye", 6, "oversight:project", OPEN, unblocks=2),
    "project_joined": Kind(_("See what the project sees of your firm"), "eye", 1, "oversight:project", OPEN),
    "technique_published": Kind(_("Read a technique: %(other)s"), "bookmark", 3, "oversight:technique", READ),
    "service_to_answer": Kind(_("Answer a request for help: %(other)s"), "hand", 3, HELP, _("Answer"), unblocks=3),
    "service_quoted": Kind(_("Look at the quote of %(other)s"), "comment", 2, HELP, OPEN, unblocks=2),
    "service_passed": Kind(_("Ask another way, nobody can help yet: %(other)s"), "undo", 2, HELP, OPEN),
    "service_brought_up": Kind(_("See that the bureau asks the providers: %(other)s"), "clock", 1, HELP, READ),
    "service_not_chosen": Kind(_("See that a request is closed without you: %(other)s"), "minus", 1, HELP, READ),
    "service_to_deliver": Kind(_("Do what %(other)s ordered, and deliver it"), "upload", 20, HELP, OPEN, unblocks=3),
    "service_begun": Kind(_("See that %(other)s has begun"), "next", 1, HELP, READ),
    "service_to_confirm": Kind(_("See what %(other)s delivered, and confirm it"), "check", 3, HELP, OPEN, unblocks=2),
    "service_sent_back": Kind(_("Deliver again, %(other)s sent it back"), "undo", 10, HELP, OPEN, unblocks=2),
    "service_confirmed": Kind(_("See that %(other)s confirms what you delivered"), "check", 1, HELP, READ),
    "service_rated": Kind(_("Read how %(other)s rates your service"), "check", 1, HELP, READ),
    "portrait_shown": Kind(_("Look at the quality portrait of %(other)s"), "chart", 1, "onestop:portrait_shown", READ),
    "service_untouched": Kind(_("Ask the providers, nobody answers: %(other)s"), "hand", 2, HELP, OPEN, ours=False),
    "list_written": Kind(_("See what came of the list %(other)s"), "check", 1, LIST, OPEN),
}

RESEARCH = ("problem_reported", "research_offered", "project_to_judge", "project_moved")  # the bureau's own work, not a firm's


def url_for(kind: str, hat: Hat, subject_id: UUID) -> str:
    """The page that a line opens. The bureau sees states, so its lines open its own table."""
    if hat == Hat.BUREAU and kind.startswith("score_appeal"):
        return reverse(BUREAU_APPEAL, args=[subject_id])
    if hat == Hat.BUREAU and kind == "bureau_digest":
        return reverse(MORNING)
    if hat == Hat.BUREAU and kind in RESEARCH:
        return reverse(KINDS[kind].url_name, args=[subject_id])
    if hat == Hat.BUREAU and kind == "service_untouched":
        return reverse("onestop:promises") + "?late=1"
    if hat == Hat.BUREAU:
        return reverse("oversight:compliance") + "?overdue=1"
    name = KINDS[kind].url_name
    return reverse(name) if name in (WITHOUT_SUBJECT, INVITATIONS, SIGNALS, LOOKS, MORNING) else reverse(name, args=[subject_id])


def line_of(todo: Any) -> Line:
    """A todo as a task. Raises KeyError for a kind that nobody has named: a test holds the two lists together."""
    kind, facts = KINDS[todo.kind], todo.facts
    return Line(
        id=todo.pk,
        kind=todo.kind,
        verb=str(kind.ask) % {"other": _other(facts)},
        sub=_sub(kind, facts),
        icon=kind.icon,
        minutes=kind.minutes,
        url=url_for(todo.kind, Hat(todo.hat), todo.subject_id),
        action=str(kind.action),
        unblocks=kind.unblocks,
        ours=kind.ours,
        due=todo.due_on,
    )


def _other(facts: dict[str, Any]) -> str:
    chinese = (get_language() or "").startswith("zh")
    return str(facts.get("other_zh" if chinese else "other_en") or facts.get("other_zh") or gettext("the other side"))


def _sub(kind: Kind, facts: dict[str, Any]) -> str:
    minutes = ngettext("about %(n)s minute", "about %(n)s minutes", kind.minutes) % {"n": kind.minutes}
    return gettext("%(number)s · %(minutes)s") % {"number": facts["number"], "minutes": minutes} if facts.get("number") else minutes


def done_line(todo: Any) -> Line:
    """A task that is done: no deadline any more, but the day it was done."""
    return replace(line_of(todo), state="done", due=None, when=todo.done_at)


def first_of(lines: Sequence[Line], *, today: date) -> Line | None:
    """The one to do first: what unblocks most, then what is late, then the shortest."""
    return min(lines, key=lambda line: (-line.unblocks, not _late(line, today), line.minutes, line.due or date.max), default=None)


def in_order(lines: Sequence[Line], *, today: date) -> list[Line]:
    """For a chain owner: overdue on our own side first, then overdue elsewhere, then by day; no day comes last."""
    return sorted(lines, key=lambda line: (not (_late(line, today) and line.ours), not _late(line, today), line.due or date.max))


def _late(line: Line, today: date) -> bool:
    return line.due is not None and line.due < today
