"""What is said when a step with results is refused. %(fact)s stands for a fact of the refusal."""

from typing import Any

WORDS: dict[str, Any] = {}
