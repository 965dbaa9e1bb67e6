"""Lines of an owner's list that are one firm: likely pairs, merges, splits."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from foundation.actor import Actor, Hat
from parties.endpoints import Asked, Endpoint, Page, Said, Shape, verb
from suppliers.models import Merge
from suppliers.selectors import link_for
from suppliers.selectors.merges import FACTS, Twins, merge_for, merges, twins
from suppliers.services.merges import BOTH, KEPT, OTHER, merge_links, split_links, tell_apart


class MergeShape(Shape):
    id = serializers.UUIDField()
    kept_id = serializers.UUIDField(help_text="The line that stays.")
    absorbed_id = serializers.UUIDField(help_text="The line that left the list.")
    wrote = serializers.DictField(help_text="Field of the kept line: what the merge put there.")
    before = serializers.DictField(help_text="The same fields: what stood there.")
    person_name = serializers.CharField()
    at = serializers.DateTimeField()
    undone_at = serializers.DateTimeField(allow_null=True)
    undone_by = serializers.CharField(allow_blank=True)
    stayed = serializers.ListField(
        child=serializers.CharField(), help_text="After a split: fields changed since the merge, left as they are."
    )


class MergeSaid(Said):
    kept = serializers.UUIDField(help_text="The line that stays; one that has joined must be this one.")
    absorbed = serializers.UUIDField()
    chosen = serializers.DictField(
        child=serializers.ChoiceField([KEPT, OTHER, BOTH]), required=False,
        help_text=f"For facts that differ ({', '.join(FACTS)}): whose value stands. Without a word the kept line's does; blanks are filled.",
    )  # fmt: skip


class TwinLineShape(Shape):
    id = serializers.UUIDField()
    name_zh = serializers.CharField()
    uscc = serializers.CharField()
    state = serializers.CharField()


class TwinsShape(Shape):
    one = TwinLineShape()
    other = TwinLineShape()


class ApartSaid(Said):
    one = serializers.UUIDField()
    other = serializers.UUIDField()


class Merges(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Merges of the list, newest first; one that was split says so", gives=MergeShape, page=(datetime, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(merges(actor, after=asked.after, limit=asked.size + 1), lambda row: (row.at, row.pk))

    @verb("Take one line into another; it can be split again at any time", takes=MergeSaid, gives=MergeShape, status=201)
    def post(self, actor: Actor, said: dict[str, Any]) -> Merge:
        kept, absorbed = link_for(actor, said["kept"]), _line_of(actor, said["absorbed"], said["kept"])
        return merge_links(actor=actor, kept=kept, absorbed=absorbed, chosen=said.get("chosen", {}), now=timezone.now())


class MergeSplit(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Split again: both lines stand, each with its own facts", gives=MergeShape)
    def post(self, actor: Actor, merge_id: UUID) -> Merge:
        return split_links(actor=actor, merge=merge_for(actor, merge_id), now=timezone.now())


class LikelyPairs(Endpoint):
    hats = (Hat.OWNER,)

    @verb("Pairs of the own list whose names look alike", gives=TwinsShape, page=(str, UUID, UUID))
    def get(self, actor: Actor, asked: Asked) -> Page:
        return Page(twins(actor, after=asked.after, limit=asked.size + 1), _place)

    @verb("These are two firms; the pair is not shown again", takes=ApartSaid, status=204)
    def post(self, actor: Actor, said: dict[str, Any]) -> None:
        tell_apart(actor=actor, one=link_for(actor, said["one"]), other=link_for(actor, said["other"]), now=timezone.now())


def _line_of(actor: Actor, link_id: UUID, kept_id: UUID) -> Any:
    """The line to absorb; one that the kept line has absorbed already is found too, so that a repeated call answers as the first."""
    done = Merge.objects.visible_to(actor).select_related("absorbed").filter(kept_id=kept_id, absorbed_id=link_id, undone_at=None).first()
    return done.absorbed if done else link_for(actor, link_id)


def _place(pair: Twins) -> tuple[str, UUID, UUID]:
    return pair.core, pair.one.pk, pair.other.pk
