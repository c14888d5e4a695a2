"""Sends the customer the steps to get in by themselves, in the operator's words (P5)."""

from typing import Annotated

from msgspec import Meta

from db import outbox
from db.errors import Invalid
from db.models import CustomerStatus, MessageKind, Note
from db.operation import Operation, Params
from db.operations import fields, sending
from db.rules.roles import Right
from db.transaction import Transaction

MAX_STEPS = 3000
HELP_STEPS = """Please try these steps, one after the other:

1. Open the sign-in page in another browser.
2. Open it in a private window.
3. Clear the browser's cache and cookies, then sign in again.
4. Try another device, such as a phone or a tablet."""

_PARAGRAPHS = {CustomerStatus.ACTIVE: "reset", CustomerStatus.INACTIVE: "activation"}


class SendHelpMail(Params, frozen=True, kw_only=True):
    """To which of the customer's emails (by default the primary one), and what it says."""

    customer: fields.CustomerId
    profile: fields.EmailId | None = None
    text: Annotated[
        str,
        Meta(
            title="Steps",
            description="In your words; how to get a link follows by itself, as the account's status asks.",
            max_length=MAX_STEPS,
            extra={"kind": "multiline"},
        ),
    ] = HELP_STEPS


def apply(transaction: Transaction, params: SendHelpMail) -> None:
    """Queue the mail; it carries no link, so it counts as none (R20)."""
    customer = transaction.customer(params.customer)
    steps = params.text.strip()
    if not steps:
        raise Invalid("The mail says nothing yet. Write the steps, or leave the shipped ones.", field="text")
    profile = sending.address_for(transaction, customer.id, params.profile, "a help mail")
    sending.tell_earlier(transaction, customer.id, MessageKind.HELP, profile.address)
    paragraph = _PARAGRAPHS.get(customer.status, "contact")
    values = {"steps": steps, "paragraph": paragraph}
    outbox.queue(transaction, customer, MessageKind.HELP, profile.address, values=values)
    if steps != HELP_STEPS:
        _keep(transaction, customer.id, steps)
    transaction.will(f"a help mail goes to {profile.address}, with {_TOLD[paragraph]}")


def _keep(transaction: Transaction, customer_id: int, steps: str) -> None:
    """Own words are a note too: they stand in the log, and the next person sees what was advised."""
    transaction.add(
        Note(
            customer_id=customer_id,
            interaction_id=transaction.interaction_id,
            operator_id=transaction.actor.operator_id,
            text=steps,
            created_at=transaction.now,
        )
    )
    transaction.will("what you wrote is kept as a note")


_TOLD = {
    "reset": "the paragraph about a new password",
    "activation": "the paragraph about activation",
    "contact": "whom to write to, as the account is neither active nor waiting for activation",
}

OPERATION = Operation(
    name="send-help-mail",
    label="Send help mail",
    help="Sends the steps to try in the browser, with the customer's name; the paragraph about a new password"
    " or about activation follows the account's status.",
    params=SendHelpMail,
    right=Right.SEND,
    apply=apply,
    frozen_by_takeover=True,
    group="messages",
)
