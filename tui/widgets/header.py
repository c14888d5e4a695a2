"""The first line of every screen: where am I, who am I, which environment."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui import catalogue
from tui.procedure_words import badge
from tui.text import safe

if TYPE_CHECKING:
    from db.queries.interactions import InteractionRow

CRUMB = " ▸ "


class Header(Widget):
    """Breadcrumb on the left; operator, role and environment badge on the right, which never give way."""

    crumbs: reactive[tuple[str, ...]] = reactive(())
    operator: reactive[str] = reactive("")
    environment: reactive[str] = reactive("")
    is_read_only: reactive[bool] = reactive(False)
    interaction: "reactive[InteractionRow | None]" = reactive(None)

    def __init__(self, *crumbs: str) -> None:
        super().__init__()
        self.set_reactive(Header.crumbs, crumbs)
        self._above: tuple[str, ...] = ()

    def on_mount(self) -> None:
        """Take who and where from the app, which learns the operator after the first screen is up."""
        self._above = tuple(dict.fromkeys(self._ancestors()))
        for name in ("operator", "environment", "is_read_only", "interaction"):
            if name in self.app._reactives:
                self.watch(self.app, name, partial(setattr, self, name))

    def _ancestors(self) -> Iterator[str]:
        """The screens under this one, each by the last word of its own crumbs."""
        for screen in self.app.screen_stack:
            if screen is self.screen:
                return
            for header in screen.query(Header):
                if header.crumbs:
                    yield _short(header.crumbs[-1])

    @property
    def _path(self) -> tuple[str, ...]:
        """What lies below, then what is here; the same place is not named twice."""
        here = {_short(crumb) for crumb in self.crumbs} | set(self.crumbs)
        return (*(crumb for crumb in self._above if crumb not in here), *self.crumbs)

    @property
    def _call(self) -> str:
        """The open interaction, and how long it lasts as this is drawn."""
        if self.interaction is None:
            return ""
        return badge(self.interaction, self.app.now())  # type: ignore[attr-defined]  # the console has a clock

    def render(self) -> Content:
        """Fill the line exactly: the breadcrumb loses its middle before the badge loses anything."""
        sign = f" {self.environment} " if self.environment else ""
        who = safe(self.operator, limit=40)
        call = self._call
        lock = f" {catalogue.READ_ONLY} " if self.is_read_only else ""
        right = sum(map(cell_len, (who, sign, lock, call))) + bool(lock) + 2 * bool(call)
        room = max(self.size.width - right - 3, 0)
        trail = self._trail(max(room - 2, 0))
        gap = " " * max(room - cell_len(trail), 0)
        head, _, last = trail.rpartition(CRUMB)
        tone = "$background on $warning" if self.environment == "PRODUCTION" else "$background on $accent"
        return Content.assemble(
            " ",
            (f"{head}{CRUMB}" if head else "", "$text-muted"),
            (last, "bold"),
            gap,
            (call, "bold $accent"),
            "  " if call else "",
            (f"{who} ", "$text-muted"),
            (lock, "bold $background on $warning"),
            " " if lock else "",
            (sign[:1], tone),
            (sign[1:-1], f"bold {tone}"),
            (sign[-1:], tone),
        )

    def _trail(self, room: int) -> str:
        """Name customers by their number first, then leave out places in the middle, then cut the last."""
        first, *rest = [safe(part, limit=300) for part in (catalogue.PRODUCT, *self._path)]
        full = CRUMB.join((first, *rest))
        if cell_len(full) > room:
            rest = [*(_short(part) for part in rest[:-1]), *rest[-1:]]
            full = CRUMB.join((first, *rest))
        while cell_len(full) > room and len(rest) > 1:
            rest.pop(0)
            full = CRUMB.join((first, "…", *rest))
        if cell_len(full) > room and rest:
            full = rest[-1]
        return full if cell_len(full) <= room else set_cell_size(full, max(room - 1, 0)) + "…"


def _short(crumb: str) -> str:
    """A customer by the number alone."""
    return crumb.split(" ", 1)[0] if crumb.startswith("C-") else crumb
