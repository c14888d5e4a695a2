"""Replaces a phone number (R29, R31)."""

from db import contacts, outbox
from db.models import PhoneProfile
from db.operation import Operation, Params
from db.operations import contact_states, fields
from db.rules.roles import Right
from db.transaction import Transaction


class ChangePhone(Params, frozen=True, kw_only=True):
    """Which profile gets which number; without a profile, the primary one."""

    customer: fields.CustomerId
    profile: fields.PhoneId | None = None
    phone: fields.Phone


def apply(transaction: Transaction, params: ChangePhone) -> None:
    """Write the new number, unverified; void the open links, and tell every verified email."""
    customer = transaction.customer(params.customer)
    profile = contact_states.chosen_or_primary(transaction, PhoneProfile, params.profile, params.customer)
    parsed = contacts.parse_phone_for(transaction, params.phone)
    contacts.refuse_twice(transaction, "phone", parsed.canonical, customer.id, apart_from=profile.id)
    contacts.refuse_held(transaction, "phone", parsed.canonical, customer_id=customer.id)
    only_spelling = profile.canonical == parsed.canonical
    profile.number, profile.canonical = parsed.typed, parsed.canonical
    profile.reversed = parsed.reversed_digits
    if only_spelling:
        return
    contact_states.begin_anew(transaction, customer, "phone", profile, is_correction=False)
    outbox.tell_verified(transaction, customer, "a phone number was replaced")


OPERATION = Operation(
    name="change-phone",
    label="Change phone",
    help="Replaces a phone number. The old one stops at once; the new one is unverified, and every verified"
    " email is told.",
    params=ChangePhone,
    right=Right.REPLACE_CONTACT,
    apply=apply,
    frozen_by_takeover=True,
    group="phone",
)
