"""Writes a note about a customer."""

from typing import Annotated

from msgspec import Meta

from db.errors import Invalid
from db.models import Note
from db.operation import Operation, Params
from db.operations import fields
from db.rules.roles import Right
from db.transaction import Transaction

MAX_NOTE = 4000


class AddNote(Params, frozen=True, kw_only=True):
    """About whom, and what."""

    customer: fields.CustomerId
    text: Annotated[
        str,
        Meta(
            title="Note",
            description="What the next person must know; no passwords, no codes.",
            max_length=MAX_NOTE,
            extra={"kind": "multiline"},
        ),
    ]


def apply(transaction: Transaction, params: AddNote) -> None:
    """Write the note, with the interaction that it was taken in."""
    text = params.text.strip()
    if not text:
        raise Invalid("The note is empty. Write what the next person must know.", field="text")
    transaction.add(
        Note(
            customer_id=params.customer,
            interaction_id=transaction.interaction_id,
            operator_id=transaction.actor.operator_id,
            text=text,
            created_at=transaction.now,
        )
    )


OPERATION = Operation(
    name="add-note",
    label="Add note",
    help="Keeps a note with the customer, for whoever works with them next.",
    params=AddNote,
    right=Right.NOTE,
    apply=apply,
)
