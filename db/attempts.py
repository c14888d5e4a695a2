"""What the steps of signing in share: the attempt under lock, its code, its failures, and its end.

Each step locks the customer first and judges again, so that of two at the same moment the second sees
what the first did.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from db import credentials, gate, limits, outbox
from db.errors import Invalid, Refused, Unknown
from db.gate import Judgement, Way
from db.models import (
    AttemptState,
    AuthenticationProfile,
    Channel,
    ContactState,
    Customer,
    CustomerSession,
    EmailProfile,
    MessageKind,
    OneTimeCode,
    PhoneProfile,
    SignInAttempt,
)
from db.rules.cases import Case, Cause
from db.rules.policy import SignInOrder
from db.transaction import Transaction

LIFETIME = timedelta(minutes=30)
"""How long an attempt waits for its next step; a code within it lives shorter."""

TRIES = 5
"""Wrong passwords and codes together that end an attempt; whose identifier is unknown, as any other."""


@dataclass(frozen=True)
class Held:
    """An open attempt under lock; `sign_in` is None where it cannot succeed, and then `case` says why."""

    attempt: SignInAttempt
    customer: Customer | None
    sign_in: AuthenticationProfile | None
    judged: Judgement | None
    case: Case


def hold(transaction: Transaction, token_hash: str) -> Held:
    """Return the attempt that a token carries on; raise `Unknown` or `Invalid` where it is over."""
    session = transaction.session
    found = session.scalars(select(SignInAttempt).where(SignInAttempt.token_hash == token_hash)).one_or_none()
    if found is None:
        raise Unknown("There is no such attempt to sign in. Begin again.", field="token_hash")
    customer = None
    if found.customer_id is not None:
        customer = session.get(Customer, found.customer_id, with_for_update=True)
    session.refresh(found, with_for_update=True)
    is_over = found.expires_at is None or found.expires_at <= transaction.now
    if found.state is not AttemptState.OPEN or is_over:
        raise Invalid("This attempt to sign in is over. Begin again.", field="token_hash")
    return _judged(transaction, found, customer)


def _judged(transaction: Transaction, attempt: SignInAttempt, customer: Customer | None) -> Held:
    number = attempt.authentication_profile_id
    if number is None:
        return Held(attempt, customer, None, None, Case(attempt.case or Case.NO_MATCH))
    sign_in = transaction.session.get_one(AuthenticationProfile, number, with_for_update=True)
    judged = gate.judge_sign_in(transaction.connection, number, transaction.policy, transaction.now)
    if sign_in.credential_version != attempt.credential_version or not _may_go_on(attempt, judged):
        return Held(attempt, customer, None, judged, judged.case)
    return Held(attempt, customer, sign_in, judged, Case.CAN_SIGN_IN)


def _may_go_on(attempt: SignInAttempt, judged: Judgement) -> bool:
    """Whether nothing stands in the way; where a code was sent already, its arrival is what counts."""
    sent = attempt.password_right_at is not None or attempt.code_right_at is not None
    ways_may_fail = {Cause.NO_USABLE_CHANNEL} if sent else set()
    return judged.lets_in or {found.cause for found in judged.findings} <= ways_may_fail


def is_code_due(transaction: Transaction, attempt: SignInAttempt) -> bool:
    """Whether the next step is the code, in the order of the policy (P3)."""
    if attempt.code_right_at is not None:
        return False
    code_first = transaction.policy.sign_in_order is SignInOrder.CODE_FIRST
    return code_first or attempt.password_right_at is not None


def send_code(transaction: Transaction, held: Held, *, channel: Channel | None = None) -> None:
    """Queue a code, by text message where nothing else is said and it can go, and end every older one (R17).

    Raises `Invalid` where no address of that channel is open, `Refused` where the rate is used up (R20).
    """
    customer, judged = held.customer, held.judged
    if customer is None or judged is None or held.sign_in is None:
        raise Invalid("No code goes out in this attempt. Begin again.", field="token_hash")
    way = next((each for each in judged.ways if each.is_open and channel in (None, each.channel)), None)
    if way is None:
        raise Invalid("No code can go that way. Choose the other one.", field="channel")
    limits.spend_send(transaction, customer, "code", by_operator=False)
    outbox.void_codes(transaction, customer.id, "superseded")
    code = _make(transaction, customer, held.attempt, way)
    outbox.queue(transaction, customer, MessageKind.CODE, code.address, channel=code.channel, code=code)


def send_code_if_possible(transaction: Transaction, held: Held) -> None:
    """Queue a code where one may go now; the step that it follows on stands either way."""
    with suppress(Invalid, Refused):  # raised before anything is written
        send_code(transaction, held)


def _make(transaction: Transaction, customer: Customer, attempt: SignInAttempt, way: Way) -> OneTimeCode:
    """Write a code that has no digits yet: the worker makes them at delivery (R14, R19)."""
    is_mail = way.channel is Channel.EMAIL
    return transaction.add(
        OneTimeCode(
            customer_id=customer.id,
            attempt_id=attempt.id,
            channel=way.channel,
            email_profile_id=way.profile_id if is_mail else None,
            phone_profile_id=None if is_mail else way.profile_id,
            address=way.address,
            lifetime_minutes=transaction.policy.code_minutes,
            created_at=transaction.now,
        )
    )


def fail(transaction: Transaction, attempt: SignInAttempt, case: str) -> None:
    """Count a failed step of an attempt; the last one ends it."""
    attempt.failures += 1
    attempt.case = case
    if attempt.failures >= TRIES:
        attempt.state = AttemptState.FAILED


def lock(transaction: Transaction, held: Held, what: str) -> None:
    """Lock the sign-in of an attempt after too many failures, and tell the customer (R17, P1 case 8)."""
    if held.customer is None or held.sign_in is None:
        return
    outbox.detach(held.attempt, Case.LOCKED)
    credentials.lock(transaction, held.sign_in)
    outbox.tell_verified(transaction, held.customer, f"your sign-in was locked after too many {what}")
    held.customer.version += 1


def let_in(transaction: Transaction, held: Held, session_hash: str) -> None:
    """Sign the customer in where password and code were both right."""
    attempt, sign_in, now = held.attempt, held.sign_in, transaction.now
    if sign_in is None or attempt.password_right_at is None or attempt.code_right_at is None:
        return
    attempt.state, attempt.case = AttemptState.SIGNED_IN, None
    sign_in.last_sign_in_at = now
    transaction.add(
        CustomerSession(
            customer_id=sign_in.customer_id,
            authentication_profile_id=sign_in.id,
            token_hash=session_hash,
            created_at=now,
            expires_at=now + timedelta(hours=transaction.policy.session_hours),
        )
    )


def verify_address(transaction: Transaction, profile: EmailProfile | PhoneProfile) -> bool:
    """Record that what was sent to an address reached the customer; return whether that was not known yet.

    Where the customer is not the subject of the operation, their version is the caller's to raise.
    """
    if profile.state is ContactState.VERIFIED:
        return False
    profile.confirm_before_use = False
    profile.state, profile.verified_at = ContactState.VERIFIED, transaction.now
    return True
