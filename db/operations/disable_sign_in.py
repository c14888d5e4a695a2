"""Disables a sign-in for good."""

from db import credentials, outbox
from db.models import SignInState
from db.operation import Danger, Operation
from db.operations.lock_sign_in import ChosenSignIn
from db.rules.roles import Right
from db.transaction import Transaction


def apply(transaction: Transaction, params: ChosenSignIn) -> None:
    """Disable the sign-in, and void every open link (R18)."""
    sign_in = credentials.sign_in_of(transaction, params.customer, params.sign_in)
    if sign_in.state is SignInState.DISABLED:
        return
    sign_in.state, sign_in.state_before_lock = SignInState.DISABLED, None
    outbox.void_links(transaction, params.customer, "sign-in disabled")
    outbox.end_sessions(transaction, params.customer, "sign-in disabled")


OPERATION = Operation(
    name="disable-sign-in",
    label="Disable sign-in",
    help="Ends a sign-in for good and voids every open link. Neither unlocking nor a link brings it back.",
    params=ChosenSignIn,
    right=Right.AUTHENTICATION_PROFILE,
    apply=apply,
    danger=Danger.DESTRUCTIVE,
    group="sign-in",
)
