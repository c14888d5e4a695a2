"""Decides which contact values are kept unique, and who holds them (P4)."""

from collections.abc import Collection
from enum import StrEnum
from typing import Literal

ContactKind = Literal["email", "phone"]

_HOLDS_NOTHING = frozenset({"suspended", "merged", "erased"})


class DedupMode(StrEnum):
    """The one setting for duplicate detection; changed by admins only."""

    OFF = "off"
    BY_PHONE = "by-phone"
    BY_EMAIL = "by-email"
    BY_BOTH = "by-both"

    @property
    def requires_email(self) -> bool:
        """Whether every customer must have an email profile."""
        return self in {DedupMode.BY_EMAIL, DedupMode.BY_BOTH}

    @property
    def requires_phone(self) -> bool:
        """Whether every customer must have a phone profile."""
        return self in {DedupMode.BY_PHONE, DedupMode.BY_BOTH}

    def blocks(self, kind: ContactKind) -> bool:
        """Whether a save is refused while another customer holds the same value of this kind."""
        return self.requires_email if kind == "email" else self.requires_phone


def holds(status: str, pass_states: Collection[str]) -> bool:
    """Whether a customer holds their email and phone profiles, primary or not.

    Suspended, merged and erased customers hold nothing, nor does an active one whose every pass is
    suspended; an inactive one holds whatever its passes are. A status that is not known holds: doubt must
    not let a second customer in.
    """
    if status in _HOLDS_NOTHING:
        return False
    return status == "inactive" or not pass_states or any(state != "suspended" for state in pass_states)
