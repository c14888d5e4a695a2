"""A quiet line that begins a part of a screen: its title, and at the end what the column there means."""

from rich.cells import cell_len
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget


class Heading(Widget):
    """Fills its width with a rule; `title` and `end` are the product's own words."""

    DEFAULT_CSS = "Heading { height: 1; }"
    title: reactive[str] = reactive("")
    end: reactive[str] = reactive("")

    def __init__(self, title: str, *, end: str = "") -> None:
        super().__init__()
        self.set_reactive(Heading.title, title)
        self.set_reactive(Heading.end, end)

    def render(self) -> Content:
        """Draw the rule between title and end."""
        end = f" {self.end} ─" if self.end else ""
        rule = "─" * max(self.size.width - cell_len(self.title + end) - 4, 0)
        return Content.assemble(
            ("─ ", "$line"),
            (self.title, "bold"),
            (f" {rule}", "$line"),
            (end[:-1], "$text-muted"),
            (end[-1:], "$line"),
        ).truncate(self.size.width)
