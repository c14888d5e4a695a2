"""Finds the words in the vocabulary of names that a misspelt one may stand for.

Nothing here needs the models: making them takes longer than the first search of a console.
"""

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, text

from db.search.held import rows
from db.search.similar import MIN_START, alike, keys_of, near_starts

MAX_ALTERNATIVES = 24
"""Words that a misspelt one may stand for: the nearest ones."""

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


def known(connection: Connection, words: Collection[str]) -> set[str]:
    """Return those of the words that the vocabulary has."""
    statement = _KNOWN[connection.dialect.name]
    return set(connection.execute(statement, {"words": array(connection, words)}).scalars())


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
    rated = ((far, word) for word, far in alike(typed, found, is_half_typed=is_half_typed).items())
    return {word: far for far, word in sorted(rated)[:MAX_ALTERNATIVES]}
