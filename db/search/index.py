"""Keeps the search terms of a customer in step with their names, email addresses and cities.

Terms are derived, so an edit deletes exactly `terms(old) - terms(new)` and adds the opposite.
Identifiers need no terms: their own columns are indexed, forwards and reversed.
"""

from collections.abc import Iterable
from enum import IntEnum

from sqlalchemy import Connection, bindparam, delete, text

from db.ledger import Field, Ledger
from db.models import SearchTerm
from db.rules.email import email_tails
from db.rules.names import name_terms, tokens
from db.search.words import adding, learn

Term = tuple[int, str]


class TermKind(IntEnum):
    """What a term stands for."""

    NAME = 1
    PAIR = 2
    EMAIL_TAIL = 3
    CITY = 4


_KINDS = {"name": TermKind.NAME, "pair": TermKind.PAIR}
_TABLE = SearchTerm.__table__
_DROP = delete(_TABLE).where(  # type: ignore[arg-type]  # declarative tables are Tables
    _TABLE.c.kind == bindparam("k"), _TABLE.c.term == bindparam("t"), _TABLE.c.customer_id == bindparam("c")
)
_NAMES = text("SELECT given_name, family_name FROM customer WHERE id = :id")
_PARTS = text(
    "SELECT 'email_profile', id, canonical FROM email_profile WHERE customer_id = :id"
    " UNION ALL SELECT 'address', id, city FROM address WHERE customer_id = :id"
)
Values = dict[tuple[str, str], str]
"""Email addresses and cities, by table and row."""


def terms_of(
    given_name: str, family_name: str, emails: Iterable[str], cities: Iterable[str] = ()
) -> set[Term]:
    """Return all terms that lead to a customer; email addresses are canonical."""
    terms: set[Term] = {(_KINDS[kind], term) for kind, term in name_terms(given_name, family_name)}
    for canonical in emails:
        terms.update((TermKind.EMAIL_TAIL, tail) for tail in email_tails(canonical))
    for city in cities:
        terms.update((TermKind.CITY, word) for word in tokens(city))
    return terms


def words_among(terms: Iterable[Term]) -> set[str]:
    """Return the words of names among some terms: what the vocabulary has to know."""
    return {term for kind, term in terms if kind == TermKind.NAME}


def update(connection: Connection, ledger: Ledger) -> None:
    """Bring the terms of every customer whose searched values changed up to date."""
    words: set[str] = set()
    for customer_id in sorted(ledger.searched):
        edits = ledger.searched[customer_id]
        given, family = connection.execute(_NAMES, {"id": customer_id}).one()
        rows = connection.execute(_PARTS, {"id": customer_id})
        parts: Values = {(table, str(row)): value for table, row, value in rows}
        new = _terms((given, family), parts)
        old = _old_terms(customer_id, edits, (given, family), parts)
        replace(connection, customer_id, old=old, new=new)
        words |= words_among(new - old)
    learn(connection, words)


def _old_terms(
    customer_id: int, edits: dict[Field, list[str | None]], names: tuple[str, str], parts: Values
) -> set[Term]:
    row = str(customer_id)
    given, _ = edits.get(("customer", row, "given_name"), (names[0], None))
    family, _ = edits.get(("customer", row, "family_name"), (names[1], None))
    if given is None or family is None:
        return set()  # the customer is new
    before = {(table, row): edit[0] for (table, row, _), edit in edits.items() if table != "customer"}
    earlier = {key: value for key, value in {**parts, **before}.items() if value is not None}
    return _terms((given, family), earlier)


def _terms(names: tuple[str, str], parts: Values) -> set[Term]:
    emails = [value for (table, _), value in parts.items() if table == "email_profile"]
    cities = [value for (table, _), value in parts.items() if table == "address"]
    return terms_of(*names, emails, cities)


def replace(connection: Connection, customer_id: int, *, old: set[Term], new: set[Term]) -> None:
    """Write the difference between two sets of terms."""
    gone = [{"k": kind, "t": term, "c": customer_id} for kind, term in sorted(old - new)]
    come = [{"kind": kind, "term": term, "customer_id": customer_id} for kind, term in sorted(new - old)]
    if gone:
        connection.execute(_DROP, gone)
    if come:
        connection.execute(adding(connection.dialect.name, SearchTerm), come)
