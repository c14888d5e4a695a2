"""What the operations that use a link up share: the link under lock, and the address that it proves."""

from typing import Any

from sqlalchemy import select

from db.errors import Unknown
from db.gate.links import LiveLink, live_link
from db.models import Customer, EmailProfile, Link, LinkPurpose
from db.transaction import Transaction


def linked_customer(transaction: Transaction, params: Any) -> Customer:
    """Return the customer whom the parameters' link is for, locked: the subject of what it changes."""
    owner = select(Link.customer_id).where(Link.secret_hash == params.secret_hash)
    customer_id = transaction.connection.execute(owner).scalar()
    if customer_id is None:
        raise _dead()
    return transaction.customer(customer_id)


def held_link(
    transaction: Transaction, secret_hash: str, purposes: tuple[LinkPurpose, ...] = tuple(LinkPurpose)
) -> tuple[Customer, LiveLink]:
    """Return a link that works, with its customer, both locked; raise `Unknown` for every other.

    It is read after the customer is locked: of two that use it at the same moment, the second finds
    it used (R16, A23).
    """
    owner = select(Link.customer_id).where(Link.secret_hash == secret_hash)
    customer_id = transaction.connection.execute(owner).scalar()
    if customer_id is None:
        raise _dead()
    customer = transaction.customer(customer_id)
    live = live_link(transaction.connection, secret_hash, transaction.now)
    if live is None or live.purpose not in purposes:
        raise _dead()
    return customer, live


def use(transaction: Transaction, live: LiveLink) -> EmailProfile:
    """Use a link up, and return the profile of the address that it was sent to."""
    transaction.session.get_one(Link, live.id, with_for_update=True).used_at = transaction.now
    return transaction.session.get_one(EmailProfile, live.email_profile_id)


def _dead() -> Unknown:
    return Unknown("This link does not work any more.", field="secret_hash")
