"""Shortens the cool-down of an email or a phone, by a lead who did not cause it (R31)."""

from datetime import timedelta
from typing import Annotated

from msgspec import Meta
from sqlalchemy import or_, select

from db.contacts import MODELS, Profile
from db.errors import Invalid, RefusalCode, Refused
from db.ledger import as_text
from db.merging.chain import absorbed_by
from db.models import (
    AuditDetail,
    AuditEvent,
    Customer,
    EmailProfile,
    Link,
    Message,
    MessageState,
    PhoneProfile,
)
from db.operation import Operation, Params
from db.operations import fields
from db.rules.dedup import ContactKind
from db.rules.roles import Right
from db.transaction import Transaction

NAME = "shorten-cool-down"
LONGEST_HOURS = 168
_ADDRESS: dict[ContactKind, str] = {"email": "email_profile.address#", "phone": "phone_profile.number#"}
HoursLeft = Annotated[
    int,
    Meta(
        title="Hours left",
        description="For how many more hours it shall run; 0 ends it now.",
        ge=0,
        le=LONGEST_HOURS,
    ),
]


class ShortenCoolDown(Params, frozen=True, kw_only=True):
    """Whose cool-down, and what is left of it; without a profile, the only one that runs."""

    customer: fields.CustomerId
    email_profile: fields.EmailId | None = None
    phone_profile: fields.PhoneId | None = None
    hours: HoursLeft = 0


def apply(transaction: Transaction, params: ShortenCoolDown) -> None:
    """Bring the end forward, and with it the mail that waits for it."""
    customer = transaction.customer(params.customer)
    kind, profile = _chosen(transaction, params)
    before = profile.cool_down_until
    if before is None or before <= transaction.now:
        raise Invalid("No cool-down runs for it, so there is nothing to shorten.", field=f"{kind}_profile")
    if transaction.actor.operator_id in _makers(transaction, customer, kind):
        raise Refused(
            "You made the replacement, so you may not shorten its cool-down. Ask another team lead or an"
            " admin (R31).",
            code=RefusalCode.COOL_DOWN,
        )
    end = transaction.now + timedelta(hours=params.hours)
    if end >= before:
        raise Invalid(
            f"The cool-down ends at {before:%Y-%m-%d %H:%M} UTC already. Give fewer hours.", field="hours"
        )
    profile.cool_down_until = end
    what = profile.address if isinstance(profile, EmailProfile) else profile.number
    when = "now" if params.hours == 0 else f"from {end:%Y-%m-%d %H:%M} UTC"
    transaction.will(f"a link or code may go to {what} {when}")
    for message in _waiting(transaction, profile):
        message.next_attempt_at = end
        transaction.will(f"the mail {message.reference} that waited for it leaves {when}")


def _chosen(transaction: Transaction, params: ShortenCoolDown) -> tuple[ContactKind, Profile]:
    if params.email_profile is not None and params.phone_profile is not None:
        raise Invalid("Choose an email or a phone, not both.", field="phone_profile")
    if params.email_profile is not None:
        found = transaction.child(EmailProfile, params.email_profile, params.customer, field="email_profile")
        return "email", found
    if params.phone_profile is not None:
        phone = transaction.child(PhoneProfile, params.phone_profile, params.customer, field="phone_profile")
        return "phone", phone
    running = [
        (kind, profile)
        for kind, model in MODELS.items()
        for profile in transaction.children(model, params.customer)
        if profile.cool_down_until is not None and profile.cool_down_until > transaction.now
    ]
    if len(running) > 1:
        raise Invalid("More than one cool-down runs. Choose which one is meant.", field="email_profile")
    if not running:
        raise Invalid("No cool-down runs for this customer.", field="email_profile")
    return running[0]


def _makers(transaction: Transaction, customer: Customer, kind: ContactKind) -> set[str]:
    """Return who changed the customer's contacts of this kind since the cool-down began.

    The log alone remembers; a cool-down begins with the first event that wrote an end still to come. All
    profiles count, because one that is added or removed hands its cool-down on, and those of merged ones.
    """
    numbers = (customer.id, *absorbed_by(transaction.connection, customer.id))
    left_by_removed = [f"customer.{kind}_cool_down_until#{number}" for number in numbers]
    address = AuditDetail.field.startswith(_ADDRESS[kind], autoescape=True)
    end = AuditDetail.field.startswith(f"{kind}_profile.cool_down_until#", autoescape=True)
    rows = transaction.connection.execute(
        select(AuditEvent.seq, AuditEvent.operator_id, AuditDetail.field, AuditDetail.after)
        .join(AuditDetail, AuditDetail.seq == AuditEvent.seq)
        .where(
            AuditEvent.customer_id.in_(numbers),
            AuditEvent.outcome == "applied",
            AuditEvent.operation != NAME,
            or_(address, end, AuditDetail.field.in_(left_by_removed)),
        )
        .order_by(AuditEvent.seq)
    ).all()
    now = as_text(transaction.now) or ""
    runs = (row.seq for row in rows if "cool_down_until" in row.field and (row.after or "") > now)
    began = next(runs, None)
    return set() if began is None else {row.operator_id for row in rows if row.seq >= began}


def _waiting(transaction: Transaction, profile: Profile) -> list[Message]:
    """Return the mails with a link that have not been tried, because the address was cooling down."""
    if not isinstance(profile, EmailProfile):
        return []
    found = transaction.session.scalars(
        select(Message)
        .join(Link, Link.id == Message.link_id)
        .where(
            Link.email_profile_id == profile.id,
            Link.voided_at.is_(None),
            Message.state == MessageState.QUEUED,
            Message.next_attempt_at > transaction.now,
            Message.attempts == 0,
        )
        .order_by(Message.id)
    )
    return list(found)


OPERATION = Operation(
    name=NAME,
    label="Shorten cool-down",
    help="Lets links go to a replaced address sooner. Only a lead who had no hand in the replacement may;"
    " the mail that waits for the end of the cool-down leaves sooner too.",
    params=ShortenCoolDown,
    right=Right.SHORTEN_COOL_DOWN,
    apply=apply,
    frozen_by_takeover=True,
    group="contact",
)
