"""What a section of the customer screen is made of: rows, their cells, and what they offer."""

from dataclasses import dataclass, field
from typing import Any, Final

QUIET: Final = "$text-muted"
PLAIN: Final = ""
Cell = tuple[str, str]


@dataclass(frozen=True)
class Row:
    """One line of a section.

    `values` fill the form of an operation on this row, by the kind or the name of its fields; `needless`
    says of operations, by name, why they would change nothing here.
    """

    key: str
    cells: tuple[Cell, ...]
    copy: str
    values: dict[str, Any] = field(default_factory=dict)
    needless: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SectionRows:
    """A section; `groups` of operations, on these `kinds` of rows, concern it.

    `hint` and `empty` are said in the place of what the catalogue says of every such section.
    """

    key: str
    rows: tuple[Row, ...]
    groups: tuple[str, ...]
    kinds: frozenset[str] = frozenset()
    count: str = ""
    hint: str | None = None
    empty: str = ""
