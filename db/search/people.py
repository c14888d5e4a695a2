"""Reads what is known of customers who may match, and what their rows show.

Plain SQL, built once and held: building a statement and converting its rows would cost more than running it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection

from db.search.held import rows
from db.search.match import Facts
from db.search.words import array

Held = dict[str, set[str]]
"""What is known of a customer, by the field of `Facts` that holds it."""

_IDS = {
    "sqlite": "json_each(:ids) w CROSS JOIN",
    "postgresql": "unnest(CAST(:ids AS integer[])) w(value) JOIN",
}
_LIVE = {dialect: ids.replace(":ids", ":live") for dialect, ids in _IDS.items()}
_NOTHING: Held = {}

_CUSTOMERS = {
    dialect: (
        "SELECT c.id, c.given_name, c.family_name, c.status, c.merged_into_id, c.takeover_flag,"
        " (SELECT max(a.last_sign_in_at) FROM authentication_profile a WHERE a.customer_id = c.id)"
        f" FROM {ids} customer c ON c.id = w.value"
    )
    for dialect, ids in _IDS.items()
}


def customers(connection: Connection, ids: Sequence[int], held: Mapping[int, Held]) -> list[Facts]:
    """Return customers with what is held of them; numbers that do not exist are left out."""
    if not ids:
        return []
    near = array(connection, sorted(ids))  # neighbours lie on one page
    found = rows(connection, _CUSTOMERS[connection.dialect.name], {"ids": near})
    return [
        Facts(number, given, family, status, merged, flag, seen, **held.get(number, _NOTHING))
        for number, given, family, status, merged, flag, seen in found
    ]


def moment(seen: str | datetime | None) -> datetime | None:
    """Return when somebody signed in last, in UTC; SQLite keeps moments as text, in UTC."""
    if seen is None:
        return None
    if isinstance(seen, str):
        return datetime.fromisoformat(seen).replace(tzinfo=UTC)
    return seen.astimezone(UTC)


_ALL_HELD = {
    dialect: (
        " UNION ALL ".join(
            f"SELECT '{name}', t.customer_id, t.{column} FROM {ids} {table} t ON t.customer_id = w.value"
            for name, table, column in (
                ("emails", "email_profile", "canonical"),
                ("phones", "phone_profile", "canonical"),
                ("usernames", "authentication_profile", "canonical"),
                ("passes", "pass", "canonical"),
                ("contracts", "contract", "canonical"),
                ("places", "address", "city"),
            )
        )
    )
    for dialect, ids in _IDS.items()
}


def identifiers(connection: Connection, ids: Sequence[int]) -> dict[int, Held]:
    """Return everything that customers can be found by beside their names."""
    held: dict[int, Held] = defaultdict(lambda: defaultdict(set))
    if ids:
        found = rows(connection, _ALL_HELD[connection.dialect.name], {"ids": array(connection, ids)})
        for field, customer_id, value in found:
            held[customer_id][field].add(value)
    return held


_SHOWN = {
    dialect: (
        "SELECT * FROM (SELECT a.customer_id, a.city, a.state, 0 AS other"
        f" FROM {ids} address a ON a.customer_id = w.value WHERE a.is_primary ORDER BY a.id DESC) AS places"
        " UNION ALL SELECT * FROM (SELECT DISTINCT e.customer_id, '' AS city, '' AS state, o.customer_id"
        f" AS other FROM {_LIVE[dialect]} email_profile e ON e.customer_id = w.value"
        " JOIN email_profile o ON o.canonical = e.canonical AND o.customer_id <> e.customer_id"
        " JOIN customer c ON c.id = o.customer_id AND c.status <> 'merged' LIMIT 1000) AS sharers"
    )
    for dialect, ids in _IDS.items()
}


def shown(
    connection: Connection, ids: Sequence[int], live: Sequence[int]
) -> tuple[dict[int, tuple[str, str]], dict[int, list[int]]]:
    """Return city and state of the primary address of customers; and, of `live` ones, who else has an email
    address of theirs, merged ones left out.
    """
    places: dict[int, tuple[str, str]] = {}
    sharers: dict[int, list[int]] = defaultdict(list)
    asked = {"ids": array(connection, ids), "live": array(connection, live)}
    for customer_id, city, state, other in rows(connection, _SHOWN[connection.dialect.name], asked):
        if other:
            sharers[customer_id].append(other)
        else:
            places[customer_id] = (city, state)
    return places, sharers
