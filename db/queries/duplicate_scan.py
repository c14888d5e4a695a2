"""Reads how the last scan for duplicates went, and how full the queue is: what an empty list has to say."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from db.duplicates.base import scoring
from db.models import DuplicatePair, DuplicateScan, PairState
from db.queries.duplicates import live_pairs

MOST_COUNTED = 10_000
"""Pairs of a state that are counted; beyond it is "more than 10,000"."""


@dataclass(frozen=True)
class ScanView:
    """The last scan, or the one that was stopped; `done` of `total` pairs are compared."""

    number: int
    done: int
    total: int
    started_at: datetime
    finished_at: datetime | None

    @property
    def is_stopped(self) -> bool:
        """Whether it has not come to its end: the next one goes on where it was."""
        return self.finished_at is None

    @property
    def percent(self) -> int:
        """How far it came, 0 to 100."""
        return 100 * self.done // self.total if self.total else 0


@dataclass(frozen=True)
class QueueView:
    """The last scan, None where there was none; pairs from the threshold on by state; the threshold."""

    scan: ScanView | None
    counts: dict[str, int]
    threshold: float


def read_scan(connection: Connection) -> ScanView | None:
    """Return the last scan."""
    row = connection.execute(select(DuplicateScan.__table__)).one_or_none()
    if row is None:
        return None
    return ScanView(row.number, row.done, row.total, row.started_at, row.finished_at)


def queue_view(connection: Connection) -> QueueView:
    """Return how the scan went, and how many pairs of each state are in the queue."""
    threshold = scoring(connection).threshold
    counts = {}
    for state in PairState:
        some = (
            live_pairs(DuplicatePair.id)
            .where(DuplicatePair.state == state, DuplicatePair.weight >= threshold)
            .limit(MOST_COUNTED + 1)
            .subquery()
        )
        counts[state.value] = connection.execute(select(func.count()).select_from(some)).scalar_one()
    return QueueView(read_scan(connection), counts, threshold)
