"""Says what the index has to hold for stored customers, and compares: for rebuilding and checking it."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, TextClause, text

from db.search.index import Term, terms_of
from db.search.kinds import TermKind
from db.search.words import array

Row = tuple[int, str, int]
"""A row of the index: kind, term, customer."""

_SELECT = "SELECT c.id, c.given_name, c.family_name FROM customer c"
_AFTER = {
    dialect: text(f"{_SELECT} WHERE c.id > :after ORDER BY c.id LIMIT :rows {lock}")
    for dialect, lock in (("sqlite", ""), ("postgresql", "FOR SHARE"))
}
_THESE = {
    "sqlite": text(f"{_SELECT} WHERE c.id IN (SELECT value FROM json_each(:ids)) ORDER BY c.id"),
    "postgresql": text(f"{_SELECT} WHERE c.id = ANY(CAST(:ids AS integer[])) ORDER BY c.id FOR SHARE"),
}
_READ_ONLY = {
    key: {dialect: text(str(statement).replace("FOR SHARE", "")) for dialect, statement in found.items()}
    for key, found in (("after", _AFTER), ("these", _THESE))
}


def _parts(table: str, column: str) -> dict[str, TextClause]:
    chosen = f"SELECT customer_id, {column} FROM {table} WHERE customer_id"
    return {
        "sqlite": text(f"{chosen} IN (SELECT value FROM json_each(:ids))"),
        "postgresql": text(f"{chosen} = ANY(CAST(:ids AS integer[]))"),
    }


_EMAILS = _parts("email_profile", "canonical")
_CITIES = _parts("address", "city")
_MISSING = {
    "sqlite": text(
        "SELECT w.value FROM json_each(:rows) w WHERE NOT EXISTS (SELECT 1 FROM search_term t"
        " WHERE t.kind = json_extract(w.value, '$[0]') AND t.term = json_extract(w.value, '$[1]')"
        " AND t.customer_id = json_extract(w.value, '$[2]'))"
    ),
    "postgresql": text(
        "SELECT w.kind, w.term, w.id"
        " FROM unnest(CAST(:kinds AS smallint[]), CAST(:terms AS text[]), CAST(:ids AS integer[]))"
        " w(kind, term, id) LEFT JOIN LATERAL (SELECT 1 AS here FROM search_term t WHERE t.kind = w.kind"
        " AND t.term = w.term AND t.customer_id = w.id LIMIT 1) f ON true WHERE f.here IS NULL"
    ),
}


def wanted_after(
    connection: Connection, after: int, rows: int, *, locked: bool = False
) -> dict[int, set[Term]]:
    """Return the terms of the next customers by number; `locked` keeps them from changing meanwhile."""
    statements = _AFTER if locked else _READ_ONLY["after"]
    asked = {"after": after, "rows": rows}
    return _wanted(connection, connection.execute(statements[connection.dialect.name], asked).all())


def wanted_of(
    connection: Connection,
    ids: Collection[int],
    *,
    kinds: Collection[int] = tuple(TermKind),
    locked: bool = False,
) -> dict[int, set[Term]]:
    """Return the terms of some kinds of these customers; those who do not exist are left out."""
    statements = _THESE if locked else _READ_ONLY["these"]
    asked = {"ids": array(connection, sorted(ids))}
    return _wanted(connection, connection.execute(statements[connection.dialect.name], asked).all(), kinds)


def _wanted(
    connection: Connection, people: Iterable[Any], kinds: Collection[int] = tuple(TermKind)
) -> dict[int, set[Term]]:
    people = list(people)
    asked = {"ids": array(connection, [number for number, _, _ in people])}
    emails = _read(connection, _EMAILS, asked) if TermKind.EMAIL_TAIL in kinds else {}
    cities = _read(connection, _CITIES, asked) if TermKind.CITY in kinds else {}
    is_named = TermKind.NAME in kinds or TermKind.PAIR in kinds
    return {
        number: terms_of(
            given if is_named else "",
            family if is_named else "",
            emails.get(number, ()),
            cities.get(number, ()),
        )
        for number, given, family in people
    }


def _read(
    connection: Connection, statements: dict[str, TextClause], asked: dict[str, Any]
) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for customer_id, value in connection.execute(statements[connection.dialect.name], asked):
        found[customer_id].append(value)
    return found


def missing(connection: Connection, wanted: dict[int, set[Term]]) -> list[Row]:
    """Return the rows that the index lacks, in its order."""
    rows = sorted((int(kind), term, number) for number, terms in wanted.items() for kind, term in terms)
    if not rows:
        return []
    if connection.dialect.name == "sqlite":
        lacking = connection.execute(_MISSING["sqlite"], {"rows": json.dumps(rows)}).scalars()
        return sorted((kind, term, number) for kind, term, number in map(json.loads, lacking))
    kinds, terms, ids = (list(values) for values in zip(*rows, strict=True))
    found = connection.execute(_MISSING["postgresql"], {"kinds": kinds, "terms": terms, "ids": ids})
    return sorted((kind, term, number) for kind, term, number in found)


def left_over(connection: Connection, rows: Collection[Row], *, locked: bool = False) -> list[Row]:
    """Return those of the rows of the index that lead to a customer who is not to be found so."""
    kinds = {kind for kind, _, _ in rows}
    wanted = wanted_of(connection, {number for _, _, number in rows}, kinds=kinds, locked=locked)
    return [(kind, term, number) for kind, term, number in rows if (kind, term) not in wanted.get(number, ())]


_TERMS_AFTER = text(
    "SELECT kind, term, customer_id FROM search_term"
    " WHERE (kind, term, customer_id) > (:kind, :term, :number) ORDER BY kind, term, customer_id LIMIT :rows"
)


def rows_after(connection: Connection, row: Row, rows: int) -> list[Row]:
    """Return the next rows of the index, in its order."""
    kind, term, number = row
    asked = {"kind": kind, "term": term, "number": number, "rows": rows}
    return [(kind, term, number) for kind, term, number in connection.execute(_TERMS_AFTER, asked)]
