"""A supplier's own firm: what it says of itself, its papers, and who sees what."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser

from foundation.actor import Actor, Hat
from parties.endpoints import Endpoint, InBoth, Said, Shape, verb
from records.services.evidence import revoke_grant
from suppliers.api.firm_things import RetirementSaid
from suppliers.firm_words import STANDARDS
from suppliers.models import Paper
from suppliers.selectors import grant_for, links_of_firm, own_firm, papers_of, who_sees_what
from suppliers.selectors.firm_lists import thing_for
from suppliers.services.firm import PaperFacts, edit_paper, file_paper, retire_paper, take_back_paper
from suppliers.services.firm_shelf import FIRM_HATS
from suppliers.words import PAPER_KINDS


class SiteShape(Shape):
    id = serializers.UUIDField()
    name = InBoth("name")
    address = serializers.CharField(allow_blank=True)
    region_code = serializers.CharField(allow_blank=True)
    town_code = serializers.CharField(allow_blank=True)
    is_main = serializers.BooleanField()


class PaperShape(Shape):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    standard = serializers.CharField(allow_blank=True, help_text="Of a certificate.")
    number = serializers.CharField(allow_blank=True)
    scope = serializers.CharField(allow_blank=True)
    issuer = serializers.CharField(allow_blank=True)
    issued_on = serializers.DateField(allow_null=True)
    expires_on = serializers.DateField(allow_null=True)
    state = serializers.CharField(help_text="uploaded, verified or rejected")
    evidence = serializers.UUIDField(source="evidence_id")
    filed_at = serializers.DateTimeField()
    replaces = serializers.UUIDField(source="replaces_id", allow_null=True, help_text="The older paper in whose place it stands.")
    retired_at = serializers.DateTimeField(allow_null=True)


class OwnerLinkShape(Shape):
    id = serializers.UUIDField()
    owner = InBoth("owner_name")
    joined_at = serializers.DateTimeField(allow_null=True)


class GrantShape(Shape):
    id = serializers.UUIDField()
    to = InBoth("to_name")
    what = serializers.CharField(help_text="firm, audit_evidence, documents or results")
    clause = serializers.UUIDField(source="clause_id", allow_null=True, help_text="The clause it follows from.")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)


class FirmShape(Shape):
    id = serializers.UUIDField(source="org.id")
    name = InBoth("name")
    uscc = serializers.CharField(allow_blank=True)
    state = serializers.CharField(source="org.state")
    node_codes = serializers.ListField(child=serializers.CharField(), source="org.node_codes")
    sites = SiteShape(many=True)
    chain_owners = OwnerLinkShape(many=True)
    seen_by = GrantShape(many=True)


class PaperWords(Said):
    kind = serializers.ChoiceField(sorted(PAPER_KINDS))
    standard = serializers.ChoiceField(["", *STANDARDS], required=False, help_text="Of a certificate: which.")
    number = serializers.CharField(max_length=80, required=False, allow_blank=True)
    scope = serializers.CharField(max_length=300, required=False, allow_blank=True)
    issuer = serializers.CharField(max_length=120, required=False, allow_blank=True)
    issued_on = serializers.DateField(required=False)
    expires_on = serializers.DateField(required=False)


class PaperSaid(PaperWords):
    file = serializers.FileField(max_length=300)
    replaces = serializers.UUIDField(required=False, help_text="The older paper in whose place this one stands.")
    client_id = serializers.RegexField(r"^[\w.-]{1,64}\Z", required=False, help_text="The same client_id files once.")


class SharingSaid(Said):
    grant = serializers.UUIDField()


def _firm(actor: Actor) -> dict[str, Any]:
    mine = own_firm(actor, on=timezone.localdate())
    return {
        "org": mine.org, "name_zh": mine.org.name_zh, "name_en": mine.org.name_en, "uscc": mine.uscc, "sites": mine.sites,
        "chain_owners": links_of_firm(actor) if actor.hat == Hat.SUPPLIER else [], "seen_by": [seen.grant for seen in who_sees_what(actor)],
    }  # fmt: skip


class FirmOne(Endpoint):
    hats = FIRM_HATS

    @verb("My firm, the chain owners it joined, and who sees what", gives=FirmShape)
    def get(self, actor: Actor) -> dict[str, Any]:
        return _firm(actor)


class Sharing(Endpoint):
    hats = (Hat.SUPPLIER,)

    @verb("Switch off what was shown of one's own free will", takes=SharingSaid, gives=FirmShape)
    def post(self, actor: Actor, said: dict[str, Any]) -> dict[str, Any]:
        revoke_grant(actor=actor, grant=grant_for(actor, said["grant"]), now=timezone.now())
        return _firm(actor)


class Papers(Endpoint):
    hats = FIRM_HATS
    parser_classes = [MultiPartParser]

    @verb("The firm's papers, newest first", gives=PaperShape(many=True))
    def get(self, actor: Actor) -> list[Paper]:
        return [paper for paper, _file in papers_of(actor)]

    @verb("File a paper of the firm with its photo or PDF", takes=PaperSaid, gives=PaperShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Paper:
        file = said.pop("file")
        client_id = said.pop("client_id", "") or str(uuid4())
        older = said.pop("replaces", None)
        replaces = thing_for(actor, Paper, older) if older else None
        return file_paper(
            actor=actor, paper=PaperFacts(**said), path=Path(file.temporary_file_path()), name=file.name or "", client_id=client_id,
            now=timezone.now(), replaces=replaces,
        )  # fmt: skip


class PaperOne(Endpoint):
    hats = FIRM_HATS

    @verb("One paper", gives=PaperShape)
    def get(self, actor: Actor, paper_id: UUID) -> Paper:
        return thing_for(actor, Paper, paper_id)

    @verb("Mend what was said of a paper; what is left out becomes empty", takes=PaperWords, gives=PaperShape)
    def put(self, actor: Actor, paper_id: UUID, said: dict[str, Any]) -> Paper:
        return edit_paper(actor=actor, paper=thing_for(actor, Paper, paper_id), said=PaperFacts(**said), now=timezone.now())


class PaperRetirement(Endpoint):
    hats = FIRM_HATS

    @verb("Retire a paper, or take it back", takes=RetirementSaid, gives=PaperShape)
    def post(self, actor: Actor, paper_id: UUID, said: dict[str, Any]) -> Paper:
        change = retire_paper if said["retired"] else take_back_paper
        change(actor=actor, paper=thing_for(actor, Paper, paper_id), now=timezone.now())
        return thing_for(actor, Paper, paper_id)
