from jobs.models.outbox import Claim, OutboxEvent, Pulse
from jobs.models.requests import IdempotencyKey, Job

__all__ = ["Claim", "IdempotencyKey", "Job", "OutboxEvent", "Pulse"]
