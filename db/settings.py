"""Reads the policy in force: the shipped values with what admins have edited."""

from typing import Any

import msgspec
from sqlalchemy import Connection, String, column, select, table

from db.errors import Invalid
from db.prepared import Prepared
from db.rules.email import EmailRules
from db.rules.policy import GrantEdit, Policy
from db.rules.roles import SHIPPED, Grant, Right, Role, RoleTable, check_table
from db.rules.typo import TypoTable
from db.rules.typo_edits import edited

_ROWS = Prepared(select(column("key", String), column("value", String)).select_from(table("setting")))
"""Without the models: making them takes longer than the first search of a console, which reads these."""
KEYS = tuple(Policy.__struct_fields__)


def load_policy(connection: Connection) -> Policy:
    """Return the policy in force; a value that an older or newer program left behind is ignored."""
    return policy_of({row.key: row.value for row in _ROWS.rows(connection)})


def policy_of(rows: dict[str, str]) -> Policy:
    """Return the policy that the rows of settings make, each value as JSON."""
    edited = {key: msgspec.json.decode(value) for key, value in rows.items() if key in KEYS}
    try:
        return msgspec.convert(edited, Policy)
    except msgspec.ValidationError:
        return msgspec.convert({key: value for key, value in edited.items() if _fits(key, value)}, Policy)


def _fits(key: str, value: Any) -> bool:
    try:
        msgspec.convert({key: value}, Policy)
    except msgspec.ValidationError:
        return False
    return True


def email_rules(policy: Policy) -> EmailRules:
    """Return how addresses are compared under this policy (P4)."""
    return EmailRules(plus_tags=policy.plus_tags, gmail_dots=policy.gmail_dots)


def typo_table(policy: Policy) -> TypoTable:
    """Return the shipped typo table with the edits in their places."""
    return edited(policy.typo_table)


def role_table(policy: Policy) -> RoleTable:
    """Return the shipped role table with the edited rows in their places."""
    edits = {Right(right): _grant(Right(right), edit) for right, edit in policy.role_table.items()}
    return {**SHIPPED, **edits}


def _grant(right: Right, edit: GrantEdit) -> Grant:
    return Grant(
        SHIPPED[right].label,
        frozenset(Role(role) for role in edit.alone),
        frozenset(Role(role) for role in edit.by_request),
    )


def check_key(key: str) -> None:
    """Raise `Invalid` where there is no such setting."""
    if key not in KEYS:
        raise Invalid(f"There is no setting {key!r}. See: latchkey do change-setting --help", field="key")


def check_value(key: str, value: Any) -> Any:
    """Return `value` as the policy keeps it; raise `Invalid` where it is out of bounds."""
    check_key(key)
    try:
        policy = msgspec.convert({key: value}, Policy, strict=False)
        problem = check_table(role_table(policy))
    except (msgspec.ValidationError, ValueError) as error:
        raise Invalid(f"That value cannot be used for {key}: {_plain(error)}.", field="value") from None
    if problem:
        raise Invalid(problem, field="value")
    return getattr(policy, key)


def _plain(error: Exception) -> str:
    return str(error).split(" - at ")[0].replace("`", "")
