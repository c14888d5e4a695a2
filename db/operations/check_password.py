"""Takes the verdict on a password of an attempt to sign in; too many wrong ones lock the sign-in."""

from typing import Annotated

from msgspec import Meta

from db import attempts
from db.attempts import Held
from db.errors import Invalid
from db.models import Customer
from db.operation import Operation, Params
from db.operations.signing_in import PasswordHash, SessionHash, TokenHash, nobody
from db.rules.policy import SignInOrder
from db.rules.roles import Right
from db.transaction import Transaction


class CheckPassword(Params, frozen=True, kw_only=True):
    """Whether the password was right for the credentials of that version, hashed anew where it was time."""

    token_hash: TokenHash
    is_right: Annotated[bool, Meta(title="Right")]
    credential_version: Annotated[int, Meta(title="Version of the credentials", ge=0)]
    session_hash: SessionHash
    new_hash: PasswordHash | None = None


def apply(transaction: Transaction, params: CheckPassword) -> Customer | None:
    """Go on to the code, or sign in where that was right already; or count the failure."""
    held = attempts.hold(transaction, params.token_hash)
    _refuse_out_of_turn(transaction, held)
    if held.sign_in is None:
        attempts.fail(transaction, held.attempt, held.case)
    elif params.is_right and params.credential_version == held.sign_in.credential_version:
        _go_on(transaction, held, params)
    else:
        _count(transaction, held)
    return held.customer


def _refuse_out_of_turn(transaction: Transaction, held: Held) -> None:
    is_waited_for = transaction.policy.sign_in_order is SignInOrder.CODE_FIRST
    is_early = is_waited_for and held.attempt.code_right_at is None
    if held.attempt.password_right_at is not None or is_early:
        raise Invalid("The password is not the next step of this attempt.", field="token_hash")


def _go_on(transaction: Transaction, held: Held, params: CheckPassword) -> None:
    if held.sign_in is None:
        return
    held.attempt.password_right_at, held.attempt.case = transaction.now, None
    held.sign_in.failed_count = 0
    if params.new_hash is not None:
        held.sign_in.password_hash = params.new_hash
    if held.attempt.code_right_at is None:
        attempts.send_code_if_possible(transaction, held)
    attempts.let_in(transaction, held, params.session_hash)


def _count(transaction: Transaction, held: Held) -> None:
    attempts.fail(transaction, held.attempt, "password")
    if held.sign_in is None:
        return
    held.sign_in.failed_count += 1
    if held.sign_in.failed_count >= transaction.policy.sign_in_failures:
        attempts.lock(transaction, held, "wrong passwords")


OPERATION = Operation(
    name="check-password",
    label="Check password",
    help="A customer typed a password into the portal.",
    params=CheckPassword,
    right=Right.SERVICE,
    apply=apply,
    subject=nobody,
    group="service",
)
