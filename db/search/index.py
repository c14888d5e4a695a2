"""Keeps the search terms of a customer in step with their names, email addresses and cities.

Terms are derived, so an edit deletes exactly `terms(old) - terms(new)` and adds the opposite.
Identifiers need no terms: their own columns are indexed, forwards and reversed.
"""

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, bindparam, delete, select

from db.ledger import Field, Ledger
from db.models import Address, Customer, EmailProfile, SearchTerm
from db.prepared import Prepared
from db.rules.email import email_tails
from db.rules.names import name_terms, tokens
from db.search.kinds import TermKind
from db.search.vocabulary import adding, learn

Term = tuple[int, str]
_KINDS = {"name": TermKind.NAME, "pair": TermKind.PAIR}
_TABLE = SearchTerm.__table__
_DROP = Prepared(
    delete(_TABLE).where(  # type: ignore[arg-type]  # declarative tables are Tables
        _TABLE.c.kind == bindparam("k"),
        _TABLE.c.term == bindparam("t"),
        _TABLE.c.customer_id == bindparam("c"),
    )
)
_ADD = Prepared(sqlite=adding("sqlite", SearchTerm), postgresql=adding("postgresql", SearchTerm))
_NAMES = select(Customer.given_name, Customer.family_name).where(Customer.id == bindparam("id"))
_EMAILS = select(EmailProfile.id, EmailProfile.canonical).where(EmailProfile.customer_id == bindparam("id"))
_CITIES = select(Address.id, Address.city).where(Address.customer_id == bindparam("id"))
_PARTS = ((EmailProfile, "canonical", _EMAILS), (Address, "city", _CITIES))
"""What leads to a customer beside the name: the rows of a kind, their searched column, how to read it."""
Edit = list[str | None]
Edits = dict[Field, Edit]
"""First before and last after of each searched field of a customer."""


def terms_of(
    given_name: str, family_name: str, emails: Iterable[str], cities: Iterable[str] = ()
) -> set[Term]:
    """Return all terms that lead to a customer; email addresses are canonical."""
    terms: set[Term] = {(_KINDS[kind], term) for kind, term in name_terms(given_name, family_name)}
    terms.update(_terms_in("canonical", emails))
    terms.update(_terms_in("city", cities))
    return terms


def _terms_in(column: str, values: Iterable[str | None]) -> set[Term]:
    """Return the terms of some email addresses or cities."""
    kind, split = (TermKind.EMAIL_TAIL, email_tails) if column == "canonical" else (TermKind.CITY, tokens)
    return {(kind, term) for value in values if value is not None for term in split(value)}


def words_among(terms: Iterable[Term]) -> set[str]:
    """Return the words of names among some terms: what the vocabulary has to know."""
    return {term for kind, term in terms if kind == TermKind.NAME}


def update(connection: Connection, ledger: Ledger) -> None:
    """Bring the terms of every customer whose searched values changed up to date."""
    words: set[str] = set()
    for customer_id, edits in sorted(ledger.searched.items()):
        old, new = _of_names(connection, customer_id, edits)
        for before, after in _of_parts(connection, ledger, customer_id, edits):
            old |= before
            new |= after
        replace(connection, customer_id, old=old, new=new)
        words |= words_among(new - old)
    learn(connection, words)


def _of_names(connection: Connection, customer_id: int, edits: Edits) -> tuple[set[Term], set[Term]]:
    """Return the terms of a changed name before and after."""
    row = str(customer_id)
    given, family = (edits.get(("customer", row, part)) for part in ("given_name", "family_name"))
    if given is None and family is None:
        return set(), set()
    if given is None or family is None:
        names = connection.execute(_NAMES, {"id": customer_id}).one()
        given, family = given or [names[0]] * 2, family or [names[1]] * 2
    before, after = (
        terms_of(str(given[side]), str(family[side]), ()) if given[side] is not None else set()
        for side in (0, 1)
    )
    return before, after


def _of_parts(
    connection: Connection, ledger: Ledger, customer_id: int, edits: Edits
) -> Iterator[tuple[set[Term], set[Term]]]:
    """Yield the terms of the changed rows of each kind before and after, with what another row keeps."""
    for model, column, reading in _PARTS:
        mine = {row: edit for (table, row, _), edit in edits.items() if table == model.__tablename__}
        old, new = (_terms_in(column, [edit[side] for edit in mine.values()]) for side in (0, 1))
        if old - new:
            rows = ledger.families[model].get(customer_id)
            others = connection.execute(reading, {"id": customer_id}) if rows is None else rows
            kept = [getattr(other, column) for other in others if str(other.id) not in mine]
            new |= _terms_in(column, kept)
        yield old, new


def replace(connection: Connection, customer_id: int, *, old: set[Term], new: set[Term]) -> None:
    """Write the difference between two sets of terms."""
    gone = [{"k": kind, "t": term, "c": customer_id} for kind, term in sorted(old - new)]
    come = [{"kind": kind, "term": term, "customer_id": customer_id} for kind, term in sorted(new - old)]
    if gone:
        _DROP.run_many(connection, gone)
    if come:
        _ADD.run_many(connection, come)
