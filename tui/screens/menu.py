"""Choosing from a short menu, or from all commands found by name."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui import catalogue
from tui.actions import Place, bindings
from tui.text import safe
from tui.widgets.deaf_modal import DeafModal
from tui.widgets.guarded_input import GuardedInput
from tui.widgets.options import Options
from tui.widgets.results import column

if TYPE_CHECKING:
    from tui.offers import Offer

NARROWEST, WIDEST = 32, 46
"""Of the labels, with the space after them; what follows may wrap."""


class MenuScreen(DeafModal[str | None]):
    """What makes sense here; what the role forbids is dim and says who may. Dismissed with the chosen id.

    Where it is numbered, digits choose and nothing is selected at first: a key too many chooses nothing.
    """

    BINDINGS = bindings(Place.MENU)
    AUTO_FOCUS = "OptionList"

    def __init__(
        self,
        title: str,
        offers: "Sequence[Offer]",
        *,
        empty: str,
        selected: str | None = None,
        is_numbered: bool = False,
    ) -> None:
        super().__init__()
        self._title = title
        self._offers = tuple(offers)
        self._empty = empty
        self._selected = selected
        self._is_numbered = is_numbered

    def compose(self) -> ComposeResult:
        """A title, the list, and what the selected line does."""
        with Vertical(id="menu"):
            yield Static(Content(safe(self._title)), id="title", markup=False)
            yield Options()
            yield Static("", id="about", markup=False)

    def on_mount(self) -> None:
        """Begin with the first that can be chosen."""
        self.deafen()
        self.offer(self._offers)

    def offer(self, offers: "Sequence[Offer]") -> None:
        """Put these into the list."""
        options = self.query_one(OptionList)
        options.clear_options()
        longest = max((cell_len(safe(offer.label)) for offer in offers), default=0)
        width = min(max(longest + 2, NARROWEST), WIDEST)
        options.add_options(
            Option(_line(offer, width), id=offer.id, disabled=offer.why_not != "") for offer in offers
        )
        options.display = bool(offers)
        about = self.query_one("#about", Static)
        about.display = not offers or any(offer.help or offer.command for offer in offers)
        options.highlighted = None
        if self._selected is not None and any(offer.id == self._selected for offer in offers):
            options.highlighted = options.get_option_index(self._selected)
        elif not self._is_numbered:
            options.action_first()
        if not offers:
            about.update(Content(self._empty))
        elif options.highlighted is None:
            about.update(_about(offers[0]))  # none of them can be chosen: say of the first what it is

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the selected line does, and how it is typed in a shell."""
        options = self.query_one(OptionList)
        at = options.highlighted
        if at is None or options.get_option_at_index(at).id != event.option_id:
            return  # the list was filled anew since: what that begins with is said already
        found = next((offer for offer in self._offers if offer.id == event.option_id), None)
        self.query_one("#about", Static).update(Content("") if found is None else _about(found))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take it."""
        self.dismiss(event.option_id)

    def on_key(self, event: events.Key) -> None:
        """A digit chooses from what is numbered."""
        place = "123456789".find(event.character or " ")
        if self._is_numbered and not self.is_deaf and 0 <= place < len(self._offers):
            event.stop()
            self.dismiss(self._offers[place].id)

    def on_click(self, event: events.Click) -> None:
        """A click beside the menu takes none."""
        is_beside = not self.query_one("#menu").region.contains_point(event.screen_offset)
        if is_beside and self.is_current and not self.is_deaf:
            self.dismiss(None)

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
    """All operations and commands, found by any part of their names."""

    AUTO_FOCUS = "Input"

    def __init__(self, offers: "Sequence[Offer]") -> None:
        super().__init__(catalogue.COMMANDS, offers, empty=catalogue.NO_COMMAND)

    def hears(self, event: events.Event) -> bool:
        """A name may be typed from the beginning: it only searches."""
        return isinstance(event, events.Key) and event.is_printable

    def compose(self) -> ComposeResult:
        """The list with a box above it."""
        with Vertical(id="menu"):
            yield GuardedInput(placeholder=catalogue.COMMAND_PLACEHOLDER, maximum=60)
            yield Options()
            yield Static("", id="about", markup=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what has all the words in its name; below that what tells of them."""
        words = event.value.casefold().split()
        named = [offer for offer in self._offers if offer.has(words)]
        self.offer([*named, *(each for each in self._offers if each.tells_of(words) and each not in named)])

    def on_input_submitted(self) -> None:
        """Enter takes the selected one."""
        self.query_one(OptionList).action_select()

    def key_down(self) -> None:
        """The arrows move in the list while the box keeps the keys."""
        self.query_one(OptionList).action_cursor_down()

    def key_up(self) -> None:
        """As above."""
        self.query_one(OptionList).action_cursor_up()


def _line(offer: "Offer", width: int) -> Content:
    label = column(offer.label, width)
    if offer.why_not:
        return Content.assemble((f"  {label}", "$text-muted"), (f"× {safe(offer.why_not)}", "$text-muted"))
    danger = "" if offer.danger == "safe" else f"⚠ {offer.danger}"
    return Content.assemble(f"  {label}", (danger, "$text-warning"), (safe(offer.note), "$text-muted"))


def _about(offer: "Offer") -> Content:
    """Return the help, and below it the form on the command line."""
    command = ("\n$ ", offer.command) if offer.command else ("", "")
    why_not = f"× {safe(offer.why_not)}. " if offer.why_not else ""
    return Content.assemble(why_not, safe(offer.help), command[0], (safe(command[1]), "$text"))
