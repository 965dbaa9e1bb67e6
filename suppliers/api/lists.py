"""An owner's list: one supplier, a new one, its invitation. The list itself joins floors and stands at the roof."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from foundation.errors import Absent
from parties.endpoints import Endpoint, PageFilters, Said, Shape, verb
from parties.reference import chain_nodes, regions
from suppliers.filters import APPROVALS, PROBLEMS, TIERS
from suppliers.models import Invitation, SupplyLink
from suppliers.selectors import link_for, open_invitation
from suppliers.services.invitations import invite, join_url
from suppliers.services.links import FirmSaid, add_supplier

NODES = [node.code for node in chain_nodes()]
DISTRICTS = [region.code for region in regions() if region.kind in ("district", "zone")]
PLACES = [region.code for region in regions()]


class SupplierShape(Shape):
    id = serializers.UUIDField()
    name_zh = serializers.CharField()
    name_en = serializers.CharField(allow_blank=True)
    uscc = serializers.CharField(help_text="Unified social credit code.")
    contact = serializers.CharField(allow_blank=True)
    phone = serializers.CharField(allow_blank=True)
    node_codes = serializers.ListField(child=serializers.CharField())
    region_code = serializers.CharField(allow_blank=True)
    town_code = serializers.CharField(allow_blank=True)
    headcount = serializers.IntegerField(allow_null=True)
    address = serializers.CharField(allow_blank=True)
    since = serializers.DateField(allow_null=True)
    state = serializers.CharField(help_text="listed, invited, joined or declined")
    tier = serializers.IntegerField(help_text="1 delivers to the owner, 2 to a firm of tier 1, and so on.")
    via_id = serializers.UUIDField(allow_null=True, help_text="The supplier through which it delivers.")
    tag = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()
    joined_at = serializers.DateTimeField(allow_null=True)


class SupplierSaid(Said):
    name_zh = serializers.CharField(max_length=80)
    uscc = serializers.CharField(max_length=40)
    name_en = serializers.CharField(max_length=120, required=False, allow_blank=True)
    contact = serializers.CharField(max_length=60, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    node_codes = serializers.ListField(child=serializers.ChoiceField(NODES), required=False)
    region_code = serializers.ChoiceField(DISTRICTS, required=False, allow_blank=True)


class SupplierFilters(PageFilters):
    query = serializers.CharField(required=False, max_length=80, help_text="Two or more characters of the name, initials or pinyin from its beginning, or the beginning of the code.")
    state = serializers.ChoiceField(SupplyLink.State.values, required=False)
    node = serializers.ChoiceField(NODES, required=False)
    region = serializers.ChoiceField(PLACES, required=False)
    tier = serializers.ChoiceField(TIERS, required=False)
    approval = serializers.ChoiceField(APPROVALS, required=False, help_text="With `node`: for that step.")
    problem = serializers.ChoiceField(PROBLEMS, required=False)
    tag = serializers.CharField(required=False, max_length=20)


class InvitationShape(Shape):
    id = serializers.UUIDField()
    sent_by = serializers.CharField()
    sent_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class OpenInvitationShape(InvitationShape):
    url = serializers.SerializerMethodField(help_text="The one-time way in: hand it to that firm only.")

    def get_url(self, invitation: Invitation) -> str:
        return join_url(invitation.pk)


class SupplierAdd(Endpoint):
    """The part of /suppliers/ that this floor can answer by itself."""

    hats = (Hat.OWNER,)

    @verb("Put one firm on the list; nobody is told", takes=SupplierSaid, gives=SupplierShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> SupplyLink:
        return add_supplier(actor=actor, firm=FirmSaid(**said), now=timezone.now())


class SupplierOne(Endpoint):
    hats = (Hat.OWNER,)

    @verb("One supplier of the list", gives=SupplierShape)
    def get(self, actor: Actor, link_id: UUID) -> SupplyLink:
        return link_for(actor, link_id)


class InvitationOne(Endpoint):
    hats = (Hat.OWNER,)

    @verb("The invitation that is open, with its link", gives=OpenInvitationShape)
    def get(self, actor: Actor, link_id: UUID) -> Invitation:
        found = open_invitation(actor, link_for(actor, link_id), now=timezone.now())
        if found is None:
            raise Absent
        return found

    # Without the link: the answer of a write is kept for repeats, and a way in is never kept. GET derives it.
    @verb("Invite the firm; an earlier invitation ends by it", gives=InvitationShape, status=201)
    def post(self, actor: Actor, link_id: UUID) -> Invitation:
        return invite(actor=actor, links=[link_for(actor, link_id)], now=timezone.now())[0][0]
