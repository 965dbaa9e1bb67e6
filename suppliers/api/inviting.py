"""Invitations by the thousand, and the small verbs of one: remind, take back, correct."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from jobs.models import Job
from parties.endpoints import Endpoint, Said, Shape, verb
from suppliers.api.lists import InvitationShape
from suppliers.filters import NAMES, wanted
from suppliers.models import Invitation
from suppliers.selectors import link_for
from suppliers.selectors.invitations import INVITE, REMIND, inviting_job, inviting_jobs
from suppliers.services.invitations import remind, revoke
from suppliers.services.inviting import MOST_PICKED, start_inviting


class RoundShape(Shape):
    id = serializers.UUIDField()
    do = serializers.SerializerMethodField(help_text="invite or remind")
    state = serializers.CharField(help_text="waiting, running, done or failed")
    total = serializers.IntegerField(help_text="Lines that it concerns.")
    done = serializers.IntegerField(help_text="Lines that it has come to.")
    sent = serializers.SerializerMethodField(help_text="Invitations made, or reminders sent.")
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_do(self, job: Job) -> str:
        return "remind" if job.kind == REMIND else "invite"

    def get_sent(self, job: Job) -> int:
        return int(job.facts["sent"])


class RoundSaid(Said):
    do = serializers.ChoiceField(["invite", "remind"])
    links = serializers.ListField(child=serializers.UUIDField(), required=False, max_length=MOST_PICKED, help_text="Only these lines.")
    filters = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=80), required=False,
        help_text=f"Or all that fit, as the list is asked: {', '.join(NAMES)}. Without either: the whole list.",
    )  # fmt: skip
    id = serializers.UUIDField(required=False, help_text="Your own id of the round: sent twice, it is done once.")


class Rounds(Endpoint):
    hats = (Hat.OWNER,)

    @verb("The latest rounds of inviting and reminding: up to 50", gives=RoundShape(many=True))
    def get(self, actor: Actor) -> list[Job]:
        return inviting_jobs(actor, 50)

    @verb("Invite or remind many: up to 200 at once, more in the background; each firm once", takes=RoundSaid, gives=RoundShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Job:
        picked = said.get("links")
        return start_inviting(
            actor=actor, job_id=said.get("id") or uuid4(), do=REMIND if said["do"] == "remind" else INVITE, ids=picked or [],
            wanted=None if picked else wanted(said.get("filters", {})), now=timezone.now(),
        )  # fmt: skip


class Round(Endpoint):
    hats = (Hat.OWNER,)

    @verb("One round and how far it is", gives=RoundShape)
    def get(self, actor: Actor, inviting_id: UUID) -> Job:
        return inviting_job(actor, inviting_id)


class InvitationRemind(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Send the open invitation once more; once a day at most, never at night", gives=InvitationShape)
    def post(self, actor: Actor, link_id: UUID) -> Invitation:
        return remind(actor=actor, link=link_for(actor, link_id), now=timezone.now())


class InvitationRevoke(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Take the open invitation back: its link opens nothing any more", status=204)
    def post(self, actor: Actor, link_id: UUID) -> None:
        revoke(actor=actor, link=link_for(actor, link_id), now=timezone.now())
