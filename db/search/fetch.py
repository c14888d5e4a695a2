"""Runs the statements that look customers up: ranges of the index, and scans that end soon.

Plain SQL, built once and held: building a statement and converting its rows would cost more than running it.
"""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import Connection

from db.search.held import rows as rows_of
from db.search.kinds import TermKind
from db.search.routes import Route, Source
from db.search.words import TOP, array

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


def ranges(
    connection: Connection, routes: Sequence[Route], rows: Sequence[int]
) -> list[list[tuple[int, str]]]:
    """Return customers of each route, at most as many as its `rows`, with what they were found by.

    They come in the order of that.
    """
    found: list[list[tuple[int, str]]] = [[] for _ in routes]
    if routes:
        bounds = {f"low{at}": route.low for at, route in enumerate(routes)}
        bounds |= {f"high{at}": route.high for at, route in enumerate(routes)}
        statement = _ranges(tuple((route.source, most) for route, most in zip(routes, rows, strict=True)))
        for at, customer_id, value in rows_of(connection, statement, bounds):
            found[at].append((customer_id, value))
    return found


@lru_cache(maxsize=512)
def _ranges(parts: tuple[tuple[Source, int], ...]) -> str:
    selects = (
        f"SELECT * FROM (SELECT {at} AS route, {_range(source, at)} LIMIT {rows}) AS r{at}"
        for at, (source, rows) in enumerate(parts)
    )
    return " UNION ALL ".join(selects)


def _range(source: Source, at: int) -> str:
    if source in _TERMS:
        return (
            f"customer_id, term AS value FROM search_term WHERE kind = {int(_TERMS[source])}"
            f" AND term >= :low{at} AND term <= :high{at} ORDER BY term, customer_id"
        )
    if source is Source.NUMBER:
        return (
            "id AS customer_id, '' AS value FROM customer"
            f" WHERE id >= :low{at} AND id <= :high{at} ORDER BY id"
        )
    table, column = _COLUMNS[source]
    return (
        f"customer_id, {column} AS value FROM {table} WHERE {column} >= :low{at} AND {column} <= :high{at}"
        f" ORDER BY {column}, customer_id"
    )


def count(connection: Connection, route: Route, at_most: int) -> int:
    """Return how many customers are on a route, counting no more than `at_most` rows."""
    bounds = {"low0": route.low, "high0": route.high}
    return int(rows_of(connection, _count(route.source, at_most), bounds)[0][0])


@lru_cache(maxsize=32)
def _count(source: Source, at_most: int) -> str:
    return f"SELECT count(DISTINCT customer_id) FROM (SELECT {_range(source, 0)} LIMIT {at_most}) AS r"


def is_held(source: Source) -> bool:
    """Whether a row of a range says more of its customer than the names do."""
    return source not in (Source.PAIR, Source.NAME, Source.NUMBER)


def held_by(source: Source, value: str) -> tuple[str, str]:
    """Return what a row of a range says of its customer: the field of `Facts`, and the value."""
    if source is Source.PHONE_END:
        return "phones", f"+{value[::-1]}"
    if source is Source.PASS_END:
        return "passes", value[::-1]
    if source is Source.CONTRACT_END:
        return "contracts", value[::-1]
    return _KEPT_AS[source], value


_PAIRS = (
    "SELECT customer_id, term FROM (SELECT customer_id, term FROM search_term"
    f" WHERE kind = {int(TermKind.PAIR)} AND term >= :low AND term <= :high"
    " ORDER BY term, customer_id LIMIT :scanned) AS r"
    " WHERE term LIKE substr(CAST(:one AS text), 1, length(term))"
    " OR term LIKE substr(CAST(:other AS text), 1, length(term))"
    " ORDER BY term, customer_id LIMIT :rows"
)
_PAIR_AT = (
    f"SELECT 1 FROM search_term WHERE kind = {int(TermKind.PAIR)} AND term >= :low AND term <= :high"
    " ORDER BY term, customer_id LIMIT 1 OFFSET :scanned"
)


def pairs(
    connection: Connection, route: Route, patterns: Sequence[str], *, scanned: int, rows: int
) -> tuple[list[int], bool]:
    """Return at most `rows` customers on a range of pairs with terms like a pattern, and whether that is all.

    No more than `scanned` rows of the range are looked at.
    """
    bounds = {"low": route.low, "high": route.high, "scanned": scanned}
    asked = bounds | {"one": patterns[0], "other": patterns[-1], "rows": rows + 1}
    found = [customer_id for customer_id, _ in rows_of(connection, _PAIRS, asked)]
    is_all = len(found) <= rows and not rows_of(connection, _PAIR_AT, bounds)
    return found, is_all


_TERM_PROBES = {
    "sqlite": (
        "SELECT t.customer_id FROM json_each(:starts) w CROSS JOIN search_term t"
        " ON t.kind = :kind AND t.term >= w.value AND t.term <= w.value || :end LIMIT 400"
    ),
    "postgresql": (
        "SELECT t.customer_id FROM unnest(CAST(:starts AS text[])) WITH ORDINALITY w(start, place)"
        " CROSS JOIN LATERAL (SELECT s.customer_id FROM search_term s WHERE s.kind = CAST(:kind AS smallint)"
        " AND s.term >= w.start AND s.term <= w.start || CAST(:end AS text) ORDER BY s.term, s.customer_id"
        " LIMIT 100) t ORDER BY w.place LIMIT 400"
    ),
}


def probe(connection: Connection, kind: TermKind, terms: Sequence[str], *, whole: bool) -> list[int]:
    """Return customers with one of the terms, whole or beginning so, in the order of the terms."""
    asked = {"starts": array(connection, terms), "kind": int(kind), "end": "" if whole else TOP}
    rows = rows_of(connection, _TERM_PROBES[connection.dialect.name], asked) if terms else ()
    return list(dict.fromkeys(customer_id for (customer_id,) in rows))


_INSIDE = {
    "sqlite": (
        "SELECT customer_id FROM email_profile WHERE instr(canonical, :part) > 0"
        " ORDER BY canonical LIMIT :rows"
    ),
    "postgresql": (
        "SELECT customer_id FROM (SELECT canonical, customer_id FROM email_profile"
        " WHERE strpos(canonical, :part) > 0 LIMIT :rows) e ORDER BY canonical"
    ),
}


def inside_emails(connection: Connection, part: str, rows: int) -> list[int]:
    """Return customers with a text anywhere in an email address: a scan, ended by `rows` hits."""
    found = rows_of(connection, _INSIDE[connection.dialect.name], {"part": part, "rows": rows})
    return list(dict.fromkeys(customer_id for (customer_id,) in found))
