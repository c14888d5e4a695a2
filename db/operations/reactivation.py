"""What reactivating a customer and a pass share: checking again all that they would hold (P4)."""

from db import contacts, outbox
from db.contacts import MODELS
from db.errors import Invalid
from db.models import Customer
from db.operations.change_email import ChangeEmail
from db.operations.change_email import apply as change_email
from db.operations.change_phone import ChangePhone
from db.operations.change_phone import apply as change_phone
from db.queries.collisions import Colliding, colliding_fields
from db.rules.dedup import ContactKind
from db.rules.roles import Right
from db.transaction import Transaction


def check_contacts(
    transaction: Transaction, customer: Customer, *, email: str | None, phone: str | None
) -> None:
    """Check every email and phone under the mode in force, after replacing those that collide.

    Raises `Clash`, which names field and holder, for what still collides; `Invalid` where a
    replacement is given for a field that does not collide, or a required contact is missing.
    """
    _hold_all(transaction, customer, email=email, phone=phone)
    colliding = colliding_fields(transaction.connection, transaction.policy, customer.id)
    if email is not None:
        _replace(transaction, customer, "email", email, colliding)
    if phone is not None:
        _replace(transaction, customer, "phone", phone, colliding)
    transaction.session.flush()
    for kind, canonical in _values(transaction, customer):
        contacts.refuse_held(transaction, kind, canonical, customer_id=customer.id)
    for kind in MODELS:
        contacts.refuse_missing(transaction, customer.id, kind, field=kind)


def refuse_replacements(*, email: str | None, phone: str | None) -> None:
    """Raise `Invalid` where a replacement is given although nothing is held, so that nothing collides."""
    for kind, value in (("email", email), ("phone", phone)):
        if value is not None:
            raise _needless(kind)


def _values(transaction: Transaction, customer: Customer) -> list[tuple[ContactKind, str]]:
    return sorted(
        (kind, profile.canonical)
        for kind, model in MODELS.items()
        for profile in transaction.children(model, customer.id)
    )


def _hold_all(transaction: Transaction, customer: Customer, *, email: str | None, phone: str | None) -> None:
    """Lock old and new values in one order, so that two reactivations never wait for each other."""
    values = _values(transaction, customer)
    if email is not None:
        values.append(("email", contacts.parse_email_for(transaction, email).canonical))
    if phone is not None:
        values.append(("phone", contacts.parse_phone_for(transaction, phone).canonical))
    for kind, canonical in sorted(values):
        transaction.hold(kind, canonical)


def _replace(
    transaction: Transaction,
    customer: Customer,
    kind: ContactKind,
    typed: str,
    colliding: tuple[Colliding, ...],
) -> None:
    if transaction.policy.dedup_mode.blocks(kind) and not transaction.children(MODELS[kind], customer.id):
        _add(transaction, customer, kind, typed)
        return
    target = next((found for found in colliding if found.kind == kind), None)
    if target is None:
        raise _needless(kind)
    transaction.require(Right.REPLACE_CONTACT)
    if kind == "email":
        change_email(transaction, ChangeEmail(customer=customer.id, profile=target.profile_id, email=typed))
    else:
        change_phone(transaction, ChangePhone(customer=customer.id, profile=target.profile_id, phone=typed))


def _add(transaction: Transaction, customer: Customer, kind: ContactKind, typed: str) -> None:
    transaction.require(Right.FIRST_CONTACT)
    if kind == "email":
        outbox.send_confirmation(transaction, customer, contacts.add_email(transaction, customer, typed))
    else:
        contacts.add_phone(transaction, customer, typed)


def _needless(kind: str) -> Invalid:
    return Invalid(
        f"No {kind} of this customer collides, so none is replaced here. Leave the field empty.", field=kind
    )
