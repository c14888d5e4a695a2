"""Takes a due message for one attempt to deliver it; a worker's first half of the work.

The caller has made the link's secret or the one-time code and tells only its hash, so that no
statement, event or parameter ever holds one that works (design decision 5, R16, R19).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from db.errors import Invalid, Unknown
from db.models import (
    AttemptState,
    Customer,
    EmailProfile,
    Link,
    Message,
    MessageAttempt,
    MessageState,
    OneTimeCode,
    PhoneProfile,
    SignInAttempt,
)
from db.operation import Operation, Params
from db.rules.roles import Right
from db.transaction import Transaction

LEASE = timedelta(minutes=5)
"""How long an attempt may take before another worker may try; transports give up long before."""

NOT_DUE = "not-due"
_INTERRUPTED = "The worker stopped before the server's answer was known."

MessageId = Annotated[int, Meta(title="Message", ge=1)]
Lease = Annotated[
    str, Meta(title="Lease", description="One for each attempt.", pattern="^[A-Za-z0-9._:-]{8,64}$")
]
Ending = tuple[MessageState, str]


class TakeMessage(Params, frozen=True, kw_only=True):
    """Which message, under which lease, and the hash (hex) of what it is to carry.

    SHA-256 of the secret of its link, or the keyed hash of its code; without either it is not kept.
    """

    message: MessageId
    lease: Lease
    secret_hash: Annotated[str, Meta(title="Secret hash", pattern="^[0-9a-f]{64}$")]


@dataclass(frozen=True)
class Held:
    """A message with what it carries, locked to the end of the transaction."""

    message: Message
    link: Link | None
    code: OneTimeCode | None

    def forget_secret(self) -> None:
        """Take link or code back to where no message carries it: the next attempt makes it and its lifetime.

        Without an expiry it stays among the open ones, so that whatever voids those voids it too.
        """
        if self.link is not None:
            self.link.secret_hash = self.link.expires_at = None
        if self.code is not None:
            self.code.code_hash = self.code.expires_at = None


def locked_message(transaction: Transaction, message_id: int) -> Held:
    """Return a message with its link or code, locked after their customer: the order of every operation.

    So a link that is voided at this moment is either seen voided here, or voided after its mail left.
    """
    session = transaction.session
    found = session.get(Message, message_id)
    if found is None:
        raise Unknown("There is no such message.", field="message")
    session.get(Customer, found.customer_id, with_for_update=True)
    session.refresh(found, with_for_update=True)
    link = None if found.link_id is None else session.get(Link, found.link_id, with_for_update=True)
    code = None if found.code_id is None else session.get(OneTimeCode, found.code_id, with_for_update=True)
    return Held(found, link, code)


def apply(transaction: Transaction, params: TakeMessage) -> Message:
    """Lease the message and give its link or code a new secret, or close one that may no longer leave.

    An earlier attempt whose outcome nobody knows may have delivered a mail: its secret stops here,
    and only the newest mail's link or code works (R16).
    """
    held = locked_message(transaction, params.message)
    message = held.message
    _refuse_unless_due(transaction, held)
    if message.state is MessageState.SENDING:
        transaction.add(
            MessageAttempt(
                message_id=message.id, at=transaction.now, outcome="interrupted", reply=_INTERRUPTED
            )
        )
    ending = _ending(transaction, held)
    if ending is not None:
        message.state, message.reply = ending
        message.lease = None
        return message
    message.state = MessageState.SENDING
    message.attempts += 1
    message.lease = params.lease
    message.next_attempt_at = transaction.now + LEASE
    transaction.session.flush()  # the event tells of the message first, whatever order a set gives
    if held.link is not None:
        held.link.secret_hash = params.secret_hash
        held.link.expires_at = _after(transaction, held.link.lifetime_minutes)
    if held.code is not None:
        held.code.code_hash = params.secret_hash
        held.code.expires_at = _after(transaction, held.code.lifetime_minutes)
    return message


def _after(transaction: Transaction, minutes: int) -> datetime:
    return transaction.now + timedelta(minutes=minutes)


def _refuse_unless_due(transaction: Transaction, held: Held) -> None:
    message, link = held.message, held.link
    waits = message.state in (MessageState.QUEUED, MessageState.SENDING)
    if not waits or message.next_attempt_at > transaction.now:
        raise Invalid("The message is not due: another worker took it, or it was closed.", code=NOT_DUE)
    if link is None or link.voided_at is not None:
        return
    if _cools(transaction, link):
        raise Invalid("No link may go to this address yet: its cool-down runs (R31).", code=NOT_DUE)


def _cools(transaction: Transaction, carried: Link | OneTimeCode) -> bool:
    """Whether the address that it goes to is under cool-down."""
    session = transaction.session
    email = None if carried.email_profile_id is None else session.get(EmailProfile, carried.email_profile_id)
    phone_id = carried.phone_profile_id if isinstance(carried, OneTimeCode) else None
    phone = None if phone_id is None else session.get(PhoneProfile, phone_id)
    untils = [profile.cool_down_until for profile in (email, phone) if profile is not None]
    return any(until is not None and until > transaction.now for until in untils)


def _ending(transaction: Transaction, held: Held) -> Ending | None:
    """Why there must be no further attempt, or None."""
    ending = _ending_of_link(held.link) or _ending_of_code(transaction, held.code)
    if ending is not None:
        return ending
    message, carried = held.message, held.link or held.code
    if carried is not None and _is_flagged(transaction, message):
        return _voided(transaction, carried, "the account is flagged for a possible takeover")
    if message.state is not MessageState.SENDING:
        return None
    if carried is not None and carried.expires_at is not None and carried.expires_at <= transaction.now:
        # Nobody voids what has expired, so it must not be brought back to life either.
        what = "link" if held.link is not None else "code"
        return MessageState.FAILED, f"its {what} expired while the worker stood still"
    if message.attempts >= transaction.policy.delivery_attempts:
        return MessageState.FAILED, f"the worker stopped in each of {message.attempts} attempts"
    return None


def _ending_of_link(link: Link | None) -> Ending | None:
    if link is not None and link.voided_at is not None:
        return MessageState.VOID, "its link was voided before it left"
    if link is not None and link.used_at is not None:
        return MessageState.VOID, "its link was used before it was sent again"
    return None


def _ending_of_code(transaction: Transaction, code: OneTimeCode | None) -> Ending | None:
    """A code is for one attempt to sign in, and for an address that it may go to at this moment."""
    if code is None:
        return None
    if code.voided_at is not None:
        return MessageState.VOID, "its code was voided before it left"
    if code.used_at is not None:
        return MessageState.VOID, "its code was used before it was sent again"
    attempt = transaction.session.get(SignInAttempt, code.attempt_id)
    is_open = attempt is not None and attempt.state is AttemptState.OPEN
    if not is_open or (attempt and attempt.expires_at and attempt.expires_at <= transaction.now):
        return _voided(transaction, code, "its sign-in attempt ended before it left")
    if _cools(transaction, code):
        return _voided(transaction, code, "no code may go to this address yet: its cool-down runs (R31)")
    return None


def _is_flagged(transaction: Transaction, message: Message) -> bool:
    """Whether links and codes of its customer are stopped (R33); a notice still leaves."""
    customer = transaction.session.get(Customer, message.customer_id)
    return customer is not None and customer.takeover_flag


def _voided(transaction: Transaction, carried: Link | OneTimeCode, why: str) -> Ending:
    carried.voided_at, carried.void_reason = transaction.now, why[:60]
    return MessageState.VOID, why


OPERATION = Operation(
    name="take-message",
    label="Take message",
    help="A worker leases a due message and gives its link or code a secret that nobody can read.",
    params=TakeMessage,
    right=Right.SERVICE,
    apply=apply,
    subject=lambda _transaction, _params: None,
    group="service",
)
