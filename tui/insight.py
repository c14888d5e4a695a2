"""What the screens that find out ask of the database: why somebody cannot sign in, whose mail this is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from db.corrections import proposals
from db.diagnosis import Diagnosis, Question, diagnose, judge_question
from db.errors import Holder
from db.inspection import Inspection, inspect
from db.queries.customer import CustomerView, read_customer
from db.queries.merging import MergeView, read_merges
from db.queries.viewer import Viewer
from db.rules.cases import Case, Cause
from db.rules.identifiers import format_customer_number
from db.rules.policy import Policy
from db.settings import load_policy

if TYPE_CHECKING:
    from tui.bridge import Bridge

UNPROVED = "unverified"


@dataclass(frozen=True)
class Typo:
    """A correction that the typo table allows for an email of a customer, with the rule's name (P3).

    `held_by` names the other customer who holds it already; empty where it is free (R30, A32).
    """

    profile_id: int
    before: str
    after: str
    rule: str
    held_by: str = ""


@dataclass(frozen=True)
class Opened:
    """A customer as read, with the verdict of P1, its finer cause, and the typing errors in addresses.

    `merges` are those that stand: the one by which this customer went, or those that they survived.
    """

    view: CustomerView
    case: Case
    cause: Cause
    typos: tuple[Typo, ...]
    merges: tuple[MergeView, ...] = ()


class Insight:
    """Asks through a bridge, as its operator."""

    def __init__(self, bridge: "Bridge") -> None:
        self._bridge = bridge

    @property
    def _viewer(self) -> Viewer:
        return Viewer(operator_id=self._bridge.actor.operator_id)

    async def opened(self, customer_id: int) -> Opened:
        """Return everything on one customer in one read; raise `Unknown` where there is none."""

        def work(connection: Connection) -> Opened:
            view = read_customer(connection, customer_id, self._viewer)
            policy = load_policy(connection)
            now = self._bridge.open().clock(connection)
            judged = judge_question(connection, Question(customer_id=customer_id), policy, now)
            first = judged.judgement.findings[0]
            typos = _typos(connection, view, policy)
            return Opened(view, first.case, first.cause, typos, _merges(connection, view))

        return await self._bridge.read(work)

    async def correction(self, customer_id: int) -> Typo | None:
        """Return the correction that the typo table proposes first and nobody stands in the way of."""
        return next((typo for typo in (await self.opened(customer_id)).typos if not typo.held_by), None)

    async def diagnosis(self, question: Question) -> Diagnosis:
        """Return verdict, evidence and fixes."""

        def work(connection: Connection) -> Diagnosis:
            return diagnose(connection, question, self._viewer, self._bridge.open().clock(connection))

        return await self._bridge.read(work)

    async def inspection(self, text: str) -> Inspection:
        """Return whose mail a pasted text is, and what became of it; nothing of it is kept."""

        def work(connection: Connection) -> Inspection:
            return inspect(
                connection,
                text,
                link_host=self._bridge.link_host or load_policy(connection).link_host,
                viewer=self._viewer,
                now=self._bridge.open().clock(connection),
            )

        return await self._bridge.read(work)


def _merges(connection: Connection, view: CustomerView) -> tuple[MergeView, ...]:
    """Most customers took part in none, and are not asked about."""
    if view.merged_into is None:
        return read_merges(connection, view.id) if view.absorbed else ()
    found = read_merges(connection, view.merged_into)
    return tuple(each for each in found if view.id in each.absorbed) or found[:1]


def _typos(connection: Connection, view: CustomerView, policy: Policy) -> tuple[Typo, ...]:
    """The corrections of addresses that were never proved to be right."""
    doubtful = [each for each in view.emails if each.state == UNPROVED and not each.address.is_masked]
    return tuple(
        Typo(each.id, found.before, found.after, found.rule, _named(found.holder))
        for each in doubtful
        for found in proposals(connection, each.address.text, view.id, policy)
    )


def _named(holder: Holder | None) -> str:
    return "" if holder is None else f"{format_customer_number(holder.customer_id)} {holder.label}"
