"""What search is measured against: the bare driver's index ranges as floor, `LIKE '%…%'` as peer."""

from typing import Any

from bench.queries import Query
from db.search.kinds import TermKind

FIRST = 20
"""Rows that are fetched, as on a screen."""

_AFTER_ALL = "\U0010ffff"
_TERMS = {"name": TermKind.NAME, "pair": TermKind.PAIR, "tail": TermKind.EMAIL_TAIL}
_COLUMNS = {
    "email": ("email_profile", "canonical"),
    "phone": ("phone_profile", "canonical"),
    "phone-end": ("phone_profile", "reversed"),
    "username": ("authentication_profile", "canonical"),
    "pass": ("pass", "canonical"),
    "pass-end": ("pass", "reversed"),
    "contract": ("contract", "canonical"),
    "contract-end": ("contract", "reversed"),
}
_WORD = (
    "(c.given_name {like} {mark} OR c.family_name {like} {mark}"
    " OR c.id IN (SELECT customer_id FROM email_profile WHERE address {like} {mark})"
    " OR c.id IN (SELECT customer_id FROM phone_profile WHERE number {like} {mark})"
    " OR c.id IN (SELECT customer_id FROM authentication_profile WHERE username {like} {mark}))"
)


class Peers:
    """Runs queries on a cursor of the bare driver."""

    def __init__(self, cursor: Any, *, is_sqlite: bool) -> None:
        self._cursor = cursor
        self._mark = "?" if is_sqlite else "%s"
        self._like = "LIKE" if is_sqlite else "ILIKE"
        if not is_sqlite:
            # The peer may take longer than an operator is let wait.
            cursor.execute("SET statement_timeout = 0")
        self._probes = {source: self._probe(source) for source in (*_TERMS, *_COLUMNS)}

    def _probe(self, source: str) -> str:
        table, column = _COLUMNS.get(source, ("search_term", "term"))
        kind = f"kind = {int(_TERMS[source])} AND " if source in _TERMS else ""
        return (
            "SELECT c.id, c.given_name, c.family_name, c.status FROM"
            f" (SELECT customer_id FROM {table} WHERE {kind}{column} >= {self._mark}"
            f" AND {column} <= {self._mark} ORDER BY {column} LIMIT {FIRST}) found"
            " JOIN customer c ON c.id = found.customer_id"
        )

    def floor(self, query: Query) -> None:
        """Fetch the first rows of each range that the query may stand for, and do nothing with them."""
        for probe in query.probes:
            self._cursor.execute(self._probes[probe.source], (probe.prefix, probe.prefix + _AFTER_ALL))
            self._cursor.fetchall()

    def peer(self, query: Query) -> None:
        """What a web admin generates: each word anywhere in one of five columns, one page and the count."""
        words = query.text.split()
        where = " AND ".join(_WORD.format(like=self._like, mark=self._mark) for _ in words)
        values = [f"%{word}%" for word in words for _ in range(5)]
        for statement in (
            "SELECT c.id, c.given_name, c.family_name, c.status FROM customer c"
            f" WHERE {where} ORDER BY c.id LIMIT {FIRST}",
            f"SELECT count(*) FROM customer c WHERE {where}",
        ):
            self._cursor.execute(statement, values)
            self._cursor.fetchall()
