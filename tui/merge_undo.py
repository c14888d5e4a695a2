"""Takes a merge back: asks about each thing that was changed since, then opens the form, filled in."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from db.errors import LatchkeyError
from tui import labels, offers
from tui import merge_words as words
from tui.merge_ways import UNMERGE
from tui.merging import Merging, Undoing
from tui.screens.base import ConsoleScreen
from tui.screens.menu import MenuScreen
from tui.subject import Subject

if TYPE_CHECKING:
    from db.merging.conflicts import Conflict
    from db.queries.customer import CustomerView
    from tui.merge_ways import MergeWays


async def take_back(console: "MergeWays", customer_id: int) -> None:
    """Undo the last merge that a customer took part in, on either side."""
    screen = console.screen
    try:
        found = await Merging(console.bridge).undoing(customer_id)
        survivor = None if found is None else await console.bridge.customer(found.merge.survivor)
    except LatchkeyError as error:
        console.explain(screen, error)
        return
    if found is None or survivor is None:
        console.tell(words.NO_MERGE)
    elif console.screen is screen:
        _Asking(console, survivor, found).go_on()


@dataclass(frozen=True)
class _Asking:
    """What was decided so far about a merge that is taken back."""

    console: "MergeWays"
    survivor: "CustomerView"
    found: Undoing
    decided: dict[str, str] = field(default_factory=dict)

    def go_on(self) -> None:
        """Ask about the next thing that was changed since; after the last one open the form."""
        conflict = next((each for each in self.found.conflicts if each.key not in self.decided), None)
        if conflict is None:
            self._open_form()
            return
        key = conflict.key

        def chosen(answer: str | None) -> None:
            if answer is not None:
                replace(self, decided={**self.decided, key: answer}).go_on()

        place = f"{len(self.decided) + 1} of {len(self.found.conflicts)} · "
        title = place + words.conflict_title(conflict, labels.label(conflict.field))
        self.console.push_screen(MenuScreen(title, _ways_out(conflict), empty=""), chosen)

    def _open_form(self) -> None:
        merge, survivor = self.found.merge, self.survivor
        values: dict[str, object] = {"customer": survivor.id, "merge": merge.id, "rest": "ask"}
        values["choices"] = " ".join(f"{key}={choice}" for key, choice in self.decided.items()) or None
        label = f"{words.number_list(merge.absorbed)} out of {survivor.number} {survivor.name}"
        about = Subject(label=label, values=values, version=survivor.version)
        screen = self.console.screen
        then = screen.came_back if isinstance(screen, ConsoleScreen) else self.console.show_new
        self.console.start(UNMERGE, about=about, then=then)


def _ways_out(conflict: "Conflict") -> tuple[offers.Offer, ...]:
    """What can become of something that was changed since."""
    kept, was = conflict.now or "nothing", conflict.was or "nothing"
    return (
        offers.Offer(id=words.KEEP, label=f"keep: {kept}", help=words.KEEP_HELP),
        offers.Offer(id=words.RESTORE, label=f"restore: {was}", help=words.RESTORE_HELP),
    )
