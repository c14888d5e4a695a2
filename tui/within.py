"""Which interaction everything that is done is recorded with (P2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from db.errors import Invalid
from tui.lane import Lane

if TYPE_CHECKING:  # loaded behind the screen
    from db.applied import Applied
    from db.engine import Database

INTERACTION = "interaction"


class Within(Lane):
    """A lane whose changes hang on an interaction, where one is open.

    `on_applied` hears of every change; `on_interaction_lost` where the interaction was closed meanwhile.
    """

    def __init__(self, opener: Callable[[], Database]) -> None:
        super().__init__(opener)
        self.interaction: int | None = None
        self.on_applied: Callable[[Applied], object] = lambda _applied: None
        self.on_interaction_lost: Callable[[], object] = lambda: None

    async def within(self, asked: Awaitable[Applied]) -> Applied:
        """Wait for a change or its preview, and hear of an interaction that takes no more."""
        number = self.interaction
        try:
            return await asked
        except Invalid as error:
            if error.field == INTERACTION and number is not None and self.interaction == number:
                self.on_interaction_lost()
            raise

    async def changed(self, asked: Awaitable[Applied]) -> Applied:
        """As `within`, and tell of what was changed."""
        applied = await self.within(asked)
        self.on_applied(applied)
        return applied
