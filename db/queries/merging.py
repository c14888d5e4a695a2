"""Reads the merges of a customer that stand, and what their undo would have to ask."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from db.merging import journal
from db.merging.carry import declared
from db.merging.chain import absorbed_in, merges_of, standing_merge
from db.merging.conflicts import Conflict, find_conflicts, values_now
from db.models import ChooseOne, KeepOne, Move

_CARRIED = (Move, KeepOne, ChooseOne)


@dataclass(frozen=True)
class MergeView:
    """One merge: whom it absorbed, when, by whom; only the last one can be undone now."""

    id: int
    survivor: int
    absorbed: tuple[int, ...]
    at: datetime
    operator_id: str
    is_last: bool


@dataclass(frozen=True)
class Attached:
    """How many rows of a table each customer has, in the order asked for; `policy`: why they go or stay."""

    table: str
    counts: tuple[int, ...]
    policy: str

    @property
    def moving(self) -> int:
        """How many are not the survivor's yet, who is the first."""
        return sum(self.counts[1:])


def read_merges(connection: Connection, survivor: int) -> tuple[MergeView, ...]:
    """Return the merges of a survivor that were not undone, the last one first."""
    return tuple(
        MergeView(row.id, row.survivor_id, absorbed_in(row), row.at, row.operator_id, place == 0)
        for place, row in enumerate(merges_of(connection, survivor))
    )


def read_conflicts(
    connection: Connection, survivor: int, merge_id: int | None = None
) -> tuple[Conflict, ...]:
    """Return what was changed since a merge and needs a choice; raise `Unknown` where there is none."""
    merge = standing_merge(connection, survivor, merge_id)
    rows = journal.read(connection, merge.id)
    return find_conflicts(connection, merge, rows, values_now(connection, rows))


def read_attached(connection: Connection, ids: tuple[int, ...]) -> tuple[Attached, ...]:
    """Return what hangs on each customer, table by table; a table that none has rows in is left out."""
    found = []
    for model, policy in declared(_CARRIED):
        owner: Any = model.__table__.columns[policy.column]
        rows = connection.execute(select(owner, func.count()).where(owner.in_(ids)).group_by(owner))
        counts: dict[int, int] = dict(rows.all())
        if counts:
            each = tuple(counts.get(number, 0) for number in ids)
            found.append(Attached(model.__tablename__, each, policy.why))
    return tuple(found)
