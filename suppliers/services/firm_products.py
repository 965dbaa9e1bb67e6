"""The firm's own list of what it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from foundation.actor import Actor
from foundation.errors import RuleBroken
from suppliers.firm_words import SAFETY_CLASSES
from suppliers.models import Product
from suppliers.services.firm_sharing import refresh_shared
from suppliers.services.firm_shelf import add, added_before, check_step, must_keep, save, say_of

MOST_COLOURS, LONGEST_COLOUR = 60, 40


@dataclass(frozen=True, slots=True)
class ProductSaid:
    """What a firm says of a product."""

    code: str
    name: str
    node_code: str = ""
    construction: str = ""
    safety_class: str = ""
    colours: Sequence[str] = ()

    def columns(self) -> dict[str, Any]:
        """The row's columns. Raises RuleBroken on the field that cannot be."""
        code = " ".join(self.code.split())[:40]
        if not code:
            raise RuleBroken("code_missing", field="code")
        check_step(self.node_code, field="node_code", optional=True)
        if self.safety_class and self.safety_class not in SAFETY_CLASSES:
            raise RuleBroken("safety_class_unknown", field="safety_class")
        colours = list(dict.fromkeys(colour.strip() for colour in self.colours if colour.strip()))
        if len(colours) > MOST_COLOURS or any(len(colour) > LONGEST_COLOUR for colour in colours):
            raise RuleBroken("too_many_colours", field="colours")
        return {
            "code": code, "name": self.name.strip()[:80] or code, "node_code": self.node_code,
            "construction": self.construction.strip()[:200], "safety_class": self.safety_class, "colours": colours,
        }  # fmt: skip


@transaction.atomic
def add_product(*, actor: Actor, said: ProductSaid, client_id: UUID, now: datetime) -> Product:
    """One line of the firm's own list. The same `client_id` adds once. Raises RuleBroken("product_code_taken") and what columns() says."""
    must_keep(actor, actor.org_id)
    if before := added_before(actor, Product, client_id):
        return before
    row = Product(org_id=actor.org_id, **said.columns(), client_id=client_id, created_at=now)
    add(row, twin=RuleBroken("product_code_taken", field="code"))
    refresh_shared(org_id=actor.org_id, what="products", now=now)
    return row


@transaction.atomic
def edit_product(*, actor: Actor, product: Product, said: ProductSaid, now: datetime) -> Product:
    must_keep(actor, product.org_id)
    save(product, say_of(product, said.columns()), twin=RuleBroken("product_code_taken", field="code"))
    refresh_shared(org_id=actor.org_id, what="products", now=now)
    return product


@transaction.atomic
def retire_product(*, actor: Actor, product: Product, now: datetime) -> None:
    must_keep(actor, product.org_id)
    Product.objects.visible_to(actor).filter(pk=product.pk, retired_at=None).update(retired_at=now)
    refresh_shared(org_id=actor.org_id, what="products", now=now)


@transaction.atomic
def take_back_product(*, actor: Actor, product: Product, now: datetime) -> None:
    must_keep(actor, product.org_id)
    Product.objects.visible_to(actor).filter(pk=product.pk).update(retired_at=None)
    refresh_shared(org_id=actor.org_id, what="products", now=now)
