"""Keeps the vocabulary of names.

Words are only added: a word that nobody bears any more leads to nobody, and counting bearers would make
every change of a frequent name wait for every other. `latchkey db reindex` removes what is left over.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Executable, text
from sqlalchemy.dialects import postgresql, sqlite

from db.models import SearchKey, SearchWord
from db.search.similar import MIN_WORD, keys_of
from db.search.words import known

VOCABULARY_LOCK = 4_711_003
"""The advisory lock of PostgreSQL that who adds words shares, and who removes words has alone."""

_SHARE = text(f"SELECT pg_advisory_xact_lock_shared({VOCABULARY_LOCK})")


@lru_cache(maxsize=8)
def adding(dialect: str, model: Any) -> Executable:
    """Return the statement that adds rows of a derived table where they are absent."""
    make = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return make(model.__table__).on_conflict_do_nothing()


def learn(connection: Connection, words: Iterable[str]) -> int:
    """Add the words that are not known yet and return how many; concurrent learners never deadlock.

    All add in the order of the words, and only who adds a word adds its keys.
    """
    new = unknown(connection, words)
    if new:
        dialect = connection.dialect.name
        connection.execute(adding(dialect, SearchWord), [{"word": word} for word in new])
        connection.execute(
            adding(dialect, SearchKey), [{"key": key, "word": word} for key, word in key_rows(new)]
        )
    return len(new)


def unknown(connection: Connection, words: Iterable[str]) -> list[str]:
    """Return in order the words that the vocabulary lacks; none is removed before the transaction ends."""
    wanted = sorted(word for word in set(words) if len(word) >= MIN_WORD)
    if not wanted:
        return []
    dialect = connection.dialect.name
    if dialect == "postgresql":
        connection.execute(_SHARE)
    held = known(connection, wanted)
    return [word for word in wanted if word not in held]


def key_rows(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return the rows of keys of some words, in the order of their table."""
    return sorted((key, word) for word in words for key in keys_of(word))
