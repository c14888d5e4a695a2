"""The levels to which two records can agree, field by field, and how they are stored; pure.

A level is a small number with a meaning of its field. The code of a field is `level * RARITIES + rarity`:
for values that count by how rare they are, the rarity is minus the binary logarithm of their share, in
whole bits.
"""

from enum import IntEnum

RARITIES = 32
LEVELS = 16
"""Room for levels in a field; a code is below `LEVELS * RARITIES`."""


class Field(IntEnum):
    """What is compared, in the order in which levels are stored and told."""

    GIVEN = 0
    FAMILY = 1
    BIRTH = 2
    EMAIL = 3
    PHONE = 4
    PASS = 5
    USERNAME = 6
    ADDRESS = 7


class Name(IntEnum):
    """How far two given or two family names agree."""

    UNKNOWN = 0
    EXACT = 1
    ACCENTS = 2
    SWAPPED = 3
    NICKNAME = 4
    INITIAL = 5
    PART = 6
    CLOSE = 7
    NEAR = 8
    ALIKE = 9
    OTHER = 10
    CROSSED = 11


class Birth(IntEnum):
    """How far two birth dates agree."""

    UNKNOWN = 0
    EXACT = 1
    TRANSPOSED = 2
    DIGIT = 3
    YEAR = 4
    OTHER = 5


class Contact(IntEnum):
    """How far emails or phones agree; passes and usernames only know the first two."""

    UNKNOWN = 0
    EXACT = 1
    LOCAL = 2
    OTHER = 3


class Place(IntEnum):
    """How far two addresses agree."""

    UNKNOWN = 0
    EXACT = 1
    HOUSE = 2
    STREET = 3
    POSTCODE = 4
    CITY = 5
    OTHER = 6


LEVELS_OF: dict[Field, type[IntEnum]] = {
    Field.GIVEN: Name,
    Field.FAMILY: Name,
    Field.BIRTH: Birth,
    Field.EMAIL: Contact,
    Field.PHONE: Contact,
    Field.PASS: Contact,
    Field.USERNAME: Contact,
    Field.ADDRESS: Place,
}
BY_RARITY: dict[Field, frozenset[int]] = {
    Field.GIVEN: frozenset({Name.EXACT, Name.ACCENTS, Name.SWAPPED}),
    Field.FAMILY: frozenset({Name.EXACT, Name.ACCENTS, Name.SWAPPED}),
    Field.EMAIL: frozenset({Contact.EXACT}),
    Field.PHONE: frozenset({Contact.EXACT}),
}
"""Which levels count by how rare the value is."""

UNLIKE = frozenset({Name.OTHER, Name.ALIKE})
"""Levels of names that are another name: only where both are is it looked whether they are swapped."""

Codes = tuple[int, ...]
"""One code a field, in the order of `Field`."""


def code(level: int, rarity: int = 0) -> int:
    """Return a level with a rarity as one number."""
    return level * RARITIES + rarity


def level_of(found: int) -> int:
    """Return the level in a code."""
    return found // RARITIES


def encode(codes: Codes) -> str:
    """Return codes as they are stored."""
    return ".".join(map(str, codes))


def decode(text: str) -> Codes:
    """Return stored codes."""
    return tuple(map(int, text.split(".")))
