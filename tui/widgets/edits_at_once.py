"""Lets an input edit as soon as it gets a key, so that keys which arrive together keep their order.

Textual inserts a letter where it arrives, but looks for the binding of any other key only after that key has
climbed to the screen and the app; a letter that came later is then in the text already.
"""

from collections.abc import Iterable, Mapping
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

SUBMIT: Final = "submit"
"""Leads out of the input: it takes the usual way, past whatever is around the input."""


def editing_keys(known: Iterable[BindingType], *, without: Iterable[str] = ()) -> dict[str, str]:
    """Return which key does what inside an input; `without` are keys that mean something else here."""
    found = {binding.key: binding.action for binding in Binding.make_bindings(known)}
    return {key: action for key, action in found.items() if action != SUBMIT and key not in set(without)}


class EditsAtOnce:
    """Mixed into an input, whose own keys then act when they arrive.

    `edits` names them with what they do; `types_enter` where enter is typed into the text.
    """

    edits: ClassVar[Mapping[str, str]] = {}
    types_enter: ClassVar[bool] = False

    def takes(self, event: events.Event) -> bool:
        """Whether an event stays inside this input, whatever it does there."""
        if not isinstance(event, events.Key):
            return isinstance(event, events.Paste)
        return event.is_printable or event.key in self.edits or (self.types_enter and event.key == "enter")

    async def edits_with(self, event: events.Key) -> bool:
        """Do what a key does in this input; False where it does nothing here."""
        assert isinstance(self, Widget)
        action = self.edits.get(event.key)
        if action is None or event.is_printable or not await self.app.run_action(action, self):
            return False
        event.stop()
        event.prevent_default()
        return True
