"""Says what follows from a merge, read while the merge stands and before it is rolled back.

How the customer signs in afterwards is asked of the very gate that signs customers in.
"""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, bindparam, select

from db import runner
from db.applied import Applied
from db.diagnosis.evidence import WayEvidence, read_evidence
from db.engine import Database
from db.gate import judge
from db.merging import journal
from db.merging.chain import standing_merge
from db.models import AuthenticationProfile, EmailProfile, Pass
from db.queries.viewer import Personal, Viewer, personal
from db.rules.cases import Finding
from db.runner import Request
from db.settings import load_policy
from db.transaction import Transaction

_AMONG: BindParameter[list[int]] = bindparam("ids", expanding=True)
_IDENTIFIERS = (
    ("username", select(AuthenticationProfile.username).where(AuthenticationProfile.customer_id.in_(_AMONG))),
    ("email", select(EmailProfile.address).where(EmailProfile.customer_id.in_(_AMONG))),
    ("pass", select(Pass.pass_id).where(Pass.customer_id.in_(_AMONG))),
)
Judged = dict[tuple[str, str], tuple[Finding, bool]]
Seen = tuple[Judged, tuple[WayEvidence, ...], Counter[str], Counter[str]]
_ENDED = {"customer_session": "ended_at", "link": "voided_at", "one_time_code": "voided_at"}


@dataclass(frozen=True)
class Entrance:
    """One identifier of the customers: what the gate says to it before the merge, and after it."""

    kind: str
    identifier: Personal
    before: Finding
    after: Finding
    works: bool
    worked: bool

    @property
    def stops(self) -> bool:
        """Whether it let the customer in, and no longer does."""
        return self.worked and not self.works


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """The merge that was rolled back: its answer, what moves and ends, how the customer signs in after it.

    `moved` and `ended` count rows by table; `codes` are the survivor's addresses.
    """

    applied: Applied
    entrances: tuple[Entrance, ...]
    codes: tuple[WayEvidence, ...]
    moved: dict[str, int]
    ended: dict[str, int]


def outlook(database: Database, request: Request, ids: tuple[int, ...], viewer: Viewer) -> Outlook:
    """Merge, look and roll back; of `ids` the survivor is the first. Raises what `preview` raises."""
    with database.reading() as connection:
        asked = _identifiers(connection, ids)
        before = _judged(connection, asked, database)
    seen: list[Seen] = []

    def look(transaction: Transaction) -> None:
        connection = transaction.connection
        accounts = read_evidence(connection, ids[:1], viewer, transaction.policy, transaction.now)
        seen.append((_judged(connection, asked, database), accounts[0].ways, *_counts(connection, ids[0])))

    applied = runner.preview(database, request, look)
    after, codes, moved, ended = seen[0]
    entrances = tuple(
        Entrance(
            kind, personal(viewer, text), before[kind, text][0], after[kind, text][0],
            works=after[kind, text][1], worked=before[kind, text][1],
        )
        for kind, text in asked
    )  # fmt: skip
    return Outlook(applied=applied, entrances=entrances, codes=codes, moved=dict(moved), ended=dict(ended))


def _identifiers(connection: Connection, ids: tuple[int, ...]) -> list[tuple[str, str]]:
    """Everything that the customers may type, each once however it is written."""
    found: dict[tuple[str, str], str] = {}
    for kind, statement in _IDENTIFIERS:
        for text in connection.execute(statement, {"ids": list(ids)}).scalars():
            found.setdefault((kind, text.casefold()), text)
    return [(kind, text) for (kind, _), text in found.items()]


def _judged(connection: Connection, asked: list[tuple[str, str]], database: Database) -> Judged:
    policy, now = load_policy(connection), database.clock(connection)
    found = {}
    for kind, text in asked:
        judgement = judge(connection, text, policy, now)
        found[kind, text] = (judgement.findings[0], judgement.lets_in)
    return found


def _counts(connection: Connection, survivor: int) -> tuple[Counter[str], Counter[str]]:
    """Count what the ledger of the merge has: rows that changed hands, and what was ended."""
    rows = journal.read(connection, standing_merge(connection, survivor, None).id)
    moved = Counter(each.table for each in rows if each.column == "customer_id")
    ended = Counter(each.table for each in rows if _ENDED.get(each.table) == each.column)
    return moved, ended
