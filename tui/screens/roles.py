"""Who may what: the role table, with the rows that admins edited marked."""

from collections.abc import Iterable, Sequence

from textual.content import Content

from db.queries.settings import ROLE_TABLE, GrantView
from db.rules.roles import ROLE_LABELS, Role
from db.rules.wording import counted
from tui import catalogue
from tui.actions import Place, bindings
from tui.screens.listing import ListScreen
from tui.subject import Subject
from tui.widgets.diff import Line, Tone

ALONE, BY_REQUEST, NEVER = "● alone", "○ asks", "–"


class RolesScreen(ListScreen[GrantView]):
    """One row a right, one column a role."""

    place = Place.ROLES
    crumbs = (catalogue.ROLES,)
    BINDINGS = bindings(Place.ROLES)
    columns = (("right", 0), ("support", 7), ("lead", 7), ("admin", 7), ("auditor", 7), ("", 1))

    async def fetch(self) -> Sequence[GrantView]:
        """Read the table."""
        return await self.oversight.grants()

    def key_of(self, item: GrantView) -> str:
        """The right."""
        return item.right

    def cells(self, item: GrantView) -> Iterable[str]:
        """What each role may."""
        marks = (_mark(item, role) for role in (Role.SUPPORT, Role.LEAD, Role.ADMIN, Role.AUDITOR))
        return item.label, *marks, "✎" if item.is_edited else ""

    def about(self, item: GrantView) -> Iterable[Line]:
        """Who may, and what was shipped."""
        yield Line("right", after=f"{item.label} ({item.right})")
        yield Line("alone", after=_named(item.alone))
        yield Line("by request", after=_named(item.by_request))
        if item.is_edited:
            yield Line("edited", after=f"shipped: {item.shipped}", tone=Tone.WARNING)
        yield Line("next", after=catalogue.EDIT_ROW, tone=Tone.QUIET)

    def summary(self) -> Content:
        """What the signs mean."""
        edited = sum(item.is_edited for item in self.items)
        said = f"{counted(edited, 'row')} edited (✎)." if edited else "All as shipped."
        return Content(f"● alone   ○ asks: another approves   – never   {said}")

    def action_choose(self) -> None:
        """Change the row."""
        self.action_edit()

    def action_edit(self) -> None:
        """Change the row: the whole edited table as JSON, with this row written out."""
        item = self.item
        if item is None:
            self.status.tell(catalogue.NOTHING_SELECTED)
            return
        about = Subject(label=catalogue.ROLES, values={"key": ROLE_TABLE}, version=item.version)
        self.console.start("change-setting", values={"value": item.edit}, about=about, then=self.came_back)


def _mark(item: GrantView, role: Role) -> str:
    if role.value in item.alone:
        return ALONE
    return BY_REQUEST if role.value in item.by_request else NEVER


def _named(roles: tuple[str, ...]) -> str:
    return ", ".join(ROLE_LABELS[role] for role in Role if role.value in roles) or "nobody"
