"""Names every key of the console once: bindings, key line, help, palette and README table are made from it.

Same key, same meaning, everywhere; a test holds the table to that. The rows stand in `actions_work`
(what is done), `actions_insight` (what is found out), `actions_office` (screens for admins),
`actions_procedures` (interactions, playbooks), `actions_merging` (duplicates brought together),
`actions_practice` (the customer's side in the sandbox) and
`actions_moving` (where one goes).
"""

from collections.abc import Iterator
from typing import Final

from textual.binding import Binding, BindingType

from tui.action import PLACE_NAMES, Action, Place, shown_key
from tui.actions_duplicates import DUPLICATES
from tui.actions_insight import INSIGHT
from tui.actions_merging import MERGING
from tui.actions_moving import MOVING
from tui.actions_office import OFFICE, SCREEN_WAYS
from tui.actions_practice import PRACTICE
from tui.actions_procedures import PROCEDURES
from tui.actions_work import WORK

__all__ = ["ACTIONS", "PLACE_NAMES", "Action", "Place", "at", "bindings", "commands", "key_line", "shown_key"]

ACTIONS: Final[tuple[Action, ...]] = (
    *OFFICE,
    *WORK,
    *INSIGHT,
    *MERGING,
    *DUPLICATES,
    *PRACTICE,
    *PROCEDURES,
    *SCREEN_WAYS,
    *MOVING,
)


_OUT: Final = {"help": 1, "clear": 2, "back": 2, "quit": 3}


def at(place: Place, *, is_sandbox: bool = True) -> tuple[Action, ...]:
    """Return what keys do in a place, in the order of the table."""
    return tuple(
        action for action in ACTIONS if place in action.places and (is_sandbox or not action.is_sandbox_only)
    )


def key_line(place: Place, *, is_sandbox: bool) -> tuple[Action, ...]:
    """Return what the last line of the screen offers, most needed first; the ways out stand at its end."""
    shown = (action for action in at(place, is_sandbox=is_sandbox) if action.is_in_key_line)
    return tuple(sorted(shown, key=lambda action: (_OUT.get(action.id, 0), action.rank)))


def commands(*, is_sandbox: bool) -> tuple[Action, ...]:
    """Return what the palette offers besides the operations, wherever the operator is."""
    return tuple(
        action for action in ACTIONS if action.is_in_palette and (is_sandbox or not action.is_sandbox_only)
    )


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
                    call = f"{action.method}('{key}')" if action.takes_key else action.method
                    yield Binding(key, call, action.label, show=False, id=f"{action.id}.{key}")
