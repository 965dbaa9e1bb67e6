"""How the schema generator reads our API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`Authorization: Bearer <key>`."""

    target_class = "parties.api_access.ActorAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


def only_v1(endpoints: list[tuple[str, str, str, Any]]) -> list[tuple[str, str, str, Any]]:
    """The addresses of the API; neither its papers nor the address that nobody has."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith("/api/v1/")]


def plain_choices(result: Any, **_: Any) -> Any:
    """Choices stand where they are used: the generator's own marks go, and no names are made up for them."""
    if isinstance(result, dict):
        return {name: plain_choices(inner) for name, inner in result.items() if name != "x-spec-enum-id"}
    return [plain_choices(inner) for inner in result] if isinstance(result, list) else result
