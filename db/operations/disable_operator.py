"""Disables an operator: the next action of an open session is refused (R49)."""

from datetime import timedelta
from typing import Annotated

from msgspec import Meta
from sqlalchemy import select

from db.errors import RefusalCode, Refused, Unknown
from db.models import AuditEvent, Operator
from db.operation import Danger, Operation, Params
from db.rules.roles import Right, Role
from db.transaction import Transaction

OperatorId = Annotated[str, Meta(title="Operator", max_length=32, extra={"kind": "operator"})]


class DisableOperator(Params, frozen=True, kw_only=True):
    """Who may no longer use the console."""

    operator: OperatorId


def the_operator(transaction: Transaction, operator_id: str) -> Operator:
    """Return an operator, locked to the end; raise `Unknown`."""
    found = transaction.session.get(Operator, operator_id, with_for_update=True)
    if found is None:
        raise Unknown("There is no such operator. Choose one from the list.", field="operator")
    return found


def active_admins(transaction: Transaction) -> set[str]:
    """Return the ids of all active admins; nobody else changes who they are until the transaction ends."""
    transaction.hold("operators", "admins")
    return set(
        transaction.connection.execute(
            select(Operator.id).where(Operator.role == Role.ADMIN, Operator.is_active)
        ).scalars()
    )


def possible_approvers(transaction: Transaction) -> set[str]:
    """Return the active admins and those disabled within a day: disabling one makes nobody sole (R32)."""
    since = transaction.now - timedelta(days=1)
    recently = (
        select(Operator.id)
        .join(AuditEvent, AuditEvent.target == "operator:" + Operator.id)
        .where(Operator.role == Role.ADMIN, AuditEvent.operation == OPERATION.name, AuditEvent.at > since)
        .where(AuditEvent.outcome == "applied")
    )
    return active_admins(transaction) | set(transaction.connection.execute(recently).scalars())


def refuse_last_admin(operator: Operator, admins: set[str]) -> None:
    """Raise `Refused` where nobody would be left who can add operators."""
    if admins == {operator.id}:
        raise Refused(
            "This is the last active admin. Make another operator an admin first.",
            code=RefusalCode.PERMISSION,
            field="operator",
        )


def apply(transaction: Transaction, params: DisableOperator) -> None:
    """Disable the operator, unless it is the last active admin."""
    operator = the_operator(transaction, params.operator)
    refuse_last_admin(operator, active_admins(transaction))
    operator.is_active = False


OPERATION = Operation(
    name="disable-operator",
    label="Disable operator",
    help="Keeps a person out of the console, from their very next action on. Their history stays.",
    params=DisableOperator,
    right=Right.OPERATORS,
    apply=apply,
    subject=lambda transaction, params: the_operator(transaction, params.operator),
    danger=Danger.DESTRUCTIVE,
    group="operators",
)
