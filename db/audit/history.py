"""Looks back into the log: what changed since a version, and what a request id did."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, select

from db.applied import Applied
from db.audit.event import FINGERPRINT
from db.ledger import Change
from db.models import AuditDetail, AuditEvent

_SINCE = (
    select(AuditDetail.field, AuditDetail.before, AuditDetail.after)
    .join(AuditEvent, AuditEvent.seq == AuditDetail.seq)
    .order_by(AuditDetail.seq, AuditDetail.position)
)
_REQUEST = select(
    AuditEvent.operator_id,
    AuditEvent.seq,
    AuditEvent.operation,
    AuditEvent.customer_id,
    AuditEvent.target_version,
).where(AuditEvent.request_id == bindparam("request_id"))
_FINGERPRINT = select(AuditDetail.after).where(
    AuditDetail.seq == bindparam("seq"), AuditDetail.field == FINGERPRINT
)
_KEY = re.compile(r"^([a-z_]+\.[a-z_]+)#(.+)$")


def as_change(field: str, before: str | None, after: str | None) -> Change | None:
    """Turn a detail back into the change that it tells about; None for reason, labels and such."""
    match = _KEY.match(field)
    return None if match is None else Change(match.group(1), match.group(2), before, after)


def changes_since(connection: Connection, target: str, version: int) -> tuple[Change, ...]:
    """Return the field changes of a target after a version, first before and last after of each (R55)."""
    rows = connection.execute(_SINCE.where(AuditEvent.target == target, AuditEvent.target_version > version))
    merged: dict[str, Change] = {}
    for row in rows:
        change = as_change(*row)
        if change is None:
            continue
        first = merged.get(change.key, change)
        merged[change.key] = Change(change.field, change.row, first.before, change.after)
    return tuple(merged.values())


def event_changes(connection: Connection, seq: int) -> tuple[Change, ...]:
    """Return the field changes that one event tells about."""
    rows = connection.execute(_SINCE.where(AuditDetail.seq == seq))
    return tuple(change for row in rows if (change := as_change(*row)) is not None)


@dataclass(frozen=True)
class Earlier:
    """What a request id already did: by whom, with which parameters, and with which answer."""

    operator_id: str
    fingerprint: str | None
    applied: Applied


def find_request(connection: Connection, request_id: str) -> Earlier | None:
    """Return what a request id already did, or None where it is new."""
    found = connection.execute(_REQUEST, {"request_id": request_id}).one_or_none()
    if found is None:
        return None
    fingerprint = connection.execute(_FINGERPRINT, {"seq": found.seq}).scalar_one_or_none()
    applied = Applied(
        operation=found.operation,
        outcome="applied",
        event=found.seq,
        customer_id=found.customer_id,
        changes=event_changes(connection, found.seq),
        version=found.target_version,
        repeated=True,
    )
    return Earlier(found.operator_id, fingerprint, applied)
