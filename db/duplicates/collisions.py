"""Says which duplicate detection mode would refuse a pair (P4); pure."""

from collections.abc import Sequence

from db.duplicates.levels import Contact, Field, level_of

NONE, EMAIL, PHONE, BOTH = "none", "email", "phone", "both"
_KINDS = {(False, False): NONE, (True, False): EMAIL, (False, True): PHONE, (True, True): BOTH}


def collision(codes: Sequence[int]) -> str:
    """Return what the two have in common that a mode keeps unique: email, phone, both or none."""
    same = (level_of(codes[field]) == Contact.EXACT for field in (Field.EMAIL, Field.PHONE))
    return _KINDS[tuple(same)]  # type: ignore[index]  # two of them
