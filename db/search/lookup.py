"""Chooses candidates: what the ranges of all words gave, and, where those overflow, what they have in common.

A word whose ranges were read to their ends has all its customers there, so the one with the fewest leads.
Otherwise pairs of names lead, then customers on the ranges of several words. What matches is decided by
`db.search.match` on what the index said and, for the few that stay in doubt, on what is stored.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import msgspec
from sqlalchemy import Connection

from db.rules.names import best_pair_prefix, pair_prefix
from db.search import fetch, people, rank
from db.search.match import Facts, Way, exact
from db.search.query import Query, Word
from db.search.rank import Ranked
from db.search.routes import Route, Source, is_woven, pair_patterns, routes_of, starting

CAP = 100
"""Rows of each range, and candidates that are ranked: reading and comparing them is most of the cost."""

HEAD = 5
"""The first rows of every range are candidates before the rest of any: whole values sort first."""

NEAR_CAP, NEAR_VERIFIED = 1_000, 400
"""Rows of each range, and candidates that are read, where the first ones of several words do not meet."""

DEEP_CAP, VERIFIED = 10_000, 2_000
"""The same for the second look, which may take some tenths of a second."""

SCANNED = 10_000
"""Rows of an overflowing range of pairs that are compared with the further letters of both words."""

Row = tuple[int, str]


@dataclass(frozen=True)
class Found:
    """The customers of each word, most trusted range first; `overflowing` words have more than was read.

    Of `led` words a leading range overflows. Of `begun` ones it does not, but no other was read to its end.
    """

    by_word: tuple[dict[int, None], ...]
    overflowing: frozenset[int]
    led: frozenset[int]
    begun: frozenset[int]
    pairs: tuple[int, ...]
    pairs_overflow: bool
    read: tuple[tuple[Source, list[Row]], ...]
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

    def may_meet(self, query: Query) -> bool:
        """Whether words have customers in common who are not to be seen from the names alone.

        Beside names that is so where one of them is a city as well, written out.
        """
        if len(query.words) == 1:
            return False
        cities = {part for word in query.words for part in word.cities}
        return not all(word.names for word in query.words) or any(
            value in cities for source, rows in self.read if source is Source.CITY for _, value in rows
        )

    def held(self, ids: Collection[int]) -> dict[int, people.Held]:
        """Return what the rows that were read say of some customers."""
        wanted = frozenset(ids)
        held: dict[int, people.Held] = defaultdict(lambda: defaultdict(set))
        for source, rows in self.read:
            for customer_id, value in rows:
                if customer_id in wanted:
                    field, whole = fetch.held_by(source, value)
                    held[customer_id][field].add(whole)
        return held


@dataclass(frozen=True)
class Candidates:
    """Customers who may match, likely ones first; complete where all who match are among them."""

    ids: tuple[int, ...]
    is_complete: bool


def glance(connection: Connection, query: Query) -> Found:
    """Read the ranges that lead to most customers, and the first rows of all others.

    That is all there is to know of most queries, and of broad ones enough: whole identifiers sort first.
    """
    return _look_up(connection, query, CAP, HEAD)


def look_up(connection: Connection, query: Query, *, rows: int = CAP) -> Found:
    """Read the ranges of all words in one statement, at most `rows` of each."""
    return _look_up(connection, query, rows, rows)


def _look_up(connection: Connection, query: Query, rows: int, others: int) -> Found:
    routes, pair_at = _routes(query)
    most = [rows if route.leads else others for _, route in routes]
    lists = fetch.ranges(connection, [route for _, route in routes], [size + 1 for size in most])
    read = list(zip(routes, most, lists, strict=True))
    full = [(at, route) for (at, route), size, found in read if len(found) > size]
    by_word = tuple(
        _merged(word, [found for (owner, _), _, found in read if owner == at])
        for at, word in enumerate(query.words)
    )
    led = {at for at, route in full if route.leads}
    pairs = lists[pair_at] if pair_at is not None else []
    return Found(
        by_word=by_word,
        overflowing=frozenset(at for at, _ in full if at >= 0),
        led=frozenset(at for at in led if at >= 0),
        begun=frozenset(at for at, _ in full if at not in led) if others < rows else frozenset(),
        pairs=tuple(dict.fromkeys([customer_id for customer_id, _ in pairs])),
        pairs_overflow=len(pairs) > rows,
        read=tuple((route.source, found) for (_, route), _, found in read if fetch.is_held(route.source)),
        counted=tuple(
            route for _, route in full if route.source is not Source.PAIR and (route.leads or others == rows)
        ),
    )


def _routes(query: Query) -> tuple[list[tuple[int, Route]], int | None]:
    """Return the ranges, each with the place of its word, and where among them that of pairs is.

    It belongs to no word (-1), save where it takes the place of the names of the only one.
    """
    woven = len(query.words) == 1 and is_woven(query.words[0])
    routes = [(at, route) for at, word in enumerate(query.words) for route in routes_of(word, is_woven=woven)]
    pair = best_pair_prefix(_parts(query))
    if pair is None:
        return routes, None
    route = replace(starting(Source.PAIR, pair), leads=True)
    return ([*routes, (0, route)], len(routes)) if woven else ([(-1, route), *routes], 0)


def _parts(query: Query) -> list[str]:
    return [part for word in query.words for part in word.names]


def _merged(word: Word, lists: Sequence[list[Row]]) -> dict[int, None]:
    ids = dict.fromkeys([word.number] if word.number else [])
    for found in lists:
        ids.update(dict.fromkeys([customer_id for customer_id, _ in found[:HEAD]]))
    for found in lists:
        ids.update(dict.fromkeys([customer_id for customer_id, _ in found[HEAD:]]))
    return ids


def with_all_pairs(connection: Connection, query: Query, found: Found) -> Found:
    """Read an overflowing range of pairs again for those alone that agree with the words in every letter.

    Still more than `CAP`, or a range of more than `SCANNED` rows, stays overflowing.
    """
    two = max(combinations(_parts(query), 2), key=lambda two: len(pair_prefix(*two)))
    prefix = pair_prefix(*two)
    patterns = pair_patterns(*two)
    if all(pattern.rstrip("_") == prefix for pattern in patterns):
        return found
    route = starting(Source.PAIR, prefix)
    ids, is_all = fetch.pairs(connection, route, patterns, scanned=SCANNED, rows=CAP)
    return replace(found, pairs=tuple(dict.fromkeys(ids)), pairs_overflow=not is_all)


def candidates(found: Found, *, at_most: int = CAP) -> Candidates:
    """Choose who is looked at; customers whom another complete word does not have are left out."""
    complete = [ids for at, ids in enumerate(found.by_word) if at not in found.overflowing]
    leader = found.leader
    if leader is not None:
        chosen = dict.fromkeys(number for number in leader if all(number in ids for ids in complete))
    else:
        shortest = min(found.by_word, key=lambda listed: len(listed))
        chosen = dict.fromkeys(found.pairs)
        if len(found.by_word) > 1:
            chosen |= dict.fromkeys(
                number for number in shortest if all(number in ids for ids in found.by_word)
            )
        chosen |= shortest
    ids = tuple(chosen)
    return Candidates(ids[:at_most], leader is not None and len(ids) <= at_most)


def verify(
    connection: Connection,
    query: Query,
    found: Found,
    ids: Sequence[int],
    *,
    by: Sequence[Way] = (),
    doubtful: Collection[int] = (),
) -> Ranked:
    """Rank those of the candidates who match, as `by` says for each word, or else as typed.

    What is stored is read for those whom only `doubtful` words do not match by what the index said.
    """
    ways = by or [exact(word) for word in query.words]
    known = people.customers(connection, ids, found.held(ids))
    hits, unsure = rank.matching(query, known, ways, doubtful=doubtful)
    if unsure:
        stored = people.identifiers(connection, [facts.id for facts in unsure])
        completed = [_completed(facts, stored[facts.id]) if facts.id in stored else facts for facts in unsure]
        hits += rank.matching(query, completed, ways)[0]
    return rank.ranked(query, hits)


def _completed(facts: Facts, stored: people.Held) -> Facts:
    return msgspec.structs.replace(facts, **stored)
