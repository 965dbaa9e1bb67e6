from oversight.selectors.compliance import (
    AgreementRow,
    OwnerRow,
    agreement_for,
    chain_owners,
    compliance_by_owner,
    compliance_page,
    notices_of,
    obligations_of,
    work_states,
)
from oversight.selectors.morning import Morning, morning, worst_overdue
from oversight.selectors.places import PlaceCounts, place_counts, places, places_with_towns

__all__ = [
    "AgreementRow",
    "Morning",
    "OwnerRow",
    "PlaceCounts",
    "agreement_for",
    "chain_owners",
    "compliance_by_owner",
    "compliance_page",
    "morning",
    "obligations_of",
    "place_counts",
    "places",
    "places_with_towns",
    "notices_of",
    "work_states",
    "worst_overdue",
]
