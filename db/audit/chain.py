"""Appends an event to the chain, inside the transaction of what it tells about.

The head row is locked last and held to commit, which makes the sequence gapless (R4).
"""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Connection, bindparam, insert, select, update

from db.actor import Actor
from db.audit.event import Body, Detail, SealedDetail, commitment, digest, encode, moment, seal
from db.models import AuditDetail, AuditEvent, AuditHead
from db.prepared import Prepared, Values
from db.rows import rows_as_json
from db.version import APP_VERSION

_HEAD = Prepared(select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == 1).with_for_update())
_MOVE_HEAD = Prepared(
    update(AuditHead.__table__)  # type: ignore[arg-type]  # declarative tables are Tables
    .where(AuditHead.__table__.c.id == 1)
    .values(seq=bindparam("new_seq"), hash=bindparam("new_hash"))
)
_EVENTS, _DETAILS = AuditEvent.__table__, AuditDetail.__table__
_ADD_EVENT = Prepared(
    insert(_EVENTS).inline(),  # type: ignore[arg-type]  # as above
    keys=_EVENTS.columns.keys(),
)
_ADD_DETAILS = Prepared(
    sqlite=insert(_DETAILS).inline(),  # type: ignore[arg-type]  # as above
    postgresql=rows_as_json(_DETAILS, _DETAILS.columns.keys()),
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What an event tells, before it has its place in the chain."""

    at: datetime
    actor: Actor
    role: str
    operation: str
    outcome: str
    customer_id: int | None = None
    target: str | None = None
    target_version: int | None = None
    interaction_id: int | None = None
    verification_id: int | None = None
    change_request_id: int | None = None
    ticket: str | None = None
    request_id: str | None = None
    details: tuple[Detail, ...] = ()


def append(connection: Connection, entry: Entry) -> int:
    """Write an event and return its sequence number."""
    sealed = tuple(seal(detail) for detail in entry.details)
    ((last_seq, last_hash),) = _HEAD.rows(connection)
    seq = last_seq + 1
    text = encode(_body(entry, seq, last_hash, sealed))
    event_hash = digest(text)
    _ADD_EVENT.run(
        connection,
        {
            "seq": seq,
            "at": entry.at,
            "operator_id": entry.actor.operator_id,
            "role": entry.role,
            "operation": entry.operation,
            "outcome": entry.outcome,
            "customer_id": entry.customer_id,
            "target": entry.target,
            "target_version": entry.target_version,
            "interaction_id": entry.interaction_id,
            "request_id": entry.request_id,
            "body": text,
            "hash": event_hash,
        },
    )
    if sealed:
        _add_details(connection, [_row_of(seq, place, item) for place, item in enumerate(sealed)])
    _MOVE_HEAD.run(connection, {"new_seq": seq, "new_hash": event_hash})
    return int(seq)


def _body(entry: Entry, seq: int, previous: str, sealed: tuple[SealedDetail, ...]) -> Body:
    return Body(
        seq=seq,
        prev=previous,
        at=moment(entry.at),
        operator=entry.actor.operator_id,
        role=entry.role,
        session=entry.actor.session,
        key=entry.actor.key_fingerprint,
        source=entry.actor.source,
        operation=entry.operation,
        outcome=entry.outcome,
        customer=entry.customer_id,
        target=entry.target,
        target_version=entry.target_version,
        interaction=entry.interaction_id,
        verification=entry.verification_id,
        change_request=entry.change_request_id,
        ticket=entry.ticket,
        request=entry.request_id,
        app=APP_VERSION,
        details=tuple(commitment(item) for item in sealed),
    )


def _add_details(connection: Connection, rows: list[Values]) -> None:
    if connection.dialect.name == "postgresql":
        _ADD_DETAILS.run(connection, {"rows": msgspec.json.encode(rows).decode()})
    else:
        _ADD_DETAILS.run_many(connection, rows)


def _row_of(seq: int, position: int, item: SealedDetail) -> Values:
    return {
        "seq": seq,
        "position": position,
        "field": item.field,
        "before": item.before,
        "before_salt": item.before_salt,
        "after": item.after,
        "after_salt": item.after_salt,
        "redacted_by": None,
    }
