"""Rebuilds the search index while everybody works on: adds what is missing, then removes what is left over.

Batch by batch, each a transaction that also notes how far it came, so a rebuild that was killed goes on
where it stopped. Nothing that is right is ever removed, so nobody is missed meanwhile. On PostgreSQL the
customers of a batch are locked against changes (and only against these) until its end.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, text, update

from db import guard
from db.actor import service
from db.audit.chain import Entry, append
from db.audit.event import Detail
from db.engine import Database
from db.errors import ReadOnly, Unavailable
from db.failures import translated
from db.models import SearchKey, SearchRebuild, SearchTerm, SearchWord
from db.rules.roles import SERVICE
from db.search import contents
from db.search.index import words_among
from db.search.similar import keys_of
from db.search.vocabulary import VOCABULARY_LOCK, adding, key_rows, learn
from db.search.words import known

CUSTOMERS, TERMS, WORDS, KEYS = 500, 2_000, 500, 5_000
"""Rows of a batch: some hundredths of a second, in which a change of one of these customers waits."""

LOCK_ATTEMPTS, LOCK_PAUSE = 300, 0.1
"""How often, and with which pause in seconds, the vocabulary is asked for: a bulk load keeps it for long."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class State:
    """Where a rebuild stands: its step, the last row done, and what it changed so far."""

    step: str = "customers"
    kind: int = 0
    place: str = ""
    number: int = 0
    added: int = 0
    removed: int = 0


_TABLE: Any = SearchRebuild.__table__
_STATE = select(
    _TABLE.c.step, _TABLE.c.kind, _TABLE.c.place, _TABLE.c.number, _TABLE.c.added, _TABLE.c.removed
)
_TERM: Any = SearchTerm.__table__
_DROP_TERM = delete(_TERM).where(
    _TERM.c.kind == bindparam("k"), _TERM.c.term == bindparam("t"), _TERM.c.customer_id == bindparam("c")
)
_WORD: Any = SearchWord.__table__
_DROP_WORD = delete(_WORD).where(_WORD.c.word == bindparam("w"))
_KEY: Any = SearchKey.__table__
_DROP_KEY = delete(_KEY).where(_KEY.c.key == bindparam("k"), _KEY.c.word == bindparam("w"))
_TRY_LOCK = text(f"SELECT pg_try_advisory_xact_lock({VOCABULARY_LOCK})")
_WORDS_AFTER = text(
    "SELECT s.word, EXISTS (SELECT 1 FROM search_term t WHERE t.kind = 1 AND t.term = s.word)"
    " FROM search_word s WHERE s.word > :place ORDER BY s.word LIMIT :rows"
)
_KEYS_AFTER = text(
    "SELECT key, word FROM search_key WHERE (key, word) > (:key, :word) ORDER BY key, word LIMIT :rows"
)
_LAST_NUMBER = text("SELECT coalesce(max(id), 0) FROM customer")


def reindex(
    database: Database, *, operator: str, reason: str, progress: Progress | None = None
) -> tuple[int, int]:
    """Rebuild the index, or finish a rebuild that was stopped; return how many rows came and went.

    One audit event at the end tells the same. Raises `ReadOnly`, with nothing done, and `Unavailable`;
    what was done until then is kept.
    """
    if database.read_only:
        raise ReadOnly()
    while True:
        with _batch(database) as connection:
            state = _begun(connection)
            done = _STEPS[state.step](connection, state)
            if progress is not None:
                total = connection.execute(_LAST_NUMBER).scalar_one() if state.step == "customers" else 0
                progress(state.step, done.number, total)
            if done.step == "done":
                _finish(database, connection, done, operator=operator, reason=reason)
                return done.added, done.removed
            values = {name: getattr(done, name) for name in State.__dataclass_fields__}
            connection.execute(update(_TABLE).values(values))


def is_due(connection: Connection) -> bool:
    """Whether a rebuild is due, or was stopped before its end."""
    return connection.execute(_STATE).one_or_none() is not None


@contextmanager
def _batch(database: Database) -> Iterator[Connection]:
    with (
        translated(database.url),
        database.writer.connect() as connection,
        guard.writing(connection, "reindex"),
        connection.begin(),
    ):
        yield connection


def _begun(connection: Connection) -> State:
    """Read where a rebuild stands, alone; begin one where none is under way."""
    row = connection.execute(_STATE.with_for_update()).one_or_none()
    if row is None:
        connection.execute(adding(connection.dialect.name, SearchRebuild), {"id": 1, "step": "customers"})
        return State()
    return State(*row)


def _add_terms(connection: Connection, state: State) -> State:
    wanted = contents.wanted_after(connection, state.number, CUSTOMERS, locked=True)
    if not wanted:
        return replace(state, step="terms", number=0)
    new = contents.missing(connection, wanted)
    if new:
        rows = [{"kind": kind, "term": term, "customer_id": number} for kind, term, number in new]
        connection.execute(adding(connection.dialect.name, SearchTerm), rows)
    words = {word for terms in wanted.values() for word in words_among(terms)}
    return replace(state, number=max(wanted), added=state.added + len(new) + learn(connection, words))


def _remove_terms(connection: Connection, state: State) -> State:
    rows = contents.rows_after(connection, (state.kind, state.place, state.number), TERMS)
    if not rows:
        return replace(state, step="words", kind=0, place="", number=0)
    stale = contents.left_over(connection, rows, locked=True)
    if stale:
        connection.execute(_DROP_TERM, [{"k": kind, "t": term, "c": number} for kind, term, number in stale])
    kind, term, number = rows[-1]
    return replace(state, kind=kind, place=term, number=number, removed=state.removed + len(stale))


def _settle_words(connection: Connection, state: State) -> State:
    """Remove words that nobody bears, and give the others all their keys; who adds words waits meanwhile."""
    _take_vocabulary(connection)
    rows = connection.execute(_WORDS_AFTER, {"place": state.place, "rows": WORDS}).all()
    if not rows:
        return replace(state, step="keys", place="", number=0)
    gone = [word for word, is_borne in rows if not is_borne]
    if gone:
        connection.execute(_DROP_KEY, [{"k": key, "w": word} for key, word in key_rows(gone)])
        connection.execute(_DROP_WORD, [{"w": word} for word in gone])
    keys = key_rows(word for word, is_borne in rows if is_borne)
    if keys:
        rows_of_keys = [{"key": key, "word": word} for key, word in keys]
        connection.execute(adding(connection.dialect.name, SearchKey), rows_of_keys)
    return replace(
        state, place=rows[-1][0], number=state.number + len(rows), removed=state.removed + len(gone)
    )


def _take_vocabulary(connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        return
    for _ in range(LOCK_ATTEMPTS):
        if connection.execute(_TRY_LOCK).scalar_one():
            return
        time.sleep(LOCK_PAUSE)
    raise Unavailable(
        "Somebody else keeps adding names. Run latchkey db reindex again; it goes on where it stopped.",
        code="busy",
    )


def _remove_keys(connection: Connection, state: State) -> State:
    """Remove keys that their words do not have, or whose words are gone; `place` is the key and the word."""
    key, _, word = state.place.partition("\n")
    rows = connection.execute(_KEYS_AFTER, {"key": key, "word": word, "rows": KEYS}).all()
    if not rows:
        return replace(state, step="done", place="", number=0)
    words = known(connection, {word for _, word in rows})
    gone = [{"k": key, "w": word} for key, word in rows if word not in words or key not in keys_of(word)]
    if gone:
        connection.execute(_DROP_KEY, gone)
    place = "\n".join(rows[-1])
    return replace(state, place=place, number=state.number + len(rows), removed=state.removed + len(gone))


_STEPS: dict[str, Callable[[Connection, State], State]] = {
    "customers": _add_terms,
    "terms": _remove_terms,
    "words": _settle_words,
    "keys": _remove_keys,
}


def _finish(database: Database, connection: Connection, state: State, *, operator: str, reason: str) -> None:
    connection.execute(delete(_TABLE))
    details = {"reason": reason, "operator": operator, "added": state.added, "removed": state.removed}
    entry = Entry(
        at=database.clock(connection),
        actor=service("reindex"),
        role=SERVICE,
        operation="reindex",
        outcome="applied",
        details=tuple(Detail(name, after=str(value)) for name, value in details.items()),
    )
    append(connection, entry)
