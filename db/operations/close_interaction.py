"""Closes an interaction (P2)."""

from typing import Annotated

from msgspec import Meta

from db.errors import Invalid, RefusalCode, Refused, Unknown
from db.models import Customer, Interaction
from db.operation import Operation, Params
from db.rules.roles import Right
from db.transaction import Transaction


class CloseInteraction(Params, frozen=True, kw_only=True):
    """Which of the operator's interactions."""

    interaction: Annotated[
        int, Meta(title="Interaction", description="Its number.", ge=1, extra={"kind": "interaction"})
    ]


def apply(transaction: Transaction, params: CloseInteraction) -> Customer | None:
    """Close the interaction; only the operator who started it may."""
    interaction = transaction.session.get(Interaction, params.interaction, with_for_update=True)
    if interaction is None:
        raise Unknown("There is no such interaction. Choose one of yours.", field="interaction")
    if interaction.operator_id != transaction.actor.operator_id:
        raise Refused(
            "That interaction is another operator's; only they may close it.", code=RefusalCode.PERMISSION
        )
    if interaction.closed_at is not None:
        raise Invalid("That interaction is closed already.", code="no-change")
    interaction.closed_at = transaction.now
    if interaction.customer_id is None:
        return None
    return transaction.session.get(Customer, interaction.customer_id)


OPERATION = Operation(
    name="close-interaction",
    label="Close interaction",
    help="Ends a call, chat, mail or back-office session of yours.",
    params=CloseInteraction,
    right=Right.INTERACT,
    apply=apply,
    subject=lambda _transaction, _params: None,
    group="interaction",
)
