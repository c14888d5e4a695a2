"""Puts the customers who match a query into order, and says of each why it matched."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from db.rules.identifiers import format_customer_number
from db.rules.names import fold, tokens
from db.search.match import Facts, Match, Strength, match
from db.search.query import Query

MAX_DISPLAY = 120
MAX_SHARERS = 3

_STATUS_ORDER = {"active": 0, "inactive": 0, "suspended": 1, "merged": 2, "erased": 3}
_NEVER = datetime(1, 1, 1, tzinfo=UTC)

_IDENTIFIER, _FULL_NAME, _NAME_STARTS, _NAME_WORD, _PART = range(5)


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


def rank(query: Query, candidates: Iterable[Facts]) -> list[tuple[Facts, tuple[Match, ...]]]:
    """Return the customers that every word matches, best first.

    Whole identifier, full name, beginnings of several names, one name, anything else; live before
    suspended before merged; recent sign-in first; then name and number.
    """
    found = []
    for facts in candidates:
        matches = tuple(reason for word in query.words if (reason := match(word, facts)))
        if len(matches) == len(query.words):
            found.append((facts, matches))
    return sorted(found, key=lambda hit: _order(query, *hit))


def _order(query: Query, facts: Facts, matches: tuple[Match, ...]) -> tuple[Any, ...]:
    since_never = (facts.last_sign_in_at or _NEVER) - _NEVER
    return (
        _level(query, facts, matches),
        _STATUS_ORDER[facts.status],
        -since_never,
        fold(facts.family_name),
        fold(facts.given_name),
        facts.id,
    )


def _level(query: Query, facts: Facts, matches: tuple[Match, ...]) -> int:
    strengths = {reason.strength for reason in matches}
    if Strength.IDENTIFIER in strengths:
        return _IDENTIFIER
    if Strength.PART in strengths:
        return _PART
    typed = sorted(part for word in query.words for part in word.names)
    if typed == sorted(tokens(facts.given_name) + tokens(facts.family_name)):
        return _FULL_NAME
    if len(typed) > 1:
        return _NAME_STARTS
    return _NAME_WORD if strengths == {Strength.NAME} else _PART


def hits(ranked: Sequence[tuple[Facts, tuple[Match, ...]]]) -> tuple[Hit, ...]:
    """Return the rows to show; who shares an email is said as far as both are among them."""
    holders: dict[str, list[int]] = defaultdict(list)
    for facts, _ in ranked:
        for email in facts.emails if facts.merged_into is None else ():
            holders[email].append(facts.id)
    return tuple(_hit(facts, matches, holders) for facts, matches in ranked)


def _hit(facts: Facts, matches: tuple[Match, ...], holders: dict[str, list[int]]) -> Hit:
    sharers = {other for email in facts.emails for other in holders.get(email, ())} - {facts.id}
    return Hit(
        customer_id=facts.id,
        number=format_customer_number(facts.id),
        name=listed_name(facts.given_name, facts.family_name),
        status=facts.status,
        city=facts.city,
        state=facts.state,
        last_sign_in_at=facts.last_sign_in_at,
        merged_into=facts.merged_into,
        why=tuple(dict.fromkeys(reason.why for reason in matches)),
        state_words=tuple(_state_words(facts, sorted(sharers))),
    )


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
