"""Scores a pair from its levels, and explains the score field by field.

The levels are all that is stored: weight and explanation follow from them.
"""

from dataclasses import dataclass
from functools import cache

from db.duplicates.households import Rules, adjustments
from db.duplicates.levels import LEVELS_OF, Birth, Codes, Contact, Field, Name, Place, level_of
from db.duplicates.weights import Weights

LABELS = {
    Field.GIVEN: "given",
    Field.FAMILY: "surname",
    Field.BIRTH: "birth date",
    Field.EMAIL: "email",
    Field.PHONE: "phone",
    Field.PASS: "pass",
    Field.USERNAME: "username",
    Field.ADDRESS: "address",
}
FIELDS = {label: field for field, label in LABELS.items()}
_NAMES: dict[int, str] = {
    Name.EXACT: "same",
    Name.ACCENTS: "same but for accents",
    Name.SWAPPED: "given and family name swapped",
    Name.NICKNAME: "nickname",
    Name.INITIAL: "initial",
    Name.PART: "one of several names",
    Name.CLOSE: "close",
    Name.NEAR: "near",
    Name.ALIKE: "somewhat alike",
    Name.OTHER: "differs",
    Name.CROSSED: "given and family name swapped, near",
}
_CONTACTS: dict[int, str] = {
    Contact.EXACT: "same",
    Contact.LOCAL: "same before the @",
    Contact.OTHER: "differs",
}
_WORDS: dict[Field, dict[int, str]] = {
    Field.BIRTH: {
        Birth.EXACT: "same",
        Birth.TRANSPOSED: "day and month swapped",
        Birth.DIGIT: "one digit differs",
        Birth.YEAR: "same year",
        Birth.OTHER: "differs",
    },
    Field.ADDRESS: {
        Place.EXACT: "same",
        Place.HOUSE: "same house number and postcode",
        Place.STREET: "same street",
        Place.POSTCODE: "same postcode",
        Place.CITY: "same city",
        Place.OTHER: "differs",
    },
}
_UNKNOWN = "not on both"


@dataclass(frozen=True)
class Part:
    """One summand: a field with how far it agrees, or a rule; `bits` of evidence, negative against."""

    label: str
    what: str
    bits: float

    def __str__(self) -> str:
        return f"{self.label} {_signed(self.bits)}"


@dataclass(frozen=True)
class Score:
    """How likely a pair is one person: `weight` in bits, and what that is made of, by field."""

    weight: float
    levels: Codes
    parts: tuple[Part, ...]

    @property
    def line(self) -> str:
        """The explanation, such as `given +9.6 · surname +12.4 · email +18.4 · household cap −20.8`."""
        return " · ".join(str(part) for part in self.parts if abs(part.bits) >= 0.05)

    @property
    def deciding(self) -> Part | None:
        """The part that speaks most against the pair, or None where nothing does."""
        against = [part for part in self.parts if part.bits < 0 and part.what]
        return min(against, key=lambda part: part.bits, default=None)


def score(codes: Codes, weights: Weights, rules: Rules) -> Score:
    """Return the score of a pair that agrees so far."""
    bits = weights.bits(codes)
    fields = [Part(LABELS[field], what(field, codes[field]), bits[field]) for field in Field if codes[field]]
    taken = [Part(label, "", value) for label, value in adjustments(codes, bits, rules)]
    total = sum(bits) + sum(part.bits for part in taken)
    return Score(round(total, 2), codes, (*fields, *taken))


def weight(codes: Codes, weights: Weights, rules: Rules) -> float:
    """Return the weight alone: most of those who are compared are not worth an explanation."""
    bits = weights.bits(codes)
    return round(sum(bits) + sum(value for _, value in adjustments(codes, bits, rules)), 2)


def what(field: Field, found: int) -> str:
    """Say in words how far a field agrees."""
    return _words(field).get(level_of(found), _UNKNOWN)


@cache
def _words(field: Field) -> dict[int, str]:
    if field in _WORDS:
        return _WORDS[field]
    return _NAMES if LEVELS_OF[field] is Name else _CONTACTS


def _signed(bits: float) -> str:
    return f"{'−' if bits < 0 else '+'}{abs(bits):.1f}"
