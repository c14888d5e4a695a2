"""Reads what people type on the command line for a customer, a moment or a page size."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

import click

from db.errors import Invalid
from db.rules.identifiers import parse_customer_number

Decorated = TypeVar("Decorated", bound=Callable[..., Any])
_DIGITS = re.compile(r"[0-9]{1,18}")


def customer_number(text: str, *, field: str = "customer") -> int:
    """Return the id behind `1042` or `C-1042`; raise `Invalid` for anything else."""
    typed = text.strip()
    found = int(typed) if _DIGITS.fullmatch(typed) else parse_customer_number(typed)
    if not found:
        raise Invalid("That is no customer number. Write it like C-1042, or search with: latchkey find",
                      field=field)  # fmt: skip
    return found


def moment(text: str | None, *, field: str) -> datetime | None:
    """Return the moment behind `2026-03-02` or `2026-03-02T14:00`, in UTC unless it says otherwise."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("That is no date. Write it like 2026-03-02 or 2026-03-02T14:00.", field=field) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def limit_option(default: int = 50) -> Callable[[Decorated], Decorated]:
    """Offer `--limit`, at most the 200 rows of a page (design decision 7)."""
    return click.option(
        "--limit", type=click.IntRange(1, 200), default=default, show_default=True, help="Rows at most."
    )
