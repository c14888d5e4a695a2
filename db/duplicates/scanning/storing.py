"""Stores what a scan finds, batch by batch, with how far it came; its own writer, see `db.guard`."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Executable, and_, bindparam, delete, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from db import guard
from db.duplicates.people import read_people
from db.duplicates.remembering import fingerprint
from db.engine import Database
from db.failures import translated
from db.models import DuplicatePair, DuplicateScan, EmailProfile, PairState, PhoneProfile
from db.rules.dedup import ContactKind, DedupMode

AT_ONCE = 2_000
"""Pairs in one statement."""

_PAIR: Any = DuplicatePair.__table__
_SCAN: Any = DuplicateScan.__table__
_COLUMNS = ("a_id", "b_id", "weight", "levels", "collision", "state", "scan", "version")
_RENEWED = ("weight", "levels", "collision", "scan")
_STATE = select(_SCAN)
_DISMISSED = select(_PAIR.c.a_id, _PAIR.c.b_id, _PAIR.c.fingerprint).where(
    _PAIR.c.state == PairState.DISMISSED
)
_LAPSE = (
    update(_PAIR)
    .where(_PAIR.c.a_id == bindparam("a"), _PAIR.c.b_id == bindparam("b"))
    .values(state=PairState.OPEN, reason=None, judged_by=None, judged_at=None, fingerprint=None)
)
_STALE = delete(_PAIR).where(_PAIR.c.state == PairState.OPEN, _PAIR.c.scan < bindparam("number"))
_CONTACTS: dict[ContactKind, Any] = {"email": EmailProfile.__table__, "phone": PhoneProfile.__table__}

Pair = tuple[int, int]


@contextmanager
def storing(database: Database) -> Iterator[Connection]:
    """Give a connection that may write pairs and the state of a scan, in one transaction."""
    with (
        translated(database.url),
        database.writer.connect() as connection,
        guard.writing(connection, "scan"),
        connection.begin(),
    ):
        yield connection


def state(connection: Connection, *, locked: bool = False) -> Any:
    """Return the row of the last scan, or None."""
    return connection.execute(_STATE.with_for_update() if locked else _STATE).one_or_none()


def begin(connection: Connection, values: dict[str, Any]) -> None:
    """Note that a scan begins, in the place of the one before."""
    if state(connection, locked=True) is None:
        make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        connection.execute(make(_SCAN).on_conflict_do_nothing(), {"id": 1, **values})
    connection.execute(update(_SCAN).values(values))


def note(connection: Connection, **values: Any) -> None:
    """Note how far the scan came."""
    connection.execute(update(_SCAN).values(values))


def store(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Add pairs; what is known of one already is renewed, its judgement kept."""
    statement = _storing(connection.dialect.name)
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        if connection.dialect.name == "postgresql":
            connection.execute(statement, {"rows": json.dumps(some)})
        else:
            connection.execute(statement, list(some))


@lru_cache(maxsize=2)
def _storing(dialect: str) -> Executable:
    if dialect == "postgresql":
        # Rows by the dozen, parameter by parameter, take the driver several times as long.
        typed = text(
            f"SELECT {', '.join(_COLUMNS)}"
            " FROM json_populate_recordset(CAST(NULL AS duplicate_pair), CAST(:rows AS json))"
        ).columns(*(_PAIR.c[name] for name in _COLUMNS))
        adding: Any = postgresql.insert(_PAIR).from_select(list(_COLUMNS), typed)
    else:
        adding = sqlite.insert(_PAIR)
    found: Executable = adding.on_conflict_do_update(
        index_elements=["a_id", "b_id"], set_={name: adding.excluded[name] for name in _RENEWED}
    )
    return found


def dismissed(connection: Connection) -> dict[Pair, str | None]:
    """Return the pairs that were judged to be two people, with their fingerprints."""
    return {(a_id, b_id): kept for a_id, b_id, kept in connection.execute(_DISMISSED)}


def let_lapse(connection: Connection, pairs: dict[Pair, str | None]) -> int:
    """Open those pairs again of which a side has really changed, and return how many."""
    people = read_people(connection, {number for pair in pairs for number in pair})
    gone = [
        {"a": one, "b": other}
        for (one, other), kept in pairs.items()
        if kept != fingerprint(people[one], people[other])
    ]
    if gone:
        connection.execute(_LAPSE, gone)
    return len(gone)


def remove_stale(connection: Connection, number: int, mode: DedupMode) -> int:
    """Remove open pairs that this scan did not find any more, and return how many.

    What no scan found and only a duplicate detection mode put there stays as long as it collides.
    """
    colliding = [_sharing(kind) for kind in _CONTACTS if mode.blocks(kind)]
    stale = _STALE.where(~and_(_PAIR.c.scan == 0, or_(*colliding))) if colliding else _STALE
    return connection.execute(stale, {"number": number}).rowcount


def _sharing(kind: ContactKind) -> Any:
    one, other = _CONTACTS[kind].alias(f"one_{kind}"), _CONTACTS[kind].alias(f"other_{kind}")
    both = select(one.c.id).join(other, other.c.canonical == one.c.canonical)
    return both.where(one.c.customer_id == _PAIR.c.a_id, other.c.customer_id == _PAIR.c.b_id).exists()


def likely(connection: Connection, threshold: float) -> list[Pair]:
    """Return the pairs that count as one person and were not judged otherwise."""
    chosen = select(_PAIR.c.a_id, _PAIR.c.b_id).where(
        _PAIR.c.state != PairState.DISMISSED, _PAIR.c.weight >= threshold
    )
    return [(one, other) for one, other in connection.execute(chosen)]
