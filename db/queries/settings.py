"""Reads the settings with what they mean: in force, as shipped, and within which bounds."""

from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec import inspect
from sqlalchemy import Connection, select

from db.models import Setting
from db.rules.policy import Policy
from db.rules.roles import SHIPPED, Grant, Right
from db.settings import load_policy, role_table

ROLE_TABLE = "role_table"
DEDUP_MODE = "dedup_mode"


@dataclass(frozen=True, kw_only=True)
class SettingView:
    """One setting as a person reads it; `bounds` is empty where any text will do.

    `version` is what a change of it has to name (R55); 0 where it was never edited.
    """

    key: str
    title: str
    help: str
    value: str
    shipped: str
    bounds: str
    version: int

    @property
    def is_edited(self) -> bool:
        """Whether an admin gave it another value than the shipped one."""
        return self.value != self.shipped


@dataclass(frozen=True, kw_only=True)
class GrantView:
    """One row of the role table: who may alone, who by request, and whether an admin edited it.

    `edit` is the value of the whole role table, as `change-setting` takes it, with this row written out,
    and `version` that of the role table.
    """

    right: str
    label: str
    alone: tuple[str, ...]
    by_request: tuple[str, ...]
    is_edited: bool
    shipped: str
    edit: str
    version: int


def list_settings(connection: Connection) -> tuple[SettingView, ...]:
    """Return every setting but the role table, in the order of the policy."""
    policy, shipped, versions = load_policy(connection), Policy(), _versions(connection)
    fields: Any = inspect.type_info(Policy)
    return tuple(
        SettingView(
            key=field.name,
            title=str(_schema(field.type).get("title", field.name)),
            help=str(_schema(field.type).get("description", "")),
            value=as_typed(getattr(policy, field.name)),
            shipped=as_typed(getattr(shipped, field.name)),
            bounds=_bounds(_plain(field.type)),
            version=versions.get(field.name, 0),
        )
        for field in fields.fields
        if field.name != ROLE_TABLE
    )


def list_grants(connection: Connection) -> tuple[GrantView, ...]:
    """Return the role table in force, the product's own right left out."""
    policy = load_policy(connection)
    table = role_table(policy)
    version = _versions(connection).get(ROLE_TABLE, 0)
    edits = msgspec.to_builtins(policy.role_table)
    return tuple(
        GrantView(
            right=right.value,
            label=grant.label,
            alone=_roles(grant.alone),
            by_request=_roles(grant.by_request),
            is_edited=grant != SHIPPED[right],
            shipped=_sentence(SHIPPED[right]),
            edit=msgspec.json.encode({**edits, right.value: _row(grant)}).decode(),
            version=version,
        )
        for right, grant in table.items()
        if right is not Right.SERVICE
    )


def _versions(connection: Connection) -> dict[str, int]:
    return {row.key: row.version for row in connection.execute(select(Setting.key, Setting.version))}


def as_typed(value: Any) -> str:
    """Return a value as an operator types it into `change-setting`."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    plain = msgspec.to_builtins(value)
    return plain if isinstance(plain, str) else msgspec.json.encode(plain).decode()


def _roles(roles: frozenset[Any]) -> tuple[str, ...]:
    return tuple(sorted(str(role) for role in roles))


def _row(grant: Grant) -> dict[str, tuple[str, ...]]:
    return {"alone": _roles(grant.alone), "by_request": _roles(grant.by_request)}


def _sentence(grant: Grant) -> str:
    by_request = f"; by request: {', '.join(_roles(grant.by_request))}" if grant.by_request else ""
    return f"alone: {', '.join(_roles(grant.alone)) or 'nobody'}{by_request}"


def _schema(found: inspect.Type) -> dict[str, Any]:
    return dict(found.extra_json_schema or {}) if isinstance(found, inspect.Metadata) else {}


def _plain(found: inspect.Type) -> inspect.Type:
    return _plain(found.type) if isinstance(found, inspect.Metadata) else found


def _bounds(plain: inspect.Type) -> str:
    match plain:
        case inspect.BoolType():
            return "yes or no"
        case inspect.EnumType():
            return " · ".join(str(member.value) for member in plain.cls)
        case inspect.IntType(ge=int() as least, le=int() as most):
            return f"{least} to {most}"
        case inspect.StrType(pattern=str() as pattern):
            return f"must fit {pattern}"
        case inspect.StrType(max_length=int() as most):
            return f"at most {most} characters"
    return ""
