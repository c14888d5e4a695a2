"""Judges many groups of customers, each by operations of its own: merged, two people, or put off.

Only groups of which each two agree in everything are taken, and that is looked at again right before.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any

from sqlalchemy import Connection, select

from db import runner
from db.actor import Actor
from db.applied import Applied
from db.duplicates.candidates import explained
from db.duplicates.exact import is_exact
from db.engine import Database
from db.errors import LatchkeyError, ReadOnly, Unavailable
from db.merge_proposal import propose
from db.models import Customer
from db.operation import Operation
from db.operations import judge_duplicate, merge_customers
from db.params import build
from db.queries.viewer import Viewer
from db.rules.identifiers import format_customer_number
from db.runner import Request


class Bulk(StrEnum):
    """What is done to each group."""

    MERGE = "merge"
    DISMISS = "dismiss"
    LATER = "later"


OPERATIONS: dict[Bulk, Operation] = {
    Bulk.MERGE: merge_customers.OPERATION,
    Bulk.DISMISS: judge_duplicate.OPERATION,
    Bulk.LATER: judge_duplicate.OPERATION,
}


@dataclass(frozen=True, kw_only=True)
class GroupJudged:
    """What became of a group, or would; with a `problem` it stays in the queue.

    `survivor` is who the others go into, None where nothing is merged; `events` are empty for a preview;
    `warnings` are what there is to think of before.
    """

    customers: tuple[int, ...]
    survivor: int | None = None
    events: tuple[int, ...] = ()
    problem: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether it was judged, or would be."""
        return not self.problem


@dataclass(frozen=True, kw_only=True)
class Judging:
    """What is to be done to groups, by whom and why."""

    how: Bulk
    actor: Actor
    reason: str
    interaction: int | None = None
    dry_run: bool = False


class _Changed(LatchkeyError):
    """Since the scan one of them was edited."""


def judge_groups(
    database: Database, groups: Iterable[tuple[int, ...]], wanted: Judging
) -> Iterator[GroupJudged]:
    """Judge group by group, and yield what became of each; who stops asking stops the work there.

    A group that cannot be judged is yielded with the reason, and the next one follows. Raises `Refused`
    where the role may not do it at all (recorded unless dry), `Unavailable` where the database is away.
    """
    operation = OPERATIONS[wanted.how]
    runner.refuse_without_right(database, wanted.actor, operation, dry_run=wanted.dry_run)
    for customers in groups:
        yield _judged(database, tuple(sorted(customers)), wanted)


def _judged(database: Database, customers: tuple[int, ...], wanted: Judging) -> GroupJudged:
    try:
        if wanted.how is Bulk.MERGE:
            return _merged(database, customers, wanted)
        requests = [
            {"customer": one, "other": other, "judgement": wanted.how.value}
            for one, other in combinations(customers, 2)
        ]
        with database.reading() as connection:
            _look_again(connection, customers)
        applied = [_carried_out(database, values, wanted, None) for values in requests]
    except (Unavailable, ReadOnly):
        raise
    except LatchkeyError as error:
        return GroupJudged(customers=customers, problem=error.sentence)
    return GroupJudged(customers=customers, events=_events(applied))


def _merged(database: Database, customers: tuple[int, ...], wanted: Judging) -> GroupJudged:
    viewer = Viewer(wanted.actor.operator_id)
    with database.reading() as connection:
        _look_again(connection, customers)
        proposal = propose(connection, customers, viewer, database.clock(connection))
        chosen = select(Customer.version).where(Customer.id == proposal.survivor)
        version = connection.execute(chosen).scalar_one()
    applied = _carried_out(database, proposal.values, wanted, version)
    return GroupJudged(
        customers=customers,
        survivor=proposal.survivor,
        events=_events([applied]),
        warnings=applied.warnings,
    )


def _look_again(connection: Connection, customers: tuple[int, ...]) -> None:
    for one, other in combinations(customers, 2):
        if not is_exact(explained(connection, one, other).levels):
            numbers = " and ".join(map(format_customer_number, (one, other)))
            raise _Changed(f"{numbers} differ by now. Look at them one by one.")


def _carried_out(database: Database, values: dict[str, Any], wanted: Judging, version: int | None) -> Applied:
    operation = OPERATIONS[wanted.how]
    request = Request(
        actor=wanted.actor,
        operation=operation,
        params=build(operation.params, values),
        reason=wanted.reason,
        interaction=wanted.interaction,
        version=version,
    )
    return runner.preview(database, request) if wanted.dry_run else runner.run(database, request)


def _events(applied: list[Applied]) -> tuple[int, ...]:
    return tuple(each.event for each in applied if each.event is not None)
