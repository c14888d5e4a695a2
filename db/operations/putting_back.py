"""Puts back the email and phone that a reactivation replaced, where that reactivation is taken back (P4)."""

from typing import Annotated, Any

from msgspec import Meta
from sqlalchemy import select

from db import contacts, outbox, usernames
from db.errors import RefusalCode, Refused
from db.models import AuditDetail, AuditEvent, Customer, EmailProfile, MessageKind, PhoneProfile
from db.operations import contact_states
from db.rules.dedup import ContactKind
from db.rules.identifiers import format_customer_number
from db.rules.roles import Right
from db.transaction import Transaction

PutsBack = Annotated[
    bool,
    Meta(
        title="Put back",
        description="Only to take a reactivation back: puts back the email and phone that it replaced, where"
        " nobody else holds them by now.",
        extra={"kind": "put-back"},
    ),
]
_FIELDS: dict[str, ContactKind] = {"email_profile.address": "email", "phone_profile.number": "phone"}
_PROFILES: dict[ContactKind, type[EmailProfile] | type[PhoneProfile]] = {
    "email": EmailProfile,
    "phone": PhoneProfile,
}


def put_back(transaction: Transaction, customer: Customer, operation: str) -> None:
    """Put back what the customer's last reactivation replaced; what stays as it is, is told.

    `operation` is the name of the kind of reactivation. What is put back is a replacement like any other: it
    needs the right, starts unverified, waits its cool-down, and both sides are told (R29, R31, R33).
    """
    replaced = _replaced(transaction, customer, operation)
    if replaced and customer.takeover_flag:
        raise Refused(
            f"{format_customer_number(customer.id)} is flagged for a possible account takeover, so no email"
            " or phone is put back. Suspend without it.",
            code=RefusalCode.TAKEOVER,
        )
    for detail in replaced:
        name, _, row = detail.field.partition("#")
        kind = _FIELDS[name]
        profile = next((each for each in _profiles(transaction, customer, kind) if str(each.id) == row), None)
        why = _why_not(transaction, customer, kind, profile, detail)
        if why or profile is None:
            transaction.will(f"the {kind} stays {'as it is' if profile is None else _typed(profile)}: {why}")
        else:
            transaction.require(Right.REPLACE_CONTACT)
            _replace(transaction, customer, kind, profile, detail.before)


def _replaced(transaction: Transaction, customer: Customer, operation: str) -> list[Any]:
    """What the customer's last reactivation wrote into emails and phones; the log alone remembers."""
    last = (
        select(AuditEvent.seq)
        .where(
            AuditEvent.customer_id == customer.id,
            AuditEvent.operation == operation,
            AuditEvent.outcome == "applied",
        )
        .order_by(AuditEvent.seq.desc())
        .limit(1)
    )
    details = select(AuditDetail.field, AuditDetail.before, AuditDetail.after).where(
        AuditDetail.seq == last.scalar_subquery()
    )
    rows = transaction.connection.execute(details.order_by(AuditDetail.position)).all()
    return [row for row in rows if row.field.partition("#")[0] in _FIELDS]


def _why_not(
    transaction: Transaction, customer: Customer, kind: ContactKind, profile: Any, detail: Any
) -> str:
    """Say why a value is not put back; empty where it is."""
    if detail.before is None:
        return f"there was no {kind} before"
    if profile is None or _typed(profile) != detail.after:
        return "it was changed again since"
    canonical = _parsed(transaction, kind, detail.before).canonical
    transaction.hold(kind, canonical)
    for holder in contacts.holders(transaction.connection, kind, canonical):
        if holder.customer_id != customer.id:
            number = format_customer_number(holder.customer_id)
            return f"{detail.before} is held by {number} {holder.label} by now"
    return ""


def _replace(
    transaction: Transaction, customer: Customer, kind: ContactKind, profile: Any, before: str
) -> None:
    parsed = _parsed(transaction, kind, before)
    contacts.refuse_twice(transaction, kind, parsed.canonical, customer.id, apart_from=profile.id)
    if kind == "email":
        usernames.refuse_giving_up(transaction, profile.canonical, customer.id, field="puts_back")
        outbox.queue(transaction, customer, MessageKind.NOTICE_OLD, profile.address)
        outbox.queue(transaction, customer, MessageKind.NOTICE_NEW, parsed.typed)
        profile.address = parsed.typed
    else:
        profile.number, profile.reversed = parsed.typed, parsed.reversed_digits
        outbox.tell_verified(transaction, customer, "a phone number was replaced")
    profile.canonical = parsed.canonical
    contact_states.begin_anew(transaction, customer, kind, profile, is_correction=False)
    transaction.will(f"the {kind} goes back to {before}, unverified")


def _profiles(transaction: Transaction, customer: Customer, kind: ContactKind) -> list[Any]:
    return list(transaction.children(_PROFILES[kind], customer.id))


def _typed(profile: Any) -> str:
    return str(profile.address if isinstance(profile, EmailProfile) else profile.number)


def _parsed(transaction: Transaction, kind: ContactKind, typed: str) -> Any:
    parse = contacts.parse_email_for if kind == "email" else contacts.parse_phone_for
    return parse(transaction, typed)
