"""Choosing an operation: a short menu for the selected row, or all of them found by name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui import catalogue
from tui.actions import Place, bindings
from tui.text import safe
from tui.widgets.guarded_input import Deaf, GuardedInput
from tui.widgets.results import column

if TYPE_CHECKING:
    from tui.bridge import OperationInfo

LABEL_WIDTH = 32
MENU_WIDTH = 66


class MenuScreen(ModalScreen[str | None]):
    """The operations that make sense here; what the role forbids is dim and says who may."""

    BINDINGS = bindings(Place.MENU)
    AUTO_FOCUS = "OptionList"

    def __init__(self, title: str, infos: "Sequence[OperationInfo]", *, empty: str) -> None:
        super().__init__()
        self._title = title
        self._infos = tuple(infos)
        self._empty = empty
        self._deaf = Deaf()

    @property
    def is_deaf(self) -> bool:
        """Whether keys are still ignored because the menu has just opened."""
        return bool(self._deaf)

    def deafen(self) -> None:
        """Ignore keys for 300 ms: they were meant for what was here before (R43)."""
        self._deaf.begin()

    def compose(self) -> ComposeResult:
        """A title, the list, and what the selected operation does."""
        with Vertical(id="menu"):
            yield Static(Content(safe(self._title)), id="title", markup=False)
            yield OptionList(markup=False, compact=True)
            yield Static("", id="about", markup=False)

    def on_mount(self) -> None:
        """Begin with the first that is allowed."""
        self.deafen()
        self.offer(self._infos)

    def offer(self, infos: "Sequence[OperationInfo]") -> None:
        """Put these into the list."""
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(
            Option(self.line(info), id=info.name, disabled=self.why_not(info) != "") for info in infos
        )
        options.display = bool(infos)
        options.highlighted = None
        options.action_first()
        if not infos:
            self.query_one("#about", Static).update(Content(self._empty))

    def why_not(self, info: "OperationInfo") -> str:
        """Say why an operation cannot be chosen; empty where it can."""
        return "" if info.is_allowed else f"ask {info.who_may}"

    def line(self, info: "OperationInfo") -> Content:
        """Return the name of an operation, and who may where the operator may not."""
        why_not = self.why_not(info)
        label = column(info.label, LABEL_WIDTH)
        if why_not:
            return Content.assemble((f"  {label}", "$text-muted"), (f"× {why_not}", "$text-muted"))
        danger = "" if info.danger == "safe" else f"⚠ {info.danger}"
        return Content.assemble(f"  {label}", (danger, "$text-warning"))

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the operation does."""
        found = next((info for info in self._infos if info.name == event.option_id), None)
        self.query_one("#about", Static).update(Content("" if found is None else safe(found.help)))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take it."""
        self.dismiss(event.option_id)

    def action_choose(self) -> None:
        """Take the selected one."""
        self.query_one(OptionList).action_select()

    def action_back(self) -> None:
        """Take none."""
        self.dismiss(None)

    def action_help(self) -> None:
        """Show what the keys do here."""
        from tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(Place.MENU))


class PaletteScreen(MenuScreen):
    """All operations, found by any part of their names."""

    AUTO_FOCUS = "Input"

    def __init__(self, infos: "Sequence[OperationInfo]", *, is_customer_open: bool) -> None:
        super().__init__(catalogue.COMMANDS, infos, empty=catalogue.NO_COMMAND)
        self._is_customer_open = is_customer_open

    def compose(self) -> ComposeResult:
        """The list with a box above it."""
        with Vertical(id="menu"):
            yield GuardedInput(placeholder=catalogue.COMMAND_PLACEHOLDER, maximum=60)
            yield OptionList(markup=False, compact=True)
            yield Static("", id="about", markup=False)

    def why_not(self, info: "OperationInfo") -> str:
        """An operation on a customer needs one that is open."""
        needs_one = info.needs_customer and not self._is_customer_open
        return super().why_not(info) or (catalogue.OPEN_FIRST if needs_one else "")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what has all the words in its name."""
        words = event.value.casefold().split()
        self.offer([info for info in self._infos if all(word in _name(info) for word in words)])

    def on_input_submitted(self) -> None:
        """Enter takes the selected one."""
        self.query_one(OptionList).action_select()

    def key_down(self) -> None:
        """The arrows move in the list while the box keeps the keys."""
        self.query_one(OptionList).action_cursor_down()

    def key_up(self) -> None:
        """As above."""
        self.query_one(OptionList).action_cursor_up()


def _name(info: "OperationInfo") -> str:
    return f"{info.label} {info.name}".casefold()
