"""What the screens that find out ask of the database: why somebody cannot sign in, whose mail this is."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from db.diagnosis import Diagnosis, Question, diagnose, judge_question
from db.inspection import Inspection, inspect
from db.queries.customer import CustomerView, read_customer
from db.queries.viewer import Viewer
from db.rules.cases import Case
from db.rules.policy import Policy
from db.rules.typo import propose
from db.settings import load_policy, typo_table

if TYPE_CHECKING:
    from tui.bridge import Bridge

UNPROVED = "unverified"


@dataclass(frozen=True)
class Typo:
    """A correction that the typo table allows for an email of a customer, with the rule's name (P3)."""

    profile_id: int
    before: str
    after: str
    rule: str


@dataclass(frozen=True)
class Opened:
    """A customer as read, with the verdict of P1 and the typing errors in their addresses."""

    view: CustomerView
    case: Case
    typos: tuple[Typo, ...]


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
            return Opened(view, judged.judgement.case, _typos(view, policy))

        return await self._bridge.read(work)

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


def _typos(view: CustomerView, policy: Policy) -> tuple[Typo, ...]:
    """The corrections of addresses that were never proved to be right."""
    doubtful = [each for each in view.emails if each.state == UNPROVED and not each.address.is_masked]
    if not doubtful:
        return ()
    table = typo_table(policy)
    return tuple(
        Typo(each.id, found.before, found.after, found.rule)
        for each in doubtful
        for found in propose(each.address.text, table)
    )
