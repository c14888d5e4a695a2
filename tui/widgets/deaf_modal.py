"""What every dialog and menu shares: no key acts that was meant for what was there before (R43)."""

from typing import TypeVar

from textual import events
from textual.screen import ModalScreen

from tui.widgets.guarded_input import Deaf

Result = TypeVar("Result")


class DeafModal(ModalScreen[Result]):
    """Deaf until it stands, and for 300 ms more.

    Textual looks for the bindings of a key after the widget below has had it; by then that widget may have
    opened this very screen, which has no widgets yet.
    """

    def __init__(self) -> None:
        super().__init__()
        self._stands = False
        self._deaf = Deaf()

    @property
    def is_deaf(self) -> bool:
        """Whether keys are still ignored."""
        return not self._stands or bool(self._deaf)

    def hears(self, _event: events.Event) -> bool:
        """Whether it takes even now what was typed for it, because nothing comes of that alone."""
        return False

    def deafen(self) -> None:
        """Ignore keys for 300 ms from now on; a subclass calls it when its widgets are there."""
        self._stands = True
        self._deaf.begin()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Let no key act while deaf."""
        return False if self.is_deaf else super().check_action(action, parameters)
