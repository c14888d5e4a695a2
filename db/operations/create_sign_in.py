"""Creates a sign-in with a placeholder password that nobody knows (P1 case 4, R14, R15)."""

from db import credentials, hashing
from db.errors import Invalid
from db.models import AuthenticationProfile, SignInState
from db.operation import Operation, Params
from db.operations import fields
from db.operations.set_username import Username
from db.rules.roles import Right
from db.transaction import Transaction


class CreateSignIn(Params, frozen=True, kw_only=True):
    """What the customer will sign in with; without a username, their primary email."""

    customer: fields.CustomerId
    username: Username | None = None


def apply(transaction: Transaction, params: CreateSignIn) -> None:
    """Write the sign-in; it lets nobody in until a link was used."""
    customer = transaction.customer(params.customer)
    username = (params.username or "").strip() or _primary_email(transaction, customer.id)
    canonical = credentials.check_username(transaction, customer.id, username)
    transaction.add(
        AuthenticationProfile(
            customer_id=customer.id,
            username=username,
            canonical=canonical,
            password_hash=hashing.placeholder_hash(),
            state=SignInState.PLACEHOLDER,
            created_at=transaction.now,
        )
    )
    transaction.will("it lets nobody in until the customer has used a reset or activation link")


def _primary_email(transaction: Transaction, customer_id: int) -> str:
    profile = credentials.email_of(transaction, customer_id, None)
    if profile is None:
        raise Invalid("The customer has no email. Type a username, or add an email first.", field="username")
    return profile.address


OPERATION = Operation(
    name="create-sign-in",
    label="Create sign-in",
    help="Gives the customer a sign-in with a placeholder password that nobody knows. Send a reset or"
    " activation link next, so that the customer sets their own.",
    params=CreateSignIn,
    right=Right.AUTHENTICATION_PROFILE,
    apply=apply,
    group="sign-in",
)
