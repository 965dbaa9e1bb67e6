from parties.models.colleagues import ColleagueInvitation, CqoFacts, Deputy
from parties.models.organisations import Organisation, OrganisationCode, OrgRole
from parties.models.people import ApiToken, Membership, Person
from parties.models.reference import ChainNode, Region, WorkingDay

__all__ = [
    "ApiToken",
    "ChainNode",
    "ColleagueInvitation",
    "CqoFacts",
    "Deputy",
    "Membership",
    "OrgRole",
    "Organisation",
    "OrganisationCode",
    "Person",
    "Region",
    "WorkingDay",
]
