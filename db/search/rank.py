"""Puts the customers who match a query into order, and says of each why it matched."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from db.rules.identifiers import format_customer_number
from db.rules.names import MAX_TEXT, fold, tokens
from db.search.match import Facts, Match, Strength, Way
from db.search.people import moment
from db.search.query import Query

MAX_DISPLAY = 120
MAX_SHARERS = 3

_STATUS_ORDER = {"active": 0, "inactive": 0, "suspended": 1, "merged": 2, "erased": 3}

_IDENTIFIER, _FULL_NAME, _NAME_STARTS, _NAME_WORD, _PART, _SIMILAR = range(6)
Ranked = list[tuple[Facts, tuple[Match, ...]]]


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


def matching(
    query: Query, candidates: Iterable[Facts], ways: Sequence[Way], *, doubtful: Collection[int] = ()
) -> tuple[Ranked, list[Facts]]:
    """Return the customers that every word matches, `ways` says how; and those who are in doubt.

    That are those whom only `doubtful` words do not match by what is known, or match as similar.
    """
    found: Ranked = []
    unsure = []
    for facts in candidates:
        if query.statuses and facts.status not in query.statuses:
            continue
        matches = []
        is_unsure = False
        for at, way in enumerate(ways):
            reason = way(facts)
            if reason is None and at not in doubtful:
                break
            if reason is None or (reason.strength is Strength.SIMILAR and at in doubtful):
                is_unsure = True
            else:
                matches.append(reason)
        else:
            if is_unsure:
                unsure.append(facts)
            else:
                found.append((facts, tuple(matches)))
    return found, unsure


def ranked(query: Query, found: Ranked) -> Ranked:
    """Return who matches, best first.

    Whole identifier, full name, beginnings of several names, one name, anything else, misspelt names, the
    nearest first; live before suspended before merged; recent sign-in first; then name and number.
    """
    parts = sorted(part for word in query.words for part in word.names)

    def order(hit: tuple[Facts, tuple[Match, ...]]) -> tuple[int, int, int]:
        facts, matches = hit
        unlike = sum([reason.unlike for reason in matches])
        return _level(parts, facts, matches), unlike, _STATUS_ORDER[facts.status]

    # Three stable sorts, the least important first, for the second one goes downwards.
    by_name = sorted(found, key=_by_name)
    by_name.sort(key=_by_sign_in, reverse=True)
    by_name.sort(key=order)
    return by_name


def _by_name(hit: tuple[Facts, tuple[Match, ...]]) -> tuple[str, str, int]:
    facts = hit[0]
    return _folded(facts.family_name), _folded(facts.given_name), facts.id


def _by_sign_in(hit: tuple[Facts, tuple[Match, ...]]) -> tuple[bool, Any]:
    seen = hit[0].last_sign_in_at
    return seen is not None, seen


_fold = lru_cache(maxsize=16_384)(fold)


def _folded(name: str) -> str:
    # The same for most names, and rare ones come and go too fast to be held.
    return name[:MAX_TEXT].lower() if name.isascii() and name.isalpha() else _fold(name)


@lru_cache(maxsize=16_384)
def _words(given_name: str, family_name: str) -> list[str]:
    return sorted(tokens(given_name) + tokens(family_name))


def _level(parts: list[str], facts: Facts, matches: tuple[Match, ...]) -> int:
    strengths = [reason.strength for reason in matches]
    worst = max(strengths)
    if worst is Strength.SIMILAR:
        return _SIMILAR
    if min(strengths) is Strength.IDENTIFIER:
        return _IDENTIFIER
    if worst is Strength.PART:
        return _PART
    if worst is Strength.NAME and parts == _words(facts.given_name, facts.family_name):
        return _FULL_NAME
    if len(parts) > 1:
        return _NAME_STARTS
    return _NAME_WORD if worst is Strength.NAME else _PART


def is_full_name(query: Query, facts: Facts) -> bool:
    """Whether the words are the whole name of a customer, in any order."""
    typed = sorted(part for word in query.words for part in word.names)
    return typed == _words(facts.given_name, facts.family_name)


def hits(
    rows: Ranked, places: Mapping[int, tuple[str, str]], sharers: Mapping[int, Sequence[int]]
) -> tuple[Hit, ...]:
    """Return the rows to show."""
    found = []
    for facts, matches in rows:
        city, state = places.get(facts.id, ("", ""))
        found.append(
            Hit(
                customer_id=facts.id,
                number=format_customer_number(facts.id),
                name=listed_name(facts.given_name, facts.family_name),
                status=facts.status,
                city=city,
                state=state,
                last_sign_in_at=moment(facts.last_sign_in_at),
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
