"""Changes the role of an operator, where there is no second admin who could approve it (R32)."""

from typing import Annotated

from msgspec import Meta

from db.errors import RefusalCode, Refused
from db.operation import Danger, Operation, Params
from db.operations.disable_operator import (
    OperatorId,
    active_admins,
    possible_approvers,
    refuse_last_admin,
    the_operator,
)
from db.rules.roles import Right, Role
from db.transaction import Transaction

SOLE_APPROVER = "sole-approver"


class ChangeOperatorRole(Params, frozen=True, kw_only=True):
    """Who becomes what."""

    operator: OperatorId
    role: Annotated[Role, Meta(title="Role", description="support, lead, admin or auditor.")]


def apply(transaction: Transaction, params: ChangeOperatorRole) -> None:
    """Write the role; the event's reason says that nobody else could approve it."""
    operator = the_operator(transaction, params.operator)
    if operator.role is params.role:
        return
    refuse_last_admin(operator, active_admins(transaction))
    if possible_approvers(transaction) - {transaction.actor.operator_id}:
        raise Refused(
            "A role change takes the approval of a second admin, so no admin makes it alone.",
            code=RefusalCode.PERMISSION,
        )
    operator.role = params.role
    transaction.reason = f"{transaction.reason} ({SOLE_APPROVER})"
    transaction.warn(f"No second admin could approve this; it is recorded as {SOLE_APPROVER}.")


OPERATION = Operation(
    name="change-operator-role",
    label="Change operator's role",
    help="Gives an operator another role from their next action on. While there are two active admins, it"
    " takes both.",
    params=ChangeOperatorRole,
    right=Right.OPERATORS,
    apply=apply,
    subject=lambda transaction, params: the_operator(transaction, params.operator),
    danger=Danger.IRREVERSIBLE,  # R32 asks for a typed confirmation
    group="operators",
)
