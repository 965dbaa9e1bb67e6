"""How often one caller may try a thing: counted in the cache, forgotten by itself."""

from django.core.cache import cache
from django.http import HttpRequest


def over_limit(name: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one try of `who` at `name`; True once there were more than `most` within the window."""
    key = f"limit:{name}:{who}"
    # add() before incr(): the window begins with the first try and does not move with later ones.
    if cache.add(key, 1, timeout=seconds):
        return most < 1
    try:
        return cache.incr(key) > most
    except ValueError:  # the window ended between the two calls
        return False


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as the server in front of us says."""
    return str(request.META.get("REMOTE_ADDR", ""))
