"""What a merge does with the rows of a table: declared beside each model as `__merge__`.

Nothing is ever deleted. Why each table has the policy that it has: docs/decisions/0014-merging.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Move:
    """Every row goes to the survivor, by the column that names its customer."""

    why: str
    column: str = "customer_id"


@dataclass(frozen=True)
class KeepOne:
    """Rows go to the survivor, but one that is there already by its key stays on the absorbed customer.

    Texts are compared without case and outer spaces, or as `fold` reads them.
    """

    why: str
    key: tuple[str, ...]
    fold: Callable[[str], str] = field(default=lambda text: text.strip().casefold())
    column: str = "customer_id"


@dataclass(frozen=True)
class ChooseOne:
    """One row in use is left, as the operator chooses; it goes to the survivor, the others are disabled."""

    why: str
    column: str = "customer_id"


@dataclass(frozen=True)
class Stay:
    """The rows are left as they are."""

    why: str


MergePolicy = Move | KeepOne | ChooseOne | Stay
