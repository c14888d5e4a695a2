"""Verifies the whole chain: every body, link, repeated column and clear value, up to the head (R7).

The head is read first and the log checked up to it, so that events which others write meanwhile
are no problem. Only a batch of events and their details is in memory at a time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, String, bindparam, func, select, type_coerce

from db.audit.event import GENESIS, Body, Commitment, commit, digest, moment
from db.models import AuditDetail, AuditEvent, AuditHead

BATCH = 1_000
Kind = Literal["changed", "missing", "reordered", "head"]

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
    .limit(BATCH)
)
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
    .where(AuditDetail.seq > bindparam("after"), AuditDetail.seq <= bindparam("last"))
    .order_by(AuditDetail.seq, AuditDetail.position)
)
_HEAD = select(AuditHead.seq, AuditHead.hash).where(AuditHead.id == 1)
_END = select(
    select(AuditHead.seq).where(AuditHead.id == 1).scalar_subquery(),
    select(func.max(AuditEvent.seq)).scalar_subquery(),
    select(func.max(AuditDetail.seq)).scalar_subquery(),
    select(func.max(AuditDetail.redacted_by)).scalar_subquery(),
)
_decode = msgspec.json.Decoder(Body).decode


@dataclass(frozen=True)
class Problem:
    """The first thing that is wrong, and the sequence number at which it is."""

    seq: int
    kind: Kind
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """How many events are in order, what stopped there, and which events have emptied details."""

    events: int
    problem: Problem | None
    redacted: tuple[int, ...]


# Rows of `_EVENTS` and `_DETAILS`, taken apart by place: names would cost a third of the rate.
_Row = Any
_Details = dict[int, list[_Row]]


def verify(connection: Connection, progress: Callable[[int, int], None] | None = None) -> Verdict:
    """Check the log from the first event to the head and return what was found.

    `progress` is told how many events are done, and of how many. Nothing is written or raised:
    a log that cannot be trusted is a `Problem`.
    """
    head = connection.execute(_HEAD).one_or_none()
    if head is None:
        return Verdict(0, Problem(0, "head", "The head of the log is gone."), ())
    done, previous, redacted = 0, GENESIS, list[int]()
    for events, details in _batches(connection, head.seq):
        for row in events:
            problem = _problem_of(row, done, previous, details)
            if problem is not None:
                return Verdict(done, problem, tuple(redacted))
            done, previous = row[0], row[-1]
            if any(item[-1] is not None for item in details.pop(done, ())):
                redacted.append(done)
        problem = _without_event(details)
        if problem is not None:
            return Verdict(done, problem, tuple(redacted))
        if progress is not None:
            progress(done, head.seq)
    problem = _problem_at_end(connection, head, done, previous)
    return Verdict(done, problem, tuple(redacted))


def _batches(connection: Connection, last: int) -> Iterator[tuple[Sequence[_Row], _Details]]:
    after = 0
    while events := connection.execute(_EVENTS, {"after": after, "last": last}).all():
        details: _Details = defaultdict(list)
        for row in connection.execute(_DETAILS, {"after": after, "last": events[-1][0]}).all():
            details[row[0]].append(row)
        yield events, details
        after = events[-1][0]


def _problem_of(row: _Row, done: int, previous: str, details: _Details) -> Problem | None:
    seq, text, event_hash = row[0], row[-2], row[-1]
    if seq != done + 1:
        return Problem(done + 1, "missing", f"Event {done + 1} is missing: after {done} comes {seq}.")
    if digest(text) != event_hash:
        return _changed(seq, "its body does not have its hash")
    try:
        body = _decode(text)
    except msgspec.MsgspecError:
        return _changed(seq, "its body cannot be read")
    if body.seq != seq:
        return Problem(seq, "reordered", f"Event {seq} was moved: it was written as event {body.seq}.")
    if body.prev != previous:
        if seq == 1:
            return _changed(1, "it does not start the chain")
        return _changed(seq - 1, f"event {seq} was chained to another one")
    if not _repeats(row, body):
        return _changed(seq, "a column beside its body says something else")
    return _problem_in_details(seq, body.details, details.get(seq, []))


def _changed(seq: int, how: str) -> Problem:
    return Problem(seq, "changed", f"Event {seq} was changed: {how}.")


def _repeats(row: _Row, body: Body) -> bool:
    told = (
        body.operator,
        body.role,
        body.operation,
        body.outcome,
        body.customer,
        body.target,
        body.target_version,
        body.interaction,
        body.request,
    )
    return row[1:10] == told and _as_moment(row[10]) == body.at


def _as_moment(stored: str | datetime) -> str:
    """Write a time as the body does; SQLite stores text, in UTC with microseconds."""
    return f"{stored[:10]}T{stored[11:23]}Z" if isinstance(stored, str) else moment(stored)


def _problem_in_details(seq: int, told: tuple[Commitment, ...], found: list[_Row]) -> Problem | None:
    if len(found) < len(told):
        return Problem(seq, "missing", f"Event {seq} has lost {len(told) - len(found)} of its values.")
    if len(found) > len(told):
        return _changed(seq, "a value was added to it")
    for place, (item, sealed) in enumerate(zip(found, told, strict=True)):
        _, position, field, before, before_salt, after, after_salt, redacted_by = item
        if position != place or field != sealed.field:
            return _changed(seq, "its values are of other fields")
        if redacted_by is not None:
            wrong = _wrong_with_emptied(seq, item)
        elif _keeps(before, before_salt, sealed.before) and _keeps(after, after_salt, sealed.after):
            continue
        else:
            wrong = "is another one"
        if wrong is not None:
            return _changed(seq, f"its value of {field} {wrong}")
    return None


def _wrong_with_emptied(seq: int, item: _Row) -> str | None:
    *_, before, before_salt, after, after_salt, redacted_by = item
    if (before, before_salt, after, after_salt) != (None, None, None, None):
        return f"was filled again after event {redacted_by} had emptied it"
    return "was emptied by no later event" if redacted_by <= seq else None


def _keeps(value: str | None, salt: str | None, sealed: str | None) -> bool:
    if value is None or salt is None or sealed is None:
        return value is None and salt is None and sealed is None
    try:
        return commit(value, salt) == sealed
    except ValueError:  # a salt that is no hexadecimal number was not written here
        return False


def _without_event(details: _Details) -> Problem | None:
    left = min(details, default=None)
    if left is None:
        return None
    return Problem(left, "missing", f"Event {left} is missing: only its values are there.")


def _problem_at_end(connection: Connection, head: Any, done: int, previous: str) -> Problem | None:
    if done < head.seq:
        return Problem(
            done + 1, "head", f"The log ends at event {done}, its head at {head.seq}: the end was cut off."
        )
    if previous != head.hash:
        return Problem(done, "head", f"The head of the log has another hash than event {done}, the last.")
    head_now, last, last_detail, last_redaction = connection.execute(_END).one()
    if head_now is None or max(last or 0, last_detail or 0) > head_now:
        return Problem(done + 1, "head", f"Event {done + 1} is there, but the head of the log is before it.")
    if (last_redaction or 0) > head_now:
        return Problem(last_redaction, "missing", f"Event {last_redaction}, which emptied a value, is gone.")
    return None
