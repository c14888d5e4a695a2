"""What an action of the console is, and the places where keys act."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Place(StrEnum):
    """Where the operator is, as far as keys care."""

    BOX = "box"
    RESULTS = "results"
    CUSTOMER = "customer"
    MESSAGE = "message"
    MENU = "menu"
    HELP = "help"
    OPERATION = "operation"
    AUDIT = "audit"
    EVENT = "event"
    MAILBOX = "mailbox"
    OPERATORS = "operators"
    SETTINGS = "settings"
    DEDUP = "dedup"
    ROLES = "roles"
    TEMPLATES = "templates"
    OUTBOX = "outbox"
    ASKING = "asking"
    DIAGNOSIS = "diagnosis"
    INSPECTION = "inspection"
    PORTAL = "portal"
    WALK = "walk"
    ANSWER = "answer"
    PLAYBOOKS = "playbooks"
    TYPOS = "typos"
    MERGE = "merge"
    DUPLICATES = "duplicates"
    BULK = "bulk"


PLACE_NAMES: Final = {
    Place.BOX: "search box",
    Place.RESULTS: "results",
    Place.CUSTOMER: "customer",
    Place.MESSAGE: "message",
    Place.MENU: "menus",
    Place.HELP: "help",
    Place.OPERATION: "forms",
    Place.AUDIT: "audit log",
    Place.EVENT: "event",
    Place.MAILBOX: "practice mailbox",
    Place.OPERATORS: "operators",
    Place.SETTINGS: "settings",
    Place.DEDUP: "duplicate detection",
    Place.ROLES: "role table",
    Place.TEMPLATES: "mail templates",
    Place.OUTBOX: "outbox",
    Place.ASKING: "questions",
    Place.DIAGNOSIS: "diagnosis",
    Place.INSPECTION: "inspected mail",
    Place.PORTAL: "customer's own sign-in",
    Place.WALK: "walk of a playbook",
    Place.ANSWER: "answer box",
    Place.PLAYBOOKS: "playbooks",
    Place.TYPOS: "typo table",
    Place.MERGE: "merge",
    Place.DUPLICATES: "duplicates",
    Place.BULK: "judging in bulk",
}
_GLYPHS: Final = {
    "enter": "⏎",
    "escape": "esc",
    "slash": "/",
    "colon": ":",
    "full_stop": ".",
    "comma": ",",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "down": "↓",
    "alt+left": "alt+←",
    "alt+right": "alt+→",
    "f1": "F1",
    "f5": "F5",
    "tab": "tab",
}


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something a key or a command of the palette does.

    `permission` names the operation whose row in the role table decides who may; None for what every
    operator may. `rank` orders the key line, where the lowest stay when the line is short. `meaning` is
    what the key stands for, where several actions share one: the same key never has two. `command` is the
    form on the command line. With `takes_key` the method is told which of the keys it was.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    places: frozenset[Place]
    permission: str | None = None
    danger: str = "safe"
    rank: int = 50
    is_sandbox_only: bool = False
    is_in_key_line: bool = True
    is_in_palette: bool = False
    meaning: str = ""
    command: str = ""
    takes_key: bool = False
    shown: str = ""

    @property
    def method(self) -> str:
        """The name of the screen's action, as textual spells it."""
        return self.id.replace("-", "_")

    @property
    def key(self) -> str:
        """The first key, as the operator reads it."""
        return self.shown or (shown_key(self.keys[0]) if self.keys else "")

    @property
    def all_keys(self) -> str:
        """All of its keys, as the operator reads them; what has none is a command of the palette."""
        return self.shown or " or ".join(shown_key(key) for key in self.keys) or f": {self.label}"


def shown_key(key: str) -> str:
    """Return a key as the operator reads it."""
    return _GLYPHS.get(key, key)


def places(*wanted: Place) -> frozenset[Place]:
    """Return a set of places."""
    return frozenset(wanted)


EVERYWHERE: Final = frozenset(Place)
TYPING: Final = places(
    *(Place.BOX, Place.MENU, Place.OPERATION, Place.HELP, Place.ASKING, Place.PORTAL, Place.ANSWER)
)
"""Where every printable key types."""
LETTERS: Final = EVERYWHERE - TYPING
"""Where letters act."""
WHOLE: Final = LETTERS | places(Place.BOX)
"""Screens on which no typed work could be lost by going elsewhere."""
