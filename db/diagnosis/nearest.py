"""Finds what may have been meant where nothing matches: likely typos, and identifiers near to it on file."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from db.gate import resolve
from db.queries.viewer import Viewer
from db.rules import Malformed
from db.rules.email import parse_email
from db.rules.identifiers import format_customer_number, parse_pass_id, parse_username
from db.rules.names import display_name
from db.rules.near import is_near_domain, named_in, near_codes, near_emails, near_usernames
from db.rules.policy import Policy
from db.rules.typo import propose
from db.search import find
from db.search.held import rows
from db.search.routes import AFTER_ALL
from db.search.words import array
from db.settings import email_rules, typo_table

MOST = 5
SAME_LOCAL = 50
"""Addresses with the typed local part that are compared, whatever their domain."""


@dataclass(frozen=True)
class Nearest:
    """Something to try instead: `identifier` to diagnose, or a customer to open."""

    why: str
    identifier: str | None = None
    customer_id: int | None = None
    label: str = ""


def nearest(
    connection: Connection, identifier: str, viewer: Viewer, policy: Policy, now: datetime
) -> tuple[Nearest, ...]:
    """Return corrections of the typo table that lead somewhere, then what is one error away, then names.

    Nothing that is one error away is told to who sees no personal values: they could spell one out (R25).
    """
    found = [
        Nearest(f"likely typo ({typo.rule})", identifier=typo.after, label=typo.after)
        for typo in propose(identifier, typo_table(policy))
        if resolve(connection, typo.after, policy, now).matches
    ]
    if not viewer.is_masked:
        found += _one_error_away(connection, identifier, policy)
    each_once: dict[str | None, Nearest] = {}
    for near in found:
        each_once.setdefault(near.identifier, near)
    found = list(each_once.values())
    if len(found) < MOST:
        hits = find(connection, identifier, viewer=viewer, limit=MOST).hits
        name = named_in(identifier)
        if not hits and not found and name:
            hits = find(connection, name, viewer=viewer, limit=MOST).hits
        found += [
            Nearest(" · ".join(hit.why), customer_id=hit.customer_id, label=f"{hit.number} {hit.name}")
            for hit in hits
        ]
    return tuple(found[:MOST])


def _one_error_away(connection: Connection, identifier: str, policy: Policy) -> Iterator[Nearest]:
    """Look up every neighbour at once, each by its index; what is no identifier of a kind has none."""
    rules = email_rules(policy)
    if "@" in identifier:
        with suppress(Malformed):
            canonical = parse_email(identifier, rules).canonical
            yield from _looked_up(connection, "email", near_emails(canonical))
            yield from _other_domains(connection, canonical)
        return
    with suppress(Malformed):
        yield from _looked_up(connection, "pass", near_codes(parse_pass_id(identifier)))
    with suppress(Malformed):
        yield from _looked_up(connection, "username", near_usernames(parse_username(identifier, rules)))


_KINDS: Final = {
    "email": ("email_profile", "address", "the email is one letter away"),
    "pass": ("pass", "pass_id", "the pass id is one sign away"),
    "username": ("authentication_profile", "username", "the username is one letter away"),
}


def _statement(table: str, column: str, dialect: str) -> str:
    """One look-up for each value, however many there are, so that no planner reads the table instead."""
    told = f"t.{column}, c.id, c.given_name, c.family_name"
    if dialect == "sqlite":
        return (
            f"SELECT {told} FROM json_each(:wanted) w CROSS JOIN {table} t ON t.canonical = w.value"
            f" CROSS JOIN customer c ON c.id = t.customer_id LIMIT {MOST}"
        )
    return (
        f"SELECT {told} FROM unnest(CAST(:wanted AS text[])) WITH ORDINALITY w(value, place)"
        f" CROSS JOIN LATERAL (SELECT p.{column}, p.customer_id FROM {table} p"
        f" WHERE p.canonical = w.value LIMIT {MOST}) t"
        f" JOIN customer c ON c.id = t.customer_id ORDER BY w.place LIMIT {MOST}"
    )


_LOOK_UPS: Final = {
    (kind, dialect): _statement(table, column, dialect)
    for kind, (table, column, _) in _KINDS.items()
    for dialect in ("sqlite", "postgresql")
}
_SAME_LOCAL: Final = (
    "SELECT e.address, e.canonical, c.id, c.given_name, c.family_name"
    " FROM (SELECT address, canonical, customer_id FROM email_profile"
    f" WHERE canonical >= :low AND canonical <= :high ORDER BY canonical LIMIT {SAME_LOCAL}) e"
    " JOIN customer c ON c.id = e.customer_id ORDER BY e.canonical, c.id"
)


def _looked_up(connection: Connection, kind: str, wanted: Sequence[str]) -> Iterator[Nearest]:
    if wanted:
        statement = _LOOK_UPS[kind, connection.dialect.name]
        for value, *customer in rows(connection, statement, {"wanted": array(connection, wanted)}):
            yield _near(value, _KINDS[kind][2], *customer)


def _other_domains(connection: Connection, canonical: str) -> Iterator[Nearest]:
    """The same local part at a domain that is near to the typed one."""
    local, _, domain = canonical.rpartition("@")
    bounds = {"low": f"{local}@", "high": f"{local}@{AFTER_ALL}"}
    for value, found, *customer in rows(connection, _SAME_LOCAL, bounds):
        other = found.rpartition("@")[2]
        if other != domain and is_near_domain(domain, other):
            yield _near(value, f"the same name at {other}", *customer)


def _near(value: str, why: str, customer_id: int, given_name: str, family_name: str) -> Nearest:
    who = f"{format_customer_number(customer_id)} {display_name(given_name, family_name)}"
    return Nearest(f"{why} · {who}", identifier=value, label=value)
