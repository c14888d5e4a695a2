"""Tells people who live together, and namesakes, from one person entered twice; pure.

A shared email, phone, street and postcode is a household, not a duplicate: the sum of such evidence is
capped. The rules were found on one generated base and are measured on another (decision 0013).
"""

import math

import msgspec

from db.duplicates.levels import UNLIKE, Birth, Codes, Contact, Field, Name, Place, level_of
from db.duplicates.weights import Facts

CONTACTS = (Field.EMAIL, Field.PHONE, Field.ADDRESS)
"""The fields whose agreement people who live together share."""

HOME = frozenset({Place.EXACT, Place.HOUSE})
MILLION = 1_000_000
SMALLEST = 500
"""Customers below which the threshold does not sink further."""

SHIPPED_SHARE = 0.1
"""Duplicates a customer in a base that nothing is known of."""

LEANING = 1_000
"""Customers that this share counts as."""

LEAST_CARE = 0.05

SAME_NAME = frozenset(
    {
        Name.EXACT, Name.ACCENTS, Name.SWAPPED, Name.CROSSED, Name.NICKNAME, Name.INITIAL, Name.PART,
        Name.CLOSE, Name.NEAR,
    }
)  # fmt: skip
OTHER_NAME = UNLIKE
SAME_BIRTH = frozenset({Birth.EXACT, Birth.TRANSPOSED})
OTHER_BIRTH = frozenset({Birth.OTHER, Birth.YEAR})


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers of the rules, in bits; `threshold` is that of a base of a million."""

    threshold: float = 24
    contact_cap: float = 16
    household: float = 10
    namesake: float = 16


def fitted(rules: Rules, facts: Facts) -> Rules:
    """Return the rules as a base asks for them.

    The threshold follows the odds that two people drawn at random are one: a base of fewer customers, or of
    more duplicates, needs less evidence. Where hardly anybody shares an address with somebody of another
    name, there are no households to be careful of.
    """
    share = (facts.doubles + SHIPPED_SHARE * LEANING) / (facts.customers + LEANING)
    shift = math.log2(max(facts.customers, SMALLEST) / MILLION) - math.log2(share / SHIPPED_SHARE)
    care = max(LEAST_CARE, min(1.0, 2 * facts.households))
    return Rules(
        threshold=round(rules.threshold + shift, 1),
        contact_cap=rules.contact_cap / care,
        household=rules.household * care,
        namesake=rules.namesake * care,
    )


def adjustments(codes: Codes, bits: tuple[float, ...], rules: Rules) -> list[tuple[str, float]]:
    """Return what the rules take off the sum, each with its name."""
    found = []
    contact = sum(max(0.0, bits[field]) for field in CONTACTS)
    if contact > rules.contact_cap:
        found.append(("household cap", rules.contact_cap - contact))
    given, family, birth = (level_of(codes[field]) for field in (Field.GIVEN, Field.FAMILY, Field.BIRTH))
    has_pass = level_of(codes[Field.PASS]) == Contact.EXACT
    if given in OTHER_NAME and family in SAME_NAME and birth not in SAME_BIRTH and not has_pass:
        found.append(("household", -float(rules.household)))
    if given in SAME_NAME and family in SAME_NAME and birth in OTHER_BIRTH:
        found.append(("namesake", -float(rules.namesake)))
    return found
