"""The sentences of checklists: their rules, what their kinds and entries are called, what keeps a draft from being published."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

WORDS: dict[str, Any] = {
    "answer_not_of_this_question": _("This is none of the answers to this question. Choose one that stands there."),
    "answer_not_a_number": _("Write a plain number, for example 12.5."),
    "answer_too_long": _("Keep the answer within %(most)s characters."),
    "signature_unreadable": _("Write the name of who signs, and sign again."),
    "checklist_changed_meanwhile": _("%(who)s changed this checklist after you opened it. Open it again and look; nothing was changed."),
    "checklist_is_published": _("This draft is published and no longer changes. Make a new draft from the version."),
    "checklist_too_large": _("A checklist holds at most %(questions)s questions in %(sections)s sections. Make two of it."),
    "checklist_has_faults": _("Not published yet. To mend first: %(n)s. The list says where."),
    "checklist_is_the_same": _("Nothing differs from the version that is published. There is nothing new to publish."),
    "checklist_file_refused": _("The file could not be read as a table of questions. Take the template: it has the right columns."),
    "checklist_file_too_large": _("The file is larger than %(most)s MB. Take the template, and no pictures in it."),
    "change_is_decided": _("This was decided already. Nothing was changed."),
}

KINDS: dict[str, Any] = {
    "yes_no": pgettext_lazy("kind of answer", "Yes or no"),
    "scale": pgettext_lazy("kind of answer", "Points"),
    "number": pgettext_lazy("kind of answer", "Number with unit"),
    "choice": pgettext_lazy("kind of answer", "One of several"),
    "text": pgettext_lazy("kind of answer", "Text"),
    "photo": pgettext_lazy("kind of answer", "Photo"),
    "signature": pgettext_lazy("kind of answer", "Signature"),
}
PHOTOS: dict[str, Any] = {
    "none": pgettext_lazy("photo rule", "None asked"),
    "optional": pgettext_lazy("photo rule", "As you like"),
    "on_no": pgettext_lazy("photo rule", "When the answer is not good"),
    "always": pgettext_lazy("photo rule", "Always"),
}
SCORINGS: dict[str, Any] = {
    "weighted": pgettext_lazy("scoring", "By weight"),
    "vda63": pgettext_lazy("scoring", "By elements, as in VDA 6.3"),
}
PROPOSES: dict[str, Any] = {
    "": pgettext_lazy("master data", "Nothing"),
    "site.headcount": pgettext_lazy("master data", "People at the site"),
    "site.address": pgettext_lazy("master data", "Address of the site"),
    "site.floor_notes": pgettext_lazy("master data", "Notes on the site"),
}
CHIPS: dict[str, tuple[str, str, Any]] = {
    "draft": ("warn", "pen", pgettext_lazy("checklist", "Draft")),
    "published": ("good", "check", pgettext_lazy("checklist", "Published")),
    "retired": ("", "minus", pgettext_lazy("checklist", "Retired")),
}
CHANGE_CHIPS: dict[str, tuple[str, str, Any]] = {
    "open": ("warn", "clock", pgettext_lazy("proposed change", "To decide")),
    "taken_over": ("good", "check", pgettext_lazy("proposed change", "Taken over")),
    "left": ("", "minus", pgettext_lazy("proposed change", "Left as it was")),
}
DIFFERENCES: dict[str, tuple[str, str, Any]] = {
    "added": ("good", "plus", pgettext_lazy("question", "New")),
    "changed": ("warn", "pen", pgettext_lazy("question", "Changed")),
    "moved": ("info", "rise", pgettext_lazy("question", "Moved")),
    "removed": ("bad", "minus", pgettext_lazy("question", "Taken out")),
}

# The entries of a checklist: heads of the sheet and of the list of what is to be mended.
ENTRIES: dict[str, Any] = {
    "name_zh": _("Name in Chinese"),
    "name_en": _("Name in English"),
    "minutes": _("Minutes it takes"),
    "scoring": _("How it is scored"),
    "source_zh": _("Where it comes from, in Chinese"),
    "source_en": _("Where it comes from, in English"),
    "questions": _("Questions"),
    "sections": _("Sections"),
    "section": pgettext_lazy("checklist", "Section"),
    "code": pgettext_lazy("checklist", "Code"),
    "text_zh": _("Question in Chinese"),
    "text_en": _("Question in English"),
    "help_zh": _("Hint in Chinese"),
    "help_en": _("Hint in English"),
    "kind": _("Kind of answer"),
    "options": _("Answers to choose from"),
    "unit": pgettext_lazy("checklist", "Unit"),
    "lowest": _("Lowest that is good"),
    "highest": _("Highest that is good"),
    "weight": pgettext_lazy("checklist", "Weight"),
    "is_critical": pgettext_lazy("checklist", "Critical"),
    "photo": _("Photo asked"),
    "photos_least": _("How many photos"),
    "show_if": _("Asked only if"),
    "node_codes": _("Steps of the chain"),
    "clause_type": _("Clause of the agreement"),
    "source": pgettext_lazy("checklist", "Source"),
    "element": _("Element"),
    "sub_element": _("Part of P6"),
    "proposes": _("May correct"),
    "example_id": _("Example photo"),
}

FAULTS: dict[str, Any] = {
    "name_missing": _("Give the checklist a name."),
    "no_question": _("There is no question yet."),
    "too_many_questions": _("At most %(most)s questions."),
    "too_many_sections": _("At most %(most)s sections."),
    "minutes_out_of_range": _("A whole number of minutes from 1 to %(most)s."),
    "word_unknown": _("“%(word)s” is not known here. Choose one of the words of the template."),
    "entry_too_long": _("At most %(most)s characters."),
    "node_unknown": _("There is no step “%(node)s” in the chain."),
    "section_code_unfit": _("The section code “%(code)s” stands twice, or is not of letters, digits, dots and hyphens."),
    "section_name_missing": _("Section %(code)s has no name."),
    "section_unknown": _("There is no section “%(section)s”."),
    "code_unfit": _("A code has up to 20 letters, digits, dots and hyphens; this one is “%(code)s”."),
    "code_twice": _("Another question has the code “%(code)s” too."),
    "text_missing": _("Write the question."),
    "weight_out_of_range": _("A whole number from 0 to %(most)s."),
    "photos_out_of_range": _("A whole number from 1 to %(most)s."),
    "limit_not_a_number": _("“%(found)s” is not a plain number, or the question does not ask for one."),
    "limits_turned_round": _("The lowest is above the highest. Turn them round."),
    "options_not_asked": _("Only points and “one of several” have answers to choose from. Leave this empty."),
    "options_too_few_or_many": _("From two to %(most)s answers."),
    "options_unfit": _("Each answer needs a code of its own, and a share from 0 to 100 or none; points are whole numbers."),
    "options_without_words": _("Each answer needs its words."),
    "condition_not_earlier": _("“%(code)s” is not a question that comes before this one."),
    "condition_unfit": _("The condition on %(code)s cannot be read."),
    "condition_never_true": _("Question %(code)s has no such answer."),
    "vda_points_only": _("In this scoring the points are 0, 4, 6, 8 and 10. Leave the answers empty."),
    "element_unknown": _("In this scoring each question with points belongs to an element from P2 to P7."),
    "sub_element_unfit": _("Questions of P6 name their part, EU1 to EU6; others name none."),
    "cell_not_a_whole_number": _("“%(found)s” is not a whole number."),
    "cell_not_yes_or_no": _("“%(found)s” is neither yes nor no."),
    "cell_unreadable": _("“%(found)s” cannot be read here. The template's second sheet shows how it is written."),
    "column_missing": _("The column is missing."),
}
