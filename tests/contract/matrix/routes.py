"""Every address of the product, from the URL configuration itself: a new one cannot be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PARAM = re.compile(r"<(?:(?P<kind>[a-z_]+):)?(?P<name>[a-z_]+)>")


@dataclass(frozen=True)
class Route:
    """One address with its holes."""

    pattern: str
    name: str

    @property
    def params(self) -> list[str]:
        return [m["name"] for m in PARAM.finditer(self.pattern)]

    def at(self, values: dict[str, Any]) -> str:
        """The address with its holes filled."""
        return "/" + PARAM.sub(lambda m: str(values[m["name"]]), self.pattern)


def routes() -> list[Route]:
    """All addresses in the order of the configuration."""
    return list(_walk(get_resolver().url_patterns, "", ""))


def _walk(patterns: list[Any], prefix: str, space: str) -> Iterator[Route]:
    for item in patterns:
        if isinstance(item, URLResolver):
            inner = f"{space}{item.namespace}:" if item.namespace else space
            yield from _walk(item.url_patterns, prefix + str(item.pattern), inner)
        elif isinstance(item, URLPattern):
            yield Route(prefix + str(item.pattern), space + (item.name or ""))
