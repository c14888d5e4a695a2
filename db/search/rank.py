"""Puts the customers who match a query into order, and says of each why it matched."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from db.rules.identifiers import format_customer_number
from db.rules.names import fold, tokens
from db.search.match import Facts, Match, Strength, match
from db.search.query import Query, Word

MAX_DISPLAY = 120
MAX_SHARERS = 3

_STATUS_ORDER = {"active": 0, "inactive": 0, "suspended": 1, "merged": 2, "erased": 3}
_NEVER = datetime(1, 1, 1, tzinfo=UTC)

_IDENTIFIER, _FULL_NAME, _NAME_STARTS, _NAME_WORD, _PART, _SIMILAR = range(6)
Ranked = list[tuple[Facts, tuple[Match, ...]]]
Matcher = Callable[[Word, Facts], Match | None]


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A customer who matches, with what tells namesakes apart; names and places stay visible (R25).

    `why` has one reason for each word, `state_words` what a row says about the customer's state.
    """

    customer_id: int
    number: str
    name: str
    status: str
    city: str
    state: str
    last_sign_in_at: datetime | None
    merged_into: int | None
    why: tuple[str, ...]
    state_words: tuple[str, ...]


def rank(query: Query, candidates: Iterable[Facts], *, by: Sequence[Matcher] = ()) -> Ranked:
    """Return the customers that every word matches, best first; `by` says how, for each word.

    Whole identifier, full name, beginnings of several names, one name, anything else, misspelt names, the
    nearest first; live before suspended before merged; recent sign-in first; then name and number.
    """
    ways = by or (match,) * len(query.words)
    words = tuple(zip(ways, query.words, strict=True))
    found = []
    for facts in candidates:
        if query.statuses and facts.status not in query.statuses:
            continue
        matches = tuple(reason for way, word in words if (reason := way(word, facts)))
        if len(matches) == len(words):
            found.append((facts, matches))
    return sorted(found, key=lambda hit: _order(query, *hit))


def _order(query: Query, facts: Facts, matches: tuple[Match, ...]) -> tuple[Any, ...]:
    since_never = (facts.last_sign_in_at or _NEVER) - _NEVER
    return (
        _level(query, facts, matches),
        sum(reason.unlike for reason in matches),
        _STATUS_ORDER[facts.status],
        -since_never,
        _folded(facts.family_name),
        _folded(facts.given_name),
        facts.id,
    )


_folded = lru_cache(maxsize=16_384)(fold)


@lru_cache(maxsize=16_384)
def _words(given_name: str, family_name: str) -> list[str]:
    return sorted(tokens(given_name) + tokens(family_name))


def _level(query: Query, facts: Facts, matches: tuple[Match, ...]) -> int:
    strengths = {reason.strength for reason in matches}
    if Strength.SIMILAR in strengths:
        return _SIMILAR
    if Strength.IDENTIFIER in strengths:
        return _IDENTIFIER
    if Strength.PART in strengths:
        return _PART
    if strengths == {Strength.NAME} and is_full_name(query, facts):
        return _FULL_NAME
    if sum(len(word.names) for word in query.words) > 1:
        return _NAME_STARTS
    return _NAME_WORD if strengths == {Strength.NAME} else _PART


def is_full_name(query: Query, facts: Facts) -> bool:
    """Whether the words are the whole name of a customer, in any order."""
    typed = sorted(part for word in query.words for part in word.names)
    return typed == _words(facts.given_name, facts.family_name)


def hits(
    ranked: Ranked, places: Mapping[int, tuple[str, str]], sharers: Mapping[int, Sequence[int]]
) -> tuple[Hit, ...]:
    """Return the rows to show."""
    found = []
    for facts, matches in ranked:
        city, state = places.get(facts.id, ("", ""))
        found.append(
            Hit(
                customer_id=facts.id,
                number=format_customer_number(facts.id),
                name=listed_name(facts.given_name, facts.family_name),
                status=facts.status,
                city=city,
                state=state,
                last_sign_in_at=facts.last_sign_in_at,
                merged_into=facts.merged_into,
                why=tuple(dict.fromkeys(reason.why for reason in matches)),
                state_words=tuple(_state_words(facts, sorted(sharers.get(facts.id, ())))),
            )
        )
    return tuple(found)


def _state_words(facts: Facts, sharers: list[int]) -> Iterable[str]:
    if facts.merged_into is None:
        yield facts.status
    else:
        yield f"merged → {format_customer_number(facts.merged_into)}"
    if facts.takeover_flag:
        yield "takeover suspected"
    if sharers:
        numbers = ", ".join(map(format_customer_number, sharers[:MAX_SHARERS]))
        yield f"shares email with {numbers}{'…' if len(sharers) > MAX_SHARERS else ''}"


def listed_name(given_name: str, family_name: str) -> str:
    """Return `Anderson, Joan` on one line, at most `MAX_DISPLAY` characters."""
    parts = [" ".join(name[:MAX_DISPLAY].split()) for name in (family_name, given_name)]
    text = ", ".join(part for part in parts if part)
    return text if len(text) <= MAX_DISPLAY else text[: MAX_DISPLAY - 1].rstrip() + "…"
