"""Compares the search index with the data, in both directions, and names the first difference."""

from random import Random

from sqlalchemy import Connection, text

from db.one_moment import one_moment
from db.rules.identifiers import format_customer_number
from db.search import contents
from db.search.contents import Row
from db.search.index import words_among
from db.search.kinds import TermKind
from db.search.similar import MIN_WORD, keys_of
from db.search.words import array, known

SAMPLE = 2_000
"""Customers, and rows of the index, that a sampled comparison looks at."""

_BATCH = 500
_REMEDY = "Run: latchkey db reindex"
_LABELS = {
    TermKind.NAME: "a word of the name",
    TermKind.PAIR: "two words of the name",
    TermKind.EMAIL_TAIL: "the end of an email address",
    TermKind.CITY: "a word of the city",
}
_UNFINISHED = text("SELECT count(*) FROM search_rebuild")
_LAST_NUMBER = text("SELECT coalesce(max(id), 0) FROM customer")
_KEYS = {
    "sqlite": text("SELECT key, word FROM search_key WHERE key IN (SELECT value FROM json_each(:keys))"),
    "postgresql": text("SELECT key, word FROM search_key WHERE key = ANY(CAST(:keys AS text[]))"),
}


def first_difference(connection: Connection, *, sample: int | None = SAMPLE, seed: int = 0) -> str | None:
    """Return a sentence about the first thing that is wrong with the index, or None.

    `sample` limits how many customers and rows are looked at, from some random places on; None means all.
    """
    if connection.execute(_UNFINISHED).scalar_one():
        return f"A rebuild of the search index is due, or was stopped before its end. {_REMEDY}"
    if sample is None:
        return _all_customers(connection) or _all_rows(connection)
    rng = Random(seed)
    last = connection.execute(_LAST_NUMBER).scalar_one()
    for _ in range(max(1, sample // 100)):
        with one_moment(connection) as still:
            found = _some_place(still, rng, last)
        if found is not None:
            return found
    return None


def _some_place(connection: Connection, rng: Random, last: int) -> str | None:
    """Compare a hundred customers, and a hundred rows of the index, from random places on."""
    wanted = contents.wanted_after(connection, rng.randint(0, max(0, last - 100)), 100)
    found = _of_customers(connection, wanted)
    if found is None and wanted:
        number = rng.choice(sorted(wanted))
        terms = sorted(wanted[number]) or [(0, "")]
        kind, term = rng.choice(terms)
        found = _of_rows(connection, contents.rows_after(connection, (int(kind), term, 0), 100))
    return found


def _all_customers(connection: Connection) -> str | None:
    after: int | None = 0
    found = None
    while after is not None and found is None:
        with one_moment(connection) as still:
            wanted = contents.wanted_after(still, after, _BATCH)
            found = _of_customers(still, wanted)
        after = max(wanted, default=None)
    return found


def _all_rows(connection: Connection) -> str | None:
    row: Row | None = (0, "", 0)
    found = None
    while row is not None and found is None:
        with one_moment(connection) as still:
            rows = contents.rows_after(still, row, _BATCH)
            found = _of_rows(still, rows)
        row = rows[-1] if rows else None
    return found


def _of_customers(connection: Connection, wanted: dict[int, set[tuple[int, str]]]) -> str | None:
    for kind, _, number in contents.missing(connection, wanted)[:1]:
        label = _LABELS[TermKind(kind)]
        return f"{format_customer_number(number)} cannot be found by {label}. {_REMEDY}"
    words = {word for terms in wanted.values() for word in words_among(terms) if len(word) >= MIN_WORD}
    unknown = sorted(words - known(connection, words))
    if unknown:
        return f"The vocabulary lacks {unknown[0]!r}, so it is not found when misspelt. {_REMEDY}"
    keys = {key for word in words for key in keys_of(word)}
    rows = connection.execute(_KEYS[connection.dialect.name], {"keys": array(connection, sorted(keys))})
    held = {(key, word) for key, word in rows}
    for word in sorted(words):
        if any((key, word) not in held for key in keys_of(word)):
            return f"{word!r} is not found when misspelt. {_REMEDY}"
    return None


def _of_rows(connection: Connection, rows: list[Row]) -> str | None:
    for kind, _, number in contents.left_over(connection, rows)[:1]:
        label = _LABELS.get(TermKind(kind), "something")
        who = format_customer_number(number)
        return f"{who} is found by {label} that is no longer theirs. {_REMEDY}"
    return None
