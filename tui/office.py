"""The ways to the screens for admins and auditors."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tui import catalogue, offers
from tui.session import SessionWays
from tui.subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.applied import Applied
    from db.queries.customer import CustomerView
    from tui.bridge import OperationInfo


class OfficeWays(SessionWays):
    """The console's part that opens them; `start` and `carry_out` are those of `Ways`."""

    if TYPE_CHECKING:  # `Ways` has them

        def start(
            self,
            name: str,
            customer: "CustomerView | None" = None,
            values: dict[str, object] | None = None,
            *,
            about: Subject | None = None,
            then: "Callable[[Applied | None], None] | None" = None,
        ) -> None:
            """Open the screen of an operation."""

        def carry_out(self, action: str) -> None:
            """Do what a key would do."""

    def choose(
        self,
        title: str,
        infos: "Sequence[OperationInfo]",
        *,
        about: Subject,
        then: "Callable[[Applied | None], None]",
    ) -> None:
        """Ask which of these operations is done to a subject, and open its form."""
        from tui.screens.menu import MenuScreen

        def chosen(name: str | None) -> None:
            if name is not None:
                self.start(name, about=about, then=then)

        found = offers.operations(infos)
        self.push_screen(MenuScreen(title, found, empty=catalogue.NOTHING_TO_EDIT), chosen)

    def open_go(self) -> None:
        """List the screens."""
        from tui.actions import ACTIONS
        from tui.actions_office import SCREENS
        from tui.screens.menu import MenuScreen

        known = {action.id: action for action in ACTIONS if action.is_in_palette}
        found = offers.actions(known[name] for name in SCREENS)

        def chosen(name: str | None) -> None:
            if name is not None:
                self.carry_out(name.removeprefix(offers.ACTION))

        self.push_screen(MenuScreen(catalogue.GO, found, empty=""), chosen)

    def open_dedup(self, mode: str) -> None:
        """Try duplicate detection modes on."""
        from tui.screens.dedup import DedupScreen

        self._open(DedupScreen(mode))

    def open_operators(self) -> None:
        """Show who works here."""
        from tui.screens.operators import OperatorsScreen

        self._open(OperatorsScreen())

    def open_settings(self) -> None:
        """Show settings and limits."""
        from tui.screens.settings import SettingsScreen

        self._open(SettingsScreen())

    def open_roles(self) -> None:
        """Show who may what."""
        from tui.screens.roles import RolesScreen

        self._open(RolesScreen())

    def open_templates(self) -> None:
        """Show the mails."""
        from tui.screens.templates import TemplatesScreen

        self._open(TemplatesScreen())

    def open_outbox(self) -> None:
        """Show how the mails fare."""
        from tui.screens.outbox import OutboxScreen

        self._open(OutboxScreen())

    def _open(self, screen: Any) -> None:
        trail = getattr(self, "trail", None)
        if trail is not None:
            trail.stepped()
        self.push_screen(screen)
