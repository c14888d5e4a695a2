"""What the keys do, made from the table of actions."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui import catalogue
from tui.actions import Place, at, bindings, shown_key
from tui.screens.base import ConsoleScreen

KEYS_WIDTH = 14
LABEL_WIDTH = 18


class HelpScreen(ConsoleScreen[None]):
    """The keys of the place that the operator came from."""

    place: ClassVar[Place] = Place.HELP
    crumbs: ClassVar[tuple[str, ...]] = (catalogue.HELP,)
    BINDINGS = bindings(Place.HELP)

    def __init__(self, about: Place) -> None:
        super().__init__()
        self._about = about

    def subject(self) -> ComposeResult:
        """A page that scrolls."""
        with VerticalScroll(id="page"):
            yield Static(self._text(), markup=False)

    def _text(self) -> Content:
        lines = [Content.styled(catalogue.HELP_INTRO, "$text-muted"), Content("")]
        for action in at(self._about, is_sandbox=self.console.is_sandbox):
            keys = " or ".join(shown_key(key) for key in action.keys)
            lines.append(
                Content.assemble(
                    (f"{keys:<{KEYS_WIDTH}}", "bold $accent"), (f"{action.label:<{LABEL_WIDTH}}", "bold")
                )
            )
            lines.append(Content.styled(f"{'':<{KEYS_WIDTH}}{action.help}", "$text-muted"))
        return Content("\n").join(lines)

    def action_help(self) -> None:
        """It is shown already."""
