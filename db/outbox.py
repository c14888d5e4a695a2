"""Puts messages and links into the outbox, in the transaction of the change that causes them (R22)."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select

from db.models import (
    AuthenticationProfile,
    Channel,
    ContactState,
    Customer,
    EmailProfile,
    Link,
    LinkPurpose,
    Message,
    MessageKind,
    MessageState,
)
from db.rules.identifiers import format_reference
from db.transaction import Transaction

REFERENCE_BYTES = 5


def make_link(
    transaction: Transaction,
    customer: Customer,
    purpose: LinkPurpose,
    email: EmailProfile,
    sign_in: AuthenticationProfile | None = None,
) -> Link:
    """Write a link that has no secret yet: the worker makes it at delivery (design decision 5)."""
    policy = transaction.policy
    lifetime = {
        LinkPurpose.RESET: policy.reset_minutes,
        LinkPurpose.ACTIVATION: policy.activation_minutes,
        LinkPurpose.CONFIRM: policy.confirm_minutes,
    }
    return transaction.add(
        Link(
            customer_id=customer.id,
            purpose=purpose,
            authentication_profile_id=None if sign_in is None else sign_in.id,
            email_profile_id=email.id,
            address=email.address,
            credential_version=0 if sign_in is None else sign_in.credential_version,
            lifetime_minutes=lifetime[purpose],
            created_at=transaction.now,
        )
    )


def queue(
    transaction: Transaction,
    customer: Customer,
    kind: MessageKind,
    recipient: str,
    *,
    link: Link | None = None,
    not_before: datetime | None = None,
    values: dict[str, Any] | None = None,
) -> Message:
    """Write a mail that leaves after the commit, or not before a moment; `values` fill its template."""
    message = Message(
        reference=format_reference(secrets.token_bytes(REFERENCE_BYTES)),
        idempotency_key=secrets.token_hex(16),
        customer_id=customer.id,
        link_id=None if link is None else link.id,
        channel=Channel.EMAIL,
        kind=kind,
        recipient=recipient,
        values=msgspec.json.encode(values or {}).decode(),
        state=MessageState.QUEUED,
        next_attempt_at=not_before or transaction.now,
        created_at=transaction.now,
    )
    transaction.session.add(message)
    return message


def send_confirmation(transaction: Transaction, customer: Customer, profile: EmailProfile) -> None:
    """Queue the confirmation link; while a cool-down runs only a notice goes, and the link after it."""
    waits_until = profile.cool_down_until
    bucket, hour = f"confirm:customer:{customer.id}", timedelta(hours=1)
    limit = transaction.policy.sends_per_hour
    transaction.spend(bucket, limit=limit, window=hour, what="new addresses for this customer")
    transaction.count(bucket)
    link = make_link(transaction, customer, LinkPurpose.CONFIRM, profile)
    if waits_until is None or waits_until <= transaction.now:
        queue(transaction, customer, MessageKind.CONFIRM, profile.address, link=link)
        transaction.will("a confirmation link goes to the new address")
        return
    queue(transaction, customer, MessageKind.NOTICE_NEW, profile.address)
    queue(transaction, customer, MessageKind.CONFIRM, profile.address, link=link, not_before=waits_until)
    transaction.will(
        f"a notice goes to the new address, links only from {waits_until:%Y-%m-%d %H:%M} UTC (cool-down)"
    )


def tell_verified(transaction: Transaction, customer: Customer, what: str) -> None:
    """Queue a notice to every verified email; `what` is a clause like "a phone number was replaced"."""
    verified = [
        profile.address
        for profile in transaction.children(EmailProfile, customer.id)
        if profile.state is ContactState.VERIFIED
    ]
    for address in verified:
        queue(transaction, customer, MessageKind.NOTICE_SECURITY, address, values={"what": what})
    if verified:
        transaction.will("a notice goes to every verified email")


def void_links(
    transaction: Transaction,
    customer_id: int,
    why: str,
    *,
    purposes: tuple[LinkPurpose, ...] = tuple(LinkPurpose),
) -> int:
    """End every open link of a customer at once, with the mails that still wait to carry one (R18)."""
    open_links = transaction.session.scalars(
        select(Link).where(
            Link.customer_id == customer_id,
            Link.used_at.is_(None),
            Link.voided_at.is_(None),
            Link.purpose.in_(purposes),
        )
    ).all()
    alive = [link for link in open_links if link.expires_at is None or link.expires_at > transaction.now]
    for link in alive:
        link.voided_at = transaction.now
        link.void_reason = why
    _void_mails(transaction, [link.id for link in alive])
    if alive:
        transaction.will(f"{len(alive)} open link{'s' if len(alive) > 1 else ''} will stop working")
    return len(alive)


def _void_mails(transaction: Transaction, link_ids: list[int]) -> None:
    if not link_ids:
        return
    waiting = transaction.session.scalars(
        select(Message).where(Message.link_id.in_(link_ids), Message.state == MessageState.QUEUED)
    )
    for message in waiting:
        message.state = MessageState.VOID
        message.reply = "its link was voided before it left"
