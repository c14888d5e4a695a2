"""Runs the statements of search: ranges of the index, and what is known of the customers found.

Plain SQL, built once and held: building a statement and converting its rows would cost more than running it.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

from sqlalchemy import Connection, TextClause, text

from db.search.index import TermKind
from db.search.match import Facts
from db.search.routes import Route, Source
from db.search.words import TOP, array

Held = dict[str, set[str]]
"""What is known of a customer, by the field of `Facts` that holds it."""

_TERMS = {
    Source.PAIR: TermKind.PAIR,
    Source.NAME: TermKind.NAME,
    Source.EMAIL_TAIL: TermKind.EMAIL_TAIL,
    Source.CITY: TermKind.CITY,
}
_COLUMNS = {
    Source.EMAIL: ("email_profile", "canonical"),
    Source.PHONE: ("phone_profile", "canonical"),
    Source.PHONE_END: ("phone_profile", "reversed"),
    Source.USERNAME: ("authentication_profile", "canonical"),
    Source.PASS: ("pass", "canonical"),
    Source.PASS_END: ("pass", "reversed"),
    Source.CONTRACT: ("contract", "canonical"),
    Source.CONTRACT_END: ("contract", "reversed"),
}
_KEPT_AS = {
    Source.EMAIL: "emails",
    Source.EMAIL_TAIL: "tails",
    Source.PHONE: "phones",
    Source.USERNAME: "usernames",
    Source.PASS: "passes",
    Source.CONTRACT: "contracts",
    Source.CITY: "cities",
}
_IDS = {
    "sqlite": "json_each(:ids) w CROSS JOIN",
    "postgresql": "unnest(CAST(:ids AS integer[])) w(value) JOIN",
}
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def ranges(connection: Connection, routes: Sequence[Route], rows: int) -> list[list[tuple[int, str]]]:
    """Return at most `rows` customers of each route with what they were found by, in the order of that."""
    found: list[list[tuple[int, str]]] = [[] for _ in routes]
    if routes:
        bounds = {f"low{at}": route.low for at, route in enumerate(routes)}
        bounds |= {f"high{at}": route.high for at, route in enumerate(routes)}
        statement = _ranges(tuple(route.source for route in routes), rows)
        for at, customer_id, value in connection.execute(statement, bounds).all():
            found[at].append((customer_id, value))
    return found


@lru_cache(maxsize=512)
def _ranges(sources: tuple[Source, ...], rows: int) -> TextClause:
    parts = (
        f"SELECT * FROM (SELECT {at} AS route, {_range(source, at)} LIMIT {rows}) AS r{at}"
        for at, source in enumerate(sources)
    )
    return text(" UNION ALL ".join(parts))


def _range(source: Source, at: int) -> str:
    if source in _TERMS:
        return (
            f"customer_id, term AS value FROM search_term WHERE kind = {int(_TERMS[source])}"
            f" AND term >= :low{at} AND term <= :high{at} ORDER BY term, customer_id"
        )
    table, column = _COLUMNS[source]
    return (
        f"customer_id, {column} AS value FROM {table} WHERE {column} >= :low{at} AND {column} <= :high{at}"
        f" ORDER BY {column}, id"
    )


def count(connection: Connection, route: Route, at_most: int) -> int:
    """Return how many customers are on a route, counting no more than `at_most` rows."""
    bounds = {"low0": route.low, "high0": route.high}
    return int(connection.execute(_count(route.source, at_most), bounds).scalar_one())


@lru_cache(maxsize=32)
def _count(source: Source, at_most: int) -> TextClause:
    return text(f"SELECT count(DISTINCT customer_id) FROM (SELECT {_range(source, 0)} LIMIT {at_most}) AS r")


def held_by(source: Source, value: str) -> tuple[str, str] | None:
    """Return what a row of a range says of its customer: the field of `Facts`, and the value."""
    if source is Source.PHONE_END:
        return "phones", f"+{value[::-1]}"
    if source is Source.PASS_END:
        return "passes", value[::-1]
    if source is Source.CONTRACT_END:
        return "contracts", value[::-1]
    kept = _KEPT_AS.get(source)
    return None if kept is None else (kept, value)


_CUSTOMERS = {
    dialect: text(
        "SELECT c.id, c.given_name, c.family_name, c.status, c.merged_into_id, c.takeover_flag,"
        " (SELECT max(a.last_sign_in_at) FROM authentication_profile a WHERE a.customer_id = c.id)"
        f" FROM {ids} customer c ON c.id = w.value"
    )
    for dialect, ids in _IDS.items()
}


def customers(connection: Connection, ids: Sequence[int], held: dict[int, Held]) -> list[Facts]:
    """Return customers with what is held of them; numbers that do not exist are left out."""
    if not ids:
        return []
    rows = connection.execute(_CUSTOMERS[connection.dialect.name], {"ids": array(connection, ids)})
    nothing: Held = {}
    return [
        Facts(
            id=number,
            given_name=given,
            family_name=family,
            status=status,
            merged_into=merged,
            takeover_flag=bool(flag),
            last_sign_in_at=_moment(seen),
            **held.get(number, nothing),
        )
        for number, given, family, status, merged, flag, seen in rows.all()
    ]


def _moment(value: str | datetime | None) -> datetime | None:
    """SQLite keeps moments as text, in UTC."""
    if value is None:
        return None
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC)


_ALL_HELD = {
    dialect: text(
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
        rows = connection.execute(_ALL_HELD[connection.dialect.name], {"ids": array(connection, ids)})
        for field, customer_id, value in rows.all():
            held[customer_id][field].add(value)
    return held


_PLACES = {
    dialect: text(
        "SELECT a.customer_id, a.city, a.state"
        f" FROM {ids} address a ON a.customer_id = w.value WHERE a.is_primary ORDER BY a.id DESC"
    )
    for dialect, ids in _IDS.items()
}
_SHARERS = {
    dialect: text(
        f"SELECT DISTINCT e.customer_id, o.customer_id FROM {ids} email_profile e ON e.customer_id = w.value"
        " JOIN email_profile o ON o.canonical = e.canonical AND o.customer_id <> e.customer_id"
        " JOIN customer c ON c.id = o.customer_id AND c.status <> 'merged' LIMIT 1000"
    )
    for dialect, ids in _IDS.items()
}


def places(connection: Connection, ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return city and state of the primary address of customers."""
    rows = connection.execute(_PLACES[connection.dialect.name], {"ids": array(connection, ids)})
    return {customer_id: (city, state) for customer_id, city, state in rows.all()}


def sharers(connection: Connection, ids: Sequence[int]) -> dict[int, list[int]]:
    """Return who else has an email address of these customers, merged ones left out."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = connection.execute(_SHARERS[connection.dialect.name], {"ids": array(connection, ids)})
    for customer_id, other in rows.all():
        found[customer_id].append(other)
    return found


_TERM_PROBES = {
    "sqlite": text(
        "SELECT t.customer_id FROM json_each(:starts) w CROSS JOIN search_term t"
        " ON t.kind = :kind AND t.term >= w.value AND t.term <= w.value || :end LIMIT 400"
    ),
    "postgresql": text(
        "SELECT t.customer_id FROM unnest(CAST(:starts AS text[])) WITH ORDINALITY w(start, place)"
        " CROSS JOIN LATERAL (SELECT s.customer_id FROM search_term s WHERE s.kind = CAST(:kind AS smallint)"
        " AND s.term >= w.start AND s.term <= w.start || CAST(:end AS text) ORDER BY s.term, s.customer_id"
        " LIMIT 100) t ORDER BY w.place LIMIT 400"
    ),
}


def probe(connection: Connection, kind: TermKind, terms: Sequence[str], *, whole: bool) -> list[int]:
    """Return customers with one of the terms, whole or beginning so, in the order of the terms."""
    asked = {"starts": array(connection, terms), "kind": int(kind), "end": "" if whole else TOP}
    rows = connection.execute(_TERM_PROBES[connection.dialect.name], asked) if terms else ()
    return list(dict.fromkeys(customer_id for (customer_id,) in rows))


_INSIDE = {
    "sqlite": text(
        "SELECT customer_id FROM email_profile WHERE instr(canonical, :part) > 0"
        " ORDER BY canonical LIMIT :rows"
    ),
    "postgresql": text(
        "SELECT customer_id FROM (SELECT canonical, customer_id FROM email_profile"
        " WHERE strpos(canonical, :part) > 0 LIMIT :rows) e ORDER BY canonical"
    ),
}


def inside_emails(connection: Connection, part: str, rows: int) -> list[int]:
    """Return customers with a text anywhere in an email address: a scan, ended by `rows` hits."""
    found = connection.execute(_INSIDE[connection.dialect.name], {"part": part, "rows": rows})
    return list(dict.fromkeys(found.scalars()))
