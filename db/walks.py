"""Walks under the rules: whose they are, and what has been answered in them so far."""

from sqlalchemy import select

from db.errors import Invalid, RefusalCode, Refused, Unknown
from db.models import Interaction, Walk, WalkStep
from db.transaction import Transaction


def open_walk(transaction: Transaction, walk_id: int) -> Walk:
    """Return a walk, locked, that the acting operator may carry on.

    Raises `Unknown`; `Refused` in another operator's open interaction; `Invalid` where it has ended.
    """
    walk = transaction.session.get(Walk, walk_id, with_for_update=True)
    if walk is None:
        raise Unknown("There is no such walk. Start the playbook again.", field="walk")
    own_interaction(transaction, walk.interaction_id)
    if walk.ended_at is not None:
        raise Invalid("This walk has ended. Start the playbook in a new interaction.", field="walk")
    return walk


def own_interaction(transaction: Transaction, interaction_id: int) -> Interaction:
    """Return an open interaction of the acting operator, or say whose it is."""
    found = transaction.session.get(Interaction, interaction_id)
    if found is None:
        raise Unknown("There is no such interaction. Start one first.", field="interaction")
    if found.operator_id != transaction.actor.operator_id:
        raise Refused(
            f"That interaction is {found.operator_id}'s; what was done in it can be read, not changed.",
            code=RefusalCode.PERMISSION,
            field="interaction",
        )
    if found.closed_at is not None:
        raise Invalid("That interaction is closed. Start a new one.", field="interaction")
    return found


def answers_of(transaction: Transaction, walk_id: int) -> dict[str, WalkStep]:
    """Return the steps that were done, by name."""
    found = transaction.session.scalars(select(WalkStep).where(WalkStep.walk_id == walk_id))
    return {step.step: step for step in found}
