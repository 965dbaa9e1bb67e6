"""Who am I: the first thing a program asks."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from foundation.actor import BUSINESS_HATS, Actor
from parties.endpoints import Endpoint, InBoth, Shape, verb


class Firm(Shape):
    id = serializers.UUIDField(source="org_id")
    name = InBoth("org_name")


class MeShape(Shape):
    hat = serializers.CharField(source="hat.value")
    firm = Firm(source="*")
    person = serializers.CharField(source="person_name")
    roles = serializers.ListField(child=serializers.CharField(), help_text="Those of today, lent ones among them.")
    stands_for = serializers.ListField(
        child=serializers.CharField(), help_text="Names of the colleagues for whom this person stands in today."
    )
    scopes = serializers.ListField(child=serializers.CharField())
    is_demo = serializers.BooleanField()


class Me(Endpoint):
    hats = BUSINESS_HATS

    @verb("Who am I: firm, hat, roles and what this key may do", gives=MeShape)
    def get(self, actor: Actor) -> dict[str, Any]:
        return {**actor.__dict__, "roles": sorted(actor.roles), "scopes": sorted(actor.scopes or ())}
