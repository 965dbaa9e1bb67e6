"""The two walls: what a selector asks for, and what the database lets a hat see."""

from __future__ import annotations

import re
from typing import Any, Self

from django.db import models
from django.db.migrations.operations.base import Operation

from foundation.actor import Actor, Hat, role_of

EVERY = "*"


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows that start from the actor. A model says in `seen_by` which column names the viewer of each hat."""

    def visible_to(self, actor: Actor) -> Self:
        """Only the actor's own world; a hat that the model does not name sees nothing."""
        column = self.model.seen_by.get(actor.hat)  # type: ignore[attr-defined]
        if column is None:
            return self.none()
        if column == EVERY:
            return self.all()
        return self.filter(**{column: actor.person_id if column in ("person", "person_id") else actor.org_id})


# "owner_org_id: select insert update(state,closed_at)" · "person_id@user: select" · "*: select"
_RULE = re.compile(r"^(?P<column>\*|[a-z_]+)(?:@(?P<who>org|user|token))?: (?P<verbs>[a-z_(), ]+)$")
_VERB = re.compile(r"(select|insert|update|delete)(\([a-z_,]+\))?")


class RowSecurity(Operation):
    """ENABLE and FORCE row security on one table, with one equality per hat.

    `rules` maps a hat to one rule or several; a rule is "column: verbs". The owner role gets a policy that passes
    everything, else a data migration under FORCE would touch no row, silently.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, **rules: str | list[str]) -> None:
        self.table, self.rules = table, rules

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__name__, [self.table], self.rules)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Policies are not part of Django's picture of a model."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in self.statements():
            schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        schema_editor.execute(f"alter table {self.table} disable row level security")

    def describe(self) -> str:
        return f"Row security on {self.table}"

    def statements(self) -> list[str]:
        """Every SQL statement of this wall, in order."""
        out = [
            f"alter table {self.table} enable row level security",
            f"alter table {self.table} force row level security",
            f"create policy migrator on {self.table} to current_user using (true) with check (true)",
        ]
        for hat, rules in self.rules.items():
            for rule in [rules] if isinstance(rules, str) else rules:
                out += _policies(self.table, Hat(hat), rule)
        return out


class MoreRules(RowSecurity):
    """Rules for a hat that came after the wall stood. Safe where the wall, built afresh, already knows the hat."""

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for statement in self._gone():
            schema_editor.execute(statement)

    def describe(self) -> str:
        return f"More rules on {self.table}"

    def statements(self) -> list[str]:
        return [*self._gone(), *super().statements()[3:]]

    def _gone(self) -> list[str]:
        return [f"drop policy if exists {hat}_{verb} on {self.table}" for hat in self.rules for verb in ("select", "insert", "update", "delete")]


def _policies(table: str, hat: Hat, rule: str) -> list[str]:
    parts = _RULE.match(rule)
    if parts is None:
        raise ValueError(f"{table}: {hat}: not a rule: {rule!r}")
    test = _test(parts["column"], parts["who"] or "org")
    role, out = role_of(hat), []
    for verb, columns in _VERB.findall(parts["verbs"]):
        out.append(f"grant {verb}{columns} on {table} to {role}")
        using = "" if verb == "insert" else f" using ({test})"
        check = f" with check ({test})" if verb in ("insert", "update") else ""
        out.append(f"create policy {hat}_{verb} on {table} for {verb} to {role}{using}{check}")
    return out


def _test(column: str, who: str) -> str:
    if column == EVERY:
        return "true"
    return f"{column} = nullif(current_setting('app.{who}', true), '')::uuid"


class Grants(Operation):
    """Plain grants for tables that are no firm's secret: reference tables and plumbing."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, table: str, **verbs: str) -> None:
        self.table, self.verbs = table, verbs

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (self.__class__.__name__, [self.table], self.verbs)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Grants are not part of Django's picture of a model."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for hat, verbs in self.verbs.items():
            schema_editor.execute(f"grant {verbs} on {self.table} to {role_of(Hat(hat))}")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for hat, verbs in self.verbs.items():
            schema_editor.execute(f"revoke {verbs} on {self.table} from {role_of(Hat(hat))}")

    def describe(self) -> str:
        return f"Grants on {self.table}"


def read_by_all(table: str) -> Grants:
    """A reference table: every hat reads it."""
    return Grants(table, **{hat.value: "select" for hat in Hat})
