"""The playbooks with their sources: shipped ones, an admin's own, and the retired."""

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from db.playbooks.library import Kept
from db.rules.playbooks import MAX_SOURCE
from tui import catalogue, clipboard
from tui import procedure_words as words
from tui.actions import Place, bindings
from tui.drawn_text import content
from tui.screens.listing import ListScreen
from tui.subject import Subject
from tui.widgets.diff import Line

SAVE = "save-playbook"


class PlaybooksScreen(ListScreen[Kept]):
    """One row a playbook; its source stands beside or below."""

    place = Place.PLAYBOOKS
    crumbs = (words.PLAYBOOKS,)
    BINDINGS = bindings(Place.PLAYBOOKS)
    columns = (("for", 5), ("title", 0), ("steps", 5), ("origin", 18))

    def __init__(self) -> None:
        super().__init__()
        self._source = Static("", id="source", markup=False)

    def paper(self) -> ComposeResult:
        """The source itself."""
        yield self._source

    async def fetch(self) -> Sequence[Kept]:
        """Read all of them."""
        return await self.console.procedures.playbooks(with_retired=True)

    def key_of(self, item: Kept) -> str:
        """The id."""
        return item.playbook.id

    def cells(self, item: Kept) -> Iterable[str]:
        """Which procedure, its title, how long, and whose it is."""
        origin = "your own" if item.is_own else "shipped"
        retired = "" if item.is_active else " · retired"
        return item.playbook.procedure, item.playbook.title, str(len(item.playbook.steps)), origin + retired

    def about(self, item: Kept) -> Iterable[Line]:
        """Its name and source, for a copy."""
        yield Line("playbook", after=item.playbook.id)
        yield Line("about", after=item.playbook.about)

    def _tell(self) -> None:
        super()._tell()
        text = "" if self.item is None else self.item.source
        self._source.update(content(text, limit=MAX_SOURCE, multiline=True))

    def summary(self) -> Content:
        """How many, and how one is changed."""
        own = sum(item.is_own for item in self.items)
        return Content(
            f"{len(self.items)} playbooks, {own} of your own. Your own takes the place of a shipped one with"
            " the same id."
        )

    def action_choose(self) -> None:
        """Change it."""
        self.action_edit()

    def action_edit(self) -> None:
        """Open the form with the source."""
        item = self.item
        if item is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
            return
        about = Subject(label=item.playbook.title, values={}, version=item.version or None)
        values: dict[str, object] = {"source": item.source, "retired": not item.is_active}
        self.console.start(SAVE, values=values, about=about, then=self.came_back)

    def action_add(self) -> None:
        """Open the form with a small example."""
        self.console.start(SAVE, values={"source": words.FIRST_PLAYBOOK}, then=self.came_back)

    def action_copy(self) -> None:
        """Send the source to the terminal."""
        text = "" if self.item is None else self.item.source
        self.status.tell(clipboard.copy(self.app, text))
