"""Says whether and why a word of a query matches a customer; pure, the one meaning of "found"."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from enum import IntEnum
from functools import lru_cache, partial

from msgspec import Struct

from db.rules.email import email_tails
from db.rules.identifiers import format_customer_number
from db.rules.names import MAX_TOKEN, tokens
from db.rules.names import name_words as words_of_names
from db.search.query import Word
from db.search.similar import alike

MIN_INSIDE = 3
"""Letters that are looked for inside an email address: fewer are in every other one."""


class Strength(IntEnum):
    """How well one word matches, best first."""

    IDENTIFIER = 0
    NAME = 1
    NAME_START = 2
    PART = 3
    SIMILAR = 4


class Facts(Struct, frozen=True, gc=False):
    """What is known of a customer: always the names, the rest as far as it was read, in canonical forms.

    `last_sign_in_at` is as the database gives it (see `db.search.people.moment`), `tails` are ends of
    email addresses and `cities` folded words that the index led by; `places` are cities as written.
    A Struct, because hundreds are made for each key that is typed.
    """

    id: int
    given_name: str
    family_name: str
    status: str
    merged_into: int | None
    takeover_flag: bool | int
    last_sign_in_at: str | datetime | None
    emails: Collection[str] = ()
    tails: Collection[str] = ()
    phones: Collection[str] = ()
    usernames: Collection[str] = ()
    passes: Collection[str] = ()
    contracts: Collection[str] = ()
    cities: Collection[str] = ()
    places: Collection[str] = ()


class Match(Struct, frozen=True, gc=False):
    """Why a word matched; `why` repeats what was typed, or shows a name, and nothing more (R25).

    `unlike` says how far a misspelt word is from what was found; 0 is what was typed.
    """

    strength: Strength
    why: str
    unlike: int = 0


Way = Callable[[Facts], Match | None]
"""How one word matches: the best reason, or None."""


def name_words(given_name: str, family_name: str) -> frozenset[str]:
    """Return the folded words that a customer is found by."""
    if given_name.isascii() and given_name.isalpha() and family_name.isascii() and family_name.isalpha():
        # Most names; the result is the same, and rare names come and go too fast to be held.
        return frozenset((given_name[:MAX_TOKEN].lower(), family_name[:MAX_TOKEN].lower()))
    return _name_words(given_name, family_name)


_name_words = lru_cache(maxsize=16_384)(words_of_names)


def exact(word: Word) -> Way:
    """Return how a word matches as it is typed."""
    ways = [partial(way, word) for is_asked, way in _WAYS if is_asked(word)]

    def best(facts: Facts) -> Match | None:
        for way in ways:
            found = way(facts)
            if found is not None:
                return found
        return None

    return best


def _whole(word: Word, facts: Facts) -> Match | None:
    """A whole identifier."""
    if word.number and word.number == facts.id:
        return Match(Strength.IDENTIFIER, f"number {format_customer_number(facts.id)}")
    label = ""
    if word.email_whole and word.email_whole in facts.emails:
        label = "email"
    elif word.phone_whole and word.phone_whole in facts.phones:
        label = "phone"
    elif word.username_whole and word.username_whole in facts.usernames:
        label = "username"
    elif word.pass_code and word.pass_code in facts.passes:
        label = "pass"
    elif word.contract_code and word.contract_code in facts.contracts:
        label = "contract"
    return Match(Strength.IDENTIFIER, f"{label} {word.text}") if label else None


def _name(word: Word, facts: Facts) -> Match | None:
    """Every part of the word begins a word of the name."""
    words = name_words(facts.given_name, facts.family_name)
    if words.issuperset(word.names):
        return Match(Strength.NAME, f"name {' '.join(word.names)}")
    if all(_starts(words, part) for part in word.names):
        return Match(Strength.NAME_START, f"name {' '.join(word.names)}…")
    return None


def _email(word: Word, facts: Facts) -> Match | None:
    if not (facts.emails or facts.tails):
        return None
    if _starts(facts.emails, word.email):
        return Match(Strength.PART, f"email {word.text}…")
    if _starts(facts.tails, word.email) or any(
        _starts(email_tails(email), word.email) for email in facts.emails
    ):
        return Match(Strength.PART, f"email …{word.text}…")
    return None


def _phone(word: Word, facts: Facts) -> Match | None:
    if not facts.phones:
        return None
    if any(number.endswith(word.phone_ends) for number in facts.phones):
        return Match(Strength.PART, f"phone …{word.digits}")
    if any(_starts(facts.phones, start) for start in word.phone_starts):
        return Match(Strength.PART, f"phone {word.text}…")
    return None


def _username(word: Word, facts: Facts) -> Match | None:
    if _starts(facts.usernames, word.username):
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


def _city(word: Word, facts: Facts) -> Match | None:
    if not (facts.cities or facts.places):
        return None
    cities = {*facts.cities, *(part for place in facts.places for part in tokens(place))}
    if all(_starts(cities, part) for part in word.cities):
        whole = cities.issuperset(word.cities)
        return Match(Strength.PART, f"city {' '.join(word.cities)}{'' if whole else '…'}")
    return None


def _number(word: Word, facts: Facts) -> Match | None:
    if str(facts.id).startswith(str(word.number_start)):
        return Match(Strength.PART, f"number {format_customer_number(word.number_start)}…")
    return None


def inside(word: Word) -> Way:
    """Return how a word matches where the inside of an email address counts as well."""
    typed = exact(word)

    def best(facts: Facts) -> Match | None:
        found = typed(facts)
        if (
            found is None
            and len(word.email) >= MIN_INSIDE
            and any(word.email in held for held in facts.emails)
        ):
            return Match(Strength.PART, f"email …{word.text}…")
        return found

    return best


def is_spelt(word: Word) -> bool:
    """Whether a word is made of letters: one with a digit is no misspelt name."""
    return bool(word.names) and not any(char.isdecimal() for part in word.names for char in part)


def similar(word: Word, *, is_last: bool) -> Way:
    """Return how a word matches where names may be misspelt; the last word may be half-typed too."""
    typed = exact(word)
    last = len(word.names) - 1
    parts = [(part, is_last and at == last) for at, part in enumerate(word.names)] if is_spelt(word) else []

    def best(facts: Facts) -> Match | None:
        found = typed(facts)
        if found is not None or not parts:
            return found
        names = name_words(facts.given_name, facts.family_name)
        total, seen = 0, []
        for part, is_half_typed in parts:
            nearest = _nearest(part, names, is_half_typed)
            if nearest is None:
                return None
            total += nearest[0]
            seen.append(_as_written(nearest[1], facts))
        return Match(Strength.SIMILAR, f"name ~ {' '.join(dict.fromkeys(seen))}", total)

    return best


@lru_cache(maxsize=16_384)
def _nearest(part: str, names: frozenset[str], is_half_typed: bool) -> tuple[int, str] | None:
    rated = [(0, name) for name in names if name.startswith(part)]
    if not rated:
        rated = [(far, name) for name, far in alike(part, names, is_half_typed=is_half_typed).items()]
    return min(rated, default=None)


def _as_written(word: str, facts: Facts) -> str:
    """The word of the name as it is written, where it is found there."""
    written = f"{facts.given_name} {facts.family_name}".split()
    for piece in written:
        if piece.lower() == word:
            return piece
    return next((piece for piece in written if word in name_words(piece, "")), word)


def _starts(values: Iterable[str], start: str) -> bool:
    return any(value.startswith(start) for value in values)


def _is_whole(word: Word) -> bool:
    codes = word.pass_code or word.contract_code
    return bool(word.number or word.email_whole or word.phone_whole or word.username_whole or codes)


_WAYS: tuple[tuple[Callable[[Word], object], Callable[[Word, Facts], Match | None]], ...] = (
    (_is_whole, _whole),
    (lambda word: word.names, _name),
    (lambda word: word.email, _email),
    (lambda word: word.digits, _phone),
    (lambda word: word.username, _username),
    (lambda word: word.pass_code or word.contract_code, _code),
    (lambda word: word.number_start, _number),
    (lambda word: word.cities, _city),
)
"""For which words each way is tried, and the ways, the best one first."""
