"""Sends the customer a link to sign in with: a reset, or an activation where they never activated (P5)."""

from typing import Annotated

from msgspec import Meta

from db import contacts, credentials, limits, outbox
from db.errors import Clash, Invalid, RefusalCode, Refused
from db.models import (
    AuthenticationProfile,
    Customer,
    CustomerStatus,
    EmailProfile,
    LinkPurpose,
    MessageKind,
    SignInState,
)
from db.operation import Operation, Params
from db.operations import change_email, fields, sending
from db.rules.email import EmailAddress
from db.rules.identifiers import format_customer_number
from db.rules.roles import Right, Standing, standing, who_may
from db.transaction import Transaction

_LINKS = {
    CustomerStatus.ACTIVE: (LinkPurpose.RESET, MessageKind.RESET, "password-reset"),
    CustomerStatus.INACTIVE: (LinkPurpose.ACTIVATION, MessageKind.ACTIVATION, "activation"),
}
_SHUT = {
    SignInState.LOCKED: "The sign-in is locked, and a link does not lift a lock. First: Unlock sign-in.",
    SignInState.DISABLED: "The sign-in is disabled, and a link does not change that. First: Create sign-in.",
}


CorrectedEmail = Annotated[
    str,
    Meta(
        title="Corrected email",
        description="Only where the address on file is wrong: the right one, corrected in the same step.",
        max_length=320,
        extra={"kind": "email"},
    ),
]


class SendSignInLink(Params, frozen=True, kw_only=True):
    """To which address of which sign-in; by default the only usable sign-in and the primary email.

    `email` corrects a wrong address in the same step.
    """

    customer: fields.CustomerId
    sign_in: fields.SignInId | None = None
    profile: fields.EmailId | None = None
    email: CorrectedEmail | None = None


def apply(transaction: Transaction, params: SendSignInLink) -> None:
    """Queue the link that the customer's status asks for; older ones stop working."""
    customer = transaction.customer(params.customer)
    if customer.status not in _LINKS:
        raise Invalid(
            "The customer is suspended, and a link does not lift that. First: Reactivate customer.",
            field="customer",
        )
    purpose, kind, name = _LINKS[customer.status]
    sign_in = _usable_sign_in(transaction, params)
    profile = credentials.email_of(transaction, customer.id, params.profile)
    if profile is None:
        raise Invalid("The customer has no email to send a link to. Add an email first.", field="profile")
    if params.email is not None:
        _correct(transaction, customer, profile, params.email)
    sending.check_address(transaction, profile, "a link")
    _warn_of_readers(transaction, customer, profile)
    limits.spend_send(transaction, customer, "link", by_operator=True)
    outbox.void_links(transaction, customer.id, "superseded", purposes=credentials.SIGN_IN_LINKS)
    link = outbox.make_link(transaction, customer, purpose, profile, sign_in)
    outbox.queue(transaction, customer, kind, profile.address, link=link)
    transaction.will(f"{'an' if name[0] == 'a' else 'a'} {name} link goes to {profile.address}")


def _warn_of_readers(transaction: Transaction, customer: Customer, profile: EmailProfile) -> None:
    """Say who else reads this mailbox: whoever opens the link first chooses the password."""
    for holder in contacts.holders(transaction.connection, "email", profile.canonical):
        if holder.customer_id != customer.id:
            who = f"{format_customer_number(holder.customer_id)} {holder.label}"
            transaction.warn(f"{who} holds this email too and can open the link. Make sure who reads it.")


def _usable_sign_in(transaction: Transaction, params: SendSignInLink) -> AuthenticationProfile:
    found = transaction.children(AuthenticationProfile, params.customer)
    usable = [sign_in for sign_in in found if sign_in.state not in _SHUT]
    if params.sign_in is None and len(usable) == 1:
        return usable[0]
    chosen = credentials.sign_in_of(transaction, params.customer, params.sign_in)
    if chosen.state in _SHUT:
        raise Invalid(_SHUT[chosen.state], field="sign_in")
    return chosen


def _correct(transaction: Transaction, customer: Customer, profile: EmailProfile, typed: str) -> None:
    """Put the right address in, where no cool-down follows from it (R31)."""
    parsed = contacts.parse_email_for(transaction, typed)
    if parsed.canonical == profile.canonical:
        return
    _refuse_held(transaction, customer, parsed)
    if profile.verified_at is not None:
        raise _replacement_refused(transaction, customer)
    change = change_email.ChangeEmail(customer=customer.id, profile=profile.id, email=typed)
    change_email.apply(transaction, change)


def _replacement_refused(transaction: Transaction, customer: Customer) -> Refused:
    start = contacts.cool_down_from(transaction, customer)
    until = contacts.later(start, contacts.cool_down_of(transaction, customer, "email")) or start
    what = "The address on file was verified, so another one is a replacement, whatever the typo table says"
    if standing(transaction.roles, transaction.role, Right.REPLACE_CONTACT) is Standing.ALONE:
        return Refused(
            f"{what}. Change email replaces it; a link may go to it from {until:%Y-%m-%d %H:%M} UTC"
            " (cool-down).",
            code=RefusalCode.COOL_DOWN,
            field="email",
        )
    return Refused(
        f"{what}, which your role may not make. Ask {who_may(transaction.roles, Right.REPLACE_CONTACT)};"
        f" a link may go to it from {until:%Y-%m-%d %H:%M} UTC at the earliest.",
        code=RefusalCode.PERMISSION,
        field="email",
    )


def _refuse_held(transaction: Transaction, customer: Customer, parsed: EmailAddress) -> None:
    """Whatever the mode: no correction, and no link, to an address that somebody else holds (R30, A32)."""
    transaction.hold("email", parsed.canonical)
    for holder in contacts.holders(transaction.connection, "email", parsed.canonical):
        if holder.customer_id != customer.id:
            raise Clash(
                f"This email is already in use by {format_customer_number(holder.customer_id)}"
                f" {holder.label} ({holder.status}), so no link goes there. Nothing was saved.",
                field="email",
                holder=holder,
            )


OPERATION = Operation(
    name="send-sign-in-link",
    label="Send sign-in link",
    help="Sends a password-reset link, or an activation link to a customer who never activated. A wrong"
    " address can be corrected in the same step, unless a cool-down would follow.",
    params=SendSignInLink,
    right=Right.SEND,
    apply=apply,
    frozen_by_takeover=True,
    group="sign-in",
)
