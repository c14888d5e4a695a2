"""Text in which keys are written: a click on one presses it, so that everything works by mouse too."""

from typing import Final

from textual import events
from textual.content import Content
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static

_KEY: Final = "latchkey-key"


def pressing(key: str, text: Content) -> Content:
    """Let a click on a text press a key, by textual's name for it."""
    return text.stylize(Style.from_meta({_KEY: key}))


def press_clicked(widget: Widget, event: events.Click) -> bool:
    """Press the key that was clicked on, if any; it goes where a pressed key would go."""
    key = event.style.meta.get(_KEY)
    if key is None:
        return False
    event.stop()
    widget.app.simulate_key(key)
    return True


class KeyText(Static):
    """A text with keys in it."""

    def __init__(self, content: Content | str = "", *, id: str | None = None, classes: str = "") -> None:
        super().__init__(content, id=id, classes=classes, markup=False)

    def on_click(self, event: events.Click) -> None:
        """Press the key under the pointer."""
        press_clicked(self, event)
