"""Keeps the vocabulary of names, and finds the words in it that a misspelt one may stand for.

Words are only added: a word that nobody bears any more leads to nobody, and counting bearers would make
every change of a frequent name wait for every other. `latchkey db reindex` removes what is left over.
"""

import json
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Executable, text
from sqlalchemy.dialects import postgresql, sqlite

from db.models import SearchKey, SearchWord
from db.search.held import rows
from db.search.similar import MIN_START, MIN_WORD, keys_of, near_starts, unlikeness

MAX_ALTERNATIVES = 24
"""Words that a misspelt one may stand for: the nearest ones."""

VOCABULARY_LOCK = 4_711_003
"""The advisory lock of PostgreSQL that who adds words shares, and who removes words has alone."""

_SHARE = text(f"SELECT pg_advisory_xact_lock_shared({VOCABULARY_LOCK})")
_KNOWN = {
    "sqlite": text("SELECT word FROM search_word WHERE word IN (SELECT value FROM json_each(:words))"),
    "postgresql": text("SELECT word FROM search_word WHERE word = ANY(CAST(:words AS text[]))"),
}
_BY_KEY = {
    "sqlite": (
        "SELECT DISTINCT k.word FROM json_each(:keys) w CROSS JOIN search_key k ON k.key = w.value LIMIT 3000"
    ),
    "postgresql": (
        "SELECT DISTINCT k.word FROM unnest(CAST(:keys AS text[])) w(key) CROSS JOIN LATERAL"
        " (SELECT s.word FROM search_key s WHERE s.key = w.key LIMIT 600) k"
    ),
}
_BY_START = {
    "sqlite": (
        "SELECT DISTINCT s.word FROM json_each(:starts) w CROSS JOIN search_word s"
        " ON s.word >= w.value AND s.word < w.value || :top LIMIT 600"
    ),
    "postgresql": (
        "SELECT DISTINCT k.word FROM unnest(CAST(:starts AS text[])) w(start) CROSS JOIN LATERAL"
        " (SELECT s.word FROM search_word s"
        " WHERE s.word >= w.start AND s.word < w.start || CAST(:top AS text)"
        " ORDER BY s.word LIMIT 40) k"
    ),
}
TOP = "\U0010ffff"


def array(connection: Connection, values: Iterable[Any]) -> Any:
    """Return many values as one parameter, as the statements of either database take it."""
    return list(values) if connection.dialect.name == "postgresql" else json.dumps(list(values))


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


def known(connection: Connection, words: Collection[str]) -> set[str]:
    """Return those of the words that the vocabulary has."""
    statement = _KNOWN[connection.dialect.name]
    return set(connection.execute(statement, {"words": array(connection, words)}).scalars())


def key_rows(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return the rows of keys of some words, in the order of their table."""
    return sorted((key, word) for word in words for key in keys_of(word))


def alternatives(connection: Connection, typed: str, *, is_half_typed: bool) -> dict[str, int]:
    """Return the known words that are similar to a typed one, the nearest first, with how far they are."""
    dialect = connection.dialect.name
    keys = keys_of(typed)
    if not keys:
        return {}
    found = {
        word for (word,) in rows(connection, _BY_KEY[dialect], {"keys": array(connection, sorted(keys))})
    }
    if is_half_typed and len(typed) >= MIN_START:
        starts = array(connection, dict.fromkeys(near_starts(typed)))
        found |= {word for (word,) in rows(connection, _BY_START[dialect], {"starts": starts, "top": TOP})}
    rated = (
        (far, word)
        for word in found
        if (far := unlikeness(typed, word, is_half_typed=is_half_typed)) is not None
    )
    return {word: far for far, word in sorted(rated)[:MAX_ALTERNATIVES]}
