"""The one stream that everybody writes to: the hardest case for a lock."""

from uuid import UUID

STREAM = UUID("00000000-0000-7000-c000-000000000001")
