"""Reads what people type on the command line for a customer, a moment or a page size."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from db.errors import Invalid
from db.params import MAX_NUMBER
from db.rules.identifiers import parse_customer_number

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
NUMBER = click.IntRange(1, MAX_NUMBER)
"""An event, an interaction or a version: what the databases can count up to."""
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")  # surrogates stand for bytes that are not UTF-8
_DIGITS = re.compile(r"[0-9]{1,18}")


def customer_number(text: str, *, field: str = "customer") -> int:
    """Return the id behind `1042` or `C-1042`; raise `Invalid` for anything else."""
    typed = text.strip()
    found = int(typed) if _DIGITS.fullmatch(typed) else parse_customer_number(typed)
    if not found or found > MAX_NUMBER:
        raise Invalid("That is no customer number. Write it like C-1042, or search with: latchkey find",
                      field=field)  # fmt: skip
    return found


def moment(text: str | None, *, field: str) -> datetime | None:
    """Return the moment behind `2026-03-02` or `2026-03-02T14:00`, in UTC unless it says otherwise."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):  # the first and the last day have no name in every zone
        raise Invalid("That is no date. Write it like 2026-03-02 or 2026-03-02T14:00.", field=field) from None


def as_text(_context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """Return a name that is looked for as it is; raise `Invalid` for what no database can be asked for."""
    if value is not None and _NO_TEXT.search(value):
        raise Invalid("That cannot be read as text. Type it instead of pasting it.", field=parameter.name)
    return value


def limit_option(default: int = 50) -> Callable[[Decorated], Decorated]:
    """Offer `--limit`, at most the 200 rows of a page (design decision 7)."""
    return click.option(
        "--limit", type=click.IntRange(1, 200), default=default, show_default=True, help="Rows at most."
    )
