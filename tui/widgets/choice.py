"""A button that shows by a mark, and not by its ground alone, that enter presses it."""

from textual.content import Content
from textual.geometry import Size
from textual.widgets import Button

MARK = 2


class ChoiceButton(Button):
    """One answer of several; the mark has its room always, so nothing moves with the focus."""

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as the label with its mark."""
        return super().get_content_width(container, viewport) + MARK

    def render(self) -> Content:
        """The label, after the mark where it has the focus."""
        return Content("▸ " if self.has_focus else "  ") + Content(str(self.label))
