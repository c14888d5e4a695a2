"""Says whether and why a word of a query matches a customer; pure, the one meaning of "found"."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import lru_cache

from msgspec import Struct

from db.rules.email import email_tails
from db.rules.identifiers import format_customer_number
from db.rules.names import name_terms
from db.search.query import Word


class Strength(IntEnum):
    """How well one word matches, best first."""

    IDENTIFIER = 0
    NAME = 1
    NAME_START = 2
    PART = 3


class Facts(Struct, frozen=True, kw_only=True, gc=False):
    """What a customer can be found by, in canonical forms, and what tells namesakes apart.

    A Struct, because hundreds are made for each key that is typed.
    """

    id: int
    given_name: str
    family_name: str
    status: str
    merged_into: int | None
    takeover_flag: bool
    city: str
    state: str
    last_sign_in_at: datetime | None
    emails: Collection[str] = ()
    phones: Collection[str] = ()
    usernames: Collection[str] = ()
    passes: Collection[str] = ()
    contracts: Collection[str] = ()


@dataclass(frozen=True)
class Match:
    """Why a word matched; `why` repeats what was typed and shows nothing more (R25)."""

    strength: Strength
    why: str


@lru_cache(maxsize=16_384)
def name_words(given_name: str, family_name: str) -> frozenset[str]:
    """Return the folded words that a customer is found by."""
    return frozenset(term for kind, term in name_terms(given_name, family_name) if kind == "name")


def match(word: Word, facts: Facts) -> Match | None:
    """Return the best reason why a word matches a customer, or None."""
    return next((found for way in _WAYS if (found := way(word, facts))), None)


def _whole(word: Word, facts: Facts) -> Match | None:
    """A whole identifier."""
    if word.number and word.number == facts.id:
        return Match(Strength.IDENTIFIER, f"number {format_customer_number(facts.id)}")
    wholes: Mapping[str, tuple[str, Collection[str]]] = {
        "email": (word.email_whole, facts.emails),
        "phone": (word.phone_whole, facts.phones),
        "username": (word.username_whole, facts.usernames),
        "pass": (word.pass_code, facts.passes),
        "contract": (word.contract_code, facts.contracts),
    }
    for label, (value, held) in wholes.items():
        if value and value in held:
            return Match(Strength.IDENTIFIER, f"{label} {word.text}")
    return None


def _name(word: Word, facts: Facts) -> Match | None:
    """Every part of the word begins a word of the name."""
    if not word.names:
        return None
    words = name_words(facts.given_name, facts.family_name)
    if words.issuperset(word.names):
        return Match(Strength.NAME, f"name {' '.join(word.names)}")
    if all(_starts(words, part) for part in word.names):
        return Match(Strength.NAME_START, f"name {' '.join(word.names)}…")
    return None


def _email(word: Word, facts: Facts) -> Match | None:
    if not word.email:
        return None
    if _starts(facts.emails, word.email):
        return Match(Strength.PART, f"email {word.text}…")
    if any(_starts(email_tails(email), word.email) for email in facts.emails):
        return Match(Strength.PART, f"email …{word.text}…")
    return None


def _phone(word: Word, facts: Facts) -> Match | None:
    if not word.digits:
        return None
    if any(number.endswith(word.phone_ends) for number in facts.phones):
        return Match(Strength.PART, f"phone …{word.digits}")
    if any(_starts(facts.phones, start) for start in word.phone_starts):
        return Match(Strength.PART, f"phone {word.text}…")
    return None


def _username(word: Word, facts: Facts) -> Match | None:
    if word.username and _starts(facts.usernames, word.username):
        return Match(Strength.PART, f"username {word.text}…")
    return None


def _code(word: Word, facts: Facts) -> Match | None:
    for label, code, held in (
        ("pass", word.pass_code, facts.passes),
        ("contract", word.contract_code, facts.contracts),
    ):
        if code and _starts(held, code):
            return Match(Strength.PART, f"{label} {word.text}…")
        if code and any(value.endswith(code) for value in held):
            return Match(Strength.PART, f"{label} …{word.text}")
    return None


def _starts(values: Iterable[str], start: str) -> bool:
    return any(value.startswith(start) for value in values)


_WAYS: tuple[Callable[[Word, Facts], Match | None], ...] = (_whole, _name, _email, _phone, _username, _code)
