"""The people of a firm: roles by days, invitations, the chief quality officer, deputies."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import BUSINESS_HATS, Actor, Hat
from parties.endpoints import Endpoint, Said, Shape, verb
from parties.models import ColleagueInvitation, CqoFacts, Deputy, Membership
from parties.roles import GIVEN, MAY_BE_COVERED
from parties.selectors import colleagues, deputies, open_colleague_invitations
from parties.services import (
    ColleagueSaid,
    CqoSaid,
    appoint_cqo,
    colleague_url,
    end_deputy,
    end_role,
    give_role,
    invite_colleague,
    name_deputy,
    revoke_colleague,
)
from parties.services.roles import must_administer

CONTACT = "Mobile number or e-mail: whoever accepts signs in with it."


class MembershipShape(Shape):
    id = serializers.UUIDField()
    person = serializers.UUIDField(source="person_id")
    person_name = serializers.CharField()
    role = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True, help_text="The last day, if it ends.")


class ColleagueInvitationShape(Shape):
    id = serializers.UUIDField()
    name = serializers.CharField()
    contact = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    sent_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    used_at = serializers.DateTimeField(allow_null=True)
    url = serializers.SerializerMethodField(help_text="The link to hand over; empty once it is over.")

    def get_url(self, row: ColleagueInvitation) -> str:
        return "" if row.used_at or row.revoked_at else colleague_url(row.pk)


class CqoShape(Shape):
    id = serializers.UUIDField(source="pk")
    person = serializers.UUIDField(source="membership.person_id")
    person_name = serializers.CharField(source="membership.person_name")
    appointed_on = serializers.DateField()
    appointed_by = serializers.CharField()
    training_certificate = serializers.CharField(allow_blank=True)
    years_in_quality = serializers.IntegerField()
    education = serializers.CharField()


class DeputyShape(Shape):
    id = serializers.UUIDField()
    person = serializers.UUIDField(source="person_id")
    person_name = serializers.CharField()
    stands_for = serializers.UUIDField(source="stands_for_id")
    stands_for_name = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()
    ended_at = serializers.DateTimeField(allow_null=True)


class ColleagueInvitationSaid(Said):
    name = serializers.CharField(max_length=60)
    contact = serializers.CharField(max_length=60, help_text=CONTACT)
    roles = serializers.ListField(child=serializers.ChoiceField(GIVEN), min_length=1, max_length=len(GIVEN))


class RoleGivenSaid(Said):
    person = serializers.UUIDField()
    role = serializers.ChoiceField(GIVEN)
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(required=False, allow_null=True)


class LastDaySaid(Said):
    last_day = serializers.DateField(help_text="Yesterday at the earliest: then the role is over at once.")


class AppointmentSaid(Said):
    person = serializers.UUIDField()
    appointed_on = serializers.DateField()
    years_in_quality = serializers.IntegerField(min_value=0, max_value=60)
    education = serializers.ChoiceField(CqoFacts.Education.values)
    training_certificate = serializers.CharField(max_length=60, required=False, allow_blank=True)


class DeputySaid(Said):
    person = serializers.UUIDField(help_text="Who stands in.")
    stands_for = serializers.UUIDField(help_text="Who is away.")
    roles = serializers.ListField(child=serializers.ChoiceField(MAY_BE_COVERED), min_length=1, max_length=len(MAY_BE_COVERED))
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()


class People(Endpoint):
    hats = BUSINESS_HATS

    @verb("The people of the firm: every role with its days, past ones too", gives=MembershipShape(many=True))
    def get(self, actor: Actor) -> list[Membership]:
        return [row for one in colleagues(actor, on=timezone.localdate()) for row in (*one.roles, *one.past)]


class Invitations(Endpoint):
    hats = BUSINESS_HATS

    @verb("Invitations of colleagues that stand open", gives=ColleagueInvitationShape(many=True))
    def get(self, actor: Actor) -> list[ColleagueInvitation]:
        must_administer(actor)
        return open_colleague_invitations(actor, now=timezone.now())

    @verb(
        "Invite a colleague: the answer carries the link to hand over",
        takes=ColleagueInvitationSaid,
        gives=ColleagueInvitationShape,
        status=201,
    )
    def post(self, actor: Actor, said: dict[str, Any]) -> ColleagueInvitation:
        return invite_colleague(actor=actor, said=ColleagueSaid(**said), now=timezone.now())


class ColleagueInvitationOne(Endpoint):
    hats = BUSINESS_HATS

    @verb("Close an open invitation", gives=ColleagueInvitationShape)
    def delete(self, actor: Actor, colleague_invitation_id: UUID) -> ColleagueInvitation:
        return revoke_colleague(actor=actor, invitation_id=colleague_invitation_id, now=timezone.now())


class Roles(Endpoint):
    hats = BUSINESS_HATS

    @verb("Give a colleague a role from a day on", takes=RoleGivenSaid, gives=MembershipShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Membership:
        return give_role(actor=actor, person_id=said.pop("person"), now=timezone.now(), **said)


class RoleEnd(Endpoint):
    hats = BUSINESS_HATS

    @verb("End a role with its last day", takes=LastDaySaid, gives=MembershipShape)
    def post(self, actor: Actor, membership_id: UUID, said: dict[str, Any]) -> Membership:
        return end_role(actor=actor, membership_id=membership_id, now=timezone.now(), **said)


class CqoAppointments(Endpoint):
    hats = (Hat.OWNER, Hat.SUPPLIER, Hat.LAB, Hat.PROVIDER)

    @verb("Appoint the chief quality officer; whoever was it before hands over", takes=AppointmentSaid, gives=CqoShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> CqoFacts:
        return appoint_cqo(actor=actor, person_id=said.pop("person"), said=CqoSaid(**said), now=timezone.now())


class Deputies(Endpoint):
    hats = BUSINESS_HATS

    @verb("Who stands in for whom, today and later", gives=DeputyShape(many=True))
    def get(self, actor: Actor) -> list[Deputy]:
        return deputies(actor, on=timezone.localdate())

    @verb("Name a deputy for some days", takes=DeputySaid, gives=DeputyShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Deputy:
        days = (said["valid_from"], said["valid_to"])
        return name_deputy(
            actor=actor, person_id=said["person"], stands_for_id=said["stands_for"], roles=said["roles"], days=days, now=timezone.now()
        )


class DeputyEnd(Endpoint):
    hats = BUSINESS_HATS

    @verb("The colleague is back: nobody stands in any more", gives=DeputyShape)
    def post(self, actor: Actor, deputy_id: UUID) -> Deputy:
        return end_deputy(actor=actor, deputy_id=deputy_id, now=timezone.now())
