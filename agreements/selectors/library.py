"""Questions about the library: what is measured, how, within which limits, and who quotes a limit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from agreements.limits import Shelf, has_run_out, superseded_by
from agreements.models import (
    Agreement,
    AgreementTemplate,
    AgreementVersion,
    Characteristic,
    Clause,
    MethodEdition,
    ProductKind,
    ProductStandard,
    SpecLimit,
    TestMethod,
)
from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent

PAGE = 25
FEWEST = 5  # a smaller number could point at somebody
State = SpecLimit.State


def characteristics(*, kind: str = "", node: str = "", q: str = "") -> list[Characteristic]:
    """In the library's order, by kind, step of the chain and a part of name or code."""
    rows = Characteristic.objects.order_by("order")
    if kind:
        rows = rows.filter(kind=kind)
    if node:
        rows = rows.filter(node_codes__contains=[node])
    if q:
        rows = rows.filter(Q(code__icontains=q) | Q(name_zh__icontains=q) | Q(name_en__icontains=q))
    return list(rows)


def characteristic_for(code: str) -> Characteristic:
    """One characteristic, or Absent."""
    found = Characteristic.objects.filter(pk=code).first() if "\x00" not in code else None
    if found is None:
        raise Absent
    return found


def methods() -> list[TestMethod]:
    """In the library's order."""
    return list(TestMethod.objects.order_by("order"))


def editions() -> list[MethodEdition]:
    """Every edition with its method, in the library's order, the newest of a method first."""
    return list(MethodEdition.objects.select_related("method").order_by("method__order", "-code"))


def editions_of(characteristic: str) -> list[MethodEdition]:
    """The editions of the methods that measure a characteristic."""
    return [row for row in editions() if characteristic in row.method.characteristic_codes]


def is_superseded(edition_code: str, on: date) -> bool:
    """Whether another edition has taken its place by that day, or its own last day has passed. An unknown edition is not."""
    known = {row.code: row for row in MethodEdition.objects.filter(Q(pk=edition_code) | Q(supersedes=edition_code))}
    own = known.get(edition_code)
    return own is not None and (bool(superseded_by(edition_code, known.values(), on=on)) or has_run_out(own, on=on))


def limit_for(characteristic: str, edition: str, product: str = "", safety_class: str = "", grade: str = "") -> SpecLimit | None:
    """The released limit for exactly this; None where the library has none."""
    rows = SpecLimit.objects.filter(state=State.RELEASED, characteristic=characteristic, edition=edition)
    return rows.filter(product=product or None, safety_class=safety_class, grade=grade).first()


def limits_of(characteristic: str) -> list[SpecLimit]:
    """The released limits of a characteristic: by method, class and product."""
    rows = SpecLimit.objects.filter(state=State.RELEASED, characteristic=characteristic).select_related("product", "edition")
    return list(rows.order_by("edition_id", "safety_class", F("product__order").asc(nulls_first=True), "grade"))


def released_limits() -> list[SpecLimit]:
    """Every limit that stands, in the library's order: the rows of the export, which may be imported again."""
    rows = SpecLimit.objects.filter(state=State.RELEASED).select_related("characteristic", "product", "edition")
    return list(rows.order_by("characteristic__order", "edition_id", "product_id", "safety_class", "grade"))


def products() -> list[ProductKind]:
    return list(ProductKind.objects.order_by("order"))


def product_standards() -> list[ProductStandard]:
    """The product standards known by name."""
    return list(ProductStandard.objects.select_related("product").order_by("order"))


def class_limits() -> list[SpecLimit]:
    """The released limits of the safety classes A, B and C."""
    rows = SpecLimit.objects.filter(state=State.RELEASED).exclude(safety_class="").select_related("characteristic", "edition")
    return list(rows.order_by("characteristic__order", "safety_class"))


def shelf() -> Shelf:
    """What a limit may name by now."""
    known = editions()
    return Shelf(
        characteristics={row.code: row for row in Characteristic.objects.all()},
        editions={row.code: row for row in known},
        measures={row.code: frozenset(row.method.characteristic_codes) for row in known},
        products=frozenset(ProductKind.objects.values_list("code", flat=True)),
    )


def limit_revisions(
    actor: Actor, *, state: str = "", q: str = "", after: tuple[datetime, UUID] | None = None, limit: int = PAGE
) -> list[SpecLimit]:
    """Revisions that the actor may see, newest first; one more than `limit` tells that there are more."""
    rows = SpecLimit.objects.visible_to(actor).select_related("characteristic", "edition", "product")
    if state:
        rows = rows.filter(state=state)
    if q:
        rows = rows.filter(
            Q(characteristic__pk__icontains=q) | Q(characteristic__name_zh__icontains=q) | Q(characteristic__name_en__icontains=q)
        )
    if after is not None:
        at, pk = after
        rows = rows.filter(Q(proposed_at__lt=at) | Q(proposed_at=at, pk__lt=pk))
    return list(rows.order_by("-proposed_at", "-id")[: limit + 1])


def limit_one(actor: Actor, limit_id: UUID) -> SpecLimit:
    """One revision, or Absent."""
    rows = SpecLimit.objects.visible_to(actor).select_related("characteristic", "edition", "product", "supersedes")
    found: SpecLimit | None = rows.filter(pk=limit_id).first()
    if found is None:
        raise Absent
    return found


def history_of(actor: Actor, one: SpecLimit) -> list[SpecLimit]:
    """All revisions of the same limit, newest first."""
    place = {name: getattr(one, name) for name in ("characteristic_id", "edition_id", "product_id", "safety_class", "grade")}
    return list(SpecLimit.objects.visible_to(actor).filter(**place).order_by("-revision"))


def known_limits(actor: Actor) -> dict[tuple[str, ...], SpecLimit]:
    """place -> the limit that stands there: what an import is compared with."""
    rows = SpecLimit.objects.visible_to(actor).filter(state=State.RELEASED)
    return {place_of(row): row for row in rows}


def waiting_places(actor: Actor) -> set[tuple[str, ...]]:
    """The places for which a draft waits."""
    return {place_of(row) for row in SpecLimit.objects.visible_to(actor).filter(state=State.DRAFT)}


def place_of(one: SpecLimit) -> tuple[str, ...]:
    """What makes a limit this one: characteristic, edition, product, class, grade."""
    return (one.characteristic_id, one.edition_id, one.product_id or "", one.safety_class, one.grade)


@dataclass(frozen=True)
class Affected:
    """Who quotes a limit. `agreements` is a number for the platform, None where it is below five."""

    templates: list[AgreementTemplate]
    agreements: int | None


def _sources(one: SpecLimit) -> list[str]:
    """The words by which texts quote this limit: its own source, and that of the revision it takes the place of."""
    return [row.source_en for row in (one, one.supersedes) if row is not None]


def templates_quoting(one: SpecLimit) -> list[AgreementTemplate]:
    """The published templates with a clause that quotes this limit."""
    return [row for row in AgreementTemplate.objects.order_by("code") if any(_quotes(clause, one) for clause in row.clauses)]


def _quotes(clause: Mapping[str, Any], one: SpecLimit) -> bool:
    """Whether a clause names this limit: characteristic and method, and its source or its safety class."""
    params = clause.get("params", {})
    by = params.get("edition") or params.get("method")
    if clause.get("type") != "characteristic_limit" or params.get("characteristic") != one.characteristic_id or by != one.edition_id:
        return False
    return params.get("source") in _sources(one) or (one.safety_class != "" and params.get("safety_class") == one.safety_class)


def _quoting(one: SpecLimit, rows: Any) -> Any:
    """The same question, said to the database."""
    named = Q(params__source__in=_sources(one))
    if one.safety_class:
        named |= Q(params__safety_class=one.safety_class)
    of_it = rows.annotate(
        what=KeyTextTransform("characteristic", "params"), by=Coalesce(KeyTextTransform("edition", "params"), KeyTextTransform("method", "params"))
    )  # fmt: skip
    return of_it.filter(named, type="characteristic_limit", what=one.characteristic_id, by=one.edition_id)


def affected_by(actor: Actor, one: SpecLimit) -> Affected:
    """Who is affected by a change of this limit, for the platform: it reads no clause, so the clock counts for it."""
    actor.must_wear(Hat.PLATFORM)
    with acting_as(Hat.CLOCK):
        holding = AgreementVersion.objects.filter(state=AgreementVersion.State.IN_FORCE).values("pk")
        count = _quoting(one, Clause.objects.filter(version_id__in=holding)).values("version_id").distinct().count()
    return Affected(templates_quoting(one), count if count >= FEWEST else None)


def own_agreements_quoting(actor: Actor, limits: Iterable[SpecLimit], *, most: int = 50) -> list[Agreement]:
    """The actor's own agreements in force that quote one of these limits, newest first."""
    holding = AgreementVersion.objects.visible_to(actor).filter(state=AgreementVersion.State.IN_FORCE).values("pk")
    found: set[UUID] = set()
    for one in limits:
        rows = _quoting(one, Clause.objects.visible_to(actor).filter(version_id__in=holding))
        found |= set(rows.values_list("version__agreement_id", flat=True))
    return list(Agreement.objects.visible_to(actor).filter(pk__in=found).order_by("-created_at", "-id")[:most])
