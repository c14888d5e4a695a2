"""Says which pairs agree so far that they can be judged in bulk; pure."""

from collections.abc import Sequence

from db.duplicates.levels import Birth, Contact, Field, Name, Place, level_of

_SAME = {
    Field.GIVEN: Name.EXACT,
    Field.FAMILY: Name.EXACT,
    Field.BIRTH: Birth.EXACT,
    Field.EMAIL: Contact.EXACT,
    Field.PHONE: Contact.EXACT,
    Field.PASS: Contact.EXACT,
    Field.USERNAME: Contact.EXACT,
    Field.ADDRESS: Place.EXACT,
}
_MUST = (Field.GIVEN, Field.FAMILY, Field.BIRTH)
"""A father and his son differ in the birth date alone, so it has to be known of both."""


def is_exact(codes: Sequence[int]) -> bool:
    """Whether both names, the birth date and one thing more are the same, and nothing that both have differs.

    A field that only one of the two has says nothing.
    """
    same = [field for field in Field if level_of(codes[field]) == _SAME[field]]
    known = [field for field in Field if level_of(codes[field])]
    return same == known and len(same) > len(_MUST) and set(_MUST) <= set(same)
