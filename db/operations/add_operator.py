"""Adds an operator (R46)."""

from typing import Annotated

from msgspec import Meta
from sqlalchemy import select

from db.errors import Invalid
from db.models import Operator
from db.operation import Operation, Params
from db.rules.identifiers import parse_operator_id
from db.rules.roles import Right, Role
from db.transaction import Transaction


class AddOperator(Params, frozen=True, kw_only=True):
    """Who may use the console, and as what."""

    id: Annotated[
        str,
        Meta(title="Operator id", description="Small letters, digits, _ and -, like kim.", max_length=32),
    ]
    display_name: Annotated[str, Meta(title="Name", min_length=1, max_length=200)]
    role: Annotated[Role, Meta(title="Role", description="support, lead, admin or auditor.")]
    os_user: (
        Annotated[
            str,
            Meta(title="System account", description="Signs this operator in at a desk.", max_length=64),
        ]
        | None
    ) = None
    customer: (
        Annotated[
            int,
            Meta(
                title="Own customer record",
                description="Where the operator is a customer too; they may not work on it (R36).",
                ge=1,
                extra={"kind": "customer"},
            ),
        ]
        | None
    ) = None


def apply(transaction: Transaction, params: AddOperator) -> Operator:
    """Write the operator, active at once."""
    operator_id = parse_operator_id(params.id, "id")
    if transaction.session.get(Operator, operator_id) is not None:
        raise Invalid("That operator id was given before, and is never given again.", field="id")
    if params.os_user is not None:
        _refuse_taken(transaction, params.os_user)
    if params.customer is not None:
        transaction.customer(params.customer)
    return transaction.add(
        Operator(
            id=operator_id,
            display_name=params.display_name,
            role=params.role,
            os_user=params.os_user,
            customer_id=params.customer,
            created_at=transaction.now,
        )
    )


def _refuse_taken(transaction: Transaction, os_user: str) -> None:
    holder = transaction.connection.execute(
        select(Operator.id).where(Operator.os_user == os_user)
    ).scalar_one_or_none()
    if holder is not None:
        raise Invalid(f"That system account signs {holder} in already. Choose another one.", field="os_user")


OPERATION = Operation(
    name="add-operator",
    label="Add operator",
    help="Lets a person use the console in a role. The id appears in the audit log for ever.",
    params=AddOperator,
    right=Right.OPERATORS,
    apply=apply,
    subject=lambda _transaction, _params: None,
    group="operators",
)
