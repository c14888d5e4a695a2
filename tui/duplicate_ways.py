"""The ways to the duplicates queue, and to judging the equal ones in bulk."""

from typing import TYPE_CHECKING

from tui.merge_ways import MergeWays

if TYPE_CHECKING:
    from collections.abc import Callable


class DuplicateWays(MergeWays):
    """The console's part that opens them."""

    def open_duplicates(self, kind: str = "likely", *, text: str = "") -> None:
        """Show the pairs that may be one person: of a kind, and with a text, as the filters have them."""
        from tui.screens.duplicates import DuplicatesScreen

        self._open(DuplicatesScreen(kind, text=text))

    def open_bulk(self, *, then: "Callable[[str | None], None]") -> None:
        """Judge all groups that are equal in everything; `then` hears what was done."""
        from tui.screens.bulk import BulkScreen

        screen = BulkScreen()
        self.push_screen(screen, lambda _answer: then(screen.said))
