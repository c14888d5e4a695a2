"""Lifts the lock of a sign-in (P1 case 8)."""

from db import credentials
from db.errors import Invalid
from db.models import SignInState
from db.operation import Operation
from db.operations.lock_sign_in import ChosenSignIn
from db.rules.roles import Right
from db.transaction import Transaction


def apply(transaction: Transaction, params: ChosenSignIn) -> None:
    """Give the sign-in back the state it had, with no failures counted."""
    sign_in = credentials.sign_in_of(transaction, params.customer, params.sign_in)
    if sign_in.state is not SignInState.LOCKED:
        raise Invalid(f"This sign-in is not locked; it is {sign_in.state.value}.", field="sign_in")
    # Where nothing remembers the state, the customer proves themselves by a reset.
    sign_in.state = SignInState(sign_in.state_before_lock or SignInState.RESET_REQUIRED)
    sign_in.state_before_lock = None
    sign_in.failed_count = sign_in.code_failures = 0


OPERATION = Operation(
    name="unlock-sign-in",
    label="Unlock sign-in",
    help="Lifts a lock and forgets the failed attempts. The password stays as it was; send a reset link"
    " where the customer does not know it.",
    params=ChosenSignIn,
    right=Right.UNLOCK,
    apply=apply,
    group="sign-in",
)
