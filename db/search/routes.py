"""Says in which ranges of which columns a word is looked up; pure."""

from dataclasses import dataclass
from enum import Enum

from db.search.query import Word

AFTER_ALL = "\U0010ffff"
"""Sorts after every character, byte by byte: prefix + this ends the range of the prefix."""


class Source(Enum):
    """A column that a form is looked up in; the order of trust when there are too many candidates."""

    PAIR = "pair"
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


ORDER = {source: place for place, source in enumerate(Source)}


@dataclass(frozen=True)
class Route:
    """A range of a column, both ends included."""

    source: Source
    low: str
    high: str


def starting(source: Source, prefix: str) -> Route:
    """Return the range of everything that starts with a prefix."""
    return Route(source, prefix, prefix + AFTER_ALL)


def routes_of(word: Word) -> list[Route]:
    """Return every range that a word may be found in, the most trusted first."""
    routes = []
    if word.names:
        routes.append(starting(Source.NAME, max(word.names, key=len)))
    if word.cities:
        routes.append(starting(Source.CITY, max(word.cities, key=len)))
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
    return sorted(routes + _whole_routes(word), key=lambda route: ORDER[route.source])


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
