"""Describes an operation to whoever fills it in: a screen, a command line, a help text.

Everything is read from the parameter class, so that a form cannot disagree with what is checked.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Literal

from msgspec import NODEFAULT, inspect
from sqlalchemy import Connection, bindparam, select

from db.models import Operator
from db.operation import Operation
from db.rules.roles import Right, Standing, standing
from db.settings import load_policy, role_table

FieldType = Literal["text", "int", "date", "choice", "flag", "multiline"]
FLAG_OPTIONS = ("yes", "no")

_ROLE = select(Operator.role).where(Operator.id == bindparam("operator"), Operator.is_active)
_BEST_FIRST = (Standing.ALONE, Standing.BY_REQUEST, Standing.NEVER)


@dataclass(frozen=True, kw_only=True)
class FieldInfo:
    """One field of a form; `kind` names what `db.queries.choices` offers for it, or how a text is meant."""

    name: str
    title: str
    help: str
    required: bool
    type: FieldType
    kind: str | None
    options: tuple[str, ...]
    default: str | None
    max_length: int | None


def describe(operation: Operation) -> tuple[FieldInfo, ...]:
    """Return the fields of an operation, in the order of its parameter class."""
    info: Any = inspect.type_info(operation.params)
    return tuple(_field(field) for field in info.fields)


def rights_of(operation: Operation) -> tuple[Right, ...]:
    """Return every right that an operation can ask for."""
    return operation.rights if callable(operation.right) else (operation.right,)


def may(
    connection: Connection, operator_id: str, operation: Operation, rights: tuple[Right, ...] = ()
) -> Standing:
    """Say what an operator could at best do with an operation; the data may still ask for a higher right.

    `rights` are those that come into question; without them, all that the operation can ask for.
    """
    role = connection.execute(_ROLE, {"operator": operator_id}).scalar_one_or_none()
    if role is None:
        return Standing.NEVER
    table = role_table(load_policy(connection))
    found = {standing(table, role.value, right) for right in rights or rights_of(operation)}
    return next((best for best in _BEST_FIRST if best in found), Standing.NEVER)


def _field(field: inspect.Field) -> FieldInfo:
    plain, schema, extra = _unwrapped(field.type)
    kind = extra.get("kind")
    options = _options(plain)
    return FieldInfo(
        name=field.name,
        title=str(schema.get("title") or field.name.replace("_", " ").capitalize()),
        help=str(schema.get("description") or ""),
        required=field.required,
        type=_type(plain, kind, options),
        kind=kind,
        options=options,
        default=None if field.required else _as_text(_default(field)),
        max_length=getattr(plain, "max_length", None),
    )


def _unwrapped(found: inspect.Type) -> tuple[inspect.Type, dict[str, Any], dict[str, Any]]:
    """Take a type out of its metadata and out of `| None`; return it with schema and extra."""
    schema: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    while True:
        if isinstance(found, inspect.Metadata):
            schema = {**(found.extra_json_schema or {}), **schema}
            extra = {**(found.extra or {}), **extra}
            found = found.type
        elif isinstance(found, inspect.UnionType):
            found = next(part for part in found.types if not isinstance(part, inspect.NoneType))
        else:
            return found, schema, extra


def _options(plain: inspect.Type) -> tuple[str, ...]:
    if isinstance(plain, inspect.EnumType):
        return tuple(str(member.value) for member in plain.cls)
    if isinstance(plain, inspect.LiteralType):
        return tuple(str(value) for value in plain.values)
    return FLAG_OPTIONS if isinstance(plain, inspect.BoolType) else ()


def _type(plain: inspect.Type, kind: str | None, options: tuple[str, ...]) -> FieldType:
    if isinstance(plain, inspect.BoolType):
        return "flag"
    if options:
        return "choice"
    if kind == "multiline":
        return "multiline"
    if isinstance(plain, inspect.DateType):
        return "date"
    return "int" if isinstance(plain, inspect.IntType) else "text"


def _default(field: inspect.Field) -> Any:
    if field.default_factory is not NODEFAULT:
        return field.default_factory()
    return field.default


def _as_text(value: Any) -> str | None:
    """Return a default as it would be typed."""
    if value is None or value is NODEFAULT:
        return None
    if isinstance(value, bool):
        return FLAG_OPTIONS[0] if value else FLAG_OPTIONS[1]
    if isinstance(value, Enum):
        return str(value.value)
    return value.isoformat() if isinstance(value, date) else str(value)
