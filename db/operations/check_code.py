"""Checks the one-time code of an attempt to sign in (R17, R19); too many wrong ones lock the sign-in."""

import hmac
from typing import Annotated

from msgspec import Meta

from db import attempts, outbox
from db.attempts import Held
from db.errors import Invalid
from db.models import Customer, EmailProfile, OneTimeCode, PhoneProfile
from db.operation import Operation, Params
from db.operations.signing_in import SessionHash, TokenHash, nobody
from db.rules.roles import Right
from db.transaction import Transaction


class CheckCode(Params, frozen=True, kw_only=True):
    """Which code was answered, and the keyed hash of the answer; 0 where none was sent."""

    token_hash: TokenHash
    code: Annotated[int, Meta(title="Code", description="Which row, never its digits.", ge=0)]
    code_hash: Annotated[str, Meta(title="Keyed hash of the answer", pattern="^[0-9a-f]{64}$")]
    session_hash: SessionHash


def apply(transaction: Transaction, params: CheckCode) -> Customer | None:
    """Go on to the password, or sign in where that was right already; or count the failure."""
    held = attempts.hold(transaction, params.token_hash)
    if not attempts.is_code_due(transaction, held.attempt):
        raise Invalid("The code is not the next step of this attempt.", field="token_hash")
    if held.sign_in is None or held.customer is None:
        attempts.fail(transaction, held.attempt, held.case)
        return held.customer
    code = _live_code(transaction, held, params.code)
    if code is not None and hmac.compare_digest(code.code_hash or "", params.code_hash):
        _go_on(transaction, held, code, params)
    else:
        _count(transaction, held, code)
    return held.customer


def _live_code(transaction: Transaction, held: Held, code_id: int) -> OneTimeCode | None:
    """The code as it is now that the customer is locked: used once, and by one (R16, R17)."""
    found = transaction.session.get(OneTimeCode, code_id, with_for_update=True)
    if found is None or found.attempt_id != held.attempt.id or found.code_hash is None:
        return None
    is_over = found.used_at is not None or found.voided_at is not None
    is_late = found.expires_at is None or found.expires_at <= transaction.now
    return None if is_over or is_late or found.tries >= transaction.policy.code_tries else found


def _go_on(transaction: Transaction, held: Held, code: OneTimeCode, params: CheckCode) -> None:
    if held.sign_in is None or held.customer is None:
        return
    code.used_at = held.attempt.code_right_at = transaction.now
    held.attempt.case = None
    held.sign_in.code_failures = 0
    profile = _profile(transaction, code)
    if profile is not None and attempts.verify_address(transaction, profile):
        held.customer.version += 1
    attempts.let_in(transaction, held, params.session_hash)


def _profile(transaction: Transaction, code: OneTimeCode) -> EmailProfile | PhoneProfile | None:
    if code.email_profile_id is not None:
        return transaction.session.get(EmailProfile, code.email_profile_id)
    return transaction.session.get(PhoneProfile, code.phone_profile_id or 0)


def _count(transaction: Transaction, held: Held, code: OneTimeCode | None) -> None:
    attempts.fail(transaction, held.attempt, "code")
    if held.sign_in is None:
        return
    held.sign_in.code_failures += 1
    if code is not None:
        code.tries += 1
        if code.tries >= transaction.policy.code_tries:
            outbox.void_codes(transaction, code.customer_id, "too many wrong entries")
    if held.sign_in.code_failures >= transaction.policy.code_failures:
        attempts.lock(transaction, held, "wrong codes")


OPERATION = Operation(
    name="check-code",
    label="Check code",
    help="A customer typed a one-time code into the portal.",
    params=CheckCode,
    right=Right.SERVICE,
    apply=apply,
    subject=nobody,
    group="service",
)
