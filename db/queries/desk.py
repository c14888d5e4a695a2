"""Reads what an operator has on the desk: open interactions, walks to go on with, mails that wait."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select, text

from db.models import Message
from db.queries.interactions import InteractionRow, own_interactions

if TYPE_CHECKING:
    from db.queries.walks import WalkBrief

MOST: int = 3
"""Interactions told of; whoever has more finds them behind a key."""
# Word for word as the index of what is due has it: a sent mail is never looked at.
_WAITING = select(func.count(), func.min(Message.created_at)).where(text("state IN ('queued', 'sending')"))


@dataclass(frozen=True)
class Desk:
    """What waits for this operator; `waiting` counts mails of everybody, the oldest made at `oldest`."""

    interactions: tuple[InteractionRow, ...]
    walks: "tuple[WalkBrief, ...]"
    waiting: int
    oldest: datetime | None


def read_desk(connection: Connection, operator_id: str) -> Desk:
    """Return the operator's newest open interactions with the walks that have not ended, and the outbox."""
    open_ones, _more = own_interactions(connection, operator_id, only_open=True, limit=MOST)
    waiting, oldest = connection.execute(_WAITING).one()
    return Desk(open_ones, _walks(connection, open_ones) if open_ones else (), waiting, oldest)


def _walks(connection: Connection, rows: tuple[InteractionRow, ...]) -> "tuple[WalkBrief, ...]":
    from db.queries.walks import brief, walks_of_interaction  # loads the playbooks: not at every start

    walks = (found for row in rows for found in walks_of_interaction(connection, row.id))
    return tuple(brief(found) for found in walks if found.outcome is None)
