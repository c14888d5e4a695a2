"""What can be done, best first: numbered lines with who may, of which one is selected."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.text import safe
from tui.widgets.results import column

MARK: Final = 5
MOST_LINES: Final = 3
WIDEST_WHO: Final = 26
LONGEST: Final = 300


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """One line: `key` is what it is known by when the list is made anew, `who` who may do it."""

    key: str
    label: str
    who: str = ""
    is_allowed: bool = True


class Fixes(OptionList):
    """Keeps its selection on the same remedy, or else on the same place, when the list changes."""

    def __init__(self) -> None:
        super().__init__(markup=False, compact=True, id="fixes")
        self.remedies: tuple[Remedy, ...] = ()
        self._marked: int | None = None
        self._width = 0

    def show(self, remedies: tuple[Remedy, ...]) -> None:
        """Show these."""
        place = self.highlighted or 0
        kept = self.remedies[place].key if place < len(self.remedies) else None
        self.remedies = remedies
        self._build()
        keys = [each.key for each in remedies]
        wanted = keys.index(kept) if kept in keys else min(place, len(keys) - 1)
        self.highlighted = wanted if keys else None

    def _build(self) -> None:
        self._width = self.scrollable_content_region.width
        self._marked = None
        self.clear_options()
        self.add_options(Option(self._prompt(place, is_marked=False)) for place in range(len(self.remedies)))

    def on_resize(self, _event: events.Resize) -> None:
        """Break the lines anew where the width changed."""
        if self.scrollable_content_region.width != self._width and self.remedies:
            self.show(self.remedies)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Put the mark on the selected line, so that its colour is not the only sign."""
        event.stop()
        for place in {self._marked, self.highlighted}:
            if place is not None and place < len(self.remedies):
                prompt = self._prompt(place, is_marked=place == self.highlighted)
                self.replace_option_prompt_at_index(place, prompt)
        self._marked = self.highlighted

    def _prompt(self, place: int, *, is_marked: bool) -> Content:
        lines = Content("\n").join(self._laid_out(place, is_marked=is_marked))
        return Content(lines.plain) if is_marked and self.app.current_theme.ansi else lines

    def _laid_out(self, place: int, *, is_marked: bool) -> Iterator[Content]:
        remedy = self.remedies[place]
        width = self._width or 76
        longest = max((cell_len(safe(each.who)) for each in self.remedies), default=0)
        who = min(longest + 1, WIDEST_WHO) if longest else 0
        room = max(width - MARK - who - 1, 10)
        wrapped = Content(safe(remedy.label, limit=LONGEST)).wrap(room)
        if len(wrapped) > MOST_LINES:
            wrapped = [*wrapped[: MOST_LINES - 1], Content(f"{wrapped[MOST_LINES - 1].plain.rstrip()}…")]
        number = str(place + 1) if place < 9 else ""
        style = "" if remedy.is_allowed else "$text-muted"
        for at, part in enumerate(wrapped):
            text = column(part.plain.rstrip(), room + 1)
            if at:
                yield Content.assemble(" " * MARK, (text, style))
                continue
            yield Content.assemble(
                ("▸ " if is_marked else "  ", "bold $accent"),
                (f"{number:<{MARK - 2}}", "$text-muted"),
                (text, style),
                (column(remedy.who, who) if who else "", "$text-muted"),
            )
