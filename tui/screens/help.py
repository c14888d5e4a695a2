"""What the keys do here and elsewhere, with the command line's form, then the words and the procedures."""

from collections.abc import Iterable, Iterator
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tui import catalogue
from tui.actions import ACTIONS, PLACE_NAMES, Action, Place, at, bindings
from tui.handbook import PROCEDURES, WORDS
from tui.screens.base import ConsoleScreen
from tui.text import safe
from tui.widgets.guarded_input import GuardedInput

TERM_WIDTH = 16
GAP = 2


class Entry(NamedTuple):
    """One thing that help explains: `term` stands on the left, or above where it is long; `command` below."""

    term: str
    title: str
    text: str
    command: str = ""

    def has(self, words: list[str]) -> bool:
        """Whether every word occurs somewhere in it."""
        whole = " ".join(self).casefold()
        return all(word in whole for word in words)


class HelpScreen(ConsoleScreen[None]):
    """Typing searches; the arrows scroll. `command` is the form of what is open under this help."""

    place: ClassVar[Place] = Place.HELP
    crumbs: ClassVar[tuple[str, ...]] = (catalogue.HELP,)
    BINDINGS = bindings(Place.HELP)
    AUTO_FOCUS = "Input"

    def __init__(self, about: Place, *, command: str = "") -> None:
        super().__init__()
        self._about = about
        self._command = command

    def subject(self) -> ComposeResult:
        """A box, and a page that scrolls."""
        with Horizontal(id="ask"):
            yield Static("┃", id="mark", markup=False)
            yield GuardedInput(placeholder=catalogue.HELP_PLACEHOLDER, maximum=60)
        with VerticalScroll(id="page", can_focus=False):
            yield Static("", id="text", markup=False)

    def on_mount(self) -> None:
        """Show everything."""
        self._show("")

    def on_resize(self) -> None:
        """Lines break beside their term, so the page is laid out anew."""
        self._show(self.query_one(Input).value)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Keep what has all the words."""
        self._show(event.value)

    def _show(self, query: str) -> None:
        words = query.casefold().split()
        width = max(self.size.width - 8, 30)
        lines: list[Content] = []
        for title, entries in self._chapters():
            found = [entry for entry in entries if entry.has(words)]
            if found:
                lines.append(Content.styled(title, "bold underline"))
                lines += [line for entry in found for line in _entry_lines(entry, width)]
                lines.append(Content(""))
        self.query_one("#text", Static).update(
            Content("\n").join(lines) if lines else Content(catalogue.NO_HELP)
        )
        self.query_one("#page").scroll_home(animate=False)

    def _chapters(self) -> Iterator[tuple[str, Iterable[Entry]]]:
        here = at(self._about, is_sandbox=self.console.is_sandbox)
        yield f"Keys here: {PLACE_NAMES[self._about]}", (_key(action) for action in here)
        if self._command:
            yield catalogue.HELP_COMMAND, (Entry("", "", catalogue.HELP_COMMAND_TEXT, self._command),)
        yield "Words", (Entry(term, "", meaning) for term, meaning in WORDS)
        yield "Procedures", (Entry(title[:2], title[5:], steps) for title, steps in PROCEDURES)
        known = {action.id for action in here}
        others = [action for action in ACTIONS if action.id not in known]
        yield "Keys elsewhere", (_key(action, is_elsewhere=True) for action in others)

    def key_down(self) -> None:
        """The arrows scroll while the box keeps the keys."""
        self.query_one("#page").scroll_down(animate=False)

    def key_up(self) -> None:
        """As above."""
        self.query_one("#page").scroll_up(animate=False)

    def key_pagedown(self) -> None:
        """A page on."""
        self.query_one("#page").scroll_page_down(animate=False)

    def key_pageup(self) -> None:
        """A page back."""
        self.query_one("#page").scroll_page_up(animate=False)

    def action_help(self) -> None:
        """It is shown already."""


def _key(action: Action, *, is_elsewhere: bool = False) -> Entry:
    named = (PLACE_NAMES[place] for place in Place if place in action.places)
    where = f"{action.label} · in: {', '.join(named)}" if is_elsewhere else action.label
    return Entry(action.all_keys if action.key else ":", where, action.help, action.command)


def _entry_lines(entry: Entry, width: int) -> Iterator[Content]:
    term = safe(entry.term)
    room = width - TERM_WIDTH
    paragraphs = [
        *([Content.styled(safe(entry.title), "bold")] if entry.title else []),
        Content.styled(safe(entry.text), "$text-muted" if entry.title else "$text"),
        *([Content.assemble(("$ ", "$text-muted"), safe(entry.command))] if entry.command else []),
    ]
    if cell_len(term) > TERM_WIDTH - GAP:
        yield Content.styled(term, "bold $accent")
        term = ""
    for paragraph in paragraphs:
        for line in paragraph.wrap(room):
            shown, term = f"{term:<{TERM_WIDTH}}", ""
            yield Content.assemble((shown, "bold $accent"), line)
