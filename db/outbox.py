"""Puts messages and links into the outbox, in the transaction of the change that causes them (R22)."""

import secrets
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Select, bindparam, or_, select

from db.models import (
    AttemptState,
    AuthenticationProfile,
    Channel,
    ContactState,
    Customer,
    CustomerSession,
    EmailProfile,
    Link,
    LinkPurpose,
    Message,
    MessageKind,
    MessageState,
    OneTimeCode,
    PhoneProfile,
    SignInAttempt,
)
from db.prepared import Prepared
from db.rules.cases import Case
from db.rules.identifiers import format_reference
from db.transaction import Transaction

REFERENCE_BYTES = 5
_NOW = bindparam("now", type_=Link.created_at.type)


def _open(model: type[Link | OneTimeCode]) -> Select[Any]:
    return select(model.__table__).where(
        model.customer_id == bindparam("customer_id"),
        model.used_at.is_(None),
        model.voided_at.is_(None),
        or_(model.expires_at.is_(None), model.expires_at > _NOW),
    )


_LINKS, _CODES = _open(Link), _open(OneTimeCode)
_ATTEMPTS = select(SignInAttempt.__table__).where(
    SignInAttempt.customer_id == bindparam("customer_id"),
    SignInAttempt.state == AttemptState.OPEN,
    SignInAttempt.expires_at > _NOW,
)
_SESSIONS = Prepared(
    select(CustomerSession.__table__)
    .where(
        CustomerSession.customer_id == bindparam("customer_id"),
        CustomerSession.ended_at.is_(None),
        CustomerSession.expires_at > _NOW,
    )
    .order_by(CustomerSession.id)
    .with_for_update()
)
_IS_OPEN = Prepared(select(_LINKS.exists(), _CODES.exists(), _ATTEMPTS.exists()))
_OPEN_LINKS, _OPEN_CODES, _UNFINISHED = Prepared(_LINKS), Prepared(_CODES), Prepared(_ATTEMPTS)


def _sent_to(model: type[Link | OneTimeCode], profile: Any) -> Prepared:
    return Prepared(select(model.__table__).where(profile == bindparam("profile_id")))


_LINKS_TO = _sent_to(Link, Link.email_profile_id)
_MAILED = _sent_to(OneTimeCode, OneTimeCode.email_profile_id)
_TEXTED = _sent_to(OneTimeCode, OneTimeCode.phone_profile_id)


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
    link = Link(
        customer_id=customer.id,
        purpose=purpose,
        authentication_profile_id=None if sign_in is None else sign_in.id,
        email_profile_id=email.id,
        address=email.address,
        credential_version=0 if sign_in is None else sign_in.credential_version,
        lifetime_minutes=lifetime[purpose],
        created_at=transaction.now,
    )
    transaction.session.add(link)
    return link


def queue(
    transaction: Transaction,
    customer: Customer,
    kind: MessageKind,
    recipient: str,
    *,
    channel: Channel = Channel.EMAIL,
    link: Link | None = None,
    code: OneTimeCode | None = None,
    not_before: datetime | None = None,
    values: dict[str, Any] | None = None,
) -> Message:
    """Write a message that leaves after the commit, or not before a moment; `values` fill its template.

    `recipient` is an email address, or a number in E.164 where the channel is SMS.
    """
    message = Message(
        reference=format_reference(secrets.token_bytes(REFERENCE_BYTES)),
        idempotency_key=secrets.token_hex(16),
        customer_id=customer.id,
        channel=channel,
        kind=kind,
        recipient=recipient,
        values=msgspec.json.encode(values or {}).decode(),
        state=MessageState.QUEUED,
        next_attempt_at=not_before or transaction.now,
        created_at=transaction.now,
    )
    transaction.session.add(message, link_id=link, code_id=code)
    return message


def send_confirmation(transaction: Transaction, customer: Customer, profile: EmailProfile) -> None:
    """Queue the confirmation link; while a cool-down runs only a notice goes, and the link after it."""
    waits_until = profile.cool_down_until
    bucket, hour = f"confirm:customer:{customer.id}", timedelta(hours=1)
    limit = transaction.policy.sends_per_hour
    what = "new addresses for this customer"
    transaction.spend(bucket, limit=limit, window=hour, what=what, customer=customer)
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
    purposes: tuple[LinkPurpose, ...] | None = None,
) -> int:
    """End every open link of a customer at once, with the mails that still wait to carry one (R18).

    Open codes and unfinished attempts to sign in end with them, unless only links of some `purposes`
    are meant, as where a newer link supersedes the older ones.
    """
    session, whose = transaction.session, {"customer_id": customer_id, "now": transaction.now}
    session.flush()
    has_links, has_codes, has_attempts = _IS_OPEN.row(transaction.connection, whose)
    open_links = session.read(Link, _OPEN_LINKS, whose) if has_links else []
    alive = [link for link in open_links if purposes is None or link.purpose in purposes]
    for link in alive:
        link.voided_at = transaction.now
        link.void_reason = why
    _void_messages(transaction, Message.link_id, [link.id for link in alive], "link")
    if alive:
        transaction.will(f"{len(alive)} open link{'s' if len(alive) > 1 else ''} will stop working")
    if has_codes and purposes is None and void_codes(transaction, customer_id, why):
        transaction.will("the code that is on its way will stop working")
    if has_attempts and purposes is None:
        _detach_attempts(transaction, customer_id)
    return len(alive)


def void_codes(transaction: Transaction, customer_id: int, why: str) -> int:
    """End every open code of a customer, with the messages that still wait to carry one (R17, R18)."""
    whose = {"customer_id": customer_id, "now": transaction.now}
    open_codes = transaction.session.read(OneTimeCode, _OPEN_CODES, whose)
    for code in open_codes:
        code.voided_at = transaction.now
        code.void_reason = why
    _void_messages(transaction, Message.code_id, [code.id for code in open_codes], "code")
    return len(open_codes)


def forget_profile(transaction: Transaction, profile: EmailProfile | PhoneProfile) -> None:
    """Take a profile that goes from the links and codes that went to it; the address itself stays there.

    The foreign keys would do it too (`SET NULL`), but unseen by the ledger (R1).
    """
    is_email = isinstance(profile, EmailProfile)
    whose = {"profile_id": profile.id}
    if is_email:
        for link in transaction.session.read(Link, _LINKS_TO, whose):
            link.email_profile_id = None
    for code in transaction.session.read(OneTimeCode, _MAILED if is_email else _TEXTED, whose):
        if is_email:
            code.email_profile_id = None
        else:
            code.phone_profile_id = None


def end_sessions(transaction: Transaction, customer_id: int, why: str) -> int:
    """Sign a customer out everywhere (R21)."""
    live = transaction.session.read(
        CustomerSession, _SESSIONS, {"customer_id": customer_id, "now": transaction.now}
    )
    for session in live:
        session.ended_at, session.end_reason = transaction.now, why
    return len(live)


def detach(attempt: SignInAttempt, case: Case) -> None:
    """Take from an attempt what it could have succeeded with; it goes on like one that never could.

    Ending it at once would tell whoever guesses that the identifier is somebody's (R15).
    """
    attempt.authentication_profile_id, attempt.case = None, case.value


def _detach_attempts(transaction: Transaction, customer_id: int) -> None:
    whose = {"customer_id": customer_id, "now": transaction.now}
    for attempt in transaction.session.read(SignInAttempt, _UNFINISHED, whose):
        detach(attempt, Case.CODE_NOT_ARRIVING)


def _void_messages(transaction: Transaction, carries: Any, ids: list[int], what: str) -> None:
    if not ids:
        return
    waiting = transaction.session.scalars(
        select(Message).where(carries.in_(ids), Message.state == MessageState.QUEUED)
    )
    for message in waiting:
        message.state = MessageState.VOID
        message.reply = f"its {what} was voided before it left"
