"""Finds customers by whatever was typed: read the query, fetch candidates, rank, cut a page."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from db.search import lookup, rank
from db.search.query import Reading, parse
from db.search.rank import Hit
from db.settings import email_rules, load_policy

if TYPE_CHECKING:
    from db.queries.viewer import Viewer

MAX_LIMIT = 200


@dataclass(frozen=True)
class SearchPage:
    """One page of hits; `total_at_least` counts those known, `more` says that there are others."""

    query: str
    hits: tuple[Hit, ...]
    more: bool
    total_at_least: int
    notice: str | None


def find(
    connection: Connection,
    query: str,
    *,
    viewer: "Viewer",
    limit: int = 50,
    offset_after: int | None = None,
) -> SearchPage:
    """Return the customers that every word of a query matches, best first.

    `offset_after` is the number of the last customer of the page before. Of more than 200 candidates the
    rest is left out, which `more` tells. Anything may be typed: what cannot be searched for is a notice.
    """
    policy = load_policy(connection)
    reading = Reading(region=policy.phone_region, rules=email_rules(policy), masked=viewer.is_masked)
    parsed = parse(query, reading)
    if not parsed.words:
        return SearchPage(parsed.text, (), more=False, total_at_least=0, notice=parsed.notice)
    candidates = lookup.find_candidates(connection, parsed)
    ranked = rank.rank(parsed, lookup.read_facts(connection, parsed, candidates.ids))
    start = next((at + 1 for at, (facts, _) in enumerate(ranked) if facts.id == offset_after), 0)
    end = start + max(1, min(limit, MAX_LIMIT))
    return SearchPage(
        query=parsed.text,
        hits=rank.hits(ranked)[start:end],
        more=candidates.capped or len(ranked) > end,
        total_at_least=len(ranked),
        notice=parsed.notice,
    )
