"""Compares two records and says how far they agree in each field; pure.

`db.duplicates.scanning.comparing` does the same in arrays: what is changed here is changed there.
"""

from collections.abc import Collection
from functools import cache
from importlib import resources
from typing import Protocol

import msgspec
from rapidfuzz.distance.JaroWinkler import similarity

from db.duplicates.folding import Home, Person
from db.duplicates.levels import BY_RARITY, UNLIKE, Birth, Codes, Contact, Field, Name, Place, code, level_of

CLOSE, NEAR, ALIKE = 0.94, 0.88, 0.80
"""Jaro–Winkler similarity from which on two names are close, near, alike."""

SAME_PLACE = 0.92
"""The same for streets and cities, which then count as the same."""


class Rarity(Protocol):
    """How rare a value is in the base, in whole bits below `RARITIES`."""

    def name(self, field: Field, folded: str) -> int:
        """Of a folded given or family name."""

    def email(self, canonical: str) -> int:
        """Of an email address."""

    def phone(self, key: str) -> int:
        """Of the last digits of a phone number."""


def compare(one: Person, other: Person, rarity: Rarity) -> Codes:
    """Return how far two records agree in each field; the same whichever comes first."""
    return (
        *_names(one, other, rarity),
        code(birth_level(one.born, other.born)),
        _email(one, other, rarity),
        _phone(one, other, rarity),
        code(Contact.EXACT if _shared(one.passes, other.passes) else Contact.UNKNOWN),
        code(Contact.EXACT if _shared(one.usernames, other.usernames) else Contact.UNKNOWN),
        code(place_level(one.home, other.home)),
    )


def _names(one: Person, other: Person, rarity: Rarity) -> tuple[int, int]:
    straight = _straight(one, other, rarity)
    if any(level_of(found) not in UNLIKE for found in straight):
        return straight
    crossed = _crossed(one.given, other.family, rarity), _crossed(one.family, other.given, rarity)
    return (min(crossed), max(crossed)) if all(crossed) else straight


def _crossed(given: str, family: str, rarity: Rarity) -> int:
    """Return the code of a given name that may be another's family name; 0 where they are not alike."""
    if given == family:
        return code(Name.SWAPPED, min(rarity.name(Field.GIVEN, given), rarity.name(Field.FAMILY, given)))
    return code(Name.CROSSED) if similarity(*sorted((given, family))) >= NEAR else 0


def _straight(one: Person, other: Person, rarity: Rarity) -> tuple[int, int]:
    sides = (
        (Field.GIVEN, one.given, other.given, one.written[0], other.written[0]),
        (Field.FAMILY, one.family, other.family, one.written[1], other.written[1]),
    )
    given, family = (
        code(level, rarity.name(field, mine) if level in BY_RARITY[field] else 0)
        for field, mine, theirs, my_writing, their_writing in sides
        for level in (name_level(mine, theirs, is_written_alike=my_writing == their_writing),)
    )
    return given, family


def name_level(one: str, other: str, *, is_written_alike: bool = True) -> Name:
    """Return how far two folded names agree."""
    if not one or not other:
        return Name.UNKNOWN
    if one == other:
        return Name.EXACT if is_written_alike else Name.ACCENTS
    return unlike_level(features(one), features(other), similarity(*sorted((one, other))))


class Features(msgspec.Struct, frozen=True, gc=False):
    """What is known of a folded name by itself; `last` is empty where it is one word."""

    nicknames: frozenset[int]
    is_initial: bool
    letter: str
    first: str
    last: str


def features(name: str) -> Features:
    """Return what is compared of a folded name beside its letters."""
    words = name.split(" ")
    several = len(words) > 1
    return Features(
        nicknames=nickname_groups().get(name, frozenset()),
        is_initial=len(name) == 1,
        letter=name[:1],
        first=words[0],
        last=words[-1] if several else "",
    )


def unlike_level(one: Features, other: Features, alike: float) -> Name:
    """Return how far two different names agree; `alike` is their Jaro–Winkler similarity."""
    if one.nicknames & other.nicknames:
        return Name.NICKNAME
    if alike >= CLOSE:
        return Name.CLOSE
    if (one.is_initial or other.is_initial) and one.letter == other.letter:
        return Name.INITIAL
    if has_part(one, other):
        return Name.PART
    if alike >= NEAR:
        return Name.NEAR
    return Name.ALIKE if alike >= ALIKE else Name.OTHER


def has_part(one: Features, other: Features) -> bool:
    """Whether one of several names is the other name, or the first or last of its names."""
    if not (one.last or other.last):
        return False
    return one.first == other.first or (one.last or one.first) == (other.last or other.first)


@cache
def nickname_groups() -> dict[str, frozenset[int]]:
    """Return the groups of given names that stand for one another, by name."""
    source = resources.files("db.duplicates").joinpath("nicknames.toml").read_bytes()
    groups: list[str] = msgspec.toml.decode(source)["groups"]
    found: dict[str, set[int]] = {}
    for number, group in enumerate(groups, start=1):
        for name in group.split():
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


def birth_level(one: int, other: int) -> Birth:
    """Return how far two dates agree, each year·month·day as one number, 0 where it is not known."""
    if not one or not other:
        return Birth.UNKNOWN
    if one == other:
        return Birth.EXACT
    year, month, day = one // 10_000, one // 100 % 100, one % 100
    if other == year * 10_000 + day * 100 + month:
        return Birth.TRANSPOSED
    first, second = f"{one:08}", f"{other:08}"
    apart = [at for at in range(8) if first[at] != second[at]]
    is_swap = (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and first[apart[0]] == second[apart[1]]
        and first[apart[1]] == second[apart[0]]
    )
    if len(apart) == 1 or is_swap:
        return Birth.DIGIT
    return Birth.YEAR if year == other // 10_000 else Birth.OTHER


def _email(one: Person, other: Person, rarity: Rarity) -> int:
    if not one.emails or not other.emails:
        return code(Contact.UNKNOWN)
    shared = _shared(one.emails, other.emails)
    if shared:
        return code(Contact.EXACT, max(map(rarity.email, shared)))
    if _shared(one.locals, other.locals):
        return code(Contact.LOCAL)
    return code(Contact.OTHER)


def _phone(one: Person, other: Person, rarity: Rarity) -> int:
    if not one.phones or not other.phones:
        return code(Contact.UNKNOWN)
    shared = _shared(one.phones, other.phones)
    if shared:
        return code(Contact.EXACT, max(map(rarity.phone, shared)))
    return code(Contact.OTHER)


def _shared(one: Collection[str], other: Collection[str]) -> list[str]:
    return [value for value in one if value in other]


def place_level(one: Home, other: Home) -> Place:
    """Return how far two addresses agree."""
    if not _is_known(one) or not _is_known(other):
        return Place.UNKNOWN
    same_house = bool(one.house) and one.house == other.house
    same_postcode = bool(one.postcode) and one.postcode == other.postcode
    same_street, same_city = _same_place(one.street, other.street), _same_place(one.city, other.city)
    if same_house and same_street and (same_postcode or same_city):
        return Place.EXACT
    if same_house and same_postcode:
        return Place.HOUSE
    if same_street and (same_house or same_postcode or same_city):
        return Place.STREET
    if same_postcode:
        return Place.POSTCODE
    return Place.CITY if same_city else Place.OTHER


def _is_known(home: Home) -> bool:
    return bool(home.street or home.postcode or home.city)


def _same_place(one: str, other: str) -> bool:
    return bool(one and other) and (one == other or similarity(*sorted((one, other))) >= SAME_PLACE)
