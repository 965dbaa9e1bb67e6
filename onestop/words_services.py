"""What the desk of services is called: its nine kinds, how far a request is, and the refusals of its rules."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from onestop.demand import FEWEST

# Name, icon, and what a firm asks for under it.
KINDS: dict[str, tuple[Any, str, Any]] = {
    "testing": (_("Inspection and testing"), "flask", _("Tests of a lot, a sample or a new material")),
    "standards": (_("Standards"), "bookmark", _("Which standard holds, and what it asks of you")),
    "quality": (_("Quality management"), "shield", _("Somebody who looks at the process with you")),
    "metrology": (_("Metrology"), "chart", _("Calibration of your instruments")),
    "certification": (_("Certification and accreditation"), "check", _("A certificate, from the first list to the audit")),
    "credit": (_("Credit financing"), "pen", _("A loan that your quality record helps to get")),
    "brand": (_("Brand"), "factory", _("Zhejiang Made and what a brand needs")),
    "property": (_("Intellectual property"), "record", _("Patents, designs and trade marks")),
    "registration": (_("Registration"), "tasks", _("Registering the firm and what it may do")),
}
REQUEST_CHIPS: dict[str, tuple[str, str, Any]] = {
    "new": ("warn", "clock", pgettext_lazy("service", "Waits for an answer")),
    "offered": ("info", "comment", pgettext_lazy("service", "Quoted")),
    "accepted": ("info", "check", pgettext_lazy("service", "Ordered")),
    "in_service": ("info", "spool", pgettext_lazy("service", "In work")),
    "delivered": ("warn", "download", pgettext_lazy("service", "Delivered")),
    "disputed": ("bad", "undo", pgettext_lazy("service", "Sent back")),
    "confirmed": ("good", "check", pgettext_lazy("service", "Confirmed")),
    "rated": ("good", "check", pgettext_lazy("service", "Rated")),
    "withdrawn": ("", "minus", pgettext_lazy("service", "Taken back")),
}
CALL_CHIPS: dict[str, tuple[str, str, Any]] = {
    "asked": ("warn", "clock", pgettext_lazy("service", "Waits for an answer")),
    "quoted": ("info", "comment", pgettext_lazy("service", "Quoted")),
    "passed": ("", "x", pgettext_lazy("service", "Cannot do it")),
    "handed_over": ("", "swap", pgettext_lazy("service", "Handed over")),
    "chosen": ("good", "check", pgettext_lazy("service", "Chosen")),
    "not_chosen": ("", "minus", pgettext_lazy("service", "Another was chosen")),
    "withdrawn": ("", "minus", pgettext_lazy("service", "Taken back")),
}
OFFER_CHIPS: dict[str, tuple[str, str, Any]] = {
    "draft": ("", "pen", pgettext_lazy("offer", "Draft")),
    "published": ("good", "check", pgettext_lazy("offer", "Published")),
    "paused": ("warn", "clock", pgettext_lazy("offer", "Paused")),
}
# What a request may come from, and which kind is asked for then unless the firm says otherwise.
ABOUT: dict[str, tuple[Any, str]] = {
    "finding": (_("a finding"), "quality"),
    "signal": (_("a signal"), "testing"),
    "clause": (_("a clause"), "testing"),
    "instrument": (_("an instrument"), "metrology"),
}
SATISFACTION: dict[int, Any] = {
    5: _("5 · very satisfied"),
    4: _("4 · satisfied"),
    3: _("3 · so so"),
    2: _("2 · dissatisfied"),
    1: _("1 · very dissatisfied"),
}
WORDS: dict[str, Any] = {
    "service_kind_unknown": _("Choose one of the nine kinds of service."),
    "service_need_missing": _("Write in a line or two what you need."),
    "service_names_firm": _("Your firm's name stands in it, and providers read it before you choose one. Take the name out."),
    "service_contact_missing": _("Say whom the provider you choose may call."),
    "service_step_unknown": _("Choose a step of the chain from the list."),
    "service_fact_unknown": _("Tick only what stands on this page."),
    "service_nobody_offers": _("Nobody offers this kind of service yet. Choose another kind, or ask again later."),
    "service_offer_gone": _("This offer is not open any more. Ask everybody who offers the kind."),
    "service_offer_full": _("This provider has as many requests in work as it takes. Ask everybody who offers the kind."),
    "service_of_ones_own": _("This is your own offer."),
    "service_over": _("This request has gone on meanwhile. Read it again, and do what is open now."),
    "service_quote_unknown": _("Choose a quote that stands on this page."),
    "service_quote_changed": _("The provider has changed its quote since you read it. Read it again, then choose."),
    "service_price_missing": _("Write about what it costs, or that it is free."),
    "service_price_unreadable": _("Write an amount of 0 or more, for example 800 or 800.50, or say it in words."),
    "service_phone_unreadable": _("This is no telephone number. Write it with its area code, for example 0574-8700 0000."),
    "service_day_out_of_reach": _("Needed by: choose a day from today on, within two years."),
    "service_days_missing": _("Say in how many working days you deliver: 1 to 250."),
    "service_words_missing": _("Write the reason; the other side reads it."),
    "service_report_missing": _("Write in a line what you found or did."),
    "service_file_missing": _("Put the report or a photo with it: at least one file."),
    "service_files_too_many": _("Up to %(most)s files at a time. Put pages of one report into one PDF."),
    "service_next_unknown": _("Choose a provider that offers this kind and has not been asked yet."),
    "service_rating_unknown": _("Choose 1 to 5."),
    "offer_words_missing": _("Give the offer a title, say what you do, and about what it costs."),
    "offer_numbers_out_of_range": _("Hours, days and room are whole numbers from 1: up to 80 hours, 250 days, 500 requests."),
    "offer_state_unknown": _("An offer is published or paused."),
}


def kind_name(kind: str) -> str:
    """What a kind of service is called."""
    return str(KINDS[kind][0])


def name_of(row: Any, prefix: str) -> str:
    """A firm's name in the reader's language, else the one there is."""
    zh, en = getattr(row, f"{prefix}_name_zh"), getattr(row, f"{prefix}_name_en")
    return str(zh if (get_language() or "").startswith("zh") else en or zh)


def rating_words(offer: Any) -> str:
    """What firms said, as shares with their number; nothing under five, so that no single voice is heard."""
    if offer.n_rated < FEWEST:
        return str(_("Not enough ratings yet: 5 are needed"))
    facts = {"first": offer.n_first_pass, "glad": offer.n_satisfied, "n": offer.n_rated}
    return str(_("%(glad)s of %(n)s satisfied · %(first)s of %(n)s right the first time")) % facts
