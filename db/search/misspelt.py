"""Chooses candidates for a query with misspelt or half-typed names, by the words it may stand for."""

from itertools import product

from sqlalchemy import Connection

from db.rules.names import pair_prefix
from db.search import fetch
from db.search.index import TermKind
from db.search.lookup import CAP, Found
from db.search.query import Query
from db.search.similar import MIN_WORD
from db.search.words import alternatives

MAX_PAIRS = 80
"""Pairs of words that are looked up, the nearest first."""

ENOUGH = 20
"""Customers with two similar names, beside whom nobody with one is looked for."""


def is_word(part: str) -> bool:
    """Whether a part of a name is long enough to be misspelt."""
    return len(part) >= MIN_WORD


def candidates(connection: Connection, query: Query, found: Found) -> list[int]:
    """Return at most `CAP` customers: with two similar names, on the ranges of any word, with one."""
    parts = [part for word in query.words for part in word.names]
    last = query.words[-1].names[-1:]
    longest = sorted((part for part in dict.fromkeys(parts) if is_word(part)), key=len, reverse=True)[:2]
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
    """Return the pair terms of what the two longest parts may stand for, themselves included."""
    others = [part for part in parts if part not in near]
    first, *rest = [*near, *others]
    second = rest[0] if rest else first
    choices = product(*({part: 0, **near.get(part, {})}.items() for part in (first, second)))
    rated = sorted((far_one + far_two, pair_prefix(one, two)) for (one, far_one), (two, far_two) in choices)
    return list(dict.fromkeys(pair for far, pair in rated if far))[:MAX_PAIRS]
