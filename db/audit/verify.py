"""Verifies the whole chain: every body, link, repeated column and clear value, up to the head (R7).

The head is read first and the log checked up to it, so that events which others write meanwhile
are no problem. Only a batch of events and their details is in memory at a time. What the columns
hold is not trusted: whoever can edit a row can also put a value of another type into it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from db.audit import stored
from db.audit.event import GENESIS, SALT_BYTES, Body, commit, digest, moment
from db.audit.stored import Batch, Row, Unreadable

Kind = Literal["changed", "missing", "reordered", "head"]

_SALT_LENGTH = 2 * SALT_BYTES
_decode = msgspec.json.Decoder(Body).decode


@dataclass(frozen=True)
class Problem:
    """The first thing that is wrong, and the sequence number at which it is; 0 is the log as such."""

    seq: int
    kind: Kind
    sentence: str


@dataclass(frozen=True)
class Verdict:
    """How many events are in order, what stopped there, and which events have emptied details."""

    events: int
    problem: Problem | None
    redacted: tuple[int, ...]


@dataclass
class _Walk:
    """How far the check has come: the last good event, its hash, and the emptied ones up to it."""

    done: int = 0
    previous: str = GENESIS
    redacted: list[int] = field(default_factory=list)


def verify(connection: Connection, progress: Callable[[int, int], None] | None = None) -> Verdict:
    """Check the log from the first event to the head and return what was found.

    `progress` is told how many events are done, and of how many. Nothing is written, and only a
    database that does not answer is raised: a log that cannot be trusted is a `Problem`.
    """
    walk = _Walk()
    try:
        problem = _first_problem(connection, walk, progress)
    except Unreadable:
        problem = _changed(walk.done + 1, "it holds something that cannot be read")
    except DBAPIError as error:
        if not stored.is_about_tables(error):
            raise
        problem = Problem(0, "changed", "The tables of the log were changed: a column or a table is gone.")
    return Verdict(walk.done, problem, tuple(walk.redacted))


def _first_problem(
    connection: Connection, walk: _Walk, progress: Callable[[int, int], None] | None
) -> Problem | None:
    head = stored.head(connection)
    if head is None:
        return Problem(0, "head", "The head of the log is gone, or holds no sequence number and hash.")
    lowest = stored.lowest(connection)
    if lowest is not None and lowest < 1:
        return Problem(lowest, "changed", f"Event {lowest} was planted: the log starts at event 1.")
    for batch in stored.batches(connection, head[0]):
        problem = _problem_in(batch, walk)
        if problem is not None:
            return problem
        if progress is not None:
            progress(walk.done, head[0])
    return _problem_at_end(connection, head, walk)


def _problem_in(batch: Batch, walk: _Walk) -> Problem | None:
    for row in batch.events:
        try:
            problem = _problem_of(row, walk, batch)
        except (TypeError, ValueError, AttributeError, OverflowError, RecursionError):
            # The checks ask for the types that they need; this is for a value nobody thought of.
            problem = _changed(walk.done + 1, "it holds something that cannot be read")
        if problem is not None:
            return problem
        walk.done, walk.previous = row[0], row[-1]
        if any(item[-1] is not None for item in batch.details.pop(walk.done, ())):
            walk.redacted.append(walk.done)
    left = min(batch.details, default=None)
    if left is None:
        return None
    return _changed(int(left), "a value was added beside it")


def _problem_of(row: Row, walk: _Walk, batch: Batch) -> Problem | None:
    seq, text, event_hash = row[0], row[-2], row[-1]
    if seq != walk.done + 1:
        missing = walk.done + 1
        return Problem(missing, "missing", f"Event {missing} is missing: after {walk.done} comes {seq}.")
    if type(text) is not str or digest(text) != event_hash:
        return _changed(seq, "its body does not have its hash")
    try:
        body = _decode(text)
    except msgspec.MsgspecError:
        return _changed(seq, "its body cannot be read")
    if body.seq != seq:
        return Problem(seq, "reordered", f"Event {seq} was moved: it was written as event {body.seq}.")
    if body.prev != walk.previous:
        if seq == 1:
            return _changed(1, "it does not start the chain")
        return _changed(seq - 1, f"event {seq} was chained to another one")
    if not _repeats(row, body):
        return _changed(seq, "a column beside its body says something else")
    return _problem_in_details(seq, body, batch)


def _changed(seq: int, how: str) -> Problem:
    return Problem(seq, "changed", f"Event {seq} was changed: {how}.")


def _repeats(row: Row, body: Body) -> bool:
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
    return bool(row[1:10] == told) and _as_moment(row[10]) == body.at


def _as_moment(at: object) -> str | None:
    """Write a time as the body does; SQLite stores text, in UTC with microseconds. None if it is no time."""
    if isinstance(at, str):
        if len(at) != 26 or at[10] != " " or not at[23:].isdecimal():
            return None
        return f"{at[:10]}T{at[11:23]}Z"
    return moment(at) if isinstance(at, datetime) else None


def _problem_in_details(seq: int, body: Body, batch: Batch) -> Problem | None:
    told, found = body.details, batch.details.get(seq, [])
    if len(found) < len(told):
        return Problem(seq, "missing", f"Event {seq} has lost {len(told) - len(found)} of its values.")
    if len(found) > len(told):
        return _changed(seq, "a value was added to it")
    for place, (item, sealed) in enumerate(zip(found, told, strict=True)):
        _, position, name, before, before_salt, after, after_salt, redacted_by = item
        if position != place or name != sealed.field:
            return _changed(seq, "its values are of other fields")
        if redacted_by is not None:
            wrong = _wrong_with_emptied(item, body, batch.erasures)
        elif _keeps(before, before_salt, sealed.before) and _keeps(after, after_salt, sealed.after):
            continue
        else:
            wrong = "is another one"
        if wrong is not None:
            return _changed(seq, f"its value of {name} {wrong}")
    return None


def _wrong_with_emptied(item: Row, body: Body, erasures: dict[int, int | None]) -> str | None:
    """Say what is wrong with a value that names the event which emptied it.

    Only an applied erasure of the same customer empties values: else any blanked value could be
    blamed on any later event. That the erasure is what its columns say is checked when it is reached.
    """
    *_, before, before_salt, after, after_salt, redacted_by = item
    if (before, before_salt, after, after_salt) != (None, None, None, None):
        return "was filled again after an event had emptied it"
    if redacted_by not in erasures or redacted_by <= body.seq:
        return "was emptied by no later erasure"
    if body.customer is None or erasures[redacted_by] != body.customer:
        return "was emptied by the erasure of another customer"
    return None


def _keeps(value: object, salt: object, sealed: str | None) -> bool:
    if value is None or salt is None or sealed is None:
        return value is None and salt is None and sealed is None
    if type(value) is not str or type(salt) is not str:
        return False
    # A salt of another length would let characters move between the salt and the value.
    if len(salt) != _SALT_LENGTH or salt != salt.lower():
        return False
    try:
        return commit(value, salt) == sealed
    except ValueError:  # a salt that is no hexadecimal number was not written here
        return False


def _problem_at_end(connection: Connection, head: tuple[int, str], walk: _Walk) -> Problem | None:
    done, (seq, event_hash) = walk.done, head
    if done < seq:
        return Problem(
            done + 1, "head", f"The log ends at event {done}, its head at {seq}: the end was cut off."
        )
    if walk.previous != event_hash:
        return Problem(done, "head", f"The head of the log has another hash than event {done}, the last.")
    now = stored.beyond(connection)
    if now is None:
        return Problem(0, "head", "The head of the log is gone.")
    following = now[0] + 1
    if now[1]:
        return Problem(
            following, "head", f"Event {following} is there, but the head of the log is before it."
        )
    if now[2]:
        return Problem(following, "missing", "There are values beyond the head of the log, but no event.")
    return None
