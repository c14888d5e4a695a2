"""Says what there is to do for an operator, from the registry and the role table.

Loads the whole database side, so the bridge imports it in a thread, after the first screen is up.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from db.errors import Unknown
from db.models import Operator
from db.operation import Operation
from db.operations import REGISTRY
from db.operations.forms import FieldInfo, describe, may, rights_of
from db.rules.roles import ROLE_LABELS, Right, Role, RoleTable, Standing, standing, who_may
from db.settings import load_policy, role_table


@dataclass(frozen=True)
class OperationInfo:
    """What a menu and a form need to know of an operation, for the operator who asks."""

    name: str
    label: str
    help: str
    group: str
    danger: str
    standing: Standing
    who_may: str
    fields: tuple[FieldInfo, ...]
    is_read_only: bool = False
    is_sure: bool = True
    """Whether this operator holds every right that the data can make it ask for."""

    @property
    def is_allowed(self) -> bool:
        """Whether this operator may run it now, without asking anybody."""
        return self.standing is Standing.ALONE and not self.is_read_only

    @property
    def why_not(self) -> str:
        """Why it cannot be started, in a few words; empty where it can."""
        if self.is_read_only:
            return "read-only"
        return "" if self.is_allowed else f"ask {self.who_may}"

    @property
    def needs_customer(self) -> bool:
        """Whether it is done to a customer who must be open."""
        return any(field.kind == "customer" and field.required for field in self.fields)


@dataclass(frozen=True)
class OperatorInfo:
    """Who works here, and as what."""

    id: str
    display_name: str
    role: str
    role_label: str


def read_operator(connection: Connection, operator_id: str) -> OperatorInfo:
    """Return who an operator is at this moment; raise `Unknown` where the id is not one."""
    wanted = select(Operator.display_name, Operator.role).where(Operator.id == operator_id)
    found = connection.execute(wanted).one_or_none()
    if found is None:
        raise Unknown("You are not an operator here. Ask an admin.")
    role = Role(found.role)
    return OperatorInfo(operator_id, found.display_name, role.value, ROLE_LABELS[role])


def read_operations(
    connection: Connection, operator_id: str, *, is_read_only: bool
) -> tuple[OperationInfo, ...]:
    """Return all that people do, with where this operator stands to it."""
    table, role = role_table(load_policy(connection)), _role_of(connection, operator_id)
    offered = (found for found in REGISTRY.values() if rights_of(found) != (Right.SERVICE,))
    return tuple(
        _info(connection, table, operator_id, role, operation, is_read_only=is_read_only)
        for operation in offered
    )


def read_operation(
    connection: Connection, operator_id: str, name: str, *, is_read_only: bool
) -> OperationInfo:
    """Return one operation by name; raise `Unknown` where there is none."""
    table, role = role_table(load_policy(connection)), _role_of(connection, operator_id)
    return _info(connection, table, operator_id, role, find_operation(name), is_read_only=is_read_only)


def find_operation(name: str) -> Operation:
    """Return an operation of the registry; raise `Unknown` where there is none."""
    found = REGISTRY.get(name)
    if found is None:
        raise Unknown("There is no such operation.")
    return found


def _role_of(connection: Connection, operator_id: str) -> str:
    """The operator's role; empty, which holds no right, for somebody who is no operator."""
    found = connection.execute(select(Operator.role).where(Operator.id == operator_id)).scalar_one_or_none()
    return "" if found is None else found.value


def _info(
    connection: Connection,
    table: RoleTable,
    operator_id: str,
    role: str,
    operation: Operation,
    *,
    is_read_only: bool,
) -> OperationInfo:
    return OperationInfo(
        name=operation.name,
        label=operation.label,
        help=operation.help,
        group=operation.group,
        danger=operation.danger.value,
        standing=may(connection, operator_id, operation),
        who_may=who_may(table, _widest_right(table, operation)),
        fields=describe(operation),
        is_read_only=is_read_only,
        is_sure=all(standing(table, role, right) is Standing.ALONE for right in rights_of(operation)),
    )


def _widest_right(table: RoleTable, operation: Operation) -> Right:
    """The right that most roles hold, of those that an operation can ask for."""
    return max(rights_of(operation), key=lambda right: len(table[right].alone))
