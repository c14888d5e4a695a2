"""Reads the work with a customer: notes and interactions, newest first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from db.models import Customer, Interaction, Note
from db.queries.viewer import Personal, Viewer, personal

MAX_NOTES = 50
MAX_INTERACTIONS = 20


@dataclass(frozen=True, kw_only=True)
class NoteView:
    """What an operator wrote down."""

    id: int
    text: Personal
    operator_id: str
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class InteractionView:
    """One call, chat or mail; still open while `closed_at` is None."""

    id: int
    operator_id: str
    channel: str
    direction: str
    ticket: str | None
    opened_at: datetime
    closed_at: datetime | None


_MINE = bindparam("customer", type_=Customer.id.type)
_NOTES = (
    select(Note.id, Note.text, Note.operator_id, Note.created_at)
    .where(Note.customer_id == _MINE)
    .order_by(Note.created_at.desc(), Note.id.desc())
    .limit(MAX_NOTES)
)
_INTERACTIONS = (
    select(
        Interaction.id,
        Interaction.operator_id,
        Interaction.channel,
        Interaction.direction,
        Interaction.ticket,
        Interaction.opened_at,
        Interaction.closed_at,
    )
    .where(Interaction.customer_id == _MINE)
    .order_by(Interaction.opened_at.desc(), Interaction.id.desc())
    .limit(MAX_INTERACTIONS)
)


def read_notes(connection: Connection, customer_id: int, viewer: Viewer) -> tuple[NoteView, ...]:
    """Return the latest notes."""
    return tuple(
        NoteView(
            id=row.id,
            text=personal(viewer, row.text),
            operator_id=row.operator_id,
            created_at=row.created_at,
        )
        for row in connection.execute(_NOTES, {"customer": customer_id})
    )


def read_interactions(connection: Connection, customer_id: int) -> tuple[InteractionView, ...]:
    """Return the latest interactions."""
    rows = connection.execute(_INTERACTIONS, {"customer": customer_id})
    return tuple(InteractionView(**row._mapping) for row in rows)
