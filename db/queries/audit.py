"""Reads the audit log: a page of events newest first, and one event with its clear values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, select

from db.audit.event import Body
from db.audit.history import as_change
from db.errors import Unknown
from db.ledger import Change
from db.models import AuditDetail, AuditEvent
from db.queries.viewer import Viewer, shown

LARGEST_PAGE = 200
_ABOUT = ("reason", "customer")

_ROWS = select(
    AuditEvent.seq,
    AuditEvent.at,
    AuditEvent.operator_id,
    AuditEvent.role,
    AuditEvent.operation,
    AuditEvent.outcome,
    AuditEvent.customer_id,
    AuditEvent.target,
)
_DETAILS = select(AuditDetail.field, AuditDetail.before, AuditDetail.after, AuditDetail.redacted_by).order_by(
    AuditDetail.position
)
_decode = msgspec.json.Decoder(Body).decode


@dataclass(frozen=True)
class EventRow:
    """One event in a list; `outcome` is applied, refused or seen."""

    seq: int
    at: datetime
    operator_id: str
    role: str
    operation: str
    outcome: str
    customer_id: int | None
    target: str | None


@dataclass(frozen=True)
class AuditPage:
    """Events newest first; `more` says that older ones follow: ask with `before_seq` of the last row."""

    rows: tuple[EventRow, ...]
    more: bool


@dataclass(frozen=True)
class EventView:
    """All that one event tells (R3); `redacted_by` is the event that emptied its values (R6)."""

    row: EventRow
    reason: str | None
    customer_label: str | None
    session: str
    source: str
    interaction: int | None
    request_id: str | None
    app_version: str
    changes: tuple[Change, ...]
    notes: tuple[tuple[str, str], ...]
    hash: str
    redacted_by: int | None


def page(
    connection: Connection,
    *,
    customer_id: int | None = None,
    operator_id: str | None = None,
    operation: str | None = None,
    outcome: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before_seq: int | None = None,
    limit: int = 50,
) -> AuditPage:
    """Return the newest events that fit all of what is given, at most `limit` (up to 200).

    `since` is included, `until` is not; both need a time zone.
    """
    limit = min(max(limit, 1), LARGEST_PAGE)
    wanted: tuple[tuple[Any, Callable[[Any], ColumnElement[bool]]], ...] = (
        (customer_id, AuditEvent.customer_id.__eq__),
        (operator_id, AuditEvent.operator_id.__eq__),
        (operation, AuditEvent.operation.__eq__),
        (outcome, AuditEvent.outcome.__eq__),
        (since, AuditEvent.at.__ge__),
        (until, AuditEvent.at.__lt__),
        (before_seq, AuditEvent.seq.__lt__),
    )
    conditions = [fits(value) for value, fits in wanted if value is not None]
    found = connection.execute(
        _ROWS.where(*conditions).order_by(AuditEvent.seq.desc()).limit(limit + 1)
    ).all()
    return AuditPage(tuple(EventRow(*row) for row in found[:limit]), more=len(found) > limit)


def read_event(connection: Connection, seq: int, viewer: Viewer) -> EventView:
    """Return one event, its personal values as the viewer may see them; raise `Unknown`."""
    row = connection.execute(_ROWS.where(AuditEvent.seq == seq)).one_or_none()
    if row is None:
        raise Unknown(f"There is no audit event {seq}. See: latchkey audit list", field="event")
    text, event_hash = connection.execute(
        select(AuditEvent.body, AuditEvent.hash).where(AuditEvent.seq == seq)
    ).one()
    body = _decode(text)
    details = connection.execute(_DETAILS.where(AuditDetail.seq == seq)).all()
    about = {item.field: _seen(viewer, item.after) for item in details if item.field in _ABOUT}
    changes, notes = [], []
    for item in details:
        change = as_change(item.field, _seen(viewer, item.before), _seen(viewer, item.after))
        if change is not None:
            changes.append(change)
        elif item.field not in _ABOUT:
            notes.append((item.field, _seen(viewer, item.after) or ""))
    return EventView(
        row=EventRow(*row),
        reason=about.get("reason"),
        customer_label=about.get("customer"),
        session=body.session,
        source=body.source,
        interaction=body.interaction,
        request_id=body.request,
        app_version=body.app,
        changes=tuple(changes),
        notes=tuple(notes),
        hash=event_hash,
        redacted_by=next((item.redacted_by for item in details if item.redacted_by is not None), None),
    )


def _seen(viewer: Viewer, value: str | None) -> str | None:
    personal = shown(viewer, value)
    return None if personal is None else personal.text
