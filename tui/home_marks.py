"""The part of home that marks customers for merging and counts them beside the box."""

from textual.content import Content
from textual.widgets import Static

from tui.merge_ways import marked_words
from tui.screens.base import ConsoleScreen
from tui.widgets.results import Results


class HomeMarks(ConsoleScreen[None]):
    """Marks stay while one searches on."""

    _counted = ""

    @property
    def results(self) -> Results:
        """The list of hits."""
        return self.query_one(Results)

    def action_mark(self) -> None:
        """Mark the selected customer for merging, or take the mark off."""
        hit = self.results.hit
        if hit is not None and self.console.may_merge():
            self.console.mark(hit.merged_into or hit.customer_id)

    def _count(self, text: str) -> None:
        self._counted = text
        marked = marked_words(self.console.marked)
        told = Content.assemble((marked, "bold $accent"), "   " if marked and text else "", text)
        self.query_one("#count", Static).update(told)

    def _marked(self) -> None:
        """Show which customers are marked for merging, and how many."""
        self.results.show_marks(frozenset(self.console.marked))
        self._count(self._counted)
