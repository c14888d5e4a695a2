"""A section of a customer: a quiet heading line, then rows in columns, one of which can be selected."""

from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len
from textual import events
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.widget import Widget

from tui import catalogue
from tui.messages import RowChosen, RowHighlighted
from tui.section_rows import Row, SectionRows
from tui.text import safe
from tui.widgets.key_text import press_clicked, pressing
from tui.widgets.results import column

MARK: Final = 2
NARROWEST: Final = 8
"""Cells that are left of a column at least; a longer value ends in … and is whole in a form or a copy."""
GAP: Final = 2


class Section(Widget, can_focus=True):
    """Keeps its selection on the same row when the customer is read again."""

    BINDINGS = [
        Binding("down", "move(1)", show=False),
        Binding("up", "move(-1)", show=False),
    ]
    cursor: reactive[int] = reactive(0)

    def __init__(self, shown: SectionRows, *, is_folded: bool = False) -> None:
        super().__init__(id=f"section-{shown.key}")
        self.shown = shown
        self.is_folded = is_folded
        self.display = self._is_needed

    @property
    def row(self) -> Row | None:
        """The selected row, None in an empty section."""
        rows = self._rows
        return rows[self.cursor] if self.cursor < len(rows) else None

    @property
    def _rows(self) -> tuple[Row, ...]:
        return () if self.is_folded else self.shown.rows

    @property
    def _is_needed(self) -> bool:
        """Whether it is shown: one that says nothing when it is empty goes away."""
        return bool(self.shown.rows) or self.shown.key in catalogue.EMPTY_SECTIONS

    def fold(self) -> None:
        """Fold to one line, or unfold."""
        self.is_folded = not self.is_folded
        self.cursor = 0
        self.refresh(layout=True)
        self._tell()

    def enter(self) -> None:
        """Take the focus, with the selected row in sight."""
        self.focus(scroll_visible=False)
        self._tell()

    def select(self, key: str) -> bool:
        """Select a row by its key, unfolding for it; return whether it is there."""
        keys = [row.key for row in self.shown.rows]
        if key not in keys:
            return False
        if self.is_folded:
            self.fold()
        self.cursor = keys.index(key)
        return True

    def show(self, shown: SectionRows) -> None:
        """Show the rows as they are now."""
        kept = self.row
        self.shown = shown
        self.display = self._is_needed
        keys = [row.key for row in self._rows]
        if kept is not None and kept.key in keys:
            self.cursor = keys.index(kept.key)
        else:
            self.cursor = min(self.cursor, max(len(keys) - 1, 0))
        self.refresh(layout=True)

    def get_content_height(self, _container: Size, _viewport: Size, width: int) -> int:
        """A heading, then one line a row, or the sentence that says why there is none."""
        return 1 if self.is_folded else 1 + (len(self.shown.rows) or len(self._why(width)))

    def render(self) -> Content:
        """Draw heading and rows to the full width, so that a selected row is marked from edge to edge."""
        width = self.size.width
        lines = [self._heading(width)]
        widths = _widths(self._rows, width)
        for index, row in enumerate(self._rows):
            lines.append(self._line(row, widths, width, is_selected=self.has_focus and index == self.cursor))
        if not self.shown.rows and not self.is_folded:
            lines += self._empty(width)
        return Content("\n").join(lines)

    def _heading(self, width: int) -> Content:
        number = catalogue.SECTION_NUMBERS.get(self.shown.key, "")
        number = f"{number} " if number else ""
        title = catalogue.SECTION_TITLES[self.shown.key]
        start = ("▸ " if self.has_focus else "+ ") if self.is_folded else "─ "
        hint = self._hint
        end = f" {hint} ─" if hint else ""
        line = "─" * max(width - cell_len(start + number + title) - cell_len(end) - 1, 0)
        return Content.assemble(
            (start, "bold $accent" if self.is_folded else "$line"),
            (number, "$text-muted"),
            (title, "bold $accent" if self.has_focus else "bold"),
            (f" {line}", "$line"),
            _pressable(hint).stylize_before("$text-muted"),
            ("─" if hint else "", "$line"),
        ).truncate(width)

    @property
    def _hint(self) -> str:
        """What stands at the end of the heading: what is folded away, how many of how many, or the keys."""
        if self.is_folded:
            rows = len(self.shown.rows)
            return f"{rows or 'no'} {'row' if rows == 1 else 'rows'} · space"
        if self.shown.hint is not None:
            return self.shown.hint
        return self.shown.count or catalogue.SECTION_KEYS.get(self.shown.key, "")

    def _line(self, row: Row, widths: list[int], width: int, *, is_selected: bool) -> Content:
        parts = [Content.styled("▸ " if is_selected else "  ", "bold $accent")]
        parts += [
            Content.styled(column(text, size), style)
            for (text, style), size in zip(row.cells, widths, strict=False)
        ]
        line = Content.assemble(*parts).truncate(width, pad=True)
        if is_selected and self.app.current_theme.ansi:  # its colours cannot be read on one another
            return Content.styled(line.plain, "$on-selected on $selected")
        return line.stylize_before("$on-selected on $selected") if is_selected else line

    def _why(self, width: int) -> list[Content]:
        """Why there is no row and what is next, whole, in as many lines as it takes."""
        why = self.shown.empty or catalogue.EMPTY_SECTIONS.get(self.shown.key, "")
        return Content.styled(safe(why), "$text-muted").wrap(max(width - MARK, NARROWEST))

    def _empty(self, width: int) -> Iterator[Content]:
        for at, line in enumerate(self._why(width)):
            mark = "▸ " if self.has_focus and not at else "  "
            yield Content.assemble((mark, "bold $accent"), line)

    def action_move(self, step: int) -> None:
        """Move within the section, and beyond its ends into the neighbour."""
        wanted = self.cursor + step
        if 0 <= wanted < len(self._rows):
            self.cursor = wanted
            return
        neighbour = self.screen.focus_next(Section) if step > 0 else self._previous()
        if isinstance(neighbour, Section) and neighbour is not self:
            neighbour.cursor = 0 if step > 0 else max(len(neighbour._rows) - 1, 0)

    def _previous(self) -> Widget | None:
        return self.screen.focus_previous(Section)

    def watch_cursor(self) -> None:
        """Keep the selected row in sight and tell which it is."""
        self._tell()

    def on_focus(self, _event: events.Focus) -> None:
        """Entering a section selects its row; new rows can be scrolled to once they are laid out."""
        self._tell()
        self.call_after_refresh(self._reveal)

    def on_blur(self, _event: events.Blur) -> None:
        """Take the mark away."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Select the row under the pointer; twice chooses it, and on the heading folds; a key is pressed."""
        if press_clicked(self, event):
            return
        if 0 < event.y <= len(self._rows):
            self.cursor = event.y - 1
            if event.chain == 2:
                self.key_enter()
        elif event.y == 0 and event.chain == 2:
            self.fold()

    def key_enter(self) -> None:
        """Choose the selected row."""
        if self.is_folded:
            self.fold()
        else:
            self.post_message(RowChosen(self.shown.key, self.row.key if self.row else ""))

    def _tell(self) -> None:
        if not self.is_attached or not self.has_focus:
            return
        self.refresh()
        self._reveal()
        if self.row is not None:
            self.post_message(RowHighlighted(self.shown.key, self.row.key))

    def _reveal(self) -> None:
        """Scroll the sheet so that the selected row is in sight."""
        if not self.is_attached:
            return
        top = 0 if self.cursor == 0 else self.cursor + 1  # with the first row its heading is wanted too
        lines = Region(0, top, 1, self.cursor + 2 - top)
        for sheet in self.ancestors:
            if isinstance(sheet, VerticalScroll):
                place = self.region.offset - sheet.content_region.offset + sheet.scroll_offset
                sheet.scroll_to_region(lines.translate(place), animate=False)
                break


def _pressable(hint: str) -> Content:
    """Return the end of a heading, its keys as something to click on."""
    parts = [
        pressing(part.split()[0], Content(part)) if part[1:2] == " " and part[0].isalpha() else Content(part)
        for part in hint.split(GAP * " ")
    ]
    return Content.assemble(" ", Content(GAP * " ").join(parts), " ") if hint else Content("")


def _widths(rows: tuple[Row, ...], width: int) -> list[int]:
    """Return how wide each column is: as wide as its widest value where all fit, the last one what is left.

    Where they do not fit the last column gives way first, then the widest of the others.
    """
    columns = max((len(row.cells) for row in rows), default=0)
    if not columns:
        return []
    widths = [
        max(cell_len(safe(row.cells[place][0])) for row in rows if place < len(row.cells)) + GAP
        for place in range(columns)
    ]
    room = max(width - MARK, columns * NARROWEST)
    widths[-1] = max(min(widths[-1], room - sum(widths[:-1])), NARROWEST)
    while sum(widths) > room:
        widest = max(range(columns), key=widths.__getitem__)
        widths[widest] = max(NARROWEST, widths[widest] - (sum(widths) - room))
    widths[-1] += room - sum(widths)
    return widths
