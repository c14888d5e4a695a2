"""Tries a duplicate detection mode on before it is in force: how many would collide, and who (P4)."""

from collections.abc import Iterable, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from db.queries.collisions import Group
from db.rules.dedup import DedupMode
from tui import catalogue
from tui.actions import Place, bindings
from tui.oversight import TriedMode
from tui.screens.listing import ListScreen
from tui.subject import Subject
from tui.widgets.diff import Line, Tone
from tui.widgets.picker import Picker

MODES = tuple((mode.value, mode.value.replace("-", " ")) for mode in DedupMode)


class DedupScreen(ListScreen[Group]):
    """← and → choose the mode to try on; enter in the choice puts it in force, after a preview."""

    place = Place.DEDUP
    crumbs = (catalogue.SETTINGS, catalogue.DEDUP)
    BINDINGS = bindings(Place.DEDUP)
    columns = (("kind", 6), ("value", 0), ("customers", 9))
    empty = "No two live customers share a value under this mode."

    def __init__(self, mode: str) -> None:
        super().__init__()
        self._picker = Picker(MODES, value=mode, id="mode")
        self._tried: TriedMode | None = None

    def subject(self) -> ComposeResult:
        """The mode above what it would find."""
        with Horizontal(id="choice"):
            yield Static("Try on", id="choice-label", markup=False)
            yield self._picker
        yield from super().subject()

    @property
    def first(self) -> Widget:
        """The choice comes first."""
        return self._picker

    async def fetch(self) -> Sequence[Group]:
        """Count what the chosen mode would find."""
        self._summary.update(Content(catalogue.TRYING))
        self._tried = await self.oversight.tried(self._picker.value or DedupMode.OFF.value)
        return self._tried.groups

    def key_of(self, item: Group) -> str:
        """Kind and value."""
        return f"{item.kind}:{item.value}"

    def cells(self, item: Group) -> Iterable[str]:
        """What is shared, by how many."""
        return item.kind, item.value, str(len(item.customers))

    def about(self, item: Group) -> Iterable[Line]:
        """Who shares it."""
        yield Line("shared", after=f"{item.kind} {item.value}")
        yield Line("by", after=", ".join(f"C-{number}" for number in item.customers))
        yield Line("next", after=catalogue.OPEN_FIRST_OF, tone=Tone.QUIET)

    def summary(self) -> Content:
        """What would happen, in one sentence."""
        tried = self._tried
        if tried is None:
            return Content("")
        counted = tried.counted
        mode = counted.mode.value.replace("-", " ")
        if counted.mode is DedupMode.OFF:
            found = "off: nothing is compared, so nothing collides."
        elif not counted.groups:
            found = f"{mode}: no two customers would collide."
        else:
            groups = "1 group" if counted.groups == 1 else f"{counted.groups} groups"
            found = f"{mode}: {counted.customers} customers in {groups} would collide."
        missing = f" Without what it requires: {counted.missing}." if counted.missing else ""
        shown = f" The first {len(self.items)} groups." if len(self.items) < counted.groups else ""
        now = " It is in force now." if tried.is_in_force else " ctrl+s puts it in force, after a preview."
        return Content.assemble((f"{found}{missing}", "bold $text"), f"\n{shown}{now}".replace("\n ", "\n"))

    def on_picker_picked(self) -> None:
        """Another mode."""
        self._tried = None
        self.action_refresh()

    def on_picker_accepted(self) -> None:
        """Enter goes to the groups."""
        self._table.focus()

    def action_save(self) -> None:
        """Put the mode in force, through the form that shows what it does."""
        tried = self._tried
        if tried is None:
            return
        about = Subject(label=catalogue.DEDUP, values={}, version=tried.version)
        mode = tried.counted.mode.value
        self.console.start("change-dedup-mode", values={"mode": mode}, about=about, then=self.came_back)

    def action_choose(self) -> None:
        """Open the first customer of the group."""
        self.action_open_customer()

    def action_open_customer(self) -> None:
        """Open the first customer of the group."""
        if self.item is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
        else:
            self.console.open_customer(self.item.customers[0])

    def action_back(self) -> None:
        """Out of the list into the choice, then out of the screen."""
        if self._picker.has_focus:
            self.dismiss(None)
        else:
            self._picker.focus()
