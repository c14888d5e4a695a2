"""Reads the log as it is stored, in batches, without trusting that a column holds what it should.

SQLite keeps any value in any column, and the owner of either database can store what its driver
cannot turn into a value: text that is no UTF-8, a time after the year 9999. A row is therefore given
as the driver gives it, or `Unreadable` is raised where there is none to give.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Executable, Integer, String, bindparam, cast, func, select, type_coerce
from sqlalchemy.exc import DataError, DBAPIError, OperationalError

from db.audit.event import ERASE
from db.models import AuditDetail, AuditEvent, AuditHead

BATCH = 1_000
_NOT_PERMITTED = "42501"  # the one SQLSTATE of class 42 that says nothing about the tables

_EVENTS = (
    select(
        AuditEvent.seq,
        AuditEvent.operator_id,
        AuditEvent.role,
        AuditEvent.operation,
        AuditEvent.outcome,
        AuditEvent.customer_id,
        AuditEvent.target,
        AuditEvent.target_version,
        AuditEvent.interaction_id,
        AuditEvent.request_id,
        type_coerce(AuditEvent.at, String),  # as the driver gives it: converting it would be half the time
        AuditEvent.body,
        AuditEvent.hash,
    )
    .where(AuditEvent.seq > bindparam("after"), AuditEvent.seq <= bindparam("last"))
    .order_by(AuditEvent.seq)
    .limit(bindparam("size"))
)
_OF_BATCH = (AuditDetail.seq > bindparam("after"), AuditDetail.seq <= bindparam("last"))
_DETAILS = (
    select(
        AuditDetail.seq,
        AuditDetail.position,
        AuditDetail.field,
        AuditDetail.before,
        AuditDetail.before_salt,
        AuditDetail.after,
        AuditDetail.after_salt,
        AuditDetail.redacted_by,
    )
    .where(*_OF_BATCH)
    .order_by(AuditDetail.seq, AuditDetail.position)
)
_ERASURES = select(AuditEvent.seq, AuditEvent.customer_id).where(
    AuditEvent.seq.in_(select(AuditDetail.redacted_by).where(*_OF_BATCH)),
    AuditEvent.operation == ERASE,
    AuditEvent.outcome == "applied",
)
_HEAD = select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == 1)
# Cast, since only a number may come out: a value of a detail's `seq` is whatever was put there.
_LOWEST = select(
    *(
        select(cast(func.min(column), Integer)).scalar_subquery()
        for column in (AuditEvent.seq, AuditDetail.seq)
    )
)
_BEYOND = select(
    AuditHead.seq,
    select(AuditEvent.seq).where(AuditEvent.seq > AuditHead.seq).correlate(AuditHead).exists(),
    select(AuditDetail.seq).where(AuditDetail.seq > AuditHead.seq).correlate(AuditHead).exists(),
).where(AuditHead.id == 1)

# Rows of `_EVENTS` and `_DETAILS`, taken apart by place: names would cost a third of the rate.
Row = Any
Details = dict[int, list[Row]]


class Unreadable(Exception):
    """The database holds something at this place that the driver cannot turn into a value."""


@dataclass(frozen=True)
class Batch:
    """Some events in their order, the details of each, and the erasures that these name.

    An erasure is the applied event that emptied values, with the customer that it is about.
    """

    events: Sequence[Row]
    details: Details = field(default_factory=lambda: defaultdict(list))
    erasures: dict[int, int | None] = field(default_factory=dict)


def head(connection: Connection) -> tuple[int, str] | None:
    """Return sequence and hash of the head; None where there is no head that could be one."""
    try:
        rows = _all(connection, _HEAD)
    except Unreadable:
        return None
    if len(rows) != 1 or type(rows[0][0]) is not int or type(rows[0][1]) is not str or rows[0][0] < 0:
        return None
    return rows[0][0], rows[0][1]


def lowest(connection: Connection) -> int | None:
    """Return the lowest sequence number of events and details, None where the log is empty."""
    return min((seq for seq in _all(connection, _LOWEST)[0] if seq is not None), default=None)


def beyond(connection: Connection) -> tuple[int, bool, bool] | None:
    """Return where the head is now, and whether events and details are beyond it; None without a head."""
    rows = _all(connection, _BEYOND)
    return (rows[0][0], bool(rows[0][1]), bool(rows[0][2])) if rows else None


def batches(connection: Connection, last: int) -> Iterator[Batch]:
    """Give the events from 1 to `last` with their details.

    Where a batch has something unreadable, its events come one by one: when `Unreadable` is raised,
    every event before the bad one has been given.
    """
    after, size = 0, BATCH
    while True:
        try:
            batch = _batch(connection, after, last, size)
        except Unreadable:
            if size == 1:
                raise
            size = 1
            continue
        if not batch.events:
            return
        yield batch
        after = batch.events[-1][0]


def is_about_tables(error: DBAPIError) -> bool:
    """Tell whether a statement that is right failed: then the tables are not what it was written for."""
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR
    state = getattr(error.orig, "sqlstate", None) or ""
    return state.startswith("42") and state != _NOT_PERMITTED


def _batch(connection: Connection, after: int, last: int, size: int) -> Batch:
    batch = Batch(_all(connection, _EVENTS, after=after, last=last, size=size))
    if not batch.events:
        return batch
    place = {"after": after, "last": batch.events[-1][0]}
    details, is_emptied = batch.details, False
    for row in _all(connection, _DETAILS, **place):
        details[row[0]].append(row)
        is_emptied = is_emptied or row[-1] is not None
    if is_emptied:
        batch.erasures.update(tuple(row) for row in _all(connection, _ERASURES, **place))
    return batch


def _all(connection: Connection, statement: Executable, **values: int) -> Sequence[Row]:
    try:
        return connection.execute(statement, values).all()
    except DBAPIError as error:
        if _is_unreadable(error):
            raise Unreadable from None
        raise


def _is_unreadable(error: DBAPIError) -> bool:
    """Tell what the driver could not convert (no code of the database) from what the database reports."""
    if isinstance(error, OperationalError):
        return isinstance(error.orig, sqlite3.Error) and not hasattr(error.orig, "sqlite_errorcode")
    return isinstance(error, DataError) and getattr(error.orig, "sqlstate", None) is None
