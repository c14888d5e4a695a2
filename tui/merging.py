"""What the merge screens ask of the database: proposal, what would follow, whom to merge with, undo."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import Connection, select

from db.duplicates.base import scoring
from db.duplicates.candidates import Candidate, candidates, explained
from db.duplicates.score import Score
from db.errors import LatchkeyError
from db.merge_outlook import Outlook, outlook
from db.merge_proposal import Proposal, propose
from db.merging.blocker import Asking, Blocker
from db.merging.blockers import find_blockers
from db.merging.chain import absorbed_in, merges_of, survivor_of
from db.merging.conflicts import Conflict
from db.merging.people import parse_absorbed
from db.models import Customer, Operator
from db.operations.merge_customers import OPERATION, MergeCustomers, choices_of
from db.params import build
from db.queries.merging import MergeView, read_conflicts
from db.queries.viewer import Viewer
from db.settings import load_policy
from tui.request import request_for

if TYPE_CHECKING:
    from tui.bridge import Bridge

CANDIDATES = 8


@dataclass(frozen=True)
class PairScore:
    """How far an absorbed customer and the survivor agree; `is_likely`: enough to be one person."""

    survivor: int
    other: int
    score: Score
    is_likely: bool


@dataclass(frozen=True)
class MergeStart:
    """All that a merge screen begins with; `version` is that of the survivor as it was read (R55)."""

    proposal: Proposal
    version: int
    scores: tuple[PairScore, ...]
    threshold: float


@dataclass(frozen=True)
class MergeLook:
    """What would follow from the choices: what stands in the way, and the merge that was rolled back.

    Of `seen` and `error` one is None.
    """

    blockers: tuple[Blocker, ...]
    seen: Outlook | None
    error: LatchkeyError | None = field(default=None)


@dataclass(frozen=True)
class Undoing:
    """A merge to be undone, with what was changed since and has to be decided."""

    merge: MergeView
    conflicts: tuple[Conflict, ...]


class Merging:
    """Asks through a bridge, as its operator."""

    def __init__(self, bridge: "Bridge") -> None:
        self._bridge = bridge

    @property
    def _viewer(self) -> Viewer:
        return Viewer(operator_id=self._bridge.actor.operator_id)

    async def start(self, ids: Sequence[int], survivor: int | None) -> MergeStart:
        """Return the proposal; raise `Unknown` where one is missing or they are not two to eight."""

        def work(connection: Connection) -> MergeStart:
            now = self._bridge.open().clock(connection)
            proposal = propose(connection, ids, self._viewer, now, survivor=survivor)
            first = proposal.survivor
            version = connection.execute(select(Customer.version).where(Customer.id == first)).scalar_one()
            in_force = scoring(connection)
            scores = tuple(
                PairScore(first, other, rating, rating.weight >= in_force.threshold)
                for other in (account.customer_id for account in proposal.accounts[1:])
                for rating in (explained(connection, first, other),)
            )
            return MergeStart(proposal, version, scores, in_force.threshold)

        return await self._bridge.read(work)

    async def look(self, values: dict[str, Any], version: int) -> MergeLook:
        """Return what stands in the way of a merge with these values, and what it would do."""

        def work() -> MergeLook:
            bridge = self._bridge
            database = bridge.open()
            request = request_for(
                database,
                actor=bridge.actor,
                operation=OPERATION,
                values=values,
                reason="",
                interaction=bridge.interaction,
                version=version,
                request_id=uuid4().hex,
                dry_run=True,
            )
            params = build(MergeCustomers, values)
            ids = (params.customer, *parse_absorbed(params.absorbed, params.customer))
            with database.reading() as connection:
                blockers = find_blockers(connection, self._asking(connection, ids, params))
            try:
                return MergeLook(blockers, outlook(database, request, ids, self._viewer))
            except LatchkeyError as error:
                return MergeLook(blockers, None, error)

        return await self._bridge.call(work)

    def _asking(self, connection: Connection, ids: tuple[int, ...], params: MergeCustomers) -> Asking:
        operator = self._viewer.operator_id
        own = select(Operator.customer_id).where(Operator.id == operator)
        return Asking(
            ids=ids,
            choices=choices_of(params),
            policy=load_policy(connection),
            now=self._bridge.open().clock(connection),
            operator_id=operator,
            own_customer_id=connection.execute(own).scalar(),
        )

    async def candidates(self, customer_id: int) -> tuple[Candidate, ...]:
        """Return who may be the same person as a customer, the best first."""
        return await self._bridge.read(
            lambda connection: candidates(connection, customer_id, viewer=self._viewer, limit=CANDIDATES)
        )

    async def undoing(self, customer_id: int) -> Undoing | None:
        """Return the last merge that a customer took part in, on either side; None where none stands."""

        def work(connection: Connection) -> Undoing | None:
            merge = standing(connection, customer_id)
            if merge is None:
                return None
            return Undoing(merge, read_conflicts(connection, merge.survivor, merge.id))

        return await self._bridge.read(work)


def standing(connection: Connection, customer_id: int) -> MergeView | None:
    """Return the merge that made a customer lead to another, or else the last one they survived."""
    top = survivor_of(connection, customer_id)
    found = merges_of(connection, top)
    if customer_id != top:
        found = [row for row in found if customer_id in absorbed_in(row)] or found
    for row in found:
        return MergeView(row.id, row.survivor_id, absorbed_in(row), row.at, row.operator_id, is_last=True)
    return None
