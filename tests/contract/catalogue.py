"""What the database's catalogue says of each table, in the register's own words."""

from __future__ import annotations

from typing import Any

from django.db import connection

HATS = ("lobby", "clock", "owner", "supplier", "bureau", "lab", "provider", "platform")
PREFIX = "qcc_hat_"


def catalogue() -> dict[str, dict[str, Any]]:
    """table -> {row_security, forced, migrator, <hat>: [rule, …]} as the database holds it."""
    tables: dict[str, dict[str, Any]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname, relrowsecurity, relforcerowsecurity from pg_class c join pg_namespace n on n.oid = relnamespace "
            "where nspname = 'public' and relkind = 'r' order by relname"
        )
        for name, enabled, forced in cursor.fetchall():
            tables[name] = {"row_security": enabled, "forced": forced, "migrator": False, "rules": {}}
        cursor.execute(
            "select tablename, policyname, roles::text[], cmd, qual, with_check, permissive = 'RESTRICTIVE' from pg_policies where schemaname = 'public'"
        )
        policies = cursor.fetchall()
        # The information schema shows only what the asking role may know; the access lists show all.
        cursor.execute(
            "select relname, grantee::regrole::text, lower(privilege_type) from pg_class c, aclexplode(c.relacl) "
            "where relnamespace = 'public'::regnamespace and relkind = 'r' and grantee <> 0"
        )
        grants = cursor.fetchall()
        cursor.execute(
            "select relname, grantee::regrole::text, lower(privilege_type), attname from pg_class c "
            "join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) where relnamespace = 'public'::regnamespace and grantee <> 0"
        )
        columns = cursor.fetchall()
    _add_policies(tables, policies)
    _add_grants(tables, grants, columns)
    return tables


def _add_policies(tables: dict[str, dict[str, Any]], policies: list[Any]) -> None:
    for table, name, roles, command, using, check, narrows in policies:
        if narrows:  # on top of the equality: only these of the viewer's rows
            (role,) = roles
            tables[table].setdefault("only", {})[role.removeprefix(PREFIX)] = " ".join((using or f"new rows: {check}").split())
            continue
        if name == "migrator":
            tables[table]["migrator"] = using == "true" and check == "true"
            continue
        (role,) = roles
        tests = {_column(text) for text in (using, check) if text is not None}
        assert len(tests) == 1, (table, name, using, check)
        rule = tables[table]["rules"].setdefault(role.removeprefix(PREFIX), {})
        rule[command.lower()] = tests.pop()


def _column(text: str) -> str:
    if text == "true":
        return "*"
    column, _, rest = text.strip("()").partition(" = ")
    who = "user" if "'app.user'" in rest else "org"
    return column if who == "org" else f"{column}@user"


def _add_grants(tables: dict[str, dict[str, Any]], grants: list[Any], columns: list[Any]) -> None:
    whole = {(t, g.removeprefix(PREFIX), v) for t, g, v in grants if g.startswith(PREFIX)}
    for table, hat, verb in whole:
        tables[table].setdefault("grants", {}).setdefault(hat, {})[verb] = ""
    for table, grantee, verb, column in sorted(columns):
        hat = grantee.removeprefix(PREFIX)
        if grantee.startswith(PREFIX) and (table, hat, verb) not in whole:
            held = tables[table].setdefault("grants", {}).setdefault(hat, {})
            held[verb] = f"{held[verb]},{column}" if verb in held else column


def in_words(entry: dict[str, Any]) -> dict[str, str]:
    """hat -> 'verbs on column' as the register writes it."""
    out = {}
    for hat in HATS:
        held = entry.get("grants", {}).get(hat)
        if held:
            out[hat] = " · ".join(_verb(verb, held[verb], entry["rules"].get(hat, {}).get(verb)) for verb in sorted(held))
    for hat, condition in entry.get("only", {}).items():
        out[f"{hat}_only"] = condition
    return out


def _verb(verb: str, columns: str, scope: str | None) -> str:
    what = f"{verb}({columns})" if columns else verb
    return f"{what} {scope}" if scope else what
