"""The types of clause and what each may hold, parameter by parameter: kind, range, and whether a draft may change it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from qualitystats.sampling import LEVELS, aqls

GRADES = ("1", "1-2", "2", "2-3", "3", "3-4", "4", "4-5", "5")
# The kinds of paper that a firm keeps (suppliers.words.PAPER_KINDS; a test holds the two together).
DOCUMENTS = ("business_licence", "certificate", "test_report", "permit", "other")
STAGES = ("first_article", "in_process", "final", "incoming", "third_party")
FREQUENCIES = ("continuous", "each_lot", "each_shift", "daily", "weekly", "monthly", "each_change")
KINDS_OF_EVIDENCE = ("record", "photo", "chart", "certificate", "sample")
CHANGES = ("people", "machine", "material", "method", "environment", "place", "subcontractor", "brand")
FORMULAS = ("CMC(2:1)", "CMC(1:1)", "CIEDE2000", "CIELAB")
ILLUMINANTS = ("D65", "D50", "A", "F11", "F12")
OBSERVERS = ("10°", "2°")
GRANTERS = ("cqo", "quality", "signatory")
COSTS = ("party_found_wrong", "half_each", "who_asked", "chain_owner")
# What a chain owner may owe. The first two come round by themselves; the others begin with an event and have their days.
DUTIES_BY_PERIOD = ("share_results", "training")
DUTIES_BY_EVENT = ("reply", "payment_term", "visit_notice")
# No lot is accepted with a critical nonconformity in its sample: the trade writes 0, which is no AQL.
NONE_ACCEPTED = "0"
MAX_TEXT, MAX_LONG_TEXT = 200, 2000
MAX_MONTHS = 36
MAX_DAYS = 365


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: its kind, its range, and whether a chain owner may change it in a draft.

    A whole number; a limit in the unit of its characteristic, kept as written; an amount above zero, kept as written;
    a line or a longer text; one of the choices, or some of them; yes or no.
    """

    kind: Literal["whole", "limit", "amount", "text", "long", "choice", "choices", "flag"]
    low: int = 0
    high: int = MAX_DAYS
    choices: tuple[str, ...] = ()
    optional: bool = False
    editable: bool = False


def _days(low: int = 1, high: int = MAX_DAYS, *, optional: bool = False) -> Param:
    return Param("whole", low, high, optional=optional, editable=True)


def _months(*, optional: bool = False) -> Param:
    return Param("whole", 1, MAX_MONTHS, optional=optional, editable=True)


def _choice(choices: tuple[str, ...], *, optional: bool = False, editable: bool = True) -> Param:
    return Param("choice", choices=choices, optional=optional, editable=editable)


TEXT = Param("text")
SAID = Param("text", editable=True)
LIMIT = Param("limit", optional=True, editable=True)
AMOUNT = Param("amount", optional=True, editable=True)
# Days after the due day on which a duty still counts as kept.
GRACE = Param("whole", 0, 30, optional=True, editable=True)
NAMES = {"name_zh": TEXT, "name_en": TEXT}
# What a chain owner may change in its own draft, and neither side in a talk: the other one cannot choose from its checklists.
OWNERS = {"audit_frequency": ("checklist",)}
SCHEMAS: dict[str, dict[str, Param]] = {
    "characteristic_limit": {
        "characteristic": TEXT,
        **NAMES,
        "method": TEXT,
        "edition": Param("text", optional=True),
        "safety_class": _choice(("A", "B", "C"), optional=True, editable=False),
        "unit": Param("text", optional=True),
        "kind": _choice(("variable", "ordinal", "attribute", "censored", "derived", "binary"), editable=False),
        "lower": LIMIT,
        "upper": LIMIT,
        "cv_max": AMOUNT,
        "lot_delta_e_max": AMOUNT,
        "ppk_min": AMOUNT,
        "window_lots": Param("whole", 2, 200, optional=True, editable=True),
        "source": SAID,
        "source_zh": SAID,
    },
    "sampling_plan": {
        **NAMES,
        "method": TEXT,
        "stage": _choice(STAGES, editable=False),
        "level": _choice(LEVELS, optional=True),
        "aql_critical": _choice((NONE_ACCEPTED, *aqls()), optional=True),
        "aql_major": _choice(aqls(), optional=True),
        "aql_minor": _choice(aqls(), optional=True),
        "switching": Param("flag", editable=True),
        "n": Param("whole", 1, 500, optional=True, editable=True),
        "source": Param("text", optional=True, editable=True),
        "source_zh": Param("text", optional=True, editable=True),
    },
    "process_requirement": {
        **NAMES,
        "what_zh": SAID,
        "what_en": SAID,
        "frequency": _choice(FREQUENCIES),
        "evidence": _choice(KINDS_OF_EVIDENCE),
        "keep_months": Param("whole", 1, 120, optional=True, editable=True),
        "grace_days": GRACE,
    },
    "document_required": {
        "document": _choice(DOCUMENTS, editable=False),
        **NAMES,
        "within_days": _days(),
        "every_months": _months(optional=True),
        "grace_days": GRACE,
    },
    "change_notice": {"days": _days(), "what": Param("choices", choices=CHANGES, optional=True, editable=True)},
    "corrective_action_deadline": {
        "critical": _days(),
        "major": _days(),
        "minor": _days(),
        "containment_hours": Param("whole", 1, 168, optional=True, editable=True),
    },
    "audit_frequency": {
        "audit": _choice(("self_check", "second_party"), editable=False),
        "checklist": TEXT,
        "every_months": _months(),
        "notice_days": _days(high=60),
        "review_days": _days(high=60),
    },
    "sealed_sample": {
        **NAMES,
        "delta_e_max": Param("amount", editable=True),
        "formula": _choice(FORMULAS),
        "illuminant": _choice(ILLUMINANTS),
        "observer": _choice(OBSERVERS),
        "valid_months": _months(),
        "source": SAID,
        "source_zh": SAID,
    },
    "concession_rule": {
        "granted_by": _choice(GRANTERS),
        "answer_days": _days(high=30),
        "max_share": AMOUNT,
        "max_quantity": Param("whole", 1, 1_000_000, optional=True, editable=True),
        "expiry_days": _days(),
    },
    "owner_duty": {
        "duty": _choice((*DUTIES_BY_PERIOD, *DUTIES_BY_EVENT), editable=False),
        **NAMES,
        "every_months": _months(optional=True),
        "due_day_offset": _days(0, 90, optional=True),
        "days": _days(optional=True),
        "grace_days": GRACE,
    },
    "data_sharing": {"what": Param("choices", choices=("audit_evidence", "documents", "results", "firm"))},
    "dispute": {"lab_zh": SAID, "lab_en": SAID, "costs": _choice(COSTS), "days": _days(high=90)},
    "free_text": {
        "name_zh": SAID,
        "name_en": SAID,
        "words_zh": Param("long", editable=True),
        "words_en": Param("long", editable=True),
    },
}
# Which side a clause of a type binds; where it is not one by its nature, the chain owner says.
SIDES = {
    "characteristic_limit": "supplier", "sampling_plan": "both", "process_requirement": "supplier", "document_required": "supplier",
    "change_notice": "supplier", "corrective_action_deadline": "supplier", "audit_frequency": "supplier", "sealed_sample": "both",
    "concession_rule": "both", "owner_duty": "owner", "data_sharing": "both", "dispute": "both", "free_text": "both",
}  # fmt: skip
# Read by people only: no state of such a clause is ever computed.
NOT_COMPUTED = frozenset({"free_text"})
