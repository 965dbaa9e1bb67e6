from parties.api.me import Me
from parties.api.people import ColleagueInvitationOne, CqoAppointments, Deputies, DeputyEnd, Invitations, People, RoleEnd, Roles

__all__ = ["ColleagueInvitationOne", "CqoAppointments", "Deputies", "DeputyEnd", "Invitations", "Me", "People", "RoleEnd", "Roles"]
