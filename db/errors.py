"""The errors that an operator can meet, each with a sentence that says what happened and what to do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from db.ledger import Change


class RefusalCode(StrEnum):
    """Why a change was refused; these, and no other errors, are audited (R2)."""

    PERMISSION = "permission"
    VERIFICATION = "verification"
    COOL_DOWN = "cool-down"
    RATE = "rate"
    TAKEOVER = "takeover"


class LatchkeyError(Exception):
    """Something an operator should read: `sentence` is for people, `code` for programs."""

    code = "error"
    exit_status = 1

    def __init__(self, sentence: str, *, field: str | None = None, code: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        if code is not None:
            self.code = code


class Invalid(LatchkeyError):
    """What was typed cannot be used; nothing was written."""

    code = "invalid"


class Unknown(LatchkeyError):
    """What was named is not in the database."""

    code = "unknown"


class Refused(LatchkeyError):
    """The rules do not let this operator do this now; the refusal itself is audited."""

    def __init__(self, sentence: str, *, code: RefusalCode, field: str | None = None) -> None:
        super().__init__(sentence, field=field, code=code.value)


@dataclass(frozen=True)
class Holder:
    """The live customer who already holds a contact value."""

    customer_id: int
    label: str
    status: str
    state: str


class Clash(LatchkeyError):
    """Another live customer holds the same value (P4); nothing was written."""

    code = "clash"

    def __init__(self, sentence: str, *, field: str, holder: Holder) -> None:
        super().__init__(sentence, field=field)
        self.holder = holder


class Stale(LatchkeyError):
    """Somebody changed the record since it was read (R55); `changes` says what."""

    code = "stale"

    def __init__(self, sentence: str, *, version: int, changes: "tuple[Change, ...]") -> None:
        super().__init__(sentence)
        self.version = version
        self.changes = changes


class Unavailable(LatchkeyError):
    """The database cannot be used just now, or at all."""

    code = "database-unavailable"
    exit_status = 3


class ReadOnly(LatchkeyError):
    """This session was started to look and not to change; nothing was tried."""

    code = "read-only"

    def __init__(self) -> None:
        super().__init__("This session is read-only. Start it without --read-only to make changes.")


class IntegrityFailed(LatchkeyError):
    """The audit log does not verify."""

    code = "integrity"
    exit_status = 4
