"""Makes an email of the customer their username (P1, fix 1c)."""

from db import credentials
from db.errors import Invalid
from db.operation import Operation, Params
from db.operations import fields
from db.rules.roles import Right
from db.transaction import Transaction


class UsernameToEmail(Params, frozen=True, kw_only=True):
    """Which sign-in and which email; without them, the only sign-in and the primary email."""

    customer: fields.CustomerId
    sign_in: fields.SignInId | None = None
    profile: fields.EmailId | None = None


def apply(transaction: Transaction, params: UsernameToEmail) -> None:
    """Write the address as the username: an exact username wins over a shared email."""
    sign_in = credentials.sign_in_of(transaction, params.customer, params.sign_in)
    profile = credentials.email_of(transaction, params.customer, params.profile)
    if profile is None:
        raise Invalid("The customer has no primary email. Add an email first.", field="profile")
    credentials.rename(transaction, sign_in, profile.address)


OPERATION = Operation(
    name="username-to-email",
    label="Make email the username",
    help="Lets the customer sign in with their email even where another customer holds it too.",
    params=UsernameToEmail,
    right=Right.USERNAME_TO_EMAIL,
    apply=apply,
    group="sign-in",
)
