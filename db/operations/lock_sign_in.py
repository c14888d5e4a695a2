"""Locks a sign-in until somebody unlocks it (R18)."""

from db import credentials
from db.errors import Invalid
from db.models import SignInState
from db.operation import Operation, Params
from db.operations import fields
from db.rules.roles import Right
from db.transaction import Transaction


class ChosenSignIn(Params, frozen=True, kw_only=True):
    """Which of the customer's sign-ins; without one, the only one."""

    customer: fields.CustomerId
    sign_in: fields.SignInId | None = None


def apply(transaction: Transaction, params: ChosenSignIn) -> None:
    """Lock the sign-in, remember its state, and void every open link."""
    sign_in = credentials.sign_in_of(transaction, params.customer, params.sign_in)
    if sign_in.state is SignInState.LOCKED:
        return
    if sign_in.state is SignInState.DISABLED:
        raise Invalid("This sign-in is disabled already, which is stronger than locked.", field="sign_in")
    credentials.lock(transaction, sign_in)


OPERATION = Operation(
    name="lock-sign-in",
    label="Lock sign-in",
    help="Keeps everybody out of a sign-in until it is unlocked, and voids every open link.",
    params=ChosenSignIn,
    right=Right.AUTHENTICATION_PROFILE,
    apply=apply,
    group="sign-in",
)
