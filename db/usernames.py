"""Whose a username may be that is an email or a pass id too: one rule, whichever of the two is set (P1).

A username equal to another customer's email is refused unless both hold that email: an exact username
wins at sign-in, so that other customer would be shut out by an address of their own. One that reads as the
id of another customer's pass is refused for the same reason, whatever the state of the pass.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select

from db.errors import Clash, Holder, Invalid
from db.models import AuthenticationProfile, Customer, CustomerStatus, EmailProfile, Pass
from db.prepared import Prepared
from db.rules import Malformed
from db.rules.identifiers import format_customer_number, parse_pass_id
from db.rules.names import display_name
from db.transaction import Transaction

Who = Row[*tuple[Any, ...]]
WHO = (Customer.id, Customer.given_name, Customer.family_name, Customer.status)
_LIVES = and_(Customer.status != CustomerStatus.MERGED, Customer.status != CustomerStatus.ERASED)
_USER = Prepared(
    select(*WHO, AuthenticationProfile.state.label("state"))
    .join(AuthenticationProfile, AuthenticationProfile.customer_id == Customer.id)
    .where(AuthenticationProfile.canonical == bindparam("canonical"), _LIVES)
)
_HOLDERS = Prepared(
    select(*WHO, EmailProfile.state.label("state"))
    .join(EmailProfile, EmailProfile.customer_id == Customer.id)
    .where(EmailProfile.canonical == bindparam("canonical"), _LIVES)
    .order_by(Customer.id)
)
_CARD = Prepared(
    select(*WHO, Pass.state.label("state"))
    .join(Pass, Pass.customer_id == Customer.id)
    .where(Pass.canonical == bindparam("canonical"), _LIVES)
)
_DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015"
"""What `parse_pass_id` drops and a username may have; it has no spaces."""
_LAST = "\U0010ffff"


def stranger(user: int, holders: Collection[int]) -> int | None:
    """Return who holds as an email what is somebody else's username, or None where that is allowed."""
    return None if user in holders else min(holders, default=None)


def refuse_email_of_another(transaction: Transaction, canonical: str, customer_id: int) -> None:
    """Raise `Clash` where a username would be the email of somebody else alone; locked to the end."""
    transaction.hold("email", canonical)
    holders = _holders(transaction, canonical)
    found = stranger(customer_id, holders)
    if found is not None:
        raise taken(f"This username is the email of {label(holders[found])}", holders[found])


def refuse_pass_of_another(transaction: Transaction, canonical: str, customer_id: int) -> None:
    """Raise `Clash` where a username reads as the id of somebody else's pass; locked to the end."""
    try:
        pass_id = parse_pass_id(canonical)
    except Malformed:
        return
    transaction.hold("pass", pass_id)
    card = _CARD.row(transaction.connection, {"canonical": pass_id})
    if card is not None and card.id != customer_id:
        raise taken(f"This username reads as the id of a pass of {label(card)}", card)


def refuse_pass_as_username(
    transaction: Transaction, canonical: str, customer_id: int, *, field: str
) -> None:
    """Raise `Clash` where a pass comes into use whose id is somebody else's username; locked to the end."""
    transaction.hold("pass", canonical)
    user = transaction.connection.execute(_others_by_pass_id(canonical, customer_id)).first()
    if user is None:
        return
    raise Clash(
        f"{label(user)} signs in with the id of this pass as username. Change that username first"
        " (set-username). Nothing was saved.",
        field=field,
        holder=holder_of(user),
    )


def refuse_username_of_another(
    transaction: Transaction, canonical: str, customer_id: int, *, field: str
) -> None:
    """Raise `Clash` where an email would be the username of somebody who does not hold it.

    The caller has locked the email, which whoever sets a username locks too.
    """
    user = _user(transaction, canonical)
    if user is None:
        return
    if stranger(user.id, _holders(transaction, canonical).keys() | {customer_id}) is None:
        return
    raise Clash(
        f"{label(user)} signs in with this as username and does not have it as an email, so nobody else may"
        " have it. Nothing was saved.",
        field=field,
        holder=holder_of(user),
    )


def refuse_giving_up(transaction: Transaction, canonical: str, customer_id: int, *, field: str) -> None:
    """Raise `Invalid` where a customer loses an email that stays their username and somebody else's email."""
    user = _user(transaction, canonical)
    if user is None or user.id != customer_id:
        return
    transaction.hold("email", canonical)
    holders = _holders(transaction, canonical)
    found = stranger(customer_id, holders.keys() - {customer_id})
    if found is not None:
        raise Invalid(
            f"It is the customer's username too, and {label(holders[found])} has it as an email, who could"
            " not sign in with it. Change the username first (set-username). Nothing was saved.",
            field=field,
        )


def taken(what: str, found: Who) -> Clash:
    """Return the clash of a username."""
    return Clash(f"{what}. Nothing was saved; choose another one.", field="username", holder=holder_of(found))


def label(found: Who) -> str:
    """Name a customer for a sentence: "C-1042 Anderson, Joan (active)"."""
    name = display_name(found.given_name, found.family_name)
    return f"{format_customer_number(found.id)} {name} ({found.status.value})"


def holder_of(found: Who) -> Holder:
    """Return who stands in the way."""
    name = display_name(found.given_name, found.family_name)
    return Holder(found.id, name, found.status.value, found.state.value)


def _others_by_pass_id(pass_id: str, customer_id: int) -> Select[*tuple[Any, ...]]:
    """Who else has a username that reads as a pass id, wherever its dashes are; by ranges of the index."""
    plain, username = pass_id.casefold(), AuthenticationProfile.canonical
    read: ColumnElement[str] = username.expression
    for dash in _DASHES:
        read = func.replace(read, dash, "")
    starts = [*_DASHES, *(plain[0] + second for second in plain[1] + _DASHES)]
    near = or_(*(and_(username >= start, username < start + _LAST) for start in starts))
    return (
        select(*WHO, AuthenticationProfile.state.label("state"))
        .join(AuthenticationProfile, AuthenticationProfile.customer_id == Customer.id)
        .where(near, read == plain, Customer.id != customer_id, _LIVES)
        .order_by(Customer.id)
    )


def _user(transaction: Transaction, canonical: str) -> Who | None:
    found: Who | None = _USER.row(transaction.connection, {"canonical": canonical})
    return found


def _holders(transaction: Transaction, canonical: str) -> dict[int, Who]:
    rows = _HOLDERS.rows(transaction.connection, {"canonical": canonical})
    return {row.id: row for row in rows}
