"""Starts to walk a playbook in an interaction, where every answer is kept."""

from typing import Annotated

from msgspec import Meta
from sqlalchemy import select

from db import walks
from db.errors import Invalid
from db.models import Customer, Walk
from db.operation import Operation, Params
from db.operations import fields
from db.playbooks.library import playbook
from db.rules.roles import Right
from db.transaction import Transaction


class StartWalk(Params, frozen=True, kw_only=True):
    """Which playbook, in which of the operator's interactions, about whom if that is known."""

    playbook: Annotated[
        str, Meta(title="Playbook", description="Its id.", max_length=40, extra={"kind": "playbook"})
    ]
    interaction: Annotated[
        int, Meta(title="Interaction", description="Its number.", ge=1, extra={"kind": "interaction"})
    ]
    customer: fields.CustomerId | None = None


def apply(transaction: Transaction, params: StartWalk) -> Customer | None:
    """Write the walk; an interaction walks each playbook once, and is from now on about whom the walk is."""
    interaction = walks.own_interaction(transaction, params.interaction)
    kept = playbook(transaction.connection, params.playbook)
    if not kept.is_active:
        raise Invalid("This playbook is retired. Choose another.", field="playbook")
    customer_id = params.customer or interaction.customer_id
    customer = None if customer_id is None else transaction.customer(customer_id)
    walked = select(Walk.id).where(
        Walk.interaction_id == interaction.id, Walk.playbook_id == kept.playbook.id
    )
    if transaction.connection.execute(walked).first() is not None:
        raise Invalid("This interaction walks that playbook already. Go on with it.", code="no-change")
    if interaction.customer_id is None:
        interaction.customer_id = customer_id
    transaction.add(
        Walk(
            interaction_id=interaction.id,
            customer_id=customer_id,
            playbook_id=kept.playbook.id,
            fingerprint=kept.fingerprint,
            started_at=transaction.now,
        )
    )
    return customer


OPERATION = Operation(
    name="start-walk",
    label="Start playbook",
    help="Walks a procedure step by step; ticks and answers are kept with the interaction.",
    params=StartWalk,
    right=Right.INTERACT,
    apply=apply,
    subject=lambda _transaction, _params: None,
    group="interaction",
)
