"""A grant was given: who above wants to know. Floors above say so when they start, since this one may not look up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from records.models import Grant

Hearer = Callable[[Sequence[Grant], datetime], None]
_hearers: list[Hearer] = []


def hear_of_grants(hearer: Hearer) -> None:
    """Be told of grants that clauses give, in the transaction that gives them. Called from an AppConfig.ready()."""
    if hearer not in _hearers:
        _hearers.append(hearer)


def grants_given(grants: Sequence[Grant], *, now: datetime) -> None:
    """Tell whoever wants to know, as the clock."""
    if grants:
        for hearer in _hearers:
            hearer(grants, now)
