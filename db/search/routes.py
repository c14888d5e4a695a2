"""Says in which ranges of which columns a word is looked up; pure."""

from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

from db.rules.names import PAIR_DEPTH
from db.search.query import MAX_NUMBER, Word

AFTER_ALL = "\U0010ffff"
"""Sorts after every character, byte by byte: prefix + this ends the range of the prefix."""


class Source(Enum):
    """A column that a form is looked up in; the order of trust when there are too many candidates."""

    PAIR = "pair"
    NUMBER = "number"
    NAME = "name"
    EMAIL = "email"
    PHONE = "phone"
    PHONE_END = "phone-end"
    USERNAME = "username"
    PASS = "pass"
    PASS_END = "pass-end"
    CONTRACT = "contract"
    CONTRACT_END = "contract-end"
    EMAIL_TAIL = "email-tail"
    CITY = "city"


CITY_PARTS = 4
"""Words of a city that are looked up when they are typed as one, such as `new-york`."""

ORDER = {source: place for place, source in enumerate(Source)}
_LEADS = {
    source: place
    for place, source in enumerate(
        (Source.NAME, Source.PHONE_END, Source.EMAIL, Source.CITY, Source.USERNAME)
    )
}


@dataclass(frozen=True)
class Route:
    """A range of a column, both ends included; `leads` says that others of its word wait for it."""

    source: Source
    low: str | int
    high: str | int
    leads: bool = False


def starting(source: Source, prefix: str) -> Route:
    """Return the range of everything that starts with a prefix."""
    return Route(source, prefix, prefix + AFTER_ALL)


def routes_of(word: Word, *, is_woven: bool = False) -> list[Route]:
    """Return every range that a word may be found in, the most trusted first; one of them leads.

    It is the one in which most customers are to be expected. Names are left out where they are `is_woven`.
    """
    routes = _number_routes(word.number_start)
    if word.names and not is_woven:
        routes.append(starting(Source.NAME, max(word.names, key=len)))
    # Every part, for what the index says of a customer's city is all that is known of it.
    cities = sorted(dict.fromkeys(word.cities), key=len, reverse=True)[:CITY_PARTS]
    routes += [starting(Source.CITY, part) for part in cities]
    if word.email:
        routes += [starting(Source.EMAIL, word.email), starting(Source.EMAIL_TAIL, word.email)]
    if word.username:
        routes.append(starting(Source.USERNAME, word.username))
    routes += [starting(Source.PHONE, start) for start in word.phone_starts]
    routes += [starting(Source.PHONE_END, end[::-1]) for end in word.phone_ends]
    for code, source, source_end in (
        (word.pass_code, Source.PASS, Source.PASS_END),
        (word.contract_code, Source.CONTRACT, Source.CONTRACT_END),
    ):
        if code:
            routes += [starting(source, code), starting(source_end, code[::-1])]
    ordered = sorted(routes + _whole_routes(word), key=lambda route: ORDER[route.source])
    lead = min(range(len(ordered)), key=lambda at: _LEADS.get(ordered[at].source, len(_LEADS)), default=0)
    return [replace(route, leads=True) if at == lead else route for at, route in enumerate(ordered)]


def is_woven(word: Word) -> bool:
    """Whether everybody whose name the word matches is in a range of pairs.

    That is so where it has two parts or more, and none of them begins another.
    """
    parts = sorted(word.names)  # what begins another one sorts right before it
    return len(parts) > 1 and not any(two.startswith(one) for one, two in pairwise(parts))


def pair_patterns(one: str, other: str) -> tuple[str, ...]:
    """Return what the pair terms are like of names with words that begin so, as patterns of `LIKE`.

    A term that is shorter than its pattern is compared as far as it goes. Where one of the words is a
    beginning of the other, either may come first in a term. Words have neither `%` nor `_` nor a backslash.
    """
    low, high = sorted((one[:PAIR_DEPTH], other[:PAIR_DEPTH]))
    orders = [(low, high), (high, low)] if high.startswith(low) else [(low, high)]
    return tuple(
        "".join(map("".join, zip(first.ljust(PAIR_DEPTH, "_"), second.ljust(PAIR_DEPTH, "_"), strict=True)))
        for first, second in orders
    )


def _number_routes(start: int) -> list[Route]:
    """Customer numbers that begin with some digits: one range for each length."""
    routes = []
    low = high = start
    while 0 < low <= MAX_NUMBER:
        routes.append(Route(Source.NUMBER, low, min(high, MAX_NUMBER)))
        low, high = low * 10, high * 10 + 9
    return routes


def _whole_routes(word: Word) -> list[Route]:
    """Return the ranges of one value where no range of a beginning holds it already."""
    wholes = []
    if word.email_whole and word.email_whole != word.email:
        wholes.append((Source.EMAIL, word.email_whole))
    if word.username_whole and word.username_whole != word.username:
        wholes.append((Source.USERNAME, word.username_whole))
    if word.phone_whole and word.phone_whole not in word.phone_starts:
        wholes.append((Source.PHONE, word.phone_whole))
    return [Route(source, value, value) for source, value in wholes]
