"""Words and chips of what a firm has: sites, processes, products, instruments, certificates."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from suppliers.words import PAPER_KINDS, PAPER_STATES

WORDS = {
    "site_name_missing": _("Give the site a name."),
    "main_site_stays": _("The main site stays. Change its address instead."),
    "site_in_use": _("Machines or instruments still stand at this site. Retire them first, or move them."),
    "site_unknown": _("Choose one of your own sites."),
    "place_unknown": _("Choose a place from the list."),
    "step_unknown": _("Choose a step from the list."),
    "step_at_site_already": _("This step is on your list for this site already."),
    "capacity_needs_unit": _("Choose a unit for the capacity."),
    "unit_unknown": _("Choose a unit from the list."),
    "code_missing": _("Give the product a code, as on your labels."),
    "product_code_taken": _("This code is on your list already. If it was retired, take it back."),
    "safety_class_unknown": _("The class is A, B or C; leave it empty where GB 18401 does not apply."),
    "too_many_colours": _("Up to 60 colours, each up to 40 characters."),
    "instrument_kind_unknown": _("Choose what kind of instrument it is."),
    "serial_missing": _("Type the number on its plate."),
    "serial_taken": _("This number is on your list already. If it was retired, take it back."),
    "calibration_days_crossed": _("The calibration falls due before it was done. Check both days."),
    "day_out_of_range": _("Check the year: a day between 1980 and 2099."),
    "paper_days_crossed": _("The last day is before the day of issue. Check both days."),
    "standard_unknown": _("Choose which certificate it is."),
    "paper_is_verified": _("The platform has verified this paper, so its words stay. File the newer one in its place."),
    "paper_replaced_already": _("A newer paper stands in this one's place already."),
    "share_unknown": _("Choose what to show."),
    "not_joined": _("Choose one of the chain owners that you joined."),
}

# What a certificate is of, by name as it stands on the paper; empty is any other.
STANDARDS = {
    "iso_9001": _("ISO 9001 quality management"),
    "iso_14001": _("ISO 14001 environmental management"),
    "iso_45001": _("ISO 45001 health and safety"),
    "oeko_tex_100": _("OEKO-TEX Standard 100"),
    "gots": _("GOTS organic textile"),
    "grs": _("GRS recycled content"),
    "cnas": _("CNAS laboratory accreditation"),
    "cma": _("CMA laboratory approval"),
    "pin_mark": _("Zhejiang Made (Pin mark)"),
}
INSTRUMENT_KINDS = {
    "balance": _("Balance"),
    "length": _("Steel rule or tape"),
    "light_box": _("Light box"),
    "grey_scale": _("Grey scale"),
    "spectro": _("Spectrophotometer"),
    "crockmeter": _("Crockmeter"),
    "wash_fastness": _("Wash fastness tester"),
    "strength": _("Strength tester"),
    "pilling": _("Pilling tester"),
    "evenness": _("Yarn evenness tester"),
    "yarn_reel": _("Yarn reel"),
    "ph_meter": _("pH meter"),
    "oven": _("Drying oven"),
    "thermometer": _("Thermometer or hygrometer"),
    "needle": _("Needle detector"),
    "other": _("Another instrument"),
}
CAPACITY_UNITS = {
    "kg": _("kg"),
    "t": _("t"),
    "m": _("m"),
    "m2": _("m²"),
    "piece": _("pieces"),
    "set": _("sets"),
    "test": _("tests"),
}
SAFETY_CLASSES = {
    "A": _("A · for infants"),
    "B": _("B · worn next to the skin"),
    "C": _("C · not worn next to the skin"),
}
CALIBRATION_STATES = {
    "in_date": ("good", "check", pgettext_lazy("calibration", "In date")),
    "due_soon": ("warn", "clock", pgettext_lazy("calibration", "Due soon")),
    "overdue": ("bad", "alert", pgettext_lazy("calibration", "Overdue")),
    "no_day": ("", "minus", pgettext_lazy("calibration", "No day given")),
    "retired": ("", "minus", pgettext_lazy("thing", "Retired")),
}
# A paper's state on a day: what its days say comes before what the platform said.
PAPER_STANDING = {
    **PAPER_STATES,
    "due_soon": ("warn", "clock", _("Runs out soon")),
    "replaced": ("", "swap", _("Replaced")),
    "retired": ("", "minus", pgettext_lazy("thing", "Retired")),
}
SHELF_STATES = {
    "at_work": ("good", "check", pgettext_lazy("thing", "In use")),
    "retired": ("", "minus", pgettext_lazy("thing", "Retired")),
}
# What a firm may show to a chain owner that it joined; `what` of the grant is the key.
SHARES = {
    "certificates": _("Your certificates: kind, number, scope, issuer, days, state, and the file"),
    "instruments": _("Your instruments: kind, model, number, and until when each is calibrated"),
    "products": _("Your products: code, name, construction, safety class and colours"),
}


def paper_name(kind: str, standard: str) -> str:
    """What a paper is called: a certificate by its standard, any other by its kind."""
    if kind == "certificate" and standard:
        return str(STANDARDS.get(standard, standard))
    return str(PAPER_KINDS.get(kind, kind))


def instrument_name(kind: str, model: str = "") -> str:
    words = str(INSTRUMENT_KINDS.get(kind, kind))
    return f"{words} {model}".strip() if kind != "other" or not model else model
