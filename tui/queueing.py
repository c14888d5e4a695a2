"""What the screens of the duplicates queue ask of the database: pairs, a scan, judgements, candidates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from tui.long_work import Cancelled

if TYPE_CHECKING:  # loaded by the thread that needs it first, behind the screen
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from db.applied import Applied
    from db.duplicates.candidates import Candidate, Draft
    from db.duplicates.scan import Scanned
    from db.duplicates.score import Part
    from db.judging import Bulk, GroupJudged
    from db.queries.customer import CustomerView
    from db.queries.duplicate_filter import Wanted
    from db.queries.duplicate_scan import QueueView
    from db.queries.duplicates import PairRow, Queue
    from db.queries.exact_groups import ExactGroup
    from tui.bridge import Bridge
    from tui.long_work import LongWork, Report

PAGE: Final = 100
JUDGE: Final = "judge-duplicate"
REOPEN: Final = "reopen"
JUDGING: Final = "judging groups"
TRYING: Final = "trying group by group"
FINDING: Final = "looking for equal ones"
CANDIDATES: Final = 6
MOST_GROUPS: Final = 200
"""Groups that are judged at a time; whoever is done with them reads the next."""


@dataclass(frozen=True)
class QueuePage:
    """A page of pairs, and how full the queue is."""

    queue: Queue
    view: QueueView


@dataclass(frozen=True)
class Field:
    """One field of a pair: what each has, and what it says; `part` is None for what is not compared."""

    label: str
    one: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    part: Part | None = None


@dataclass(frozen=True)
class PairView:
    """Two customers side by side, field by field; `group`: all who are connected by pairs, these two too."""

    pair: PairRow
    one: CustomerView
    other: CustomerView
    group: tuple[int, ...]


@dataclass(frozen=True)
class Candidates:
    """Who may be the same person, the likeliest first, and the score from which on they are likely."""

    rows: tuple[Candidate, ...]
    threshold: float


class Queueing:
    """Asks through a bridge, as its operator."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    async def page(self, wanted: Wanted, after: PairRow | None) -> QueuePage:
        """Return the pairs that are wanted, those after a given one."""

        def work(connection: Connection) -> QueuePage:
            from db.queries.duplicate_scan import queue_view
            from db.queries.duplicates import queue

            found = queue(connection, wanted, viewer=self._bridge.viewer, after=after, limit=PAGE)
            return QueuePage(found, queue_view(connection))

        return await self._bridge.read(work)

    async def pair(self, pair: PairRow) -> PairView:
        """Return both customers of a pair; raise `Unknown` where one is no longer there."""

        def work(connection: Connection) -> PairView:
            from db.queries.customer import read_customer
            from db.queries.duplicates import group

            viewer = self._bridge.viewer
            one, other = (read_customer(connection, side.customer_id, viewer) for side in (pair.a, pair.b))
            found = group(connection, one.id, viewer=viewer)
            return PairView(pair, one, other, tuple(side.customer_id for side in found.members))

        return await self._bridge.read(work)

    async def judge(self, pair: tuple[int, int], judgement: str, reason: str) -> Applied:
        """Keep what is said of a pair: dismiss, later or reopen."""
        values = {"customer": pair[0], "other": pair[1], "judgement": judgement}
        return await self._bridge.run(JUDGE, values, reason=reason, request_id=uuid4().hex)

    async def scan(self, long: LongWork, reason: str) -> Scanned:
        """Compare the whole base, or go on where it was stopped; raise `Cancelled` where it is stopped."""
        bridge = self._bridge

        def job(report: Report) -> Scanned:
            from db.duplicates.scan import scan

            return scan(bridge.open(), actor=bridge.actor, reason=reason, report=report)

        return await bridge.work(long, job)

    async def exact(self, long: LongWork) -> tuple[ExactGroup, ...]:
        """Return the groups that can be judged in bulk."""

        def job(_report: Report) -> tuple[ExactGroup, ...]:
            from db.queries.exact_groups import exact_groups

            with self._bridge.open().reading() as connection:
                return exact_groups(connection, limit=MOST_GROUPS)

        return await self._bridge.work(long, job)

    async def judge_groups(
        self, groups: tuple[tuple[int, ...], ...], how: Bulk, long: LongWork, *, reason: str, dry_run: bool
    ) -> tuple[GroupJudged, ...]:
        """Judge group by group, or try it; where it is stopped, return what was judged until then."""
        bridge = self._bridge
        done: list[GroupJudged] = []
        step = TRYING if dry_run else JUDGING

        def job(report: Report) -> None:
            from db.judging import Judging, judge_groups

            wanted = Judging(
                how=how,
                actor=bridge.actor,
                reason=reason,
                interaction=bridge.interaction,
                dry_run=dry_run,
            )
            report(step, 0, len(groups))
            for each in judge_groups(bridge.open(), groups, wanted):
                done.append(each)
                report(step, len(done), len(groups))

        try:
            await bridge.work(long, job)
        except Cancelled:
            if dry_run:
                raise
        return tuple(done)

    async def candidates(self, who: int | Draft) -> Candidates:
        """Return who may be the same person, the likeliest first; raise `Unknown`."""

        def work(connection: Connection) -> Candidates:
            from db.duplicates.base import scoring
            from db.duplicates.candidates import candidates

            found = candidates(connection, who, viewer=self._bridge.viewer, limit=CANDIDATES)
            return Candidates(found, scoring(connection).threshold if found else 0.0)

        return await self._bridge.read(work)


def compared(view: PairView) -> tuple[Field, ...]:
    """Return the fields in which the two were compared, then the rules, then what is known besides."""
    parts = {part.label: part for part in view.pair.score.parts}
    one, other = _values(view.one), _values(view.other)
    fields = [Field(name, one[name], other[name], parts.pop(name, None)) for name in one]
    found = [field for field in fields if field.one or field.other]
    return (*found, *(Field(part.label, part=part) for part in parts.values() if abs(part.bits) >= 0.05))


def _values(view: CustomerView) -> dict[str, tuple[str, ...]]:
    """What each part of a score is about, by its label."""
    home = next((each for each in view.addresses if each.is_primary), next(iter(view.addresses), None))
    return {
        "given": _listed([view.given_name]),
        "surname": _listed([view.family_name]),
        "birth date": _listed([view.birth_date]),
        "email": _listed(each.address for each in view.emails),
        "phone": _listed(each.number for each in view.phones),
        "pass": _listed(each.pass_id for each in view.passes),
        "username": _listed(each.username for each in view.sign_ins),
        "address": _listed([None if home is None else home.line]),
    }


def _listed(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(str(value) for value in values if value)
