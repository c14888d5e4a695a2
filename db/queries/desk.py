"""Reads what an operator has on the desk: open interactions, walks to go on with, mails that wait."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select, text

from db.models import DuplicatePair, DuplicateScan, Message, PairState
from db.queries.interactions import InteractionRow, own_interactions

if TYPE_CHECKING:
    from db.queries.walks import WalkBrief

MOST: int = 3
"""Interactions told of; whoever has more finds them behind a key."""
MOST_PAIRS: int = 1_000
"""Pairs that are counted."""
_SCANNED = select(DuplicateScan.id)
# Word for word as the index of what is due has it: a sent mail is never looked at.
_WAITING = select(func.count(), func.min(Message.created_at)).where(text("state IN ('queued', 'sending')"))


@dataclass(frozen=True)
class Desk:
    """What waits for this operator; `waiting` counts mails of everybody, the oldest made at `oldest`.

    `pairs` counts likely duplicates that nobody judged, at most `MOST_PAIRS`; 0 for who may not judge them.
    """

    interactions: tuple[InteractionRow, ...]
    walks: "tuple[WalkBrief, ...]"
    waiting: int
    oldest: datetime | None
    pairs: int = 0


def read_desk(connection: Connection, operator_id: str, *, judges: bool = False) -> Desk:
    """Return the operator's newest open interactions with the walks that have not ended, and what waits."""
    open_ones, _more = own_interactions(connection, operator_id, only_open=True, limit=MOST)
    waiting, oldest = connection.execute(_WAITING).one()
    walks = _walks(connection, open_ones) if open_ones else ()
    return Desk(open_ones, walks, waiting, oldest, _pairs(connection) if judges else 0)


def _pairs(connection: Connection) -> int:
    if connection.execute(_SCANNED).first() is None:
        return 0
    from db.duplicates.base import scoring  # loads the weights: not at every start

    likely = select(DuplicatePair.id).where(
        DuplicatePair.state == PairState.OPEN, DuplicatePair.weight >= scoring(connection).threshold
    )
    some = likely.limit(MOST_PAIRS).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def _walks(connection: Connection, rows: tuple[InteractionRow, ...]) -> "tuple[WalkBrief, ...]":
    from db.queries.walks import brief, walks_of_interaction  # loads the playbooks: not at every start

    walks = (found for row in rows for found in walks_of_interaction(connection, row.id))
    return tuple(brief(found) for found in walks if found.outcome is None)
