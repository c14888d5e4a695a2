"""What a blocker of a merge is, and how a merge ends that must wait for something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as _field
from datetime import datetime
from enum import StrEnum
from typing import Any

from db.errors import Invalid, RefusalCode, Refused
from db.merging.people import Choices
from db.rules.policy import Policy


class BlockerKind(StrEnum):
    """What it is; the code of the error that a merge ends with."""

    OWN_RECORD = "own-record"
    TAKEOVER_FLAG = "takeover-flag"
    ALREADY_MERGED = "already-merged"
    ERASED = "erased"
    TWO_SIGN_INS = "two-sign-ins"
    OPEN_LINK = "open-link"
    SAME_PASS_TWICE = "same-pass-twice"
    ONE_CARD_EACH = "one-card-each"
    CONTACT_HELD = "contact-held"
    OPEN_INTERACTION = "open-interaction"
    BECOMES_SUSPENDED = "becomes-suspended"
    BECOMES_LOCKED = "becomes-locked"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, kw_only=True)
class Blocker:
    """One thing: `field` is the merge's own parameter that resolves it, `operation` with `values` another.

    Of an address that somebody else holds, `values` say which `profile` it is.

    `stops`: whether the merge is refused because of it; the rest only warns.
    """

    kind: BlockerKind
    sentence: str
    customers: tuple[int, ...]
    field: str | None = None
    operation: str | None = None
    values: Mapping[str, Any] = _field(default_factory=dict)
    stops: bool = True


class Blocked(Invalid):
    """A merge that must wait for something; `blockers` has all that stops it."""

    def __init__(self, blockers: tuple[Blocker, ...]) -> None:
        first = blockers[0]
        super().__init__(first.sentence, field=first.field, code=first.kind.value)
        self.blockers = blockers


@dataclass(frozen=True, kw_only=True)
class Asking:
    """For whom blockers are looked for: the customers, the survivor first, and who merges them."""

    ids: tuple[int, ...]
    choices: Choices
    policy: Policy
    now: datetime
    operator_id: str
    own_customer_id: int | None


def refuse(found: Sequence[Blocker]) -> None:
    """Raise for the first that stops: `Refused` where it is a rule about people, else `Blocked`."""
    stopping = tuple(each for each in found if each.stops)
    if not stopping:
        return
    codes = {
        BlockerKind.OWN_RECORD: RefusalCode.PERMISSION,
        BlockerKind.TAKEOVER_FLAG: RefusalCode.TAKEOVER,
    }
    first = stopping[0]
    if first.kind in codes:
        raise Refused(first.sentence, code=codes[first.kind])
    raise Blocked(stopping)
