"""Keeps the search terms of a customer in step with their names and email addresses.

Terms are derived, so an edit deletes exactly `terms(old) - terms(new)` and adds the opposite.
Identifiers need no terms: their own columns are indexed, forwards and reversed.
"""

from collections.abc import Iterable
from enum import IntEnum

from sqlalchemy import Connection, bindparam, delete, insert, select

from db.ledger import Field, Ledger
from db.models import Customer, EmailProfile, SearchTerm
from db.rules.email import email_tails
from db.rules.names import name_terms

Term = tuple[int, str]


class TermKind(IntEnum):
    """What a term stands for."""

    NAME = 1
    PAIR = 2
    EMAIL_TAIL = 3


_KINDS = {"name": TermKind.NAME, "pair": TermKind.PAIR}
_TABLE = SearchTerm.__table__
_ADD = insert(_TABLE)  # type: ignore[arg-type]  # declarative tables are Tables
_DROP = delete(_TABLE).where(  # type: ignore[arg-type]  # as above
    _TABLE.c.kind == bindparam("k"), _TABLE.c.term == bindparam("t"), _TABLE.c.customer_id == bindparam("c")
)
_NAMES = select(Customer.given_name, Customer.family_name).where(Customer.id == bindparam("id"))
_EMAILS = select(EmailProfile.id, EmailProfile.canonical).where(EmailProfile.customer_id == bindparam("id"))


def terms_of(given_name: str, family_name: str, emails: Iterable[str]) -> set[Term]:
    """Return all terms that lead to a customer."""
    terms: set[Term] = {(_KINDS[kind], term) for kind, term in name_terms(given_name, family_name)}
    for canonical in emails:
        terms.update((TermKind.EMAIL_TAIL, tail) for tail in email_tails(canonical))
    return terms


def update(connection: Connection, ledger: Ledger) -> None:
    """Bring the terms of every customer whose searched values changed up to date."""
    for customer_id in sorted(ledger.searched):
        edits = ledger.searched[customer_id]
        given, family = connection.execute(_NAMES, {"id": customer_id}).one()
        emails = {str(row): canonical for row, canonical in connection.execute(_EMAILS, {"id": customer_id})}
        new = terms_of(given, family, emails.values())
        replace(connection, customer_id, old=_old_terms(customer_id, edits, (given, family), emails), new=new)


def _old_terms(
    customer_id: int, edits: dict[Field, list[str | None]], names: tuple[str, str], emails: dict[str, str]
) -> set[Term]:
    row = str(customer_id)
    given, _ = edits.get(("customer", row, "given_name"), (names[0], None))
    family, _ = edits.get(("customer", row, "family_name"), (names[1], None))
    if given is None or family is None:
        return set()  # the customer is new
    before = {profile: edit[0] for (table, profile, _), edit in edits.items() if table == "email_profile"}
    earlier = {**emails, **before}.values()
    return terms_of(given, family, [canonical for canonical in earlier if canonical is not None])


def replace(connection: Connection, customer_id: int, *, old: set[Term], new: set[Term]) -> None:
    """Write the difference between two sets of terms."""
    gone = [{"k": kind, "t": term, "c": customer_id} for kind, term in sorted(old - new)]
    come = [{"kind": kind, "term": term, "customer_id": customer_id} for kind, term in sorted(new - old)]
    if gone:
        connection.execute(_DROP, gone)
    if come:
        connection.execute(_ADD, come)
