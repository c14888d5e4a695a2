"""Chooses candidates: what the ranges of all words gave, and, where those overflow, what they have in common.

A word whose ranges were read to their ends has all its customers there, so the one with the fewest leads.
Otherwise pairs of names lead, then customers on the ranges of several words. What matches is decided by
`db.search.match` on what the index said and, for the few that stay in doubt, on what is stored.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from db.rules.names import best_pair_prefix
from db.search import fetch, rank
from db.search.match import Facts, match
from db.search.query import Query, Word
from db.search.rank import Matcher, Ranked
from db.search.routes import Route, Source, routes_of, starting

CAP = 100
"""Rows of each range, and candidates that are ranked: reading and comparing them is most of the cost."""

DEEP_CAP = 10_000
"""Rows of each range where several words have to be compared by their customers."""

VERIFIED = 2_000
"""Candidates that are read to see whether they match, where no index says it."""

HEAD = 5
"""The first rows of every range are candidates before the rest of any: whole values sort first."""


@dataclass(frozen=True)
class Found:
    """The customers of each word, most trusted range first; `overflowing` words have more than was read."""

    by_word: tuple[dict[int, None], ...]
    overflowing: frozenset[int]
    pairs: tuple[int, ...]
    pairs_overflow: bool
    held: dict[int, fetch.Held]
    counted: tuple[Route, ...]

    @property
    def has_all_pairs(self) -> bool:
        """Whether everybody is known in whose name two of the words are."""
        return bool(self.pairs) and not self.pairs_overflow

    def unnamed(self, query: Query) -> frozenset[int]:
        """The overflowing words that are no names: whom they match is not to be seen from the names."""
        return frozenset(at for at in self.overflowing if not query.words[at].names)

    @property
    def leader(self) -> dict[int, None] | None:
        """The smallest complete list, or None where no word's ranges were read to their ends."""
        complete = [ids for at, ids in enumerate(self.by_word) if at not in self.overflowing]
        return min(complete, key=len, default=None)


@dataclass(frozen=True)
class Candidates:
    """Customers who may match, likely ones first; complete where all who match are among them."""

    ids: tuple[int, ...]
    is_complete: bool


def look_up(connection: Connection, query: Query, *, rows: int = CAP) -> Found:
    """Read the ranges of all words in one statement, at most `rows` of each."""
    routes: list[tuple[int, Route]] = []
    pair = best_pair_prefix([part for word in query.words for part in word.names])
    if pair is not None:
        routes.append((-1, starting(Source.PAIR, pair)))
    routes += [(at, route) for at, word in enumerate(query.words) for route in routes_of(word)]
    lists = fetch.ranges(connection, [route for _, route in routes], rows + 1)
    held: dict[int, fetch.Held] = defaultdict(lambda: defaultdict(set))
    for (_, route), found in zip(routes, lists, strict=True):
        for customer_id, value in found:
            kept = fetch.held_by(route.source, value)
            if kept is not None:
                held[customer_id][kept[0]].add(kept[1])
    full = [(at, route) for (at, route), found in zip(routes, lists, strict=True) if len(found) > rows]
    by_word = tuple(
        _merged(word, [found for (owner, _), found in zip(routes, lists, strict=True) if owner == at])
        for at, word in enumerate(query.words)
    )
    return Found(
        by_word=by_word,
        overflowing=frozenset(at for at, _ in full if at >= 0),
        pairs=tuple(customer_id for customer_id, _ in lists[0]) if pair is not None else (),
        pairs_overflow=any(at < 0 for at, _ in full),
        held=held,
        counted=tuple(route for at, route in full if at >= 0),
    )


def _merged(word: Word, lists: Sequence[list[tuple[int, str]]]) -> dict[int, None]:
    ids = dict.fromkeys([word.number] if word.number else [])
    for found in lists:
        ids |= dict.fromkeys(customer_id for customer_id, _ in found[:HEAD])
    for found in lists:
        ids |= dict.fromkeys(customer_id for customer_id, _ in found)
    return ids


def candidates(found: Found, *, at_most: int = CAP) -> Candidates:
    """Choose who is looked at; customers whom another complete word does not have are left out."""
    complete = [ids for at, ids in enumerate(found.by_word) if at not in found.overflowing]
    leader = found.leader
    if leader is not None:
        chosen = dict.fromkeys(number for number in leader if all(number in ids for ids in complete))
    else:
        shortest = min(found.by_word, key=lambda listed: len(listed))
        chosen = dict.fromkeys(found.pairs)
        chosen |= dict.fromkeys(number for number in shortest if all(number in ids for ids in found.by_word))
        chosen |= shortest
    ids = tuple(chosen)
    return Candidates(ids[:at_most], leader is not None and len(ids) <= at_most)


def verify(
    connection: Connection,
    query: Query,
    found: Found,
    ids: Sequence[int],
    *,
    by: Sequence[Matcher] = (),
    doubtful: Collection[int] = (),
) -> Ranked:
    """Rank those of the candidates who match.

    What is stored is read for those whom only `doubtful` words do not match by what the index said.
    """
    people = fetch.customers(connection, ids, found.held)
    if doubtful:
        unsure = [facts.id for facts in people if _is_unsure(query, facts, doubtful)]
        stored = fetch.identifiers(connection, unsure)
        people = [_completed(facts, stored[facts.id]) if facts.id in stored else facts for facts in people]
    return rank.rank(query, people, by=by)


def _is_unsure(query: Query, facts: Facts, doubtful: Collection[int]) -> bool:
    """Whether a word that may match does not by what is known, and no other word rules the customer out."""
    missing = {at for at, word in enumerate(query.words) if match(word, facts) is None}
    return bool(missing) and missing.issubset(doubtful)


def _completed(facts: Facts, stored: fetch.Held) -> Facts:
    return msgspec.structs.replace(facts, **stored)
