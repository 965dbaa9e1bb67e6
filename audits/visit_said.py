"""What a phone sends, read: the envelope, and each operation by its kind. See docs/adr/0030."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers

from audits.questions import LONGEST_NAME, LONGEST_TEXT
from foundation.errors import FieldsToMend, RuleBroken
from parties.endpoints import Said, heard

MOST_OPS = 100
LONGEST_LINE = 1000
MOST_BYTES = 2**40  # what fits the column; how large a file may be is for its upload to say
HASH = r"^[0-9a-f]{64}$"


@dataclass(frozen=True, slots=True)
class Op:
    """One operation: its own id, its kind, the device's clock, and what it says."""

    client_id: UUID
    kind: str
    client_time: datetime | None
    said: dict[str, Any]
    body: dict[str, Any]  # as it came, for the history


@dataclass(frozen=True, slots=True)
class Sent:
    """One post of a queue: whose it is, when the device thinks it is, and its operations in order."""

    person: UUID
    hat: str
    org: UUID
    sent_at: datetime | None
    ops: list[Any]


class EnvelopeSaid(Said):
    person = serializers.UUIDField()
    hat = serializers.CharField(max_length=10)
    org = serializers.UUIDField()
    sent_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    ops = serializers.ListField(child=serializers.DictField(), max_length=MOST_OPS)


class HandInSaid(Said):
    person = serializers.UUIDField()
    hat = serializers.CharField(max_length=10)
    org = serializers.UUIDField()
    client_id = serializers.UUIDField()
    client_time = serializers.DateTimeField(required=False, allow_null=True, default=None)
    sha256 = serializers.RegexField(HASH)


class OpSaid(Said):
    client_id = serializers.UUIDField()
    kind = serializers.CharField(max_length=14)
    client_time = serializers.DateTimeField(required=False, allow_null=True, default=None)


class StartSaid(OpSaid):
    gate = serializers.CharField(max_length=60, required=False, allow_null=True, allow_blank=True, default=None)
    names = serializers.ListField(child=serializers.CharField(max_length=LONGEST_NAME), max_length=20, required=False, default=list)


class VersionedSaid(OpSaid):
    base_version = serializers.IntegerField(min_value=0, max_value=100_000, required=False, default=0)
    after = serializers.UUIDField(required=False, allow_null=True, default=None)


class AnswerSaid(VersionedSaid):
    question = serializers.CharField(max_length=20)
    value = serializers.JSONField(required=False, allow_null=True, default=None)
    na = serializers.BooleanField(required=False, default=False)
    note = serializers.CharField(max_length=LONGEST_TEXT, required=False, allow_blank=True, default="")


class ResolveSaid(OpSaid):
    question = serializers.CharField(max_length=20)
    base_version = serializers.IntegerField(min_value=0, max_value=100_000)
    keep = serializers.UUIDField()


class PlacedSaid(OpSaid):
    photo = serializers.UUIDField()
    question = serializers.CharField(max_length=20, required=False, allow_null=True, allow_blank=True, default=None)
    finding = serializers.UUIDField(required=False, allow_null=True, default=None)


class PhotoSaid(PlacedSaid):
    sha256 = serializers.RegexField(HASH)
    original_sha256 = serializers.RegexField(HASH, required=False, allow_blank=True, default="")
    size = serializers.IntegerField(min_value=1, max_value=MOST_BYTES)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    taken_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class DetachSaid(OpSaid):
    photo = serializers.UUIDField()


class FindingSaid(VersionedSaid):
    finding = serializers.UUIDField()
    question = serializers.CharField(max_length=20, required=False, allow_null=True, allow_blank=True, default="")
    grade = serializers.ChoiceField(["critical", "major", "minor", "ofi"])
    clause_ref = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    requirement = serializers.CharField(max_length=LONGEST_LINE)
    observed = serializers.CharField(max_length=LONGEST_LINE)
    gap = serializers.CharField(max_length=LONGEST_LINE, required=False, allow_blank=True, default="")


class DropFindingSaid(OpSaid):
    finding = serializers.UUIDField()


class OrderSaid(OpSaid):
    sections = serializers.ListField(child=serializers.CharField(max_length=20, allow_blank=True), max_length=60)


class ShownSaid(Said):
    finding = serializers.UUIDField()
    grade = serializers.ChoiceField(["critical", "major", "minor", "ofi"])
    due_on = serializers.DateField(required=False, allow_null=True, default=None)


class ClosingSaid(OpSaid):
    name = serializers.CharField(max_length=LONGEST_NAME)
    role = serializers.CharField(max_length=LONGEST_NAME, required=False, allow_blank=True, default="")
    word = serializers.ChoiceField(["agrees", "remarks", "refuses"])
    remark = serializers.CharField(max_length=LONGEST_LINE, required=False, allow_blank=True, default="")
    signature = serializers.DictField(required=False, allow_null=True, default=None)
    shown = ShownSaid(many=True, required=False, default=list)


class LookAgainSaid(OpSaid):
    finding = serializers.UUIDField()
    outcome = serializers.ChoiceField(["put_right", "still_open"])
    seen = serializers.CharField(max_length=LONGEST_LINE)
    photos = serializers.ListField(child=serializers.UUIDField(), max_length=12, required=False, default=list)


class ContainSaid(OpSaid):
    measures = serializers.CharField(max_length=LONGEST_LINE)
    scope = serializers.CharField(max_length=LONGEST_LINE, required=False, allow_blank=True, default="")
    photos = serializers.ListField(child=serializers.UUIDField(), max_length=12, required=False, default=list)


class PlanSaid(OpSaid):
    whys = serializers.ListField(child=serializers.CharField(max_length=300, allow_blank=True), max_length=5, required=False, default=list)
    cause = serializers.CharField(max_length=LONGEST_LINE)
    action = serializers.CharField(max_length=LONGEST_LINE)
    prevention = serializers.CharField(max_length=LONGEST_LINE, required=False, allow_blank=True, default="")
    responsible = serializers.CharField(max_length=60)
    planned_for = serializers.DateField()


class CarryOutSaid(OpSaid):
    done = serializers.CharField(max_length=LONGEST_LINE)
    photos = serializers.ListField(child=serializers.UUIDField(), max_length=12, required=False, default=list)


class AnswerFindingSaid(OpSaid):
    correction = serializers.CharField(max_length=LONGEST_LINE)
    cause = serializers.CharField(max_length=LONGEST_LINE)
    action = serializers.CharField(max_length=LONGEST_LINE)
    photo = serializers.UUIDField(required=False, allow_null=True, default=None)


VISIT_KINDS: dict[str, type[OpSaid]] = {
    "start": StartSaid,
    "answer": AnswerSaid,
    "resolve": ResolveSaid,
    "photo": PhotoSaid,
    "attach": PlacedSaid,
    "detach": DetachSaid,
    "finding": FindingSaid,
    "drop_finding": DropFindingSaid,
    "order": OrderSaid,
    "look_again": LookAgainSaid,
    "closing": ClosingSaid,
}
FINDING_KINDS: dict[str, type[OpSaid]] = {
    "photo": PhotoSaid,
    "answer_finding": AnswerFindingSaid,
    "contain": ContainSaid,
    "plan": PlanSaid,
    "carry_out": CarryOutSaid,
}
_COMMON = ("client_id", "kind", "client_time")


def sent_of(data: Any) -> Sent:
    """The envelope of a post. Raises FieldsToMend: then nothing of it is kept."""
    said = heard(EnvelopeSaid, data)
    return Sent(said["person"], said["hat"], said["org"], said["sent_at"], list(data["ops"]))


def op_of(raw: Any, kinds: dict[str, type[OpSaid]]) -> Op:
    """One operation, judged. Raises FieldsToMend, and RuleBroken("operation_unknown") for a kind that has no name here."""
    kind = kinds.get(str(raw.get("kind")))
    if kind is None:
        raise RuleBroken("operation_unknown")
    said = heard(kind, raw)
    return Op(
        client_id=said["client_id"],
        kind=said["kind"],
        client_time=said["client_time"],
        said={name: value for name, value in said.items() if name not in _COMMON},
        body={name: value for name, value in raw.items() if name not in _COMMON},
    )


def id_of(raw: Any) -> str:
    """What a refused operation calls itself, as far as that can be told."""
    try:
        return str(UUID(str(raw.get("client_id"))))
    except ValueError:
        return ""


__all__ = ["FINDING_KINDS", "VISIT_KINDS", "FieldsToMend", "HandInSaid", "Op", "Sent", "heard", "id_of", "op_of", "sent_of"]
