"""Names every key of the console once: bindings, key line, help and README table are made from it.

Same key, same meaning, everywhere; a test holds the table to that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from textual.binding import Binding, BindingType


class Place(StrEnum):
    """Where the operator is, as far as keys care."""

    BOX = "box"
    RESULTS = "results"
    CUSTOMER = "customer"
    MENU = "menu"
    HELP = "help"
    OPERATION = "operation"
    AUDIT = "audit"
    EVENT = "event"
    MAILBOX = "mailbox"


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something a key does.

    `permission` names the operation whose row in the role table decides who may; None for what every
    operator may. `rank` orders the key line, where the lowest stay when the line is short.
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

    @property
    def method(self) -> str:
        """The name of the screen's action, as textual spells it."""
        return self.id.replace("-", "_")

    @property
    def key(self) -> str:
        """The first key, as the operator reads it."""
        return shown_key(self.keys[0])


def _in(*places: Place) -> frozenset[Place]:
    return frozenset(places)


_EVERYWHERE: Final = frozenset(Place)
_LETTERS: Final = _in(Place.RESULTS, Place.CUSTOMER, Place.AUDIT, Place.EVENT, Place.MAILBOX)

ACTIONS: Final[tuple[Action, ...]] = (
    Action(
        id="open",
        keys=("enter",),
        label="open",
        help="Opens what is selected.",
        places=_in(Place.BOX, Place.RESULTS, Place.AUDIT, Place.MAILBOX),
        rank=1,
    ),
    Action(
        id="choose",
        keys=("enter",),
        label="choose",
        help="Starts what is selected, or asks for an operation on it.",
        places=_in(Place.MENU, Place.CUSTOMER),
        rank=1,
    ),
    Action(
        id="leave-box",
        keys=("down", "tab"),
        label="to results",
        help="Moves from the search box into the results, where letters act.",
        places=_in(Place.BOX),
        rank=2,
    ),
    Action(
        id="edit",
        keys=("e",),
        label="edit",
        help="Lists what can be done to the selected row.",
        places=_in(Place.CUSTOMER),
        rank=3,
    ),
    Action(
        id="reset",
        keys=("r",),
        label="reset/activate",
        help="Sends a reset link to an active customer, an activation link to an inactive one (P5).",
        places=_in(Place.CUSTOMER),
        permission="send-sign-in-link",
        rank=4,
    ),
    Action(
        id="add",
        keys=("a",),
        label="add",
        help="Adds an email, a phone, a sign-in, a pass holder's authorised person, a contract.",
        places=_in(Place.CUSTOMER),
        rank=5,
    ),
    Action(
        id="note",
        keys=("n",),
        label="note",
        help="Writes a note about the customer.",
        places=_in(Place.CUSTOMER),
        permission="add-note",
        rank=6,
    ),
    Action(
        id="new",
        keys=("n",),
        label="new customer",
        help="Adds a customer; possible duplicates are named before anything is written.",
        places=_in(Place.RESULTS),
        permission="add-customer",
        rank=6,
    ),
    Action(
        id="history",
        keys=("h",),
        label="history",
        help="Shows the audit log; from a customer, that customer's.",
        places=_in(Place.RESULTS, Place.CUSTOMER),
        rank=7,
    ),
    Action(
        id="mailbox",
        keys=("b",),
        label="mailbox",
        help="Shows the mails that the sandbox has sent; none of them left this machine.",
        places=_in(Place.RESULTS, Place.CUSTOMER),
        rank=8,
        is_sandbox_only=True,
    ),
    Action(
        id="copy",
        keys=("y",),
        label="copy",
        help="Sends the selected value to your terminal's clipboard.",
        places=_in(Place.RESULTS, Place.CUSTOMER, Place.EVENT, Place.MAILBOX),
        rank=12,
    ),
    Action(
        id="save",
        keys=("ctrl+s",),
        label="save",
        help="Shows what will change; again, saves it.",
        places=_in(Place.OPERATION),
        rank=1,
    ),
    Action(
        id="search",
        keys=("slash",),
        label="search",
        help="Goes back to the search box.",
        places=_LETTERS,
        rank=9,
    ),
    Action(
        id="palette",
        keys=("ctrl+p",),
        label="commands",
        help="Finds any operation or command by its name, from everywhere.",
        places=_in(Place.BOX),
        rank=11,
    ),
    Action(
        id="palette",
        keys=("colon", "ctrl+p"),
        label="command",
        help="Finds any operation or command by its name.",
        places=_in(Place.RESULTS, Place.CUSTOMER),
        rank=10,
    ),
    Action(
        id="refresh",
        keys=("f5",),
        label="read again",
        help="Reads from the database again.",
        places=_in(Place.BOX, Place.RESULTS, Place.CUSTOMER, Place.AUDIT, Place.MAILBOX),
        is_in_key_line=False,
    ),
    Action(
        id="help",
        keys=("f1",),
        label="help",
        help="Shows what each key does here.",
        places=_in(Place.BOX, Place.MENU, Place.OPERATION),
        rank=2,
    ),
    Action(
        id="help",
        keys=("question_mark", "f1"),
        label="help",
        help="Shows what each key does here.",
        places=_LETTERS,
        rank=2,
    ),
    Action(
        id="back",
        keys=("escape",),
        label="back",
        help="Goes back; typed work is never thrown away without a question.",
        places=_EVERYWHERE - {Place.BOX},
        rank=0,
    ),
    Action(
        id="clear",
        keys=("escape",),
        label="clear",
        help="Empties the search box.",
        places=_in(Place.BOX),
        rank=8,
    ),
    Action(
        id="quit",
        keys=("ctrl+q",),
        label="quit",
        help="Ends the session.",
        places=_EVERYWHERE,
        rank=20,
    ),
)

_GLYPHS: Final = {
    "enter": "⏎",
    "escape": "esc",
    "slash": "/",
    "colon": ":",
    "question_mark": "?",
    "down": "↓",
    "f1": "F1",
    "f5": "F5",
    "tab": "tab",
}


def shown_key(key: str) -> str:
    """Return a key as the operator reads it."""
    return _GLYPHS.get(key, key)


def at(place: Place, *, is_sandbox: bool = True) -> tuple[Action, ...]:
    """Return what keys do in a place, in the order of the table."""
    return tuple(
        action for action in ACTIONS if place in action.places and (is_sandbox or not action.is_sandbox_only)
    )


def key_line(place: Place, *, is_sandbox: bool) -> tuple[Action, ...]:
    """Return what the last line of the screen offers, most needed first."""
    return tuple(action for action in at(place, is_sandbox=is_sandbox) if action.is_in_key_line)


def bindings(*places: Place) -> list[BindingType]:
    """Return textual's bindings for a screen that is these places; the key line is ours, so none is shown.

    Quitting is bound once, on the app.
    """
    return list(_bindings(places))


def _bindings(places: tuple[Place, ...]) -> Iterator[Binding]:
    seen: set[tuple[str, str]] = set()
    for place in places:
        for action in at(place):
            for key in action.keys:
                if action.id != "quit" and (key, action.id) not in seen:
                    seen.add((key, action.id))
                    yield Binding(key, action.method, action.label, show=False, id=f"{action.id}.{key}")
