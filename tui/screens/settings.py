"""Settings and limits: what each means, its bounds, what was shipped; enter changes one."""

from collections.abc import Iterable, Sequence

from textual.content import Content

from db.queries.settings import DEDUP_MODE, SettingView
from db.queries.typos import TYPO_TABLE
from tui import catalogue
from tui.actions import Place, bindings
from tui.screens.listing import ListScreen
from tui.setting_words import bounds, spoken, unit
from tui.subject import Subject
from tui.widgets.diff import Line, Tone


class SettingsScreen(ListScreen[SettingView]):
    """Every setting but the role table, which has a screen of its own."""

    place = Place.SETTINGS
    crumbs = (catalogue.SETTINGS,)
    BINDINGS = bindings(Place.SETTINGS)
    columns = (("setting", 32), ("value", 0), ("", 8))

    async def fetch(self) -> Sequence[SettingView]:
        """Read all of them."""
        return await self.oversight.settings()

    def key_of(self, item: SettingView) -> str:
        """The key."""
        return item.key

    def cells(self, item: SettingView) -> Iterable[str]:
        """What it is, its value, and whether it was edited."""
        return item.title, spoken(item.key, item.value), catalogue.EDITED if item.is_edited else ""

    def about(self, item: SettingView) -> Iterable[Line]:
        """What it means and where its bounds are."""
        yield Line("setting", after=f"{item.title} ({item.key})")
        yield Line("meaning", after=item.help)
        tone = Tone.WARNING if item.is_edited else Tone.PLAIN
        yield Line("value", after=spoken(item.key, item.value), tone=tone)
        if item.bounds:
            yield Line("bounds", after=bounds(item))
        yield Line("shipped", after=spoken(item.key, item.shipped), tone=Tone.QUIET)
        if item.key == DEDUP_MODE:
            yield Line("next", after=catalogue.TRY_FIRST, tone=Tone.QUIET)

    def summary(self) -> Content:
        """How many were edited."""
        edited = sum(item.is_edited for item in self.items)
        said = "all as shipped" if not edited else f"{edited} edited"
        return Content(f"{len(self.items)} settings, {said}. A value outside its bounds cannot be saved.")

    def action_choose(self) -> None:
        """Change it."""
        self.action_edit()

    def action_edit(self) -> None:
        """Change the selected setting; duplicate detection is tried on first."""
        item = self.item
        if item is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
        elif item.key == DEDUP_MODE:
            self.console.open_dedup(item.value)
        elif item.key == TYPO_TABLE:
            self.console.open_typos()
        else:
            titles = {"value": f"Value in {unit(item.key)}"} if unit(item.key) else {}
            about = Subject(label=item.title, values={"key": item.key}, version=item.version, titles=titles)
            self.console.start(
                "change-setting", values={"value": item.value}, about=about, then=self.came_back
            )

    def on_screen_resume(self) -> None:
        """What was changed on the screen above is shown at once."""
        if self.items:
            self.action_refresh()
