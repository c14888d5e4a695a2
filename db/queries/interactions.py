"""Reads an operator's interactions, newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from db.models import Interaction

_ROWS = select(
    Interaction.id,
    Interaction.channel,
    Interaction.direction,
    Interaction.customer_id,
    Interaction.ticket,
    Interaction.opened_at,
    Interaction.closed_at,
    Interaction.inbound_identifier,
).order_by(Interaction.id.desc())


@dataclass(frozen=True)
class InteractionRow:
    """One interaction in a list; open while `closed_at` is None."""

    id: int
    channel: str
    direction: str
    customer_id: int | None
    ticket: str | None
    opened_at: datetime
    closed_at: datetime | None
    inbound_identifier: str | None = None


def own_interactions(
    connection: Connection, operator_id: str, *, only_open: bool, limit: int
) -> tuple[tuple[InteractionRow, ...], bool]:
    """Return at most `limit` interactions of an operator, and whether there are more."""
    wanted = _ROWS.where(Interaction.operator_id == operator_id)
    if only_open:
        wanted = wanted.where(Interaction.closed_at.is_(None))
    found = connection.execute(wanted.limit(limit + 1)).all()
    return tuple(InteractionRow(*row) for row in found[:limit]), len(found) > limit
