"""A list of lines of which one is selected, with a mark before it: its colour is not the only sign."""

from rich.segment import Segment
from textual.strip import Strip
from textual.widgets import OptionList


class Options(OptionList):
    """Lines that begin with two spaces; the selected one has its mark in the first of them."""

    def __init__(self) -> None:
        super().__init__(markup=False, compact=True)

    def render_line(self, y: int) -> Strip:
        """Draw the mark: one cell more, whenever the cursor moves."""
        line = super().render_line(y)
        at = self.scroll_offset.y + y
        if at >= len(self._lines) or self._lines[at] != (self.highlighted, 0):
            return line
        segments = list(line)
        return Strip.join([Strip([Segment("▸", segments[0].style)], 1), line.crop(1)]) if segments else line
