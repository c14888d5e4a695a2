"""Chooses candidates for a query with misspelt or half-typed names, by the words it may stand for."""

from collections import defaultdict

from sqlalchemy import Connection

from db.rules.names import pair_prefix
from db.search import fetch
from db.search.kinds import TermKind
from db.search.lookup import CAP, Found
from db.search.match import is_spelt
from db.search.query import Query, Word
from db.search.similar import MIN_WORD
from db.search.words import alternatives

MAX_PAIRS = 80
"""Pairs of words that are looked up, the nearest first."""

ENOUGH = 20
"""Customers with two similar names, beside whom nobody with one is looked for."""


def is_word(part: str) -> bool:
    """Whether a part of a name is long enough to be misspelt."""
    return len(part) >= MIN_WORD


def is_name(word: Word) -> bool:
    """Whether a word may be a misspelt name."""
    return is_spelt(word) and any(map(is_word, word.names))


def candidates(connection: Connection, query: Query, found: Found) -> list[int]:
    """Return at most `CAP` customers: with two similar names, on the ranges of any word, with one."""
    parts = [part for word in query.words for part in word.names]
    last = query.words[-1].names[-1:]
    spelt = [part for word in query.words if is_spelt(word) for part in word.names if is_word(part)]
    longest = sorted(dict.fromkeys(spelt), key=len, reverse=True)[:2]
    near = {
        part: alternatives(connection, part, is_half_typed=(part,) == last) if at < 2 else {}
        for at, part in enumerate(longest)
    }
    ids: dict[int, None] = {}
    if len(parts) > 1:
        ids |= dict.fromkeys(fetch.probe(connection, TermKind.PAIR, _pairs(parts, near), whole=False)[:CAP])
    if len(ids) >= ENOUGH:
        return list(ids)
    singles = [word for part in longest[:1] for word in near[part]]
    ids |= dict.fromkeys(fetch.probe(connection, TermKind.NAME, singles, whole=True)[:CAP])
    if len(query.words) > 1:
        for listed in sorted(found.by_word, key=lambda listed: len(listed)):
            ids |= listed
    return list(ids)[:CAP]


def _pairs(parts: list[str], near: dict[str, dict[str, int]]) -> list[str]:
    """Return the pair terms of what the two longest parts may stand for, the nearest first.

    Either may be right as typed, but not both.
    """
    others = [part for part in parts if part not in near]
    first, *rest = [*near, *others]
    second = rest[0] if rest else first
    ones, twos = _by_distance(first, near), _by_distance(second, near)
    found: dict[str, None] = {}
    for total in sorted({far + further for far in ones for further in twos} - {0}):
        alike = (
            pair_prefix(one, two)
            for far, words in ones.items()
            for one in words
            for two in twos.get(total - far, ())
        )
        found |= dict.fromkeys(sorted(alike))
        if len(found) >= MAX_PAIRS:
            break
    return list(found)[:MAX_PAIRS]


def _by_distance(part: str, near: dict[str, dict[str, int]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for word, far in {part: 0, **near.get(part, {})}.items():
        found[far].append(word)
    return found
