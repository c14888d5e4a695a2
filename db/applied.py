"""The answer of the one door: what a run or a preview did."""

from dataclasses import dataclass

from db.ledger import Change


@dataclass(frozen=True)
class Applied:
    """What a run or a preview did; `event` is None for a preview."""

    operation: str
    outcome: str
    event: int | None
    customer_id: int | None
    changes: tuple[Change, ...]
    outcomes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    version: int | None = None
    repeated: bool = False
