"""What the console asks of the database about interactions, playbooks and the typo table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import uuid4

from tui import procedure_words as words

if TYPE_CHECKING:  # loaded by the thread that needs it first, behind the screen
    from sqlalchemy import Connection

    from db.applied import Applied
    from db.playbooks.library import Kept
    from db.queries.interactions import InteractionRow
    from db.queries.typos import TypoTableView
    from db.queries.walks import WalkBrief, WalkView
    from tui.bridge import Bridge

MOST_OPEN: Final = 20


class Procedures:
    """Asks through a bridge, as its operator."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    async def own_open(self) -> tuple[InteractionRow, ...]:
        """Return the operator's open interactions, newest first."""

        def work(connection: Connection) -> tuple[InteractionRow, ...]:
            from db.queries.interactions import own_interactions

            operator = self._bridge.actor.operator_id
            return own_interactions(connection, operator, only_open=True, limit=MOST_OPEN)[0]

        return await self._bridge.read(work)

    async def close(self, number: int) -> Applied:
        """Close an interaction; raise what the runner raises."""
        return await self._run("close-interaction", {"interaction": number}, words.ENDED)

    async def playbooks(self, *, with_retired: bool) -> tuple[Kept, ...]:
        """Return the playbooks, shipped and own."""
        from db.playbooks.library import playbooks

        return await self._bridge.read(lambda connection: playbooks(connection, with_retired=with_retired))

    async def walks_in(self, interaction: int) -> tuple[WalkBrief, ...]:
        """Return what was walked in an interaction."""
        from db.queries.walks import brief, walks_of_interaction

        return await self._bridge.read(
            lambda connection: tuple(brief(found) for found in walks_of_interaction(connection, interaction))
        )

    async def walk(self, number: int) -> WalkView:
        """Return one walk; raise `Unknown`."""
        from db.queries.walks import walk

        return await self._bridge.read(lambda connection: walk(connection, number))

    async def begin(self, playbook: str, interaction: int, customer_id: int | None) -> int:
        """Start a walk and return its number; raise what the runner raises."""
        values = {"playbook": playbook, "interaction": interaction, "customer": customer_id}
        await self._run("start-walk", values, f"playbook {playbook}")
        found = await self.walks_in(interaction)
        return next(walk.id for walk in found if walk.playbook_id == playbook)

    async def record(self, walk: int, step: str, answer: str | None) -> Applied:
        """Keep one step of a walk; raise what the runner raises."""
        values = {"walk": walk, "step": step, "answer": answer}
        return await self._run("record-step", values, f"playbook step {step}")

    async def typo_table(self) -> TypoTableView:
        """Return the typo table with its edits."""
        from db.queries.typos import read_typo_table

        return await self._bridge.read(read_typo_table)

    async def _run(self, operation: str, values: dict[str, object], reason: str) -> Applied:
        given = {name: value for name, value in values.items() if value is not None}
        return await self._bridge.run(operation, given, reason=reason, request_id=uuid4().hex)
