"""The last line of every screen: the keys that work here, from the table of actions."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.actions import Action, Place, key_line
from tui.widgets.key_text import press_clicked, pressing


class KeyLine(Widget):
    """Shows as many keys as fit; those without which nobody finds the way stay to the last.

    `refused` names the operations that this operator may not run: their keys are shown dim, and say so
    when they are pressed. `labels` are what actions are called for what is open, "" for one without sense.
    """

    place: reactive[Place] = reactive(Place.BOX)
    refused: reactive[frozenset[str]] = reactive(frozenset[str]())
    is_sandbox: reactive[bool] = reactive(False)
    labels: reactive[dict[str, str]] = reactive(dict[str, str])

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.set_reactive(KeyLine.place, place)

    def on_mount(self) -> None:
        """Follow what the app knows of the operator's rights."""
        for name in ("refused", "is_sandbox"):
            if name in self.app._reactives:
                self.watch(self.app, name, partial(setattr, self, name))

    def render(self) -> Content:
        """Give the keys in the order of the table, leaving out the highest ranks where they do not fit."""
        fitting = fit(tuple(self._actions()), self.size.width - 2)
        parts: list[Content] = [Content(" ")]
        for action in fitting:
            is_refused = action.permission in self.refused
            key, label = (
                ("$text-muted dim", "$text-muted dim") if is_refused else ("bold $accent", "$text-muted")
            )
            text = Content.assemble((action.key, key), " ", (action.label, label))
            parts += [text if action.takes_key else pressing(action.keys[0], text), Content("  ")]
        return Content.assemble(*parts)

    def _actions(self) -> Iterator[Action]:
        for action in key_line(self.place, is_sandbox=self.is_sandbox):
            label = self.labels.get(action.id, action.label)
            if label:
                yield action if label == action.label else replace(action, label=label)

    def on_click(self, event: events.Click) -> None:
        """Press the key under the pointer."""
        press_clicked(self, event)


def fit(actions: tuple[Action, ...], room: int) -> tuple[Action, ...]:
    """Return the actions that fit in `room` cells, dropping those with the highest rank first."""
    kept = list(actions)
    while kept and _width(kept) > room:
        kept.remove(max(kept, key=lambda action: action.rank))
    return tuple(kept)


def _width(actions: list[Action]) -> int:
    return sum(cell_len(action.key) + cell_len(action.label) + 3 for action in actions) - 2
