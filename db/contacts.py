"""Email and phone profiles under the rules: canonical forms, who holds a value, cool-downs (P4, R31)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select

from db import usernames
from db.errors import Clash, Holder, Invalid
from db.models import (
    Customer,
    EmailProfile,
    Pass,
    PhoneProfile,
)
from db.prepared import Prepared
from db.rules.dedup import ContactKind, holds
from db.rules.email import EmailAddress, parse_email
from db.rules.identifiers import format_customer_number
from db.rules.names import display_name
from db.rules.phone import PhoneNumber, parse_phone
from db.settings import email_rules
from db.transaction import Transaction

Profile = EmailProfile | PhoneProfile
MODELS: dict[ContactKind, type[Profile]] = {"email": EmailProfile, "phone": PhoneProfile}


def parse_email_for(transaction: Transaction, typed: str, *, field: str = "email") -> EmailAddress:
    """Return an address in the canonical form of the policy in force; raise `Malformed`."""
    return parse_email(typed, email_rules(transaction.policy), field)


def parse_phone_for(transaction: Transaction, typed: str, *, field: str = "phone") -> PhoneNumber:
    """Return a number in canonical form, read in the policy's region; raise `Malformed`."""
    return parse_phone(typed, transaction.policy.phone_region, field)


def _holders_of(model: type[Profile]) -> Prepared:
    return Prepared(
        select(
            Customer.id,
            Customer.given_name,
            Customer.family_name,
            Customer.status,
            model.state.label("contact_state"),
            Pass.state.label("pass_state"),
        )
        .join(model, model.customer_id == Customer.id)
        .outerjoin(Pass, Pass.customer_id == Customer.id)
        .where(model.canonical == bindparam("canonical"))
        .order_by(Customer.id)
    )


_ARTICLE: dict[ContactKind, str] = {"email": "An email", "phone": "A phone number"}
_HOLDERS = {kind: _holders_of(model) for kind, model in MODELS.items()}


def holders(connection: Connection, kind: ContactKind, canonical: str) -> Iterator[Holder]:
    """Yield the live customers who hold a value, by number."""
    passes: dict[int, list[str]] = defaultdict(list)
    rows = _HOLDERS[kind].rows(connection, {"canonical": canonical})
    for row in rows:
        if row.pass_state is not None:
            passes[row.id].append(row.pass_state.value)
    seen = set()
    for row in rows:
        if row.id not in seen and holds(row.status.value, passes[row.id]):
            seen.add(row.id)
            label = display_name(row.given_name, row.family_name)
            yield Holder(row.id, label, row.status.value, row.contact_state.value)


def refuse_held(
    transaction: Transaction,
    kind: ContactKind,
    canonical: str,
    *,
    customer_id: int,
    field: str | None = None,
) -> None:
    """Raise `Clash` where another live customer holds the value and the mode forbids it.

    The value stays locked to the end, so that of two operators at the same moment exactly one
    wins. Where the mode allows sharing, a shared email is warned of with its consequence (P1 case 1);
    one that is the username of somebody who does not hold it is refused in every mode (P1).
    """
    transaction.hold(kind, canonical)
    others = [
        found
        for found in holders(transaction.connection, kind, canonical)
        if found.customer_id != customer_id
    ]
    if kind == "email" and not (others and transaction.policy.dedup_mode.blocks(kind)):
        usernames.refuse_username_of_another(transaction, canonical, customer_id, field=field or kind)
    if not others:
        return
    first = others[0]
    who = f"{format_customer_number(first.customer_id)} {first.label} ({first.status}, {first.state})"
    if transaction.policy.dedup_mode.blocks(kind):
        what = "email" if kind == "email" else "phone number"
        raise Clash(
            f"This {what} is already in use by {who}. Nothing was saved.", field=field or kind, holder=first
        )
    if kind == "email":
        transaction.warn(
            f"{who} holds this email too: neither can sign in with it while both have sign-ins"
            " (shared-email)."
        )


def refuse_missing(
    transaction: Transaction, customer_id: int | None, kind: ContactKind, *, field: str
) -> None:
    """Raise `Invalid` where the mode requires a contact of this kind and the customer has none left."""
    mode = transaction.policy.dedup_mode
    if not mode.blocks(kind):
        return
    if customer_id is not None:
        transaction.session.flush()
        if transaction.children(MODELS[kind], customer_id):
            return
    raise Invalid(
        f"{_ARTICLE[kind]} is required while duplicate detection is {mode.value}.",
        field=field,
    )


def refuse_twice(
    transaction: Transaction,
    kind: ContactKind,
    canonical: str,
    customer_id: int,
    *,
    apart_from: int | None = None,
) -> None:
    """Raise `Invalid` where the same customer already has the value in another profile."""
    for profile in transaction.children(MODELS[kind], customer_id):
        if profile.canonical == canonical and profile.id != apart_from:
            raise Invalid("The customer already has exactly this one.", field=kind)


def cool_down_from(transaction: Transaction, customer: Customer) -> datetime:
    """Return until when no link may go to an address that replaces a verified one (R31)."""
    policy = transaction.policy
    hours = policy.takeover_cool_down_hours if customer.takeover_flag else policy.cool_down_hours
    return transaction.now + timedelta(hours=hours)


def cool_down_of(transaction: Transaction, customer: Customer, kind: ContactKind) -> datetime | None:
    """Return until when no link may go to an address that comes new to a customer, or None (R31).

    A full cool-down where a verified address of the kind is on file: adding one beside it, or using
    an unverified one beside it, would otherwise be a way around. Never less than what still runs.
    """
    profiles = transaction.children(MODELS[kind], customer.id)
    ends = [profile.cool_down_until for profile in profiles] + [_left_by_removed(customer, kind)]
    running = [end for end in ends if end is not None and end > transaction.now]
    if any(profile.verified_at is not None for profile in profiles):
        running.append(cool_down_from(transaction, customer))
    return max(running, default=None)


def leave_cool_down(
    transaction: Transaction, customer: Customer, kind: ContactKind, removed: Profile
) -> None:
    """Keep on the customer the cool-down that an address added after this removal must inherit (R31)."""
    fresh = None if removed.verified_at is None else cool_down_from(transaction, customer)
    end = later(removed.cool_down_until, fresh)
    if end is None or end <= transaction.now:
        return
    end = later(end, _left_by_removed(customer, kind))
    if kind == "email":
        customer.email_cool_down_until = end
    else:
        customer.phone_cool_down_until = end


def _left_by_removed(customer: Customer, kind: ContactKind) -> datetime | None:
    return customer.email_cool_down_until if kind == "email" else customer.phone_cool_down_until


def later(first: datetime | None, second: datetime | None) -> datetime | None:
    """Return the later of two moments; a cool-down is never shortened by another change."""
    found = [moment for moment in (first, second) if moment is not None]
    return max(found, default=None)


def add_email(transaction: Transaction, customer: Customer, typed: str) -> EmailProfile:
    """Write a new email profile; the first is primary. Raises `Malformed`, `Invalid`, `Clash`."""
    parsed = parse_email_for(transaction, typed)
    common = _for_new(transaction, customer, "email", parsed.canonical)
    return transaction.add(EmailProfile(address=parsed.typed, **common))


def add_phone(
    transaction: Transaction, customer: Customer, typed: str, *, line: str = "mobile"
) -> PhoneProfile:
    """Write a new phone profile; the first is primary. Raises `Malformed`, `Invalid`, `Clash`."""
    parsed = parse_phone_for(transaction, typed)
    common = _for_new(transaction, customer, "phone", parsed.canonical)
    return transaction.add(
        PhoneProfile(number=parsed.typed, reversed=parsed.reversed_digits, kind=line, **common)
    )


def _for_new(
    transaction: Transaction, customer: Customer, kind: ContactKind, canonical: str
) -> dict[str, Any]:
    refuse_twice(transaction, kind, canonical, customer.id)
    refuse_held(transaction, kind, canonical, customer_id=customer.id)
    others = transaction.children(MODELS[kind], customer.id)
    return {
        "customer_id": customer.id,
        "canonical": canonical,
        "is_primary": not any(other.is_primary for other in others),
        "created_at": transaction.now,
        "changed_at": transaction.now,
        "cool_down_until": cool_down_of(transaction, customer, kind),
    }
