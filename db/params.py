"""Checks an operation's parameters: types, lengths, and characters that no field may hold."""

import re
from enum import Enum
from typing import Any, TypeVar, get_args, get_type_hints

import msgspec

from db.errors import Invalid
from db.operation import Params

MAX_NUMBER = 2**31 - 1
"""What an integer column holds on PostgreSQL; SQLite would take more."""
P = TypeVar("P", bound=Params)
_OF_MANY_LINES = ("text", "note", "source")
_UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_PATH = re.compile(r"\$\.([a-z_]+)")


def build(kind: type[P], values: dict[str, Any]) -> P:
    """Make parameters from what a form or a command line collected; raise `Invalid` with the field."""
    cleaned = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    return _convert(kind, {name: value for name, value in cleaned.items() if value not in (None, "")})


def checked(params: P) -> P:
    """Return the parameters after the checks that a constructor alone does not make."""
    return _convert(type(params), msgspec.structs.asdict(params))


def _convert(kind: type[P], values: dict[str, Any]) -> P:
    for name, value in values.items():
        if isinstance(value, str):
            refuse_unwanted(name, value)
    try:
        params = msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise _explained(kind, error) from None
    for name, value in msgspec.structs.asdict(params).items():
        if isinstance(value, int):
            refuse_too_large(name, value)
    return params


def refuse_too_large(name: str, value: int) -> None:
    """Raise `Invalid` for a number that no id column holds."""
    if abs(value) > MAX_NUMBER:
        raise Invalid("That number is too large. Check it for a digit too many.", field=name)


def refuse_unwanted(name: str, value: str) -> None:
    """Raise `Invalid` for a character that nobody can see, or a line break where one line is meant."""
    found = _UNWANTED.search(value)
    if found:
        raise Invalid(
            f"The field holds a character that cannot be seen (U+{ord(found.group()):04X})."
            " Delete it, or type the value instead of pasting it.",
            field=name,
        )
    if "\n" in value and name not in _OF_MANY_LINES:
        raise Invalid("The field takes one line. Remove the line break.", field=name)


def _explained(kind: type[Params], error: msgspec.ValidationError) -> Invalid:
    message = str(error)
    missing = re.search(r"missing required field `([a-z_]+)`", message)
    if missing:
        name = missing.group(1)
        return Invalid(f"{title(kind, name)} is required.", field=name)
    place = _PATH.search(message)
    field = place.group(1) if place else None
    what = message.split(" - at ")[0].replace("`", "")
    longest = re.search(r"length <= (\d+)", what)
    label = title(kind, field) if field else "The input"
    if longest:
        return Invalid(f"{label} is too long: at most {longest.group(1)} characters.", field=field)
    if what.startswith("Invalid enum value"):
        return Invalid(f"{label} must be one of: {_choices(kind, field)}.", field=field)
    if "RFC3339" in what or "ISO8601" in what or "Invalid date" in what:
        return Invalid(f"{label} must be a date like 1980-12-31.", field=field)
    return Invalid(f"{label} cannot be used: {what[0].lower()}{what[1:]}.", field=field)


def _choices(kind: type[Params], name: str | None) -> str:
    """Name the values of an enumeration, in the order in which they were written."""
    found = get_type_hints(kind).get(str(name))
    enums = [part for part in (found, *get_args(found)) if isinstance(part, type) and issubclass(part, Enum)]
    return ", ".join(str(member.value) for enum in enums for member in enum)


def title(kind: type[Params], name: str | None) -> str:
    """Return the label of a parameter."""
    for info in msgspec.inspect.type_info(kind).fields:  # type: ignore[attr-defined]  # a Struct's info has fields
        if info.name == name and isinstance(info.type, msgspec.inspect.Metadata):
            return str((info.type.extra_json_schema or {}).get("title") or name)
    return str(name).replace("_", " ").capitalize()
