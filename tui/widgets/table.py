"""A table of rows of which one is selected, with a mark before it: its colour is not the only sign."""

from rich.segment import Segment
from rich.text import Text
from textual.binding import Binding
from textual.strip import Strip
from textual.widgets import DataTable
from textual.widgets.data_table import ColumnKey, RowKey

GUTTER = 1
"""Cells that the first column leaves free, besides the padding that every column has."""


class Table(DataTable[Text]):
    """Rows of one line each; enter chooses one."""

    BINDINGS = [
        Binding("home", "scroll_top", show=False),
        Binding("end", "scroll_bottom", show=False),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(cursor_type="row", id=id)

    def name_column(self, title: str, width: int) -> ColumnKey:
        """Add a column; the first keeps room for the mark."""
        is_first = not self.columns
        return self.add_column(
            f"{' ' * GUTTER}{title}" if is_first else title, width=width + GUTTER * is_first, key=title
        )

    def put_row(self, *cells: Text, key: str | None = None) -> RowKey:
        """Add a row."""
        first, *others = cells
        moved = first.copy()
        moved.pad_left(GUTTER)
        return self.add_row(moved, *others, key=key)

    def render_line(self, y: int) -> Strip:
        """Draw the mark where the selected row begins: one cell more, whenever the cursor moves."""
        line = super().render_line(y)
        header = self.header_height if self.show_header else 0
        if y < header or y - header + self.scroll_offset.y != self.cursor_row or self.scroll_offset.x:
            return line
        segments = list(line)
        if not self.row_count or not segments:
            return line
        return Strip.join([Strip([Segment("▸", segments[0].style)], 1), line.crop(1)])
