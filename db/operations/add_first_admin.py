"""Adds the first admin to a database without operators; from then on only an admin adds more."""

from typing import Annotated

from msgspec import Meta
from sqlalchemy import func, select

from db.errors import Invalid
from db.models import Operator
from db.operation import Operation, Params
from db.rules.identifiers import parse_operator_id
from db.rules.roles import Right, Role
from db.transaction import Transaction

MAX_OS_USER = 64


class AddFirstAdmin(Params, frozen=True, kw_only=True):
    """Who becomes the first admin, and as which user of the operating system they sign in."""

    id: Annotated[str, Meta(title="Operator id", max_length=32)]
    display_name: Annotated[str, Meta(title="Name", min_length=1, max_length=200)]
    os_user: Annotated[str, Meta(title="System account", min_length=1, max_length=MAX_OS_USER)]


def apply(transaction: Transaction, params: AddFirstAdmin) -> Operator:
    """Write the admin, unless there is any operator, disabled ones included."""
    operator_id = parse_operator_id(params.id, "id")
    transaction.hold("operator", "first")  # two who both find an empty table
    if transaction.connection.execute(select(func.count()).select_from(Operator)).scalar_one():
        raise Invalid("There are operators already. Ask an admin to add you.", code="not-first")
    return transaction.add(
        Operator(
            id=operator_id,
            display_name=params.display_name,
            role=Role.ADMIN,
            os_user=params.os_user,
            created_at=transaction.now,
        )
    )


OPERATION = Operation(
    name="add-first-admin",
    label="Add the first admin",
    help="Makes the user who installs the product its first admin; only while there is no operator.",
    params=AddFirstAdmin,
    right=Right.SERVICE,
    subject=lambda _transaction, _params: None,
    apply=apply,
    group="operators",
)
