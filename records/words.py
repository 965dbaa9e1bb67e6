"""What people read of the record: a sentence per kind of entry, the words of each side, and why a file is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from foundation.templatetags.qc import day_words


@dataclass(frozen=True)
class Kind:
    """How one kind of entry is told: its picture, its short name, and a sentence where the payload has the facts for it."""

    icon: str
    tone: str
    name: Any
    sentence: Any = ""


KINDS: dict[str, Kind] = {
    "agreement_sent": Kind("record", "", _("Agreement sent for review"), _("Agreement %(number)s sent for review")),
    "agreement_returned": Kind("undo", "warn", _("Agreement returned with remarks"), _("Agreement %(number)s returned with remarks")),
    "clause_proposed": Kind(
        "comment", "info", _("Change of a clause proposed"), _("Agreement %(number)s, clause %(clause)s: change proposed")
    ),
    "clause_countered": Kind(
        "comment",
        "info",
        _("Proposal answered with other words"),
        _("Agreement %(number)s, clause %(clause)s: other words proposed in answer"),
    ),
    "clause_accepted": Kind(
        "check", "good", _("Change of a clause accepted"), _("Agreement %(number)s, clause %(clause)s: change accepted")
    ),
    "clause_declined": Kind("x", "", _("Change of a clause declined"), _("Agreement %(number)s, clause %(clause)s: change declined")),
    "clause_withdrawn": Kind("undo", "", _("Proposal withdrawn"), _("Agreement %(number)s, clause %(clause)s: proposal withdrawn")),
    "clause_answer_taken_back": Kind("undo", "", _("Answer taken back"), _("Agreement %(number)s, clause %(clause)s: answer taken back")),
    "agreement_agreed": Kind(
        "check", "good", _("Whole text found fine"), _("Agreement %(number)s: the supplier finds the whole text fine")
    ),
    "agreement_signed": Kind("pen", "good", _("Agreement signed"), _("Agreement %(number)s signed")),
    "agreement_in_force": Kind("check", "good", _("Agreement in force"), _("Agreement %(number)s is in force")),
    "agreement_withdrawn": Kind("x", "", _("Agreement withdrawn"), _("Agreement %(number)s withdrawn")),
    "amendment_in_force": Kind("check", "good", _("Amendment in force"), _("Agreement %(number)s: version %(version)s is in force")),
    "amendment_withdrawn": Kind("x", "", _("Amendment taken back"), _("Agreement %(number)s: version %(version)s taken back")),
    "agreement_amendment_asked": Kind("pen", "info", _("Amendment asked for"), _("Amendment of agreement %(number)s asked for")),
    "agreement_renewal_asked": Kind("calendar", "info", _("Renewal asked for"), _("Renewal of agreement %(number)s asked for")),
    "agreement_suspend_notice": Kind(
        "clock", "warn", _("Notice of suspension"), _("Agreement %(number)s: suspension announced for %(effective_on)s")
    ),
    "agreement_resume_notice": Kind(
        "next", "info", _("Notice of resumption"), _("Agreement %(number)s: resumption announced for %(effective_on)s")
    ),
    "agreement_terminate_notice": Kind(
        "x", "warn", _("Notice of ending"), _("Agreement %(number)s: no longer covered from %(effective_on)s")
    ),
    "agreement_notice_taken_back": Kind("undo", "", _("Notice taken back"), _("Agreement %(number)s: a notice was taken back")),
    "agreement_end_agreed": Kind("hand", "", _("Ending agreed"), _("Agreement %(number)s: both agreed to end it at once")),
    "agreement_suspended": Kind("clock", "warn", _("Agreement suspended"), _("Agreement %(number)s suspended from %(effective_on)s")),
    "agreement_resumed": Kind("next", "good", _("Agreement resumed"), _("Agreement %(number)s goes on from %(effective_on)s")),
    "agreement_terminated": Kind(
        "x", "", _("Agreement terminated"), _("Agreement %(number)s terminated: no longer covered from %(effective_on)s")
    ),
    "agreement_ended": Kind("minus", "", _("Agreement ended"), _("Agreement %(number)s ended")),
    "agreement_sheet_kept": Kind("record", "", _("Signature sheet kept"), _("Signature sheet of agreement %(number)s printed and kept")),
    "agreement_stamp_filed": Kind("camera", "info", _("Stamped copy sent in"), _("Agreement %(number)s: a stamped copy was sent in")),
    "agreement_stamp_matches": Kind(
        "check", "good", _("Stamped copy matches"), _("Agreement %(number)s: the stamped copy matches the text")
    ),
    "agreement_stamp_differs": Kind(
        "x", "warn", _("Stamped copy does not match"), _("Agreement %(number)s: the stamped copy does not match the text")
    ),
    "obligation_met": Kind("check", "good", _("Duty met"), _("Duty met: %(title)s")),
    "obligation_waived": Kind("minus", "", _("Duty waived"), _("Duty waived: %(title)s")),
    "audit_scheduled": Kind("calendar", "info", _("Audit scheduled"), _("Audit scheduled for %(scheduled_on)s")),
    "visit_accepted": Kind("check", "good", _("Day of a visit agreed"), _("Visit agreed for %(visit_on)s")),
    "visit_day_asked": Kind(
        "calendar", "warn", _("Another day asked for"), _("Asked for %(wanted_on)s instead of %(visit_on)s: %(reason)s")
    ),
    "visit_moved": Kind("calendar", "info", _("Visit moved"), _("Visit moved from %(was_on)s to %(visit_on)s")),
    "visit_day_kept": Kind("calendar", "", _("Day of a visit kept"), _("Visit stays on %(visit_on)s: %(reason)s")),
    "visit_called_off": Kind("minus", "warn", _("Visit called off"), _("Visit of %(visit_on)s called off: %(reason)s")),
    "audit_submitted": Kind("upload", "info", _("Self-check submitted"), _("Self-check submitted, %(answers)s answers")),
    "audit_reviewed": Kind("shield", "good", _("Self-check reviewed")),
    "visit_begun": Kind("pen", "info", _("Visit begun")),
    "visit_handed_in": Kind(
        "upload", "info", _("Visit handed in"), _("Visit handed in, %(answers)s answers, %(photos)s photos, %(findings)s findings")
    ),
    "visit_reviewed": Kind("shield", "good", _("Visit reviewed")),
    "audit_shown": Kind("eye", "info", _("Audit shown"), _("A copy of an audit of %(month)s was shown")),
    "audit_recognised": Kind("check", "good", _("Audit recognised"), _("The audit of %(month)s was recognised")),
    "audit_not_recognised": Kind("x", "", _("Audit not recognised"), _("The audit of %(month)s was not recognised")),
    "audit_taken_back": Kind("undo", "", _("Audit shown no more"), _("The copy of the audit of %(month)s was taken back")),
    "audit_report_kept": Kind("print", "", _("Report printed"), _("Report %(number)s of an audit was printed and kept")),
    "finding_raised": Kind("alert", "warn", _("Finding raised"), _("Finding raised: %(title)s")),
    "finding_accepted": Kind("check", "info", _("Finding accepted"), _("Finding accepted: %(title)s")),
    "finding_contested": Kind("comment", "warn", _("Finding contested"), _("Finding contested: %(title)s")),
    "finding_upheld": Kind("shield", "", _("Finding upheld"), _("Finding upheld: %(title)s")),
    "finding_withdrawn": Kind("minus", "", _("Finding withdrawn"), _("Finding withdrawn: %(title)s")),
    "finding_answered": Kind("comment", "info", _("Finding answered"), _("Finding answered: %(title)s")),
    "finding_refused": Kind("undo", "warn", _("Answer to a finding sent back"), _("Answer sent back: %(title)s")),
    "finding_closed": Kind("check", "good", _("Finding closed"), _("Finding closed: %(title)s")),
    "finding_noted": Kind("comment", "", _("Opportunity noted"), _("Opportunity for improvement noted: %(title)s")),
    "finding_reworded": Kind("pen", "", _("Finding reworded"), _("Finding worded anew: %(title)s")),
    "finding_appealed": Kind("shield", "info", _("Finding appealed"), _("Appeal against a finding: %(title)s")),
    "finding_appeal_ended": Kind("shield", "", _("Appeal ended"), _("Appeal ended: %(title)s")),
    "finding_contained": Kind("hold", "info", _("Finding contained"), _("Contained: %(title)s")),
    "finding_planned": Kind("calendar", "info", _("Corrective action planned"), _("Corrective action planned: %(title)s")),
    "finding_plan_accepted": Kind("check", "good", _("Plan accepted"), _("Plan accepted: %(title)s")),
    "finding_plan_returned": Kind("undo", "warn", _("Plan returned"), _("Plan returned: %(title)s")),
    "finding_implemented": Kind("upload", "info", _("Corrective action carried out"), _("Corrective action carried out: %(title)s")),
    "finding_watched": Kind("eye", "info", _("Effect is watched"), _("Verified; the next lots are watched: %(title)s")),
    "finding_reopened": Kind("undo", "warn", _("Finding open again"), _("Open again, the action does not work: %(title)s")),
    "follow_up_planned": Kind("calendar", "info", _("Follow-up planned"), _("Follow-up planned for %(scheduled_on)s")),
    "document_filed": Kind("record", "info", _("Document filed"), _("Document filed: %(title)s")),
    "record_filed": Kind("record", "info", _("Record shown"), _("Record shown: %(title)s")),
    "duty_reminded": Kind("bell", "", _("Reminded of a duty"), _("Reminded: %(title)s")),
    "results_shared": Kind("chart", "info", _("Results shared"), _("Results shared: %(title)s")),
    "sample_offered": Kind("hand", "info", _("Sample offered"), _("Sample offered: %(product)s, %(colour)s")),
    "lot_results_filed": Kind(
        "flask", "info", _("Results filed"), _("Lot %(lot_no)s: readings filed: %(readings)s; results out of limits: %(out)s of %(sets)s")
    ),
    "lot_result_corrected": Kind("pen", "warn", _("Result corrected"), _("Lot %(lot_no)s: a result was corrected: %(reason)s")),
    "results_shown": Kind(
        "eye", "info", _("Earlier results shown"), _("Results filed earlier are shown to the customer. Results: %(sets)s; lots: %(lots)s")
    ),
    "lot_held": Kind("hold", "warn", _("Lot put on hold"), _("Lot %(lot_no)s put on hold")),
    "lot_hold_ended": Kind("next", "mute", _("Hold of a lot ended"), _("Lot %(lot_no)s: a hold has ended")),
    "lot_released": Kind("check", "good", _("Lot released"), _("Lot %(lot_no)s released")),
    "lot_not_accepted": Kind("x", "warn", _("Lot not accepted"), _("Lot %(lot_no)s not accepted")),
    "lot_reworked": Kind("undo", "mute", _("Lot sent to rework"), _("Lot %(lot_no)s sent to rework")),
    "lot_regraded": Kind("fall", "warn", _("Lot regraded"), _("Lot %(lot_no)s regraded: %(grade)s")),
    "lot_scrapped": Kind("minus", "warn", _("Lot scrapped"), _("Lot %(lot_no)s: %(quantity)s scrapped")),
    "concession_asked": Kind("hand", "info", _("Concession asked for"), _("Lot %(lot_no)s: concession for %(quantity)s asked for")),
    "concession_granted": Kind(
        "hand", "good", _("Concession granted"), _("Lot %(lot_no)s: concession for %(quantity)s granted until %(until)s")
    ),
    "concession_refused": Kind("x", "warn", _("Concession refused"), _("Lot %(lot_no)s: concession refused")),
    "concession_withdrawn": Kind("undo", "", _("Concession taken back"), _("Lot %(lot_no)s: the request for a concession was taken back")),
    "concession_lapsed": Kind("calendar", "warn", _("Concession run out"), _("Lot %(lot_no)s: the concession has run out")),
    "arbitration_asked": Kind("shield", "info", _("Arbitration asked for"), _("Lot %(lot_no)s: arbitration by %(laboratory)s asked for")),
    "arbitration_taken": Kind("flask", "info", _("Sample at the laboratory"), _("Lot %(lot_no)s: %(laboratory)s has the sample")),
    "arbitration_declined": Kind("x", "", _("Arbitration declined"), _("Lot %(lot_no)s: %(laboratory)s declined")),
    "arbitration_withdrawn": Kind("undo", "", _("Arbitration taken back"), _("Lot %(lot_no)s: the request for arbitration was taken back")),
    "arbitration_decided": Kind("shield", "good", _("Arbitration decided"), _("Lot %(lot_no)s: %(laboratory)s has decided")),
    "change_told": Kind("bell", "info", _("Change told of"), _("A change of %(products)s was told of, planned for %(planned_on)s")),
    "change_accepted": Kind("check", "good", _("Change accepted"), _("The change of %(products)s was accepted")),
    "change_accepted_with_trial": Kind(
        "flask", "good", _("Change accepted with a trial"), _("The change of %(products)s was accepted with a trial")
    ),
    "change_refused": Kind("x", "warn", _("Change refused"), _("The change of %(products)s was refused")),
    "change_lapsed": Kind("calendar", "warn", _("Change not answered in time"), _("The change of %(products)s was not answered in time")),
    "change_withdrawn": Kind("undo", "", _("Change taken back"), _("The change of %(products)s was taken back")),
    "change_effective": Kind("next", "info", _("Change in use"), _("The change of %(products)s is in use")),
    "lot_registered": Kind("plus", "mute", _("Lot registered"), _("Lot %(lot_no)s registered: %(product)s")),
    "lot_changed": Kind("pen", "mute", _("Lot put right"), _("Lot %(lot_no)s put right: %(product)s")),
    "lot_split": Kind("more", "mute", _("Lot divided"), _("Lot %(lot_no)s divided into %(into)s")),
    "lot_merged": Kind("link", "mute", _("Lot put together with others"), _("Lot %(lot_no)s put together with others as %(into)s")),
    "lot_input_named": Kind("spool", "mute", _("Input of a lot named"), _("Lot %(lot_no)s was made of %(input)s")),
    "inspection_filed": Kind("flask", "info", _("Lot inspected by sampling"), _("Lot %(lot_no)s inspected: %(pieces)s pieces taken")),
    "inspection_corrected": Kind("undo", "warn", _("Inspection corrected"), _("Inspection of lot %(lot_no)s corrected: %(reason)s")),
    "sampling_discontinued": Kind(
        "hold",
        "warn",
        _("Inspection discontinued"),
        _("Inspection of %(product)s discontinued: five lots not accepted on tightened inspection"),
    ),
    "sampling_resumed": Kind("next", "good", _("Inspection resumed"), _("Inspection of %(product)s goes on, tightened: %(reason)s")),
    "sampling_reduced_allowed": Kind(
        "check", "good", _("Reduced inspection allowed"), _("Reduced inspection of %(product)s allowed: %(reason)s")
    ),
    "sampling_reduced_ended": Kind(
        "undo", "", _("Reduced inspection no longer allowed"), _("Reduced inspection of %(product)s no longer allowed: %(reason)s")
    ),
    "joint_action_opened": Kind("link", "mute", _("Joint action opened"), _("Joint action on %(characteristic)s opened")),
    "joint_action_answered": Kind("comment", "mute", _("Joint action answered"), _("Joint action on %(characteristic)s answered")),
    "joint_action_closed": Kind("check", "good", _("Joint action closed"), _("Joint action on %(characteristic)s closed")),
    "sample_sealed": Kind("check", "good", _("Sample sealed"), _("Sample sealed: %(product)s, %(colour)s")),
    "sample_returned": Kind("undo", "warn", _("Sample sent back"), _("Sample sent back: %(product)s, %(colour)s")),
    "sample_withdrawn": Kind("x", "", _("Sample taken back"), _("Sample taken back: %(product)s, %(colour)s")),
    "sample_replaced": Kind("swap", "", _("Sample replaced"), _("Sample replaced: %(product)s, %(colour)s")),
    "sample_expired": Kind("calendar", "warn", _("Sample run out"), _("Sample run out: %(product)s, %(colour)s")),
}
NEUTRAL = Kind("record", "", _("An entry of another kind"))

SIDES = {"owner": _("Chain owner"), "supplier": _("Supplier"), "clock": _("By the calendar")}
# The word of a side -> (tone, icon, label). "wrote" is the side whose entry it is, "" has said nothing yet.
SAID: dict[str, tuple[str, str, Any]] = {
    "agreed": ("good", "check", _("agrees")),
    "disputed": ("bad", "alert", _("disputes")),
    "settled": ("good", "check", _("settled")),
    "wrote": ("info", "pen", _("wrote it")),
    "": ("", "clock", _("nothing said yet")),
}

WORDS: dict[str, Any] = {
    "dispute_needs_a_reason": _("Say why you dispute it, in at least five characters: the other side must be able to answer."),
    "grant_follows_from_a_clause": _(
        "This follows from a clause of an agreement and ends with it. Ask the other side to change the clause."
    ),
    "grant_off_for_good": _("A switch-off can be taken back for 10 minutes. Share it anew if you still want to."),
    "looks_too_many": _("More than %(limit)s looks do not fit one table. Choose fewer days."),
    "export_too_long": _(
        "More than %(limit)s entries do not fit one table. Filter by kind, or take the JSON lines: they are always complete."
    ),
    "upload_differs": _("Another file was begun under this number. Choose the file again."),
    "upload_offset": _("%(received)s bytes are kept. Go on from there."),
    "chunk_too_large": _("One piece may have at most 1 MB. Send it in smaller pieces."),
    "evidence_missing": _("Choose a file."),
    "evidence_empty_file": _("The file is empty. Choose it again, or take the photo again."),
    "evidence_too_large": _("The file is larger than 50 MB. Take a smaller photo, or save the PDF with less detail."),
    "evidence_virus_signature": _("The virus check found something in this file. Check your device, then send a clean copy."),
    "evidence_scanner_unavailable": _("The virus check does not answer just now. Nothing was kept; try again in a few minutes."),
    "evidence_kind_not_allowed": _("This kind of file is not taken here. Send a photo (JPEG, PNG, WebP) or a PDF."),
    "evidence_kind_mismatch": _("The file is not what its name says. Save it again under the right kind, then send it."),
    "evidence_heic_unsupported": _(
        "HEIC photos cannot be opened everywhere. Set the camera to “most compatible” (JPEG), or send a screenshot."
    ),
    "evidence_executable": _("This is a program, not a photo or a paper. Send a photo or a PDF."),
    "evidence_active_content": _("This file can run commands when it is opened. Send a photo or a PDF of it."),
    "evidence_entity_expansion": _("This file unfolds without end when it is opened. Send a photo or a PDF of it."),
    "evidence_image_bomb": _("The picture has too many pixels. Make it smaller than 50 megapixels, then send it."),
    "evidence_image_truncated": _("Part of the picture is missing. Take the photo again, or send the original."),
    "evidence_image_broken": _("The picture cannot be opened. Take the photo again, or send the original."),
    "evidence_image_animated": _("A moving picture is not taken. Send one still photo."),
    "evidence_archive_bomb": _("This file unpacks to far too much. Send the papers in it one by one."),
    "evidence_archive_nested": _("There is an archive inside the archive. Send the papers in it one by one."),
    "evidence_archive_unsafe_name": _("A name inside this archive points out of it. Send the papers in it one by one."),
    "evidence_archive_link": _("This archive holds a link instead of a file. Send the papers in it one by one."),
    "evidence_archive_too_many": _("There are too many files in this archive. Send the papers in it one by one."),
    "evidence_archive_lies": _("This archive does not hold what its list says. Pack it again, or send the papers one by one."),
    "evidence_archive_broken": _("This file cannot be unpacked. Save it again, then send it."),
    "evidence_archive_encrypted": _("This file is locked with a password. Take the password off, then send it."),
    "evidence_timeout": _("Checking this file takes too long. Send a simpler copy: a photo or a smaller PDF."),
    "evidence_wrong_hash": _("The file changed on the way. Nothing was kept; choose it and send it again."),
    "evidence_counts_from_the_future": _("This day lies ahead. Say from which day on the file tells how things are, today at the latest."),
    "evidence_revised_already": _("A newer file has taken the place of this one already. Open the newest and file yours there."),
    "evidence_line_cut": _("The line was cut, %(percent)s%% is kept. Go on sending."),
}
# What somebody of another firm or office looked at; the word is what the database keeps.
LOOKS: dict[str, Any] = {
    "evidence": _("opened a file"),
    "verification": _("checked what your firm says of itself"),
    "portrait": _("opened your quality portrait"),
    "score": _("saw how your score would move by another method"),
    "agreement_state": _("looked at the state of an agreement"),
}
UPLOAD = {
    "open": pgettext_lazy("upload", "Ready to receive."),
    "cut": pgettext_lazy("upload", "%(percent)s%% is on the server. Go on sending."),
    "done": pgettext_lazy("upload", "Saved on the server."),
}


def kind_name(kind: str) -> str:
    """The short name of a kind of entry; an unknown one has a neutral name."""
    return str(KINDS.get(kind, NEUTRAL).name)


def sentence(kind: str, payload_text: str | None) -> str:
    """What an entry says, from the facts of its payload; without them (or once erased) its short name."""
    told = KINDS.get(kind, NEUTRAL)
    try:
        facts = _days_said(in_language(json.loads(payload_text))) if payload_text else {}
        return str(told.sentence) % facts if told.sentence else str(told.name)
    except (KeyError, TypeError, ValueError):
        return str(told.name)


def _days_said(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts, each day among them as people say it."""
    today = timezone.now()
    return {
        name: day_words(date.fromisoformat(value), now=today) if name.endswith("_on") and value else value for name, value in facts.items()
    }


def in_language(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts, with `title` standing for `title_zh` or `title_en`, whichever the reader reads."""
    mine, other = ("_zh", "_en") if (get_language() or "").startswith("zh") else ("_en", "_zh")
    chosen = dict(facts)
    for ending in (other, mine):
        chosen |= {name.removesuffix(ending): value for name, value in facts.items() if name.endswith(ending) and value}
    return chosen


# What a file is, where people read it.
FILE_KINDS: dict[str, Any] = {"photo": _("Photo"), "pdf": _("PDF"), "xlsx": _("Workbook"), "csv": _("Table (CSV)")}
