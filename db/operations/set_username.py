"""Sets the username of a sign-in (P1)."""

from typing import Annotated

from msgspec import Meta

from db import credentials
from db.operation import Operation, Params
from db.operations import fields
from db.rules.roles import Right
from db.transaction import Transaction

Username = Annotated[
    str,
    Meta(title="Username", description="Without spaces; an email address may be one.", max_length=320),
]


class SetUsername(Params, frozen=True, kw_only=True):
    """Which sign-in gets which username; without a sign-in, the customer's only one."""

    customer: fields.CustomerId
    sign_in: fields.SignInId | None = None
    username: Username


def apply(transaction: Transaction, params: SetUsername) -> None:
    """Write the username, and void the links that lead to the old one."""
    sign_in = credentials.sign_in_of(transaction, params.customer, params.sign_in)
    credentials.rename(transaction, sign_in, params.username.strip())


OPERATION = Operation(
    name="set-username",
    label="Set username",
    help="Changes what the customer types to sign in. Nobody else may have it as username or email, except"
    " an email that both hold.",
    params=SetUsername,
    right=Right.AUTHENTICATION_PROFILE,
    apply=apply,
    group="sign-in",
)
