"""Brings stored canonical forms in line with the email rules in force (P4).

Phone numbers need none of this: their canonical form is international, whatever the region setting.
"""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import select

from db.errors import Invalid
from db.models import AuthenticationProfile, EmailProfile, Representative
from db.rules import Malformed
from db.rules.email import EmailRules, parse_email
from db.rules.identifiers import format_customer_number, parse_username
from db.settings import email_rules, load_policy
from db.transaction import Transaction

_BATCH = 500
"""Rows a query: below the fewest parameters that a database takes."""


def renew(transaction: Transaction) -> int:
    """Rewrite what the email rules now compare otherwise; return how many rows that were.

    Raises `Invalid` where two usernames would become one.
    """
    rules = email_rules(load_policy(transaction.connection))
    emails = _renew_emails(transaction, rules)
    return emails + _renew_usernames(transaction, rules) + _renew_representatives(transaction, rules)


def _renew_emails(transaction: Transaction, rules: EmailRules) -> int:
    rows = transaction.connection.execute(
        select(EmailProfile.id, EmailProfile.customer_id, EmailProfile.address, EmailProfile.canonical)
    ).all()
    renewed = {row.id: _email(row.address, row.canonical, rules) for row in rows}
    changed = [row.id for row in rows if renewed[row.id] != row.canonical]
    for profile in _loaded(transaction, EmailProfile, changed):
        profile.canonical = renewed[profile.id]
    return len(changed)


def _renew_usernames(transaction: Transaction, rules: EmailRules) -> int:
    rows = transaction.connection.execute(
        select(
            AuthenticationProfile.id,
            AuthenticationProfile.customer_id,
            AuthenticationProfile.username,
            AuthenticationProfile.canonical,
        )
    ).all()
    owner_of: dict[str, int] = {}
    renewed: dict[int, str] = {}
    for row in rows:
        canonical = _username(row.username, row.canonical, rules)
        if canonical in owner_of:
            pair = sorted({owner_of[canonical], row.customer_id})
            who = " and ".join(format_customer_number(number) for number in pair)
            raise Invalid(f"Two usernames would become one ({who}). Change one of them first.", field="value")
        owner_of[canonical] = row.customer_id
        if canonical != row.canonical:
            renewed[row.id] = canonical
    for sign_in in _loaded(transaction, AuthenticationProfile, sorted(renewed)):
        sign_in.canonical = renewed[sign_in.id]
    return len(renewed)


def _renew_representatives(transaction: Transaction, rules: EmailRules) -> int:
    rows = transaction.connection.execute(
        select(Representative.id, Representative.email, Representative.email_canonical)
    ).all()
    renewed = {row.id: _email(row.email, row.email_canonical, rules) for row in rows}
    changed = [row.id for row in rows if renewed[row.id] != row.email_canonical]
    for representative in _loaded(transaction, Representative, changed):
        representative.email_canonical = renewed[representative.id]
    return len(changed)


def _loaded(transaction: Transaction, model: Any, ids: Collection[int]) -> Iterator[Any]:
    wanted = list(ids)
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        yield from transaction.session.scalars(select(model).where(model.id.in_(batch)))


def _email(typed: str, canonical: str, rules: EmailRules) -> str:
    """What cannot be read any more stays as it is: it was accepted once."""
    try:
        return parse_email(typed, rules).canonical
    except Malformed:
        return canonical


def _username(typed: str, canonical: str, rules: EmailRules) -> str:
    try:
        return parse_username(typed, rules)
    except Malformed:
        return canonical
