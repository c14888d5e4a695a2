"""The first line of every screen: where am I, who am I, which environment."""

from functools import partial

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui import catalogue
from tui.text import safe

CRUMB = " ▸ "


class Header(Widget):
    """Breadcrumb on the left; operator, role and environment badge on the right, which never give way."""

    crumbs: reactive[tuple[str, ...]] = reactive(())
    operator: reactive[str] = reactive("")
    environment: reactive[str] = reactive("")

    def __init__(self, *crumbs: str) -> None:
        super().__init__()
        self.set_reactive(Header.crumbs, crumbs)

    def on_mount(self) -> None:
        """Take who and where from the app, which learns the operator after the first screen is up."""
        for name in ("operator", "environment"):
            if name in self.app._reactives:
                self.watch(self.app, name, partial(setattr, self, name))

    def render(self) -> Content:
        """Fill the line exactly: the breadcrumb loses its middle before the badge loses anything."""
        badge = f" {self.environment} " if self.environment else ""
        who = safe(self.operator, limit=40)
        room = max(self.size.width - cell_len(who) - cell_len(badge) - 3, 0)
        trail = self._trail(room)
        gap = " " * max(room - cell_len(trail), 0)
        head, _, last = trail.rpartition(CRUMB)
        tone = "$background on $warning" if self.environment == "PRODUCTION" else "$background on $accent"
        return Content.assemble(
            " ",
            (f"{head}{CRUMB}" if head else "", "$text-muted"),
            (last, "bold"),
            gap,
            (f"{who} ", "$text-muted"),
            (badge[:1], tone),
            (badge[1:-1], f"bold {tone}"),
            (badge[-1:], tone),
        )

    def _trail(self, room: int) -> str:
        parts = [safe(part, limit=300) for part in (catalogue.PRODUCT, *self.crumbs)]
        full = CRUMB.join(parts)
        if cell_len(full) > room and len(parts) > 2:
            full = CRUMB.join((parts[0], "…", parts[-1]))
        if cell_len(full) > room:
            full = parts[-1]
        return full if cell_len(full) <= room else set_cell_size(full, max(room - 1, 0)) + "…"
