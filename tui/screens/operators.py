"""Who works here, and as what: add, disable, change the role."""

from collections.abc import Iterable, Sequence

from textual.content import Content

from db.queries.operators import OperatorView
from db.rules.roles import ROLE_LABELS, Role
from tui import catalogue
from tui.actions import Place, bindings
from tui.screens.listing import ListScreen
from tui.subject import Subject
from tui.widgets.diff import Line, Tone

ON_ONE = ("change-operator-role", "disable-operator")


class OperatorsScreen(ListScreen[OperatorView]):
    """Operators by id, disabled ones included: their ids stand in the audit log for ever."""

    place = Place.OPERATORS
    crumbs = (catalogue.OPERATORS,)
    BINDINGS = bindings(Place.OPERATORS)
    columns = (("operator", 14), ("name", 0), ("role", 10), ("state", 11))
    empty = "No operator yet. a adds one."

    async def fetch(self) -> Sequence[OperatorView]:
        """Read all of them."""
        return await self.oversight.operators()

    def key_of(self, item: OperatorView) -> str:
        """The id."""
        return item.id

    def cells(self, item: OperatorView) -> Iterable[str]:
        """Who, as what, and whether they may come in."""
        return item.id, item.display_name, ROLE_LABELS[Role(item.role)], _state(item)

    def about(self, item: OperatorView) -> Iterable[Line]:
        """Everything about one."""
        yield Line("operator", after=item.id)
        yield Line("name", after=item.display_name)
        yield Line("role", after=ROLE_LABELS[Role(item.role)])
        yield Line("state", after=_state(item), tone=Tone.PLAIN if item.is_active else Tone.WARNING)
        yield Line("system account", after=item.os_user or "–")
        own = "–" if item.customer_id is None else f"C-{item.customer_id}, which they may not work on (R36)"
        yield Line("own record", after=own)
        yield Line("since", after=f"{item.created_at:%Y-%m-%d}", tone=Tone.QUIET)

    def summary(self) -> Content:
        """How many there are in each role."""
        active = [item.role for item in self.items if item.is_active]
        parts = [f"{active.count(role.value)} {ROLE_LABELS[role]}" for role in Role]
        disabled = len(self.items) - len(active)
        return Content(f"Active: {' · '.join(parts)}" + (f"   Disabled: {disabled}" if disabled else ""))

    def action_choose(self) -> None:
        """Ask what to do with the selected operator."""
        self.action_edit()

    def action_edit(self) -> None:
        """Ask what to do with the selected operator."""
        item = self.item
        if item is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
            return
        about = Subject(label=item.id, values={"operator": item.id}, version=item.version)
        infos = [info for info in self.console.operations if info.name in ON_ONE]
        self.console.choose(item.id, infos, about=about, then=self.came_back)

    def action_add(self) -> None:
        """Add one."""
        self.console.start("add-operator", then=self.came_back)


def _state(item: OperatorView) -> str:
    return "● active" if item.is_active else "× disabled"
