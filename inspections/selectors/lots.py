"""Questions about lots: all start from the actor. No customer sees the whole of which it gets a portion."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from foundation.actor import Actor, Hat, acting_as
from foundation.errors import Absent
from foundation.scope import ScopedQuerySet
from inspections.lot_filters import GROUPS, LotsWanted
from inspections.models import Lot
from suppliers.models import Product, SupplyLink

PAGE = 25
MOST_KNOWN = 200


def lot_for(actor: Actor, lot_id: UUID) -> Lot:
    """One lot of the actor's world, or Absent."""
    found: Lot | None = Lot.objects.visible_to(actor).filter(pk=lot_id).first()
    if found is None:
        raise Absent
    return found


def lot_by_token(actor: Actor, token: str) -> Lot:
    """The lot whose label carries this, if it is of the actor's world; else Absent, as if there were no such label."""
    found: Lot | None = Lot.objects.visible_to(actor).filter(token=token).first()
    if found is None:
        raise Absent
    return found


def lots(actor: Actor, wanted: LotsWanted, *, after: tuple[date, UUID] | None = None, limit: int = PAGE) -> list[Lot]:
    """The youngest first, by the day they were made; one more than `limit` tells that there are more."""
    rows = _narrowed(actor, wanted).order_by("-made_on", "-id")
    if after is not None:
        day, pk = after
        rows = rows.filter(made_on__lte=day).filter(Q(made_on__lt=day) | Q(made_on=day, pk__lt=pk))
    return list(rows[: limit + 1])


def _narrowed(actor: Actor, wanted: LotsWanted) -> ScopedQuerySet:
    rows = Lot.objects.visible_to(actor)
    other = "supplier" if actor.hat == Hat.OWNER else "owner"
    if wanted.state:
        rows = rows.filter(state__in=GROUPS[wanted.state])
    if wanted.firm:
        rows = rows.filter(Q(**{f"{other}_name_zh__icontains": wanted.firm}) | Q(**{f"{other}_name_en__icontains": wanted.firm}))
    if wanted.product:
        rows = rows.filter(Q(product__icontains=wanted.product) | Q(product_code__icontains=wanted.product))
    same = {
        "link_id": wanted.link, "lot_no__icontains": wanted.number, "colour__icontains": wanted.colour, "made_on__gte": wanted.since,
        "made_on__lte": wanted.until,
    }  # fmt: skip
    return rows.filter(**{name: value for name, value in same.items() if value})


def lots_by_id(actor: Actor, ids: Iterable[UUID]) -> list[Lot]:
    """Those of the lots that the actor may see, the youngest first."""
    return list(Lot.objects.visible_to(actor).filter(pk__in=set(ids)).order_by("-made_on", "-id"))


def recent_lots(actor: Actor, *, link_id: UUID | None = None, limit: int = 8) -> list[Lot]:
    """What was registered last: the likeliest to be asked for."""
    rows = Lot.objects.visible_to(actor)
    return list((rows.filter(link_id=link_id) if link_id else rows).order_by("-made_on", "-id")[:limit])


def lot_links(actor: Actor) -> list[SupplyLink]:
    """The relations in which the actor's firm may register lots, by the name in the list of its chain owner."""
    rows = SupplyLink.objects.visible_to(actor).filter(state=SupplyLink.State.JOINED, supplier_org_id__isnull=False)
    return list(rows.order_by("pinyin_key", "id"))


def known_products(actor: Actor, *, link_id: UUID | None = None) -> list[tuple[str, str, str]]:
    """(code, name, colour) of earlier lots, of one relation if it is named, the youngest first, then of the firm's own list."""
    rows = Lot.objects.visible_to(actor).order_by("-made_on", "-id").values_list("product_code", "product", "colour")
    earlier = rows.filter(link_id=link_id) if link_id else rows
    own = (
        Product.objects.visible_to(actor)
        .filter(org_id=actor.org_id, retired_at=None)
        .order_by("code")
        .values_list("code", "name", "colours")
    )
    found = list(earlier[:MOST_KNOWN])
    if actor.hat == Hat.SUPPLIER:
        for code, name, colours in own[:MOST_KNOWN]:
            found += [(code, name, colour) for colour in colours or [""]]
    return list(dict.fromkeys(found))


def like_lots(actor: Actor, lot: Lot, *, limit: int = 60) -> list[Lot]:
    """Lots that may be put together with this one, the youngest first; how much is left of each is another question."""
    same = {name: getattr(lot, name) for name in ("supplier_org_id", "owner_org_id", "product_code", "product", "colour", "unit")}
    rows = Lot.objects.visible_to(actor).filter(**same, state__in=(Lot.State.REGISTERED, Lot.State.INSPECTING, Lot.State.RELEASED))
    return list(rows.exclude(pk=lot.pk).order_by("-made_on", "-id")[:limit])


def possible_inputs(actor: Actor, lot: Lot, *, limit: int = 80) -> list[Lot]:
    """Lots of the same maker that may have gone into this one: of its customer or, for the maker, its own; not younger than it is."""
    rows = Lot.objects.visible_to(actor).filter(supplier_org_id=lot.supplier_org_id, made_on__lte=lot.made_on).exclude(pk=lot.pk)
    rows = rows.filter(Q(owner_org_id=lot.owner_org_id) | Q(owner_org_id=None)) if lot.owner_org_id else rows.filter(owner_org_id=None)
    return list(rows.order_by("-made_on", "-id")[:limit])


def portions_of(actor: Actor, lot: Lot) -> list[Lot]:
    """The customers' portions of a supplier's own lot. A customer asks in vain."""
    if actor.hat != Hat.SUPPLIER:
        return []
    return list(Lot.objects.visible_to(actor).filter(whole=lot).order_by("registered_at", "id"))


def hangs_nothing(lot: Lot) -> bool:
    """Whether a lot may still be changed: nothing was found on it, decided about it or made of it. One question for all that can hang."""
    if lot.state != Lot.State.REGISTERED:
        return False
    hanging = Q(pk=None)
    for relation in Lot._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})  # type: ignore[union-attr]
        hanging |= Q(Exists(rows.order_by().values(one=F("pk"))))
    with acting_as(Hat.CLOCK):
        return not Lot.objects.filter(hanging, pk=lot.pk).exists()
