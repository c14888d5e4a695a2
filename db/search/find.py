"""Finds customers by whatever was typed: read the query, look it up, rank, cut a page.

`find` gives the first answer at once; `find_more` looks where it takes longer, for rows to append.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from db.search import fetch, lookup, misspelt, people, rank
from db.search.match import MIN_INSIDE, Strength, inside, similar
from db.search.query import Query, Reading, parse
from db.search.rank import Hit, Ranked
from db.settings import email_rules, load_policy

if TYPE_CHECKING:
    from db.queries.viewer import Viewer

MAX_LIMIT = 200
COUNT_CAP = 1_000
"""Customers are counted no further than this, and one more to tell that there are more."""

FEW = 5
"""With fewer exact hits, misspelt names are looked for at once."""


@dataclass(frozen=True)
class SearchPage:
    """One page of hits; `total_at_least` counts those known, `more` says that there are others.

    `deeper` says that `find_more` may know further ones; `first` is the place of the first hit, from 1;
    `is_total` says that there are exactly `total_at_least`.
    """

    query: str
    hits: tuple[Hit, ...]
    more: bool
    total_at_least: int
    notice: str | None
    deeper: bool = False
    first: int = 1
    is_total: bool = True

    @property
    def counted(self) -> str:
        """What a list says of its length: `1–50 of more than 1,000`, `1–7 of 7`; empty without hits."""
        if not self.hits:
            return ""
        shown = f"{self.first}–{self.first + len(self.hits) - 1}"
        if self.total_at_least > COUNT_CAP:
            return f"{shown} of more than {COUNT_CAP:,}"
        return f"{shown} of {'' if self.is_total else 'at least '}{self.total_at_least:,}"


def find(
    connection: Connection,
    query: str,
    *,
    viewer: "Viewer",
    limit: int = 50,
    offset_after: int | None = None,
) -> SearchPage:
    """Return the customers that every word of a query matches, best first.

    With fewer than `FEW` of them, those follow whose names are similar, unless somebody is called exactly
    so: then these are left to `find_more`. `offset_after` is the number of the last customer of the page
    before. Of more than 100 candidates two pages are ranked and the rest is left out, which `more` tells.
    Anything may be typed: what cannot be searched for is a notice.
    """
    parsed = _read(connection, query, viewer)
    if not parsed.words:
        return SearchPage(parsed.text, (), more=False, total_at_least=0, notice=parsed.notice)
    size = max(1, min(limit, MAX_LIMIT))
    ranked, is_complete, found = _exact(connection, parsed, size)
    is_known, total = _told(connection, parsed, ranked, found, is_complete=is_complete)
    is_whole = bool(ranked) and rank.is_full_name(parsed, ranked[0][0])
    has_similar = len(ranked) < FEW and not is_whole and _may_be_misspelt(parsed, ranked)
    if has_similar:
        ranked = ranked + _similar(connection, parsed, found, ranked)
        total = max(total, len(ranked))
    start = next((at + 1 for at, (facts, _) in enumerate(ranked) if facts.id == offset_after), 0)
    end = start + size
    more = not is_known or len(ranked) > end
    return SearchPage(
        query=parsed.text,
        hits=_hits(connection, ranked[start:end]),
        more=more,
        total_at_least=total,
        notice=parsed.notice,
        deeper=not more and _has_deeper(parsed, ranked, is_complete=is_complete, has_similar=has_similar),
        first=start + 1,
        is_total=is_known,
    )


def find_more(
    connection: Connection, query: str, viewer: "Viewer", shown: Collection[int], *, limit: int = 50
) -> SearchPage:
    """Return rows to append to the `shown` customers of `find`: it may take some tenths of a second.

    Customers on the overflowing ranges of several words, those with a typed part anywhere inside an email
    address, and those whose names are similar, in this order of finding and the usual order of rank.
    """
    parsed = _read(connection, query, viewer)
    if not parsed.words:
        return SearchPage(parsed.text, (), more=False, total_at_least=0, notice=parsed.notice)
    found = lookup.look_up(connection, parsed, rows=lookup.DEEP_CAP if len(parsed.words) > 1 else lookup.CAP)
    chosen = lookup.candidates(found, at_most=lookup.VERIFIED)
    ids = dict.fromkeys(chosen.ids)
    is_capped = False
    for word in parsed.words:
        if len(word.email) >= MIN_INSIDE:
            there = fetch.inside_emails(connection, word.email, lookup.CAP + 1)
            is_capped |= len(there) > lookup.CAP
            ids |= dict.fromkeys(there)
    ways = [inside(word) for word in parsed.words]
    ranked = lookup.verify(connection, parsed, found, tuple(ids), by=ways, doubtful=range(len(parsed.words)))
    if _may_be_misspelt(parsed, ranked):
        ranked = ranked + _similar(connection, parsed, found, ranked)
    new = [hit for hit in ranked if hit[0].id not in shown]
    return SearchPage(
        query=parsed.text,
        hits=_hits(connection, new[:limit]),
        more=is_capped or not chosen.is_complete or len(new) > limit,
        total_at_least=len(shown) + len(new),
        notice=parsed.notice,
        first=len(shown) + 1,
        is_total=chosen.is_complete and not is_capped,
    )


def _read(connection: Connection, query: str, viewer: "Viewer") -> Query:
    policy = load_policy(connection)
    return parse(
        query, Reading(region=policy.phone_region, rules=email_rules(policy), masked=viewer.is_masked)
    )


def _exact(connection: Connection, query: Query, size: int) -> tuple[Ranked, bool, lookup.Found]:
    """Return who matches exactly, whether that is all of them, and what was looked up.

    Of more customers than are ranked, two pages of `size` will do.
    """
    found = lookup.glance(connection, query)
    if found.pairs_overflow:
        found = lookup.with_all_pairs(connection, query, found)
    if found.has_all_pairs and found.led and len(query.words) > 1:
        hits = lookup.verify(connection, query, found, found.pairs)
        if len(hits) >= FEW or (hits and (found.leader is None or rank.is_full_name(query, hits[0][0]))):
            return hits, False, found  # the rest is left to the second look
    if found.begun:
        again = lookup.look_up(connection, query)
        found = replace(again, pairs=found.pairs, pairs_overflow=found.pairs_overflow)
    chosen = lookup.candidates(found)
    unnamed = found.unnamed(query)
    enough = max(2 * size, len(found.pairs) if found.has_all_pairs else 0)
    first = chosen.ids if chosen.is_complete else chosen.ids[:enough]
    hits = lookup.verify(connection, query, found, first, doubtful=unnamed)
    if len(hits) < min(size, len(chosen.ids)) and len(first) < len(chosen.ids):
        hits = lookup.verify(connection, query, found, chosen.ids, doubtful=unnamed)
    is_all_known = chosen.is_complete and not found.overflowing
    if is_all_known or _is_enough(hits, found) or not (query.statuses or found.may_meet(query)):
        return hits, chosen.is_complete, found
    if chosen.is_complete:  # the others' ranges overflow, so what is stored tells
        hits = lookup.verify(connection, query, found, chosen.ids, doubtful=found.overflowing)
        return hits, True, found
    near = lookup.look_up(connection, query, rows=lookup.NEAR_CAP)
    found = replace(near, pairs=found.pairs, pairs_overflow=found.pairs_overflow)
    chosen = lookup.candidates(found, at_most=lookup.NEAR_VERIFIED)
    hits = lookup.verify(connection, query, found, chosen.ids, doubtful=found.overflowing)
    return hits[: lookup.CAP], chosen.is_complete and len(hits) <= lookup.CAP, found


def _told(
    connection: Connection, query: Query, ranked: Ranked, found: lookup.Found, *, is_complete: bool
) -> tuple[bool, int]:
    """Return whether everybody who matches is known, and how many there are at least."""
    is_single = len(query.words) == 1
    is_known = is_complete or (not is_single and bool(ranked) and found.has_all_pairs)
    if is_complete or not is_single or query.statuses:
        return is_known, len(ranked)
    return is_known, max(len(ranked), _count(connection, found))


def _is_enough(hits: Ranked, found: lookup.Found) -> bool:
    return len(hits) >= FEW or (bool(hits) and found.has_all_pairs)


def _count(connection: Connection, found: lookup.Found) -> int:
    """Return how many customers there are at least, where ranges were not read to their ends."""
    most = 0
    for route in found.counted:
        most = max(most, fetch.count(connection, route, COUNT_CAP + 1))
        if most > COUNT_CAP:
            break
    return most


def _may_be_misspelt(query: Query, ranked: Ranked) -> bool:
    """Whether similar names are of use: not where a whole identifier was typed, or no name."""
    is_identified = any(reason.strength is Strength.IDENTIFIER for _, why in ranked for reason in why)
    return not is_identified and any(map(misspelt.is_name, query.words))


def _similar(connection: Connection, query: Query, found: lookup.Found, exact: Ranked) -> Ranked:
    """Return further customers, whose names are similar to what was typed."""
    known = {facts.id for facts, _ in exact}
    ids = [number for number in misspelt.candidates(connection, query, found) if number not in known]
    last = len(query.words) - 1
    ways = [similar(word, is_last=at == last) for at, word in enumerate(query.words)]
    return lookup.verify(connection, query, found, ids, by=ways, doubtful=found.unnamed(query))


def _has_deeper(query: Query, ranked: Ranked, *, is_complete: bool, has_similar: bool) -> bool:
    """Whether `find_more` looks where `find` did not."""
    has_insides = any(len(word.email) >= MIN_INSIDE for word in query.words)
    return has_insides or not is_complete or (not has_similar and _may_be_misspelt(query, ranked))


def _hits(connection: Connection, ranked: Ranked) -> tuple[Hit, ...]:
    if not ranked:
        return ()
    ids = [facts.id for facts, _ in ranked]
    live = [facts.id for facts, _ in ranked if facts.merged_into is None]
    return rank.hits(ranked, *people.shown(connection, ids, live))
