"""Sends a confirmation link to an email that is not verified yet (R29, R35)."""

from db import outbox
from db.errors import Invalid, RefusalCode, Refused
from db.models import ContactState, EmailProfile, LinkPurpose
from db.operation import Operation
from db.operations.contact_states import ChosenEmail
from db.rules.roles import Right
from db.transaction import Transaction


def apply(transaction: Transaction, params: ChosenEmail) -> None:
    """Queue the link; an older confirmation link stops working."""
    customer = transaction.customer(params.customer)
    profile = transaction.child(EmailProfile, params.profile, params.customer, field="profile")
    if profile.state is ContactState.VERIFIED:
        raise Invalid("This address is verified already.", field="profile", code="no-change")
    until = profile.cool_down_until
    if until is not None and until > transaction.now:
        raise Refused(
            "The address replaced a verified one a short while ago. Its confirmation link leaves by itself at"
            f" {until:%Y-%m-%d %H:%M} UTC (cool-down).",
            code=RefusalCode.COOL_DOWN,
            field="profile",
        )
    outbox.void_links(transaction, customer.id, "superseded", purposes=(LinkPurpose.CONFIRM,))
    outbox.send_confirmation(transaction, customer, profile)


OPERATION = Operation(
    name="send-confirmation",
    label="Send confirmation link",
    help="Asks an unverified email to be confirmed. An address that came by a merge leads nowhere before.",
    params=ChosenEmail,
    right=Right.SEND,
    apply=apply,
    frozen_by_takeover=True,
    group="email",
)
